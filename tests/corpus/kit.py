# SPDX-License-Identifier: Apache-2.0
"""What the corpus tools share: the truth table, its corrections, the product's answers, TAP. Python's standard library only."""
import csv
import hashlib
import json
import os
import pathlib
import subprocess

TOP = pathlib.Path(__file__).resolve().parents[2]
HERE = pathlib.Path(__file__).resolve().parent
UEL = b"\x1b%-12345X"
COLUMNS = ("file language producer pages colour_pages copies duplex paper impressions sheets copies_requested "
           "duplex_requested source_doc options verified note").split()
BATCH = 100
MADE = "made.jsonl"  # what became of each job that was to be made


class Trouble(Exception):
    """Something that ends the tool, in words for a person."""


def default_program(name="platen", builds=("linux", "linux-asan")):
    for build in builds:
        program = TOP / "build" / build / "bin" / name
        if program.exists():
            return str(program)
    return name


def read_truth(corpus):
    path = os.path.join(corpus or "", "truth.tsv")
    if not corpus or not os.path.exists(path):
        raise Trouble("name a corpus: a folder with truth.tsv (or set PLATEN_CORPUS)")
    with open(path, newline="", encoding="utf-8") as f:
        rows = list(csv.DictReader(f, delimiter="\t", quoting=csv.QUOTE_NONE))
    missing = [c for c in COLUMNS if rows and c not in rows[0]]
    if missing:
        raise Trouble(f"{path} has no column {missing[0]}")
    return rows


def write_truth(corpus, rows):
    with open(os.path.join(corpus, "truth.tsv"), "w", encoding="utf-8") as f:
        f.write("\t".join(COLUMNS) + "\n")
        for row in rows:
            f.write("\t".join(str(row[c]) for c in COLUMNS) + "\n")


def made(folder):
    """What earlier runs left: {file: {"row": ...} or {"why": ...}}."""
    path = pathlib.Path(folder, MADE)
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return {done["file"]: done for done in map(json.loads, lines)}


def numbers(list_):
    return ",".join(map(str, list_)) or "-"


def truth(file, language, producer, pages, color, blank, copies, duplex, paper):
    """A row; `pages` holds the document's page number of each page in the stream."""
    where = lambda wanted: [at for at, page in enumerate(pages, 1) if page in wanted]
    impressions = len(pages) * copies
    sheets = {"none": impressions, "?": "?"}.get(duplex, (len(pages) + 1) // 2 * copies)
    return {"file": file, "language": language, "producer": producer, "pages": len(pages), "colour_pages": numbers(where(set(color))), "copies": copies,
            "duplex": duplex, "paper": paper, "impressions": impressions, "sheets": sheets, "copies_requested": copies,
            "duplex_requested": "none" if duplex == "?" else duplex, "source_doc": "", "options": "", "verified": "by-construction",
            "note": f"blank {numbers(where(set(blank)))}"}


def correct(corpus, rows, table=HERE / "corrections.tsv"):
    """Applies the corrections in place; those that apply, as (row, what the truth said). A correction is of one file's bytes, not of its name."""
    applied = []
    with open(table, newline="", encoding="utf-8") as f:
        corrections = list(csv.DictReader(f, delimiter="\t", quoting=csv.QUOTE_NONE))
    by_file = {row["file"]: row for row in rows}
    for c in corrections:
        row = by_file.get(c["file"])
        if not row or c["sha256"] != digest(os.path.join(corpus, c["file"])):
            continue
        applied.append((c, row[c["field"]]))
        row[c["field"]] = c["value"]
    return applied


def digest(path):
    """The first 16 hex digits of a file's SHA-256: enough to know it again."""
    with open(path, "rb") as f:
        return hashlib.file_digest(f, "sha256").hexdigest()[:16]


def analyze(program, corpus, files, *flags):
    """{file: analysis}: the program prints one JSON object after the other."""
    found = {}
    for i in range(0, len(files), BATCH):
        run = subprocess.run([program, "analyze", "--json", *flags, *files[i:i + BATCH]], cwd=corpus, capture_output=True, text=True)
        for answer in objects(run.stdout):
            found[answer["file"]] = answer
        missing = [f for f in files[i:i + BATCH] if f not in found]
        if missing:
            raise Trouble(f"no answer for {missing[0]}: {run.stderr.strip()[-500:]}")
    return found


def objects(text):
    decoder, at = json.JSONDecoder(), 0
    while True:
        while at < len(text) and text[at].isspace():
            at += 1
        if at == len(text):
            return
        answer, at = decoder.raw_decode(text, at)
        yield answer


class Tap:
    def __init__(self):
        self.n = self.bad = 0

    def result(self, good, name, why=""):
        self.n += 1
        self.bad += not good
        print(f"{'ok' if good else 'not ok'} {self.n} - {name}", flush=True)
        for line in str(why).splitlines()[:20] if not good else []:
            print(f"#   {line}", flush=True)

    def skip(self, name, reason):
        self.n += 1
        print(f"ok {self.n} - {name} # SKIP {reason}", flush=True)

    def end(self):
        print(f"1..{self.n}")
        return 1 if self.bad else 0
