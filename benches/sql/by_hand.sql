-- The benchmark policy as an expert writes it for DuckDB, for this one policy: doubles for decay, a window without its far
-- end, case seen in lists, no explanation. In the order of the input.
WITH past AS (
  SELECT *, 1748736000000 - epoch_ms("at") AS age FROM events
),
behaviour AS (
  SELECT
    id AS lead_id,
    count(*) FILTER (type = 'email_open' AND age >= 0 AND age < 2592000000) AS opens,
    count(*) FILTER (type = 'page_view' AND age >= 0 AND age < 2592000000) AS views,
    count(*) FILTER (type = 'page_view' AND starts_with(path, '/pricing') AND age >= 0 AND age < 7776000000) AS pricing,
    count(*) FILTER (type = 'content_download' AND age >= 0 AND age < 7776000000) AS downloads,
    count(*) FILTER (type = 'webinar_attended' AND minutes >= 20 AND age >= 0 AND age < 7776000000) AS webinars,
    count(*) FILTER (type = 'form_submit' AND age >= 0 AND age < 15552000000) AS forms,
    count(*) FILTER (type = 'social_follow' AND age >= 0 AND age < 15552000000) AS follows,
    coalesce(sum(6 * pow(0.5, age / (30 * 86400000.0::DOUBLE))) FILTER (type IN ('content_download', 'webinar_attended') AND age >= 0), 0) AS learning,
    coalesce(bool_or(type = 'demo_request' AND age >= 0 AND age < 2592000000), false) AS demo,
    coalesce(bool_or(age >= 0 AND age < 7776000000), false) AS recent,
    coalesce(bool_or(type IN ('webinar_attended', 'content_download', 'form_submit') AND age >= 0 AND age < 2592000000), false) AS intent
  FROM past
  GROUP BY id
),
joined AS (
  SELECT
    l.*, coalesce(opens, 0) AS opens, coalesce(views, 0) AS views, coalesce(pricing, 0) AS pricing, coalesce(downloads, 0) AS downloads,
    coalesce(webinars, 0) AS webinars, coalesce(forms, 0) AS forms, coalesce(follows, 0) AS follows, coalesce(learning, 0) AS learning,
    coalesce(demo, false) AS demo, coalesce(recent, false) AS recent, coalesce(intent, false) AS intent
  FROM (SELECT *, row_number() OVER () AS place FROM leads) AS l
  LEFT JOIN behaviour AS b ON l.id = b.lead_id
),
attributes AS (
  SELECT
    *,
    lower(regexp_extract(email, '@([^@]*)$', 1)) AS host,
    coalesce(
      country IN ('US', 'CA', 'GB', 'IE', 'DE', 'FR', 'NL', 'BE', 'SE', 'DK', 'NO', 'FI', 'AU', 'NZ', 'CH', 'AT')
      AND employees BETWEEN 50 AND 5000
      AND regexp_matches(title, '\bchief\b|\bc[etimfor]o\b|\bvp\b|vice president|head of|director|senior manager|revenue operations|revops|demand gen|growth|marketing manager|\b(?:founder|owner|partner)\b', 'i')
      AND industry IN ('Software', 'Financial Services', 'Healthcare', 'Manufacturing', 'Telecommunications', 'Retail', 'Insurance', 'Logistics')
      AND budget >= 25000,
      false
    ) AS fit,
    least(
      CASE WHEN country IN ('US', 'CA', 'GB') THEN 8 ELSE 0 END
      + CASE WHEN employees BETWEEN 200 AND 2000 THEN 10 ELSE 0 END
      + CASE WHEN employees > 2000 THEN 6 ELSE 0 END
      + CASE WHEN annual_revenue >= 10000000 THEN 8 ELSE 0 END
      + CASE WHEN industry IN ('Software', 'Financial Services') THEN 6 ELSE 0 END,
      25
    )
    + least(
      CASE WHEN coalesce(regexp_matches(title, '\bc[etimfor]o\b|\bchief\b', 'i'), false) THEN 12 ELSE 0 END
      + CASE WHEN coalesce(regexp_matches(title, '\bvp\b|vice president|head of', 'i'), false) THEN 10 ELSE 0 END
      + CASE WHEN coalesce(regexp_matches(title, 'director', 'i'), false) THEN 7 ELSE 0 END
      - CASE WHEN coalesce(regexp_matches(title, '\bintern\b|student|assistant', 'i'), false) THEN 15 ELSE 0 END,
      15
    )
    + CASE WHEN budget >= 100000 THEN 10 ELSE 0 END
    + CASE WHEN lead_source IN ('Referral', 'Partner') THEN 8 ELSE 0 END
    - CASE WHEN lead_source = 'Purchased List' THEN 10 ELSE 0 END
    - CASE WHEN title IS NULL THEN 5 ELSE 0 END AS points
  FROM joined
),
summed AS (
  SELECT
    *,
    coalesce(host IN ('rivalcrm.com', 'leadblaster.io', 'scorely.ai', 'pipewise.com', 'funneltron.net'), false) AS rival,
    points
    - CASE WHEN host IN ('gmail.com', 'yahoo.com', 'hotmail.com', 'outlook.com', 'aol.com', 'icloud.com', 'gmx.de', 'gmx.net', 'web.de', 'mail.ru', 'qq.com', '163.com', 'protonmail.com', 'live.com', 'msn.com') THEN 12 ELSE 0 END
    - CASE WHEN host IN ('rivalcrm.com', 'leadblaster.io', 'scorely.ai', 'pipewise.com', 'funneltron.net') THEN 50 ELSE 0 END
    + least(
      least(opens, 5) + least(views, 10) + least(4 * pricing, 12) + least(5 * downloads, 15) + least(8 * webinars, 16)
      + least(5 * forms, 10) + least(2 * follows, 4) + floor(least(learning, 12) * 100 + 0.5) / 100,
      45
    )
    + CASE WHEN demo THEN 20 ELSE 0 END
    - CASE WHEN NOT recent THEN 10 ELSE 0 END AS raw
  FROM attributes
),
scored AS (
  SELECT *, floor(greatest(0, least(100, raw)) * 100 + 0.5) / 100 AS score FROM summed
)
SELECT
  id AS key,
  fit AS icp,
  score AS lead_score,
  CASE
    WHEN rival THEN 'disqualified'
    WHEN fit AND score >= 60 AND demo THEN 'sql'
    WHEN fit AND score >= 50 AND intent THEN 'sal'
    WHEN fit AND score >= 40 THEN 'mql'
    ELSE 'lead'
  END AS stage
FROM scored
ORDER BY place
