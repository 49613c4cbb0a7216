#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""tests/corpus/metamorphic.py: what must hold between the answers for a job and for the same job changed, whatever the truth is.

    tests/corpus/metamorphic.py [--seconds N] [--seed N] [--all] [--language NAME] [--probe PROGRAM] [CORPUS...]

A sample (--all: every job) of generated jobs and of $PLATEN_CORPUS, or of the named corpora, goes through tests/corpus/pdl_probe.c:
  twice       the job, UEL, the job again: pages and colour pages double
  joined      two jobs: pages and colour pages add up
  cut up      chunks of any size: the same answer
  count only  without colour: the same pages, copies, sides and paper
  truncated   never "exact" or "declared" with other pages than those that a device would print of it
  flipped     bits turned over: no crash, no hang, nothing that contradicts itself
TAP, one line a relation and language; what fails is kept under build/metamorphic/. It ends in N seconds (150), and says what it left out.
"""
import argparse
import collections
import json
import os
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile
import time

import kit

SURE = ("exact", "declared")
SIZE_MAX = 3 << 20
CUTS, FLIPS = 12, 10
FURTHER = (1, 2, 4, 8, 16, 32, 64, 128, 256)
PROLOGUE = 4096
NO_END = {"text"}  # a shorter text is a text
KEPT = kit.TOP / "build" / "metamorphic"
ENTER = {"PostScript": "POSTSCRIPT", "PCL": "PCL", "PCL5": "PCL", "PCL3": "PCL", "PCLXL": "PCLXL", "PDF": "PDF", "PCL3/GUI": "PCL3GUI"}


class Probe:
    """The helper, restarted when an input ends it."""

    def __init__(self, program):
        self.program, self.process, self.asked = program, None, 0

    def start(self):
        self.errors = tempfile.TemporaryFile()
        self.process = subprocess.Popen([self.program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.errors, text=True)

    def ask(self, parts, flags="-", chunk="0", flips="-"):
        """The answer as a dictionary; {"crash": words} when the analysis ended itself."""
        if not self.process:
            self.start()
        self.asked += 1
        words = [f"={p.hex()}" if isinstance(p, bytes) else f"{p[1]}:{p[2]}:{p[0]}" for p in parts]
        try:
            self.process.stdin.write("\t".join([flags, chunk, flips, *words]) + "\n")
            self.process.stdin.flush()
            line = self.process.stdout.readline()
        except BrokenPipeError:
            line = ""
        if line:
            return json.loads(line)
        code = self.process.wait()
        self.errors.seek(0)
        said = self.errors.read().decode(errors="replace")
        self.process = None
        word = next((l for l in said.splitlines() if "ERROR:" in l or "runtime error" in l or "pdl_probe:" in l), "")
        return {"crash": f"exit code {code}{' (too slow)' if code == -14 else ''} {word}".strip()}

    def close(self):
        if self.process:
            self.process.stdin.close()
            self.process.wait()


def keep(name, parts, flips="-"):
    """The failing bytes as a file."""
    data = bytearray(b"".join(p if isinstance(p, bytes) else pathlib.Path(p[0]).read_bytes()[p[1]:p[2]] for p in parts))
    for bit in (int(b) for b in flips.split(",") if b.isdigit()):
        if bit // 8 < len(data):
            data[bit // 8] ^= 1 << bit % 8
    KEPT.mkdir(parents=True, exist_ok=True)
    (KEPT / name).write_bytes(data)
    return f"build/metamorphic/{name}"


def facts(answer):
    return {k: v for k, v in answer.items() if not k.startswith(("color", "mono", "blank", "sure_color", "sure_blank", "runs", "cut"))}


def contradiction(a):
    if a["pages"] is None:
        bad = [k for k in ("copies", "impressions", "sheets", "color_pages", "mono_pages", "blank_pages") if a[k] is not None]
        return f"pages unknown, {bad[0]} known" if bad else "" if a["reason"] else "unknown without a reason"
    if not a["cut"] and sum(n for n, _ in a["runs"]) != a["pages"]:
        return f"{a['pages']} pages, another number in the list"
    if a["color_pages"] is not None and a["color_pages"] + a["mono_pages"] != a["pages"]:
        return "colour and mono pages are not all pages"
    if a["blank_pages"] is not None and a["blank_pages"] > a["pages"]:
        return "more blank pages than pages"
    return "" if a["confidence"] in SURE or a["reason"] else "a doubt without a reason"


class Runner:
    def __init__(self, probe, seed, seconds):
        self.probe, self.random, self.end = probe, random.Random(seed), time.monotonic() + seconds
        self.tallies = collections.defaultdict(collections.Counter)
        self.failures = collections.defaultdict(list)

    def late(self):
        return time.monotonic() > self.end

    def result(self, relation, job, verdict, why="", parts=None, flips="-"):
        """verdict: "holds", "unknown" (nothing is claimed) or "fails"."""
        self.tallies[relation, job["language"]][verdict] += 1
        if verdict == "fails":
            where = keep(f"{relation.replace(' ', '-')}-{job['file'].replace('/', '_')}", parts, flips) if parts else ""
            self.failures[relation, job["language"]].append(f"{job['file']}: {why} {where}".strip())

    def sane(self, relation, job, answer, parts, flips="-"):
        why = answer.get("crash") or contradiction(answer)
        if why:
            self.result(relation, job, "fails", why, parts, flips)
        return not why

    def envelope(self, job):
        """The job so that another may follow it: between UELs, entered by name where its language has one."""
        whole = (job["path"], 0, job["size"])
        with open(job["path"], "rb") as f:
            if f.read(9) == kit.UEL:
                return [whole, kit.UEL]
        name = ENTER.get(job["language"])
        enter = f"@PJL ENTER LANGUAGE={name}\r\n".encode() if name else b""
        return [kit.UEL + enter, whole, kit.UEL]

    def sums(self, relation, jobs, answers):
        """The jobs behind one another against the sum of their answers in the same envelope."""
        first = jobs[0]
        parts = [part for job in jobs for part in self.envelope(job)]
        got = self.probe.ask(parts)
        if not self.sane(relation, first, got, parts):
            return
        known = True
        for field, sure in (("pages", "sure_pages"), ("color_pages", "sure_color")):
            if got[field] is None or any(a[field] is None for a in answers):
                known = known and field != "pages"
                continue
            want = sum(a[field] for a in answers)
            if got[field] != want and got[sure] in SURE and all(a[sure] in SURE for a in answers):
                self.result(relation, first, "fails", f"{field} {got[field]}, expected {want}" + (f" (with {jobs[1]['file']})" if len(jobs) > 1 else ""), parts)
                return
            known = known and (got[field] == want or field != "pages")
        self.result(relation, first, "holds" if known else "unknown")

    def chunks(self, job, answer):
        parts = [(job["path"], 0, job["size"])]
        steps = [f"r{self.random.randrange(1, 1 << 32)}" for _ in range(3)] + ["4096"] + (["1"] if job["size"] <= 300_000 else [])
        for step in steps:
            got = self.probe.ask(parts, chunk=step)
            if self.sane("cut up", job, got, parts):
                same = got == answer
                self.result("cut up", job, "holds" if same else "fails", f"chunks {step}: {difference(answer, got)}", parts if not same else None)

    def count_only(self, job, answer):
        parts = [(job["path"], 0, job["size"])]
        got = self.probe.ask(parts, flags="c")
        if self.sane("count only", job, got, parts):
            same = facts(got) == facts(answer)
            self.result("count only", job, "holds" if same else "fails", difference(facts(answer), facts(got)), parts if not same else None)

    def claims(self, got, answer, at):
        """What a cut job may not say: another number of pages for sure. No page at all is true of a job that ends within its prologue."""
        if got["pages"] == 0 and at <= PROLOGUE:
            return False
        return got["pages"] is not None and got["confidence"] in SURE and got["pages"] != answer["pages"]

    def truncated(self, job, answer):
        """A cut between two pages, in what a driver sends before the next one is marked too, makes a shorter job, whose answer may be sure. Then one of the
        cuts a little further on is in the page."""
        for _ in range(CUTS):
            at = self.random.randrange(1, job["size"])
            got = self.probe.ask([(job["path"], 0, at)])
            parts = [(job["path"], 0, at)]
            if not self.sane("truncated", job, got, parts):
                continue
            if not self.claims(got, answer, at):
                self.result("truncated", job, "holds")
                continue
            more = [self.probe.ask([(job["path"], 0, min(at + k, job["size"] - 1))]) for k in FURTHER]
            all_claim = all("crash" not in m and self.claims(m, answer, at) for m in more)
            why = f"cut at {at} of {job['size']}: {got['pages']} pages of {answer['pages']}, {got['confidence']}"
            self.result("truncated", job, "fails" if all_claim else "holds", why, parts if all_claim else None)

    def flipped(self, job, answer):
        for i in range(FLIPS):
            reach = 8 * (job["size"] if i % 2 else min(job["size"], 2048))
            flips = ",".join(str(self.random.randrange(reach)) for _ in range(self.random.choice((1, 1, 3, 20))))
            parts = [(job["path"], 0, job["size"])]
            got = self.probe.ask(parts, flips=flips)
            if self.sane("flipped", job, got, parts, flips):
                self.result("flipped", job, "holds")

    def job(self, job, other):
        answer = self.probe.ask([(job["path"], 0, job["size"])])
        if not self.sane("whole", job, answer, [(job["path"], 0, job["size"])]):
            return
        self.result("whole", job, "holds" if answer["pages"] is not None else "unknown")
        self.chunks(job, answer)
        self.count_only(job, answer)
        self.flipped(job, answer)
        if answer["pages"] is None:
            return
        if answer["language"] not in NO_END:
            self.truncated(job, answer)
        alone = self.probe.ask(self.envelope(job))
        if self.sane("twice", job, alone, self.envelope(job)) and alone["pages"] is not None:
            self.sums("twice", [job, job], [alone, alone])
            if other:
                b = self.probe.ask(self.envelope(other))
                if "crash" not in b and b["pages"] is not None:
                    self.sums("joined", [job, other], [alone, b])


def difference(a, b):
    return "; ".join(f"{k} {a[k]} / {b[k]}" for k in a if a[k] != b.get(k))[:300]


def sample(corpora, everything, language, seed):
    """Jobs by language and driver in turn, so that a time limit leaves out the likest ones."""
    by_driver = collections.defaultdict(list)
    for corpus in corpora:
        for row in kit.read_truth(corpus):
            path = os.path.join(corpus, row["file"])
            size = os.path.getsize(path)
            if 1 < size <= SIZE_MAX and (not language or row["language"] == language):
                by_driver[row["language"], row["producer"]].append({"file": row["file"], "path": path, "size": size, "language": row["language"]})
    chance = random.Random(seed)
    queues = collections.defaultdict(list)
    for key in sorted(by_driver):
        chance.shuffle(by_driver[key])
    for key in sorted(by_driver, key=lambda k: chance.random()):
        queues[key[0]] += by_driver[key] if everything else by_driver[key][:1]
    jobs = []
    while any(queues.values()):
        jobs += [queue.pop() for queue in queues.values() if queue]
    return jobs


def main():
    parser = argparse.ArgumentParser(usage=__doc__.split("\n\n")[1].strip())
    parser.add_argument("--seconds", type=float, default=150)
    parser.add_argument("--seed", type=int, default=20260131)
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--language")
    parser.add_argument("--probe", default=kit.default_program("pdl_probe", ("linux-asan", "linux")))
    parser.add_argument("corpus", nargs="*")
    options = parser.parse_args()
    tap = kit.Tap()
    made = None
    corpora = options.corpus
    if not corpora:
        made = tempfile.mkdtemp(prefix="platen-corpus-")
        run = subprocess.run([sys.executable, str(kit.HERE / "generate"), "--quick", made], capture_output=True, text=True)
        corpora = [made] if run.returncode == 0 else []
        if run.returncode != 0:
            tap.skip("generated jobs", run.stderr.strip() or "they could not be made")
        corpora += [os.environ["PLATEN_CORPUS"]] if os.environ.get("PLATEN_CORPUS") else []
    runner = Runner(Probe(options.probe), options.seed, options.seconds)
    jobs, done, other = sample(corpora, options.all, options.language, options.seed), 0, None
    for job in jobs:
        if runner.late():
            break
        runner.job(job, other)
        other, done = job, done + 1
    runner.probe.close()
    print(f"# {done} of {len(jobs)} jobs, {runner.probe.asked} analyses, seed {options.seed}" + ("" if done == len(jobs) else f": the others were left out after {options.seconds:.0f} s"))
    for (relation, language), t in sorted(runner.tallies.items()):
        name = f"{relation}: {language}: {t['holds']} hold" + (f", {t['unknown']} unknown" if t["unknown"] else "")
        tap.result(not t["fails"], name + (f", {t['fails']} fail" if t["fails"] else ""), "\n".join(runner.failures[relation, language]))
    if made:
        shutil.rmtree(made)
    return tap.end()


if __name__ == "__main__":
    try:
        sys.exit(main())
    except kit.Trouble as e:
        sys.exit(f"metamorphic.py: {e}")
