# SPDX-License-Identifier: Apache-2.0
"""`platen scan` against the farm (docs/network-lab.md): what it reads of each printer against the farm's truth, over a network that loses
datagrams, by version 3, and against agents that are broken in every way. The farm writes its truth from facts, not from what it sends."""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from lab import TOP, Failure, Process, Tap  # noqa: E402

BIN = os.environ.get("PLATEN_BIN") or os.path.join(TOP, "build/linux/bin")
NO_NUMBER = {-1: "other", -2: "unknown", -3: "some"}
METERS = {"total": "total", "print": "print", "print.mono": "print_mono", "print.color": "print_color", "copy": "copy", "copy.mono": "copy_mono",
          "copy.color": "copy_color", "fax": "fax", "mono": "mono", "color": "color", "duplex": "duplex", "scan": "scan"}


def expect(condition, words):
    if not condition:
        raise Failure(words)


class Farm:
    def __init__(self, devices, *args, env=None):
        self.dir = tempfile.mkdtemp(prefix="platen-farm-")
        self.devices = devices
        truth = os.path.join(self.dir, "truth")
        self.process = Process([os.path.join(BIN, "platen-lab"), "farm", "--devices", str(devices), "--truth", truth, *args],
                               os.path.join(self.dir, "err"), env)
        self.port = json.loads(self.process.p.stdout.readline())["port"]
        with open(truth, encoding="utf-8") as f:
            self.truth = {t["address"]: t for t in map(json.loads, f)}

    def scan(self, *args, env=None, seconds=120):
        last = self.devices - 1
        r = subprocess.run([os.path.join(BIN, "platen"), "scan", f"127.1.0.0-127.1.{last >> 8}.{last & 255}", "--port", str(self.port), "--rate", "0",
                            "--json", *args], capture_output=True, text=True, timeout=seconds, env={**os.environ, **(env or {})})
        self.code, self.err = r.returncode, r.stderr
        return [json.loads(x) for x in r.stdout.splitlines()]

    def close(self):
        self.process.stop()
        shutil.rmtree(self.dir, ignore_errors=True)


def plain(v):
    """A value of the device's JSON: a number, a text, or the word for what is no number."""
    v = v[0] if isinstance(v, list) else v
    return v.get("is", v.get("value")) if isinstance(v, dict) else v


def number(n):
    return NO_NUMBER.get(n, n)


def differences(found, truth):
    """What differs, as (what, got, wanted)."""
    d = found["device"]
    i = {k: plain(v) for k, v in d["identity"].items()}
    pairs = [("outcome", found["outcome"], "read"), ("serial", i.get("serial", ""), truth["serial"].strip()), ("model", i.get("model", ""), truth["hr_descr"]),
             ("mac", i.get("mac", ""), truth["mac"].replace(":", "")), ("name", i.get("name", ""), truth["sys_name"]),
             ("location", i.get("location", ""), truth["location"]), ("description", i.get("description"), truth["sys_descr"]),
             ("console", " ".join(plain(x["text"]) for x in d.get("console", [])), truth["console"]), ("alerts", len(d.get("alerts", [])), len(truth["alerts"]))]
    meters = {m["meter"]: plain(m["count"]) for m in d.get("meters", []) if m["unit"] == "impressions" and not m["meter"].startswith("other")}
    pairs += [(f"meter {k}", v, truth["meters"].get(METERS.get(k))) for k, v in meters.items()]
    pairs.append(("a life count", "total" in meters, True))
    supplies, inputs = ({r["index"]: r for r in d.get(g, [])} for g in ("supplies", "inputs"))
    pairs += [("supplies", len(supplies), len(truth["supplies"])), ("trays", len(inputs), len(truth["trays"]))]
    for s in truth["supplies"]:
        got = supplies.get(s["index"], {})
        pairs += [(f"supply {s['index']} level", plain(got.get("level")), number(s["level"])),
                  (f"supply {s['index']} capacity", plain(got.get("capacity")), number(s["max"])),
                  (f"supply {s['index']} text", plain(got.get("text")), s["description"])]
    for t in truth["trays"]:
        pairs.append((f"tray {t['index']} level", plain(inputs.get(t["index"], {}).get("level")), number(t["level"])))
    return [p for p in pairs if p[1] != p[2]]


def all_true(farm, lines):
    """Every printer is there once, and all of it is as the truth says."""
    seen = set()
    for found in lines:
        address = found["address"].split(":")[0]
        expect(address not in seen, f"{address} is there twice")
        seen.add(address)
        wrong = differences(found, farm.truth[address])
        expect(not wrong, f"{address} ({farm.truth[address]['shape']}): {wrong[:3]}")
    expect(len(seen) == farm.devices, f"{len(seen)} of {farm.devices} printers: {farm.err[-200:]}")
    return f"{len(seen)} printers"


def with_farm(devices, fn, *args, env=None):
    farm = Farm(devices, *args, env=env)
    try:
        return fn(farm)
    finally:
        farm.close()


def again(farm):
    lines = farm.scan("--again", "1", seconds=200)
    expect(len(lines) == 2 * farm.devices, f"{len(lines)} lines: {farm.err[-200:]}")
    first, second = lines[:farm.devices], lines[farm.devices:]
    all_true(farm, first)
    expect(sum(x["rescan"] for x in second) > 0.99 * farm.devices, f"{sum(x['rescan'] for x in second)} by what was learned")
    octets = [sum(x["octets_in"] + x["octets_out"] for x in part) / farm.devices for part in (first, second)]
    all_true(farm, second)
    return f"{octets[0]:.0f} octets for each printer at first, {octets[1]:.0f} again"


def meters_again(farm):
    lines = farm.scan("--again", "1", "--only", "meters")
    expect(len(lines) == 2 * farm.devices, f"{len(lines)} lines")
    lines = lines[farm.devices:]
    for found in lines:
        expect(found["rescan"], f"{found['address']} is read in full again")
        got = [plain(m["count"]) for m in found["device"]["meters"] if m["meter"] == "total"]
        expect(got == [farm.truth[found["address"].split(":")[0]]["meters"]["total"]], f"{found['address']}: {got}")
    octets = sum(x["octets_in"] + x["octets_out"] for x in lines) / len(lines)
    expect(octets < 900, f"{octets:.0f} octets for each printer")
    return f"{octets:.0f} octets for each printer, both ways"


def lossy(farm):
    return all_true(farm, farm.scan("--tries", "6", "--timeout", "300", seconds=200))


def some_live(farm):
    lines = farm.scan("--timeout", "200")
    live = {a for a, t in farm.truth.items() if t["live"]}
    expect({x["address"].split(":")[0] for x in lines} == live, f"{len(lines)} answered, {len(live)} are live")
    return f"{len(live)} of {farm.devices}"


SILENCES = {"wrong-id": {"unasked"}, "wrong-community": {"unasked"}, "wrong-address": {"elsewhere"}, "spoof": {"elsewhere"}, "garbage": {"unreadable"},
            "length-bomb": {"unreadable"}, "nest-bomb": {"unreadable"}}


def silent_for_a_reason(farm, lines):
    """Each that did not answer is named once, with what it did instead. Returns the others."""
    silent = [x for x in lines if x["outcome"] == "silent"]
    for x in silent:
        kind = farm.truth[x["address"].split(":")[0]]["broken"]
        expect(kind, f"{x['address']} answers, and is said not to: {x['reason']}")
        if kind in SILENCES:  # its neighbour's address may be used for lies as well
            expect(set(x["notes"]) >= SILENCES[kind], f"{kind}: {x['reason']} {x['notes']}")
        expect(x["notes"] or re.fullmatch(r"no answer to \d+ questions", x["reason"]), f"{kind}: {x['reason']}")
        expect(("answered_from" in x) == ("elsewhere" in x["notes"]), f"{kind}: {x}")
    told = {x["address"].split(":")[0] for x in lines}
    expect(told == set(farm.truth), f"{len(told)} of {farm.devices} are told of")
    return [x for x in lines if x["outcome"] != "silent"]


def bounded(farm):
    lines = farm.scan("--timeout", "100", "--silent", "5")
    silent = [x for x in lines if x["outcome"] == "silent"]
    dead = sum(not t["live"] for t in farm.truth.values())
    expect(len(silent) == 5 and f"{dead - 5} more did not answer" in farm.err, f"{len(silent)} of {dead} named: {farm.err[-300:]}")
    return f"5 of {dead}"


def all_at_once(farm):
    lines = silent_for_a_reason(farm, farm.scan("--tries", "6", "--timeout", "600", "--silent", "1000", seconds=300))
    sound = [x for x in lines if not farm.truth[x["address"].split(":")[0]]["broken"]]
    for x in sound:
        wrong = differences(x, farm.truth[x["address"].split(":")[0]])
        expect(not wrong, f"{x['address']}: {wrong[:3]} {x['notes']}")
    live = sum(not t["broken"] for t in farm.truth.values())
    expect(len(sound) == live < farm.devices, f"{len(sound)} of {live} sound printers")
    return f"{len(sound)} sound printers, {farm.devices - live} broken ones"


def broken(farm):
    """It ends in time; what a broken agent said is a lie at worst about itself; those that can be read are."""
    lines = silent_for_a_reason(farm, farm.scan("--timeout", "300", "--silent", "1000"))
    outcome = {}
    for x in lines:
        outcome.setdefault(farm.truth[x["address"].split(":")[0]]["broken"], set()).add(x["outcome"])
    for kind in ("wrong-port", "flood", "loop", "stuck", "backwards"):
        expect(outcome.get(kind) == {"read"}, f"{kind}: {outcome.get(kind)}")
    for kind in ("wrong-id", "wrong-community", "wrong-address", "spoof", "silent", "garbage"):
        expect(kind not in outcome, f"{kind}: {outcome.get(kind)}")
    return f"{len(lines)} of {farm.devices} answered so that it counted"


def version_3(farm):
    lines = farm.scan("--v3", "reader:sha256:aes256", env=PASSWORDS)
    live = {a for a, t in farm.truth.items() if "v1-only" not in t["quirks"]}
    expect({x["address"].split(":")[0] for x in lines} == live, f"{len(lines)} answered, {len(live)} know version 3")
    for found in lines:
        expect(found["version"] == "v3", found["version"])
        wrong = differences(found, farm.truth[found["address"].split(":")[0]])
        expect(not wrong, f"{found['address']}: {wrong[:3]}")
    return f"{len(live)} engines"


PASSWORDS = {"PLATEN_SNMP_AUTH": "a right password", "PLATEN_SNMP_PRIV": "another right one"}


def main():
    tap = Tap()
    plain_scan = lambda farm: all_true(farm, farm.scan())  # noqa: E731
    tap.run("2,000 printers are as they are", with_farm, 2000, plain_scan)
    tap.run("again, by what was learned", with_farm, 500, again)
    tap.run("the meters again", with_farm, 200, meters_again)
    tap.run("a network that loses one in twenty, slow and jittery", lambda: with_farm(500, lossy, "--loss", "5", "--delay", "10", "--jitter", "40"))
    tap.run("a block where one in five addresses is live", lambda: with_farm(1000, some_live, "--live", "20"))
    tap.run("of those that did not answer as many are named as is wished", lambda: with_farm(200, bounded, "--live", "20"))
    tap.run("one in twenty lost, 200 ms of jitter and one in a hundred broken, at once",
            lambda: with_farm(2000, all_at_once, "--loss", "5", "--jitter", "200", "--broken", "all", "--broken-permille", "10"))
    tap.run("agents that are broken in every way", lambda: with_farm(420, broken, "--broken", "all"))
    tap.run("version 3", lambda: with_farm(300, version_3, "--v3", "reader:sha256:aes256", env=PASSWORDS))
    tap.exit()


if __name__ == "__main__":
    main()
