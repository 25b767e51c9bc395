-- Points and thresholds, version 3.1
-- sha256:d28c4d2dcd0961c04d247976b2046f390558ded99a16743b9dd337dc3d710fbc
-- Written by `qualify sql` for Snowflake: a row a lead.
WITH
-- leads: what is missing, listed texts
lead_fields AS (
  SELECT
    trim(t."Lead ID", ' \t\n\r ') AS lead_key,
    nullif(trim(t."Lead ID", ' \t\n\r '), '') AS lead_id,
    CASE lower(translate(trim(t."Industry", ' \t\n\r '), 'İΣ', 'iσ'))
      WHEN 'logistics' THEN 'Logistics'
      WHEN 'manufacturing' THEN 'Manufacturing'
      WHEN 'retail' THEN 'Retail'
      WHEN 'education' THEN 'Education'
      WHEN 'public sector' THEN 'Public sector'
      WHEN 'other' THEN 'Other'
    END AS industry, -- Which industry are you in?
    nullif(trim(t."Job title", ' \t\n\r '), '') AS title,
    nullif(trim(t."Referral code", ' \t\n\r '), '') AS referral_code,
    nullif(trim(t."Marker", ' \t\n\r '), '') AS marker
  FROM leads AS t
  WHERE trim(t."Lead ID", ' \t\n\r ') <> ''
),
-- texts with case ignored, addresses without what stands around the host
lead_texts AS (
  SELECT
    l.*,
    lower(translate(title, 'İΣ', 'iσ')) AS title__folded
  FROM lead_fields AS l
),
-- the words of texts, hosts of addresses
lead_words AS (
  SELECT
    l.*,
    ' '
    || regexp_replace(
         title__folded,
         '[\\x00-\\x2f\\x3a-\\x40\\x5b-\\x60\\x7b-\\x7f\\x{80}-\\x{bf}\\x{2000}-\\x{206f}\\x{3000}-\\x{303f}]+',
         ' '
       )
    || ' ' AS title__words
  FROM lead_texts AS l
),
-- events up to the as-of, and their age in milliseconds
event_fields AS (
  SELECT
    trim(t."Lead ID", ' \t\n\r ') AS lead_key,
    t."Activity" AS event_type,
    date_part(epoch_millisecond, t."When") AS "at",
    1793534400000 /* 2026-11-01T12:00:00Z */ - date_part(epoch_millisecond, t."When") AS age,
    CAST(convert_timezone(
           'UTC',
           'Europe/London',
           to_timestamp_ntz(date_part(epoch_millisecond, t."When"), 3)
         ) AS DATE) AS event_day,
    t."Subject" AS subject
  FROM events AS t
  WHERE date_part(epoch_millisecond, t."When") <= 1793534400000 /* 2026-11-01T12:00:00Z */
    AND trim(t."Activity", ' \t\n\r ') <> ''
),
-- what leads did: one pass over the events
activity AS (
  SELECT
    e.lead_key,
    count_if(
      e.event_type = 'Webinar attended' AND e."at" >= 1767225600000 /* 2026-01-01T00:00:00Z */
    ) AS lead_score__webinars__events, -- lead_score.webinars
    count(
      DISTINCT iff(
          e.event_type = 'Webinar attended' AND e."at" >= 1767225600000 /* 2026-01-01T00:00:00Z */,
          replace(lower(translate(nullif(trim(e.subject, ' \t\n\r '), ''), 'İΣ', 'iσ')), 'ς', 'σ'),
          NULL
        )
    ) AS lead_score__subjects__events, -- lead_score.subjects
    count(DISTINCT iff(e.event_type = 'Brochure ordered', date_trunc('month', e.event_day), NULL)) AS lead_score__brochure__events, -- lead_score.brochure
    count(
      DISTINCT iff(e.event_type = 'Trial login' AND e.age <= 2592000000 /* 30 days */, e.event_day, NULL)
    ) AS lead_score__trial__events, -- lead_score.trial
    count_if(
      e.age <= 2592000000 /* 30 days */ AND lower(translate(e.event_type, 'İΣ', 'iσ')) = 'live chat'
    ) AS lead_score__chat__count, -- lead_score.chat
    count_if(e.event_type = 'Email bounced' AND e."at" >= 1777633200000 /* 2026-05-01T11:00:00Z */) AS lead_score__bounced__events, -- lead_score.bounced
    count_if(e.event_type = 'Unsubscribed') AS lead_score__left__count, -- lead_score.left
    max(iff(TRUE, e."at", NULL)) AS lead_score__silence__last -- lead_score.silence
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
    row_number() OVER (PARTITION BY lead_key, dateadd(day, 1 - dayofweekiso(event_day), event_day) ORDER BY "at" DESC) AS place
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
    CAST(lead_score__emails__kept AS NUMBER(28,0)) * 0.0001 AS lead_score__emails, -- lead_score.emails: Reads our emails
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
            WHEN lead_score__silence__last IS NOT NULL THEN CAST((greatest(
                         1793534400000 /* 2026-11-01T12:00:00Z */ - lead_score__silence__last,
                         0
                       )
                       - mod(
                           greatest(
                             1793534400000 /* 2026-11-01T12:00:00Z */ - lead_score__silence__last,
                             0
                           ),
                           2592000000
                         )) / 2592000000 AS NUMBER(38,0))
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
         + lead_score__silence AS NUMBER(16,4)) AS lead_score -- lead_score
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
  CAST(lead_score AS NUMBER(16,4)) AS lead_score, -- Lead score
  CAST(lead_score__industry AS NUMBER(16,4)) AS lead_score__industry, -- Works in an industry of ours
  CAST(lead_score__emails AS NUMBER(16,4)) AS lead_score__emails, -- Reads our emails
  CAST(lead_score__webinars AS NUMBER(16,4)) AS lead_score__webinars, -- Attends webinars
  CAST(lead_score__subjects AS NUMBER(16,4)) AS lead_score__subjects, -- Attends on several subjects
  CAST(lead_score__brochure AS NUMBER(16,4)) AS lead_score__brochure, -- Orders brochures
  CAST(lead_score__trial AS NUMBER(16,4)) AS lead_score__trial, -- Uses the trial
  CAST(lead_score__chat AS NUMBER(16,4)) AS lead_score__chat, -- Chats with us
  CAST(lead_score__referral AS NUMBER(16,4)) AS lead_score__referral, -- Sent by a customer
  CAST(lead_score__bounced AS NUMBER(16,4)) AS lead_score__bounced, -- Emails bounce
  CAST(lead_score__student AS NUMBER(16,4)) AS lead_score__student, -- Is a student or trainee
  CAST(lead_score__left AS NUMBER(16,4)) AS lead_score__left, -- Unsubscribed
  CAST(lead_score__silence AS NUMBER(16,4)) AS lead_score__silence, -- Months of silence
  CASE gauge
    WHEN 0 THEN 'below_zero'
    WHEN 1 THEN 'on_the_way'
    WHEN 2 THEN 'ready'
    WHEN 3 THEN 'hot'
  END AS gauge, -- Gauge
  CAST(NULL AS VARCHAR) AS personas, -- The personas that the lead is
  route, -- The route
  CASE route
    WHEN 'phone' THEN CAST(to_timestamp_ltz(1793620800000 /* 2026-11-02T12:00:00Z */, 3) AS TIMESTAMP_TZ)
    WHEN 'mail' THEN CAST(to_timestamp_ltz(1793793600000 /* 2026-11-04T12:00:00Z */, 3) AS TIMESTAMP_TZ)
    WHEN 'webinar' THEN CAST(to_timestamp_ltz(1794139200000 /* 2026-11-08T12:00:00Z */, 3) AS TIMESTAMP_TZ)
    WHEN 'once' THEN CAST(to_timestamp_ltz(1796126400000 /* 2026-12-01T12:00:00Z */, 3) AS TIMESTAMP_TZ)
  END AS route_deadline, -- When the route is due
  nullif(
    substr(CASE WHEN NOT always_1 THEN '; the second line lies above the first' ELSE '' END, 3),
    ''
  ) AS broken, -- What must never be false and is
  '3.1' AS policy_version, -- The policy's version
  'sha256:d28c4d2dcd0961c04d247976b2046f390558ded99a16743b9dd337dc3d710fbc' AS policy_digest, -- The policy's digest
  CAST(to_timestamp_ltz(1793534400000 /* 2026-11-01T12:00:00Z */, 3) AS TIMESTAMP_TZ) AS as_of -- The instant that leads are judged at
FROM route_and_promises AS l
