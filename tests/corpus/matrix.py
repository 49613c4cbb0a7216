#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""tests/corpus/matrix.py: makes the jobs of CUPS' drivers, compares them with their truth and writes the table of the drivers.

    tests/corpus/matrix.py [--drivers] [--platen PROGRAM] [--minutes N] [--jobs N] [--match WORD]... [--markdown FILE] FOLDER

--drivers takes those that the box does not have (driver_table.py): run it by `tools/box --root drivers`. It is bounded: no job is begun after --minutes
(default: 30), and each has a limit of its own (queues.py). The same command goes on where the last one stopped; --minutes 0 only compares. FILE gets
the table in a part of its own, everything else stays. Jobs that could not be made are listed with the reason, jobs that were not made are counted: a table of a part never looks like one of the whole. Ends with 1 when an answer is wrong.
"""
import argparse
import collections
import pathlib
import subprocess
import sys

import check
import kit

FACTS = ("pages", "copies", "colour", "blank", "duplex", "paper")
OTHERS = "## The other drivers of Debian"
KINDS = ("right", "unknown", "wrong")


def make(options):
    args = [str(kit.HERE / "generate"), "--only", "cups", *options.table, "--jobs", str(options.jobs)]
    args += [f"--match={word}" for word in options.match]
    if options.minutes:
        subprocess.run([*args, "--minutes", str(options.minutes), str(options.folder)], stderr=subprocess.DEVNULL, check=True)


def described(options):
    run = subprocess.run([str(kit.HERE / "generate"), "--only", "cups", *options.table, "--list", str(options.folder)], capture_output=True, text=True, check=True)
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


def section(report, jobs, done, drivers):
    failed = [became for became in done if "why" in became]
    missing = len(jobs) - len(done)
    heading, command, table = check.LAST_PART, "tests/corpus/matrix.py", "queue_table.py"
    if drivers:
        heading, command, table = OTHERS, "tools/box --root drivers tests/corpus/matrix.py --drivers", "driver_table.py"
    lines = [heading + "\n",
             f"Written by `{command} --markdown docs/page-accuracy.md FOLDER`. {len(jobs)} jobs are described (`tests/corpus/{table}`), {report.jobs} "
             f"were made and compared, {len(failed)} could not be made, {missing} were not made for want of time. right/unknown/wrong; `-`: the truth is not known.\n"]
    lines += ["Wrong:\n", *(f"- {line}" for line in [line for _, line in report.wrong] or ["none"])]
    lines += ["\nCould not be made:\n", *(f"- {became['file']}: {became['why']}" for became in failed or [])]
    lines += ["- none"] * (not failed)
    lines += ["", check.markdown_table(driver_table(report))]
    return "\n".join(lines) + "\n"


def replaced(text, part):
    """The text with this part in place of the one with its heading, or behind everything."""
    heading = part.partition("\n")[0]
    before, found, rest = text.partition(heading + "\n")
    _, next_heading, after = rest.partition("\n## ") if found else ("", "", "")
    return before.rstrip("\n") + "\n\n" + part + next_heading + after


def main():
    parser = argparse.ArgumentParser(usage=__doc__.split("\n\n")[1].strip())
    parser.add_argument("--drivers", dest="table", action="store_const", const=["--drivers"], default=[])
    parser.add_argument("--platen", default=kit.default_program())
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--match", action="append", default=[])
    parser.add_argument("--markdown", metavar="FILE")
    parser.add_argument("folder")
    options = parser.parse_args()
    options.folder = pathlib.Path(options.folder).resolve()
    make(options)
    jobs = described(options)
    done = [became for became in kit.made(options.folder).values() if became["file"] in set(jobs)]
    report = compare(options.folder, [became["row"] for became in done if "row" in became], options.platen)
    print(check.text_table(driver_table(report)))
    for _, line in report.wrong:
        print("WRONG " + line)
    print(f"{len(jobs)} described, {report.jobs} compared, {sum('why' in became for became in done)} could not be made")
    if options.markdown:
        path = pathlib.Path(options.markdown)
        path.write_text(replaced(path.read_text(encoding="utf-8"), section(report, jobs, done, options.table)), encoding="utf-8")
    return 1 if report.wrong else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (kit.Trouble, subprocess.CalledProcessError) as e:
        sys.exit(f"matrix.py: {e}")
