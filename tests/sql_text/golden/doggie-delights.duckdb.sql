-- Doggie Delights: inbound leads, version 2026.4
-- sha256:62cf72400f15ed036d29727f781093c79f70c1a00d5b7c1809864ddef04335f8
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
      WHEN t.id < '!'
           OR t.id >= '~'
           OR ends_with(t.id, ' ')
           OR ends_with(t.id, E'\t')
           OR ends_with(t.id, E'\n')
           OR ends_with(t.id, E'\r')
           OR ends_with(t.id, E' ') THEN nullif(trim(t.id, E' \t\n\r '), '')
      ELSE t.id
    END AS id,
    CASE
      WHEN t."Email Address" < '!'
           OR t."Email Address" >= '~'
           OR ends_with(t."Email Address", ' ')
           OR ends_with(t."Email Address", E'\t')
           OR ends_with(t."Email Address", E'\n')
           OR ends_with(t."Email Address", E'\r')
           OR ends_with(t."Email Address", E' ') THEN nullif(trim(t."Email Address", E' \t\n\r '), '')
      ELSE t."Email Address"
    END AS email,
    CASE
      WHEN t.country < '!'
           OR t.country >= '~'
           OR ends_with(t.country, ' ')
           OR ends_with(t.country, E'\t')
           OR ends_with(t.country, E'\n')
           OR ends_with(t.country, E'\r')
           OR ends_with(t.country, E' ') THEN nullif(trim(t.country, E' \t\n\r '), '')
      ELSE t.country
    END AS country, -- Which country do you live in?
    t.income, -- What does your household earn a year?
    list_filter(list_transform(t.pets, lambda x: nullif(trim(x, E' \t\n\r '), '')), lambda x: x IS NOT NULL) AS pets, -- Which pets do you have?
    CASE
      WHEN t.title < '!'
           OR t.title >= '~'
           OR ends_with(t.title, ' ')
           OR ends_with(t.title, E'\t')
           OR ends_with(t.title, E'\n')
           OR ends_with(t.title, E'\r')
           OR ends_with(t.title, E' ') THEN nullif(trim(t.title, E' \t\n\r '), '')
      ELSE t.title
    END AS title,
    t."company.size" AS employees,
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
    t.sales_accepted, -- Does sales accept the lead?
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
      WHEN 'marketing qualified lead' THEN 1 /* mql */
      WHEN 'sales accepted lead' THEN 2 /* sal */
      WHEN 'sales qualified lead' THEN 3 /* sql */
    END AS lifecycle
  FROM leads AS t
  WHERE (t.id >= '!' AND t.id < '~' OR trim(t.id, E' \t\n\r ') <> '')
),
-- texts with case ignored, addresses without what stands around the host
lead_texts AS (
  SELECT
    l.*,
    lower(country) AS country__folded,
    list_transform(pets, lambda x: replace(lower(x), 'ς', 'σ')) AS pets__folded,
    lower(title) AS title__folded,
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
      WHEN t.id < '!'
           OR t.id >= '~'
           OR ends_with(t.id, ' ')
           OR ends_with(t.id, E'\t')
           OR ends_with(t.id, E'\n')
           OR ends_with(t.id, E'\r')
           OR ends_with(t.id, E' ') THEN trim(t.id, E' \t\n\r ')
      ELSE t.id
    END AS lead_key,
    t.type AS event_type,
    (epoch_us(t."at") + 62167219200000000) // 1000 - 62167219200000 AS "at",
    (1793534400000 /* 2026-11-01T12:00:00Z */ * 1000 + 999 - epoch_us(t."at")) // 1000 AS age,
    CAST(timezone(
           'America/New_York',
           timezone(
             'UTC',
             epoch_ms((epoch_us(t."at") + 62167219200000000) // 1000 - 62167219200000)
           )
         ) AS DATE) AS event_day,
    t."properties.path" AS field_1,
    t.outcome
  FROM events AS t
  WHERE t."at" < TIMESTAMPTZ '2026-11-01T12:00:00.001Z'
    AND (t.type >= '!' AND t.type < '~' OR trim(t.type, E' \t\n\r ') <> '')
),
-- what leads did: one pass over the events
activity AS (
  SELECT
    e.lead_key,
    count(*) FILTER (WHERE e.event_type = 'email_opened' AND e.age <= 7776000000 /* 90 days */) AS engagement__opens__events, -- engagement.opens
    count(*)
      FILTER (WHERE CASE
                      WHEN e.event_type = 'Page View' AND e.age <= 1209600000 /* 14 days */ THEN starts_with(
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
                    END) AS engagement__pricing__count, -- engagement.pricing
    count(*) FILTER (WHERE TRUE) AS engagement__quiet__count, -- engagement.quiet
    count(*) FILTER (WHERE e.age <= 5184000000 /* 60 days */) AS engagement__quiet__count_2, -- engagement.quiet
    count(*)
      FILTER (WHERE CASE
                      WHEN e.event_type = 'discovery_call' AND e.age <= 5184000000 /* 60 days */ THEN CASE lower(
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
                             WHEN 'no need' THEN 'no need'
                             WHEN 'need confirmed' THEN 'need confirmed'
                           END = 'need confirmed'
                    END) AS stage__sql__count -- stage.sql
  FROM event_fields AS e
  GROUP BY e.lead_key
),
-- engagement.webinars: its events
engagement__webinars__events AS (
  SELECT
    e.lead_key,
    e."at",
    e.age
  FROM event_fields AS e
  WHERE e.event_type = 'webinar_attended'
    AND e.age <= 15552000000 /* 180 days */
),
-- engagement.webinars: numbered to keep the latest 2
engagement__webinars__numbered_1 AS (
  SELECT
    e.lead_key,
    e."at",
    e.age,
    row_number() OVER (PARTITION BY lead_key ORDER BY "at" DESC) AS place
  FROM engagement__webinars__events AS e
),
-- engagement.webinars: what the kept events are worth
engagement__webinars__kept_events AS (
  SELECT
    lead_key,
    sum(
      (CAST(round(
              CAST(100000 AS DOUBLE) * pow(CAST(2 AS DOUBLE), CAST(-age AS DOUBLE) / CAST(5184000000 AS DOUBLE)) * CAST(100000 AS DOUBLE)
            ) AS BIGINT)
       + 50000) // 100000
    ) AS points
  FROM engagement__webinars__numbered_1 AS e
  WHERE e.place <= 2
  GROUP BY lead_key
),
-- engagement.calls: its events
engagement__calls__events AS (
  SELECT
    e.lead_key,
    e."at",
    e.age,
    e.event_day
  FROM event_fields AS e
  WHERE e.event_type = 'discovery_call'
),
-- engagement.calls: numbered to keep the latest 1 a day
engagement__calls__numbered_1 AS (
  SELECT
    e.lead_key,
    e."at",
    e.age,
    e.event_day,
    row_number() OVER (PARTITION BY lead_key, event_day ORDER BY "at" DESC) AS place
  FROM engagement__calls__events AS e
),
-- engagement.calls: what the kept events are worth
engagement__calls__kept_events AS (
  SELECT
    lead_key,
    sum(greatest(150000 - 50000 * (age // 2592000000), 0)) AS points
  FROM engagement__calls__numbered_1 AS e
  WHERE e.place <= 1
  GROUP BY lead_key
),
-- leads and what they did
leads_and_activity AS (
  SELECT
    l.*,
    coalesce(a.engagement__opens__events, 0) AS engagement__opens__events,
    coalesce(a.engagement__pricing__count, 0) AS engagement__pricing__count,
    coalesce(a.engagement__quiet__count, 0) AS engagement__quiet__count,
    coalesce(a.engagement__quiet__count_2, 0) AS engagement__quiet__count_2,
    coalesce(a.stage__sql__count, 0) AS stage__sql__count,
    coalesce(b.points, 0) AS engagement__webinars__kept,
    coalesce(c1.points, 0) AS engagement__calls__kept
  FROM lead_domains AS l
  LEFT JOIN activity AS a
    ON a.lead_key = l.lead_key
  LEFT JOIN engagement__webinars__kept_events AS b
    ON b.lead_key = l.lead_key
  LEFT JOIN engagement__calls__kept_events AS c1
    ON c1.lead_key = l.lead_key
),
-- values
"values" AS (
  SELECT
    l.*,
    list_contains(pets__folded, 'dog') AND contains(title__words, ' manager ') AS dog_dad, -- dog_dad: Todd, dog dad
    seniority >= 2 /* Director */
    OR (contains(title__words, ' ceo ')
        OR contains(title__words, ' founder ')
        OR contains(title__words, ' head of ')) AS decision_maker -- decision_maker: Decides on purchases
  FROM leads_and_activity AS l
),
-- checks
checks AS (
  SELECT
    l.*,
    country__folded = 'us' AS icp__in_us, -- icp.in_us: Lives in the US
    list_contains(pets__folded, 'dog') AS icp__owns_dog, -- icp.owns_dog: Owns a dog
    income >= 100000 AS icp__can_afford -- icp.can_afford: Makes $100k a year or more
  FROM "values" AS l
),
-- fits
fits AS (
  SELECT
    l.*,
    icp__in_us AND icp__owns_dog AND icp__can_afford AS icp -- icp: Ideal customer, needs 3 of 3
  FROM checks AS l
),
-- rules
rules AS (
  SELECT
    l.*,
    CASE WHEN decision_maker THEN 20 ELSE 0 END AS profile__decides, -- profile.decides: Decides on purchases
    CASE
      WHEN employees IS NULL THEN -5
      WHEN employees >= 10 AND employees <= 49 THEN 5
      WHEN employees >= 50 AND employees <= 499 THEN 15
      WHEN employees >= 500 THEN 10
      ELSE 0
    END AS profile__size, -- profile.size: Company size
    CASE
      WHEN email__domain IN ('gmail.com', 'googlemail.com', 'hotmail.com', 'icloud.com',
             'inbox.example', 'outlook.com', 'postbox.example', 'proton.me', 'yahoo.com') THEN -10
      ELSE 0
    END AS profile__private, -- profile.private: Private address
    5 * engagement__opens__events AS engagement__opens, -- engagement.opens: Reads our emails
    CAST(engagement__webinars__kept AS DECIMAL(28,0)) * 0.0001 AS engagement__webinars, -- engagement.webinars: Attends webinars
    CAST(engagement__calls__kept AS DECIMAL(28,0)) * 0.0001 AS engagement__calls, -- engagement.calls: Talks to us
    CASE WHEN engagement__pricing__count >= 3 THEN 20 ELSE 0 END AS engagement__pricing, -- engagement.pricing: Looked at prices
    CASE WHEN engagement__quiet__count >= 1 AND engagement__quiet__count_2 = 0 THEN -15 ELSE 0 END AS engagement__quiet -- engagement.quiet: Gone quiet
  FROM fits AS l
),
-- groups
"groups" AS (
  SELECT
    l.*,
    CAST(least(engagement__opens, 25) AS DECIMAL(16,4)) AS engagement__email -- engagement.email
  FROM rules AS l
),
-- scores
scores AS (
  SELECT
    l.*,
    CAST(greatest(profile__decides + profile__size + profile__private, 0) AS DECIMAL(16,4)) AS profile, -- profile
    CAST(greatest(
           least(
             engagement__email + engagement__webinars + engagement__calls + engagement__pricing
             + engagement__quiet,
             100
           ),
           0
         ) AS DECIMAL(16,4)) AS engagement -- engagement
  FROM "groups" AS l
),
-- rules
rules_2 AS (
  SELECT
    l.*,
    engagement AS lead_score__engagement, -- lead_score.engagement
    CAST(greatest(
           least(round(CAST(profile AS DECIMAL(38,4)) * 0.5, 4), 999999999999.9999),
           -999999999999.9999
         ) AS DECIMAL(16,4)) AS lead_score__profile -- lead_score.profile
  FROM scores AS l
),
-- scores
scores_2 AS (
  SELECT
    l.*,
    CAST(greatest(least(lead_score__engagement + lead_score__profile, 100), 0) AS DECIMAL(16,4)) AS lead_score -- lead_score
  FROM rules_2 AS l
),
-- bands
bands AS (
  SELECT
    l.*,
    CASE
      WHEN engagement >= 50 THEN 2 /* hot */
      WHEN engagement >= 20 THEN 1 /* warm */
      ELSE 0 /* cold */
    END AS interest -- interest
  FROM scores_2 AS l
),
-- matrices
matrices AS (
  SELECT
    l.*,
    CASE
      WHEN icp THEN CASE
             WHEN interest = 0 /* cold */ THEN 'p3'
             WHEN interest = 1 /* warm */ THEN 'p2'
             ELSE 'p1'
           END
      WHEN icp IS NULL THEN CASE
             WHEN interest = 0 /* cold */ THEN 'p4'
             WHEN interest = 1 /* warm */ THEN 'p3'
             ELSE 'p2'
           END
      ELSE 'p4'
    END AS priority -- priority
  FROM bands AS l
),
-- reasons
reasons AS (
  SELECT
    l.*,
    email__domain IN ('catco.example', 'felinefeasts.example') AS disqualify__competitor -- disqualify.competitor: Works for a competitor
  FROM matrices AS l
),
-- disqualified
disqualified_2 AS (
  SELECT
    l.*,
    coalesce(disqualify__competitor, FALSE) AS disqualified -- whether any reason to disqualify is true
  FROM reasons AS l
),
-- stages
stages AS (
  SELECT
    l.*,
    TRUE AS lead__reached, -- lead: is it reached?
    coalesce(
      icp AND lead_score >= 30 OR lifecycle >= 1 /* mql */ AND (icp AND lead_score >= 20),
      FALSE
    ) AS mql__reached -- mql: Marketing qualified lead: is it reached?
  FROM disqualified_2 AS l
),
-- stages
stages_2 AS (
  SELECT
    l.*,
    coalesce(sales_accepted AND mql__reached, FALSE) AS sal__reached -- sal: Sales accepted lead: is it reached?
  FROM stages AS l
),
-- stages
stages_3 AS (
  SELECT
    l.*,
    coalesce(stage__sql__count >= 1 AND sal__reached, FALSE) AS sql__reached -- sql: Sales qualified lead: is it reached?
  FROM stages_2 AS l
),
-- stage
stage_2 AS (
  SELECT
    l.*,
    CASE
      WHEN sql__reached THEN 3 /* sql */
      WHEN sal__reached THEN 2 /* sal */
      WHEN mql__reached THEN 1 /* mql */
      ELSE 0 /* lead */
    END AS stage -- the highest stage that is reached
  FROM stages_3 AS l
),
-- route, promises
route_and_promises AS (
  SELECT
    l.*,
    CASE
      WHEN disqualified THEN 'out'
      WHEN CASE WHEN disqualified THEN -1 ELSE stage END = 3 /* sql */ THEN 'ae'
      WHEN CASE WHEN disqualified THEN -1 ELSE stage END >= 1 /* mql */ AND priority IN ('p2', 'p1') THEN 'sdr'
      ELSE 'nurture'
    END AS route, -- the first route that takes the lead
    NOT (CASE WHEN disqualified THEN -1 ELSE stage END >= 3 /* sql */) OR icp AS always_1 -- always: sales qualified leads fit
  FROM stage_2 AS l
)
SELECT
  lead_key AS "key", -- The lead's key
  CASE
    WHEN disqualified THEN 'disqualified'
    ELSE CASE stage WHEN 0 THEN 'lead' WHEN 1 THEN 'mql' WHEN 2 THEN 'sal' WHEN 3 THEN 'sql' END
  END AS stage, -- The stage, or `disqualified`
  CASE stage WHEN 0 THEN 'lead' WHEN 1 THEN 'mql' WHEN 2 THEN 'sal' WHEN 3 THEN 'sql' END AS ladder, -- The highest stage that is reached, disqualified or not
  disqualified, -- Whether any reason to disqualify is true
  nullif(substr(CASE WHEN disqualify__competitor THEN ', competitor' ELSE '' END, 3), '') AS disqualified_by, -- The reasons that are true
  icp, -- Ideal customer
  icp__in_us, -- Lives in the US
  icp__owns_dog, -- Owns a dog
  icp__can_afford, -- Makes $100k a year or more
  CAST(profile AS DECIMAL(16,4)) AS profile, -- Profile
  CAST(engagement AS DECIMAL(16,4)) AS engagement, -- Engagement
  CAST(lead_score AS DECIMAL(16,4)) AS lead_score, -- Lead score
  CASE interest WHEN 0 THEN 'cold' WHEN 1 THEN 'warm' WHEN 2 THEN 'hot' END AS interest, -- Interest
  priority, -- Priority
  nullif(substr(CASE WHEN dog_dad THEN ', dog_dad' ELSE '' END, 3), '') AS personas, -- The personas that the lead is
  route, -- The route
  CASE route
    WHEN 'ae' THEN timezone('UTC', epoch_ms(1793538000000 /* 2026-11-01T13:00:00Z */))
    WHEN 'sdr' THEN timezone('UTC', epoch_ms(1793620800000 /* 2026-11-02T12:00:00Z */))
  END AS route_deadline, -- When the route is due
  nullif(substr(CASE WHEN NOT always_1 THEN '; sales qualified leads fit' ELSE '' END, 3), '') AS broken, -- What must never be false and is
  '2026.4' AS policy_version, -- The policy's version
  'sha256:62cf72400f15ed036d29727f781093c79f70c1a00d5b7c1809864ddef04335f8' AS policy_digest, -- The policy's digest
  timezone('UTC', epoch_ms(1793534400000 /* 2026-11-01T12:00:00Z */)) AS as_of -- The instant that leads are judged at
FROM route_and_promises AS l
