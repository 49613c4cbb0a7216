# SPDX-License-Identifier: Apache-2.0
"""Did the demo's three jobs arrive whole? Asks the hub by its API, compares what the printer got byte for byte, writes the hub's records."""
import argparse
import json
import os
import sys
import time
from types import SimpleNamespace

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from lab import Api  # noqa: E402

# What each document is, by construction: the GDI program draws three pages; the other two are in tests/lab.
EXPECTED = {
    "Quarterly report": {"pages": 3, "language": "postscript"},
    "Invoice 2026-117": {"pages": 1, "language": "pcl5", "file": "invoice.pcl"},
    "Letter to the bank": {"pages": 2, "language": "postscript", "file": "letter.ps"},
}


def check(job, want, paper, documents):
    problems = []
    if job["outcome"] != "printed":
        problems.append(f"outcome {job['outcome']}")
    if job["pages"] != want["pages"]:
        problems.append(f"pages {job['pages']}, expected {want['pages']}")
    if (job["language"] or "").lower() != want["language"]:
        problems.append(f"language {job['language']}, expected {want['language']}")
    if "file" in want:
        sent = open(os.path.join(documents, want["file"]), "rb").read()
        if sent not in paper:
            problems.append("the printer's bytes are not the document's")
        if job["bytes"] != len(sent):
            problems.append(f"bytes {job['bytes']}, the document has {len(sent)}")
    elif not any(len(p) == job["bytes"] for p in paper):
        problems.append("no print of that many bytes at the printer")
    return problems


def main():
    ap = argparse.ArgumentParser()
    for name in ("console", "hub-data", "paper", "documents", "out"):
        ap.add_argument("--" + name, required=True)
    a = ap.parse_args()
    lab = SimpleNamespace(console_url=a.console, hub_data=a.hub_data, password=None, first_login=open(os.path.join(a.hub_data, "first-login.txt")).read())
    api = Api(lab)
    end = time.monotonic() + 20
    while True:
        jobs = api.jobs()
        if len(jobs) >= len(EXPECTED) or time.monotonic() > end:
            break
        time.sleep(0.2)
    with open(a.out, "w") as f:
        json.dump(jobs, f, indent=1)
    paper = [open(os.path.join(a.paper, n), "rb").read() for n in sorted(os.listdir(a.paper)) if n.endswith(".prn")]
    bad = 0
    for name, want in EXPECTED.items():
        found = [j for j in jobs if j["document"] == name]
        problems = check(found[0], want, paper, a.documents) if len(found) == 1 else [f"{len(found)} records"]
        print(f"{name}: {'; '.join(problems) or 'whole'}")
        bad += bool(problems)
    if len(jobs) != len(EXPECTED):
        bad += 1
        print(f"{len(jobs)} jobs at the hub, {len(EXPECTED)} were printed")
    raise SystemExit(1 if bad else 0)


if __name__ == "__main__":
    main()
