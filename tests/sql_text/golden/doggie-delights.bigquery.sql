-- Doggie Delights: inbound leads, version 2026.4
-- sha256:62cf72400f15ed036d29727f781093c79f70c1a00d5b7c1809864ddef04335f8
-- Written by `qualify sql` for BigQuery: a row a lead.
WITH
-- leads: what is missing, listed texts
lead_fields AS (
  SELECT
    trim(t.id, ' \t\n\r ') AS lead_key,
    nullif(trim(t.id, ' \t\n\r '), '') AS id,
    nullif(trim(t.`Email Address`, ' \t\n\r '), '') AS email,
    nullif(trim(t.country, ' \t\n\r '), '') AS country, -- Which country do you live in?
    t.income, -- What does your household earn a year?
    CASE
      WHEN json_value_array(t.pets) IS NOT NULL THEN ARRAY(SELECT y FROM (SELECT nullif(trim(x, ' \t\n\r '), '') AS y, n FROM UNNEST(json_value_array(t.pets)) AS x WITH OFFSET AS n) WHERE y IS NOT NULL ORDER BY n)
    END AS pets, -- Which pets do you have?
    nullif(trim(t.title, ' \t\n\r '), '') AS title,
    t.company.size AS employees,
    CASE lower(translate(trim(t.seniority, ' \t\n\r '), 'İΣ', 'iσ'))
      WHEN 'individual' THEN 0 /* Individual */
      WHEN 'manager' THEN 1 /* Manager */
      WHEN 'director' THEN 2 /* Director */
      WHEN 'vp' THEN 3 /* VP */
      WHEN 'c-level' THEN 4 /* C-level */
    END AS seniority,
    t.sales_accepted, -- Does sales accept the lead?
    CASE lower(translate(trim(t.lifecycle, ' \t\n\r '), 'İΣ', 'iσ'))
      WHEN 'lead' THEN 0 /* lead */
      WHEN 'mql' THEN 1 /* mql */
      WHEN 'sal' THEN 2 /* sal */
      WHEN 'sql' THEN 3 /* sql */
      WHEN 'marketing qualified lead' THEN 1 /* mql */
      WHEN 'sales accepted lead' THEN 2 /* sal */
      WHEN 'sales qualified lead' THEN 3 /* sql */
    END AS lifecycle
  FROM leads AS t
  WHERE trim(t.id, ' \t\n\r ') <> ''
),
-- texts with case ignored, addresses without what stands around the host
lead_texts AS (
  SELECT
    l.*,
    lower(translate(country, 'İΣ', 'iσ')) AS country__folded,
    CASE
      WHEN pets IS NOT NULL THEN ARRAY(SELECT y FROM (SELECT replace(lower(translate(x, 'İΣ', 'iσ')), 'ς', 'σ') AS y, n FROM UNNEST(pets) AS x WITH OFFSET AS n) WHERE TRUE ORDER BY n)
    END AS pets__folded,
    lower(translate(title, 'İΣ', 'iσ')) AS title__folded,
    CASE
      WHEN strpos(email, '://') > 0 THEN regexp_extract(email, '://(?:[^/?#]*@)?([^/?#@:]*)')
      WHEN strpos(email, '@') > 0 THEN CASE
             WHEN ends_with(email, '>') THEN regexp_extract(substr(email, 1, length(email) - 1), '([^@]*)\\z')
             ELSE regexp_extract(email, '([^@]*)\\z')
           END
      ELSE regexp_extract(email, '^[^/?#:]*')
    END AS email__address
  FROM lead_fields AS l
),
-- the words of texts, hosts of addresses
lead_words AS (
  SELECT
    l.*,
    lower(translate(trim(email__address, ' \t\n\r '), 'İΣ', 'iσ')) AS email__host,
    ' '
    || regexp_replace(
         title__folded,
         '[\\x00-\\x2f\\x3a-\\x40\\x5b-\\x60\\x7b-\\x7f\\x{80}-\\x{bf}\\x{2000}-\\x{206f}\\x{3000}-\\x{303f}]+',
         ' '
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
             WHEN strpos(substr(email__bare, 1, length(email__bare) - 1), '.') > 0 THEN substr(email__bare, 1, length(email__bare) - 1)
           END
      WHEN strpos(email__bare, '.') > 0 THEN email__bare
    END AS email__domain
  FROM lead_hosts AS l
),
-- events up to the as-of, and their age in milliseconds
event_fields AS (
  SELECT
    trim(t.id, ' \t\n\r ') AS lead_key,
    t.type AS event_type,
    unix_millis(t.`at`) AS `at`,
    1793534400000 /* 2026-11-01T12:00:00Z */ - unix_millis(t.`at`) AS age,
    date(timestamp_millis(unix_millis(t.`at`)), 'America/New_York') AS event_day,
    t.properties.path AS field_1,
    t.outcome
  FROM events AS t
  WHERE unix_millis(t.`at`) <= 1793534400000 /* 2026-11-01T12:00:00Z */
    AND trim(t.type, ' \t\n\r ') <> ''
),
-- what leads did: one pass over the events
activity AS (
  SELECT
    e.lead_key,
    countif(e.event_type = 'email_opened' AND e.age <= 7776000000 /* 90 days */) AS engagement__opens__events, -- engagement.opens
    countif(
      e.event_type = 'Page View'
      AND e.age <= 1209600000 /* 14 days */
      AND starts_with(
            lower(translate(nullif(trim(e.field_1, ' \t\n\r '), ''), 'İΣ', 'iσ')),
            '/pricing'
          )
    ) AS engagement__pricing__count, -- engagement.pricing
    countif(TRUE) AS engagement__quiet__count, -- engagement.quiet
    countif(e.age <= 5184000000 /* 60 days */) AS engagement__quiet__count_2, -- engagement.quiet
    countif(
      e.event_type = 'discovery_call'
      AND e.age <= 5184000000 /* 60 days */
      AND CASE lower(translate(trim(e.outcome, ' \t\n\r '), 'İΣ', 'iσ'))
            WHEN 'no need' THEN 'no need'
            WHEN 'need confirmed' THEN 'need confirmed'
          END = 'need confirmed'
    ) AS stage__sql__count -- stage.sql
  FROM event_fields AS e
  GROUP BY e.lead_key
),
-- engagement.webinars: its events
engagement__webinars__events AS (
  SELECT
    e.lead_key,
    e.`at`,
    e.age
  FROM event_fields AS e
  WHERE e.event_type = 'webinar_attended'
    AND e.age <= 15552000000 /* 180 days */
),
-- engagement.webinars: numbered to keep the latest 2
engagement__webinars__numbered_1 AS (
  SELECT
    e.lead_key,
    e.`at`,
    e.age,
    row_number() OVER (PARTITION BY lead_key ORDER BY `at` DESC) AS place
  FROM engagement__webinars__events AS e
),
-- engagement.webinars: what the kept events are worth
engagement__webinars__kept_events AS (
  SELECT
    lead_key,
    sum(
      div(
        CAST(round(
               CAST(100000 AS FLOAT64) * pow(CAST(2 AS FLOAT64), CAST(-age AS FLOAT64) / CAST(5184000000 AS FLOAT64)) * CAST(100000 AS FLOAT64)
             ) AS INT64)
        + 50000,
        100000
      )
    ) AS points
  FROM engagement__webinars__numbered_1 AS e
  WHERE e.place <= 2
  GROUP BY lead_key
),
-- engagement.calls: its events
engagement__calls__events AS (
  SELECT
    e.lead_key,
    e.`at`,
    e.age,
    e.event_day
  FROM event_fields AS e
  WHERE e.event_type = 'discovery_call'
),
-- engagement.calls: numbered to keep the latest 1 a day
engagement__calls__numbered_1 AS (
  SELECT
    e.lead_key,
    e.`at`,
    e.age,
    e.event_day,
    row_number() OVER (PARTITION BY lead_key, event_day ORDER BY `at` DESC) AS place
  FROM engagement__calls__events AS e
),
-- engagement.calls: what the kept events are worth
engagement__calls__kept_events AS (
  SELECT
    lead_key,
    sum(greatest(150000 - 50000 * div(age, 2592000000), 0)) AS points
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
`values` AS (
  SELECT
    l.*,
    CASE WHEN pets__folded IS NOT NULL THEN 'dog' IN UNNEST(pets__folded) END
    AND strpos(title__words, ' manager ') > 0 AS dog_dad, -- dog_dad: Todd, dog dad
    seniority >= 2 /* Director */
    OR (strpos(title__words, ' ceo ') > 0
        OR strpos(title__words, ' founder ') > 0
        OR strpos(title__words, ' head of ') > 0) AS decision_maker -- decision_maker: Decides on purchases
  FROM leads_and_activity AS l
),
-- checks
checks AS (
  SELECT
    l.*,
    country__folded = 'us' AS icp__in_us, -- icp.in_us: Lives in the US
    CASE WHEN pets__folded IS NOT NULL THEN 'dog' IN UNNEST(pets__folded) END AS icp__owns_dog, -- icp.owns_dog: Owns a dog
    income >= NUMERIC '100000' AS icp__can_afford -- icp.can_afford: Makes $100k a year or more
  FROM `values` AS l
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
    CASE WHEN decision_maker THEN NUMERIC '20' ELSE 0 END AS profile__decides, -- profile.decides: Decides on purchases
    CASE
      WHEN employees IS NULL THEN NUMERIC '-5'
      WHEN employees >= 10 AND employees <= 49 THEN NUMERIC '5'
      WHEN employees >= 50 AND employees <= 499 THEN NUMERIC '15'
      WHEN employees >= 500 THEN NUMERIC '10'
      ELSE NUMERIC '0'
    END AS profile__size, -- profile.size: Company size
    CASE
      WHEN email__domain IN ('gmail.com', 'googlemail.com', 'hotmail.com', 'icloud.com',
             'inbox.example', 'outlook.com', 'postbox.example', 'proton.me', 'yahoo.com') THEN NUMERIC '-10'
      ELSE 0
    END AS profile__private, -- profile.private: Private address
    NUMERIC '5' * engagement__opens__events AS engagement__opens, -- engagement.opens: Reads our emails
    CAST(engagement__webinars__kept AS NUMERIC) * NUMERIC '0.0001' AS engagement__webinars, -- engagement.webinars: Attends webinars
    CAST(engagement__calls__kept AS NUMERIC) * NUMERIC '0.0001' AS engagement__calls, -- engagement.calls: Talks to us
    CASE WHEN engagement__pricing__count >= 3 THEN NUMERIC '20' ELSE 0 END AS engagement__pricing, -- engagement.pricing: Looked at prices
    CASE
      WHEN engagement__quiet__count >= 1 AND engagement__quiet__count_2 = 0 THEN NUMERIC '-15'
      ELSE 0
    END AS engagement__quiet -- engagement.quiet: Gone quiet
  FROM fits AS l
),
-- groups
`groups` AS (
  SELECT
    l.*,
    CAST(least(engagement__opens, NUMERIC '25') AS NUMERIC(16,4)) AS engagement__email -- engagement.email
  FROM rules AS l
),
-- scores
scores AS (
  SELECT
    l.*,
    CAST(greatest(profile__decides + profile__size + profile__private, NUMERIC '0') AS NUMERIC(16,4)) AS profile, -- profile
    CAST(greatest(
           least(
             engagement__email + engagement__webinars + engagement__calls + engagement__pricing
             + engagement__quiet,
             NUMERIC '100'
           ),
           NUMERIC '0'
         ) AS NUMERIC(16,4)) AS engagement -- engagement
  FROM `groups` AS l
),
-- rules
rules_2 AS (
  SELECT
    l.*,
    engagement AS lead_score__engagement, -- lead_score.engagement
    CAST(greatest(
           least(
             round(CAST(profile AS BIGNUMERIC) * CAST(NUMERIC '0.5' AS BIGNUMERIC), 4),
             NUMERIC '999999999999.9999'
           ),
           NUMERIC '-999999999999.9999'
         ) AS NUMERIC(16,4)) AS lead_score__profile -- lead_score.profile
  FROM scores AS l
),
-- scores
scores_2 AS (
  SELECT
    l.*,
    CAST(greatest(least(lead_score__engagement + lead_score__profile, NUMERIC '100'), NUMERIC '0') AS NUMERIC(16,4)) AS lead_score -- lead_score
  FROM rules_2 AS l
),
-- bands
bands AS (
  SELECT
    l.*,
    CASE
      WHEN engagement >= NUMERIC '50' THEN 2 /* hot */
      WHEN engagement >= NUMERIC '20' THEN 1 /* warm */
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
      icp AND lead_score >= NUMERIC '30'
      OR lifecycle >= 1 /* mql */ AND (icp AND lead_score >= NUMERIC '20'),
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
  lead_key AS `key`, -- The lead's key
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
  CAST(profile AS NUMERIC(16,4)) AS profile, -- Profile
  CAST(engagement AS NUMERIC(16,4)) AS engagement, -- Engagement
  CAST(lead_score AS NUMERIC(16,4)) AS lead_score, -- Lead score
  CASE interest WHEN 0 THEN 'cold' WHEN 1 THEN 'warm' WHEN 2 THEN 'hot' END AS interest, -- Interest
  priority, -- Priority
  nullif(substr(CASE WHEN dog_dad THEN ', dog_dad' ELSE '' END, 3), '') AS personas, -- The personas that the lead is
  route, -- The route
  CASE route
    WHEN 'ae' THEN timestamp_millis(1793538000000 /* 2026-11-01T13:00:00Z */)
    WHEN 'sdr' THEN timestamp_millis(1793620800000 /* 2026-11-02T12:00:00Z */)
  END AS route_deadline, -- When the route is due
  nullif(substr(CASE WHEN NOT always_1 THEN '; sales qualified leads fit' ELSE '' END, 3), '') AS broken, -- What must never be false and is
  '2026.4' AS policy_version, -- The policy's version
  'sha256:62cf72400f15ed036d29727f781093c79f70c1a00d5b7c1809864ddef04335f8' AS policy_digest, -- The policy's digest
  timestamp_millis(1793534400000 /* 2026-11-01T12:00:00Z */) AS as_of -- The instant that leads are judged at
FROM route_and_promises AS l
