-- B2B SaaS: two thousand leads, version 1.1
-- sha256:b1b52637bd5e94bd0ad8dc54b4c4a9f3c68023e81915580cc0c6c5d74d45b1c9
-- Written by `qualify sql` for DuckDB: a row a lead.
WITH
-- leads: what is missing, listed texts
lead_fields AS (
  SELECT
    CASE
      WHEN t.lead_id < '!'
           OR t.lead_id >= '~'
           OR ends_with(t.lead_id, ' ')
           OR ends_with(t.lead_id, E'\t')
           OR ends_with(t.lead_id, E'\n')
           OR ends_with(t.lead_id, E'\r')
           OR ends_with(t.lead_id, E' ') THEN trim(t.lead_id, E' \t\n\r ')
      ELSE t.lead_id
    END AS lead_key,
    CASE
      WHEN t.lead_id < '!'
           OR t.lead_id >= '~'
           OR ends_with(t.lead_id, ' ')
           OR ends_with(t.lead_id, E'\t')
           OR ends_with(t.lead_id, E'\n')
           OR ends_with(t.lead_id, E'\r')
           OR ends_with(t.lead_id, E' ') THEN nullif(trim(t.lead_id, E' \t\n\r '), '')
      ELSE t.lead_id
    END AS lead_id,
    CASE
      WHEN (epoch_us(t.created_at) + 62167219200000000) // 1000 - 62167219200000 >= -62167219200000
           AND (epoch_us(t.created_at) + 62167219200000000) // 1000 - 62167219200000 <= 253402128000000 THEN (epoch_us(t.created_at) + 62167219200000000) // 1000 - 62167219200000
    END AS created_at,
    CASE lower(
        CASE
          WHEN t.lead_source < '!'
               OR t.lead_source >= '~'
               OR ends_with(t.lead_source, ' ')
               OR ends_with(t.lead_source, E'\t')
               OR ends_with(t.lead_source, E'\n')
               OR ends_with(t.lead_source, E'\r')
               OR ends_with(t.lead_source, E' ') THEN trim(t.lead_source, E' \t\n\r ')
          ELSE t.lead_source
        END
      )
      WHEN 'inbound_marketing' THEN 'inbound_marketing'
      WHEN 'sdr_outbound' THEN 'sdr_outbound'
      WHEN 'partner_referral' THEN 'partner_referral'
    END AS lead_source,
    CASE
      WHEN t.job_title < '!'
           OR t.job_title >= '~'
           OR ends_with(t.job_title, ' ')
           OR ends_with(t.job_title, E'\t')
           OR ends_with(t.job_title, E'\n')
           OR ends_with(t.job_title, E'\r')
           OR ends_with(t.job_title, E' ') THEN nullif(trim(t.job_title, E' \t\n\r '), '')
      ELSE t.job_title
    END AS job_title,
    CASE lower(
        CASE
          WHEN t.role_function < '!'
               OR t.role_function >= '~'
               OR ends_with(t.role_function, ' ')
               OR ends_with(t.role_function, E'\t')
               OR ends_with(t.role_function, E'\n')
               OR ends_with(t.role_function, E'\r')
               OR ends_with(t.role_function, E' ') THEN trim(t.role_function, E' \t\n\r ')
          ELSE t.role_function
        END
      )
      WHEN 'vp_finance' THEN 'vp_finance'
      WHEN 'procurement_manager' THEN 'procurement_manager'
      WHEN 'ap_manager' THEN 'ap_manager'
      WHEN 'it_director' THEN 'it_director'
    END AS role_function,
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
      WHEN 'individual_contributor' THEN 0 /* individual_contributor */
      WHEN 'manager' THEN 1 /* manager */
      WHEN 'director' THEN 2 /* director */
      WHEN 'vp' THEN 3 /* vp */
      WHEN 'c_suite' THEN 4 /* c_suite */
    END AS seniority,
    CASE lower(
        CASE
          WHEN t.employee_band < '!'
               OR t.employee_band >= '~'
               OR ends_with(t.employee_band, ' ')
               OR ends_with(t.employee_band, E'\t')
               OR ends_with(t.employee_band, E'\n')
               OR ends_with(t.employee_band, E'\r')
               OR ends_with(t.employee_band, E' ') THEN trim(t.employee_band, E' \t\n\r ')
          ELSE t.employee_band
        END
      )
      WHEN '200-499' THEN 0 /* 200-499 */
      WHEN '500-999' THEN 1 /* 500-999 */
      WHEN '1000-1999' THEN 2 /* 1000-1999 */
      WHEN '2000+' THEN 3 /* 2000+ */
    END AS people,
    CASE lower(
        CASE
          WHEN t.estimated_revenue_band < '!'
               OR t.estimated_revenue_band >= '~'
               OR ends_with(t.estimated_revenue_band, ' ')
               OR ends_with(t.estimated_revenue_band, E'\t')
               OR ends_with(t.estimated_revenue_band, E'\n')
               OR ends_with(t.estimated_revenue_band, E'\r')
               OR ends_with(t.estimated_revenue_band, E' ') THEN trim(t.estimated_revenue_band, E' \t\n\r ')
          ELSE t.estimated_revenue_band
        END
      )
      WHEN '$1m-$10m' THEN 0 /* $1M-$10M */
      WHEN '$10m-$50m' THEN 1 /* $10M-$50M */
      WHEN '$50m-$200m' THEN 2 /* $50M-$200M */
      WHEN '$200m+' THEN 3 /* $200M+ */
    END AS revenue,
    CASE lower(
        CASE
          WHEN t.process_maturity_band < '!'
               OR t.process_maturity_band >= '~'
               OR ends_with(t.process_maturity_band, ' ')
               OR ends_with(t.process_maturity_band, E'\t')
               OR ends_with(t.process_maturity_band, E'\n')
               OR ends_with(t.process_maturity_band, E'\r')
               OR ends_with(t.process_maturity_band, E' ') THEN trim(t.process_maturity_band, E' \t\n\r ')
          ELSE t.process_maturity_band
        END
      )
      WHEN 'low' THEN 0 /* low */
      WHEN 'medium' THEN 1 /* medium */
      WHEN 'high' THEN 2 /* high */
    END AS maturity
  FROM leads AS t
  WHERE (t.lead_id >= '!' AND t.lead_id < '~' OR trim(t.lead_id, E' \t\n\r ') <> '')
),
-- texts with case ignored, addresses without what stands around the host
lead_texts AS (
  SELECT
    l.*,
    lower(job_title) AS job_title__folded
  FROM lead_fields AS l
),
-- the words of texts, hosts of addresses
lead_words AS (
  SELECT
    l.*,
    ' '
    || regexp_replace(
         job_title__folded,
         '[\x00-\x2f\x3a-\x40\x5b-\x60\x7b-\x7f\x{80}-\x{bf}\x{2000}-\x{206f}\x{3000}-\x{303f}]+',
         ' ',
         'g'
       )
    || ' ' AS job_title__words
  FROM lead_texts AS l
),
-- events up to the as-of, and their age in milliseconds
event_fields AS (
  SELECT
    CASE
      WHEN t.lead_id < '!'
           OR t.lead_id >= '~'
           OR ends_with(t.lead_id, ' ')
           OR ends_with(t.lead_id, E'\t')
           OR ends_with(t.lead_id, E'\n')
           OR ends_with(t.lead_id, E'\r')
           OR ends_with(t.lead_id, E' ') THEN trim(t.lead_id, E' \t\n\r ')
      ELSE t.lead_id
    END AS lead_key,
    t.type AS event_type,
    (epoch_us(t."at") + 62167219200000000) // 1000 - 62167219200000 AS "at",
    (1793534400000 /* 2026-11-01T12:00:00Z */ * 1000 + 999 - epoch_us(t."at")) // 1000 AS age,
    CAST(epoch_ms((epoch_us(t."at") + 62167219200000000) // 1000 - 62167219200000) AS DATE) AS event_day,
    t.page_views,
    t.pricing_page_views,
    t.seconds,
    t.outcome
  FROM events AS t
  WHERE t."at" < TIMESTAMPTZ '2026-11-01T12:00:00.001Z'
    AND (t.type >= '!' AND t.type < '~' OR trim(t.type, E' \t\n\r ') <> '')
),
-- what leads did: one pass over the events
activity_2 AS (
  SELECT
    e.lead_key,
    min(e."at") FILTER (WHERE e.event_type IN ('website', 'pricing_page', 'demo_page')) AS found_us__first, -- found_us
    min(e."at")
      FILTER (WHERE e.event_type IN ('sales_email', 'sales_call', 'sales_meeting', 'sales_demo')) AS found_us__first_2, -- found_us
    sum(e.pricing_page_views)
      FILTER (WHERE e.event_type IN ('website', 'pricing_page', 'demo_page')
                    AND e.age <= 2592000000 /* 30 days */) AS activity__prices__total, -- activity.prices
    count(DISTINCT e.event_day)
      FILTER (WHERE e.event_type IN ('website', 'pricing_page', 'demo_page')
                    AND e.age <= 2592000000 /* 30 days */) AS activity__visits__events, -- activity.visits
    min(e.page_views)
      FILTER (WHERE e.event_type IN ('website', 'pricing_page', 'demo_page')
                    AND e.age <= 2592000000 /* 30 days */) AS activity__reads__lowest, -- activity.reads
    max(e.seconds)
      FILTER (WHERE e.event_type IN ('website', 'pricing_page', 'demo_page')
                    AND e.age <= 2592000000 /* 30 days */) AS activity__long__highest, -- activity.long
    sum(
      CASE
        WHEN e.event_type IN ('call', 'email', 'webinar', 'content_download', 'linkedin_message')
             AND e.age <= 2592000000 /* 30 days */ THEN (CAST(round(
                     CAST(15000 AS DOUBLE) * pow(CAST(2 AS DOUBLE), CAST(-e.age AS DOUBLE) / CAST(1209600000 AS DOUBLE)) * CAST(100000 AS DOUBLE)
                   ) AS BIGINT)
              + 50000) // 100000
      END
    ) AS activity__touches__decayed, -- activity.touches
    sum(
      CASE
        WHEN e.event_type IN ('sales_email', 'sales_call', 'sales_meeting', 'sales_demo')
             AND e.age <= 1209600000 /* 14 days */ THEN CASE e.age // 172800000
               WHEN 0 THEN 20000
               WHEN 1 THEN 18000
               WHEN 2 THEN 16200
               WHEN 3 THEN 14580
               WHEN 4 THEN 13122
               WHEN 5 THEN 11810
               WHEN 6 THEN 10629
               WHEN 7 THEN 9566
               WHEN 8 THEN 8609
               WHEN 9 THEN 7748
               WHEN 10 THEN 6974
               WHEN 11 THEN 6276
               WHEN 12 THEN 5649
               WHEN 13 THEN 5084
               WHEN 14 THEN 4575
               WHEN 15 THEN 4118
               WHEN 16 THEN 3706
               WHEN 17 THEN 3335
               WHEN 18 THEN 3002
               WHEN 19 THEN 2702
               WHEN 20 THEN 2432
               WHEN 21 THEN 2188
               WHEN 22 THEN 1970
               WHEN 23 THEN 1773
               WHEN 24 THEN 1595
               WHEN 25 THEN 1436
               WHEN 26 THEN 1292
               WHEN 27 THEN 1163
               WHEN 28 THEN 1047
               WHEN 29 THEN 942
               WHEN 30 THEN 848
               WHEN 31 THEN 763
               WHEN 32 THEN 687
               WHEN 33 THEN 618
               WHEN 34 THEN 556
               WHEN 35 THEN 501
               WHEN 36 THEN 451
               WHEN 37 THEN 406
               WHEN 38 THEN 365
               WHEN 39 THEN 328
               WHEN 40 THEN 296
               WHEN 41 THEN 266
               WHEN 42 THEN 239
               WHEN 43 THEN 216
               WHEN 44 THEN 194
               WHEN 45 THEN 175
               WHEN 46 THEN 157
               WHEN 47 THEN 141
               WHEN 48 THEN 127
               WHEN 49 THEN 115
               WHEN 50 THEN 103
               WHEN 51 THEN 93
               WHEN 52 THEN 83
               WHEN 53 THEN 75
               WHEN 54 THEN 68
               WHEN 55 THEN 61
               WHEN 56 THEN 55
               WHEN 57 THEN 49
               WHEN 58 THEN 44
               WHEN 59 THEN 40
               WHEN 60 THEN 36
               WHEN 61 THEN 32
               WHEN 62 THEN 29
               WHEN 63 THEN 26
               WHEN 64 THEN 24
               WHEN 65 THEN 21
               WHEN 66 THEN 19
               WHEN 67 THEN 17
               WHEN 68 THEN 15
               WHEN 69 THEN 14
               WHEN 70 THEN 13
               WHEN 71 THEN 11
               WHEN 72 THEN 10
               WHEN 73 THEN 9
               WHEN 74 THEN 8
               WHEN 75 THEN 7
               WHEN 76 THEN 7
               WHEN 77 THEN 6
               WHEN 78 THEN 5
               WHEN 79 THEN 5
               WHEN 80 THEN 4
               WHEN 81 THEN 4
               WHEN 82 THEN 4
               WHEN 83 THEN 3
               WHEN 84 THEN 3
               WHEN 85 THEN 3
               WHEN 86 THEN 2
               WHEN 87 THEN 2
               WHEN 88 THEN 2
               WHEN 89 THEN 2
               WHEN 90 THEN 2
               WHEN 91 THEN 1
               WHEN 92 THEN 1
               WHEN 93 THEN 1
               WHEN 94 THEN 1
               WHEN 95 THEN 1
               WHEN 96 THEN 1
               WHEN 97 THEN 1
               WHEN 98 THEN 1
               WHEN 99 THEN 1
               WHEN 100 THEN 1
               ELSE 0
             END
      END
    ) AS activity__steps__decayed, -- activity.steps
    count(DISTINCT e.event_day)
      FILTER (WHERE e.event_type IN ('sales_email', 'sales_call', 'sales_meeting', 'sales_demo')
                    AND e.age <= 1209600000 /* 14 days */) AS activity__steady__distinct, -- activity.steady
    count(*)
      FILTER (WHERE CASE
                      WHEN e.event_type IN ('sales_email', 'sales_call', 'sales_meeting',
                                 'sales_demo')
                           AND e.age <= 1209600000 /* 14 days */ THEN CASE lower(
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
                             WHEN 'no_answer' THEN 'no_answer'
                             WHEN 'left_voicemail' THEN 'left_voicemail'
                             WHEN 'connected' THEN 'connected'
                             WHEN 'meeting_set' THEN 'meeting_set'
                             WHEN 'demo_completed' THEN 'demo_completed'
                           END = 'demo_completed'
                    END) AS activity__done__count, -- activity.done
    count(*)
      FILTER (WHERE CASE
                      WHEN e.event_type IN ('sales_email', 'sales_call', 'sales_meeting',
                                 'sales_demo')
                           AND e.age <= 2592000000 /* 30 days */ THEN CASE lower(
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
                             WHEN 'no_answer' THEN 'no_answer'
                             WHEN 'left_voicemail' THEN 'left_voicemail'
                             WHEN 'connected' THEN 'connected'
                             WHEN 'meeting_set' THEN 'meeting_set'
                             WHEN 'demo_completed' THEN 'demo_completed'
                           END IN ('connected', 'meeting_set', 'demo_completed')
                    END) AS answered__count, -- answered
    count(*)
      FILTER (WHERE CASE
                      WHEN e.event_type IN ('sales_email', 'sales_call', 'sales_meeting',
                                 'sales_demo')
                           AND e.age <= 1209600000 /* 14 days */ THEN CASE lower(
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
                             WHEN 'no_answer' THEN 'no_answer'
                             WHEN 'left_voicemail' THEN 'left_voicemail'
                             WHEN 'connected' THEN 'connected'
                             WHEN 'meeting_set' THEN 'meeting_set'
                             WHEN 'demo_completed' THEN 'demo_completed'
                           END = 'no_answer'
                    END) AS activity__unheard__count, -- activity.unheard
    count(*) FILTER (WHERE e.age <= 2592000000 /* 30 days */) AS activity__silence__count, -- activity.silence
    count(*) FILTER (WHERE e.age <= 1209600000 /* 14 days */) AS activity__silence__count_2, -- activity.silence
    count(*) FILTER (WHERE e.age <= 604800000 /* 7 days */) AS activity__silence__count_3, -- activity.silence
    count(*)
      FILTER (WHERE e.event_type IN ('sales_email', 'sales_call', 'sales_meeting', 'sales_demo')
                    AND e.age <= 2592000000 /* 30 days */) AS activity__stuck__count, -- activity.stuck
    count(*)
      FILTER (WHERE CASE
                      WHEN e.event_type IN ('sales_email', 'sales_call', 'sales_meeting',
                                 'sales_demo')
                           AND e.age <= 2592000000 /* 30 days */ THEN CASE lower(
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
                             WHEN 'no_answer' THEN 'no_answer'
                             WHEN 'left_voicemail' THEN 'left_voicemail'
                             WHEN 'connected' THEN 'connected'
                             WHEN 'meeting_set' THEN 'meeting_set'
                             WHEN 'demo_completed' THEN 'demo_completed'
                           END IN ('meeting_set', 'demo_completed')
                    END) AS stage__sql__count, -- stage.sql
    count(*) FILTER (WHERE TRUE) AS route__count -- route
  FROM event_fields AS e
  GROUP BY e.lead_key
),
-- activity.webinar: its events
activity__webinar__events AS (
  SELECT
    e.lead_key,
    e."at",
    e.age,
    e.event_day
  FROM event_fields AS e
  WHERE e.event_type = 'webinar'
    AND e.age <= 2592000000 /* 30 days */
),
-- activity.webinar: numbered to keep the latest 1 a week
activity__webinar__numbered_1 AS (
  SELECT
    e.lead_key,
    e."at",
    e.age,
    e.event_day,
    row_number() OVER (PARTITION BY lead_key, date_trunc('week', event_day) ORDER BY "at" DESC) AS place
  FROM activity__webinar__events AS e
),
-- activity.webinar: what the kept events are worth
activity__webinar__kept_events AS (
  SELECT
    lead_key,
    sum(greatest(40000 - 10000 * (age // 604800000), 0)) AS points
  FROM activity__webinar__numbered_1 AS e
  WHERE e.place <= 1
  GROUP BY lead_key
),
-- activity.demos: its events
activity__demos__events AS (
  SELECT
    e.lead_key,
    e."at",
    e.age
  FROM event_fields AS e
  WHERE e.event_type = 'sales_demo'
    AND e.age <= 5184000000 /* 60 days */
),
-- activity.demos: numbered to keep the latest 3
activity__demos__numbered_1 AS (
  SELECT
    e.lead_key,
    e."at",
    e.age,
    row_number() OVER (PARTITION BY lead_key ORDER BY "at" DESC) AS place
  FROM activity__demos__events AS e
),
-- activity.demos: what the kept events are worth
activity__demos__kept_events AS (
  SELECT
    lead_key,
    sum(
      CASE
        WHEN age < 5184000000 THEN (200000 * (5184000000 - age) + 5184000000) // 10368000000
        ELSE 0
      END
    ) AS points
  FROM activity__demos__numbered_1 AS e
  WHERE e.place <= 3
  GROUP BY lead_key
),
-- leads and what they did
leads_and_activity AS (
  SELECT
    l.*,
    a.found_us__first,
    a.found_us__first_2,
    coalesce(a.activity__prices__total, 0) AS activity__prices__total,
    coalesce(a.activity__visits__events, 0) AS activity__visits__events,
    a.activity__reads__lowest,
    a.activity__long__highest,
    coalesce(a.activity__touches__decayed, 0) AS activity__touches__decayed,
    coalesce(a.activity__steps__decayed, 0) AS activity__steps__decayed,
    coalesce(a.activity__steady__distinct, 0) AS activity__steady__distinct,
    coalesce(a.activity__done__count, 0) AS activity__done__count,
    coalesce(a.answered__count, 0) AS answered__count,
    coalesce(a.activity__unheard__count, 0) AS activity__unheard__count,
    coalesce(a.activity__silence__count, 0) AS activity__silence__count,
    coalesce(a.activity__silence__count_2, 0) AS activity__silence__count_2,
    coalesce(a.activity__silence__count_3, 0) AS activity__silence__count_3,
    coalesce(a.activity__stuck__count, 0) AS activity__stuck__count,
    coalesce(a.stage__sql__count, 0) AS stage__sql__count,
    coalesce(a.route__count, 0) AS route__count,
    coalesce(b.points, 0) AS activity__webinar__kept,
    coalesce(c1.points, 0) AS activity__demos__kept
  FROM lead_words AS l
  LEFT JOIN activity_2 AS a
    ON a.lead_key = l.lead_key
  LEFT JOIN activity__webinar__kept_events AS b
    ON b.lead_key = l.lead_key
  LEFT JOIN activity__demos__kept_events AS c1
    ON c1.lead_key = l.lead_key
),
-- values
"values" AS (
  SELECT
    l.*,
    role_function = 'vp_finance' AND seniority >= 2 /* director */ AS finance, -- finance: Head of finance
    role_function = 'procurement_manager'
    OR (contains(job_title__words, ' procurement ') OR contains(job_title__words, ' sourcing ')) AS procurement, -- procurement: Buyer
    found_us__first < found_us__first_2 AS found_us, -- found_us: Found us first
    answered__count >= 1 AS answered -- answered: Has answered sales
  FROM leads_and_activity AS l
),
-- checks
checks AS (
  SELECT
    l.*,
    revenue >= 1 /* $10M-$50M */ AS company__turnover, -- company.turnover: Takes in $10M a year or more
    people >= 1 /* 500-999 */ AND people <= 2 /* 1000-1999 */ AS company__size, -- company.size: 500 to 1,999 people
    maturity >= 1 /* medium */ AS company__processes -- company.processes: Has processes to speak of
  FROM "values" AS l
),
-- fits
fits AS (
  SELECT
    l.*,
    CASE
      WHEN CASE WHEN company__turnover THEN 1 ELSE 0 END + CASE WHEN company__size THEN 1 ELSE 0 END
           + CASE WHEN company__processes THEN 1 ELSE 0 END >= 2 THEN TRUE
      WHEN CASE WHEN NOT company__turnover THEN 1 ELSE 0 END
           + CASE WHEN NOT company__size THEN 1 ELSE 0 END
           + CASE WHEN NOT company__processes THEN 1 ELSE 0 END > 1 THEN FALSE
    END AS company -- company: Company that we sell to, needs 2 of 3
  FROM checks AS l
),
-- rules
rules AS (
  SELECT
    l.*,
    CASE WHEN revenue IS NULL THEN 0 WHEN revenue >= 1 /* $10M-$50M */ THEN 12 ELSE 2 END AS profile__turnover, -- profile.turnover
    CASE
      WHEN job_title IS NULL THEN 0
      WHEN (job_title__folded LIKE 'vp %' ESCAPE '^') THEN 10
      WHEN job_title__folded IN ('cfo', 'cto') THEN 10
      WHEN starts_with(job_title__folded, 'head of') THEN 8
      WHEN ends_with(job_title__folded, 'manager') OR ends_with(job_title__folded, 'lead') THEN 6
      ELSE 4
    END AS profile__title, -- profile.title: Job title
    CASE
      WHEN lead_source = 'inbound_marketing' THEN 6
      WHEN lead_source = 'partner_referral' THEN 4
      ELSE 0
    END AS profile__source, -- profile.source: Where the lead came from
    CASE WHEN maturity <> 0 /* low */ THEN 4 ELSE 0 END AS profile__processes, -- profile.processes
    CASE WHEN people IN (2 /* 1000-1999 */, 3 /* 2000+ */) THEN 2 ELSE 0 END AS profile__large, -- profile.large
    CASE
      WHEN TRY_CAST(activity__prices__total AS DECIMAL(18,6)) >= 1
           AND TRY_CAST(activity__prices__total AS DECIMAL(18,6)) <= 2 THEN 15
      WHEN TRY_CAST(activity__prices__total AS DECIMAL(18,6)) >= 3 THEN 20
      ELSE 0
    END AS activity__prices, -- activity.prices: Looks at prices
    2 * least(activity__visits__events, 4) AS activity__visits, -- activity.visits: Comes to look
    CASE WHEN TRY_CAST(activity__reads__lowest AS DECIMAL(18,6)) >= 3 THEN 3 ELSE 0 END AS activity__reads, -- activity.reads: Reads on
    CASE WHEN TRY_CAST(activity__long__highest AS DECIMAL(18,6)) >= 480 THEN 3 ELSE 0 END AS activity__long, -- activity.long: Takes its time
    CAST(activity__touches__decayed AS DECIMAL(28,0)) * 0.0001 AS activity__touches, -- activity.touches: Hears from us
    CAST(activity__webinar__kept AS DECIMAL(28,0)) * 0.0001 AS activity__webinar, -- activity.webinar: Webinars
    CAST(activity__demos__kept AS DECIMAL(28,0)) * 0.0001 AS activity__demos, -- activity.demos: Sees demos
    CAST(activity__steps__decayed AS DECIMAL(28,0)) * 0.0001 AS activity__steps, -- activity.steps: Works with sales
    CASE WHEN activity__steady__distinct >= 4 THEN 5 ELSE 0 END AS activity__steady, -- activity.steady: Keeps at it
    CASE WHEN activity__done__count >= 1 THEN 6 ELSE 0 END AS activity__done, -- activity.done: Demo completed
    CASE WHEN activity__unheard__count >= 2 AND NOT answered THEN -6 ELSE 0 END AS activity__unheard, -- activity.unheard: Does not answer
    CASE
      WHEN activity__silence__count = 0 THEN -40
      WHEN activity__silence__count_2 = 0 THEN -25
      WHEN activity__silence__count_3 = 0 THEN -10
      ELSE 0
    END AS activity__silence, -- activity.silence
    CASE
      WHEN created_at <= 1791720000000 /* 2026-10-11T12:00:00Z */ AND activity__stuck__count <= 1 THEN -10
      ELSE 0
    END AS activity__stuck -- activity.stuck: Sales has hardly begun
  FROM fits AS l
),
-- groups
"groups" AS (
  SELECT
    l.*,
    CAST(least(activity__prices + activity__visits + activity__reads + activity__long, 30) AS DECIMAL(16,4)) AS activity__site, -- activity.site: Website
    CAST(least(activity__touches + activity__webinar, 20) AS DECIMAL(16,4)) AS activity__marketing, -- activity.marketing
    CAST(least(
           activity__demos + activity__steps + activity__steady + activity__done + activity__unheard,
           45
         ) AS DECIMAL(16,4)) AS activity__sales -- activity.sales
  FROM rules AS l
),
-- scores
scores AS (
  SELECT
    l.*,
    CAST(greatest(
           profile__turnover + profile__title + profile__source + profile__processes
           + profile__large,
           0
         ) AS DECIMAL(16,4)) AS profile, -- profile
    CAST(greatest(
           least(
             activity__site + activity__marketing + activity__sales + activity__silence
             + activity__stuck,
             100
           ),
           0
         ) AS DECIMAL(16,4)) AS activity -- activity
  FROM "groups" AS l
),
-- rules
rules_2 AS (
  SELECT
    l.*,
    activity AS lead_score__activity, -- lead_score.activity
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
    CAST(greatest(least(lead_score__activity + lead_score__profile, 120), 0) AS DECIMAL(16,4)) AS lead_score -- lead_score
  FROM rules_2 AS l
),
-- bands
bands AS (
  SELECT
    l.*,
    CASE
      WHEN profile >= 28 THEN 3 /* a */
      WHEN profile >= 22 THEN 2 /* b */
      WHEN profile >= 14 THEN 1 /* c */
      ELSE 0 /* d */
    END AS grade, -- grade
    CASE
      WHEN activity >= 45 THEN 3 /* hot */
      WHEN activity >= 30 THEN 2 /* busy */
      WHEN activity >= 15 THEN 1 /* some */
      ELSE 0 /* quiet */
    END AS level -- level
  FROM scores_2 AS l
),
-- matrices
matrices AS (
  SELECT
    l.*,
    CASE
      WHEN grade = 0 /* d */ THEN CASE
             WHEN level = 0 /* quiet */ THEN 'p4'
             WHEN level = 1 /* some */ THEN 'p4'
             WHEN level = 2 /* busy */ THEN 'p3'
             ELSE 'p3'
           END
      WHEN grade = 1 /* c */ THEN CASE
             WHEN level = 0 /* quiet */ THEN 'p4'
             WHEN level = 1 /* some */ THEN 'p3'
             WHEN level = 2 /* busy */ THEN 'p2'
             ELSE 'p2'
           END
      WHEN grade = 2 /* b */ THEN CASE
             WHEN level = 0 /* quiet */ THEN 'p4'
             WHEN level = 1 /* some */ THEN 'p3'
             WHEN level = 2 /* busy */ THEN 'p2'
             ELSE 'p1'
           END
      ELSE CASE
             WHEN level = 0 /* quiet */ THEN 'p3'
             WHEN level = 1 /* some */ THEN 'p2'
             WHEN level = 2 /* busy */ THEN 'p1'
             ELSE 'p1'
           END
    END AS priority -- priority
  FROM bands AS l
),
-- disqualified
disqualified_2 AS (
  SELECT
    l.*,
    FALSE AS disqualified -- whether any reason to disqualify is true
  FROM matrices AS l
),
-- stages
stages AS (
  SELECT
    l.*,
    TRUE AS lead__reached, -- lead: is it reached?
    coalesce(company AND lead_score >= 30, FALSE) AS mql__reached -- mql: Marketing qualified lead: is it reached?
  FROM disqualified_2 AS l
),
-- stages
stages_2 AS (
  SELECT
    l.*,
    coalesce(answered AND mql__reached, FALSE) AS sal__reached -- sal: Sales accepted lead: is it reached?
  FROM stages AS l
),
-- stages
stages_3 AS (
  SELECT
    l.*,
    coalesce(lead_score >= 45 AND stage__sql__count >= 2 AND sal__reached, FALSE) AS sql__reached -- sql: Sales qualified lead: is it reached?
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
      WHEN stage = 3 /* sql */ THEN 'ae'
      WHEN stage >= 1 /* mql */ AND priority IN ('p2', 'p1') THEN 'sdr'
      WHEN stage >= 1 /* mql */ THEN 'later'
      WHEN activity < 1 AND route__count >= 1 THEN 'revive'
      ELSE 'nurture'
    END AS route, -- the first route that takes the lead
    NOT (stage = 3 /* sql */) OR answered AS always_1 -- always: sales qualified leads have answered
  FROM stage_2 AS l
)
SELECT
  lead_key AS "key", -- The lead's key
  CASE stage WHEN 0 THEN 'lead' WHEN 1 THEN 'mql' WHEN 2 THEN 'sal' WHEN 3 THEN 'sql' END AS stage, -- The stage, or `disqualified`
  CASE stage WHEN 0 THEN 'lead' WHEN 1 THEN 'mql' WHEN 2 THEN 'sal' WHEN 3 THEN 'sql' END AS ladder, -- The highest stage that is reached, disqualified or not
  FALSE AS disqualified, -- Whether any reason to disqualify is true
  CAST(NULL AS VARCHAR) AS disqualified_by, -- The reasons that are true
  company, -- Company that we sell to
  company__turnover, -- Takes in $10M a year or more
  company__size, -- 500 to 1,999 people
  company__processes, -- Has processes to speak of
  CASE WHEN company__turnover THEN 1 ELSE 0 END + CASE WHEN company__size THEN 1 ELSE 0 END
  + CASE WHEN company__processes THEN 1 ELSE 0 END AS company__passed, -- Company that we sell to: checks passed
  CASE WHEN NOT company__turnover THEN 1 ELSE 0 END + CASE WHEN NOT company__size THEN 1 ELSE 0 END
  + CASE WHEN NOT company__processes THEN 1 ELSE 0 END AS company__failed, -- Company that we sell to: checks failed
  CASE WHEN company__turnover IS NULL THEN 1 ELSE 0 END
  + CASE WHEN company__size IS NULL THEN 1 ELSE 0 END
  + CASE WHEN company__processes IS NULL THEN 1 ELSE 0 END AS company__unknown, -- Company that we sell to: checks unknown
  CAST(profile AS DECIMAL(16,4)) AS profile, -- Profile
  CAST(profile__turnover AS DECIMAL(16,4)) AS profile__turnover, -- Turnover
  CAST(profile__title AS DECIMAL(16,4)) AS profile__title, -- Job title
  CAST(profile__source AS DECIMAL(16,4)) AS profile__source, -- Where the lead came from
  CAST(profile__processes AS DECIMAL(16,4)) AS profile__processes, -- Processes
  CAST(profile__large AS DECIMAL(16,4)) AS profile__large, -- Large
  CAST(activity AS DECIMAL(16,4)) AS activity, -- Activity
  CAST(activity__site AS DECIMAL(16,4)) AS activity__site, -- Website
  CAST(activity__prices AS DECIMAL(16,4)) AS activity__prices, -- Looks at prices
  CAST(activity__visits AS DECIMAL(16,4)) AS activity__visits, -- Comes to look
  CAST(activity__reads AS DECIMAL(16,4)) AS activity__reads, -- Reads on
  CAST(activity__long AS DECIMAL(16,4)) AS activity__long, -- Takes its time
  CAST(activity__marketing AS DECIMAL(16,4)) AS activity__marketing, -- Marketing
  CAST(activity__touches AS DECIMAL(16,4)) AS activity__touches, -- Hears from us
  CAST(activity__webinar AS DECIMAL(16,4)) AS activity__webinar, -- Webinars
  CAST(activity__sales AS DECIMAL(16,4)) AS activity__sales, -- Sales
  CAST(activity__demos AS DECIMAL(16,4)) AS activity__demos, -- Sees demos
  CAST(activity__steps AS DECIMAL(16,4)) AS activity__steps, -- Works with sales
  CAST(activity__steady AS DECIMAL(16,4)) AS activity__steady, -- Keeps at it
  CAST(activity__done AS DECIMAL(16,4)) AS activity__done, -- Demo completed
  CAST(activity__unheard AS DECIMAL(16,4)) AS activity__unheard, -- Does not answer
  CAST(activity__silence AS DECIMAL(16,4)) AS activity__silence, -- Silence
  CAST(activity__stuck AS DECIMAL(16,4)) AS activity__stuck, -- Sales has hardly begun
  CAST(lead_score AS DECIMAL(16,4)) AS lead_score, -- Lead score
  CAST(lead_score__activity AS DECIMAL(16,4)) AS lead_score__activity, -- Activity
  CAST(lead_score__profile AS DECIMAL(16,4)) AS lead_score__profile, -- Profile
  CASE grade WHEN 0 THEN 'd' WHEN 1 THEN 'c' WHEN 2 THEN 'b' WHEN 3 THEN 'a' END AS grade, -- Grade
  CASE level WHEN 0 THEN 'quiet' WHEN 1 THEN 'some' WHEN 2 THEN 'busy' WHEN 3 THEN 'hot' END AS level, -- Level
  priority, -- Priority
  nullif(
    substr(
      CASE WHEN finance THEN ', finance' ELSE '' END
      || CASE WHEN procurement THEN ', procurement' ELSE '' END
      || CASE WHEN found_us THEN ', found_us' ELSE '' END,
      3
    ),
    ''
  ) AS personas, -- The personas that the lead is
  route, -- The route
  CASE route
    WHEN 'ae' THEN timezone('UTC', epoch_ms(1793620800000 /* 2026-11-02T12:00:00Z */))
    WHEN 'sdr' THEN timezone('UTC', epoch_ms(1793707200000 /* 2026-11-03T12:00:00Z */))
    WHEN 'later' THEN timezone('UTC', epoch_ms(1794744000000 /* 2026-11-15T12:00:00Z */))
  END AS route_deadline, -- When the route is due
  nullif(
    substr(CASE WHEN NOT always_1 THEN '; sales qualified leads have answered' ELSE '' END, 3),
    ''
  ) AS broken, -- What must never be false and is
  '1.1' AS policy_version, -- The policy's version
  'sha256:b1b52637bd5e94bd0ad8dc54b4c4a9f3c68023e81915580cc0c6c5d74d45b1c9' AS policy_digest, -- The policy's digest
  timezone('UTC', epoch_ms(1793534400000 /* 2026-11-01T12:00:00Z */)) AS as_of -- The instant that leads are judged at
FROM route_and_promises AS l
