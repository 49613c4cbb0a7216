# SPDX-License-Identifier: Apache-2.0
"""A site whose printers the service reads: where its settings, children and ledger are, and how what it recorded is compared with the farm's truth."""
import json
import os
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from farm_scan_test import differences, expect  # noqa: E402
from lab import TOP, Failure, Lab, wait_until  # noqa: E402

PROGRAMS = ("platen", "platen-service", "platen-worker", "platen-hub", "printjob", "printer")
SIMULATED = os.path.join(TOP, "tests/unit/core/printers.sim")
PASSWORDS = {"PLATEN_SNMP_AUTH": "a right password", "PLATEN_SNMP_PRIV": "another right one"}


class Site(Lab):
    """A lab whose programs stand in a folder of their own, so that platen-usbagent can be another one there."""

    def __init__(self):
        super().__init__()
        own = os.path.join(self.dir, "bin")
        os.mkdir(own)
        for name in PROGRAMS:
            shutil.copy2(os.path.join(self.bin, name), own)
        self.real, self.bin = self.bin, own
        self.usb("exec %s \"$@\" --simulate %s" % (os.path.join(self.real, "platen-usbagent"), "/dev/null"))

    def usb(self, script):
        """What platen-usbagent is from now on: a shell script."""
        path = os.path.join(self.bin, "platen-usbagent")
        with open(path + ".new", "w") as f:
            f.write("#!/bin/sh\n" + script + "\n")
        os.chmod(path + ".new", 0o755)
        os.rename(path + ".new", path)

    def simulate(self, path):
        self.usb("exec %s \"$@\" --simulate %s" % (os.path.join(self.real, "platen-usbagent"), path))

    def read(self, seconds=120):
        """Has everything read now; gives what the round told."""
        before = self.last()
        p = subprocess.run([self.program("platen"), "devices", "--data", self.data, "read"], capture_output=True, text=True, timeout=seconds)
        self.said = p.stdout + p.stderr
        if p.returncode not in (0, 1):
            raise Failure(f"exit {p.returncode}: {self.said}; the service {self.service.p.poll()}: {open(self.log('service')).read()[-1500:]}")
        return self.records(before)

    def last(self):
        return self.rows("select coalesce(max(seq),0) from record")[0][0]

    def records(self, after=0):
        return [json.loads(line) for (line,) in self.rows("select line from record where seq>? order by seq", after)]

    def first_round(self):
        """The service reads everything as soon as it is started for the first time."""
        wait_until("the first rounds", lambda: len(self.rows("select 1 from meta where key in ('round.usb.errors','round.net.errors')")) >= self.lanes, 90)
        return self.records()

    lanes = 2

    def whole(self):
        r = self.platen("verify", "--json")
        expect(r.returncode == 0 and json.loads(r.stdout)["ok"], r.stdout + r.stderr)


def with_site(fn, *args):
    site = Site()
    try:
        return fn(site, *args)
    finally:
        site.close()
        shutil.rmtree(site.dir, ignore_errors=True)


def ranges(farm, more=0):
    last = farm.devices + more - 1
    return f"127.1.0.0-127.1.{last >> 8}.{last & 255}:{farm.port}"


def told(records, kind):
    return [r[kind] for r in records if r["type"] == kind]


def devices(records):
    return told(records, "device")


def outcomes(records):
    found = {}
    for d in devices(records):
        found[d["outcome"]] = found.get(d["outcome"], 0) + 1
    return found


def apply(state, values):
    """Puts a record's values into what was known, as a reader of the protocol does."""
    for group in ("identity", "status"):
        state.setdefault(group, {}).update(values.get(group, {}))
    for group in ("meters", "supplies", "inputs", "outputs", "alerts", "console"):
        rows = {json.dumps([r.get(k) for k in ("meter", "unit", "slot", "index")]): r for r in state.get(group, [])}
        for r in values.get(group, []):
            rows.setdefault(json.dumps([r.get(k) for k in ("meter", "unit", "slot", "index")]), {}).update(r)
        kept = []
        for r in rows.values():
            r = {k: v for k, v in r.items() if v != {"is": "gone"}}
            if set(r) - {"meter", "unit", "slot", "index"}:
                kept.append(r)
        if kept or group in state:
            state[group] = kept
    return state


def states(records):
    """What a hub knows after these records: of each printer its values and its last outcome."""
    known = {}
    for d in devices(records):
        k = (d["via"], d["key"])
        entry = known.setdefault(k, {"values": {}, "outcome": None, "address": None, "full": 0})
        if "values" in d:
            if d["full"]:
                entry["values"] = {}
                entry["full"] += 1
            apply(entry["values"], d["values"])
        entry["outcome"] = d["outcome"]
        entry["address"] = d.get("address")
    return known


def as_truth(farm, known, outcome="read"):
    """Every printer of the farm is known once, with the values that are true now."""
    net = {k: v for k, v in known.items() if k[0] == "net" and v["outcome"] != "gone"}
    expect(len(net) == farm.devices, f"{len(net)} printers are known, there are {farm.devices}")
    for (_, key), v in net.items():
        truth = farm.truth[v["address"].split(":")[0]]
        wrong = differences({"outcome": "read", "device": v["values"]}, truth)
        expect(not wrong, f"{key} at {v['address']} ({truth['shape']}): {wrong[:3]}")
