-- Bank marketing: whom to call about a deposit, version 1.0
-- sha256:1043f4731678b1fff00901017da189924ae6a1cbc86081724acb97b335018378
-- Written by `qualify sql` for Spark: a row a lead.
WITH
-- leads: what is missing, listed texts
lead_fields AS (
  SELECT
    btrim(CAST(t.`Cust_num` AS STRING), ' \t\n\r ') AS lead_key,
    t.`Cust_num` AS client_no,
    t.age AS years_old,
    CASE lower(translate(btrim(t.job, ' \t\n\r '), 'İΣ', 'iσ'))
      WHEN 'admin.' THEN 'admin.'
      WHEN 'blue-collar' THEN 'blue-collar'
      WHEN 'entrepreneur' THEN 'entrepreneur'
      WHEN 'housemaid' THEN 'housemaid'
      WHEN 'management' THEN 'management'
      WHEN 'retired' THEN 'retired'
      WHEN 'self-employed' THEN 'self-employed'
      WHEN 'services' THEN 'services'
      WHEN 'student' THEN 'student'
      WHEN 'technician' THEN 'technician'
      WHEN 'unemployed' THEN 'unemployed'
    END AS job,
    t.`default` AS in_default,
    t.balance,
    t.housing, -- Do you have a housing loan?
    t.loan, -- Do you have a personal loan?
    CASE lower(translate(btrim(t.contact, ' \t\n\r '), 'İΣ', 'iσ'))
      WHEN 'cellular' THEN 'cellular'
      WHEN 'telephone' THEN 'telephone'
    END AS phone, -- On which number may we call you?
    CASE lower(translate(btrim(t.`month`, ' \t\n\r '), 'İΣ', 'iσ'))
      WHEN 'jan' THEN 'jan'
      WHEN 'feb' THEN 'feb'
      WHEN 'mar' THEN 'mar'
      WHEN 'apr' THEN 'apr'
      WHEN 'may' THEN 'may'
      WHEN 'jun' THEN 'jun'
      WHEN 'jul' THEN 'jul'
      WHEN 'aug' THEN 'aug'
      WHEN 'sep' THEN 'sep'
      WHEN 'oct' THEN 'oct'
      WHEN 'nov' THEN 'nov'
      WHEN 'dec' THEN 'dec'
    END AS `month`,
    t.campaign AS calls,
    nullif(t.pdays, -1) AS days_since,
    CASE lower(translate(btrim(t.poutcome, ' \t\n\r '), 'İΣ', 'iσ'))
      WHEN 'success' THEN 'success'
      WHEN 'failure' THEN 'failure'
      WHEN 'other' THEN 'other'
    END AS last_time
  FROM leads AS t
  WHERE btrim(CAST(t.`Cust_num` AS STRING), ' \t\n\r ') <> ''
    AND t.`Cust_num` IS NOT NULL
),
-- checks
checks AS (
  SELECT
    l.*,
    NOT housing AS debt_free__house, -- debt_free.house: Has no housing loan
    NOT loan AS debt_free__personal, -- debt_free.personal: Has no personal loan
    balance >= 0 AS debt_free__account -- debt_free.account: Account is not in the red
  FROM lead_fields AS l
),
-- fits
fits AS (
  SELECT
    l.*,
    debt_free__house AND debt_free__personal AND debt_free__account AS debt_free -- debt_free: Free of debt, needs 3 of 3
  FROM checks AS l
),
-- rules
rules AS (
  SELECT
    l.*,
    CASE
      WHEN last_time = 'success' THEN 50
      WHEN last_time = 'other' THEN 5
      WHEN last_time = 'failure' THEN 1
      ELSE 0
    END AS propensity__last_time, -- propensity.last_time: How the last campaign ended
    CASE
      WHEN days_since IS NULL THEN -2
      WHEN days_since <= 180 THEN 6
      WHEN days_since >= 181 AND days_since <= 365 THEN 1
      WHEN days_since > 365 THEN 4
      ELSE 0
    END AS propensity__again, -- propensity.again: Days since the last campaign
    CASE
      WHEN `month` IS NULL THEN 0
      WHEN `month` IN ('mar', 'sep', 'oct', 'dec') THEN 30
      WHEN `month` IN ('feb', 'apr') THEN 6
      WHEN `month` = 'may' THEN -5
      ELSE -1
    END AS propensity__season, -- propensity.season: Month of the call
    CASE
      WHEN years_old < 25 THEN 8
      WHEN years_old >= 25 AND years_old <= 29 THEN 3
      WHEN years_old >= 30 AND years_old <= 59 THEN -2
      WHEN years_old >= 60 AND years_old <= 64 THEN 12
      WHEN years_old >= 65 THEN 25
      ELSE 0
    END AS propensity__life, -- propensity.life: Age
    CASE WHEN job = 'student' THEN 8 ELSE 0 END AS propensity__student, -- propensity.student: Is a student
    CASE WHEN job IN ('blue-collar', 'housemaid', 'services') THEN -3 ELSE 0 END AS propensity__manual, -- propensity.manual: Manual work
    CASE
      WHEN balance < 0 THEN -6
      WHEN balance >= 0 AND balance <= 499.99 THEN -2
      WHEN balance >= 1500 THEN 4
      ELSE 0
    END AS propensity__savings, -- propensity.savings
    CASE
      WHEN debt_free THEN 6
      WHEN CASE WHEN NOT debt_free__house THEN 1 ELSE 0 END
           + CASE WHEN NOT debt_free__personal THEN 1 ELSE 0 END
           + CASE WHEN NOT debt_free__account THEN 1 ELSE 0 END >= 2 THEN -5
      WHEN NOT (debt_free
                OR CASE WHEN NOT debt_free__house THEN 1 ELSE 0 END
                   + CASE WHEN NOT debt_free__personal THEN 1 ELSE 0 END
                   + CASE WHEN NOT debt_free__account THEN 1 ELSE 0 END >= 2) THEN -2
      ELSE 0
    END AS propensity__debts, -- propensity.debts: Free of debt
    CASE WHEN phone IS NULL THEN -7 WHEN phone = 'cellular' THEN 3 ELSE 0 END AS propensity__phone, -- propensity.phone: Number we have
    CASE WHEN calls >= 5 THEN -5 ELSE 0 END AS propensity__pressed -- propensity.pressed: Has been called five times or more
  FROM fits AS l
),
-- scores
scores AS (
  SELECT
    l.*,
    CAST(greatest(
           least(
             propensity__last_time + propensity__again + propensity__season + propensity__life
             + propensity__student
             + propensity__manual
             + propensity__savings
             + propensity__debts
             + propensity__phone
             + propensity__pressed,
             130
           ),
           -30
         ) AS DECIMAL(16,4)) AS propensity -- propensity
  FROM rules AS l
),
-- bands
bands AS (
  SELECT
    l.*,
    CASE
      WHEN propensity >= 30 THEN 3 /* best */
      WHEN propensity >= 12 THEN 2 /* good */
      WHEN propensity >= 0 THEN 1 /* middle */
      ELSE 0 /* low */
    END AS chance -- chance
  FROM scores AS l
),
-- matrices
matrices AS (
  SELECT
    l.*,
    CASE
      WHEN last_time = 'success' THEN 'thank'
      WHEN last_time = 'failure' THEN CASE
             WHEN chance = 0 /* low */ THEN 'none'
             WHEN chance = 1 /* middle */ THEN 'short'
             WHEN chance = 2 /* good */ THEN 'full'
             ELSE 'full'
           END
      WHEN last_time = 'other' THEN CASE
             WHEN chance = 0 /* low */ THEN 'short'
             WHEN chance = 1 /* middle */ THEN 'short'
             WHEN chance = 2 /* good */ THEN 'full'
             ELSE 'full'
           END
      ELSE CASE
             WHEN chance = 0 /* low */ THEN 'none'
             WHEN chance = 1 /* middle */ THEN 'short'
             WHEN chance = 2 /* good */ THEN 'full'
             ELSE 'full'
           END
    END AS script -- script
  FROM bands AS l
),
-- reasons
reasons AS (
  SELECT
    l.*,
    in_default AS disqualify__in_default, -- disqualify.in_default: Has credit in default
    calls >= 15 AS disqualify__worn_out -- disqualify.worn_out: Has been called fifteen times
  FROM matrices AS l
),
-- disqualified
disqualified_2 AS (
  SELECT
    l.*,
    coalesce(disqualify__in_default OR disqualify__worn_out, FALSE) AS disqualified -- whether any reason to disqualify is true
  FROM reasons AS l
),
-- stages
stages AS (
  SELECT
    l.*,
    TRUE AS client__reached, -- client: is it reached?
    coalesce(propensity >= 0, FALSE) AS worth_it__reached, -- worth_it: Worth a call: is it reached?
    coalesce(propensity >= 12, FALSE) AS call_soon__reached, -- call_soon: is it reached?
    coalesce(propensity >= 30, FALSE) AS call_first__reached -- call_first: is it reached?
  FROM disqualified_2 AS l
),
-- stage
stage_2 AS (
  SELECT
    l.*,
    CASE
      WHEN call_first__reached THEN 3 /* call_first */
      WHEN call_soon__reached THEN 2 /* call_soon */
      WHEN worth_it__reached THEN 1 /* worth_it */
      ELSE 0 /* client */
    END AS stage -- the highest stage that is reached
  FROM stages AS l
),
-- route, promises
route_and_promises AS (
  SELECT
    l.*,
    CASE
      WHEN disqualified THEN 'out'
      WHEN CASE WHEN disqualified THEN -1 ELSE stage END = 3 /* call_first */ AND script = 'thank' THEN 'senior'
      WHEN CASE WHEN disqualified THEN -1 ELSE stage END >= 2 /* call_soon */ THEN 'adviser'
      WHEN CASE WHEN disqualified THEN -1 ELSE stage END = 1 /* worth_it */ AND phone IS NOT NULL THEN 'centre'
      ELSE 'letter'
    END AS route, -- the first route that takes the lead
    NOT (CASE WHEN disqualified THEN -1 ELSE stage END >= 1 /* worth_it */) OR NOT in_default AS always_1 -- always: nobody in default is called
  FROM stage_2 AS l
)
SELECT
  lead_key AS `key`, -- The lead's key
  CASE
    WHEN disqualified THEN 'disqualified'
    ELSE CASE stage
           WHEN 0 THEN 'client'
           WHEN 1 THEN 'worth_it'
           WHEN 2 THEN 'call_soon'
           WHEN 3 THEN 'call_first'
         END
  END AS stage, -- The stage, or `disqualified`
  CASE stage
    WHEN 0 THEN 'client'
    WHEN 1 THEN 'worth_it'
    WHEN 2 THEN 'call_soon'
    WHEN 3 THEN 'call_first'
  END AS ladder, -- The highest stage that is reached, disqualified or not
  disqualified, -- Whether any reason to disqualify is true
  nullif(
    substr(
      CASE WHEN disqualify__in_default THEN ', in_default' ELSE '' END
      || CASE WHEN disqualify__worn_out THEN ', worn_out' ELSE '' END,
      3
    ),
    ''
  ) AS disqualified_by, -- The reasons that are true
  debt_free, -- Free of debt
  debt_free__house, -- Has no housing loan
  debt_free__personal, -- Has no personal loan
  debt_free__account, -- Account is not in the red
  CASE WHEN debt_free__house THEN 1 ELSE 0 END + CASE WHEN debt_free__personal THEN 1 ELSE 0 END
  + CASE WHEN debt_free__account THEN 1 ELSE 0 END AS debt_free__passed, -- Free of debt: checks passed
  CASE WHEN NOT debt_free__house THEN 1 ELSE 0 END
  + CASE WHEN NOT debt_free__personal THEN 1 ELSE 0 END
  + CASE WHEN NOT debt_free__account THEN 1 ELSE 0 END AS debt_free__failed, -- Free of debt: checks failed
  CASE WHEN debt_free__house IS NULL THEN 1 ELSE 0 END
  + CASE WHEN debt_free__personal IS NULL THEN 1 ELSE 0 END
  + CASE WHEN debt_free__account IS NULL THEN 1 ELSE 0 END AS debt_free__unknown, -- Free of debt: checks unknown
  CAST(propensity AS DECIMAL(16,4)) AS propensity, -- Propensity
  CAST(propensity__last_time AS DECIMAL(16,4)) AS propensity__last_time, -- How the last campaign ended
  CAST(propensity__again AS DECIMAL(16,4)) AS propensity__again, -- Days since the last campaign
  CAST(propensity__season AS DECIMAL(16,4)) AS propensity__season, -- Month of the call
  CAST(propensity__life AS DECIMAL(16,4)) AS propensity__life, -- Age
  CAST(propensity__student AS DECIMAL(16,4)) AS propensity__student, -- Is a student
  CAST(propensity__manual AS DECIMAL(16,4)) AS propensity__manual, -- Manual work
  CAST(propensity__savings AS DECIMAL(16,4)) AS propensity__savings, -- Savings
  CAST(propensity__debts AS DECIMAL(16,4)) AS propensity__debts, -- Free of debt
  CAST(propensity__phone AS DECIMAL(16,4)) AS propensity__phone, -- Number we have
  CAST(propensity__pressed AS DECIMAL(16,4)) AS propensity__pressed, -- Has been called five times or more
  CASE chance WHEN 0 THEN 'low' WHEN 1 THEN 'middle' WHEN 2 THEN 'good' WHEN 3 THEN 'best' END AS chance, -- Chance
  script, -- Script
  CAST(NULL AS STRING) AS personas, -- The personas that the lead is
  route, -- The route
  CASE route
    WHEN 'senior' THEN timestamp_millis(1793620800000 /* 2026-11-02T12:00:00Z */)
    WHEN 'adviser' THEN timestamp_millis(1794139200000 /* 2026-11-08T12:00:00Z */)
    WHEN 'centre' THEN timestamp_millis(1796126400000 /* 2026-12-01T12:00:00Z */)
  END AS route_deadline, -- When the route is due
  nullif(substr(CASE WHEN NOT always_1 THEN '; nobody in default is called' ELSE '' END, 3), '') AS broken, -- What must never be false and is
  '1.0' AS policy_version, -- The policy's version
  'sha256:1043f4731678b1fff00901017da189924ae6a1cbc86081724acb97b335018378' AS policy_digest, -- The policy's digest
  timestamp_millis(1793534400000 /* 2026-11-01T12:00:00Z */) AS as_of -- The instant that leads are judged at
FROM route_and_promises AS l
