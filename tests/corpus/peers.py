# SPDX-License-Identifier: Apache-2.0
"""What other programs make of the same PostScript and PDF jobs: the ones that are installed. Each gets the document without its PJL envelope,
which none of them reads, and a time limit a file."""
import concurrent.futures
import os
import re
import shutil
import subprocess
import tempfile
import time

from kit import UEL

LIMIT_S = 30
GS = ["gs", "-q", "-dBATCH", "-dNOPAUSE", "-dSAFER"]


def bare(data):
    """(kind, the document without its envelope); kind is None when no peer reads it."""
    at = 0
    while at < len(data):
        if data.startswith(UEL, at):
            at += len(UEL)
        elif data[at] in b"\x04\r\n\0 ":
            at += 1
        elif data[at:at + 4].upper() == b"@PJL":
            at = data.find(b"\n", at) + 1 or len(data)
        else:
            break
    kind = "PDF" if data.startswith(b"%PDF-", at) else "PostScript" if data.startswith(b"%!", at) else None
    if not kind:
        return None, b""
    end = data.rfind(UEL) if kind == "PDF" else data.find(UEL, at)  # a PDF's streams are binary
    return kind, data[at:end if end > at else len(data)]


def run(args, **more):
    try:
        return subprocess.run(args, capture_output=True, text=True, errors="replace", timeout=LIMIT_S, stdin=subprocess.DEVNULL, **more)
    except subprocess.TimeoutExpired:
        return None


def gs_pages(path, row):
    r = run([*GS, "-sDEVICE=bbox", path])
    return r.stderr.count("%%HiResBoundingBox") if r and r.returncode == 0 else None


def gs_colour(path, row):
    """The pages on which any of C, M, Y is used, as the truth writes them. The device is asked once a copy, so each page counts once here."""
    r = run([*GS, "-sDEVICE=inkcov", "-r72", "-sOutputFile=-", path])
    if not r or r.returncode != 0:
        return None
    inks = re.findall(r"([\d.]+)\s+([\d.]+)\s+([\d.]+)\s+[\d.]+\s+CMYK OK", r.stdout)
    if row["impressions"].isdigit() and row["pages"].isdigit() and int(row["pages"]) and len(inks) == int(row["impressions"]):
        inks = inks[::len(inks) // int(row["pages"])]
    return ",".join(str(i) for i, cmy in enumerate(inks, 1) if any(float(x) for x in cmy)) or "-"


def by_words(pattern, *args):
    def ask(path, row):
        r = run([*args, path])
        found = re.search(pattern, r.stdout) if r else None
        return int(found[1]) if found else None
    return ask


# name, program, kinds, the truth's column, function
PEERS = [
    ("Ghostscript bbox, pages", "gs", ("PostScript", "PDF"), "pages", gs_pages),
    ("Ghostscript inkcov, colour", "gs", ("PostScript", "PDF"), "colour_pages", gs_colour),
    ("pdfinfo, pages", "pdfinfo", ("PDF",), "pages", by_words(r"(?m)^Pages:\s+(\d+)", "pdfinfo")),
    ("qpdf, pages", "qpdf", ("PDF",), "pages", by_words(r"^(\d+)", "qpdf", "--show-npages")),
    ("file, pages", "file", ("PostScript", "PDF"), "pages", by_words(r"(\d+) page", "file", "-b")),
]


def compare(corpus, rows):
    """[(peer, kind, right, unknown, wrong, seconds)], and the names of those that are not installed."""
    peers = [p for p in PEERS if shutil.which(p[1])]
    tallies = {}

    def one(row):
        with open(os.path.join(corpus, row["file"]), "rb") as f:
            kind, document = bare(f.read())
        if not kind:
            return
        with tempfile.NamedTemporaryFile(suffix=".ps" if kind == "PostScript" else ".pdf") as f:
            f.write(document)
            f.flush()
            for name, _, kinds, field, ask in peers:
                if kind not in kinds or row[field] in ("?", ""):
                    continue
                began = time.monotonic()
                got = ask(f.name, row)
                verdict = "unknown" if got is None else "right" if str(got) == row[field] else "wrong"
                tally = tallies.setdefault((name, kind), {"right": 0, "unknown": 0, "wrong": 0, "seconds": 0.0, "files": []})
                tally[verdict] += 1
                tally["seconds"] += time.monotonic() - began
                if verdict != "right":
                    tally["files"].append((row["file"], got, row[field]))

    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(one, rows))
    return tallies, sorted({p[1] for p in PEERS} - {p[1] for p in peers})
