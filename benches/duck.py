#!/usr/bin/env python3
"""The workloads in DuckDB, as an analyst writes them: duck.py json|nested|flat|csv|wide|wide-json|rules FOLDER OUT.csv [THREADS [SQL]]

Rows are id, fit, score, stage in the order of the leads. benches/workload/policy.qual and benches/wide/policy.qual say the same;
`rules` runs the file SQL, which `qualify sql` wrote.
"""

import pathlib
import sys

import duckdb

AS_OF, DAY = 1748736000000, 86400000
SERVED = "'US','CA','GB','IE','DE','FR','NL','BE','SE','DK','NO','FI','AU','NZ','CH','AT'"
SECTORS = "'Software','Financial Services','Healthcare','Manufacturing','Telecommunications','Retail','Insurance','Logistics'"
FREE = "'gmail.com','yahoo.com','hotmail.com','outlook.com','aol.com','icloud.com','gmx.de','gmx.net','web.de','mail.ru','qq.com','163.com','protonmail.com','live.com','msn.com'"
RIVALS = "'rivalcrm.com','leadblaster.io','scorely.ai','pipewise.com','funneltron.net'"
DECIDES = r"\bchief\b|\bc[etimfor]o\b|\bvp\b|vice president|head of|director|senior manager|revenue operations|revops|demand gen|growth|marketing manager|\b(founder|owner|partner)\b"
LEADS_PEOPLE = r"\bchief\b|\bvp\b|vice president|head of|director"
EVENT = 'STRUCT("type" VARCHAR, "at" TIMESTAMPTZ, path VARCHAR, minutes BIGINT)[]'
LEAD = {"id": "VARCHAR", "email": "VARCHAR", "title": "VARCHAR", "country": "VARCHAR", "industry": "VARCHAR",
        "employees": "BIGINT", "annual_revenue": "BIGINT", "budget": "BIGINT", "lead_source": "VARCHAR"}


def title(pattern):
    return f"coalesce(regexp_matches(title, '{pattern}', 'i'), false)"


def points(value, condition):
    return f"CASE WHEN {condition} THEN {value} ELSE 0 END"


def within(days, *types, more="true"):
    kinds = f"type IN ({', '.join(map(repr, types))})" if types else "true"
    return f"count(*) FILTER ({kinds} AND age >= 0 AND age <= {days * DAY} AND {more})"


def counted(events):
    """What the events of each lead come to."""
    return f"""SELECT id,
      {within(30, 'email_open')} AS opens, {within(30, 'page_view')} AS views,
      {within(90, 'page_view', more="starts_with(path, '/pricing')")} AS pricing, {within(90, 'content_download')} AS downloads,
      {within(90, 'webinar_attended', more='minutes >= 20')} AS webinars, {within(180, 'form_submit')} AS forms,
      {within(180, 'social_follow')} AS follows, {within(30, 'demo_request')} AS demos, {within(90)} AS recent,
      {within(30, 'webinar_attended', 'content_download', 'form_submit')} AS intents,
      coalesce(sum(round(6 * pow(0.5, age / (30.0 * {DAY}::DOUBLE)), 4))
        FILTER (type IN ('content_download', 'webinar_attended') AND age >= 0), 0) AS learning
      FROM (SELECT *, {AS_OF} - epoch_ms("at") AS age FROM ({events})) GROUP BY id"""


def scored(leads, counts):
    zero = lambda name: f"coalesce({name}, 0)"
    each = lambda name, value, most: f"least({zero(name)} * {value}, {most})"
    firm = " + ".join((points(8, "country IN ('US','CA','GB')"),
                       "CASE WHEN employees BETWEEN 200 AND 2000 THEN 10 WHEN employees > 2000 THEN 6 ELSE 0 END",
                       points(8, "annual_revenue >= 10000000"), points(6, "industry IN ('Software','Financial Services')")))
    persona = " + ".join((points(12, title(r"\bc[etimfor]o\b|\bchief\b")), points(10, title(r"\bvp\b|vice president|head of")),
                          points(7, title("director")), points(-15, title(r"\bintern\b|student|assistant"))))
    engaged = " + ".join((each("opens", 1, 5), each("views", 1, 10), each("pricing", 4, 12), each("downloads", 5, 15),
                          each("webinars", 8, 16), each("forms", 5, 10), each("follows", 2, 4), f"least({zero('learning')}, 12)"))
    rest = " + ".join((points(10, "budget >= 100000"), points(8, "lead_source IN ('Referral','Partner')"),
                       points(-10, "lead_source = 'Purchased List'"), points(-12, f"domain IN ({FREE})"),
                       points(-50, f"domain IN ({RIVALS})"), points(-5, "title IS NULL"), points(20, f"{zero('demos')} > 0"),
                       points(-10, f"{zero('recent')} = 0")))
    fit = f"""coalesce(country IN ({SERVED}) AND employees BETWEEN 50 AND 5000 AND {title(DECIDES)}
      AND industry IN ({SECTORS}) AND budget >= 25000, false)"""
    return f"""SELECT id, fit, score, CASE WHEN coalesce(domain IN ({RIVALS}), false) THEN 'disqualified'
        WHEN fit AND score >= 60 AND {zero('demos')} > 0 THEN 'sql' WHEN fit AND score >= 50 AND {zero('intents')} > 0 THEN 'sal'
        WHEN fit AND score >= 40 THEN 'mql' ELSE 'lead' END AS stage
      FROM (SELECT *, {fit} AS fit, greatest(0, least(100,
        least({firm}, 25) + least({persona}, 15) + least({engaged}, 45) + {rest})) AS score
        FROM (SELECT *, lower(split_part(email, '@', -1)) AS domain, row_number() OVER () AS place FROM {leads})
        LEFT JOIN ({counts}) USING (id)) ORDER BY place"""


def wide(leads):
    fit = f"""coalesce(country IN ('US','CA','GB','DE','FR','NL') AND employees BETWEEN 50 AND 5000
      AND {title(LEADS_PEOPLE)}, false)"""
    score = " + ".join((points(8, "country IN ('US','CA','GB')"), points(8, "annual_revenue >= 10000000"),
                        points(6, "industry IN ('Software','Financial Services')"), points(10, "budget >= 100000"),
                        points(8, "lead_source IN ('Referral','Partner')"),
                        points(-12, "lower(split_part(email, '@', -1)) IN ('gmail.com','yahoo.com','outlook.com','gmx.de')"),
                        points(5, "custom_000 >= 500000")))
    return f"""SELECT id, fit, score, CASE WHEN fit AND score >= 20 THEN 'mql' ELSE 'lead' END AS stage
      FROM (SELECT id, {fit} AS fit, greatest(0, least(100, {score})) AS score FROM {leads})"""


def main():
    mode, folder, out = sys.argv[1:4]
    base = duckdb.connect()
    base.execute(f"SET timezone='UTC'; SET threads={sys.argv[4] if len(sys.argv) > 4 else 1}")
    typed = lambda columns: "{" + ", ".join(f"'{name}': '{ty}'" for name, ty in columns.items()) + "}"
    lines = f"read_json('{folder}/leads.ndjson', format='newline_delimited', maximum_object_size=100000000, columns=%s)"
    inside = 'SELECT id, e.type AS type, e."at" AS "at", e.path AS path, e.minutes AS minutes FROM (SELECT id, unnest(events) AS e FROM {})'
    if mode == "json":
        leads = lines % typed(LEAD | {"events": EVENT})
        events = inside.format(leads)
        # Read once.
        query = f"WITH leads AS MATERIALIZED (SELECT * FROM {leads}) " + scored("leads", counted(inside.format("leads")))
    elif mode == "nested":
        leads = f"read_parquet('{folder}/leads_nested.parquet')"
        query = scored(leads, counted(inside.format(leads)))
    elif mode == "flat":
        events = f"SELECT lead_id AS id, * FROM read_parquet('{folder}/events.parquet')"
        query = scored(f"read_parquet('{folder}/leads.parquet')", counted(events))
    elif mode == "csv":
        events = f"SELECT lead_id AS id, type, \"at\"::TIMESTAMPTZ AS \"at\", path, minutes FROM read_csv('{folder}/events.csv', header=true, all_varchar=false)"
        query = scored(f"read_csv('{folder}/leads.csv', header=true)", counted(events))
    elif mode == "rules":
        # What `qualify sql --nested` wrote for the policy of that folder.
        base.execute(f"CREATE VIEW leads AS SELECT * FROM read_parquet('{folder}/leads_nested.parquet')")
        query = f"SELECT key, total, stage FROM ({pathlib.Path(sys.argv[5]).read_text().rstrip().rstrip(';')})"
    elif mode == "wide":
        query = wide(f"read_parquet('{folder}/leads_nested.parquet')")
    else:
        query = wide(lines % typed(LEAD | {"custom_000": "BIGINT"}))
    base.execute(f"COPY ({query}) TO '{out}' (FORMAT csv, HEADER false)")


if __name__ == "__main__":
    main()
