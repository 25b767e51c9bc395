-- Spotted Media: brands that a celebrity can be seen with, version 2026.2
-- sha256:a2fa43d85ec2646cdd10f1051b7135caf608c264e129d6e636838e02718ed9ba
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
           ) = 'not known' THEN NULL
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
               WHEN t."contact.title" < '!'
                    OR t."contact.title" >= '~'
                    OR ends_with(t."contact.title", ' ')
                    OR ends_with(t."contact.title", E'\t')
                    OR ends_with(t."contact.title", E'\n')
                    OR ends_with(t."contact.title", E'\r')
                    OR ends_with(t."contact.title", E' ') THEN trim(t."contact.title", E' \t\n\r ')
               ELSE t."contact.title"
             END
           ) = 'not known' THEN NULL
      ELSE CASE
             WHEN t."contact.title" < '!'
                  OR t."contact.title" >= '~'
                  OR ends_with(t."contact.title", ' ')
                  OR ends_with(t."contact.title", E'\t')
                  OR ends_with(t."contact.title", E'\n')
                  OR ends_with(t."contact.title", E'\r')
                  OR ends_with(t."contact.title", E' ') THEN nullif(trim(t."contact.title", E' \t\n\r '), '')
             ELSE t."contact.title"
           END
    END AS contact__title,
    CASE
      WHEN lower(
             CASE
               WHEN t."company.name" < '!'
                    OR t."company.name" >= '~'
                    OR ends_with(t."company.name", ' ')
                    OR ends_with(t."company.name", E'\t')
                    OR ends_with(t."company.name", E'\n')
                    OR ends_with(t."company.name", E'\r')
                    OR ends_with(t."company.name", E' ') THEN trim(t."company.name", E' \t\n\r ')
               ELSE t."company.name"
             END
           ) = 'not known' THEN NULL
      ELSE CASE
             WHEN t."company.name" < '!'
                  OR t."company.name" >= '~'
                  OR ends_with(t."company.name", ' ')
                  OR ends_with(t."company.name", E'\t')
                  OR ends_with(t."company.name", E'\n')
                  OR ends_with(t."company.name", E'\r')
                  OR ends_with(t."company.name", E' ') THEN nullif(trim(t."company.name", E' \t\n\r '), '')
             ELSE t."company.name"
           END
    END AS company__name,
    CASE
      WHEN lower(
             CASE
               WHEN t."company.category" < '!'
                    OR t."company.category" >= '~'
                    OR ends_with(t."company.category", ' ')
                    OR ends_with(t."company.category", E'\t')
                    OR ends_with(t."company.category", E'\n')
                    OR ends_with(t."company.category", E'\r')
                    OR ends_with(t."company.category", E' ') THEN trim(t."company.category", E' \t\n\r ')
               ELSE t."company.category"
             END
           ) = 'not known' THEN NULL
      ELSE CASE
             WHEN t."company.category" < '!'
                  OR t."company.category" >= '~'
                  OR ends_with(t."company.category", ' ')
                  OR ends_with(t."company.category", E'\t')
                  OR ends_with(t."company.category", E'\n')
                  OR ends_with(t."company.category", E'\r')
                  OR ends_with(t."company.category", E' ') THEN nullif(trim(t."company.category", E' \t\n\r '), '')
             ELSE t."company.category"
           END
    END AS company__category,
    CASE lower(
        CASE
          WHEN t."company.sells_to" < '!'
               OR t."company.sells_to" >= '~'
               OR ends_with(t."company.sells_to", ' ')
               OR ends_with(t."company.sells_to", E'\t')
               OR ends_with(t."company.sells_to", E'\n')
               OR ends_with(t."company.sells_to", E'\r')
               OR ends_with(t."company.sells_to", E' ') THEN trim(t."company.sells_to", E' \t\n\r ')
          ELSE t."company.sells_to"
        END
      )
      WHEN 'consumers' THEN 'Consumers'
      WHEN 'businesses' THEN 'Businesses'
      WHEN 'both' THEN 'Both'
    END AS company__sells_to, -- Do you sell to consumers?
    t."company.product_in_photo" AS company__product_in_photo, -- Would one recognise the product in a photo?
    t."company.media_spend" AS company__media_spend, -- What do you spend on media a year?
    CASE lower(
        CASE
          WHEN t."company.media_buying" < '!'
               OR t."company.media_buying" >= '~'
               OR ends_with(t."company.media_buying", ' ')
               OR ends_with(t."company.media_buying", E'\t')
               OR ends_with(t."company.media_buying", E'\n')
               OR ends_with(t."company.media_buying", E'\r')
               OR ends_with(t."company.media_buying", E' ') THEN trim(t."company.media_buying", E' \t\n\r ')
          ELSE t."company.media_buying"
        END
      )
      WHEN 'in house' THEN 'In house'
      WHEN 'agency' THEN 'Agency'
      WHEN 'both' THEN 'Both'
    END AS company__media_buying, -- Who buys your media?
    t."company.employees" AS company__employees -- How many people work for you?
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
               ) = 'not known' THEN NULL
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
),
-- texts with case ignored, addresses without what stands around the host
lead_texts AS (
  SELECT
    l.*,
    lower(contact__title) AS contact__title__folded,
    lower(company__name) AS company__name__folded,
    lower(company__category) AS company__category__folded
  FROM lead_fields AS l
),
-- the words of texts, hosts of addresses
lead_words AS (
  SELECT
    l.*,
    ' '
    || regexp_replace(
         contact__title__folded,
         '[\x00-\x2f\x3a-\x40\x5b-\x60\x7b-\x7f\x{80}-\x{bf}\x{2000}-\x{206f}\x{3000}-\x{303f}]+',
         ' ',
         'g'
       )
    || ' ' AS contact__title__words,
    ' '
    || regexp_replace(
         company__name__folded,
         '[\x00-\x2f\x3a-\x40\x5b-\x60\x7b-\x7f\x{80}-\x{bf}\x{2000}-\x{206f}\x{3000}-\x{303f}]+',
         ' ',
         'g'
       )
    || ' ' AS company__name__words
  FROM lead_texts AS l
),
-- values
"values" AS (
  SELECT
    l.*,
    TRY_CAST(CAST(CAST(list_transform([struct_pack(n := CAST(CAST(company__media_spend AS DECIMAL(38,4)) * 10000 AS HUGEINT), d := CAST(CAST(company__employees AS DECIMAL(38,0)) * 1 AS HUGEINT))], lambda q: sign(q.n) * sign(q.d) * ((2 * abs(q.n) + abs(q.d)) // nullif(2 * abs(q.d), 0)))[1] AS HUGEINT) AS DECIMAL(38,0)) * 0.0001 AS DECIMAL(18,4)) AS media_per_head, -- media_per_head
    coalesce(
      company__product_in_photo,
      company__category__folded IN ('apparel', 'bicycles', 'cars', 'drinks', 'eyewear', 'footwear',
        'handbags', 'headphones', 'jewellery', 'pet accessories', 'phones', 'snacks', 'toys',
        'watches')
    ) AS seen_in_photo -- seen_in_photo: Product is discernible in a photo
  FROM lead_words AS l
),
-- values
values_2 AS (
  SELECT
    l.*,
    media_per_head >= 50000 AS loud_brand -- loud_brand: Spends more on media than on people
  FROM "values" AS l
),
-- checks
checks AS (
  SELECT
    l.*,
    company__sells_to IN ('Consumers', 'Both') AS spotted__consumer, -- spotted.consumer: Is a consumer brand
    seen_in_photo AS spotted__visible, -- spotted.visible: Product is discernible in a photo
    company__media_spend >= 5000000 AS spotted__spend, -- spotted.spend: Spends $5M or more on media a year
    company__media_buying IN ('In house', 'Both') AS spotted__in_house, -- spotted.in_house: Buys its media in house
    company__employees >= 1000 AS spotted__size -- spotted.size: Has 1,000 employees or more
  FROM values_2 AS l
),
-- fits
fits AS (
  SELECT
    l.*,
    spotted__consumer
    AND spotted__visible
    AND spotted__spend
    AND spotted__in_house
    AND spotted__size AS spotted -- spotted: Five checks, needs 5 of 5
  FROM checks AS l
),
-- reasons
reasons AS (
  SELECT
    l.*,
    (contains(company__name__words, ' agency ')
        OR contains(company__name__words, ' media group '))
    OR company__category__folded = 'advertising' AS disqualify__agency -- disqualify.agency: Is an agency itself
  FROM fits AS l
),
-- disqualified
disqualified_2 AS (
  SELECT
    l.*,
    coalesce(disqualify__agency, FALSE) AS disqualified -- whether any reason to disqualify is true
  FROM reasons AS l
),
-- stages
stages AS (
  SELECT
    l.*,
    TRUE AS lead__reached, -- lead: is it reached?
    coalesce(
      CASE WHEN spotted__consumer THEN 1 ELSE 0 END
          + CASE WHEN spotted__visible THEN 1 ELSE 0 END
          + CASE WHEN spotted__spend THEN 1 ELSE 0 END
          + CASE WHEN spotted__in_house THEN 1 ELSE 0 END
          + CASE WHEN spotted__size THEN 1 ELSE 0 END >= 3
      AND CASE WHEN NOT spotted__consumer THEN 1 ELSE 0 END
          + CASE WHEN NOT spotted__visible THEN 1 ELSE 0 END
          + CASE WHEN NOT spotted__spend THEN 1 ELSE 0 END
          + CASE WHEN NOT spotted__in_house THEN 1 ELSE 0 END
          + CASE WHEN NOT spotted__size THEN 1 ELSE 0 END <= 1,
      FALSE
    ) AS promising__reached, -- promising: is it reached?
    coalesce(spotted, FALSE) AS qualified__reached -- qualified: is it reached?
  FROM disqualified_2 AS l
),
-- stage
stage_2 AS (
  SELECT
    l.*,
    CASE
      WHEN qualified__reached THEN 2 /* qualified */
      WHEN promising__reached THEN 1 /* promising */
      ELSE 0 /* lead */
    END AS stage -- the highest stage that is reached
  FROM stages AS l
),
-- route, promises
route_and_promises AS (
  SELECT
    l.*,
    CASE
      WHEN disqualified THEN 'out'
      WHEN CASE WHEN disqualified THEN -1 ELSE stage END = 2 /* qualified */
           AND (contains(contact__title__words, ' chief ')
                OR contains(contact__title__words, ' ceo ')
                OR contains(contact__title__words, ' cmo ')
                OR contains(contact__title__words, ' vp ')
                OR contains(contact__title__words, ' head of ')) THEN 'partner'
      WHEN CASE WHEN disqualified THEN -1 ELSE stage END = 2 /* qualified */ THEN 'sales'
      WHEN CASE WHEN disqualified THEN -1 ELSE stage END = 1 /* promising */ AND spotted IS NULL THEN 'research'
      ELSE 'later'
    END AS route, -- the first route that takes the lead
    NOT (CASE WHEN disqualified THEN -1 ELSE stage END = 2 /* qualified */) OR seen_in_photo AS always_1 -- always: a qualified brand is seen in photos
  FROM stage_2 AS l
)
SELECT
  lead_key AS "key", -- The lead's key
  CASE
    WHEN disqualified THEN 'disqualified'
    ELSE CASE stage WHEN 0 THEN 'lead' WHEN 1 THEN 'promising' WHEN 2 THEN 'qualified' END
  END AS stage, -- The stage, or `disqualified`
  CASE stage WHEN 0 THEN 'lead' WHEN 1 THEN 'promising' WHEN 2 THEN 'qualified' END AS ladder, -- The highest stage that is reached, disqualified or not
  disqualified, -- Whether any reason to disqualify is true
  nullif(substr(CASE WHEN disqualify__agency THEN ', agency' ELSE '' END, 3), '') AS disqualified_by, -- The reasons that are true
  spotted, -- Five checks
  spotted__consumer, -- Is a consumer brand
  spotted__visible, -- Product is discernible in a photo
  spotted__spend, -- Spends $5M or more on media a year
  spotted__in_house, -- Buys its media in house
  spotted__size, -- Has 1,000 employees or more
  nullif(substr(CASE WHEN loud_brand THEN ', loud_brand' ELSE '' END, 3), '') AS personas, -- The personas that the lead is
  route, -- The route
  CASE route
    WHEN 'partner' THEN timezone('UTC', epoch_ms(1793620800000 /* 2026-11-02T12:00:00Z */))
    WHEN 'sales' THEN timezone('UTC', epoch_ms(1793707200000 /* 2026-11-03T12:00:00Z */))
    WHEN 'research' THEN timezone('UTC', epoch_ms(1794139200000 /* 2026-11-08T12:00:00Z */))
  END AS route_deadline, -- When the route is due
  nullif(
    substr(CASE WHEN NOT always_1 THEN '; a qualified brand is seen in photos' ELSE '' END, 3),
    ''
  ) AS broken, -- What must never be false and is
  '2026.2' AS policy_version, -- The policy's version
  'sha256:a2fa43d85ec2646cdd10f1051b7135caf608c264e129d6e636838e02718ed9ba' AS policy_digest, -- The policy's digest
  timezone('UTC', epoch_ms(1793534400000 /* 2026-11-01T12:00:00Z */)) AS as_of -- The instant that leads are judged at
FROM route_and_promises AS l
