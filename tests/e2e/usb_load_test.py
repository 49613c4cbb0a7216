#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A thousand readings while a thousand jobs print on the same virtual printer: no byte of a job is disturbed, every page is counted, and each
reading is complete or says that the printer was busy. The printer, its analyser and the agent's dialogue are the programs; only the pipe is a socket file."""
import fcntl
import json
import os
import random
import socket
import subprocess
import sys
import threading

from usb_lab import Printer, Tap, make_job, values

SEED = 20


def send(printer, data):
    with socket.socket(socket.AF_UNIX) as s:
        s.settimeout(30)
        s.connect(printer.data)
        s.sendall(data)
        s.shutdown(socket.SHUT_WR)
        while s.recv(4096):
            pass


def print_all(printer, jobs, locked, rng, trouble):
    """As a spooler does: the queue shows the job from before its first byte until after its last, and it waits for the pipe."""
    for job in jobs:
        with open(printer.lock, "w", encoding="ascii") as lock:
            if locked:
                open(printer.queue, "w", encoding="ascii").close()
                fcntl.flock(lock, fcntl.LOCK_EX)
            try:
                send(printer, job.data)
            except OSError as e:
                trouble.append(f"a job could not be sent: {e}")
                return
            finally:
                if locked:
                    os.unlink(printer.queue)
        if rng.random() < 0.5:
            threading.Event().wait(rng.random() * 0.03)


def round_of(tap, name, reads, jobs_n, locked, connections):
    rng = random.Random(SEED)
    printer = Printer("hp-color", "--connections", str(connections))
    before = printer.truth()
    jobs = [make_job(rng, n) for n in range(jobs_n)]
    trouble = []
    thread = threading.Thread(target=print_all, args=(printer, jobs, locked, rng, trouble))
    lock = ["--lock", printer.lock, "--queue", printer.queue] if locked else []
    reader = subprocess.Popen(printer.read_command("--times", str(reads), "--pause", "2", *lock), stdout=subprocess.PIPE, stdin=subprocess.DEVNULL)
    thread.start()
    readings = [json.loads(line) for line in reader.stdout]
    reader.stdout.close()
    thread.join()
    tap.check(f"{name}: all was sent, all was read", not trouble and reader.wait() == 0 and len(readings) == reads, *trouble)
    check_jobs(tap, name, printer, jobs, before)
    check_readings(tap, name, readings, jobs, before["pages"])
    tap.same(f"{name}: the printer ends well", printer.stop(), 0)


def check_jobs(tap, name, printer, jobs, before):
    reports = printer.jobs()
    tap.same(f"{name}: {len(jobs)} jobs came", len(reports), len(jobs))
    changed, wrong = [], []
    for job, report in zip(jobs, reports):
        with open(os.path.join(printer.kept, f"job-{report['job']:05}.prn"), "rb") as f:
            if f.read() != job.data:
                changed.append(report)
        if report["impressions"] != job.pages:
            wrong.append(report)
    tap.check(f"{name}: no byte of a job is another ({sum(len(j.data) for j in jobs)} bytes)", not changed, *changed[:3])
    tap.check(f"{name}: each job's pages are right", not wrong, *wrong[:3])
    after = printer.truth()
    for what, n in (("pages", sum(j.pages for j in jobs)), ("color", sum(j.color for j in jobs)), ("duplex", sum(j.sides for j in jobs)), ("jobs", len(jobs))):
        tap.same(f"{name}: the counter of {what} moved by all of them", after[what] - before[what], n)
    tap.same(f"{name}: nothing forbidden was asked, nothing was printed by a question", [after[n] for n in ("forbidden", "pml_sets", "stray", "unreadable")],
             [0, 0, 0, 0])


def check_readings(tap, name, readings, jobs, pages):
    """A complete reading has the count as it was behind some job, and never less than the reading before."""
    counts = {pages}
    for job in jobs:
        pages += job.pages
        counts.add(pages)
    last, complete, busy, bad, pages_of_none = 0, 0, 0, [], -1
    for r in readings:
        v = values(r["device"])
        if r["gave_way"] or "busy" in r["problem"]:
            busy += 1
            if not r["problem"] or v.get("meter.total", pages_of_none) not in counts | {pages_of_none}:
                bad.append(r)
            continue
        complete += 1
        total = v.get("meter.total", -1)
        if r["problem"] or total not in counts or total < last or "name" not in v or "code" not in v:
            bad.append(r)
        last = max(last, total)
    tap.check(f"{name}: {complete} readings complete and right, {busy} busy, none otherwise", not bad and complete > 0, *[json.dumps(b)[:400] for b in bad[:3]])


def main():
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    tap = Tap()
    round_of(tap, "with the queue's lock", n, n, True, 1)
    round_of(tap, "on ways of their own", n // 5, n // 5, False, 4)
    tap.done()


if __name__ == "__main__":
    main()
