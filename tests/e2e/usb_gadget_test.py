#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The USB agent, libusb, usblp and a real USB stack: an emulated machine with a printer gadget, and our programs in it (docs/lab.md).
usb_gadget_scenario.sh does it there; what it read is judged here."""
import glob
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile

from usb_lab import PRINTERS, TOP, Tap, make_job, program, values

LOAD = 60
SECONDS = 200


def boot(scenario, files, console):
    """The scenario's lines as they come."""
    args = [os.path.join(TOP, "tests/lab/qemu/boot.sh"), "--seconds", str(SECONDS), "--console", console, os.path.join(TOP, "tests/e2e", scenario),
            program("platen-usbagent"), program("platen-lab"), *sorted(glob.glob(PRINTERS + "/*.printer")), *files]
    with subprocess.Popen(args, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE) as p:
        for line in p.stdout:
            yield line.decode("utf-8", "replace").rstrip("\r\n")
    yield f"@end {p.returncode} {{}}"


class Told:
    """What the scenario told: by kind, then by step."""

    def __init__(self, tap):
        self.tap = tap
        self.by = {}

    def take(self, line):
        if not line.startswith("@"):
            self.tap.failed += line.startswith("not ok")
            print(line, flush=True)
            return
        kind, step, text = (line[1:].split(" ", 2) + ["", ""])[:3]
        try:
            told = json.loads(text)
        except ValueError:
            self.tap.check(f"{kind} {step} is JSON", False, text[:300])
            return
        if kind in ("read", "load", "pulled"):
            if not self.tap.check(f"{kind} {step}: one printer is told of" if kind != "pulled" else f"{kind} {step}: the agent ends, and tells of one printer at most",
                                  len(told) == 1 or (kind == "pulled" and not told), text[:300]):
                return
            told = told[0] if told else None
        self.by.setdefault(kind, []).append((step, told))

    def read(self, step):
        return self._one("read", step) or {"device": {}, "problem": "nothing was read"}

    def truth(self, step):
        return self._one("truth", step) or {}

    def _one(self, kind, step):
        found = [told for s, told in self.by.get(kind, []) if s == step]
        return found[0] if found else None

    def all(self, kind):
        return self.by.get(kind, [])


def is_complete(reading, truth, pages=None):
    v = values(reading["device"])
    return (v.get("name") == truth.get("product") and v.get("serial") == truth.get("serial") and v.get("meter.total") == (truth.get("pages") if pages is None else pages)
            and v.get("code") in (truth.get("code"), 10023))


def judge(tap, told, first, long, load):
    listed, truth = told.read("listed"), told.truth("listed")
    tap.same("the device ID is the printer's, letter by letter", (listed.get("device_id") or "").rstrip(" ;"), truth.get("id", "?").rstrip(" ;"))
    tap.same("vendor and product of the descriptor", f"{listed.get('vendor_id')}:{listed.get('product_id')}", truth.get("usb"))
    tap.same("the serial number of the descriptor", values(listed["device"]).get("serial"), truth.get("serial"))
    for step, wanted in (("ready_file", 0x18), ("empty_file", 0x20)):
        tap.same(f"{step}: the port's status is the printer's", (told.read(step).get("port_status"), told.truth(step).get("port_status")), (wanted, wanted))
    tap.check("a listing asks nothing", told.truth("listed").get("questions") == 0)
    count = told.truth("ready").get("pages", 0)
    for step, more in (("ready", 0), ("printed", first.pages), ("after_jam", long.pages), ("after_load", sum(j.pages for j in load)), ("back", 0), ("after_pull", None),
                       ("after_kill", 0), ("port_on", 0)):
        reading, truth = told.read(step), told.truth(step)
        if more is not None:
            count += more
            tap.same(f"{step}: the printer counted what was sent", truth.get("pages"), count)
        count = truth.get("pages", count)
        tap.check(f"{step}: the reading is complete and right", is_complete(reading, truth), json.dumps(reading)[:600], json.dumps(truth)[:300])
    jammed = told.read("jammed")
    tap.check("a printer with a job is busy, and nothing is asked", "busy" in (jammed["problem"] or "") and "meter.total" not in values(jammed["device"]), json.dumps(jammed)[:400])
    judge_load(tap, told, load)
    for step, reading in told.all("pulled"):
        v = values(reading["device"]) if reading else {}
        tap.check(f"pulled out at {step}: the reading says why it is not whole, and has no wrong count",
                  not reading or (bool(reading["problem"]) and v.get("meter.total") in (None, told.truth("after_load").get("pages"), told.truth("after_pull").get("pages"))),
                  json.dumps(reading)[:400])
    tap.same("the job that was cut off was seen as broken", [j["broken"] for _, j in told.all("job")].count(1), 1 if long.data.count(b"EOJ") else 0)
    tap.same("what was never asked", [told.truth("port_on").get(n) for n in ("forbidden", "pml_sets", "stray")], [0, 0, 0])
    host = told.truth("host_based")
    tap.same("a printer without PJL got no byte", (host.get("stray"), host.get("pages"), host.get("jobs")), (0, 10, 0))
    busy = told.read("id_busy")
    tap.check("the state in the device ID is read without opening the pipe", "STATUS:BUSY" in (busy.get("device_id") or "") and values(busy["device"]).get("state") in
              ("busy", "printing"), json.dumps(busy)[:600])


def judge_load(tap, told, load):
    counts, n = set(), told.truth("after_jam").get("pages", 0)
    counts.add(n)
    for job in load:
        n += job.pages
        counts.add(n)
    complete = busy = last = 0
    bad = []
    for step, reading in told.all("load"):
        v = values(reading["device"])
        if "busy" in (reading["problem"] or "") and "meter.total" not in v:
            busy += 1
        elif not reading["problem"] and v.get("meter.total") in counts and v["meter.total"] >= last:
            complete += 1
            last = v["meter.total"]
        else:
            bad.append((step, reading))
    tap.check(f"load: {complete} readings complete and right, {busy} busy, none otherwise", complete > 0 and not bad, *[json.dumps(b)[:600] for b in bad[:3]])


def main():
    rng = random.Random(7)
    tap = Tap()
    folder = tempfile.mkdtemp(prefix="platen-gadget-")
    console = os.path.join(folder, "console")
    kinds = ("pjl", "wrapped")
    first, long, load = make_job(rng, 0, kinds=("pjl",)), make_job(rng, 1, 400000, ("wrapped",)), [make_job(rng, n, 20000, kinds) for n in range(LOAD)]
    while len(long.data) < 100000:
        long = make_job(rng, 1, 400000, ("wrapped",))
    files = []
    for name, job in [("first", first), ("long", long), *((f"load-{n:03}", job) for n, job in enumerate(load))]:
        files.append(os.path.join(folder, name + ".prn"))
        with open(files[-1], "wb") as f:
            f.write(job.data)
    told = Told(tap)
    for line in boot("usb_gadget_scenario.sh", files, console):
        told.take(line)
    judge(tap, told, first, long, load)
    if tap.failed and len(sys.argv) > 1:
        shutil.copy(console, sys.argv[1])
    shutil.rmtree(folder)
    tap.done()


if __name__ == "__main__":
    main()
