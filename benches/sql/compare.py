"""SQL that `qualify sql` writes beside SQL that an expert wrote by hand, on DuckDB, in turn; and whether they agree.

    python benches/sql/compare.py DATA GENERATED.sql [RUNS] [THREADS]

DATA holds leads.parquet and events.parquet (its column `lead_id` is the lead's key). Each writes a CSV file of its rows: the generated SQL
once with the four columns that are written by hand too, and once with all that it has (checks, reasons, version, digest, …).
"""

import pathlib
import statistics
import sys
import tempfile
import time

import duckdb


def main():
    data, generated = sys.argv[1:3]
    runs = int(sys.argv[3]) if len(sys.argv) > 3 else 5
    threads = int(sys.argv[4]) if len(sys.argv) > 4 else 1
    by_hand = pathlib.Path(__file__).with_name("by_hand.sql").read_text(encoding="utf-8")
    all_columns = pathlib.Path(generated).read_text(encoding="utf-8").rstrip().rstrip(";")
    queries = {
        "generated": f"SELECT key, icp, lead_score, stage FROM ({all_columns})",
        "by hand": by_hand,
        "generated, all columns": all_columns,
    }
    con = duckdb.connect()
    con.execute(f"SET threads = {threads}")
    con.execute("SET TimeZone = 'UTC'")
    con.execute(f"CREATE VIEW leads AS SELECT * FROM read_parquet('{data}/leads.parquet')")
    con.execute(f"CREATE VIEW events AS SELECT *, lead_id AS id FROM read_parquet('{data}/events.parquet')")
    folder = tempfile.mkdtemp(prefix="qualify-bench-")
    wall, cpu = {name: [] for name in queries}, {name: [] for name in queries}
    for run in range(runs + 1):
        for name in list(queries) if run % 2 else list(queries)[::-1]:
            began, spent = time.perf_counter(), time.process_time()
            con.execute(f"COPY ({queries[name]}) TO '{folder}/{name.replace(' ', '_')}.csv' (FORMAT csv, HEADER true)")
            # The first run of each warms the file cache up and does not count.
            if run:
                wall[name].append(time.perf_counter() - began)
                cpu[name].append(time.process_time() - spent)
    for name in queries:
        print(
            f"{name:22} wall {statistics.median(wall[name]):.2f} s ({min(wall[name]):.2f} to {max(wall[name]):.2f}), "
            f"CPU {statistics.median(cpu[name]):.2f} s ({min(cpu[name]):.2f} to {max(cpu[name]):.2f})"
        )
    for name in ("generated", "generated, all columns"):
        pairs = [a / b for a, b in zip(cpu[name], cpu["by hand"])]
        print(f"{name}: CPU by hand × {statistics.median(pairs):.2f} (median of pairs, {min(pairs):.2f} to {max(pairs):.2f})")
    leads, differ, off = con.execute(
        f"""SELECT count(*), count(*) FILTER (g.stage <> h.stage OR coalesce(g.icp, false) <> h.icp),
                   count(*) FILTER (abs(g.lead_score - h.lead_score) > 0.0051)
            FROM '{folder}/generated.csv' AS g JOIN '{folder}/by_hand.csv' AS h USING (key)"""
    ).fetchone()
    print(f"{leads:,} leads: {differ} with another fit or stage, {off} with a score that is off by more than a cent")


if __name__ == "__main__":
    main()
