-- Points and thresholds, version 3.1
-- sha256:d28c4d2dcd0961c04d247976b2046f390558ded99a16743b9dd337dc3d710fbc
-- Written by `qualify sql` for DuckDB: a row a lead.
WITH
-- leads: what is missing, listed texts
lead_fields AS (
  SELECT
    CASE
      WHEN t."Lead ID" < '!'
           OR t."Lead ID" >= '~'
           OR ends_with(t."Lead ID", ' ')
           OR ends_with(t."Lead ID", E'\t')
           OR ends_with(t."Lead ID", E'\n')
           OR ends_with(t."Lead ID", E'\r')
           OR ends_with(t."Lead ID", E' ') THEN trim(t."Lead ID", E' \t\n\r ')
      ELSE t."Lead ID"
    END AS lead_key,
    CASE
      WHEN t."Lead ID" < '!'
           OR t."Lead ID" >= '~'
           OR ends_with(t."Lead ID", ' ')
           OR ends_with(t."Lead ID", E'\t')
           OR ends_with(t."Lead ID", E'\n')
           OR ends_with(t."Lead ID", E'\r')
           OR ends_with(t."Lead ID", E' ') THEN nullif(trim(t."Lead ID", E' \t\n\r '), '')
      ELSE t."Lead ID"
    END AS lead_id,
    CASE lower(
        CASE
          WHEN t."Industry" < '!'
               OR t."Industry" >= '~'
               OR ends_with(t."Industry", ' ')
               OR ends_with(t."Industry", E'\t')
               OR ends_with(t."Industry", E'\n')
               OR ends_with(t."Industry", E'\r')
               OR ends_with(t."Industry", E' ') THEN trim(t."Industry", E' \t\n\r ')
          ELSE t."Industry"
        END
      )
      WHEN 'logistics' THEN 'Logistics'
      WHEN 'manufacturing' THEN 'Manufacturing'
      WHEN 'retail' THEN 'Retail'
      WHEN 'education' THEN 'Education'
      WHEN 'public sector' THEN 'Public sector'
      WHEN 'other' THEN 'Other'
    END AS industry, -- Which industry are you in?
    CASE
      WHEN t."Job title" < '!'
           OR t."Job title" >= '~'
           OR ends_with(t."Job title", ' ')
           OR ends_with(t."Job title", E'\t')
           OR ends_with(t."Job title", E'\n')
           OR ends_with(t."Job title", E'\r')
           OR ends_with(t."Job title", E' ') THEN nullif(trim(t."Job title", E' \t\n\r '), '')
      ELSE t."Job title"
    END AS title,
    CASE
      WHEN t."Referral code" < '!'
           OR t."Referral code" >= '~'
           OR ends_with(t."Referral code", ' ')
           OR ends_with(t."Referral code", E'\t')
           OR ends_with(t."Referral code", E'\n')
           OR ends_with(t."Referral code", E'\r')
           OR ends_with(t."Referral code", E' ') THEN nullif(trim(t."Referral code", E' \t\n\r '), '')
      ELSE t."Referral code"
    END AS referral_code,
    CASE
      WHEN t."Marker" < '!'
           OR t."Marker" >= '~'
           OR ends_with(t."Marker", ' ')
           OR ends_with(t."Marker", E'\t')
           OR ends_with(t."Marker", E'\n')
           OR ends_with(t."Marker", E'\r')
           OR ends_with(t."Marker", E' ') THEN nullif(trim(t."Marker", E' \t\n\r '), '')
      ELSE t."Marker"
    END AS marker
  FROM leads AS t
  WHERE (t."Lead ID" >= '!' AND t."Lead ID" < '~' OR trim(t."Lead ID", E' \t\n\r ') <> '')
),
-- texts with case ignored, addresses without what stands around the host
lead_texts AS (
  SELECT
    l.*,
    lower(title) AS title__folded
  FROM lead_fields AS l
),
-- the words of texts, hosts of addresses
lead_words AS (
  SELECT
    l.*,
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
-- events up to the as-of, and their age in milliseconds
event_fields AS (
  SELECT
    CASE
      WHEN t."Lead ID" < '!'
           OR t."Lead ID" >= '~'
           OR ends_with(t."Lead ID", ' ')
           OR ends_with(t."Lead ID", E'\t')
           OR ends_with(t."Lead ID", E'\n')
           OR ends_with(t."Lead ID", E'\r')
           OR ends_with(t."Lead ID", E' ') THEN trim(t."Lead ID", E' \t\n\r ')
      ELSE t."Lead ID"
    END AS lead_key,
    t."Activity" AS event_type,
    (epoch_us(t."When") + 62167219200000000) // 1000 - 62167219200000 AS "at",
    (1793534400000 /* 2026-11-01T12:00:00Z */ * 1000 + 999 - epoch_us(t."When")) // 1000 AS age,
    CAST(timezone(
           'Europe/London',
           timezone(
             'UTC',
             epoch_ms((epoch_us(t."When") + 62167219200000000) // 1000 - 62167219200000)
           )
         ) AS DATE) AS event_day,
    t."Subject" AS subject
  FROM events AS t
  WHERE t."When" < TIMESTAMPTZ '2026-11-01T12:00:00.001Z'
    AND (t."Activity" >= '!' AND t."Activity" < '~' OR trim(t."Activity", E' \t\n\r ') <> '')
),
-- what leads did: one pass over the events
activity AS (
  SELECT
    e.lead_key,
    count(*)
      FILTER (WHERE e.event_type = 'Webinar attended'
                    AND e."at" >= 1767225600000 /* 2026-01-01T00:00:00Z */) AS lead_score__webinars__events, -- lead_score.webinars
    count(
      DISTINCT CASE
          WHEN e.event_type = 'Webinar attended'
               AND e."at" >= 1767225600000 /* 2026-01-01T00:00:00Z */ THEN replace(
                 lower(
                   CASE
                     WHEN e.subject < '!'
                          OR e.subject >= '~'
                          OR ends_with(e.subject, ' ')
                          OR ends_with(e.subject, E'\t')
                          OR ends_with(e.subject, E'\n')
                          OR ends_with(e.subject, E'\r')
                          OR ends_with(e.subject, E' ') THEN nullif(trim(e.subject, E' \t\n\r '), '')
                     ELSE e.subject
                   END
                 ),
                 'ς',
                 'σ'
               )
        END
    ) AS lead_score__subjects__events, -- lead_score.subjects
    count(
      DISTINCT CASE WHEN e.event_type = 'Brochure ordered' THEN date_trunc('month', e.event_day) END
    ) AS lead_score__brochure__events, -- lead_score.brochure
    count(DISTINCT e.event_day)
      FILTER (WHERE e.event_type = 'Trial login' AND e.age <= 2592000000 /* 30 days */) AS lead_score__trial__events, -- lead_score.trial
    count(*)
      FILTER (WHERE CASE
                      WHEN e.age <= 2592000000 /* 30 days */ THEN lower(e.event_type) = 'live chat'
                    END) AS lead_score__chat__count, -- lead_score.chat
    count(*)
      FILTER (WHERE e.event_type = 'Email bounced'
                    AND e."at" >= 1777633200000 /* 2026-05-01T11:00:00Z */) AS lead_score__bounced__events, -- lead_score.bounced
    count(*) FILTER (WHERE e.event_type = 'Unsubscribed') AS lead_score__left__count, -- lead_score.left
    max(e."at") FILTER (WHERE TRUE) AS lead_score__silence__last -- lead_score.silence
  FROM event_fields AS e
  GROUP BY e.lead_key
),
-- lead_score.emails: its events
lead_score__emails__events AS (
  SELECT
    e.lead_key,
    e."at",
    e.age,
    e.event_day
  FROM event_fields AS e
  WHERE e.event_type = 'Email read'
    AND e."at" >= 1767225600000 /* 2026-01-01T00:00:00Z */
),
-- lead_score.emails: numbered to keep the latest 3 a week
lead_score__emails__numbered_1 AS (
  SELECT
    e.lead_key,
    e."at",
    e.age,
    e.event_day,
    row_number() OVER (PARTITION BY lead_key, date_trunc('week', event_day) ORDER BY "at" DESC) AS place
  FROM lead_score__emails__events AS e
),
-- lead_score.emails: what the kept events are worth
lead_score__emails__kept_events AS (
  SELECT
    lead_key,
    sum(50000) AS points
  FROM lead_score__emails__numbered_1 AS e
  WHERE e.place <= 3
  GROUP BY lead_key
),
-- leads and what they did
leads_and_activity AS (
  SELECT
    l.*,
    coalesce(a.lead_score__webinars__events, 0) AS lead_score__webinars__events,
    coalesce(a.lead_score__subjects__events, 0) AS lead_score__subjects__events,
    coalesce(a.lead_score__brochure__events, 0) AS lead_score__brochure__events,
    coalesce(a.lead_score__trial__events, 0) AS lead_score__trial__events,
    coalesce(a.lead_score__chat__count, 0) AS lead_score__chat__count,
    coalesce(a.lead_score__bounced__events, 0) AS lead_score__bounced__events,
    coalesce(a.lead_score__left__count, 0) AS lead_score__left__count,
    a.lead_score__silence__last,
    coalesce(b.points, 0) AS lead_score__emails__kept
  FROM lead_words AS l
  LEFT JOIN activity AS a
    ON a.lead_key = l.lead_key
  LEFT JOIN lead_score__emails__kept_events AS b
    ON b.lead_key = l.lead_key
),
-- values
"values" AS (
  SELECT
    l.*,
    marker IS NULL OR marker <> 'X' AS may_call -- may_call: May be called
  FROM leads_and_activity AS l
),
-- rules
rules AS (
  SELECT
    l.*,
    CASE WHEN industry IN ('Logistics', 'Manufacturing', 'Retail') THEN 5 ELSE 0 END AS lead_score__industry, -- lead_score.industry: Works in an industry of ours
    CAST(lead_score__emails__kept AS DECIMAL(28,0)) * 0.0001 AS lead_score__emails, -- lead_score.emails: Reads our emails
    10 * lead_score__webinars__events AS lead_score__webinars, -- lead_score.webinars: Attends webinars
    greatest(least(2 * lead_score__subjects__events, 10), -10) AS lead_score__subjects, -- lead_score.subjects: Attends on several subjects
    5 * lead_score__brochure__events AS lead_score__brochure, -- lead_score.brochure: Orders brochures
    greatest(least(1 * lead_score__trial__events, 10), -10) AS lead_score__trial, -- lead_score.trial: Uses the trial
    CASE WHEN lead_score__chat__count >= 1 THEN 10 ELSE 0 END AS lead_score__chat, -- lead_score.chat: Chats with us
    CASE WHEN referral_code = 'FRIEND-26' THEN 15 ELSE 0 END AS lead_score__referral, -- lead_score.referral: Sent by a customer
    greatest(least(-10 * lead_score__bounced__events, 30), -30) AS lead_score__bounced, -- lead_score.bounced: Emails bounce
    CASE
      WHEN contains(title__words, ' student ')
           OR contains(title__words, ' intern ')
           OR contains(title__words, ' trainee ') THEN -25
      ELSE 0
    END AS lead_score__student, -- lead_score.student: Is a student or trainee
    CASE WHEN lead_score__left__count >= 1 THEN -30 ELSE 0 END AS lead_score__left, -- lead_score.left: Unsubscribed
    greatest(
      least(
        -5 * CASE
            WHEN lead_score__silence__last IS NOT NULL THEN greatest(1793534400000 /* 2026-11-01T12:00:00Z */ - lead_score__silence__last, 0) // 2592000000
            ELSE 0
          END,
        25
      ),
      -25
    ) AS lead_score__silence -- lead_score.silence: Months of silence
  FROM "values" AS l
),
-- scores
scores AS (
  SELECT
    l.*,
    CAST(lead_score__industry + lead_score__emails + lead_score__webinars + lead_score__subjects
         + lead_score__brochure
         + lead_score__trial
         + lead_score__chat
         + lead_score__referral
         + lead_score__bounced
         + lead_score__student
         + lead_score__left
         + lead_score__silence AS DECIMAL(16,4)) AS lead_score -- lead_score
  FROM rules AS l
),
-- bands
bands AS (
  SELECT
    l.*,
    CASE
      WHEN lead_score >= 75 THEN 3 /* hot */
      WHEN lead_score >= 40 THEN 2 /* ready */
      WHEN lead_score >= 0 THEN 1 /* on_the_way */
      ELSE 0 /* below_zero */
    END AS gauge -- gauge
  FROM scores AS l
),
-- reasons
reasons AS (
  SELECT
    l.*,
    lead_score <= -20 AS disqualify__low_score -- disqualify.low_score: Score has fallen too low
  FROM bands AS l
),
-- disqualified
disqualified_2 AS (
  SELECT
    l.*,
    coalesce(disqualify__low_score, FALSE) AS disqualified -- whether any reason to disqualify is true
  FROM reasons AS l
),
-- stages
stages AS (
  SELECT
    l.*,
    TRUE AS lead__reached, -- lead: is it reached?
    coalesce(lead_score >= 40, FALSE) AS mql__reached, -- mql: Marketing qualified lead: is it reached?
    coalesce(lead_score >= 75, FALSE) AS sql__reached -- sql: Sales qualified lead: is it reached?
  FROM disqualified_2 AS l
),
-- stage
stage_2 AS (
  SELECT
    l.*,
    CASE WHEN sql__reached THEN 2 /* sql */ WHEN mql__reached THEN 1 /* mql */ ELSE 0 /* lead */ END AS stage -- the highest stage that is reached
  FROM stages AS l
),
-- route, promises
route_and_promises AS (
  SELECT
    l.*,
    CASE
      WHEN disqualified THEN 'stop'
      WHEN CASE WHEN disqualified THEN -1 ELSE stage END = 2 /* sql */ AND may_call THEN 'phone'
      WHEN CASE WHEN disqualified THEN -1 ELSE stage END = 2 /* sql */ THEN 'mail'
      WHEN CASE WHEN disqualified THEN -1 ELSE stage END = 1 /* mql */ THEN 'webinar'
      WHEN gauge >= 1 /* on_the_way */ THEN 'emails'
      ELSE 'once'
    END AS route, -- the first route that takes the lead
    NOT (CASE WHEN disqualified THEN -1 ELSE stage END = 2 /* sql */) OR lead_score >= 40 AS always_1 -- always: the second line lies above the first
  FROM stage_2 AS l
)
SELECT
  lead_key AS "key", -- The lead's key
  CASE
    WHEN disqualified THEN 'disqualified'
    ELSE CASE stage WHEN 0 THEN 'lead' WHEN 1 THEN 'mql' WHEN 2 THEN 'sql' END
  END AS stage, -- The stage, or `disqualified`
  CASE stage WHEN 0 THEN 'lead' WHEN 1 THEN 'mql' WHEN 2 THEN 'sql' END AS ladder, -- The highest stage that is reached, disqualified or not
  disqualified, -- Whether any reason to disqualify is true
  nullif(substr(CASE WHEN disqualify__low_score THEN ', low_score' ELSE '' END, 3), '') AS disqualified_by, -- The reasons that are true
  CAST(lead_score AS DECIMAL(16,4)) AS lead_score, -- Lead score
  CAST(lead_score__industry AS DECIMAL(16,4)) AS lead_score__industry, -- Works in an industry of ours
  CAST(lead_score__emails AS DECIMAL(16,4)) AS lead_score__emails, -- Reads our emails
  CAST(lead_score__webinars AS DECIMAL(16,4)) AS lead_score__webinars, -- Attends webinars
  CAST(lead_score__subjects AS DECIMAL(16,4)) AS lead_score__subjects, -- Attends on several subjects
  CAST(lead_score__brochure AS DECIMAL(16,4)) AS lead_score__brochure, -- Orders brochures
  CAST(lead_score__trial AS DECIMAL(16,4)) AS lead_score__trial, -- Uses the trial
  CAST(lead_score__chat AS DECIMAL(16,4)) AS lead_score__chat, -- Chats with us
  CAST(lead_score__referral AS DECIMAL(16,4)) AS lead_score__referral, -- Sent by a customer
  CAST(lead_score__bounced AS DECIMAL(16,4)) AS lead_score__bounced, -- Emails bounce
  CAST(lead_score__student AS DECIMAL(16,4)) AS lead_score__student, -- Is a student or trainee
  CAST(lead_score__left AS DECIMAL(16,4)) AS lead_score__left, -- Unsubscribed
  CAST(lead_score__silence AS DECIMAL(16,4)) AS lead_score__silence, -- Months of silence
  CASE gauge
    WHEN 0 THEN 'below_zero'
    WHEN 1 THEN 'on_the_way'
    WHEN 2 THEN 'ready'
    WHEN 3 THEN 'hot'
  END AS gauge, -- Gauge
  CAST(NULL AS VARCHAR) AS personas, -- The personas that the lead is
  route, -- The route
  CASE route
    WHEN 'phone' THEN timezone('UTC', epoch_ms(1793620800000 /* 2026-11-02T12:00:00Z */))
    WHEN 'mail' THEN timezone('UTC', epoch_ms(1793793600000 /* 2026-11-04T12:00:00Z */))
    WHEN 'webinar' THEN timezone('UTC', epoch_ms(1794139200000 /* 2026-11-08T12:00:00Z */))
    WHEN 'once' THEN timezone('UTC', epoch_ms(1796126400000 /* 2026-12-01T12:00:00Z */))
  END AS route_deadline, -- When the route is due
  nullif(
    substr(CASE WHEN NOT always_1 THEN '; the second line lies above the first' ELSE '' END, 3),
    ''
  ) AS broken, -- What must never be false and is
  '3.1' AS policy_version, -- The policy's version
  'sha256:d28c4d2dcd0961c04d247976b2046f390558ded99a16743b9dd337dc3d710fbc' AS policy_digest, -- The policy's digest
  timezone('UTC', epoch_ms(1793534400000 /* 2026-11-01T12:00:00Z */)) AS as_of -- The instant that leads are judged at
FROM route_and_promises AS l
