# SPDX-License-Identifier: Apache-2.0
"""Kills the service and the spooler's side at every step of a gated job, one step a round: kept back and released, kept back and denied, held and
then released by its owner (there the spooler's side is killed too while it prints the released job). After each round the killed program is started
again. The job must be printed at most once, recorded once, by the ruling or by its port's rule, and nothing of it may be left. `--table FILE` writes
the table of docs/reliability.md."""
import argparse
import os
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from faults import choose, hit_each, options  # noqa: E402
from gate_lab import ME, Gate, User, document, policy  # noqa: E402
from lab import Failure, Tap, wait_until  # noqa: E402

WAYS = ("gated", "denied", "held")
SIDES = {"service": "service", "printjob": "spooler side", "release": "spooler side, released job"}
SETTLE_S = 100


def rule(word, pages, then):
    return {"id": word, "when": {"all": [{"document_words": word}, {"pages": {"min": pages}}]}, "then": then}


class Faults:
    def __init__(self):
        self.g = Gate(policy(rule("gated", 1000, "deny"), rule("denied", 2, "deny"), rule("held", 2, {"hold": {"hours": 1}})))
        self.lab = self.g.lab
        self.shim = os.path.join(os.path.dirname(self.lab.bin), "bin", "libplaten_fault.so")
        self.rounds = 0

    def armed(self, point=None, trace=None):
        env = {"LD_PRELOAD": self.shim}
        if point:
            env["PLATEN_FAULT"] = point
        if trace:
            env["PLATEN_FAULT_TRACE"] = trace
        return env

    def restart(self, env=None):
        if self.lab.service.alive():
            self.lab.service.stop()
        fault = env and "PLATEN_FAULT" in env
        self.lab.start_service({**self.g.env, **(env or {})}, wait=not fault)
        if fault:
            time.sleep(0.4)

    def print(self, way, env=None):
        self.rounds += 1
        name = f"{way} round {self.rounds}"
        doc = document(6, name)
        with open(self.g.file, "wb") as f:
            f.write(doc)
        args = [self.lab.program("printjob"), "--data", self.lab.data, "--target", f"tcp:127.0.0.1:{self.lab.printer_port}", "--queue", "Office"]
        p = subprocess.run(args + ["--user", ME, "--chunk", "16384", "--document", name, self.g.file], capture_output=True, text=True, timeout=90,
                           env={**os.environ, **(env or {})})
        return doc, name, p.returncode

    def release(self):
        """Its owner releases what is held, as long as something is; a service that dies over it is started again."""
        for _ in range(3):
            if not self.lab.service.alive():
                self.restart()
            try:
                user = User(self.lab, watch=False)
                for job in user.list("JOBS?", limit=5):
                    if job["state"] == 1:
                        user.ask("ACT", uid=job["uid"], act=1)
                return
            except (Failure, OSError):
                time.sleep(0.3)

    def settled(self):
        return not self.lab.rows("select 1 from open_job") and not self.g.held() and not [f for f in self.lab.journal() if f.endswith(".job")]

    def one(self, way, side, env):
        """One round; gives the facts for the table, raises Failure when the promise is broken."""
        if side != "printjob":
            self.restart(env)
        elif not self.lab.service.alive():
            self.restart()
        doc, name, code = self.print(way, env if side == "printjob" else None)
        service = self.lab.service
        if way == "held":
            time.sleep(0.2)
            self.release()
        time.sleep(0.3)
        hit = code == -9 if side == "printjob" else None
        if not self.lab.service.alive():
            self.restart()
        if way == "held":
            self.release()

        def end():
            if not self.lab.service.alive():  # its point came later
                self.restart()
            if way == "held" and any(s == 1 for _, s in self.g.held()):
                self.release()
            return self.settled()
        wait_until(f"settled after {name}", end, SETTLE_S, 0.2)
        time.sleep(0.2)
        if side == "service":
            hit = service.p.poll() == -9
        printed = self.lab.printed()
        copies, parts = printed.count(doc), sum(1 for p in printed if p and p != doc and name.encode() in p)
        records = self.g.records(name)
        outcome = records[0]["outcome"] if records else ""
        if side == "release":
            hit = outcome != "printed"
        facts = {"hit": hit, "copies": copies, "parts": parts, "records": len(records), "outcome": outcome, "exit": code}
        if copies > 1 or len(records) > 1:
            raise Failure(f"more than once: {facts}")
        if (copies or parts) and not records:
            raise Failure(f"something printed and no record exists: {facts}")
        if outcome == "printed" and copies != 1:
            raise Failure(f"recorded as printed: {facts}")
        if outcome in ("refused", "cancelled") and (copies or parts):
            raise Failure(f"recorded as not printed: {facts}")
        if side == "service" and (way != "denied" or copies) and (copies != 1 or outcome != "printed"):
            raise Failure(f"the service's death cost the job: {facts}")
        if side == "service" and way == "denied" and not copies and outcome != "refused":
            raise Failure(f"neither printed nor refused: {facts}")
        return facts

    def points(self):
        """The steps of undisturbed runs."""
        found = []
        for way in WAYS:
            for side in SIDES:
                if side == "release" and way != "held":
                    continue
                who = "platen-service" if side == "service" else "printjob"
                trace = os.path.join(self.lab.dir, f"trace-{way}-{side}")
                self.one(way, side, self.armed(trace=trace))
                if side != "printjob":
                    self.restart()
                seen = {}
                for line in open(trace):
                    role, label, n = line.split()
                    if role == who:
                        seen[label] = max(seen.get(label, 0), int(n))
                for label, most in sorted(seen.items()):
                    for n in sorted({1, (most + 1) // 2, most}):
                        for when in ("before",) if label.split(".")[1] in ("recv", "read", "accept") else ("before", "after"):
                            found.append((way, side, who, label, n, when))
        return found


def write_table(path, rows):
    with open(path, "w") as f:
        f.write("| # | way | killed | at the step | when | document printed | record says |\n| --- | --- | --- | --- | --- | --- | --- |\n")
        for i, ((way, side, _, label, n, when), facts) in enumerate(rows, 1):
            printed = "whole" if facts["copies"] else "in part" if facts["parts"] else "nothing"
            f.write(f"| {i} | {way} | {SIDES[side]} | {label} ({n}) | {when} | {printed} | {facts['outcome'] or 'no record, nothing was begun'} |\n")
        f.write(f"\n{len(rows)} points. Printed twice: 0. Records lost: 0. Records doubled: 0.\n")


def main():
    ap = argparse.ArgumentParser()
    options(ap)
    args = ap.parse_args()
    tap, faults = Tap(), Faults()
    try:

        def one(way, side, who, label, n, when):
            return faults.one(way, side, faults.armed(point=f"{who}/{label}/{n}/{when}"))

        rows = hit_each(tap, choose(faults.points(), args), lambda way, side, who, label, n, when: f"{way}: {SIDES[side]} killed {when} {label} ({n})", one)
        tap.check(len(rows) >= 60 or bool(args.only or args.most), f"{len(rows)} distinct points were hit")

        def verify():
            r = faults.lab.platen("verify", "--json")
            if r.returncode:
                raise Failure(r.stdout + r.stderr)

        tap.run("the ledger's chain is whole after all rounds", verify)
        tap.run("no gate file is left", lambda: wait_until("the gate folder is empty", lambda: not faults.g.gate_files(), 90, 1))
        if args.table and not tap.bad:
            write_table(args.table, rows)
    finally:
        faults.g.__exit__()
    tap.exit()


if __name__ == "__main__":
    main()
