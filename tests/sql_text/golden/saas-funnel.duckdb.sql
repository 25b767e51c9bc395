-- Tidewater: from lead to sales qualified lead, version 2026.4
-- sha256:fa9ccc9480a9d9038fcad0b08127609fc22c44986bffe328f2d835538818545a
-- Written by `qualify sql` for DuckDB: a row a lead.
WITH
-- leads: what is missing, listed texts
lead_fields AS (
  SELECT
    CASE
      WHEN t.id < '!'
           OR t.id >= '~'
           OR ends_with(t.id, ' ')
           OR ends_with(t.id, E'\t')
           OR ends_with(t.id, E'\n')
           OR ends_with(t.id, E'\r')
           OR ends_with(t.id, E' ') THEN trim(t.id, E' \t\n\r ')
      ELSE t.id
    END AS lead_key,
    CASE
      WHEN lower(
             CASE
               WHEN t.id < '!'
                    OR t.id >= '~'
                    OR ends_with(t.id, ' ')
                    OR ends_with(t.id, E'\t')
                    OR ends_with(t.id, E'\n')
                    OR ends_with(t.id, E'\r')
                    OR ends_with(t.id, E' ') THEN trim(t.id, E' \t\n\r ')
               ELSE t.id
             END
           ) IN ('select', '--') THEN NULL
      ELSE CASE
             WHEN t.id < '!'
                  OR t.id >= '~'
                  OR ends_with(t.id, ' ')
                  OR ends_with(t.id, E'\t')
                  OR ends_with(t.id, E'\n')
                  OR ends_with(t.id, E'\r')
                  OR ends_with(t.id, E' ') THEN nullif(trim(t.id, E' \t\n\r '), '')
             ELSE t.id
           END
    END AS id,
    CASE
      WHEN lower(
             CASE
               WHEN t.email < '!'
                    OR t.email >= '~'
                    OR ends_with(t.email, ' ')
                    OR ends_with(t.email, E'\t')
                    OR ends_with(t.email, E'\n')
                    OR ends_with(t.email, E'\r')
                    OR ends_with(t.email, E' ') THEN trim(t.email, E' \t\n\r ')
               ELSE t.email
             END
           ) IN ('select', '--') THEN NULL
      ELSE CASE
             WHEN t.email < '!'
                  OR t.email >= '~'
                  OR ends_with(t.email, ' ')
                  OR ends_with(t.email, E'\t')
                  OR ends_with(t.email, E'\n')
                  OR ends_with(t.email, E'\r')
                  OR ends_with(t.email, E' ') THEN nullif(trim(t.email, E' \t\n\r '), '')
             ELSE t.email
           END
    END AS email,
    CASE
      WHEN lower(
             CASE
               WHEN t.title < '!'
                    OR t.title >= '~'
                    OR ends_with(t.title, ' ')
                    OR ends_with(t.title, E'\t')
                    OR ends_with(t.title, E'\n')
                    OR ends_with(t.title, E'\r')
                    OR ends_with(t.title, E' ') THEN trim(t.title, E' \t\n\r ')
               ELSE t.title
             END
           ) IN ('select', '--') THEN NULL
      ELSE CASE
             WHEN t.title < '!'
                  OR t.title >= '~'
                  OR ends_with(t.title, ' ')
                  OR ends_with(t.title, E'\t')
                  OR ends_with(t.title, E'\n')
                  OR ends_with(t.title, E'\r')
                  OR ends_with(t.title, E' ') THEN nullif(trim(t.title, E' \t\n\r '), '')
             ELSE t.title
           END
    END AS title,
    CASE lower(
        CASE
          WHEN t.seniority < '!'
               OR t.seniority >= '~'
               OR ends_with(t.seniority, ' ')
               OR ends_with(t.seniority, E'\t')
               OR ends_with(t.seniority, E'\n')
               OR ends_with(t.seniority, E'\r')
               OR ends_with(t.seniority, E' ') THEN trim(t.seniority, E' \t\n\r ')
          ELSE t.seniority
        END
      )
      WHEN 'individual' THEN 0 /* Individual */
      WHEN 'manager' THEN 1 /* Manager */
      WHEN 'director' THEN 2 /* Director */
      WHEN 'vp' THEN 3 /* VP */
      WHEN 'c-level' THEN 4 /* C-level */
    END AS seniority,
    CASE lower(
        CASE
          WHEN t."company.industry" < '!'
               OR t."company.industry" >= '~'
               OR ends_with(t."company.industry", ' ')
               OR ends_with(t."company.industry", E'\t')
               OR ends_with(t."company.industry", E'\n')
               OR ends_with(t."company.industry", E'\r')
               OR ends_with(t."company.industry", E' ') THEN trim(t."company.industry", E' \t\n\r ')
          ELSE t."company.industry"
        END
      )
      WHEN 'software' THEN 'Software'
      WHEN 'construction' THEN 'Construction'
      WHEN 'manufacturing' THEN 'Manufacturing'
      WHEN 'agencies' THEN 'Agencies'
      WHEN 'public sector' THEN 'Public sector'
      WHEN 'other' THEN 'Other'
    END AS company__industry,
    CASE lower(
        CASE
          WHEN t."company.country" < '!'
               OR t."company.country" >= '~'
               OR ends_with(t."company.country", ' ')
               OR ends_with(t."company.country", E'\t')
               OR ends_with(t."company.country", E'\n')
               OR ends_with(t."company.country", E'\r')
               OR ends_with(t."company.country", E' ') THEN trim(t."company.country", E' \t\n\r ')
          ELSE t."company.country"
        END
      )
      WHEN 'us' THEN 'US'
      WHEN 'ca' THEN 'CA'
      WHEN 'gb' THEN 'GB'
      WHEN 'other' THEN 'Other'
    END AS company__country,
    t."company.employees" AS company__employees, -- How many people work for you?
    t.seats, -- How many people would plan with it?
    t."vendor.intent" AS intent,
    t.contract_ends, -- When does your present contract end?
    CASE
      WHEN (epoch_us(t.created_at) + 62167219200000000) // 1000 - 62167219200000 >= -62167219200000
           AND (epoch_us(t.created_at) + 62167219200000000) // 1000 - 62167219200000 <= 253402128000000 THEN (epoch_us(t.created_at) + 62167219200000000) // 1000 - 62167219200000
    END AS created_at,
    CASE
      WHEN (epoch_us(t.last_review_at) + 62167219200000000) // 1000 - 62167219200000 >= -62167219200000
           AND (epoch_us(t.last_review_at) + 62167219200000000) // 1000 - 62167219200000 <= 253402128000000 THEN (epoch_us(t.last_review_at) + 62167219200000000) // 1000 - 62167219200000
    END AS last_review_at,
    t.sales_accepted, -- Does sales accept the lead?
    t.budget, -- How much is set aside for this?
    t.signs, -- Do you sign the contract yourself?
    list_filter(list_transform(t.problems, lambda x: CASE
          WHEN lower(trim(x, E' \t\n\r ')) IN ('select', '--') THEN NULL
          ELSE nullif(trim(x, E' \t\n\r '), '')
        END), lambda x: x IS NOT NULL) AS problems, -- Which problems must it solve?
    t.decide_by, -- When will you have decided?
    CASE lower(
        CASE
          WHEN t.lifecycle < '!'
               OR t.lifecycle >= '~'
               OR ends_with(t.lifecycle, ' ')
               OR ends_with(t.lifecycle, E'\t')
               OR ends_with(t.lifecycle, E'\n')
               OR ends_with(t.lifecycle, E'\r')
               OR ends_with(t.lifecycle, E' ') THEN trim(t.lifecycle, E' \t\n\r ')
          ELSE t.lifecycle
        END
      )
      WHEN 'lead' THEN 0 /* lead */
      WHEN 'mql' THEN 1 /* mql */
      WHEN 'sal' THEN 2 /* sal */
      WHEN 'sql' THEN 3 /* sql */
      WHEN 'customer' THEN 4 /* customer */
      WHEN 'marketing qualified lead' THEN 1 /* mql */
      WHEN 'sales accepted lead' THEN 2 /* sal */
      WHEN 'sales qualified lead' THEN 3 /* sql */
    END AS lifecycle
  FROM leads AS t
  WHERE (t.id >= '!' AND t.id < '~' OR trim(t.id, E' \t\n\r ') <> '')
    AND CASE
          WHEN lower(
                 CASE
                   WHEN t.id < '!'
                        OR t.id >= '~'
                        OR ends_with(t.id, ' ')
                        OR ends_with(t.id, E'\t')
                        OR ends_with(t.id, E'\n')
                        OR ends_with(t.id, E'\r')
                        OR ends_with(t.id, E' ') THEN trim(t.id, E' \t\n\r ')
                   ELSE t.id
                 END
               ) IN ('select', '--') THEN NULL
          ELSE CASE
                 WHEN t.id < '!'
                      OR t.id >= '~'
                      OR ends_with(t.id, ' ')
                      OR ends_with(t.id, E'\t')
                      OR ends_with(t.id, E'\n')
                      OR ends_with(t.id, E'\r')
                      OR ends_with(t.id, E' ') THEN nullif(trim(t.id, E' \t\n\r '), '')
                 ELSE t.id
               END
        END IS NOT NULL
    AND CASE
          WHEN lower(
                 CASE
                   WHEN t.email < '!'
                        OR t.email >= '~'
                        OR ends_with(t.email, ' ')
                        OR ends_with(t.email, E'\t')
                        OR ends_with(t.email, E'\n')
                        OR ends_with(t.email, E'\r')
                        OR ends_with(t.email, E' ') THEN trim(t.email, E' \t\n\r ')
                   ELSE t.email
                 END
               ) IN ('select', '--') THEN NULL
          ELSE CASE
                 WHEN t.email < '!'
                      OR t.email >= '~'
                      OR ends_with(t.email, ' ')
                      OR ends_with(t.email, E'\t')
                      OR ends_with(t.email, E'\n')
                      OR ends_with(t.email, E'\r')
                      OR ends_with(t.email, E' ') THEN nullif(trim(t.email, E' \t\n\r '), '')
                 ELSE t.email
               END
        END IS NOT NULL
),
-- texts with case ignored, addresses without what stands around the host
lead_texts AS (
  SELECT
    l.*,
    replace(lower(email), 'ς', 'σ') AS email__folded,
    replace(lower(title), 'ς', 'σ') AS title__folded,
    list_transform(problems, lambda x: replace(lower(x), 'ς', 'σ')) AS problems__folded,
    CASE
      WHEN contains(email, '://') THEN regexp_extract(email, '://(?:[^/?#]*@)?([^/?#@:]*)', 1)
      WHEN contains(email, '@') THEN CASE
             WHEN ends_with(email, '>') THEN split_part(left(email, -1), '@', -1)
             ELSE split_part(email, '@', -1)
           END
      ELSE regexp_extract(email, '^[^/?#:]*')
    END AS email__address
  FROM lead_fields AS l
),
-- the words of texts, hosts of addresses
lead_words AS (
  SELECT
    l.*,
    lower(
      CASE
        WHEN email__address < '!'
             OR email__address >= '~'
             OR ends_with(email__address, ' ')
             OR ends_with(email__address, E'\t')
             OR ends_with(email__address, E'\n')
             OR ends_with(email__address, E'\r')
             OR ends_with(email__address, E' ') THEN trim(email__address, E' \t\n\r ')
        ELSE email__address
      END
    ) AS email__host,
    ' '
    || regexp_replace(
         title__folded,
         '[\x00-\x2f\x3a-\x40\x5b-\x60\x7b-\x7f\x{80}-\x{bf}\x{2000}-\x{206f}\x{3000}-\x{303f}]+',
         ' ',
         'g'
       )
    || ' ' AS title__words
  FROM lead_texts AS l
),
-- hosts without www
lead_hosts AS (
  SELECT
    l.*,
    CASE WHEN starts_with(email__host, 'www.') THEN substr(email__host, 5) ELSE email__host END AS email__bare
  FROM lead_words AS l
),
-- domains of addresses
lead_domains AS (
  SELECT
    l.*,
    CASE
      WHEN ends_with(email__bare, '.') THEN CASE
             WHEN contains(substr(email__bare, 1, length(email__bare) - 1), '.') THEN substr(email__bare, 1, length(email__bare) - 1)
           END
      WHEN contains(email__bare, '.') THEN email__bare
    END AS email__domain
  FROM lead_hosts AS l
),
-- events up to the as-of, and their age in milliseconds
event_fields AS (
  SELECT
    CASE
      WHEN t.person_id < '!'
           OR t.person_id >= '~'
           OR ends_with(t.person_id, ' ')
           OR ends_with(t.person_id, E'\t')
           OR ends_with(t.person_id, E'\n')
           OR ends_with(t.person_id, E'\r')
           OR ends_with(t.person_id, E' ') THEN trim(t.person_id, E' \t\n\r ')
      ELSE t.person_id
    END AS lead_key,
    t.activity_type AS event_type,
    (epoch_us(t.occurred_at) + 62167219200000000) // 1000 - 62167219200000 AS "at",
    (1793534400000 /* 2026-11-01T12:00:00Z */ * 1000 + 999 - epoch_us(t.occurred_at)) // 1000 AS age,
    CAST(timezone(
           'America/Chicago',
           timezone(
             'UTC',
             epoch_ms((epoch_us(t.occurred_at) + 62167219200000000) // 1000 - 62167219200000)
           )
         ) AS DATE) AS event_day,
    t."page.path" AS field_1,
    t."page.seconds" AS field_2,
    t.users,
    t.minutes,
    t.outcome
  FROM events AS t
  WHERE t.occurred_at < TIMESTAMPTZ '2026-11-01T12:00:00.001Z'
    AND (t.activity_type >= '!' AND t.activity_type < '~'
         OR trim(t.activity_type, E' \t\n\r ') <> '')
),
-- what leads did: one pass over the events
activity AS (
  SELECT
    e.lead_key,
    count(DISTINCT e.event_day)
      FILTER (WHERE e.event_type = 'Email Open' AND e.age <= 2592000000 /* 30 days */) AS engagement__opens__events, -- engagement.opens
    count(
      DISTINCT CASE
          WHEN e.event_type = 'Page View' AND e.age <= 2592000000 /* 30 days */ THEN replace(
                 lower(
                   CASE
                     WHEN e.field_1 < '!'
                          OR e.field_1 >= '~'
                          OR ends_with(e.field_1, ' ')
                          OR ends_with(e.field_1, E'\t')
                          OR ends_with(e.field_1, E'\n')
                          OR ends_with(e.field_1, E'\r')
                          OR ends_with(e.field_1, E' ') THEN nullif(trim(e.field_1, E' \t\n\r '), '')
                     ELSE e.field_1
                   END
                 ),
                 'ς',
                 'σ'
               )
        END
    ) AS engagement__pages__events, -- engagement.pages
    count(DISTINCT e.event_day)
      FILTER (WHERE e.event_type = 'Page View' AND e.age <= 1209600000 /* 2 weeks */) AS engagement__returns__events, -- engagement.returns
    count(*)
      FILTER (WHERE CASE
                      WHEN e.event_type = 'Page View'
                           AND e.age <= 1209600000 /* 14 days */
                           AND e.field_2 >= 20 THEN starts_with(
                                lower(
                                  CASE
                                    WHEN e.field_1 < '!'
                                         OR e.field_1 >= '~'
                                         OR ends_with(e.field_1, ' ')
                                         OR ends_with(e.field_1, E'\t')
                                         OR ends_with(e.field_1, E'\n')
                                         OR ends_with(e.field_1, E'\r')
                                         OR ends_with(e.field_1, E' ') THEN nullif(trim(e.field_1, E' \t\n\r '), '')
                                    ELSE e.field_1
                                  END
                                ),
                                '/pricing'
                              )
                           OR starts_with(
                                lower(
                                  CASE
                                    WHEN e.field_1 < '!'
                                         OR e.field_1 >= '~'
                                         OR ends_with(e.field_1, ' ')
                                         OR ends_with(e.field_1, E'\t')
                                         OR ends_with(e.field_1, E'\n')
                                         OR ends_with(e.field_1, E'\r')
                                         OR ends_with(e.field_1, E' ') THEN nullif(trim(e.field_1, E' \t\n\r '), '')
                                    ELSE e.field_1
                                  END
                                ),
                                '/plans'
                              )
                    END) AS engagement__prices__count, -- engagement.prices
    count(*)
      FILTER (WHERE CASE
                      WHEN e.event_type = 'Page View' AND e.age <= 7776000000 /* 90 days */ THEN contains(
                                lower(
                                  CASE
                                    WHEN e.field_1 < '!'
                                         OR e.field_1 >= '~'
                                         OR ends_with(e.field_1, ' ')
                                         OR ends_with(e.field_1, E'\t')
                                         OR ends_with(e.field_1, E'\n')
                                         OR ends_with(e.field_1, E'\r')
                                         OR ends_with(e.field_1, E' ') THEN nullif(trim(e.field_1, E' \t\n\r '), '')
                                    ELSE e.field_1
                                  END
                                ),
                                '/careers'
                              )
                           OR contains(
                                lower(
                                  CASE
                                    WHEN e.field_1 < '!'
                                         OR e.field_1 >= '~'
                                         OR ends_with(e.field_1, ' ')
                                         OR ends_with(e.field_1, E'\t')
                                         OR ends_with(e.field_1, E'\n')
                                         OR ends_with(e.field_1, E'\r')
                                         OR ends_with(e.field_1, E' ') THEN nullif(trim(e.field_1, E' \t\n\r '), '')
                                    ELSE e.field_1
                                  END
                                ),
                                '/jobs'
                              )
                    END) AS engagement__careers__count, -- engagement.careers
    sum(e.field_2) FILTER (WHERE e.event_type = 'Page View' AND e.age <= 604800000 /* 7 days */) AS engagement__long_read__total, -- engagement.long_read
    max(e.field_2) FILTER (WHERE e.event_type = 'Page View' AND e.age <= 604800000 /* 7 days */) AS engagement__deep_read__highest, -- engagement.deep_read
    max(e."at") FILTER (WHERE TRUE) AS engagement__silence__last, -- engagement.silence
    count(*)
      FILTER (WHERE CASE
                      WHEN e.event_type = 'Meeting' AND e.age <= 5184000000 /* 60 days */ THEN CASE lower(
                               CASE
                                 WHEN e.outcome < '!'
                                      OR e.outcome >= '~'
                                      OR ends_with(e.outcome, ' ')
                                      OR ends_with(e.outcome, E'\t')
                                      OR ends_with(e.outcome, E'\n')
                                      OR ends_with(e.outcome, E'\r')
                                      OR ends_with(e.outcome, E' ') THEN trim(e.outcome, E' \t\n\r ')
                                 ELSE e.outcome
                               END
                             )
                             WHEN 'no next step' THEN 'No next step'
                             WHEN 'next step agreed' THEN 'Next step agreed'
                           END = 'Next step agreed'
                    END) AS stage__sql__count, -- stage.sql
    max(e."at") FILTER (WHERE e.event_type IN ('Call', 'Meeting')) AS stage__sql__last, -- stage.sql
    count(*) FILTER (WHERE e.event_type = 'Contract') AS stage__customer__count, -- stage.customer
    max(e."at") FILTER (WHERE e.event_type = 'Demo Request') AS route__last -- route
  FROM event_fields AS e
  GROUP BY e.lead_key
),
-- engagement.clicks: its events
engagement__clicks__events AS (
  SELECT
    e.lead_key,
    e."at",
    e.age,
    e.event_day
  FROM event_fields AS e
  WHERE e.event_type = 'Email Click'
),
-- engagement.clicks: numbered to keep the latest 3 a week
engagement__clicks__numbered_1 AS (
  SELECT
    e.lead_key,
    e."at",
    e.age,
    e.event_day,
    row_number() OVER (PARTITION BY lead_key, date_trunc('week', event_day) ORDER BY "at" DESC) AS place
  FROM engagement__clicks__events AS e
),
-- engagement.clicks: what the kept events are worth
engagement__clicks__kept_events AS (
  SELECT
    lead_key,
    sum(
      CASE
        WHEN age < 5184000000 THEN (80000 * (5184000000 - age) + 5184000000) // 10368000000
        ELSE 0
      END
    ) AS points
  FROM engagement__clicks__numbered_1 AS e
  WHERE e.place <= 3
  GROUP BY lead_key
),
-- engagement.webinars: its events
engagement__webinars__events AS (
  SELECT
    e.lead_key,
    e."at",
    e.age,
    e.event_day
  FROM event_fields AS e
  WHERE e.event_type = 'Webinar'
    AND e."at" >= 1777633200000 /* 2026-05-01T11:00:00Z */
),
-- engagement.webinars: numbered to keep the latest 1 a month
engagement__webinars__numbered_1 AS (
  SELECT
    e.lead_key,
    e."at",
    e.age,
    e.event_day,
    row_number() OVER (PARTITION BY lead_key, date_trunc('month', event_day) ORDER BY "at" DESC) AS place
  FROM engagement__webinars__events AS e
),
-- engagement.webinars: what the kept events are worth
engagement__webinars__kept_events AS (
  SELECT
    lead_key,
    sum(
      CASE age // 2592000000
        WHEN 0 THEN 120000
        WHEN 1 THEN 90000
        WHEN 2 THEN 67500
        WHEN 3 THEN 50625
        WHEN 4 THEN 37969
        WHEN 5 THEN 28477
        WHEN 6 THEN 21357
        WHEN 7 THEN 16018
        WHEN 8 THEN 12014
        WHEN 9 THEN 9010
        WHEN 10 THEN 6758
        WHEN 11 THEN 5068
        WHEN 12 THEN 3801
        WHEN 13 THEN 2851
        WHEN 14 THEN 2138
        WHEN 15 THEN 1604
        WHEN 16 THEN 1203
        WHEN 17 THEN 902
        WHEN 18 THEN 677
        WHEN 19 THEN 507
        WHEN 20 THEN 381
        WHEN 21 THEN 285
        WHEN 22 THEN 214
        WHEN 23 THEN 161
        WHEN 24 THEN 120
        WHEN 25 THEN 90
        WHEN 26 THEN 68
        WHEN 27 THEN 51
        WHEN 28 THEN 38
        WHEN 29 THEN 29
        WHEN 30 THEN 21
        WHEN 31 THEN 16
        WHEN 32 THEN 12
        WHEN 33 THEN 9
        WHEN 34 THEN 7
        WHEN 35 THEN 5
        WHEN 36 THEN 4
        WHEN 37 THEN 3
        WHEN 38 THEN 2
        WHEN 39 THEN 2
        WHEN 40 THEN 1
        WHEN 41 THEN 1
        WHEN 42 THEN 1
        WHEN 43 THEN 1
        ELSE 0
      END
    ) AS points
  FROM engagement__webinars__numbered_1 AS e
  WHERE e.place <= 1
  GROUP BY lead_key
),
-- engagement.demo: its events
engagement__demo__events AS (
  SELECT
    e.lead_key,
    e."at",
    e.age
  FROM event_fields AS e
  WHERE e.event_type = 'Demo Request'
),
-- engagement.demo: numbered to keep the latest 1
engagement__demo__numbered_1 AS (
  SELECT
    e.lead_key,
    e."at",
    e.age,
    row_number() OVER (PARTITION BY lead_key ORDER BY "at" DESC) AS place
  FROM engagement__demo__events AS e
),
-- engagement.demo: what the kept events are worth
engagement__demo__kept_events AS (
  SELECT
    lead_key,
    sum(
      (CAST(round(
              CAST(250000 AS DOUBLE) * pow(CAST(2 AS DOUBLE), CAST(-age AS DOUBLE) / CAST(3888000000 AS DOUBLE)) * CAST(100000 AS DOUBLE)
            ) AS BIGINT)
       + 50000) // 100000
    ) AS points
  FROM engagement__demo__numbered_1 AS e
  WHERE e.place <= 1
  GROUP BY lead_key
),
-- engagement.talks: its events
engagement__talks__events AS (
  SELECT
    e.lead_key,
    e."at",
    e.age,
    e.event_day
  FROM event_fields AS e
  WHERE e.event_type IN ('Call', 'Meeting')
    AND e.minutes >= 5
),
-- engagement.talks: numbered to keep the latest 1 a day
engagement__talks__numbered_1 AS (
  SELECT
    e.lead_key,
    e."at",
    e.age,
    e.event_day,
    row_number() OVER (PARTITION BY lead_key, event_day ORDER BY "at" DESC) AS place
  FROM engagement__talks__events AS e
),
-- engagement.talks: what the kept events are worth
engagement__talks__kept_events AS (
  SELECT
    lead_key,
    sum(greatest(80000 - 20000 * (age // 1209600000), 0)) AS points
  FROM engagement__talks__numbered_1 AS e
  WHERE e.place <= 1
  GROUP BY lead_key
),
-- leads and what they did
leads_and_activity AS (
  SELECT
    l.*,
    coalesce(a.engagement__opens__events, 0) AS engagement__opens__events,
    coalesce(a.engagement__pages__events, 0) AS engagement__pages__events,
    coalesce(a.engagement__returns__events, 0) AS engagement__returns__events,
    coalesce(a.engagement__prices__count, 0) AS engagement__prices__count,
    coalesce(a.engagement__careers__count, 0) AS engagement__careers__count,
    coalesce(a.engagement__long_read__total, 0) AS engagement__long_read__total,
    a.engagement__deep_read__highest,
    a.engagement__silence__last,
    coalesce(a.stage__sql__count, 0) AS stage__sql__count,
    a.stage__sql__last,
    coalesce(a.stage__customer__count, 0) AS stage__customer__count,
    a.route__last,
    coalesce(b.points, 0) AS engagement__clicks__kept,
    coalesce(c1.points, 0) AS engagement__webinars__kept,
    coalesce(d.points, 0) AS engagement__demo__kept,
    coalesce(f.points, 0) AS engagement__talks__kept
  FROM lead_domains AS l
  LEFT JOIN activity AS a
    ON a.lead_key = l.lead_key
  LEFT JOIN engagement__clicks__kept_events AS b
    ON b.lead_key = l.lead_key
  LEFT JOIN engagement__webinars__kept_events AS c1
    ON c1.lead_key = l.lead_key
  LEFT JOIN engagement__demo__kept_events AS d
    ON d.lead_key = l.lead_key
  LEFT JOIN engagement__talks__kept_events AS f
    ON f.lead_key = l.lead_key
),
-- values
"values" AS (
  SELECT
    l.*,
    contains(title__words, ' operations ')
    OR contains(title__words, ' project ')
    OR contains(title__words, ' programme ')
    OR contains(title__words, ' delivery ') AS operator, -- operator: Olga, runs operations
    seniority >= 2 /* Director */
    OR ((title__folded LIKE 'vp %' ESCAPE '^')
        OR (title__folded LIKE 'chief %' ESCAPE '^')
        OR (title__folded LIKE 'head of %' ESCAPE '^')
        OR (title__folded LIKE 'c_o' ESCAPE '^')) AS decision_maker, -- decision_maker: Decides on purchases
    TRY_CAST(CAST(CAST(list_transform([struct_pack(n := CAST(CAST(CASE WHEN seats <= 200 THEN seats WHEN seats > 200 THEN 200 END AS DECIMAL(38,0)) * 1000000 AS HUGEINT), d := CAST(CAST(10 AS DECIMAL(38,0)) * 1 AS HUGEINT))], lambda q: sign(q.n) * sign(q.d) * ((2 * abs(q.n) + abs(q.d)) // nullif(2 * abs(q.d), 0)))[1] AS HUGEINT) AS DECIMAL(38,0)) * 0.000001 AS DECIMAL(18,6)) AS seat_points, -- seat_points
    CASE
      WHEN CASE WHEN NOT (title IS NULL) THEN 0 ELSE 1 END
           + CASE WHEN NOT (seats IS NULL) THEN 0 ELSE 1 END
           + CASE WHEN NOT (company__employees IS NULL) THEN 0 ELSE 1 END <= 1 THEN TRUE
      WHEN CASE WHEN title IS NULL THEN 1 ELSE 0 END + CASE WHEN seats IS NULL THEN 1 ELSE 0 END
           + CASE WHEN company__employees IS NULL THEN 1 ELSE 0 END > 1 THEN FALSE
    END AS well_known -- well_known: Well enough known
  FROM leads_and_activity AS l
),
-- values
values_2 AS (
  SELECT
    l.*,
    decision_maker AND company__employees >= 50 AS sponsor -- sponsor: Sam, signs the contract
  FROM "values" AS l
),
-- checks
checks AS (
  SELECT
    l.*,
    company__employees >= 50 AND company__employees <= 5000 AS company_fit__size, -- company_fit.size: 50 to 5,000 people
    company__industry IN ('Software', 'Construction', 'Manufacturing', 'Agencies') AS company_fit__industry, -- company_fit.industry: An industry that we know
    company__country IN ('US', 'CA', 'GB') AS company_fit__country, -- company_fit.country: A country with our support
    budget >= 10000 AS bant__budget, -- bant.budget: Has set aside $10k or more
    signs OR decision_maker AS bant__authority, -- bant.authority: Signs, or decides on purchases
    list_contains(problems__folded, 'planning')
    OR list_contains(problems__folded, 'forecasts')
    OR list_contains(problems__folded, 'timesheets') AS bant__need, -- bant.need: Has a problem that we solve
    decide_by >= DATE '2026-11-01' AND decide_by <= DATE '2027-05-01' AS bant__timeline -- bant.timeline: Will have decided within six months
  FROM values_2 AS l
),
-- fits
fits AS (
  SELECT
    l.*,
    company_fit__size AND company_fit__industry AND company_fit__country AS company_fit, -- company_fit, needs 3 of 3
    CASE
      WHEN CASE WHEN bant__budget THEN 1 ELSE 0 END + CASE WHEN bant__authority THEN 1 ELSE 0 END
           + CASE WHEN bant__need THEN 1 ELSE 0 END
           + CASE WHEN bant__timeline THEN 1 ELSE 0 END >= 3 THEN TRUE
      WHEN CASE WHEN NOT bant__budget THEN 1 ELSE 0 END
           + CASE WHEN NOT bant__authority THEN 1 ELSE 0 END
           + CASE WHEN NOT bant__need THEN 1 ELSE 0 END
           + CASE WHEN NOT bant__timeline THEN 1 ELSE 0 END > 1 THEN FALSE
    END AS bant -- bant: Budget, authority, need, timeline, needs 3 of 4
  FROM checks AS l
),
-- rules
rules AS (
  SELECT
    l.*,
    CASE
      WHEN seniority IS NULL THEN -2
      WHEN seniority >= 3 /* VP */ THEN 15
      WHEN seniority = 2 /* Director */ THEN 12
      WHEN seniority = 1 /* Manager */ THEN 6
      ELSE 0
    END AS profile__standing, -- profile.standing
    CASE
      WHEN title IS NULL THEN 0
      WHEN contains(title__folded, 'student') THEN -20
      WHEN ends_with(title__folded, '(retired)') THEN -20
      WHEN contains(
                ' '
                || regexp_replace(
                     title__folded,
                     '[\x00-\x2f\x3a-\x40\x5b-\x60\x7b-\x7f\x{80}-\x{bf}\x{2000}-\x{206f}\x{3000}-\x{303f}]+',
                     ' ',
                     'g'
                   )
                || ' ',
                ' operations '
              )
           OR contains(
                ' '
                || regexp_replace(
                     title__folded,
                     '[\x00-\x2f\x3a-\x40\x5b-\x60\x7b-\x7f\x{80}-\x{bf}\x{2000}-\x{206f}\x{3000}-\x{303f}]+',
                     ' ',
                     'g'
                   )
                || ' ',
                ' project '
              )
           OR contains(
                ' '
                || regexp_replace(
                     title__folded,
                     '[\x00-\x2f\x3a-\x40\x5b-\x60\x7b-\x7f\x{80}-\x{bf}\x{2000}-\x{206f}\x{3000}-\x{303f}]+',
                     ' ',
                     'g'
                   )
                || ' ',
                ' programme '
              )
           OR contains(
                ' '
                || regexp_replace(
                     title__folded,
                     '[\x00-\x2f\x3a-\x40\x5b-\x60\x7b-\x7f\x{80}-\x{bf}\x{2000}-\x{206f}\x{3000}-\x{303f}]+',
                     ' ',
                     'g'
                   )
                || ' ',
                ' delivery '
              ) THEN 10
      WHEN (title__folded LIKE 'it %' ESCAPE '^') OR (title__folded LIKE 'finance %' ESCAPE '^') THEN 5
      ELSE 1
    END AS profile__work, -- profile.work: Line of work
    CASE
      WHEN contract_ends >= DATE '2026-11-01' AND contract_ends <= DATE '2027-01-30' THEN 15
      WHEN contract_ends >= DATE '2026-11-01' AND contract_ends <= DATE '2027-11-01' THEN 5
      WHEN contract_ends < DATE '2026-11-01' THEN 8
      WHEN NOT (contract_ends >= DATE '2026-11-01' AND contract_ends <= DATE '2027-01-30'
                OR contract_ends >= DATE '2026-11-01' AND contract_ends <= DATE '2027-11-01'
                OR contract_ends < DATE '2026-11-01') THEN -3
      ELSE 0
    END AS profile__timing, -- profile.timing: Present contract
    CASE
      WHEN email__domain IN ('gmail.com', 'hotmail.com', 'icloud.com', 'inbox.example',
             'outlook.com', 'postbox.example', 'yahoo.com') THEN -10
      ELSE 0
    END AS profile__address, -- profile.address: Private address
    1 * engagement__opens__events AS engagement__opens, -- engagement.opens: Opens our emails
    CAST(engagement__clicks__kept AS DECIMAL(28,0)) * 0.0001 AS engagement__clicks, -- engagement.clicks: Follows their links
    greatest(least(2 * engagement__pages__events, 10), -10) AS engagement__pages, -- engagement.pages: Reads this and that
    3 * least(engagement__returns__events, 3) AS engagement__returns, -- engagement.returns: Comes back
    CASE WHEN engagement__prices__count >= 2 THEN 15 ELSE 0 END AS engagement__prices, -- engagement.prices: Looks at prices
    CASE WHEN engagement__careers__count >= 1 THEN -20 ELSE 0 END AS engagement__careers, -- engagement.careers: Looks for a job
    CASE WHEN TRY_CAST(engagement__long_read__total AS DECIMAL(18,6)) >= 600 THEN 5 ELSE 0 END AS engagement__long_read, -- engagement.long_read: Read for ten minutes
    CASE WHEN TRY_CAST(engagement__deep_read__highest AS DECIMAL(18,6)) >= 240 THEN 5 ELSE 0 END AS engagement__deep_read, -- engagement.deep_read: Read one page well
    CAST(engagement__webinars__kept AS DECIMAL(28,0)) * 0.0001 AS engagement__webinars, -- engagement.webinars: Attends webinars
    CAST(engagement__demo__kept AS DECIMAL(28,0)) * 0.0001 AS engagement__demo, -- engagement.demo: Asks for a demo
    greatest(least(CAST(engagement__talks__kept AS DECIMAL(28,0)) * 0.0001, 30), -30) AS engagement__talks, -- engagement.talks: Talks to us
    greatest(
      least(
        -4 * CASE
            WHEN engagement__silence__last IS NOT NULL THEN greatest(1793534400000 /* 2026-11-01T12:00:00Z */ - engagement__silence__last, 0) // 1209600000
            ELSE 0
          END,
        20
      ),
      -20
    ) AS engagement__silence, -- engagement.silence: Weeks of silence
    CAST(greatest(
           least(round(CAST(coalesce(intent, 0) AS DECIMAL(38,6)) * 0.2, 4), 999999999999.9999),
           -999999999999.9999
         ) AS DECIMAL(16,4)) AS lead_score__intent, -- lead_score.intent
    CAST(greatest(least(round(coalesce(seat_points, 0), 4), 999999999999.9999), -999999999999.9999) AS DECIMAL(16,4)) AS lead_score__seat_points, -- lead_score.seat_points
    CASE
      WHEN created_at >= 1790942400000 /* 2026-10-02T12:00:00Z */
           AND created_at <= 1793534400000 /* 2026-11-01T12:00:00Z */ THEN 5
      ELSE 0
    END AS lead_score__fresh, -- lead_score.fresh: New this month
    CASE WHEN created_at < 1730458800000 /* 2024-11-01T11:00:00Z */ THEN -10 ELSE 0 END AS lead_score__old -- lead_score.old: Here for ages
  FROM fits AS l
),
-- groups
"groups" AS (
  SELECT
    l.*,
    CAST(least(engagement__opens + engagement__clicks, 20) AS DECIMAL(16,4)) AS engagement__email, -- engagement.email
    CAST(least(engagement__long_read + engagement__deep_read, 8) AS DECIMAL(16,4)) AS engagement__time_spent -- engagement.time_spent
  FROM rules AS l
),
-- groups
groups_2 AS (
  SELECT
    l.*,
    CAST(greatest(
           least(
             engagement__pages + engagement__returns + engagement__prices + engagement__careers
             + engagement__time_spent,
             35
           ),
           -20
         ) AS DECIMAL(16,4)) AS engagement__site -- engagement.site: Website
  FROM "groups" AS l
),
-- scores
scores AS (
  SELECT
    l.*,
    CAST(greatest(
           least(profile__standing + profile__work + profile__timing + profile__address, 40),
           -20
         ) AS DECIMAL(16,4)) AS profile -- profile
  FROM groups_2 AS l
),
-- rules
rules_2 AS (
  SELECT
    l.*,
    CAST(greatest(
           least(round(CAST(profile AS DECIMAL(38,4)) * 0.5, 4), 999999999999.9999),
           -999999999999.9999
         ) AS DECIMAL(16,4)) AS lead_score__profile -- lead_score.profile
  FROM scores AS l
),
-- reasons
reasons AS (
  SELECT
    l.*,
    regexp_matches(email__folded, '\A(?:test|qa)[0-9]*@')
    OR title__folded = 'test'
    OR ends_with(email__folded, '.invalid') AS disqualify__not_a_lead, -- disqualify.not_a_lead: Is a test, not a lead
    email__domain IN ('ganttly.example', 'planhaus.example', 'taskforge.example') AS disqualify__competitor -- disqualify.competitor: Works for a competitor
  FROM rules_2 AS l
),
-- disqualified
disqualified_2 AS (
  SELECT
    l.*,
    coalesce(disqualify__not_a_lead OR disqualify__competitor, FALSE) AS disqualified -- whether any reason to disqualify is true
  FROM reasons AS l
),
-- stages
stages AS (
  SELECT
    l.*,
    TRUE AS lead__reached, -- lead: is it reached?
    coalesce(stage__customer__count >= 1 OR lifecycle >= 4 /* customer */ AND TRUE, FALSE) AS customer__reached -- customer: is it reached?
  FROM disqualified_2 AS l
),
-- what leads did, as far as it rests on the lead
activity_of_leads AS (
  SELECT
    l.lead_key,
    l.last_review_at,
    l.seats,
    count(*)
      FILTER (WHERE CASE
                      WHEN e.event_type = 'Trial Activity' AND e.age <= 2592000000 /* 30 days */ THEN e.users >= TRY_CAST(CAST(l.seats AS DECIMAL(38,0)) * 0.5 AS DECIMAL(18,6))
                    END) AS engagement__trial__count, -- engagement.trial
    count(*)
      FILTER (WHERE CASE
                      WHEN e.event_type = 'Call'
                           AND (l.last_review_at IS NULL OR e."at" >= l.last_review_at) THEN CASE lower(
                               CASE
                                 WHEN e.outcome < '!'
                                      OR e.outcome >= '~'
                                      OR ends_with(e.outcome, ' ')
                                      OR ends_with(e.outcome, E'\t')
                                      OR ends_with(e.outcome, E'\n')
                                      OR ends_with(e.outcome, E'\r')
                                      OR ends_with(e.outcome, E' ') THEN trim(e.outcome, E' \t\n\r ')
                                 ELSE e.outcome
                               END
                             )
                             WHEN 'no answer' THEN 'No answer'
                             WHEN 'talked' THEN 'Talked'
                             WHEN 'meeting booked' THEN 'Meeting booked'
                           END = 'No answer'
                    END) AS engagement__unheard__events -- engagement.unheard
  FROM event_fields AS e
  JOIN (
    SELECT DISTINCT
      l.lead_key,
      l.last_review_at,
      l.seats
    FROM stages AS l
  ) AS l
    ON l.lead_key = e.lead_key
  GROUP BY l.lead_key, l.last_review_at, l.seats
),
-- leads and what they did
leads_and_activity_2 AS (
  SELECT
    l.*,
    coalesce(a.engagement__trial__count, 0) AS engagement__trial__count,
    coalesce(a.engagement__unheard__events, 0) AS engagement__unheard__events
  FROM stages AS l
  LEFT JOIN activity_of_leads AS a
    ON a.lead_key = l.lead_key
    AND a.last_review_at IS NOT DISTINCT FROM l.last_review_at
    AND a.seats IS NOT DISTINCT FROM l.seats
),
-- rules
rules_3 AS (
  SELECT
    l.*,
    CASE WHEN engagement__trial__count >= 1 THEN 20 ELSE 0 END AS engagement__trial, -- engagement.trial: Half the team uses the trial
    -3 * least(engagement__unheard__events, 4) AS engagement__unheard -- engagement.unheard: Does not pick up
  FROM leads_and_activity_2 AS l
),
-- scores
scores_2 AS (
  SELECT
    l.*,
    CAST(greatest(
           least(
             engagement__email + engagement__site + engagement__webinars + engagement__demo
             + engagement__talks
             + engagement__trial
             + engagement__unheard
             + engagement__silence,
             100
           ),
           0
         ) AS DECIMAL(16,4)) AS engagement -- engagement
  FROM rules_3 AS l
),
-- rules
rules_4 AS (
  SELECT
    l.*,
    engagement AS lead_score__engagement -- lead_score.engagement
  FROM scores_2 AS l
),
-- scores
scores_3 AS (
  SELECT
    l.*,
    CAST(greatest(
           least(
             CAST(lead_score__engagement AS DECIMAL(38,4)) + lead_score__profile
             + lead_score__intent
             + lead_score__seat_points
             + lead_score__fresh
             + lead_score__old,
             150
           ),
           0
         ) AS DECIMAL(16,4)) AS lead_score -- lead_score
  FROM rules_4 AS l
),
-- bands
bands AS (
  SELECT
    l.*,
    CASE
      WHEN engagement >= 45 THEN 2 /* hot */
      WHEN engagement >= 20 THEN 1 /* warm */
      ELSE 0 /* cold */
    END AS interest -- interest
  FROM scores_3 AS l
),
-- matrices
matrices AS (
  SELECT
    l.*,
    CASE
      WHEN company_fit THEN CASE
             WHEN interest = 0 /* cold */ THEN 'p3'
             WHEN interest = 1 /* warm */ THEN 'p2'
             ELSE 'p1'
           END
      WHEN company_fit IS NULL THEN CASE
             WHEN interest = 0 /* cold */ THEN 'p4'
             WHEN interest = 1 /* warm */ THEN 'p3'
             ELSE 'p2'
           END
      ELSE 'p4'
    END AS priority -- priority
  FROM bands AS l
),
-- stages
stages_2 AS (
  SELECT
    l.*,
    coalesce(
      company_fit AND lead_score >= 40 AND well_known
      OR lifecycle >= 1 /* mql */ AND ((company_fit OR company_fit IS NULL) AND lead_score >= 20),
      FALSE
    ) AS mql__reached -- mql: Marketing qualified lead: is it reached?
  FROM matrices AS l
),
-- stages
stages_3 AS (
  SELECT
    l.*,
    coalesce(
      sales_accepted AND mql__reached OR lifecycle >= 2 /* sal */ AND coalesce(sales_accepted, TRUE),
      FALSE
    ) AS sal__reached -- sal: Sales accepted lead: is it reached?
  FROM stages_2 AS l
),
-- stages
stages_4 AS (
  SELECT
    l.*,
    coalesce(
      bant AND stage__sql__count >= 1 AND sal__reached
      OR lifecycle >= 3 /* sql */
         AND (CASE WHEN NOT bant__budget THEN 1 ELSE 0 END
                  + CASE WHEN NOT bant__authority THEN 1 ELSE 0 END
                  + CASE WHEN NOT bant__need THEN 1 ELSE 0 END
                  + CASE WHEN NOT bant__timeline THEN 1 ELSE 0 END <= 1
              AND (stage__sql__last >= 1785758400000 /* 2026-08-03T12:00:00Z */
                   AND stage__sql__last <= 1793534400000 /* 2026-11-01T12:00:00Z */)),
      FALSE
    ) AS sql__reached -- sql: Sales qualified lead: is it reached?
  FROM stages_3 AS l
),
-- stage
stage_2 AS (
  SELECT
    l.*,
    CASE
      WHEN customer__reached THEN 4 /* customer */
      WHEN sql__reached THEN 3 /* sql */
      WHEN sal__reached THEN 2 /* sal */
      WHEN mql__reached THEN 1 /* mql */
      ELSE 0 /* lead */
    END AS stage -- the highest stage that is reached
  FROM stages_4 AS l
),
-- route, promises
route_and_promises AS (
  SELECT
    l.*,
    CASE
      WHEN disqualified THEN 'out'
      WHEN CASE WHEN disqualified THEN -1 ELSE stage END = 4 /* customer */ THEN 'success'
      WHEN CASE WHEN disqualified THEN -1 ELSE stage END = 3 /* sql */ THEN 'ae'
      WHEN CASE WHEN disqualified THEN -1 ELSE stage END IN (1 /* mql */, 2 /* sal */)
           AND (route__last >= 1793275200000 /* 2026-10-29T12:00:00Z */
                AND route__last <= 1793534400000 /* 2026-11-01T12:00:00Z */) THEN 'sdr_now'
      WHEN CASE WHEN disqualified THEN -1 ELSE stage END >= 1 /* mql */ AND priority IN ('p2', 'p1') THEN 'sdr'
      WHEN CASE WHEN disqualified THEN -1 ELSE stage END >= 1 /* mql */ THEN 'sdr_week'
      WHEN interest >= 1 /* warm */ AND (company_fit IS NULL OR NOT well_known) THEN 'research'
      ELSE 'nurture'
    END AS route, -- the first route that takes the lead
    NOT (CASE WHEN disqualified THEN -1 ELSE stage END >= 1 /* mql */)
    OR email__domain NOT IN ('ganttly.example', 'planhaus.example', 'taskforge.example') AS always_1, -- always: sales gets nobody from a competitor
    NOT (CASE WHEN disqualified THEN -1 ELSE stage END = 4 /* customer */)
    OR title__folded <> 'test' AS always_2 -- always: a test never becomes a customer
  FROM stage_2 AS l
)
SELECT
  lead_key AS "key", -- The lead's key
  CASE
    WHEN disqualified THEN 'disqualified'
    ELSE CASE stage
           WHEN 0 THEN 'lead'
           WHEN 1 THEN 'mql'
           WHEN 2 THEN 'sal'
           WHEN 3 THEN 'sql'
           WHEN 4 THEN 'customer'
         END
  END AS stage, -- The stage, or `disqualified`
  CASE stage
    WHEN 0 THEN 'lead'
    WHEN 1 THEN 'mql'
    WHEN 2 THEN 'sal'
    WHEN 3 THEN 'sql'
    WHEN 4 THEN 'customer'
  END AS ladder, -- The highest stage that is reached, disqualified or not
  disqualified, -- Whether any reason to disqualify is true
  nullif(
    substr(
      CASE WHEN disqualify__not_a_lead THEN ', not_a_lead' ELSE '' END
      || CASE WHEN disqualify__competitor THEN ', competitor' ELSE '' END,
      3
    ),
    ''
  ) AS disqualified_by, -- The reasons that are true
  company_fit, -- Company fit
  company_fit__size, -- 50 to 5,000 people
  company_fit__industry, -- An industry that we know
  company_fit__country, -- A country with our support
  bant, -- Budget, authority, need, timeline
  bant__budget, -- Has set aside $10k or more
  bant__authority, -- Signs, or decides on purchases
  bant__need, -- Has a problem that we solve
  bant__timeline, -- Will have decided within six months
  CAST(profile AS DECIMAL(16,4)) AS profile, -- Profile
  CAST(engagement AS DECIMAL(16,4)) AS engagement, -- Engagement
  CAST(lead_score AS DECIMAL(16,4)) AS lead_score, -- Lead score
  CASE interest WHEN 0 THEN 'cold' WHEN 1 THEN 'warm' WHEN 2 THEN 'hot' END AS interest, -- Interest
  priority, -- Priority
  nullif(
    substr(
      CASE WHEN operator THEN ', operator' ELSE '' END
      || CASE WHEN sponsor THEN ', sponsor' ELSE '' END,
      3
    ),
    ''
  ) AS personas, -- The personas that the lead is
  route, -- The route
  CASE route
    WHEN 'success' THEN timezone('UTC', epoch_ms(1793707200000 /* 2026-11-03T12:00:00Z */))
    WHEN 'ae' THEN timezone('UTC', epoch_ms(1793548800000 /* 2026-11-01T16:00:00Z */))
    WHEN 'sdr_now' THEN timezone('UTC', epoch_ms(1793536200000 /* 2026-11-01T12:30:00Z */))
    WHEN 'sdr' THEN timezone('UTC', epoch_ms(1793620800000 /* 2026-11-02T12:00:00Z */))
    WHEN 'sdr_week' THEN timezone('UTC', epoch_ms(1794139200000 /* 2026-11-08T12:00:00Z */))
    WHEN 'research' THEN timezone('UTC', epoch_ms(1793793600000 /* 2026-11-04T12:00:00Z */))
  END AS route_deadline, -- When the route is due
  nullif(
    substr(
      CASE WHEN NOT always_1 THEN '; sales gets nobody from a competitor' ELSE '' END
      || CASE WHEN NOT always_2 THEN '; a test never becomes a customer' ELSE '' END,
      3
    ),
    ''
  ) AS broken, -- What must never be false and is
  '2026.4' AS policy_version, -- The policy's version
  'sha256:fa9ccc9480a9d9038fcad0b08127609fc22c44986bffe328f2d835538818545a' AS policy_digest, -- The policy's digest
  timezone('UTC', epoch_ms(1793534400000 /* 2026-11-01T12:00:00Z */)) AS as_of -- The instant that leads are judged at
FROM route_and_promises AS l
