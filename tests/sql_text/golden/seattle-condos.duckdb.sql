-- Seattle condos: ready to buy, or not, version 1.2
-- sha256:7ef56b4c02330b1b77cf4839dc490aec0c375b5c0cbf3d84c52fbfe759dd5785
-- Written by `qualify sql` for DuckDB: a row a lead.
WITH
-- leads: what is missing, listed texts
lead_fields AS (
  SELECT
    CASE
      WHEN t."Email" < '!'
           OR t."Email" >= '~'
           OR ends_with(t."Email", ' ')
           OR ends_with(t."Email", E'\t')
           OR ends_with(t."Email", E'\n')
           OR ends_with(t."Email", E'\r')
           OR ends_with(t."Email", E' ') THEN trim(t."Email", E' \t\n\r ')
      ELSE t."Email"
    END AS lead_key,
    CASE
      WHEN lower(
             CASE
               WHEN t."Email" < '!'
                    OR t."Email" >= '~'
                    OR ends_with(t."Email", ' ')
                    OR ends_with(t."Email", E'\t')
                    OR ends_with(t."Email", E'\n')
                    OR ends_with(t."Email", E'\r')
                    OR ends_with(t."Email", E' ') THEN trim(t."Email", E' \t\n\r ')
               ELSE t."Email"
             END
           ) = 'n/a' THEN NULL
      ELSE CASE
             WHEN t."Email" < '!'
                  OR t."Email" >= '~'
                  OR ends_with(t."Email", ' ')
                  OR ends_with(t."Email", E'\t')
                  OR ends_with(t."Email", E'\n')
                  OR ends_with(t."Email", E'\r')
                  OR ends_with(t."Email", E' ') THEN nullif(trim(t."Email", E' \t\n\r '), '')
             ELSE t."Email"
           END
    END AS email,
    list_filter(list_transform(t."Looking in", lambda x: CASE
          WHEN lower(trim(x, E' \t\n\r ')) = 'n/a' THEN NULL
          ELSE nullif(trim(x, E' \t\n\r '), '')
        END), lambda x: x IS NOT NULL) AS areas, -- Where would you like to live?
    t."Household income" AS income, -- What does your household earn a year?
    t."Credit score" AS credit_score, -- What is your credit score?
    t."Background check" AS background_check, -- May we run a background check?
    t."Move-in date" AS move_in -- When would you like to move in?
  FROM leads AS t
  WHERE (t."Email" >= '!' AND t."Email" < '~' OR trim(t."Email", E' \t\n\r ') <> '')
    AND CASE
          WHEN lower(
                 CASE
                   WHEN t."Email" < '!'
                        OR t."Email" >= '~'
                        OR ends_with(t."Email", ' ')
                        OR ends_with(t."Email", E'\t')
                        OR ends_with(t."Email", E'\n')
                        OR ends_with(t."Email", E'\r')
                        OR ends_with(t."Email", E' ') THEN trim(t."Email", E' \t\n\r ')
                   ELSE t."Email"
                 END
               ) = 'n/a' THEN NULL
          ELSE CASE
                 WHEN t."Email" < '!'
                      OR t."Email" >= '~'
                      OR ends_with(t."Email", ' ')
                      OR ends_with(t."Email", E'\t')
                      OR ends_with(t."Email", E'\n')
                      OR ends_with(t."Email", E'\r')
                      OR ends_with(t."Email", E' ') THEN nullif(trim(t."Email", E' \t\n\r '), '')
                 ELSE t."Email"
               END
        END IS NOT NULL
),
-- texts with case ignored, addresses without what stands around the host
lead_texts AS (
  SELECT
    l.*,
    list_transform(areas, lambda x: replace(lower(x), 'ς', 'σ')) AS areas__folded
  FROM lead_fields AS l
),
-- checks
checks AS (
  SELECT
    l.*,
    list_contains(areas__folded, 'seattle') AS buyer__area, -- buyer.area: Wants to live in Seattle
    income >= 90000 AS buyer__income, -- buyer.income: Has an income of $90,000 or more
    credit_score >= 700 AS buyer__credit, -- buyer.credit: Has a credit score of 700 or more
    background_check AS buyer__background -- buyer.background: Passes the background check
  FROM lead_texts AS l
),
-- values
"values" AS (
  SELECT
    l.*,
    CASE WHEN buyer__area THEN 1 ELSE 0 END + CASE WHEN buyer__income THEN 1 ELSE 0 END
        + CASE WHEN buyer__credit THEN 1 ELSE 0 END
        + CASE WHEN buyer__background THEN 1 ELSE 0 END = 3
    AND CASE WHEN buyer__area IS NULL THEN 1 ELSE 0 END
        + CASE WHEN buyer__income IS NULL THEN 1 ELSE 0 END
        + CASE WHEN buyer__credit IS NULL THEN 1 ELSE 0 END
        + CASE WHEN buyer__background IS NULL THEN 1 ELSE 0 END = 1 AS almost_there -- almost_there: One answer away
  FROM checks AS l
),
-- fits
fits AS (
  SELECT
    l.*,
    buyer__area AND buyer__income AND buyer__credit AND buyer__background AS buyer -- buyer: Ready to buy, needs 4 of 4
  FROM "values" AS l
),
-- disqualified
disqualified_2 AS (
  SELECT
    l.*,
    FALSE AS disqualified -- whether any reason to disqualify is true
  FROM fits AS l
),
-- stages
stages AS (
  SELECT
    l.*,
    TRUE AS lead__reached, -- lead: is it reached?
    coalesce(buyer, FALSE) AS qualified__reached -- qualified: Qualified buyer: is it reached?
  FROM disqualified_2 AS l
),
-- stage
stage_2 AS (
  SELECT
    l.*,
    CASE WHEN qualified__reached THEN 1 /* qualified */ ELSE 0 /* lead */ END AS stage -- the highest stage that is reached
  FROM stages AS l
),
-- route, promises
route_and_promises AS (
  SELECT
    l.*,
    CASE
      WHEN stage = 1 /* qualified */
           AND (move_in >= DATE '2026-11-01' AND move_in <= DATE '2026-12-01') THEN 'tour_soon'
      WHEN stage = 1 /* qualified */ THEN 'tour'
      WHEN almost_there THEN 'one_call'
      WHEN buyer IS NULL THEN 'questions'
      ELSE 'letter'
    END AS route, -- the first route that takes the lead
    NOT (stage = 1 /* qualified */) OR background_check AS always_1 -- always: nobody is qualified without a background check
  FROM stage_2 AS l
)
SELECT
  lead_key AS "key", -- The lead's key
  CASE stage WHEN 0 THEN 'lead' WHEN 1 THEN 'qualified' END AS stage, -- The stage, or `disqualified`
  CASE stage WHEN 0 THEN 'lead' WHEN 1 THEN 'qualified' END AS ladder, -- The highest stage that is reached, disqualified or not
  FALSE AS disqualified, -- Whether any reason to disqualify is true
  CAST(NULL AS VARCHAR) AS disqualified_by, -- The reasons that are true
  buyer, -- Ready to buy
  buyer__area, -- Wants to live in Seattle
  buyer__income, -- Has an income of $90,000 or more
  buyer__credit, -- Has a credit score of 700 or more
  buyer__background, -- Passes the background check
  CASE WHEN buyer__area THEN 1 ELSE 0 END + CASE WHEN buyer__income THEN 1 ELSE 0 END
  + CASE WHEN buyer__credit THEN 1 ELSE 0 END
  + CASE WHEN buyer__background THEN 1 ELSE 0 END AS buyer__passed, -- Ready to buy: checks passed
  CASE WHEN NOT buyer__area THEN 1 ELSE 0 END + CASE WHEN NOT buyer__income THEN 1 ELSE 0 END
  + CASE WHEN NOT buyer__credit THEN 1 ELSE 0 END
  + CASE WHEN NOT buyer__background THEN 1 ELSE 0 END AS buyer__failed, -- Ready to buy: checks failed
  CASE WHEN buyer__area IS NULL THEN 1 ELSE 0 END
  + CASE WHEN buyer__income IS NULL THEN 1 ELSE 0 END
  + CASE WHEN buyer__credit IS NULL THEN 1 ELSE 0 END
  + CASE WHEN buyer__background IS NULL THEN 1 ELSE 0 END AS buyer__unknown, -- Ready to buy: checks unknown
  nullif(substr(CASE WHEN almost_there THEN ', almost_there' ELSE '' END, 3), '') AS personas, -- The personas that the lead is
  route, -- The route
  CASE route
    WHEN 'tour_soon' THEN timezone('UTC', epoch_ms(1793538000000 /* 2026-11-01T13:00:00Z */))
    WHEN 'tour' THEN timezone('UTC', epoch_ms(1793707200000 /* 2026-11-03T12:00:00Z */))
    WHEN 'one_call' THEN timezone('UTC', epoch_ms(1793620800000 /* 2026-11-02T12:00:00Z */))
    WHEN 'questions' THEN timezone('UTC', epoch_ms(1794139200000 /* 2026-11-08T12:00:00Z */))
  END AS route_deadline, -- When the route is due
  nullif(
    substr(
      CASE WHEN NOT always_1 THEN '; nobody is qualified without a background check' ELSE '' END,
      3
    ),
    ''
  ) AS broken, -- What must never be false and is
  '1.2' AS policy_version, -- The policy's version
  'sha256:7ef56b4c02330b1b77cf4839dc490aec0c375b5c0cbf3d84c52fbfe759dd5785' AS policy_digest, -- The policy's digest
  timezone('UTC', epoch_ms(1793534400000 /* 2026-11-01T12:00:00Z */)) AS as_of -- The instant that leads are judged at
FROM route_and_promises AS l
