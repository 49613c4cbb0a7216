#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""tests/corpus/matrix.py: makes the jobs of CUPS' drivers, compares them with their truth and writes the table of the drivers.

    tests/corpus/matrix.py [--platen PROGRAM] [--minutes N] [--jobs N] [--match WORD]... [--markdown FILE] FOLDER

It is bounded: no job is begun after --minutes (default: 30), and each has a limit of its own (queues.py). The same command goes on where the last
one stopped; --minutes 0 only compares. FILE gets the table as its last part, everything before it stays. Jobs that could not be made are listed with
the reason, jobs that were not made are counted: a table of a part never looks like one of the whole. Ends with 1 when an answer is wrong.
"""
import argparse
import collections
import pathlib
import subprocess
import sys

import check
import kit

FACTS = ("pages", "copies", "colour", "blank", "duplex", "paper")
KINDS = ("right", "unknown", "wrong")


def make(options):
    args = [str(kit.HERE / "generate"), "--only", "cups", "--jobs", str(options.jobs)]
    args += [word for match in options.match for word in ("--match", match)]
    if options.minutes:
        subprocess.run([*args, "--minutes", str(options.minutes), str(options.folder)], stderr=subprocess.DEVNULL, check=True)


def described(folder):
    run = subprocess.run([str(kit.HERE / "generate"), "--only", "cups", "--list", str(folder)], capture_output=True, text=True, check=True)
    return run.stdout.split()


def compare(folder, rows, program):
    answers = kit.analyze(program, folder, [row["file"] for row in rows], "--pages")
    report = check.Report()
    for row in rows:
        report.add(row, answers[row["file"]])
    return report


def driver_table(report):
    """A line a driver: how many of its jobs' facts are right, unknown and wrong."""
    drivers = collections.defaultdict(lambda: collections.defaultdict(list))
    for (language, driver, _), verdicts in report.drivers.items():
        for fact in FACTS:
            drivers[driver.removeprefix("cups:"), language][fact] += verdicts[fact]
    table = [["driver", "language", "jobs", *FACTS]]
    for (driver, language), verdicts in sorted(drivers.items()):
        cells = [counts(verdicts[fact]) for fact in FACTS]
        table.append([driver, language, str(len(verdicts["pages"])), *cells])
    return table


def counts(verdicts):
    tally = collections.Counter(v if v in KINDS else "wrong" for v in verdicts if v)
    return "/".join(str(tally[kind]) for kind in KINDS) if tally else "-"


def section(report, jobs, done):
    failed = [became for became in done if "why" in became]
    missing = len(jobs) - len(done)
    lines = [check.LAST_PART + "\n",
             f"Written by `tests/corpus/matrix.py --markdown docs/page-accuracy.md FOLDER`. {len(jobs)} jobs are described (`tests/corpus/queue_table.py`), {report.jobs} "
             f"were made and compared, {len(failed)} could not be made, {missing} were not made for want of time. right/unknown/wrong; `-`: the truth is not known.\n"]
    lines += ["Wrong:\n", *(f"- {line}" for line in [line for _, line in report.wrong] or ["none"])]
    lines += ["\nCould not be made:\n", *(f"- {became['file']}: {became['why']}" for became in failed or [])]
    lines += ["- none"] * (not failed)
    lines += ["", check.markdown_table(driver_table(report))]
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser(usage=__doc__.split("\n\n")[1].strip())
    parser.add_argument("--platen", default=kit.default_program())
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--match", action="append", default=[])
    parser.add_argument("--markdown", metavar="FILE")
    parser.add_argument("folder")
    options = parser.parse_args()
    options.folder = pathlib.Path(options.folder).resolve()
    make(options)
    jobs = described(options.folder)
    done = [became for became in kit.made(options.folder).values() if became["file"] in set(jobs)]
    report = compare(options.folder, [became["row"] for became in done if "row" in became], options.platen)
    print(check.text_table(driver_table(report)))
    for _, line in report.wrong:
        print("WRONG " + line)
    print(f"{len(jobs)} described, {report.jobs} compared, {sum('why' in became for became in done)} could not be made")
    if options.markdown:
        path = pathlib.Path(options.markdown)
        before = path.read_text(encoding="utf-8").partition(check.LAST_PART)[0].rstrip("\n")
        path.write_text(before + "\n\n" + section(report, jobs, done), encoding="utf-8")
    return 1 if report.wrong else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (kit.Trouble, subprocess.CalledProcessError) as e:
        sys.exit(f"matrix.py: {e}")
