#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""tests/corpus/convert.py: every job of a corpus through `platen convert`, and what comes out against what went in.

    tests/corpus/convert.py [--platen PROGRAM] [--language NAME]... [--match WORD] [--markdown FILE] [--tap] [--no-draw] [CORPUS]

CORPUS is a folder with truth.tsv (default: $PLATEN_CORPUS). Each job is converted to both sides (long edge), to grey, and to both. A job that is
done must have the pages, copies, impressions, papers and, but for grey, the coloured pages that it had; the pages of the corpus' truth; the sides and
the grey that were asked; and converting it again must change no byte. PostScript is drawn by Ghostscript before and after: for sides every pixel must
be the same, for grey no pixel may have a colour, but for jobs whose printer does it (ProcessColorModel). The pixels of PCL XL, PWG and Apple raster are compared one by one with the luma of those before.
Anything else is WRONG and ends the program with 1. --markdown writes docs/convert-table.md.
"""
import argparse
import collections
import concurrent.futures
import hashlib
import os
import re
import subprocess
import sys
import tempfile

import kit
import pclxl
import rasters

WANTS = {"both sides": ("--duplex", "long"), "grey": ("--grey",), "both sides, grey": ("--duplex", "long", "--grey")}
EQUAL = ("pages", "copies", "impressions", "blank_pages", "paper")
CANNOT = 4
BATCH = 12
GS = ("gs", "-q", "-dSAFER", "-dBATCH", "-dNOPAUSE", "-sDEVICE=ppmraw", "-r24", "-sstdout=%stderr", "-sOutputFile=-")


class Report:
    def __init__(self):
        self.done, self.same, self.cannot = (collections.Counter() for _ in range(3))
        self.reasons = collections.defaultdict(collections.Counter)
        self.wrong = []
        self.drawn = []

    def wrongly(self, row, want, what):
        self.wrong.append(f"{row['file']}, {want}: {what}")


def convert(platen, wishes, source, target):
    """(exit code, reason, the bytes that came out)"""
    if os.path.exists(target):
        os.remove(target)
    run = subprocess.run([platen, "convert", *wishes, source, target], capture_output=True, text=True, errors="replace", timeout=200)
    out = b""
    if os.path.exists(target):
        with open(target, "rb") as f:
            out = f.read()
    return run.returncode, run.stderr.strip().split("cannot be converted: ")[-1], out


def pictures(file):
    """What Ghostscript draws, page after page; None when it fails."""
    run = subprocess.run([*GS, file], capture_output=True, timeout=120)
    return run.stdout if run.returncode == 0 else None


def has_color(ppm):
    """Does any pixel of these pages have parts that differ by more than the rounding of Ghostscript's colour management?"""
    at = 0
    while at < len(ppm):
        head = re.match(rb"P6\s(?:#[^\n]*\n)*(\d+) (\d+)\s(?:#[^\n]*\n)*255\s", ppm[at:])
        if not head:
            raise kit.Trouble("Ghostscript gave no PPM")
        start = at + head.end()
        at = start + int(head[1]) * int(head[2]) * 3
        red, green, blue = (ppm[start + k:at:3] for k in range(3))
        if (red != green or green != blue) and any(max(p) - min(p) > 2 for p in set(zip(red, green, blue))):
            return True
    return False


def by_model(file):
    """Grey by ProcessColorModel, which Ghostscript's devices do not have: only printers can show it."""
    with open(file, "rb") as f:
        return b"/ProcessColorModel" in f.read()


def by_pjl(file):
    """The data stay as they are, and the printer does it."""
    with open(file, "rb") as f:
        return b"SET RENDERMODE=GRAYSCALE\r\n@PJL ENTER" in f.read()


def draw_and_compare(report, row, want, before, after):
    was, now = pictures(before), pictures(after)
    if was is None:
        return  # broken before, too
    report.drawn.append(row["file"])
    if now is None:
        report.wrongly(row, want, "Ghostscript cannot draw it any more")
    elif "grey" in want and not by_model(before) and has_color(now):
        report.wrongly(row, want, "it still has coloured pixels")
    elif "grey" not in want and hashlib.sha256(was).digest() != hashlib.sha256(now).digest():
        report.wrongly(row, want, "it looks otherwise")
    elif len(was) != len(now):
        report.wrongly(row, want, "its pages have another number or size")


def check(report, row, want, was, now):
    """The facts of both analyses."""
    for fact in EQUAL:
        if was[fact] != now[fact]:
            report.wrongly(row, want, f"{fact} {was[fact]} became {now[fact]}")
    if row["pages"].isdigit() and now["pages"] != int(row["pages"]):
        report.wrongly(row, want, f"{now['pages']} pages, truth {row['pages']}")
    if "sides" in want and now["duplex"] != "long":
        report.wrongly(row, want, f"duplex is {now['duplex']}")
    if "grey" in want and now["color_pages"] != 0:
        report.wrongly(row, want, f"{now['color_pages']} coloured pages")
    if "grey" not in want and was["color_page_list"] != now["color_page_list"]:
        report.wrongly(row, want, "other pages are coloured")


class One:
    """What became of one job for one want."""

    def __init__(self, options, folder, row, want):
        self.row, self.want = row, want
        source = os.path.join(options.corpus, row["file"])
        name = hashlib.sha256((row["file"] + want).encode()).hexdigest()[:24]
        self.path = os.path.join(folder, name)
        self.code, self.why, out = convert(options.platen, WANTS[want], source, self.path)
        self.twice = self.same = False
        if self.code:
            return
        with open(source, "rb") as f:
            self.same = f.read() == out
        if self.same:
            self.twice = True  # the same question again
            return
        code, _, again = convert(options.platen, WANTS[want], self.path, self.path + ".again")
        self.twice = code == 0 and again == out
        if os.path.exists(self.path + ".again"):
            os.remove(self.path + ".again")


def count(report, one):
    """True when there is something to check."""
    key = (one.row["language"], one.row["producer"], one.want)
    if one.code == CANNOT:
        report.cannot[key] += 1
        report.reasons[key][one.why.split(": ")[0]] += 1
    elif one.code:
        report.wrongly(one.row, one.want, f"it failed: {one.why}")
    else:
        (report.same if one.same else report.done)[key] += 1
        if not one.twice:
            report.wrongly(one.row, one.want, "converting it again changes it")
    return one.code == 0 and not one.same


def judge(report, options, one, was, now):
    row, want = one.row, one.want
    check(report, row, want, was, now)
    source = os.path.join(options.corpus, row["file"])
    if options.draw and "PostScript" in (was["language"] or ""):
        draw_and_compare(report, row, want, source, one.path)
    compare = {"PWG": rasters.compare, "URF": rasters.compare, "PCLXL": pclxl.compare}.get(was["language"])
    if want == "grey" and compare and not by_pjl(one.path):
        why = compare(source, one.path)
        if why:
            report.wrongly(row, want, why)


def run(options):
    rows = kit.read_truth(options.corpus)
    rows = [r for r in rows if (not options.language or r["language"] in options.language) and options.match in r["file"]]
    kit.correct(options.corpus, rows)
    before = kit.analyze(options.platen, options.corpus, [r["file"] for r in rows], "--pages")
    report = Report()
    with tempfile.TemporaryDirectory() as folder, concurrent.futures.ThreadPoolExecutor(4) as pool:
        for at in range(0, len(rows), BATCH):
            pairs = [(row, want) for row in rows[at:at + BATCH] for want in WANTS]
            ones = list(pool.map(lambda pair: One(options, folder, *pair), pairs))
            done = [one for one in ones if count(report, one)]
            made = [os.path.basename(one.path) for one in done]
            after = kit.analyze(options.platen, folder, made, "--pages") if made else {}
            list(pool.map(lambda one: judge(report, options, one, before[one.row["file"]], after[os.path.basename(one.path)]), done))
            for one in ones:
                if os.path.exists(one.path):
                    os.remove(one.path)
    return report


def cell(report, keys):
    done, same, cannot = (sum(count[key] for key in keys) for count in (report.done, report.same, report.cannot))
    return f"{done}/{same}/{cannot}"


def table(report, by):
    keys = sorted(set(report.done) | set(report.same) | set(report.cannot))
    groups = collections.defaultdict(list)
    for key in keys:
        groups[by(key)].append(key)
    for name in sorted(groups):
        yield [name, *(cell(report, [k for k in groups[name] if k[2] == want]) for want in WANTS)]


def reasons(report):
    total = collections.defaultdict(collections.Counter)
    for (language, _, want), whys in report.reasons.items():
        for why, n in whys.items():
            total[want, why][language] += n
    for (want, why), languages in sorted(total.items(), key=lambda item: (list(WANTS).index(item[0][0]), -sum(item[1].values()))):
        yield [want, str(sum(languages.values())), why, ", ".join(f"{name} {n}" for name, n in languages.most_common())]


def markdown_rows(head, lines):
    return ["| " + " | ".join(row) + " |" for row in (head, ["---"] * len(head), *(list(map(lambda c: c.replace("|", "\\|"), row)) for row in lines))]


def write_markdown(path, report):
    head = list(WANTS)
    text = ["# Conversion, job by job", "",
            "Written by `tests/corpus/convert.py --markdown docs/convert-table.md`; [convert.md](convert.md) explains it. Jobs done / the same before / that cannot be converted.",
            f"WRONG: {len(report.wrong)}. Drawn by Ghostscript before and after: {len(report.drawn)} conversions.", "",
            "## By language", "", *markdown_rows(["language", *head], table(report, lambda k: k[0])), "",
            "## Why not", "", *markdown_rows(["want", "jobs", "reason", "languages"], reasons(report)), "",
            "## By driver", "", *markdown_rows(["language, driver", *head], table(report, lambda k: f"{k[0]}, {k[1]}"))]
    with open(path, "w", encoding="utf-8") as f:
        f.write("\n".join(text) + "\n")


def main():
    parser = argparse.ArgumentParser(usage=__doc__.split("\n\n")[1].strip(), allow_abbrev=False)
    parser.add_argument("corpus", nargs="?", default=os.environ.get("PLATEN_CORPUS"))
    parser.add_argument("--platen", default=kit.default_program())
    parser.add_argument("--language", action="append")
    parser.add_argument("--match", default="")
    parser.add_argument("--markdown")
    parser.add_argument("--tap", action="store_true")
    parser.add_argument("--no-draw", dest="draw", action="store_false")
    options = parser.parse_args()
    report = run(options)
    if options.tap:
        print(f"{'not ok' if report.wrong else 'ok'} - {sum(report.done.values())} conversions done, {sum(report.same.values())} jobs the same, "
              f"{sum(report.cannot.values())} refused; {len(report.drawn)} drawn")
    else:
        for line in table(report, lambda k: k[0]):
            print("  ".join(word.ljust(20) for word in line))
    for line in report.wrong:
        print(("# " if options.tap else "WRONG ") + line)
    if options.markdown:
        write_markdown(options.markdown, report)
    return 1 if report.wrong else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except kit.Trouble as e:
        sys.exit(f"convert.py: {e}")
