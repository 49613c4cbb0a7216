# SPDX-License-Identifier: Apache-2.0
"""The service reads printers by itself (docs/readings.md): a farm of SNMP printers and simulated USB printers in front of the real service, its
worker and the real USB agent; what stands in the ledger is compared with the farm's truth, round by round, also after the service, its children or the
whole of it were killed, and at a real hub."""
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from devices_site import PASSWORDS, SIMULATED, as_truth, devices, outcomes, ranges, states, told, with_site  # noqa: E402
from farm_scan_test import Farm, differences, expect, plain  # noqa: E402
from lab import Failure, Tap, wait_until  # noqa: E402


# -- the network

def first_and_second_round(site):
    farm = Farm(60)
    try:
        site.settings(Ranges=ranges(farm, 20), ScanRate=5000)
        site.start_service()
        first = site.first_round()
        as_truth(farm, states(first))
        expect(outcomes(first) == {"read": 60}, f"{outcomes(first)}")
        expect(all(d["full"] for d in devices(first)), "a printer that is new is told in part")
        second = site.read()
        expect(not devices(second), f"the second round tells {devices(second)[:1]}")
        seen = [k for s in told(second, "seen") for k in s["keys"]]
        expect(sorted(seen) == sorted(d["key"] for d in devices(first)), f"{len(seen)} were seen")
        site.whole()
        return f"60 printers, {sum(len(json.dumps(d)) for d in devices(first)) // 60} octets each; then {len(second)} record"
    finally:
        farm.close()


def moving_meters(site):
    farm = Farm(40, "--jobs", "60")
    try:
        site.settings(Ranges=ranges(farm), ScanRate=5000)
        site.start_service()
        site.first_round()
        changed = 0
        for _ in range(3):
            time.sleep(1)
            changed += len(devices(site.read()))
        farm.process.p.send_signal(signal.SIGSTOP)  # its printers stand still from here on
        farm.process.p.send_signal(signal.SIGCONT)
        expect(changed > 20, f"{changed} changes were told")
        parts = [d for d in devices(site.records()) if not d.get("full", True)]
        expect(len(parts) == changed, f"{len(parts)} of {changed} changes are told as changes")
        for (_, key), v in states(site.records()).items():
            total = [plain(m["count"]) for m in v["values"]["meters"] if m["meter"] == "total"]
            expect(total and total[0] >= farm.truth[v["address"].split(":")[0]]["meters"]["total"], f"{key}: {total}")
        site.whole()
        return f"{changed} changes in 3 rounds"
    finally:
        farm.close()


def silence(site):
    farm = Farm(10)
    try:
        site.settings(Ranges=ranges(farm), ScanRate=5000, GoneAfterMinutes=1)
        site.start_service()
        site.first_round()
        site.read()
        answered = time.monotonic()
        farm.process.p.send_signal(signal.SIGSTOP)
        expect(outcomes(site.read()) == {"silent": 10}, f"{outcomes(site.records())}")
        expect(not site.read(), "silence is said twice")
        time.sleep(max(0, answered + 61 - time.monotonic()))
        expect(outcomes(site.read()) == {"gone": 10}, "not gone after the limit")
        farm.process.p.send_signal(signal.SIGCONT)
        back = site.read()
        expect(outcomes(back) == {"read": 10} and all(d["full"] for d in devices(back)), f"back: {outcomes(back)}")
        as_truth(farm, states(site.records()))
        site.whole()
    finally:
        farm.process.p.send_signal(signal.SIGCONT)
        farm.close()


def moved(site):
    """The same printers (same seed) at other addresses."""
    farm = Farm(12)
    try:
        site.settings(Ranges=f"127.1.0.0-127.1.0.20:{farm.port} 127.2.0.0-127.2.0.20:{farm.port}", ScanRate=20000)
        site.start_service()
        first = site.first_round()
        port = farm.port
        farm.close()
        farm = Farm(12, "--port", str(port), "--base", "127.2.0.0")
        same = {t["serial"].strip() for t in farm.truth.values()} & {plain(d["values"]["identity"]["serial"]) for d in devices(first)}
        now = site.read()
        if len(same) == 12:
            expect(outcomes(now) == {"moved": 12}, f"{outcomes(now)}")
            expect(all(d["address"].startswith("127.2.") for d in devices(now)), "a moved printer without its new address")
            expect(not devices(site.read()), "moved is said twice")
            return "12 moved"
        expect(outcomes(now).get("read") == 12 and outcomes(now).get("silent") == 12, f"{outcomes(now)}")
        return "the farm's printers follow their address: new ones and silent ones are told apart"
    finally:
        farm.close()


def version_3(site):
    farm = Farm(30, "--v3", "reader:sha256:aes256", "--community", "nobody-knows", env=PASSWORDS)
    try:
        site.settings(Ranges=ranges(farm), ScanRate=5000)
        run = lambda env, *args: subprocess.run([site.program("platen"), "devices", "--data", site.data, "credentials", *args],  # noqa: E731
                                                capture_output=True, text=True, env={**os.environ, **env})
        p = run(PASSWORDS, "--v3", "reader:sha256:aes256")
        expect(p.returncode == 0, p.stderr)
        secret = os.path.join(site.data, "snmp.secret")
        expect(os.stat(secret).st_mode & 0o777 == 0o600, "the credentials are for everybody")
        site.start_service()
        live = {a for a, t in farm.truth.items() if "v1-only" not in t["quirks"]}
        expect(outcomes(site.first_round()) == {"read": len(live)}, f"{outcomes(site.records())}, {len(live)} know version 3")
        for v in states(site.records()).values():
            wrong = differences({"outcome": "read", "device": v["values"]}, farm.truth[v["address"].split(":")[0]])
            expect(not wrong, f"{v['address']}: {wrong[:3]}")
        p = run({**PASSWORDS, "PLATEN_SNMP_AUTH": "a wrong password"}, "--v3", "reader:sha256:aes256")
        expect(p.returncode == 0, p.stderr)
        expect(outcomes(site.read()) == {"refused": len(live)}, f"{outcomes(site.records())}")
        expect("refuse" in site.said, f"platen devices read says: {site.said}")
        expect("refuse" in site.platen("status").stdout, "platen status does not say it")
        for name in (site.log("service"), os.path.join(site.data, "platen.conf")):
            text = open(name).read()
            for word in (*PASSWORDS.values(), "a wrong password"):
                expect(word not in text, f"a password stands in {name}")
        return f"{len(live)} engines"
    finally:
        farm.close()


def masked(site):
    farm = Farm(15)
    try:
        site.settings(Ranges=ranges(farm), ScanRate=5000, MaskAddresses="on")
        site.start_service()
        lines = json.dumps(site.first_round())
        expect(len(devices(site.records())) == 15, "not all were read")
        expect("127.1.0." not in lines, "an address stands in a record")
        for t in farm.truth.values():
            expect(t["mac"].replace(":", "") not in lines.lower(), f"the MAC {t['mac']} stands in a record")
        expect(not devices(site.read()), "the keys are others in the second round")
    finally:
        farm.close()


def learned(site):
    """After a restart a printer is asked by what was learned: far fewer octets, and no new reading."""
    farm = Farm(30)
    try:
        site.settings(Ranges=ranges(farm), ScanRate=5000)
        site.start_service()
        site.first_round()
        cache = os.path.join(site.data, "network.cache")
        expect(os.path.getsize(cache) > 1000, "nothing was kept")
        site.service.stop()
        site.start_service()
        expect(not devices(site.read()), "a restart makes news")
        site.service.stop()
        with open(cache, "r+b") as f:  # damaged: it costs questions and nothing else
            f.seek(40)
            f.write(b"\xff" * 64)
        site.start_service()
        expect(not devices(site.read()), "a damaged cache makes news")
        as_truth(farm, states(site.records()))
    finally:
        farm.close()


# -- USB

def usb_round(site):
    site.lanes = 1
    site.simulate(SIMULATED)
    site.start_service()
    first = site.first_round()
    by_key = {d["key"]: d for d in devices(first)}
    expect(len(by_key) == 3 and all(d["via"] == "usb" for d in by_key.values()), f"{list(by_key)}")
    laser = by_key["serial:Hewlett-Packard/USBB123456"]
    expect(laser["outcome"] == "read", laser["outcome"])
    expect([plain(m["count"]) for m in laser["values"]["meters"]] == [18421], f"{laser['values'].get('meters')}")
    expect("might print" in by_key[[k for k in by_key if k.startswith("usb:")][0]]["why"], "the printer without PJL")
    second = site.read()
    expect(not devices(second) and len(told(second, "seen")) == 1, f"the second round: {second}")
    with open(SIMULATED) as f:
        moved_on = f.read().replace("PAGECOUNT=18421", "PAGECOUNT=18450")
    changed = os.path.join(site.dir, "changed.sim")
    with open(changed, "w") as f:
        f.write(moved_on)
    site.usb("exec %s \"$@\" --simulate %s" % (os.path.join(site.real, "platen-usbagent"), changed))
    third = [d for d in devices(site.read()) if d["key"] == laser["key"]]
    expect(len(third) == 1 and third[0]["outcome"] == "moved", f"another port: {third}")
    expect([plain(m["count"]) for m in third[0]["values"]["meters"]] == [18450] and not third[0]["full"], f"{third}")
    with open(changed, "w") as f:
        f.write(moved_on.split("\n\n")[0] + "\n")
    expect(outcomes(site.read()) == {"gone": 2}, f"unplugged: {outcomes(site.records())}")
    expect(not devices(site.read()), "gone is said twice")
    site.whole()


def usb_busy(site):
    """While a job prints on a printer's port, that printer is given up as busy, and only that one."""
    site.lanes = 1
    port = os.path.join(site.dir, "port")
    with open(SIMULATED) as f:
        text = f.read().replace("printer\n", f"printer\nport {port}\n", 1)
    sim = os.path.join(site.dir, "busy.sim")
    with open(sim, "w") as f:
        f.write(text)
    site.simulate(sim)
    site.start_service()
    site.first_round()
    job = os.path.join(site.dir, "job.txt")
    with open(job, "wb") as f:
        f.write(b"%!PS\n" + b"% a slow job\n" * 3000)
    p = subprocess.Popen([site.program("printjob"), "--data", site.data, "--target", f"file:{port}", "--queue", "Q", "--user", "mia", "--chunk", "1000",
                          "--pause", "300", job], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_until("the job's first bytes", lambda: os.path.exists(port) and os.path.getsize(port), 20)
        during = devices(site.read())
        expect([(d["key"], d["outcome"]) for d in during] == [("serial:Hewlett-Packard/USBB123456", "busy")], f"{during}")
        expect("values" not in during[0] or "meters" not in during[0]["values"], "the meters of a busy printer")
        expect(p.poll() is None, "the job was over too soon: nothing was tested")
    finally:
        p.terminate()
        p.wait()
    wait_until("the job's record", lambda: any(r["type"] == "job" for r in site.records()), 20)
    after = devices(site.read())
    expect([(d["key"], d["outcome"]) for d in after] == [("serial:Hewlett-Packard/USBB123456", "read")], f"{after}")
    jobs = json.loads(site.platen("jobs", "--json").stdout)
    expect(len([j for j in jobs if j["type"] == "job"]) == 1, "platen jobs does not cope with readings")
    site.whole()


def usb_children(site):
    """A child that does not do what it should costs its round, is said in words, and nobody is taken for unplugged."""
    site.lanes = 1
    site.simulate(SIMULATED)
    site.start_service()
    site.first_round()
    real = os.path.join(site.real, "platen-usbagent")
    bad = {
        "hung": ("sleep 1000", "silent for too long"),
        "dead": ("kill -9 $$", "was killed from outside"),
        "refusing": ("exit 3", "code 3, which is none of ours"),
        "garbage": ("head -c 100000 /dev/urandom; echo; echo '{\"end\":true,\"whole\":true}'", "no readings"),
        "endless line": ("head -c 3000000 /dev/zero | tr '\\0' x", "longer than any reading"),
        "deep": ("head -c 5000 /dev/zero | tr '\\0' '['; echo; echo '{\"end\":true,\"whole\":true}'", "no readings"),
        "half": (f"{real} \"$@\" --simulate {SIMULATED} | head -n 2", "ended by itself, before it was asked to"),
        "lying": ("echo '{\"address\":\"1\",\"device\":{\"v\":1,\"source\":\"pjl\",\"at\":7}}'; echo '{\"end\":true,\"whole\":true}'", "no readings"),
    }
    for name, (script, words) in bad.items():
        site.usb(script)
        began = time.monotonic()
        now = site.read()
        took = time.monotonic() - began
        expect(words in site.said, f"{name}: it says {site.said!r}")
        expect(took < 30, f"{name}: {took:.0f} s")
        expect(not [d for d in devices(now) if d["outcome"] in ("gone", "silent")], f"{name}: {outcomes(now)}")
        expect(site.service.alive(), f"{name}: the service is gone")
    site.usb("rm -f /nowhere")
    os.unlink(os.path.join(site.bin, "platen-usbagent"))
    site.read()
    expect("platen-usbagent" in site.said, f"without the program: {site.said}")
    site.simulate(SIMULATED)
    expect(not devices(site.read()), "after all that a printer is news")
    site.whole()
    return f"{len(bad)} ways"


def a_dead_worker(site):
    farm = Farm(10)
    try:
        site.settings(Ranges=ranges(farm), ScanRate=5000)
        site.start_service()
        site.first_round()
        worker = os.path.join(site.bin, "platen-worker")
        os.rename(worker, worker + ".real")
        for script, words in (("exit 3", "ran out of the memory"), ("head -c 100000 /dev/urandom", "malformed"), ("kill -9 $$", "was killed from outside")):
            with open(worker, "w") as f:
                f.write("#!/bin/sh\n" + script + "\n")
            os.chmod(worker, 0o755)
            now = site.read()
            expect(words in site.said, f"{script}: {site.said}")
            expect(not devices(now), f"{script}: {outcomes(now)}")
        os.rename(worker + ".real", worker)
        expect(not devices(site.read()), "a printer is news after the worker's troubles")
    finally:
        farm.close()


# -- killed

def fresh_ledger(site):
    for name in os.listdir(site.data):
        if name.startswith(("ledger.db", "network.cache")):
            os.unlink(os.path.join(site.data, name))


def all_told_once(site, farm):
    """Nothing lost: what is known is true. Nothing doubled: every printer is new once, and no two records of one printer say the same."""
    records = site.records()
    known = states(records)
    as_truth(farm, known)
    expect(len([k for k in known if k[0] == "usb"]) == 3, f"{len(known)} printers")
    for k, v in known.items():
        expect(v["full"] == 1, f"{k} is told in full {v['full']} times")
    said = {}
    for d in devices(records):
        one = json.dumps({k: v for k, v in d.items() if k not in ("at", "values")}) + json.dumps(strip_times(d.get("values", {})))
        said.setdefault((d["via"], d["key"]), []).append(one)
    for k, ones in said.items():
        expect(len(set(ones)) == len(ones), f"{k} has a record twice")
    site.whole()


def strip_times(v):
    if isinstance(v, dict):
        return {k: strip_times(x) for k, x in v.items() if k not in ("at", "uptime", "since")}
    return [strip_times(x) for x in v] if isinstance(v, list) else v


def points_of(trace, most):
    """Where to kill: some of the service's calls as the trace has them, and the worker's frames; at most so many, spread over all."""
    seen, points = {}, []
    for line in open(trace):
        role, label, n = line.split()
        seen[role, label] = max(seen.get((role, label), 0), int(n))
    for (role, label), top in sorted(seen.items()):
        verb = label.split(".")[1]
        if role == "platen-service" and verb != "accept":
            steps = sorted({1, 2, top // 4, top // 2, top * 3 // 4, top - 1, top} - {0})
            points += [(role, label, n, w) for n in steps for w in (("before",) if verb in ("recv", "read") else ("before", "after"))]
    points += [("platen-worker", label, n, "before") for label in ("stdin.read.TURN", "stdout.write.FOUND", "stdout.write.TURN") for n in (1, 3, 5)]
    points += [("platen-worker", "stdout.write.LEARNED", 1, w) for w in ("before", "after")]
    return points if len(points) <= most else [points[i * len(points) // most] for i in range(most)]


def killed_there(site, role):
    """Whether the service, started with a point to die at, reached it before both its rounds were done. A worker's point is reached."""
    if role != "platen-service":
        wait_until("the service's pipe", site._pipe_answers, 20)
        time.sleep(1.5)
        return True
    end = time.monotonic() + 12
    marks = "select 1 from meta where key in ('round.usb.errors','round.net.errors')"
    while site.service.alive() and time.monotonic() < end:
        time.sleep(0.05)
        try:
            if len(site.rows(marks)) == 2:
                time.sleep(0.2)
                break
        except sqlite3.Error:
            pass  # it is not there yet
    return site.service.p.poll() == -9


def killed_anywhere(site, most):
    shim = os.path.join(site.real, "libplaten_fault.so")
    farm = Farm(8)
    trace = os.path.join(site.dir, "trace")
    hit = 0
    try:
        site.settings(Ranges=ranges(farm), ScanRate=20000)
        site.simulate(SIMULATED)
        site.start_service(env={"LD_PRELOAD": shim, "PLATEN_FAULT_TRACE": trace})
        site.first_round()
        site.service.stop()
        all_told_once(site, farm)
        points = points_of(trace, most)
        for role, label, n, when in points:
            fresh_ledger(site)
            open(site.log("service"), "w").close()
            site.start_service(env={"LD_PRELOAD": shim, "PLATEN_FAULT": f"{role}/{label}/{n}/{when}"}, wait=False)
            hit += killed_there(site, role)
            if site.service.alive():
                site.service.stop()
            wait_until("the killed service's pipe to be nobody's", site.nobody_answers, 10)  # a child just forked may hold it for a moment
            site.start_service()
            site.read()
            try:
                all_told_once(site, farm)
            except Failure as e:
                log = open(site.log("service")).read()[-1200:]
                raise Failure(f"killed {when} {label} ({n}) of {role}: {e}; it says {site.said!r}; its log: {log}")
            site.service.stop()
        expect(hit > len(points) * 2 // 3, f"only {hit} of {len(points)} points were hit")
        return f"{hit} of {len(points)} points hit: nothing lost, nothing doubled"
    finally:
        farm.close()


def killed_in_the_middle(site):
    """kill -9 at any time, while meters move."""
    farm = Farm(30, "--jobs", "100")
    try:
        site.settings(Ranges=ranges(farm), ScanRate=20000)
        site.simulate(SIMULATED)
        site.start_service()
        for i in range(8):
            time.sleep(0.15 + 0.11 * i)
            site.service.stop(signal.SIGKILL)
            wait_until("the killed service's pipe to be nobody's", site.nobody_answers, 10)
            site.start_service()
            reader = subprocess.Popen([site.program("platen"), "devices", "--data", site.data, "read"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(0.2)
            reader.terminate()
            reader.wait()
        site.read()
        known = states(site.records())
        expect(len([k for k in known if k[0] == "net"]) == 30, f"{len(known)} are known")
        for k, v in known.items():
            expect(v["full"] == 1, f"{k} is told in full {v['full']} times")
        site.whole()
        return f"8 kills, {len(site.records())} records"
    finally:
        farm.close()


# -- the hub

def at_the_hub(site):
    farm = Farm(25)
    try:
        site.start_hub()
        site.simulate(SIMULATED)
        site.settings(HubUrl=site.agents_url, EnrollKey=site.key(), Ranges=ranges(farm), ScanRate=5000)
        site.start_service()
        site.first_round()
        site.read()
        wait_until("everything at the hub", site.settled, 60)
        names = [n for n in os.listdir(site.hub_data) if n.endswith(".db")]
        db = sqlite3.connect(f"file:{os.path.join(site.hub_data, names[0])}?mode=ro", uri=True, timeout=10)
        theirs = db.execute("select seq, uid from records order by seq").fetchall()
        db.close()
        mine = site.rows("select seq, uid from record order by seq")
        expect(theirs == mine and len(mine) >= 28, f"the ledger has {len(mine)} records, the hub {len(theirs)}")
        return f"{len(mine)} records"
    finally:
        farm.close()


def settings_in_words(site):
    site.lanes = 1
    site.settings(MetersMinutes=5, ErrorsMinutes="often", UsbReadings="maybe", Ranges="127.1.0.0/33 127.0.0.1:9", MaskAddresses="perhaps")
    site.start_service()
    site.first_round()
    wait_until("both lanes", lambda: len(site.rows("select 1 from meta where key='round.net.errors'")) == 1, 60)
    said = site.platen("status").stdout
    for word in ("MetersMinutes = 5 is less", "ErrorsMinutes = often", "UsbReadings = maybe", "127.1.0.0/33", "MaskAddresses = perhaps"):
        expect(word in said, f"'{word}' is not said: {said}")
        expect(word in open(site.log("service")).read(), f"'{word}' is not in the log")


def switched_off(site):
    site.settings(UsbReadings="off")
    site.simulate(SIMULATED)
    site.start_service()
    time.sleep(1)
    site.read()
    expect(not site.records(), "it reads although it is switched off")


def main():
    tap = Tap()
    most = int(os.environ.get("PLATEN_POINTS", "40"))
    only = sys.argv[1] if len(sys.argv) > 1 else ""
    cases = [("the first round is the truth, the second tells nothing", first_and_second_round), ("only changes are told", moving_meters),
             ("silent, gone after the limit, back", silence), ("other addresses", moved), ("version 3, wrong passwords, no secret in a log", version_3),
             ("masked addresses", masked), ("what was learned outlives a restart", learned), ("USB printers: new, changed, unplugged", usb_round),
             ("a printer with a job is busy", usb_busy), ("USB children that are hung, dead, garbage", usb_children), ("a worker that dies", a_dead_worker),
             ("settings that are wrong are said in words", settings_in_words), ("switched off", switched_off), ("readings at a real hub", at_the_hub),
             ("kill -9 while it reads", killed_in_the_middle), ("killed at every step", lambda site: killed_anywhere(site, most))]
    for name, fn in cases:
        if only in name:
            tap.run(name, with_site, fn)
    tap.exit()


if __name__ == "__main__":
    main()
