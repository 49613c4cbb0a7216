# SPDX-License-Identifier: Apache-2.0
"""Kills the service, the worker, the hub and the spooler-side process at every step of the protocol, one step a round, and checks that no
record is lost and none is doubled. `--table FILE` writes the table of docs/reliability.md; `--only TEXT` takes the points that contain it.

Two ways are walked: the job over the pipe, and the job through the journal (the service is away while it prints). The steps are not listed
here: they are recorded from an undisturbed run of each way (tests/e2e/fault.c), so that a new step in the code is a new point."""
import argparse
import json
import os
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from lab import Failure, Lab, Tap, wait_until  # noqa: E402

ROLES = {"printjob": "spooler side", "platen-service": "service", "platen-worker": "worker", "platen-hub": "hub"}
SETTLE_S = 40
# The worker's sandbox lets it write no trace: its steps are these.
WORKER_STEPS = ("stdin.read.ANALYZE", "stdin.read.DATA", "stdin.read.FINISH", "stdout.write.ANALYSIS")


def document(pages):
    """A PostScript job whose pages can be counted; larger than one frame."""
    head = "%!PS-Adobe-3.0\n%%Title: faults\n%%Pages: " + str(pages) + "\n%%EndComments\n"
    page = "%%%%Page: %d %d\n" + "%% filling to make the job span several frames\n" * 700 + "showpage\n"
    return (head + "".join(page % (i, i) for i in range(1, pages + 1)) + "%%Trailer\n%%EOF\n").encode()


class Faults:
    def __init__(self):
        self.lab = Lab()
        self.shim = os.path.join(os.path.dirname(self.lab.bin), "bin", "libplaten_fault.so")
        self.doc = document(6)
        self.file = os.path.join(self.lab.dir, "job.ps")
        with open(self.file, "wb") as f:
            f.write(self.doc)
        self.rounds = 0

    def start(self):
        lab = self.lab
        lab.start_hub()
        lab.start_printer()
        lab.settings(HubUrl=lab.agents_url, EnrollKey=lab.key(), OpenGraceSeconds=2)
        lab.start_service()
        wait_until("the enrolment", lambda: os.path.exists(os.path.join(lab.data, "agent.pem")), 20)

    def armed(self, point=None, trace=None):
        env = {"LD_PRELOAD": self.shim}
        if point:
            env["PLATEN_FAULT"] = point
        if trace:
            env["PLATEN_FAULT_TRACE"] = trace
        return env

    def restart(self, name, env=None):
        """Ends a program that still runs, starts it anew with env."""
        lab = self.lab
        process = getattr(lab, name)
        if process and process.alive():
            process.stop()
        if name == "service":
            lab.start_service(env, wait=not env or "PLATEN_FAULT" not in env)
            if env and "PLATEN_FAULT" in env:
                time.sleep(0.4)
        else:
            try:
                lab.start_hub(env)
            except Failure:
                if not env or "PLATEN_FAULT" not in env:
                    raise
                lab.start_hub()  # the point lies in the hub's start; it was hit

    def print_once(self, env=None, pause=None):
        """One job; gives printjob's exit code, its answer and whether the printer has the whole document."""
        self.rounds += 1
        before = len(self.lab.printed())
        name = f"round {self.rounds}"
        args = self.lab.printjob_args([self.file], "--chunk", "16384", document=name)
        p = subprocess.run(args, capture_output=True, text=True, timeout=60, env={**os.environ, **(env or {})})
        time.sleep(0.1)
        new = self.lab.printed()[before:]
        return p.returncode, name, self.doc in new, sum(len(x) for x in new)

    def one(self, way, role, env):
        """One round: gives the facts for the table, raises Failure when the promise is broken."""
        lab = self.lab
        count = "select count(*) from record where line like ?"
        if way == "journal":
            if lab.service.alive():
                lab.service.stop()
            code, name, whole, out = self.print_once(env if role == "printjob" else None)
            if role in ("platen-service", "platen-worker"):
                self.restart("service", env)
            elif role == "platen-hub":
                self.restart("hub", env)
                self.restart("service")
            else:
                self.restart("service", env)
        else:
            if role in ("platen-service", "platen-worker"):
                self.restart("service", env)
            elif role == "platen-hub":
                self.restart("hub", env)
            code, name, whole, out = self.print_once(env if role == "printjob" else None)
        time.sleep(0.3)
        victim = {"platen-service": lab.service, "platen-hub": lab.hub}.get(role)
        hit = victim.p.poll() == -9 if victim else code == -9 if role == "printjob" else None
        if not lab.hub.alive():
            self.restart("hub")
        if not lab.service.alive():
            self.restart("service")
        try:
            wait_until("settled", lab.settled, SETTLE_S)
        except Failure:
            # The fault may sit in something that happens only now and then (a back-off): a fresh service settles it.
            self.restart("service")
            wait_until(f"settled after {name}", lab.settled, SETTLE_S)
        like = f'%"document":"{name}"%'
        records = lab.rows(count, like)[0][0]
        outcome = ""
        if records:
            job = json.loads(lab.rows("select line from record where line like ?", like)[0][0])["job"]
            outcome = job["outcome"]
            if role == "platen-worker":  # a killed worker leaves the pages unknown, but for the one killed after its answer
                hit = job["analysis"]["pages"] is None or env.get("PLATEN_FAULT", "").endswith("ANALYSIS/1/after")
        facts = {"hit": hit, "way": way, "role": ROLES[role], "exit": code, "printed": whole, "bytes": out, "records": records, "outcome": outcome}
        if records > 1:
            raise Failure(f"{records} records of one job: {facts}")
        if out and not records:
            raise Failure(f"bytes were printed and no record exists: {facts}")
        if code == 0 and not whole:
            raise Failure(f"the spooler was told 'printed', the printer has not the whole document: {facts}")
        if role != "printjob" and not whole:
            raise Failure(f"the job did not print although the spooler side was whole: {facts}")
        if whole and role != "printjob" and outcome != "printed":
            raise Failure(f"the job printed, its record says {outcome}: {facts}")
        return facts

    def points(self):
        """The steps of an undisturbed run of each way: (way, role, label, n, when)."""
        found = []
        for way in ("pipe", "journal"):
            for role, part in (("printjob", None), ("platen-service", "service"), ("platen-hub", "hub")):
                trace = os.path.join(self.lab.dir, f"trace-{way}-{role}")
                env = self.armed(trace=trace)
                self.one(way, role, env)
                if part:
                    self.restart(part)  # ends the traced one, whose trace is then whole
                seen = {}
                for line in open(trace):
                    who, label, n = line.split()
                    seen[who, label] = max(seen.get((who, label), 0), int(n))
                for (who, label), most in sorted(seen.items()):
                    if who != role:
                        continue
                    verb = label.split(".")[1]
                    for n in sorted({1, (most + 1) // 2, most}):
                        for when in ("before",) if verb in ("recv", "read", "accept") else ("before", "after"):
                            found.append((way, who, label, n, when))
            for label in WORKER_STEPS:
                for when in ("before",) if "read" in label else ("before", "after"):
                    found.append((way, "platen-worker", label, 1, when))
        return found

    def finish(self, tap):
        lab = self.lab

        def chain():
            r = lab.platen("verify", "--json")
            if r.returncode or not json.loads(r.stdout)["ok"]:
                raise Failure(r.stdout + r.stderr)

        def same_at_hub():
            mine = sorted(u for (u,) in lab.rows("select uid from record"))
            theirs = sorted(j["uid"] for j in lab.api().jobs())
            if mine != theirs:
                raise Failure(f"the ledger has {len(mine)} jobs, the hub {len(theirs)} ({len(set(theirs))} different)")

        tap.run("the ledger's chain is whole after all rounds", chain)
        tap.run("the hub has every job of the ledger, each once", same_at_hub)


def write_table(path, rows):
    with open(path, "w") as f:
        f.write("| # | way | killed | at the step | when | document printed | record says |\n| --- | --- | --- | --- | --- | --- | --- |\n")
        for i, (p, facts) in enumerate(rows, 1):
            printed = "whole" if facts["printed"] else f"{facts['bytes']} bytes" if facts["bytes"] else "nothing"
            f.write(f"| {i} | {p[0]} | {ROLES[p[1]]} | {p[2]} ({p[3]}) | {p[4]} | {printed} | {facts['outcome'] or 'no record, nothing was begun'} |\n")
        f.write(f"\n{len(rows)} points. Records lost: 0. Records doubled: 0.\n")


def options(parser):
    parser.add_argument("--table")
    parser.add_argument("--only", default="")
    parser.add_argument("--most", type=int, default=0, help="at most so many points, evenly taken")


def choose(points, args):
    points = [p for p in points if args.only in "/".join(map(str, p))]
    if args.most and len(points) > args.most:
        points = [points[i * len(points) // args.most] for i in range(args.most)]
    return points


def hit_each(tap, points, title, one):
    """A round for each point; those that were hit, with what was found."""
    rows = []
    for p in points:

        def hit(point=p):
            facts = one(*point)
            if not facts["hit"]:
                return "SKIP the step did not come this time"
            rows.append((point, facts))

        tap.run(title(*p), hit)
    return rows


def main():
    ap = argparse.ArgumentParser()
    options(ap)
    ap.add_argument("--list", action="store_true")
    args = ap.parse_args()
    tap, faults = Tap(), Faults()
    try:
        faults.start()
        points = choose(faults.points(), args)
        if args.list:
            print("\n".join("/".join(map(str, p)) for p in points))
            return

        def one(way, role, label, n, when):
            return faults.one(way, role, faults.armed(point=f"{role}/{label}/{n}/{when}"))

        rows = hit_each(tap, points, lambda way, role, label, n, when: f"{way}: {ROLES[role]} killed {when} {label} ({n})", one)
        tap.check(len(rows) >= 40 or bool(args.only or args.most), f"{len(rows)} distinct points were hit")
        faults.finish(tap)
        if args.table and not tap.bad:
            write_table(args.table, rows)
    finally:
        faults.lab.close()
    tap.exit()


if __name__ == "__main__":
    main()
