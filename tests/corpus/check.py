#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""tests/corpus/check.py: compares `platen analyze --json` with the known truth of a corpus of print jobs.

    tests/corpus/check.py [--platen PROGRAM] [--all] [--markdown] [CORPUS]

CORPUS is a folder with truth.tsv (default: $PLATEN_CORPUS). For each language the table says in how many jobs a number
is right, unknown and wrong. Unknown is honest and counted apart; any wrong number is listed and ends the program with 1.
Only languages with a counted job are shown; --all shows the others too. Python's standard library only.
"""
import argparse
import collections
import csv
import json
import os
import pathlib
import subprocess
import sys

FIELDS = ("pages", "impressions", "copies", "sheets", "duplex")
BATCH = 100


def default_program():
    top = pathlib.Path(__file__).resolve().parents[2]
    for build in ("linux", "linux-asan"):
        program = top / "build" / build / "bin" / "platen"
        if program.exists():
            return str(program)
    return "platen"


def analyze(program, corpus, files):
    """{file: analysis} from one run of the program, which prints one JSON object after the other."""
    run = subprocess.run([program, "analyze", "--json", *files], cwd=corpus, capture_output=True, text=True)
    decoder, text, found, at = json.JSONDecoder(), run.stdout, {}, 0
    while True:
        while at < len(text) and text[at].isspace():
            at += 1
        if at == len(text):
            break
        answer, at = decoder.raw_decode(text, at)
        found[answer["file"]] = answer
    missing = [f for f in files if f not in found]
    if missing:
        sys.exit(f"check.py: no answer for {missing[0]}: {run.stderr.strip()[-500:]}")
    return found


def judge(field, truth, got):
    """right, unknown, wrong, or None where the truth itself is not known."""
    if truth in ("?", ""):
        return None
    if field == "copies" and not truth.isdigit():  # 3+1+5: they differ from page to page, so no one number is right
        return "right" if got is None else "wrong"
    if got is None:
        return "unknown"
    return "right" if str(got) == truth else "wrong"


def main():
    parser = argparse.ArgumentParser(usage=__doc__.split("\n\n")[1].strip())
    parser.add_argument("--platen", default=default_program())
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--markdown", action="store_true")
    parser.add_argument("corpus", nargs="?", default=os.environ.get("PLATEN_CORPUS"))
    options = parser.parse_args()
    if not options.corpus or not os.path.exists(os.path.join(options.corpus, "truth.tsv")):
        sys.exit("check.py: name a corpus: a folder with truth.tsv (or set PLATEN_CORPUS)")
    with open(os.path.join(options.corpus, "truth.tsv"), newline="", encoding="utf-8") as f:
        rows = list(csv.DictReader(f, delimiter="\t"))
    answers = {}
    for i in range(0, len(rows), BATCH):
        answers.update(analyze(options.platen, options.corpus, [r["file"] for r in rows[i:i + BATCH]]))
    tallies, wrong = {}, []
    for row in rows:
        got = answers[row["file"]]
        tally = tallies.setdefault(row["language"], collections.Counter())
        tally["jobs"] += 1
        tally[got["confidence"]] += 1
        for field in FIELDS:
            verdict = judge(field, row[field], got[field])
            if verdict:
                tally[field, verdict] += 1
            if verdict == "wrong":
                wrong.append(f"{row['file']}: {field} {got[field]}, truth {row[field]} ({got['language']}, {got['confidence']}: {got['reason']})")
    report(options, tallies)
    for line in wrong:
        print("WRONG " + line)
    sys.exit(1 if wrong else 0)


def report(options, tallies):
    counted = sorted((l for l, t in tallies.items() if t["pages", "right"] + t["pages", "wrong"]), key=lambda l: -tallies[l]["jobs"])
    others = sorted((l for l in tallies if l not in counted), key=lambda l: -tallies[l]["jobs"])
    head = ["language", "jobs", "pages", "impressions", "copies", "sheets", "exact", "declared", "estimated", "unknown"]
    lines = [row(language, tallies[language]) for language in counted]
    total = sum((tallies[l] for l in counted), collections.Counter())
    lines.append(row("all counted", total))
    rest = sum((tallies[l] for l in others), collections.Counter())
    if options.all:
        lines += [row(language, tallies[language]) for language in others]
    lines.append(row(f"{len(others)} others", rest))
    if options.markdown:
        print("| " + " | ".join(head) + " |\n|" + " --- |" * len(head))
        for line in lines:
            print("| " + " | ".join(line) + " |")
        return
    print("each number: right/unknown/wrong")
    widths = [max(len(line[i]) for line in [head, *lines]) for i in range(len(head))]
    for line in [head, *lines]:
        print("  ".join(cell.ljust(w) for cell, w in zip(line, widths)).rstrip())


def row(name, tally):
    cells = [name, str(tally["jobs"])]
    for field in FIELDS[:4]:
        cells.append("/".join(str(tally[field, verdict]) for verdict in ("right", "unknown", "wrong")))
    return cells + [str(tally[c]) for c in ("exact", "declared", "estimated", "unknown")]


if __name__ == "__main__":
    main()
