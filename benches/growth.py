#!/usr/bin/env python3
"""How the cost grows: growth.py FOLDER [leads|events|rules|lists|cores …] [--qualify FILE] [--runs N]

FOLDER holds the folders of generate.py: leads, events, rules. Smaller inputs are cut out of them. Printed are tables in Markdown: CPU
seconds (user + system) of whole processes on one thread, start included, the median of N runs; of cores also the seconds by the clock.
"""

import argparse
import json
import os
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
AS_OF = "2025-06-01T00:00:00Z"
WORKLOAD = HERE / "workload/policy.qual"


class Bench:
    def __init__(self, args, out):
        self.base, self.qualify, self.runs, self.out = args.folder, args.qualify, args.runs, pathlib.Path(out)

    def score(self, policy, leads, threads=1):
        """CPU seconds and seconds by the clock: medians. (What a process held at most is told by flat.py: here it would count what
        this one holds when it starts it.)"""
        command = [self.qualify, "score", policy, leads, "--as-of", AS_OF, "--threads", str(threads), "--format", "csv", "-o", "/dev/null"]
        runs = []
        for _ in range(self.runs):
            start = time.monotonic()
            child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            _, status, used = os.wait4(child.pid, 0)
            child.returncode = os.waitstatus_to_exitcode(status)
            if child.returncode not in (0, 3):
                sys.exit(f"{command} ended with {child.returncode}")
            runs.append((used.ru_utime + used.ru_stime, time.monotonic() - start))
        return tuple(statistics.median(column) for column in zip(*runs))

    def leads(self):
        print("| leads | CPU s | microseconds a lead |\n|---|---|---|", flush=True)
        lines = (self.base / "leads/leads.ndjson").open().readlines()
        for count in (1_000, 10_000, 100_000, 1_000_000):
            if count > len(lines):
                break
            file = self.out / "leads.ndjson"
            file.write_text("".join(lines[:count]))
            cpu, _ = self.score(WORKLOAD, file)
            print(f"| {count:,} | {cpu:.3f} | {cpu / count * 1e6:.2f} |", flush=True)

    def events(self):
        """The same events, cut into leads of so many."""
        print("| events a lead | leads | CPU s | nanoseconds an event |\n|---|---|---|---|", flush=True)
        records = [json.loads(line) for line in (self.base / "events/leads.ndjson").open()][:100]
        for each in (10, 100, 1_000, 5_000):
            file, leads, events = self.out / "events.ndjson", 0, 0
            with file.open("w") as out:
                for record in records:
                    for start in range(0, len(record["events"]), each):
                        part = record["events"][start:start + each]
                        out.write(json.dumps(record | {"id": f"{record['id']}-{start}", "events": part}, separators=(",", ":")) + "\n")
                        leads, events = leads + 1, events + len(part)
            cpu, _ = self.score(WORKLOAD, file)
            print(f"| {each:,} | {leads:,} | {cpu:.3f} | {cpu / events * 1e9:.0f} |", flush=True)

    def rules_of(self, count, entries=100_000):
        """The policy of 500 rules, cut to its first ones, and its lists cut to so many entries."""
        source, folder = self.base / "rules", self.out / f"rules-{count}-{entries}"
        folder.mkdir(exist_ok=True)
        for name in ("accounts", "partners"):
            (folder / f"{name}.txt").write_text("".join((source / f"{name}.txt").open().readlines()[:entries]))
        kept, rules = [], 0
        for line in (source / "policy.qual").read_text().split("\n"):
            rule = re.match(r"  r\d+_\d+: ", line)
            rules += bool(rule)
            if not rule or rules <= count:
                kept.append(line)
        text = "\n".join(kept)
        # Scores of which nothing is left.
        for part in re.findall(r"score (part_\d+) from 0 to 200 \{\n\}", text):
            text = text.replace(f"score {part} from 0 to 200 {{\n}}\n", "").replace(f"  include {part}\n", "")
        (folder / "policy.qual").write_text(text)
        return folder / "policy.qual"

    def rules(self):
        print("| rules | start, CPU ms | 20,000 leads, CPU s | microseconds a lead and rule |\n|---|---|---|---|", flush=True)
        leads = self.base / "rules/leads.ndjson"
        for count in (30, 100, 300, 500):
            policy = self.rules_of(count, 1_000)
            start, cpu = self.start(policy), self.score(policy, leads)[0]
            number = sum(1 for _ in leads.open())
            print(f"| {count} | {start * 1000:.0f} | {cpu:.3f} | {(cpu - start) / number / count * 1e6:.3f} |", flush=True)

    def lists(self):
        print("| entries of each of two lists | start, CPU ms | 20,000 leads, CPU s |\n|---|---|---|", flush=True)
        for entries in (10, 1_000, 10_000, 100_000):
            policy = self.rules_of(50, entries)
            cpu, _ = self.score(policy, self.base / "rules/leads.ndjson")
            print(f"| {entries:,} | {self.start(policy) * 1000:.0f} | {cpu:.3f} |", flush=True)

    def start(self, policy):
        """CPU seconds with one lead."""
        one = self.out / "one.ndjson"
        one.write_text((self.base / "rules/leads.ndjson").open().readline())
        return self.score(policy, one)[0]

    def cores(self):
        print("| threads | CPU s | by the clock, s | times as fast |\n|---|---|---|---|", flush=True)
        first = None
        for threads in (1, 2, 4, 8, 16):
            if threads > (os.cpu_count() or 1):
                break
            cpu, clock = self.score(WORKLOAD, self.base / "leads/leads.ndjson", threads)
            first = first or clock
            print(f"| {threads} | {cpu:.3f} | {clock:.3f} | {first / clock:.2f} |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("table", nargs="*", default=["leads", "events", "rules", "lists", "cores"])
    parser.add_argument("--qualify", default=HERE.parent / "target/release/qualify")
    parser.add_argument("--runs", type=int, default=3)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as out:
        bench = Bench(args, out)
        for table in args.table:
            getattr(bench, table)()
            print(flush=True)


main()
