#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""tests/corpus/check.py: compares `platen analyze` with the known truth of a corpus of print jobs.

    tests/corpus/check.py [--platen PROGRAM] [--all] [--drivers] [--language NAME]... [--peers] [--markdown FILE] [--tap] [CORPUS]

CORPUS is a folder with truth.tsv (default: $PLATEN_CORPUS). For each language the table says in how many jobs a fact
is right, unknown and wrong. Unknown is honest and counted apart; any wrong fact is listed and ends the program with 1.
Only languages with a counted job are shown; --all shows the others too, --drivers the table by driver and option, and --markdown writes
both into FILE. --peers asks the other programs that are installed for the same jobs. A truth that the bytes prove wrong is corrected by
corrections.tsv, and shown. --tap prints a line a language instead of the tables.
"""
import argparse
import collections
import os
import re
import sys

import kit
import peers

NUMBERS = ("pages", "impressions", "copies", "sheets")
FACTS = (*NUMBERS, "colour", "blank", "duplex", "paper")
SHOWN = ("pages", "copies", "colour", "blank", "duplex", "sheets", "paper")
LEVELS = ("exact", "declared", "estimated", "unknown")
# The documents with known blank pages and known length (the corpus' README). Elsewhere the note says it: "blank 2,4".
DOCUMENTS = {"m3": (3, 0), "c5": (5, 0), "c2l": (2, 0), "m2l": (2, 0), "a3": (2, 0), "mix": (4, 0), "b12": (12, 0), "bl4": (4, 2)}
PAPER = re.compile(r"(A\d|B\d|Letter|Legal|Ledger|Tabloid|Executive|Statement)(,(A\d|B\d|Letter|Legal|Ledger|Tabloid|Executive|Statement))*$")


def blank_truth(row):
    said = re.search(r"\bblank (-|\d[\d,]*)(?=$|[ ;])", row["note"])
    if said:
        return 0 if said[1] == "-" else len(said[1].split(","))
    pages, blank = DOCUMENTS.get(row["source_doc"], (None, None))
    return blank if row["pages"] == str(pages) and "padded" not in row["note"] else None


def off(got, truth):
    return f"off by {got - int(truth):+d}"


def number(truth, got):
    if truth in ("?", "") or truth is None:
        return None
    if not str(truth).isdigit():  # copies of 3+1+5: they differ from page to page, so no one number is right
        return "right" if got is None else "off"
    if got is None:
        return "unknown"
    return "right" if got == int(truth) else off(got, truth)


def colour(row, got):
    truth = row["colour_pages"]
    if truth in ("?", ""):
        return None
    want = set() if truth == "-" else {int(p) for p in truth.split(",")}
    if got["color_pages"] is None:
        return "unknown"
    if got["color_page_list"] is None:  # too many runs: the count is all there is
        return number(str(len(want)), got["color_pages"])
    have = set(got["color_page_list"])
    if have == want:
        return "right"
    parts = [f"{word} {','.join(map(str, sorted(pages)[:6]))}" for word, pages in (("not colour:", have - want), ("missed:", want - have)) if pages]
    return "off: " + "; ".join(parts)


def word(truth, got):
    if truth not in ("none", "long", "short"):
        return None
    return "unknown" if got is None else "right" if got == truth else f"off: {got}"


def paper(truth, got):
    if not PAPER.match(truth):
        return None
    if not got:
        return "unknown"
    same = {"tabloid": "ledger"}
    want, have = ({same.get(n.lower(), n.lower()) for n in names.split(",")} for names in (truth, got))
    return "right" if want == have else f"off: {got}"


def judge(row, got):
    """{fact: "right", "unknown", "off ..." or None where the truth is not known}."""
    verdicts = {field: number(row[field], got[field]) for field in NUMBERS}
    verdicts["colour"] = colour(row, got)
    blank = blank_truth(row)
    verdicts["blank"] = None if blank is None else number(str(blank), got["blank_pages"])
    verdicts["duplex"] = word(row["duplex"], got["duplex"])
    verdicts["paper"] = paper(row["paper"], got["paper"])
    return verdicts


def contradictions(got):
    """What cannot be true at once in one answer, whatever the truth is."""
    pages, list_ = got["pages"], got["page_list"]
    if pages is None:
        known = [f for f in ("copies", "impressions", "sheets", "color_pages", "mono_pages", "blank_pages") if got[f] is not None]
        return [f"pages are unknown, but {known[0]} is {got[known[0]]}"] if known else []
    bad = []
    if list_ is not None and sum(e["to"] - e["from"] + 1 for e in list_) != pages:
        bad.append(f"the list of pages does not hold {pages}")
    if got["color_pages"] is not None and got["color_pages"] + got["mono_pages"] != pages:
        bad.append(f"{got['color_pages']} colour and {got['mono_pages']} mono pages are not {pages}")
    if got["color_page_list"] is not None and len(got["color_page_list"]) != got["color_pages"]:
        bad.append(f"{got['color_pages']} colour pages, but {len(got['color_page_list'])} in the list")
    if got["blank_pages"] is not None and got["blank_pages"] > (pages if got["mono_pages"] is None else got["mono_pages"]):
        bad.append(f"{got['blank_pages']} blank pages of {pages}")
    return bad


def option(row):
    words = []
    if row["copies_requested"] not in ("1", "?", ""):
        words.append("copies")
    words += {"long": ["duplex"], "short": ["tumble"]}.get(row["duplex_requested"], [])
    for sign, name in (("number-up", "n-up"), ("page-ranges", "range"), ("collate", "collate"), ("job-sheets", "banner")):
        if sign in row["options"]:
            words.append(name)
    return " ".join(words) or "plain"


class Report:
    def __init__(self):
        self.languages, self.drivers = {}, {}
        self.wrong, self.jobs = [], 0

    def add(self, row, got):
        verdicts = judge(row, got)
        tally = self.languages.setdefault(row["language"], collections.Counter())
        tally["jobs"] += 1
        tally[got["confidence"]] += 1
        driver = self.drivers.setdefault((row["language"], row["producer"], option(row)), {f: [] for f in FACTS})
        for fact, verdict in verdicts.items():
            driver[fact].append(verdict)
            if not verdict:
                continue
            kind = verdict if verdict in ("right", "unknown") else "wrong"
            tally[fact, kind] += 1
            if kind == "wrong":
                sure = got["certainty"].get({"colour": "color", "sheets": "copies", "impressions": "copies"}.get(fact, fact), "")
                self.wrong.append((row["language"], f"{row['file']}: {fact} {verdict}, truth {self.truth(row, fact)} ({got['language']}, {sure})"))
        self.wrong += [(row["language"], f"{row['file']}: {words}") for words in contradictions(got)]
        self.jobs += 1

    @staticmethod
    def truth(row, fact):
        return blank_truth(row) if fact == "blank" else row["colour_pages" if fact == "colour" else fact]

    def counted(self):
        return sorted((l for l, t in self.languages.items() if t["pages", "right"] + t["pages", "wrong"]), key=lambda l: (-self.languages[l]["jobs"], l))

    def language_table(self, everything):
        counted = self.counted()
        others = sorted((l for l in self.languages if l not in counted), key=lambda l: (-self.languages[l]["jobs"], l))
        lines = [["language", "jobs", *SHOWN, *LEVELS]]
        shown = counted + (others if everything else [])
        lines += [self.language_row(l, self.languages[l]) for l in shown]
        if others and not everything:
            lines.append(self.language_row(f"{len(others)} others", sum((self.languages[l] for l in others), collections.Counter())))
        lines.append(self.language_row("all", sum(self.languages.values(), collections.Counter())))
        return lines

    @staticmethod
    def language_row(name, tally):
        cells = ["/".join(str(tally[fact, v]) for v in ("right", "unknown", "wrong")) for fact in SHOWN]
        return [name, str(tally["jobs"]), *cells, *(str(tally[level]) for level in LEVELS)]

    def driver_table(self):
        """Options of a driver with the same verdicts share a line."""
        facts = ("pages", "copies", "colour", "duplex", "paper")
        lines = {}
        for (language, driver, words), verdicts in sorted(self.drivers.items()):
            cells = tuple(summary(verdicts[fact]) for fact in facts)
            line = lines.setdefault((language, driver, cells), [[], 0])
            line[0].append(words)
            line[1] += len(verdicts["pages"])
        table = [["language", "driver", "options", "jobs", *facts]]
        table += [[language, driver, ", ".join(words), str(jobs), *cells] for (language, driver, cells), (words, jobs) in lines.items()]
        return table


def summary(verdicts):
    """One word for the jobs of a line: "exact" only when all of them are right."""
    seen = {"exact" if v == "right" else v for v in verdicts if v}
    offs = sorted(v for v in seen if v.startswith("off"))
    if offs:
        return offs[0]
    if seen == {"exact", "unknown"}:
        return "exact or unknown"
    return seen.pop() if seen else "-"


def peer_table(found):
    table = [["peer", "jobs in", "right", "no answer", "wrong", "seconds a job"]]
    for (name, kind), t in sorted(found.items(), key=lambda item: (item[0][0].partition(", ")[2], item[0][1], not item[0][0].startswith("Platen"), item[0][0])):
        n = t["right"] + t["unknown"] + t["wrong"]
        table.append([name, kind, str(t["right"]), str(t["unknown"]), str(t["wrong"]), f"{t['seconds'] / n:.2f}"])
    return table


def disagreements(found):
    return sorted((file, name, got, said) for (name, _), t in found.items() for file, got, said in t.get("files", ()) if got is not None)


def own_peer_rows(report, rows, answers, corpus):
    """Our own figures over the jobs that the peers can read."""
    tally = {}
    for row in rows:
        with open(os.path.join(corpus, row["file"]), "rb") as f:
            kind, _ = peers.bare(f.read())
        if not kind:
            continue
        verdicts = judge(row, answers[row["file"]])
        for fact, name in (("pages", "Platen, pages"), ("colour", "Platen, colour")):
            if verdicts[fact]:
                t = tally.setdefault((name, kind), {"right": 0, "unknown": 0, "wrong": 0, "seconds": 0.0})
                t[verdicts[fact] if verdicts[fact] in ("right", "unknown") else "wrong"] += 1
                t["seconds"] += answers[row["file"]]["ms"] / 1000
    return tally


def print_tap(report):
    tap = kit.Tap()
    wrong = collections.defaultdict(list)
    for language, line in report.wrong:
        wrong[language].append(line)
    for language, t in sorted(report.languages.items()):
        words = ", ".join(f"{fact} {'/'.join(str(t[fact, v]) for v in ('right', 'unknown', 'wrong'))}" for fact in ("pages", "copies", "colour"))
        tap.result(language not in wrong, f"{language}: {t['jobs']} jobs, {words}", "\n".join(wrong[language]))
    return tap.end()


def text_table(lines):
    widths = [max(len(line[i]) for line in lines) for i in range(len(lines[0]))]
    return "\n".join("  ".join(cell.ljust(w) for cell, w in zip(line, widths)).rstrip() for line in lines)


def markdown_table(lines):
    head, *rest = lines
    return "\n".join(["| " + " | ".join(head) + " |", "|" + " --- |" * len(head), *("| " + " | ".join(line) + " |" for line in rest)])


ABOUT = """# How exact the page analysis is

Written by `tests/corpus/check.py --peers --markdown docs/page-accuracy.md CORPUS`; do not edit. {jobs} print jobs of {drivers} drivers in {languages} languages,
made from documents with known content, each by `platen analyze --json --pages`. How the answers come about: [page-analysis.md](page-analysis.md).

A fact is *right*, *unknown* (the answer says so; no number is shown) or *wrong* (another number than the truth, however it is marked). A fact
whose truth nobody knows is not counted. `colour` and `blank` compare the pages, `paper` the set of papers where the truth names it.
"""
LAST_PART = "## The drivers of CUPS"  # of the same file, by matrix.py: kept


def last_part(path):
    if not os.path.exists(path):
        return []
    with open(path, encoding="utf-8") as f:
        _, heading, text = f.read().partition(LAST_PART)
    return ["\n" + heading + text.rstrip("\n")] if heading else []


def write_markdown(path, report, applied, peer_found, absent):
    parts = [ABOUT.format(jobs=report.jobs, drivers=len({d for _, d, _ in report.drivers}), languages=len(report.languages))]
    parts += ["## Wrong\n", *(f"- {line}" for line in [line for _, line in report.wrong] or ["none"])]
    parts += ["\n## By language\nright/unknown/wrong; then in how many jobs the page count is exact, declared, estimated and unknown.\n",
              markdown_table(report.language_table(True))]
    parts += ["\n## Truths that the bytes prove wrong\n"]
    if applied:
        lines = [["file", "field", "the truth said", "it is", "proof"]]
        lines += [[c["file"], c["field"], before, c["value"], c["proof"]] for c, before in applied]
        parts.append(markdown_table(lines))
    else:
        parts.append("none")
    if peer_found:
        parts += ["\n## The same jobs in other programs\nPostScript and PDF jobs, without their PJL envelope for the others, which do not read it; "
                  f"{peers.LIMIT_S} s a job at most. inkcov looks at the inks after a conversion to CMYK, in which an RGB black has all four. Not installed here: {', '.join(absent) or 'none'}.\n", markdown_table(peer_table(peer_found))]
        other = disagreements(peer_found)
        parts += ["\nWhere another program answers, and not as the truth says:\n"] * bool(other)
        parts += [f"- {file}: {name}: {got}, truth {said}" for file, name, got, said in other]
    parts += ["\n## By driver and option\n`exact`: right in all jobs of the line. `off by`: the difference. `-`: the truth is not known.\n",
              markdown_table(report.driver_table()), *last_part(path)]
    with open(path, "w", encoding="utf-8") as f:
        f.write("\n".join(parts) + "\n")


def arguments():
    parser = argparse.ArgumentParser(usage=__doc__.split("\n\n")[1].strip())
    parser.add_argument("--platen", default=kit.default_program())
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--drivers", action="store_true")
    parser.add_argument("--language", action="append")
    parser.add_argument("--peers", action="store_true")
    parser.add_argument("--markdown", metavar="FILE")
    parser.add_argument("--tap", action="store_true")
    parser.add_argument("corpus", nargs="?", default=os.environ.get("PLATEN_CORPUS"))
    return parser.parse_args()


def main():
    options = arguments()
    rows = kit.read_truth(options.corpus)
    if options.language:
        rows = [r for r in rows if r["language"] in options.language]
    applied = kit.correct(options.corpus, rows)
    answers = kit.analyze(options.platen, options.corpus, [r["file"] for r in rows], "--pages")
    report = Report()
    for row in rows:
        report.add(row, answers[row["file"]])
    if options.tap:
        return print_tap(report)
    found, absent = {}, []
    if options.peers:
        found, absent = peers.compare(options.corpus, rows)
        found.update(own_peer_rows(report, rows, answers, options.corpus))
    print("each fact: right/unknown/wrong")
    print(text_table(report.language_table(options.all)))
    if options.drivers:
        print("\n" + text_table(report.driver_table()))
    if found:
        print(f"\nthe PostScript and PDF jobs elsewhere (not installed: {', '.join(absent) or 'none'})\n" + text_table(peer_table(found)))
        for file, name, got, said in disagreements(found):
            print(f"PEER {file}: {name}: {got}, truth {said}")
    for c, before in applied:
        print(f"CORRECTED {c['file']}: {c['field']} {before} is {c['value']}: {c['proof']}")
    for _, line in report.wrong:
        print("WRONG " + line)
    if options.markdown:
        write_markdown(options.markdown, report, applied, found, absent)
    return 1 if report.wrong else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except kit.Trouble as e:
        sys.exit(f"check.py: {e}")
