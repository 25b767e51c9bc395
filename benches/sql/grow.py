"""How the time of generated SQL grows with the data, on engines of one machine.

    python benches/sql/grow.py DATA WORK POLICY_SQL_OF_DUCKDB [POLICY_SQL_OF_CLICKHOUSE] [TIMES ...]

DATA holds leads.parquet and events.parquet (its column `lead_id` is the lead's key), a million leads for the figures in docs/scale.md. For each
of TIMES (1 2 5 10) the files are written so often, with keys of their own, into WORK; then each engine decides all leads with two threads and
writes the four columns key, icp, lead_score and stage as Parquet. Tells wall and CPU seconds and how many leads stand at each stage.
"""

import pathlib
import resource
import subprocess
import sys
import time


def copies(data, work, times):
    """The files so often; one copy is the file itself."""
    import duckdb

    folder = pathlib.Path(work) / f"x{times}"
    folder.mkdir(parents=True, exist_ok=True)
    con = duckdb.connect()
    con.execute("SET threads = 2")
    con.execute("SET preserve_insertion_order = false")
    for name, key in (("leads", "id"), ("events", "lead_id")):
        there = folder / f"{name}.parquet"
        if not there.exists():
            more = ", lead_id || '-' || n AS id" if name == "events" else ""
            con.execute(
                f"COPY (SELECT * REPLACE ({key} || '-' || n AS {key}){more} FROM read_parquet('{data}/{name}.parquet'), range({times}) AS t(n)) "
                f"TO '{there}' (FORMAT parquet)"
            )
    return folder


def duckdb_run(folder, sql):
    import duckdb

    con = duckdb.connect()
    con.execute("SET threads = 2")
    con.execute("SET TimeZone = 'UTC'")
    con.execute("SET preserve_insertion_order = false")
    con.execute(f"SET temp_directory = '{folder}/spill'")
    for name in ("leads", "events"):
        con.execute(f"CREATE VIEW {name} AS SELECT * FROM read_parquet('{folder}/{name}.parquet')")
    con.execute(f"COPY (SELECT key, icp, lead_score, stage FROM ({sql})) TO '{folder}/duckdb.parquet' (FORMAT parquet)")


def clickhouse_run(folder, sql):
    from chdb import session

    chdb = session.Session()
    for name in ("leads", "events"):
        chdb.query(f"CREATE VIEW {name} AS SELECT * FROM file('{folder}/{name}.parquet', Parquet)")
    query, settings = sql.rsplit("SETTINGS", 1)
    chdb.query(
        f"INSERT INTO FUNCTION file('{folder}/clickhouse.parquet', Parquet) SELECT key, icp, lead_score, stage FROM ({query}) "
        f"SETTINGS max_threads = 2, engine_file_truncate_on_insert = 1, {settings}"
    )


def main():
    if sys.argv[1] == "one":
        engine, folder, sql = sys.argv[2:5]
        text = pathlib.Path(sql).read_text(encoding="utf-8").rstrip().rstrip(";")
        {"duckdb": duckdb_run, "clickhouse": clickhouse_run}[engine](folder, text)
        return
    data, work = sys.argv[1:3]
    texts = [name for name in sys.argv[3:] if not name.isdigit()]
    times = [int(count) for count in sys.argv[3:] if count.isdigit()] or [1, 2, 5, 10]
    import duckdb

    for count in times:
        folder = copies(data, work, count)
        for engine, sql in zip(("duckdb", "clickhouse"), texts):
            before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
            subprocess.run([sys.executable, __file__, "one", engine, str(folder), sql], check=True)
            wall, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
            cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
            stages = duckdb.sql(f"SELECT stage, count(*) FROM '{folder}/{engine}.parquet' GROUP BY ALL ORDER BY 1").fetchall()
            print(f"{engine} x{count}: wall {wall:.1f} s, CPU {cpu:.1f} s, at most {after.ru_maxrss // 1024} MB, {stages}", flush=True)


if __name__ == "__main__":
    main()
