#!/usr/bin/env python3
"""Whole processes side by side: compare.py DIR [CASE…] [--qualify FILE] [--hand FILE] [--pairs N] [--threads N] [--markdown]

DIR holds the folders that generate.py has written: leads, events, wide, rules. CASE is a case's name, or a part of it; all
without. Each pair runs qualify and then the other program, once before it counts; the time is user + system CPU seconds as the
operating system counts them (wait4). Printed are the medians, and the median of the pairs' ratios.

Engines: duckdb and polars run by the Python that runs this script (pip install -r benches/requirements.txt); --hand is a
program written by hand for the first workload, which answers `eval FILE -p sonic -o OUT`, `pq-eval FILE --dict -o OUT`
and `csv-eval LEADS EVENTS -o OUT`. It is no part of this project.
"""

import argparse
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
AS_OF = "2025-06-01T00:00:00Z"


def cpu(command):
    """CPU seconds of a process and its children, and the most memory that it held, in MB."""
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    errors = child.stderr.read()
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode not in (0, 3):
        sys.exit(f"{' '.join(map(str, command))}\nended with {child.returncode}: {errors.decode()[-2000:]}")
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def wanted(args, name):
    """Whether a case is asked for."""
    return not args.case or any(part in name for part in args.case)


def cases(args, out):
    """A name, what qualify runs and what the other program runs."""
    base, threads = pathlib.Path(args.folder), str(args.threads)

    def qualify(workload, leads, events=None, fmt="csv", policy=None):
        policy = policy or HERE / ("wide" if workload == "wide" else "workload") / "policy.qual"
        command = [args.qualify, "score", policy, base / workload / leads, "--as-of", AS_OF, "--threads", threads]
        return command + (["--events", base / workload / events] if events else []) + ["--format", fmt, "-o", out / f"q.{fmt}"]

    def duck(mode, workload):
        return [sys.executable, HERE / "duck.py", mode, base / workload, out / "duck.csv", threads]

    def polars(mode, workload):
        return [sys.executable, HERE / "pol.py", mode, base / workload, out / "pol.csv", threads]

    for workload in ("leads", "events"):
        json, nested = qualify(workload, "leads.ndjson"), qualify(workload, "leads_nested.parquet")
        flat, tables = qualify(workload, "leads.parquet", "events.parquet"), qualify(workload, "leads.csv", "events.csv")
        folder = base / workload
        yield f"{workload} NDJSON duckdb", json, duck("json", workload)
        yield f"{workload} Parquet nested duckdb", nested, duck("nested", workload)
        yield f"{workload} Parquet two tables duckdb", flat, duck("flat", workload)
        yield f"{workload} CSV two tables duckdb", tables, duck("csv", workload)
        yield f"{workload} Parquet nested polars", nested, polars("nested", workload)
        yield f"{workload} Parquet two tables polars", flat, polars("flat", workload)
        if args.hand:
            hand = lambda *rest: [args.hand, *rest, "-o", out / "hand.csv", "-t", threads]
            yield f"{workload} NDJSON hand", json, hand("eval", folder / "leads.ndjson", "-p", "sonic")
            yield f"{workload} Parquet nested hand", nested, hand("pq-eval", folder / "leads_nested.parquet", "--dict")
            yield f"{workload} CSV two tables hand", tables, hand("csv-eval", folder / "leads.csv", folder / "events.csv")
    yield "wide NDJSON duckdb", qualify("wide", "leads.ndjson"), duck("wide-json", "wide")
    yield "wide Parquet duckdb", qualify("wide", "leads_nested.parquet"), duck("wide", "wide")
    rules, name = base / "rules" / "policy.qual", "rules Parquet nested duckdb"
    if rules.exists() and wanted(args, name):
        # The SQL is written beforehand; its lists of 100,000 entries are tables of the query.
        with open(out / "rules.sql", "w") as sql:
            subprocess.run([args.qualify, "sql", rules, "--dialect", "duckdb", "--nested", "--as-of", AS_OF], stdout=sql, check=True)
    yield name, qualify("rules", "leads_nested.parquet", policy=rules), duck("rules", "rules") + [out / "rules.sql"]
    yield "rules NDJSON to Parquet", qualify("rules", "leads.ndjson", policy=rules), qualify("rules", "leads_nested.parquet", policy=rules)
    yield "leads NDJSON to itself as Parquet out", qualify("leads", "leads.ndjson"), qualify("leads", "leads.ndjson", fmt="parquet")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder")
    parser.add_argument("case", nargs="*")
    parser.add_argument("--qualify", default=HERE.parent / "target/release/qualify")
    parser.add_argument("--hand")
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--markdown", action="store_true")
    args = parser.parse_args()
    if args.markdown:
        print("| case | qualify, CPU s | MB | the other, CPU s | MB | ratio |\n|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as out:
        for name, ours, theirs in cases(args, pathlib.Path(out)):
            if not wanted(args, name):
                continue
            if not all(path.exists() for path in ours + theirs if isinstance(path, pathlib.Path) and path.is_relative_to(args.folder)):
                print(f"{name}: no data", file=sys.stderr)
                continue
            cpu(ours), cpu(theirs)
            pairs = [(cpu(ours), cpu(theirs)) for _ in range(args.pairs)]
            middle = lambda values: statistics.median(values)
            a, b = middle([pair[0][0] for pair in pairs]), middle([pair[1][0] for pair in pairs])
            memory = [middle([pair[side][1] for pair in pairs]) for side in (0, 1)]
            ratio = middle([pair[0][0] / pair[1][0] for pair in pairs])
            if args.markdown:
                print(f"| {name} | {a:.3f} | {memory[0]:.0f} | {b:.3f} | {memory[1]:.0f} | {ratio:.2f} |", flush=True)
            else:
                print(f"{name}: {a:.3f} s ({memory[0]:.0f} MB) to {b:.3f} s ({memory[1]:.0f} MB): {ratio:.2f}", flush=True)


main()
