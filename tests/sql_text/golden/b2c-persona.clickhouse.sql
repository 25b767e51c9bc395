-- Kletterei: who climbs with us, version 2.0
-- sha256:95b801e50a63a13ed5154be44065c58fe61b815bb88fb2c1cfa0915035a65124
-- Written by `qualify sql` for ClickHouse: a row a lead.
WITH
-- leads: what is missing, listed texts
lead_fields AS (
  SELECT
    replaceRegexpAll(toString(t.`No.`), '\\A[ \\t\\n\\r\\x{a0}]+|[ \\t\\n\\r\\x{a0}]+\\z', '') AS lead_key,
    t.`No.` AS person,
    toInt32(t.`Born`) AS birth_date, -- When were you born?
    CASE
      WHEN lowerUTF8(
             replaceAll(
               replaceRegexpAll(t.`Postcode`, '\\A[ \\t\\n\\r\\x{a0}]+|[ \\t\\n\\r\\x{a0}]+\\z', ''),
               'İ',
               'i'
             )
           ) IN ('select', '-', 'k. a.') THEN NULL
      ELSE nullif(
             replaceRegexpAll(t.`Postcode`, '\\A[ \\t\\n\\r\\x{a0}]+|[ \\t\\n\\r\\x{a0}]+\\z', ''),
             ''
           )
    END AS postcode, -- What is your postcode?
    CASE
      WHEN lowerUTF8(
             replaceAll(
               replaceRegexpAll(t.`City`, '\\A[ \\t\\n\\r\\x{a0}]+|[ \\t\\n\\r\\x{a0}]+\\z', ''),
               'İ',
               'i'
             )
           ) IN ('select', '-', 'k. a.') THEN NULL
      ELSE nullif(
             replaceRegexpAll(t.`City`, '\\A[ \\t\\n\\r\\x{a0}]+|[ \\t\\n\\r\\x{a0}]+\\z', ''),
             ''
           )
    END AS city,
    CASE
      WHEN t.`Interests` IS NOT NULL THEN toJSONString(arrayMap(x -> toString(x), arrayFilter(x -> x IS NOT NULL, arrayMap(x -> CASE
                   WHEN lowerUTF8(
                          replaceAll(
                            replaceRegexpAll(
                              x,
                              '\\A[ \\t\\n\\r\\x{a0}]+|[ \\t\\n\\r\\x{a0}]+\\z',
                              ''
                            ),
                            'İ',
                            'i'
                          )
                        ) IN ('select', '-', 'k. a.') THEN NULL
                   ELSE nullif(
                          replaceRegexpAll(x, '\\A[ \\t\\n\\r\\x{a0}]+|[ \\t\\n\\r\\x{a0}]+\\z', ''),
                          ''
                        )
                 END, JSONExtract(assumeNotNull(t.`Interests`), 'Array(String)')))))
    END AS interests, -- What do you do for fun?
    CASE
      WHEN CASE
             WHEN t.`Free days` IS NOT NULL THEN arrayExists(x -> ifNull(
                      replaceRegexpAll(x, '\\A[ \\t\\n\\r\\x{a0}]+|[ \\t\\n\\r\\x{a0}]+\\z', '') <> ''
                      AND NOT (lowerUTF8(
                                 replaceAll(
                                   replaceRegexpAll(
                                     x,
                                     '\\A[ \\t\\n\\r\\x{a0}]+|[ \\t\\n\\r\\x{a0}]+\\z',
                                     ''
                                   ),
                                   'İ',
                                   'i'
                                 )
                               ) IN ('select', '-', 'k. a.'))
                      AND CASE lowerUTF8(
                              replaceAll(
                                replaceRegexpAll(
                                  x,
                                  '\\A[ \\t\\n\\r\\x{a0}]+|[ \\t\\n\\r\\x{a0}]+\\z',
                                  ''
                                ),
                                'İ',
                                'i'
                              )
                            )
                            WHEN 'mon' THEN 'Mon'
                            WHEN 'tue' THEN 'Tue'
                            WHEN 'wed' THEN 'Wed'
                            WHEN 'thu' THEN 'Thu'
                            WHEN 'fri' THEN 'Fri'
                            WHEN 'sat' THEN 'Sat'
                            WHEN 'sun' THEN 'Sun'
                          END IS NULL,
                      0
                    ), JSONExtract(assumeNotNull(t.`Free days`), 'Array(String)'))
           END THEN NULL
      ELSE CASE
             WHEN t.`Free days` IS NOT NULL THEN toJSONString(arrayMap(x -> toString(x), arrayFilter(x -> x IS NOT NULL, arrayMap(x -> CASE lowerUTF8(
                            replaceAll(
                              replaceRegexpAll(
                                x,
                                '\\A[ \\t\\n\\r\\x{a0}]+|[ \\t\\n\\r\\x{a0}]+\\z',
                                ''
                              ),
                              'İ',
                              'i'
                            )
                          )
                          WHEN 'mon' THEN 'Mon'
                          WHEN 'tue' THEN 'Tue'
                          WHEN 'wed' THEN 'Wed'
                          WHEN 'thu' THEN 'Thu'
                          WHEN 'fri' THEN 'Fri'
                          WHEN 'sat' THEN 'Sat'
                          WHEN 'sun' THEN 'Sun'
                        END, JSONExtract(assumeNotNull(t.`Free days`), 'Array(String)')))))
           END
    END AS free_days, -- On which days would you come?
    CASE lowerUTF8(
        replaceAll(
          replaceRegexpAll(t.`Plan`, '\\A[ \\t\\n\\r\\x{a0}]+|[ \\t\\n\\r\\x{a0}]+\\z', ''),
          'İ',
          'i'
        )
      )
      WHEN 'ten visits' THEN 'Ten visits'
      WHEN 'month' THEN 'Month'
      WHEN 'year' THEN 'Year'
    END AS wanted_plan, -- Which plan do you have in mind?
    t.`Budget` AS monthly_budget, -- What may it cost a month?
    nullif(t.`Children`, -1) AS children,
    t.`Visits` AS visits,
    t.`Months` AS months_here,
    CASE
      WHEN lowerUTF8(
             replaceAll(
               replaceRegexpAll(t.`Message`, '\\A[ \\t\\n\\r\\x{a0}]+|[ \\t\\n\\r\\x{a0}]+\\z', ''),
               'İ',
               'i'
             )
           ) IN ('select', '-', 'k. a.') THEN NULL
      ELSE nullif(
             replaceRegexpAll(t.`Message`, '\\A[ \\t\\n\\r\\x{a0}]+|[ \\t\\n\\r\\x{a0}]+\\z', ''),
             ''
           )
    END AS message,
    t.`Newsletter` AS newsletter,
    CASE
      WHEN toUnixTimestamp64Milli(t.`Signed up`) >= -62167219200000
           AND toUnixTimestamp64Milli(t.`Signed up`) <= 253402128000000 THEN toUnixTimestamp64Milli(t.`Signed up`)
    END AS signed_up,
    toInt32(t.`Trial ends`) AS trial_ends
  FROM leads AS t
  WHERE replaceRegexpAll(toString(t.`No.`), '\\A[ \\t\\n\\r\\x{a0}]+|[ \\t\\n\\r\\x{a0}]+\\z', '') <> ''
    AND t.`No.` IS NOT NULL
),
-- texts with case ignored, addresses without what stands around the host
lead_texts AS (
  SELECT
    l.*,
    replaceAll(lowerUTF8(replaceAll(postcode, 'İ', 'i')), 'ς', 'σ') AS postcode__folded,
    lowerUTF8(replaceAll(city, 'İ', 'i')) AS city__folded,
    CASE
      WHEN interests IS NOT NULL THEN toJSONString(arrayMap(x -> toString(x), arrayMap(x -> replaceAll(lowerUTF8(replaceAll(x, 'İ', 'i')), 'ς', 'σ'), JSONExtract(assumeNotNull(interests), 'Array(String)'))))
    END AS interests__folded,
    lowerUTF8(replaceAll(message, 'İ', 'i')) AS message__folded
  FROM lead_fields AS l
),
-- values
`values` AS (
  SELECT
    l.*,
    match(postcode__folded, '\\A1(?:[0-3][0-9]|4[0-1])[0-9]{2}\\z') OR city__folded = 'berlin' AS in_berlin, -- in_berlin: Lives in Berlin
    CASE
      WHEN CASE WHEN children >= 1 THEN 1 ELSE 0 END
           + CASE
               WHEN CASE
                      WHEN interests__folded IS NOT NULL THEN has(
                             JSONExtract(assumeNotNull(interests__folded), 'Array(String)'),
                             toString('climbing')
                           )
                    END THEN 1
               ELSE 0
             END
           + CASE
               WHEN CASE
                         WHEN free_days IS NOT NULL THEN has(
                                JSONExtract(assumeNotNull(free_days), 'Array(String)'),
                                toString('Sat')
                              )
                       END
                    OR CASE
                         WHEN free_days IS NOT NULL THEN has(
                                JSONExtract(assumeNotNull(free_days), 'Array(String)'),
                                toString('Sun')
                              )
                       END THEN 1
               ELSE 0
             END >= 2 THEN TRUE
      WHEN CASE WHEN NOT (children >= 1) THEN 0 ELSE 1 END
           + CASE
               WHEN NOT CASE
                          WHEN interests__folded IS NOT NULL THEN has(
                                 JSONExtract(assumeNotNull(interests__folded), 'Array(String)'),
                                 toString('climbing')
                               )
                        END THEN 0
               ELSE 1
             END
           + CASE
               WHEN NOT (CASE
                              WHEN free_days IS NOT NULL THEN has(
                                     JSONExtract(assumeNotNull(free_days), 'Array(String)'),
                                     toString('Sat')
                                   )
                            END
                         OR CASE
                              WHEN free_days IS NOT NULL THEN has(
                                     JSONExtract(assumeNotNull(free_days), 'Array(String)'),
                                     toString('Sun')
                                   )
                            END) THEN 0
               ELSE 1
             END < 2 THEN FALSE
    END AS jonas, -- jonas: Jonas, brings the children
    (postcode__folded LIKE '10___') OR (postcode__folded LIKE '12___') AS nearby, -- nearby: Lives near a hall
    CAST(nullif(
           nullif(
             greatest(
               least(
                 toDecimal128(
                   CAST(nullif(
                          nullif(
                            greatest(
                              least(toDecimal128(45, 4) * 12, 100000000000000),
                              -100000000000000
                            ),
                            100000000000000
                          ),
                          -100000000000000
                        ) AS Nullable(Decimal(18, 4))),
                   4
                 )
                 - 60,
                 100000000000000
               ),
               -100000000000000
             ),
             100000000000000
           ),
           -100000000000000
         ) AS Nullable(Decimal(18, 4))) AS year_price, -- year_price
    CASE birth_date > 14184 /* 2008-11-01 */
      WHEN TRUE THEN 'minor'
      WHEN FALSE THEN CASE birth_date > 7609 /* 1990-11-01 */
             WHEN TRUE THEN 'young'
             WHEN FALSE THEN CASE birth_date > -1157 /* 1966-11-01 */
                    WHEN TRUE THEN 'middle'
                    WHEN FALSE THEN 'senior'
                  END
           END
    END AS age_group, -- age_group
    CAST(nullif(
           nullif(
             greatest(
               least(
                 round(
                   CAST(nullif(
                          nullif(
                            greatest(
                              least(
                                toDecimal128(
                                  CAST(arrayMap(q -> sign(q.1) * sign(q.2) * intDiv(2 * abs(q.1) + abs(q.2), nullif(2 * abs(q.2), 0)), [(toInt256(
                                           CAST(visits AS Nullable(Decimal(76, 0))) * toInt256('1000000')
                                         ), toInt256(
                                           CAST(CASE
                                                  WHEN coalesce(months_here, 1) >= 1 THEN coalesce(months_here, 1)
                                                  WHEN coalesce(months_here, 1) < 1 THEN 1
                                                END AS Nullable(Decimal(76, 0))) * toInt256('1')
                                         ))])[1] AS Nullable(Int128)),
                                  0
                                ) * toDecimal128('0.000001', 6),
                                1000000000000
                              ),
                              -1000000000000
                            ),
                            1000000000000
                          ),
                          -1000000000000
                        ) AS Nullable(Decimal(18, 6))),
                   0
                 ),
                 1000000000000000000
               ),
               -1000000000000000000
             ),
             1000000000000000000
           ),
           -1000000000000000000
         ) AS Nullable(Decimal(18, 0))) AS visits_a_month -- visits_a_month
  FROM lead_texts AS l
),
-- values
values_2 AS (
  SELECT
    l.*,
    birth_date <= 10531 /* 1998-11-01 */
    AND birth_date > 7609 /* 1990-11-01 */
    AND in_berlin
    AND (CASE
              WHEN interests__folded IS NOT NULL THEN has(
                     JSONExtract(assumeNotNull(interests__folded), 'Array(String)'),
                     toString('climbing')
                   )
            END
         OR CASE
              WHEN interests__folded IS NOT NULL THEN has(
                     JSONExtract(assumeNotNull(interests__folded), 'Array(String)'),
                     toString('bouldering')
                   )
            END) AS mia, -- mia: Mia, 28–35, climbs after work
    birth_date <= -1157 /* 1966-11-01 */
    AND (CASE
               WHEN interests__folded IS NOT NULL THEN has(
                      JSONExtract(assumeNotNull(interests__folded), 'Array(String)'),
                      toString('hiking')
                    )
             END
         AND CASE
               WHEN interests__folded IS NOT NULL THEN has(
                      JSONExtract(assumeNotNull(interests__folded), 'Array(String)'),
                      toString('yoga')
                    )
             END)
    AND nearby AS renate, -- renate: Renate, sixty and strong
    CAST(nullif(
           nullif(
             greatest(
               least(
                 toDecimal128(
                   CASE
                     WHEN visits_a_month <= 8 THEN visits_a_month
                     WHEN visits_a_month > 8 THEN 8
                   END,
                   0
                 ) * 2,
                 1000000000000000000
               ),
               -1000000000000000000
             ),
             1000000000000000000
           ),
           -1000000000000000000
         ) AS Nullable(Decimal(18, 0))) AS visit_points -- visit_points
  FROM `values` AS l
),
-- checks
checks AS (
  SELECT
    l.*,
    birth_date <= 14184 /* 2008-11-01 */ AND birth_date > -1157 /* 1966-11-01 */ AS regular__grown_up, -- regular.grown_up: Is 18 to 59 years old
    in_berlin AS regular__place, -- regular.place: Lives in Berlin
    CASE
         WHEN interests__folded IS NOT NULL THEN has(
                JSONExtract(assumeNotNull(interests__folded), 'Array(String)'),
                toString('climbing')
              )
       END
    OR CASE
         WHEN interests__folded IS NOT NULL THEN has(
                JSONExtract(assumeNotNull(interests__folded), 'Array(String)'),
                toString('bouldering')
              )
       END
    OR CASE
         WHEN interests__folded IS NOT NULL THEN has(
                JSONExtract(assumeNotNull(interests__folded), 'Array(String)'),
                toString('hiking')
              )
       END
    OR CASE
         WHEN interests__folded IS NOT NULL THEN has(JSONExtract(assumeNotNull(interests__folded), 'Array(String)'), toString('yoga'))
       END AS regular__taste, -- regular.taste: Climbs, or does something like it
    CAST(nullif(
           nullif(
             greatest(
               least(toDecimal128(monthly_budget, 4) * 12, 100000000000000),
               -100000000000000
             ),
             100000000000000
           ),
           -100000000000000
         ) AS Nullable(Decimal(18, 4))) >= year_price AS regular__purse -- regular.purse: Can spare the price of a year
  FROM values_2 AS l
),
-- fits
fits AS (
  SELECT
    l.*,
    CASE
      WHEN toInt64(
             CASE WHEN regular__grown_up THEN 1 ELSE 0 END
             + CASE WHEN regular__place THEN 1 ELSE 0 END
             + CASE WHEN regular__taste THEN 1 ELSE 0 END
             + CASE WHEN regular__purse THEN 1 ELSE 0 END
           ) >= 3 THEN TRUE
      WHEN toInt64(
             CASE WHEN NOT regular__grown_up THEN 1 ELSE 0 END
             + CASE WHEN NOT regular__place THEN 1 ELSE 0 END
             + CASE WHEN NOT regular__taste THEN 1 ELSE 0 END
             + CASE WHEN NOT regular__purse THEN 1 ELSE 0 END
           ) > 1 THEN FALSE
    END AS regular -- regular: Could be a regular, needs 3 of 4
  FROM checks AS l
),
-- rules
rules AS (
  SELECT
    l.*,
    CASE
      WHEN interests IS NULL THEN -5
      WHEN CASE
                 WHEN CASE
                        WHEN interests IS NOT NULL THEN toJSONString(arrayMap(x -> toString(x), arrayMap(x -> replaceAll(lowerUTF8(replaceAll(x, 'İ', 'i')), 'ς', 'σ'), JSONExtract(assumeNotNull(interests), 'Array(String)'))))
                      END IS NOT NULL THEN has(
                        JSONExtract(
                          assumeNotNull(
                            CASE
                              WHEN interests IS NOT NULL THEN toJSONString(arrayMap(x -> toString(x), arrayMap(x -> replaceAll(lowerUTF8(replaceAll(x, 'İ', 'i')), 'ς', 'σ'), JSONExtract(assumeNotNull(interests), 'Array(String)'))))
                            END
                          ),
                          'Array(String)'
                        ),
                        toString('climbing')
                      )
               END
           AND CASE
                 WHEN CASE
                        WHEN interests IS NOT NULL THEN toJSONString(arrayMap(x -> toString(x), arrayMap(x -> replaceAll(lowerUTF8(replaceAll(x, 'İ', 'i')), 'ς', 'σ'), JSONExtract(assumeNotNull(interests), 'Array(String)'))))
                      END IS NOT NULL THEN has(
                        JSONExtract(
                          assumeNotNull(
                            CASE
                              WHEN interests IS NOT NULL THEN toJSONString(arrayMap(x -> toString(x), arrayMap(x -> replaceAll(lowerUTF8(replaceAll(x, 'İ', 'i')), 'ς', 'σ'), JSONExtract(assumeNotNull(interests), 'Array(String)'))))
                            END
                          ),
                          'Array(String)'
                        ),
                        toString('bouldering')
                      )
               END THEN 30
      WHEN CASE
                WHEN CASE
                       WHEN interests IS NOT NULL THEN toJSONString(arrayMap(x -> toString(x), arrayMap(x -> replaceAll(lowerUTF8(replaceAll(x, 'İ', 'i')), 'ς', 'σ'), JSONExtract(assumeNotNull(interests), 'Array(String)'))))
                     END IS NOT NULL THEN has(
                       JSONExtract(
                         assumeNotNull(
                           CASE
                             WHEN interests IS NOT NULL THEN toJSONString(arrayMap(x -> toString(x), arrayMap(x -> replaceAll(lowerUTF8(replaceAll(x, 'İ', 'i')), 'ς', 'σ'), JSONExtract(assumeNotNull(interests), 'Array(String)'))))
                           END
                         ),
                         'Array(String)'
                       ),
                       toString('climbing')
                     )
              END
           OR CASE
                WHEN CASE
                       WHEN interests IS NOT NULL THEN toJSONString(arrayMap(x -> toString(x), arrayMap(x -> replaceAll(lowerUTF8(replaceAll(x, 'İ', 'i')), 'ς', 'σ'), JSONExtract(assumeNotNull(interests), 'Array(String)'))))
                     END IS NOT NULL THEN has(
                       JSONExtract(
                         assumeNotNull(
                           CASE
                             WHEN interests IS NOT NULL THEN toJSONString(arrayMap(x -> toString(x), arrayMap(x -> replaceAll(lowerUTF8(replaceAll(x, 'İ', 'i')), 'ς', 'σ'), JSONExtract(assumeNotNull(interests), 'Array(String)'))))
                           END
                         ),
                         'Array(String)'
                       ),
                       toString('bouldering')
                     )
              END THEN 20
      WHEN CASE
             WHEN CASE
                    WHEN interests IS NOT NULL THEN toJSONString(arrayMap(x -> toString(x), arrayMap(x -> replaceAll(lowerUTF8(replaceAll(x, 'İ', 'i')), 'ς', 'σ'), JSONExtract(assumeNotNull(interests), 'Array(String)'))))
                  END IS NOT NULL THEN has(
                    JSONExtract(
                      assumeNotNull(
                        CASE
                          WHEN interests IS NOT NULL THEN toJSONString(arrayMap(x -> toString(x), arrayMap(x -> replaceAll(lowerUTF8(replaceAll(x, 'İ', 'i')), 'ς', 'σ'), JSONExtract(assumeNotNull(interests), 'Array(String)'))))
                        END
                      ),
                      'Array(String)'
                    ),
                    toString('yoga')
                  )
           END THEN 10
      ELSE 0
    END AS warmth__fun, -- warmth.fun: What they do for fun
    CASE
      WHEN CASE WHEN interests IS NOT NULL THEN toInt64(JSONLength(interests)) END >= 4 THEN 5
      ELSE 0
    END AS warmth__curious, -- warmth.curious: Does many things
    CASE
      WHEN replaceAll(lowerUTF8(replaceAll(age_group, 'İ', 'i')), 'ς', 'σ') = 'young' THEN 10
      WHEN replaceAll(lowerUTF8(replaceAll(age_group, 'İ', 'i')), 'ς', 'σ') = 'middle' THEN 5
      ELSE 0
    END AS warmth__life, -- warmth.life: Age group
    CASE
      WHEN monthly_budget < 20 THEN -10
      WHEN monthly_budget >= 20 AND monthly_budget <= 45 THEN 5
      WHEN monthly_budget > 45 THEN 15
      ELSE 0
    END AS warmth__purse, -- warmth.purse: Monthly budget
    CASE
      WHEN CASE
                WHEN free_days IS NOT NULL THEN has(JSONExtract(assumeNotNull(free_days), 'Array(String)'), toString('Mon'))
              END
           OR CASE
                WHEN free_days IS NOT NULL THEN has(JSONExtract(assumeNotNull(free_days), 'Array(String)'), toString('Tue'))
              END
           OR CASE
                WHEN free_days IS NOT NULL THEN has(JSONExtract(assumeNotNull(free_days), 'Array(String)'), toString('Wed'))
              END
           OR CASE
                WHEN free_days IS NOT NULL THEN has(JSONExtract(assumeNotNull(free_days), 'Array(String)'), toString('Thu'))
              END THEN 10
      ELSE 0
    END AS warmth__weekdays, -- warmth.weekdays: Comes when it is empty
    CASE
      WHEN CASE WHEN free_days IS NOT NULL THEN toInt64(JSONLength(free_days)) END >= 3 THEN 10
      ELSE 0
    END AS warmth__often, -- warmth.often: Has time
    CASE WHEN nearby THEN 10 ELSE 0 END AS warmth__nearby, -- warmth.nearby: Lives near a hall
    CASE
      WHEN trial_ends >= 20758 /* 2026-11-01 */ AND trial_ends <= 20772 /* 2026-11-15 */ THEN 15
      ELSE 0
    END AS warmth__trial, -- warmth.trial: Trial is about to end
    CASE
      WHEN toInt64(lengthUTF8(message)) >= 40
           AND NOT (position(message__folded, 'http:') > 0
                    OR position(message__folded, 'https:') > 0) THEN 5
      ELSE 0
    END AS warmth__letter, -- warmth.letter: Writes us a letter
    CASE WHEN newsletter THEN 5 ELSE 0 END AS warmth__mail, -- warmth.mail: Reads "Up the Wall"
    CASE WHEN signed_up >= 1788213600000 /* 2026-08-31T22:00:00Z */ THEN 5 ELSE 0 END AS warmth__prices, -- warmth.prices: Knows the new prices
    greatest(
      least(
        -2 * CASE
            WHEN signed_up IS NOT NULL THEN intDiv(
                   greatest(1793534400000 /* 2026-11-01T12:00:00Z */ - signed_up, 0),
                   2592000000
                 )
            ELSE 0
          END,
        10
      ),
      -10
    ) AS warmth__waiting, -- warmth.waiting: Months on the list
    CAST(greatest(
           least(toDecimal128(coalesce(visit_points, 0), 4), toDecimal128('999999999999.9999', 4)),
           toDecimal128('-999999999999.9999', 4)
         ) AS Nullable(Decimal(16, 4))) AS warmth__visit_points -- warmth.visit_points
  FROM fits AS l
),
-- groups
`groups` AS (
  SELECT
    l.*,
    CAST(least(warmth__weekdays + warmth__often, 15) AS Nullable(Decimal(16, 4))) AS warmth__time_left -- warmth.time_left: Time
  FROM rules AS l
),
-- scores
scores AS (
  SELECT
    l.*,
    CAST(greatest(
           least(
             toDecimal128(warmth__fun, 4) + warmth__curious + warmth__life + warmth__purse
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
         ) AS Nullable(Decimal(16, 4))) AS warmth -- warmth
  FROM `groups` AS l
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
    birth_date > 14184 /* 2008-11-01 */ AS disqualify__minor, -- disqualify.minor: Is not 18 yet
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
    OR NOT (birth_date > 14184 /* 2008-11-01 */) AS always_1 -- always: nobody under 18 is asked to join
  FROM stage_2 AS l
)
SELECT
  lead_key AS `key`, -- The lead's key
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
  CAST(warmth AS Nullable(Decimal(16, 4))) AS warmth, -- Warmth
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
    WHEN 'desk' THEN fromUnixTimestamp64Milli(1793620800000 /* 2026-11-02T12:00:00Z */, 'UTC')
    WHEN 'tour' THEN fromUnixTimestamp64Milli(1794139200000 /* 2026-11-08T12:00:00Z */, 'UTC')
  END AS route_deadline, -- When the route is due
  nullif(
    substr(CASE WHEN NOT always_1 THEN '; nobody under 18 is asked to join' ELSE '' END, 3),
    ''
  ) AS broken, -- What must never be false and is
  '2.0' AS policy_version, -- The policy's version
  'sha256:95b801e50a63a13ed5154be44065c58fe61b815bb88fb2c1cfa0915035a65124' AS policy_digest, -- The policy's digest
  fromUnixTimestamp64Milli(1793534400000 /* 2026-11-01T12:00:00Z */, 'UTC') AS as_of -- The instant that leads are judged at
FROM route_and_promises AS l
SETTINGS prefer_column_name_to_alias = 1
