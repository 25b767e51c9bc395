#!/usr/bin/env python3
"""Writes the data of a workload: generate.py WORKLOAD LEADS DIR [SEED]

WORKLOAD: leads (0 to 40 events a lead, 12 fields, 10 to 20 of a hundred values missing), events (5,000 events a lead),
wide (300 fields of which the policy reads 10), rules (a policy of 500 rules with two lists of 100,000 entries).

It writes leads.ndjson; of `leads` and `events` also leads.csv with events.csv, both sorted by lead. With DuckDB installed
it writes leads_nested.parquet, and of those two leads.parquet and events.parquet too. `rules` writes its policy as well.
The same seed writes the same bytes. Only the standard library is needed but for Parquet.
"""

import csv
import json
import pathlib
import random
import sys

AS_OF = 1748736000  # 2025-06-01T00:00:00Z, the as-of of all workloads
COUNTRIES = ["US"] * 8 + ["CA", "GB", "GB", "DE", "DE", "FR", "NL", "BE", "SE", "DK", "NO", "FI", "AU", "NZ", "CH", "AT", "IE", "IN", "IN", "BR", "JP", "CN", "MX", "ZA"]
INDUSTRIES = ["Software", "Financial Services", "Healthcare", "Manufacturing", "Telecommunications", "Retail", "Insurance", "Logistics", "Education", "Government", "Agriculture", "Media"]
SOURCES = ["Organic Search", "Paid Search", "Referral", "Partner", "Webinar", "Trade Show", "Purchased List", "Direct"]
MAILS = ["gmail.com", "yahoo.com", "outlook.com", "gmx.de", "rivalcrm.com", "leadblaster.io"]
LEVELS = ["Chief {} Officer", "VP {}", "Vice President of {}", "Head of {}", "Director of {}", "Senior Manager, {}", "{} Manager", "{} Specialist", "{} Intern", "{} Assistant", "Student"]
AREAS = ["Marketing", "Revenue Operations", "Sales", "Demand Gen", "Growth", "Finance", "IT", "Operations", "Product", "Engineering", "People", "Legal"]
TYPES = ["email_open"] * 8 + ["page_view"] * 12 + ["content_download"] * 2 + ["webinar_attended"] * 2 + ["form_submit", "social_follow", "demo_request", "email_click", "ad_click", "call_logged", "email_open"]
PATHS = ["/", "/blog", "/pricing", "/pricing/enterprise", "/docs", "/docs/start", "/customers", "/about", "/careers"]


def instant(seconds, millis):
    """RFC 3339, as several systems write it."""
    days, clock = divmod(seconds, 86400)
    # Days to a date (Hinnant's algorithm, public domain).
    z = days + 719468
    era, doe = divmod(z, 146097)
    yoe = (doe - doe // 1460 + doe // 36524 - doe // 146096) // 365
    doy = doe - (365 * yoe + yoe // 4 - yoe // 100)
    mp = (5 * doy + 2) // 153
    year, month, day = yoe + era * 400, mp + 3 if mp < 10 else mp - 9, doy - (153 * mp + 2) // 5 + 1
    year += month <= 2
    return f"{year:04}-{month:02}-{day:02}T{clock // 3600:02}:{clock // 60 % 60:02}:{clock % 60:02}{f'.{millis:03}' if millis else ''}Z"


def event(rng, days):
    kind = rng.choice(TYPES)
    # More of them are recent; one in a hundred is in the future.
    age = -rng.randrange(30 * 86400) if rng.random() < 0.01 else int(rng.random() ** 1.6 * days * 86400) + 1
    out = {"type": kind, "at": instant(AS_OF - age, rng.choice((0, rng.randrange(1000))))}
    if kind == "page_view":
        out["path"] = rng.choice(PATHS)
        out["referrer"] = "https://" + rng.choice(("search.example", "news.example", "social.example")) + "/"
        out["duration_s"] = rng.randrange(600)
    elif kind == "webinar_attended":
        out["topic"], out["minutes"] = rng.choice(("Attribution", "Scoring", "Nurture")), rng.randrange(60)
    elif kind in ("email_open", "email_click"):
        out["campaign"] = f"c-{rng.randrange(40)}"
    elif kind == "content_download":
        out["asset"] = f"guide-{rng.randrange(30)}"
    else:
        out["source"] = rng.choice(("web", "app", "partner"))
    return age, out


def lead(rng, number, count, days):
    first, company = rng.choice(("ada", "bo", "cem", "dana", "eva", "finn")), f"company{rng.randrange(20000)}.example"
    domain = rng.choice(MAILS) if rng.random() < 0.3 else company
    fields = {
        "email": f"{first}.{number}@{domain}",
        "name": f"{first.title()} Example",
        "title": rng.choice(LEVELS).format(rng.choice(AREAS)),
        "country": rng.choice(COUNTRIES),
        "industry": rng.choice(INDUSTRIES),
        "employees": int(10 ** rng.uniform(0.5, 4.5)),
        "annual_revenue": int(10 ** rng.uniform(5, 9)),
        "budget": int(10 ** rng.uniform(3.5, 5.6)),
        "lead_source": rng.choice(SOURCES),
        "created_at": instant(AS_OF - rng.randrange(700 * 86400), 0),
    }
    out = {"id": f"L{number:08}"}
    for name, value in fields.items():
        if name in ("email", "created_at") or rng.random() >= 0.15:
            out[name] = value
        elif rng.random() < 0.5:
            out[name] = None
    events = sorted((event(rng, days) for _ in range(count)), key=lambda event: -event[0])
    out["events"] = [event for _, event in events]
    return out


def wide(rng, number):
    out = lead(rng, number, 0, 1)
    del out["events"]
    for place in range(288):
        kind = place % 4
        out[f"custom_{place:03}"] = (
            rng.randrange(10**6) if kind == 0 else rng.random() if kind == 1 else rng.random() < 0.5 if kind == 2
            else f"some text of the field {rng.randrange(1000)}"
        )
    # Not in the same order on every line, as exports of several systems are.
    if number % 2:
        out = dict(reversed(out.items()))
    return out


def rules(rng, folder):
    for name in ("accounts", "partners"):
        entries = "\n".join(f"company{rng.randrange(10**6)}.example" for _ in range(100_000))
        (folder / f"{name}.txt").write_text(entries + "\n")
    out = ['policy "Five hundred rules"\n', "lead {", "  id text key"]
    out += [f"  {name} text" for name in ("email", "title", "country", "industry", "lead_source")]
    out += [f"  {name} int" for name in ("employees", "annual_revenue", "budget")]
    out += ["}\n"] + [f"event {name} {{ path text  minutes int }}" for name in sorted(set(TYPES))]
    out += ['\nlist accounts from "accounts.txt"', 'list partners from "partners.txt"\n']
    for score in range(10):
        out.append(f"score part_{score} from 0 to 200 {{")
        for rule in range(50):
            points, days = rng.randrange(1, 20), rng.choice((7, 14, 30, 60, 90))
            kind, name = rng.choice(sorted(set(TYPES))), f"  r{score}_{rule}: "
            out.append(name + (
                f"+{points} if title mentions any of [\"{rng.choice(AREAS).lower()}\", \"vp\"]",
                f"+{points} if country in [\"{rng.choice(COUNTRIES)}\", \"{rng.choice(COUNTRIES)}\"] and employees >= {rng.randrange(5000)}",
                f"-{points} if domain(email) in {rng.choice(('accounts', 'partners'))}",
                f"+{points} if industry is \"{rng.choice(INDUSTRIES)}\"",
                f"+{points} per {kind} within {days} days, at most {rng.randrange(1, 6)} times",
                f"+{points} per page_view where (path starts with \"{rng.choice(PATHS)}\") within {days} days, at most 3 times",
                f"+{points} if budget between {rng.randrange(50) * 1000} and {rng.randrange(50, 400) * 1000}",
                f"+{points} if at least {rng.randrange(1, 4)} {kind} within {days} days",
                f"+{points} if title matches \"\\\\b{rng.choice(('chief', 'head', 'director', 'vp'))}\\\\b\"",
                f"+{points} if lead_source in [\"{rng.choice(SOURCES)}\", \"{rng.choice(SOURCES)}\"] or annual_revenue >= {rng.randrange(1, 100)}M",
            )[rule % 10])
        out.append("}\n")
    out.append("score total {\n" + "".join(f"  include part_{score}\n" for score in range(10)) + "}\n")
    out.append("stages {\n  lead\n  mql: total >= 100\n  sql: total >= 250 and any demo_request within 30 days\n}")
    (folder / "policy.qual").write_text("\n".join(out) + "\n")


LEAD_COLUMNS = ["id", "email", "name", "title", "country", "industry", "employees", "annual_revenue", "budget", "lead_source", "created_at"]
EVENT_COLUMNS = ["type", "at", "path", "minutes", "topic", "campaign", "asset", "referrer", "duration_s", "source"]


def parquet(workload, folder):
    try:
        import duckdb
    except ImportError:
        print("no Parquet: DuckDB is not installed (pip install -r benches/requirements.txt)", file=sys.stderr)
        return
    base = duckdb.connect()
    base.execute("SET timezone='UTC'; SET preserve_insertion_order=true")
    numbers = {"employees", "annual_revenue", "budget", "minutes", "duration_s"}
    ty = lambda name: "BIGINT" if name in numbers else "TIMESTAMPTZ" if name in ("at", "created_at") else "VARCHAR"
    packing = "(FORMAT parquet, COMPRESSION snappy, ROW_GROUP_SIZE 65536)"
    if workload == "wide":
        source = f"read_json('{folder}/leads.ndjson', format='newline_delimited', sample_size=10000)"
        base.execute(f"COPY (SELECT * FROM {source}) TO '{folder}/leads_nested.parquet' {packing}")
        return
    one = ", ".join(f'"{name}" {ty(name)}' for name in EVENT_COLUMNS)
    columns = ", ".join(f"{name}: '{ty(name)}'" for name in LEAD_COLUMNS) + f", events: 'STRUCT({one})[]'"
    source = f"read_json('{folder}/leads.ndjson', format='newline_delimited', maximum_object_size=100000000, columns={{{columns}}})"
    base.execute(f"COPY (SELECT * FROM {source}) TO '{folder}/leads_nested.parquet' {packing}")
    if workload == "rules":
        return
    base.execute(f"COPY (SELECT * EXCLUDE events FROM {source}) TO '{folder}/leads.parquet' {packing}")
    flat = ", ".join(f'e."{name}"' for name in EVENT_COLUMNS)
    base.execute(f"COPY (SELECT id AS lead_id, {flat} FROM (SELECT id, unnest(events) AS e FROM {source})) TO '{folder}/events.parquet' {packing}")


def main():
    if len(sys.argv) < 4 or sys.argv[1] not in ("leads", "events", "wide", "rules"):
        sys.exit(__doc__)
    workload, count, folder = sys.argv[1], int(sys.argv[2]), pathlib.Path(sys.argv[3])
    rng = random.Random(int(sys.argv[4]) if len(sys.argv) > 4 else 1)
    folder.mkdir(parents=True, exist_ok=True)
    if workload == "rules":
        rules(rng, folder)
    tables = workload in ("leads", "events")
    leads_csv, events_csv = (open(folder / name, "w", newline="") if tables else None for name in ("leads.csv", "events.csv"))
    if tables:
        leads_rows, events_rows = csv.writer(leads_csv), csv.writer(events_csv)
        leads_rows.writerow(LEAD_COLUMNS)
        events_rows.writerow(["lead_id", *EVENT_COLUMNS])
    with open(folder / "leads.ndjson", "w") as out:
        for number in range(1, count + 1):
            if workload == "wide":
                record = wide(rng, number)
            else:
                events = 5000 if workload == "events" else min(40, int(rng.expovariate(1 / 8.5)))
                record = lead(rng, number, events, 365)
            out.write(json.dumps(record, separators=(",", ":")) + "\n")
            if tables:
                leads_rows.writerow([record.get(name) for name in LEAD_COLUMNS])
                events_rows.writerows([record["id"], *(event.get(name) for name in EVENT_COLUMNS)] for event in record["events"])
    for file in filter(None, (leads_csv, events_csv)):
        file.close()
    parquet(workload, folder)


main()
