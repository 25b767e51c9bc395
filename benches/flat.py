#!/usr/bin/env python3
"""Memory over the size of the input: flat.py ndjson|sorted FOLDER GB [--qualify FILE] [--threads N]

FOLDER holds a workload of generate.py: leads.ndjson, or leads.csv with events.csv, sorted by lead. The files are read again and
again into pipes, each time with another letter before all keys, until GB gigabytes have gone through; nothing of it is written to
a disk. Printed are the most memory that the process held when it had read 1, 2, 5, 10, ... gigabytes, and its CPU seconds.
"""

import argparse
import os
import pathlib
import subprocess
import sys
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def feed(file, head, key, rounds, pipe):
    """Writes a file into a pipe, `rounds` times with another letter before its keys; tables have a head once."""
    if head:
        pipe.write(file.open("rb").readline())
        pipe.flush()
    for letter in LETTERS[:rounds]:
        script = f"s/{key}/&{letter}/" if not head else f"1d;s/^/{letter}/"
        if subprocess.run(["sed", "-e", script, file], stdout=pipe, env=os.environ | {"LC_ALL": "C"}).returncode:
            break
    pipe.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("ndjson", "sorted"))
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("gigabytes", type=float)
    parser.add_argument("--qualify", default=HERE.parent / "target/release/qualify")
    parser.add_argument("--threads", default="2")
    args = parser.parse_args()
    names = ["leads.ndjson"] if args.what == "ndjson" else ["leads.csv", "events.csv"]
    files = [args.folder / name for name in names]
    rounds = max(1, round(args.gigabytes * 1e9 / sum(file.stat().st_size for file in files)))
    if rounds > len(LETTERS):
        sys.exit(f"the files are too small: {rounds} rounds, at most {len(LETTERS)}")
    pipes = [os.pipe() for _ in files]
    command = [args.qualify, "score", HERE / "workload/policy.qual", "-", "--as-of", "2025-06-01T00:00:00Z", "--threads", args.threads]
    if args.what == "sorted":
        command += ["--events", f"/dev/fd/{pipes[1][0]}", "--sorted"]
    child = subprocess.Popen(
        command + ["--format", "csv", "-o", "/dev/null"], stdin=pipes[0][0], pass_fds=[pipe[0] for pipe in pipes[1:]])
    for (reader, writer), file in zip(pipes, files):
        os.close(reader)
        feeder = (file, args.what == "sorted", '^{"id":"', rounds, os.fdopen(writer, "wb"))
        threading.Thread(target=feed, args=feeder, daemon=True).start()
    marks = [1, 2, 5, 10, 20, 50, 100]
    peak = 0
    while True:
        ended, status, used = os.wait4(child.pid, os.WNOHANG)
        if ended:
            break
        try:
            facts = pathlib.Path(f"/proc/{child.pid}/status").read_text()
            peak = max([peak] + [int(line.split()[1]) for line in facts.splitlines() if line.startswith("VmHWM")])
            read = int(pathlib.Path(f"/proc/{child.pid}/io").read_text().split()[1]) / 1e9
        except (OSError, IndexError):
            continue
        while marks and read >= marks[0]:
            print(f"{marks.pop(0):>4} GB read: at most {peak / 1024:.1f} MB", flush=True)
        time.sleep(0.05)
    size = rounds * sum(file.stat().st_size for file in files) / 1e9
    code = os.waitstatus_to_exitcode(status)
    cpu = used.ru_utime + used.ru_stime
    print(f"{size:.1f} GB in {rounds} rounds: {cpu:.1f} s of CPU, at most {used.ru_maxrss / 1024:.1f} MB, ended with {code}")


main()
