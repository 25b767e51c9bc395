-- Kletterei: who climbs with us, version 2.0
-- sha256:95b801e50a63a13ed5154be44065c58fe61b815bb88fb2c1cfa0915035a65124
-- Written by `qualify sql` for DuckDB: a row a lead.
WITH
-- leads: what is missing, listed texts
lead_fields AS (
  SELECT
    trim(CAST(t."No." AS VARCHAR), E' \t\n\r ') AS lead_key,
    t."No." AS person,
    t."Born" AS birth_date, -- When were you born?
    CASE
      WHEN lower(
             CASE
               WHEN t."Postcode" < '!'
                    OR t."Postcode" >= '~'
                    OR ends_with(t."Postcode", ' ')
                    OR ends_with(t."Postcode", E'\t')
                    OR ends_with(t."Postcode", E'\n')
                    OR ends_with(t."Postcode", E'\r')
                    OR ends_with(t."Postcode", E' ') THEN trim(t."Postcode", E' \t\n\r ')
               ELSE t."Postcode"
             END
           ) IN ('select', '-', 'k. a.') THEN NULL
      ELSE CASE
             WHEN t."Postcode" < '!'
                  OR t."Postcode" >= '~'
                  OR ends_with(t."Postcode", ' ')
                  OR ends_with(t."Postcode", E'\t')
                  OR ends_with(t."Postcode", E'\n')
                  OR ends_with(t."Postcode", E'\r')
                  OR ends_with(t."Postcode", E' ') THEN nullif(trim(t."Postcode", E' \t\n\r '), '')
             ELSE t."Postcode"
           END
    END AS postcode, -- What is your postcode?
    CASE
      WHEN lower(
             CASE
               WHEN t."City" < '!'
                    OR t."City" >= '~'
                    OR ends_with(t."City", ' ')
                    OR ends_with(t."City", E'\t')
                    OR ends_with(t."City", E'\n')
                    OR ends_with(t."City", E'\r')
                    OR ends_with(t."City", E' ') THEN trim(t."City", E' \t\n\r ')
               ELSE t."City"
             END
           ) IN ('select', '-', 'k. a.') THEN NULL
      ELSE CASE
             WHEN t."City" < '!'
                  OR t."City" >= '~'
                  OR ends_with(t."City", ' ')
                  OR ends_with(t."City", E'\t')
                  OR ends_with(t."City", E'\n')
                  OR ends_with(t."City", E'\r')
                  OR ends_with(t."City", E' ') THEN nullif(trim(t."City", E' \t\n\r '), '')
             ELSE t."City"
           END
    END AS city,
    list_filter(list_transform(t."Interests", lambda x: CASE
          WHEN lower(trim(x, E' \t\n\r ')) IN ('select', '-', 'k. a.') THEN NULL
          ELSE nullif(trim(x, E' \t\n\r '), '')
        END), lambda x: x IS NOT NULL) AS interests, -- What do you do for fun?
    CASE
      WHEN len(
             list_filter(t."Free days", lambda x: trim(x, E' \t\n\r ') <> ''
               AND NOT (lower(trim(x, E' \t\n\r ')) IN ('select', '-', 'k. a.'))
               AND CASE lower(trim(x, E' \t\n\r '))
                     WHEN 'mon' THEN 'Mon'
                     WHEN 'tue' THEN 'Tue'
                     WHEN 'wed' THEN 'Wed'
                     WHEN 'thu' THEN 'Thu'
                     WHEN 'fri' THEN 'Fri'
                     WHEN 'sat' THEN 'Sat'
                     WHEN 'sun' THEN 'Sun'
                   END IS NULL)
           ) > 0 THEN NULL
      ELSE list_filter(list_transform(t."Free days", lambda x: CASE lower(trim(x, E' \t\n\r '))
                 WHEN 'mon' THEN 'Mon'
                 WHEN 'tue' THEN 'Tue'
                 WHEN 'wed' THEN 'Wed'
                 WHEN 'thu' THEN 'Thu'
                 WHEN 'fri' THEN 'Fri'
                 WHEN 'sat' THEN 'Sat'
                 WHEN 'sun' THEN 'Sun'
               END), lambda x: x IS NOT NULL)
    END AS free_days, -- On which days would you come?
    CASE lower(
        CASE
          WHEN t."Plan" < '!'
               OR t."Plan" >= '~'
               OR ends_with(t."Plan", ' ')
               OR ends_with(t."Plan", E'\t')
               OR ends_with(t."Plan", E'\n')
               OR ends_with(t."Plan", E'\r')
               OR ends_with(t."Plan", E' ') THEN trim(t."Plan", E' \t\n\r ')
          ELSE t."Plan"
        END
      )
      WHEN 'ten visits' THEN 'Ten visits'
      WHEN 'month' THEN 'Month'
      WHEN 'year' THEN 'Year'
    END AS wanted_plan, -- Which plan do you have in mind?
    t."Budget" AS monthly_budget, -- What may it cost a month?
    nullif(t."Children", -1) AS children,
    t."Visits" AS visits,
    t."Months" AS months_here,
    CASE
      WHEN lower(
             CASE
               WHEN t."Message" < '!'
                    OR t."Message" >= '~'
                    OR ends_with(t."Message", ' ')
                    OR ends_with(t."Message", E'\t')
                    OR ends_with(t."Message", E'\n')
                    OR ends_with(t."Message", E'\r')
                    OR ends_with(t."Message", E' ') THEN trim(t."Message", E' \t\n\r ')
               ELSE t."Message"
             END
           ) IN ('select', '-', 'k. a.') THEN NULL
      ELSE CASE
             WHEN t."Message" < '!'
                  OR t."Message" >= '~'
                  OR ends_with(t."Message", ' ')
                  OR ends_with(t."Message", E'\t')
                  OR ends_with(t."Message", E'\n')
                  OR ends_with(t."Message", E'\r')
                  OR ends_with(t."Message", E' ') THEN nullif(trim(t."Message", E' \t\n\r '), '')
             ELSE t."Message"
           END
    END AS message,
    t."Newsletter" AS newsletter,
    CASE
      WHEN (epoch_us(t."Signed up") + 62167219200000000) // 1000 - 62167219200000 >= -62167219200000
           AND (epoch_us(t."Signed up") + 62167219200000000) // 1000 - 62167219200000 <= 253402128000000 THEN (epoch_us(t."Signed up") + 62167219200000000) // 1000 - 62167219200000
    END AS signed_up,
    t."Trial ends" AS trial_ends
  FROM leads AS t
  WHERE (CAST(t."No." AS VARCHAR) >= '!' AND CAST(t."No." AS VARCHAR) < '~'
         OR trim(CAST(t."No." AS VARCHAR), E' \t\n\r ') <> '')
    AND t."No." IS NOT NULL
),
-- texts with case ignored, addresses without what stands around the host
lead_texts AS (
  SELECT
    l.*,
    replace(lower(postcode), 'ς', 'σ') AS postcode__folded,
    lower(city) AS city__folded,
    list_transform(interests, lambda x: replace(lower(x), 'ς', 'σ')) AS interests__folded,
    lower(message) AS message__folded
  FROM lead_fields AS l
),
-- values
"values" AS (
  SELECT
    l.*,
    regexp_matches(postcode__folded, '\A1(?:[0-3][0-9]|4[0-1])[0-9]{2}\z')
    OR city__folded = 'berlin' AS in_berlin, -- in_berlin: Lives in Berlin
    CASE
      WHEN CASE WHEN children >= 1 THEN 1 ELSE 0 END
           + CASE WHEN list_contains(interests__folded, 'climbing') THEN 1 ELSE 0 END
           + CASE
               WHEN list_contains(free_days, 'Sat') OR list_contains(free_days, 'Sun') THEN 1
               ELSE 0
             END >= 2 THEN TRUE
      WHEN CASE WHEN NOT (children >= 1) THEN 0 ELSE 1 END
           + CASE WHEN NOT list_contains(interests__folded, 'climbing') THEN 0 ELSE 1 END
           + CASE
               WHEN NOT (list_contains(free_days, 'Sat') OR list_contains(free_days, 'Sun')) THEN 0
               ELSE 1
             END < 2 THEN FALSE
    END AS jonas, -- jonas: Jonas, brings the children
    (postcode__folded LIKE '10___' ESCAPE '^') OR (postcode__folded LIKE '12___' ESCAPE '^') AS nearby, -- nearby: Lives near a hall
    TRY_CAST(CAST(TRY_CAST(CAST(45 AS DECIMAL(38,4)) * 12 AS DECIMAL(18,4)) AS DECIMAL(38,4)) - 60 AS DECIMAL(18,4)) AS year_price, -- year_price
    CASE birth_date > DATE '2008-11-01'
      WHEN TRUE THEN 'minor'
      WHEN FALSE THEN CASE birth_date > DATE '1990-11-01'
             WHEN TRUE THEN 'young'
             WHEN FALSE THEN CASE birth_date > DATE '1966-11-01'
                    WHEN TRUE THEN 'middle'
                    WHEN FALSE THEN 'senior'
                  END
           END
    END AS age_group, -- age_group
    TRY_CAST(round(
               TRY_CAST(CAST(CAST(list_transform([struct_pack(n := CAST(CAST(visits AS DECIMAL(38,0)) * 1000000 AS HUGEINT), d := CAST(CAST(CASE
                                                WHEN coalesce(months_here, 1) >= 1 THEN coalesce(months_here, 1)
                                                WHEN coalesce(months_here, 1) < 1 THEN 1
                                              END AS DECIMAL(38,0)) * 1 AS HUGEINT))], lambda q: sign(q.n) * sign(q.d) * ((2 * abs(q.n) + abs(q.d)) // nullif(2 * abs(q.d), 0)))[1] AS HUGEINT) AS DECIMAL(38,0)) * 0.000001 AS DECIMAL(18,6)),
               0
             ) AS DECIMAL(18,0)) AS visits_a_month -- visits_a_month
  FROM lead_texts AS l
),
-- values
values_2 AS (
  SELECT
    l.*,
    birth_date <= DATE '1998-11-01'
    AND birth_date > DATE '1990-11-01'
    AND in_berlin
    AND (list_contains(interests__folded, 'climbing')
         OR list_contains(interests__folded, 'bouldering')) AS mia, -- mia: Mia, 28–35, climbs after work
    birth_date <= DATE '1966-11-01'
    AND (list_contains(interests__folded, 'hiking') AND list_contains(interests__folded, 'yoga'))
    AND nearby AS renate, -- renate: Renate, sixty and strong
    TRY_CAST(CAST(CASE
                    WHEN visits_a_month <= 8 THEN visits_a_month
                    WHEN visits_a_month > 8 THEN 8
                  END AS DECIMAL(38,0)) * 2 AS DECIMAL(18,0)) AS visit_points -- visit_points
  FROM "values" AS l
),
-- checks
checks AS (
  SELECT
    l.*,
    birth_date <= DATE '2008-11-01' AND birth_date > DATE '1966-11-01' AS regular__grown_up, -- regular.grown_up: Is 18 to 59 years old
    in_berlin AS regular__place, -- regular.place: Lives in Berlin
    list_contains(interests__folded, 'climbing')
    OR list_contains(interests__folded, 'bouldering')
    OR list_contains(interests__folded, 'hiking')
    OR list_contains(interests__folded, 'yoga') AS regular__taste, -- regular.taste: Climbs, or does something like it
    TRY_CAST(CAST(monthly_budget AS DECIMAL(38,4)) * 12 AS DECIMAL(18,4)) >= year_price AS regular__purse -- regular.purse: Can spare the price of a year
  FROM values_2 AS l
),
-- fits
fits AS (
  SELECT
    l.*,
    CASE
      WHEN CASE WHEN regular__grown_up THEN 1 ELSE 0 END
           + CASE WHEN regular__place THEN 1 ELSE 0 END
           + CASE WHEN regular__taste THEN 1 ELSE 0 END
           + CASE WHEN regular__purse THEN 1 ELSE 0 END >= 3 THEN TRUE
      WHEN CASE WHEN NOT regular__grown_up THEN 1 ELSE 0 END
           + CASE WHEN NOT regular__place THEN 1 ELSE 0 END
           + CASE WHEN NOT regular__taste THEN 1 ELSE 0 END
           + CASE WHEN NOT regular__purse THEN 1 ELSE 0 END > 1 THEN FALSE
    END AS regular -- regular: Could be a regular, needs 3 of 4
  FROM checks AS l
),
-- rules
rules AS (
  SELECT
    l.*,
    CASE
      WHEN interests IS NULL THEN -5
      WHEN list_contains(
                 list_transform(interests, lambda x: replace(lower(x), 'ς', 'σ')),
                 'climbing'
               )
           AND list_contains(
                 list_transform(interests, lambda x: replace(lower(x), 'ς', 'σ')),
                 'bouldering'
               ) THEN 30
      WHEN list_contains(
                list_transform(interests, lambda x: replace(lower(x), 'ς', 'σ')),
                'climbing'
              )
           OR list_contains(
                list_transform(interests, lambda x: replace(lower(x), 'ς', 'σ')),
                'bouldering'
              ) THEN 20
      WHEN list_contains(list_transform(interests, lambda x: replace(lower(x), 'ς', 'σ')), 'yoga') THEN 10
      ELSE 0
    END AS warmth__fun, -- warmth.fun: What they do for fun
    CASE WHEN len(interests) >= 4 THEN 5 ELSE 0 END AS warmth__curious, -- warmth.curious: Does many things
    CASE
      WHEN replace(lower(age_group), 'ς', 'σ') = 'young' THEN 10
      WHEN replace(lower(age_group), 'ς', 'σ') = 'middle' THEN 5
      ELSE 0
    END AS warmth__life, -- warmth.life: Age group
    CASE
      WHEN monthly_budget < 20 THEN -10
      WHEN monthly_budget >= 20 AND monthly_budget <= 45 THEN 5
      WHEN monthly_budget > 45 THEN 15
      ELSE 0
    END AS warmth__purse, -- warmth.purse: Monthly budget
    CASE
      WHEN list_contains(free_days, 'Mon')
           OR list_contains(free_days, 'Tue')
           OR list_contains(free_days, 'Wed')
           OR list_contains(free_days, 'Thu') THEN 10
      ELSE 0
    END AS warmth__weekdays, -- warmth.weekdays: Comes when it is empty
    CASE WHEN len(free_days) >= 3 THEN 10 ELSE 0 END AS warmth__often, -- warmth.often: Has time
    CASE WHEN nearby THEN 10 ELSE 0 END AS warmth__nearby, -- warmth.nearby: Lives near a hall
    CASE WHEN trial_ends >= DATE '2026-11-01' AND trial_ends <= DATE '2026-11-15' THEN 15 ELSE 0 END AS warmth__trial, -- warmth.trial: Trial is about to end
    CASE
      WHEN length(message) >= 40
           AND NOT (contains(message__folded, 'http:') OR contains(message__folded, 'https:')) THEN 5
      ELSE 0
    END AS warmth__letter, -- warmth.letter: Writes us a letter
    CASE WHEN newsletter THEN 5 ELSE 0 END AS warmth__mail, -- warmth.mail: Reads "Up the Wall"
    CASE WHEN signed_up >= 1788213600000 /* 2026-08-31T22:00:00Z */ THEN 5 ELSE 0 END AS warmth__prices, -- warmth.prices: Knows the new prices
    greatest(
      least(
        -2 * CASE
            WHEN signed_up IS NOT NULL THEN greatest(1793534400000 /* 2026-11-01T12:00:00Z */ - signed_up, 0) // 2592000000
            ELSE 0
          END,
        10
      ),
      -10
    ) AS warmth__waiting, -- warmth.waiting: Months on the list
    CAST(greatest(least(coalesce(visit_points, 0), 999999999999.9999), -999999999999.9999) AS DECIMAL(16,4)) AS warmth__visit_points -- warmth.visit_points
  FROM fits AS l
),
-- groups
"groups" AS (
  SELECT
    l.*,
    CAST(least(warmth__weekdays + warmth__often, 15) AS DECIMAL(16,4)) AS warmth__time_left -- warmth.time_left: Time
  FROM rules AS l
),
-- scores
scores AS (
  SELECT
    l.*,
    CAST(greatest(
           least(
             CAST(warmth__fun AS DECIMAL(38,4)) + warmth__curious + warmth__life + warmth__purse
             + warmth__time_left
             + warmth__nearby
             + warmth__trial
             + warmth__letter
             + warmth__mail
             + warmth__prices
             + warmth__waiting
             + warmth__visit_points,
             100
           ),
           0
         ) AS DECIMAL(16,4)) AS warmth -- warmth
  FROM "groups" AS l
),
-- bands
bands AS (
  SELECT
    l.*,
    CASE
      WHEN warmth >= 60 THEN 2 /* warm */
      WHEN warmth >= 30 THEN 1 /* mild */
      ELSE 0 /* cool */
    END AS temperature -- temperature
  FROM scores AS l
),
-- matrices
matrices AS (
  SELECT
    l.*,
    CASE
      WHEN wanted_plan = 'Ten visits' THEN CASE
             WHEN temperature = 0 /* cool */ THEN 'letter'
             WHEN temperature = 1 /* mild */ THEN 'tour'
             ELSE 'visits'
           END
      WHEN wanted_plan = 'Month' THEN CASE
             WHEN temperature = 0 /* cool */ THEN 'letter'
             WHEN temperature = 1 /* mild */ THEN 'tour'
             ELSE 'month'
           END
      WHEN wanted_plan = 'Year' THEN CASE
             WHEN temperature = 0 /* cool */ THEN 'tour'
             WHEN temperature = 1 /* mild */ THEN 'month'
             ELSE 'year'
           END
      ELSE CASE
             WHEN temperature = 0 /* cool */ THEN 'letter'
             WHEN temperature = 1 /* mild */ THEN 'letter'
             ELSE 'tour'
           END
    END AS offer -- offer
  FROM bands AS l
),
-- reasons
reasons AS (
  SELECT
    l.*,
    birth_date > DATE '2008-11-01' AS disqualify__minor, -- disqualify.minor: Is not 18 yet
    NOT in_berlin AND city__folded NOT IN ('bernau', 'potsdam') AS disqualify__far -- disqualify.far: Lives too far away
  FROM matrices AS l
),
-- disqualified
disqualified_2 AS (
  SELECT
    l.*,
    coalesce(disqualify__minor OR disqualify__far, FALSE) AS disqualified -- whether any reason to disqualify is true
  FROM reasons AS l
),
-- stages
stages AS (
  SELECT
    l.*,
    TRUE AS visitor__reached, -- visitor: is it reached?
    coalesce(regular, FALSE) AS prospect__reached, -- prospect: is it reached?
    coalesce(regular AND temperature >= 2 /* warm */, FALSE) AS joining__reached -- joining: Ready to join: is it reached?
  FROM disqualified_2 AS l
),
-- stage
stage_2 AS (
  SELECT
    l.*,
    CASE
      WHEN joining__reached THEN 2 /* joining */
      WHEN prospect__reached THEN 1 /* prospect */
      ELSE 0 /* visitor */
    END AS stage -- the highest stage that is reached
  FROM stages AS l
),
-- route, promises
route_and_promises AS (
  SELECT
    l.*,
    CASE
      WHEN coalesce(disqualify__minor, FALSE) THEN 'parents'
      WHEN disqualified THEN 'nobody'
      WHEN offer IN ('visits', 'month', 'year')
           AND CASE WHEN disqualified THEN -1 ELSE stage END >= 1 /* prospect */ THEN 'desk'
      WHEN offer = 'tour' THEN 'tour'
      ELSE 'letter'
    END AS route, -- the first route that takes the lead
    NOT (CASE WHEN disqualified THEN -1 ELSE stage END = 2 /* joining */)
    OR NOT (birth_date > DATE '2008-11-01') AS always_1 -- always: nobody under 18 is asked to join
  FROM stage_2 AS l
)
SELECT
  lead_key AS "key", -- The lead's key
  CASE
    WHEN disqualified THEN 'disqualified'
    ELSE CASE stage WHEN 0 THEN 'visitor' WHEN 1 THEN 'prospect' WHEN 2 THEN 'joining' END
  END AS stage, -- The stage, or `disqualified`
  CASE stage WHEN 0 THEN 'visitor' WHEN 1 THEN 'prospect' WHEN 2 THEN 'joining' END AS ladder, -- The highest stage that is reached, disqualified or not
  disqualified, -- Whether any reason to disqualify is true
  nullif(
    substr(
      CASE WHEN disqualify__minor THEN ', minor' ELSE '' END
      || CASE WHEN disqualify__far THEN ', far' ELSE '' END,
      3
    ),
    ''
  ) AS disqualified_by, -- The reasons that are true
  regular, -- Could be a regular
  regular__grown_up, -- Is 18 to 59 years old
  regular__place, -- Lives in Berlin
  regular__taste, -- Climbs, or does something like it
  regular__purse, -- Can spare the price of a year
  CAST(warmth AS DECIMAL(16,4)) AS warmth, -- Warmth
  CASE temperature WHEN 0 THEN 'cool' WHEN 1 THEN 'mild' WHEN 2 THEN 'warm' END AS temperature, -- Temperature
  offer, -- Offer
  nullif(
    substr(
      CASE WHEN mia THEN ', mia' ELSE '' END || CASE WHEN jonas THEN ', jonas' ELSE '' END
      || CASE WHEN renate THEN ', renate' ELSE '' END,
      3
    ),
    ''
  ) AS personas, -- The personas that the lead is
  route, -- The route
  CASE route
    WHEN 'desk' THEN timezone('UTC', epoch_ms(1793620800000 /* 2026-11-02T12:00:00Z */))
    WHEN 'tour' THEN timezone('UTC', epoch_ms(1794139200000 /* 2026-11-08T12:00:00Z */))
  END AS route_deadline, -- When the route is due
  nullif(
    substr(CASE WHEN NOT always_1 THEN '; nobody under 18 is asked to join' ELSE '' END, 3),
    ''
  ) AS broken, -- What must never be false and is
  '2.0' AS policy_version, -- The policy's version
  'sha256:95b801e50a63a13ed5154be44065c58fe61b815bb88fb2c1cfa0915035a65124' AS policy_digest, -- The policy's digest
  timezone('UTC', epoch_ms(1793534400000 /* 2026-11-01T12:00:00Z */)) AS as_of -- The instant that leads are judged at
FROM route_and_promises AS l
