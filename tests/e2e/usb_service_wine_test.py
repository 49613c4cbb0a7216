#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A local printer read by the Windows service, under Wine, from the driver's double to the hub. Real are platen-service.exe, its child
platen-usbagent.exe with its restricted half, the worker, the ledger, TLS, and a native platen-hub. Doubles are usbprint.sys with SetupAPI, and
CM_Register_Notification (tests/wine/usbprint_on_double.c, hotplug_on_double.c): one file is the cable, and behind it is the lab's virtual printer.
Nothing of it is said of the drivers or of Windows' notifications. tests/wine/usb_service_test.sh makes the prefix."""
import json
import os
import shutil
import socket
import subprocess
import sys
import threading
import time

from lab import Failure, wait_until
from lab import Tap as Numbered
from usb_lab import Printer, value, values
from wine_kit import WINDOWS, WinePc, need, wine, windows_path

PORT = "USB001"


class Pc(WinePc):
    """A PC whose programs lie in one folder, under their own names: the doubles go in the place of Wine's drivers."""

    def __init__(self, folder):
        super().__init__(os.path.join(folder, "data"), os.path.join(folder, "service"), os.path.join(folder, "pc"))
        self.cable = os.path.join(folder, "cable")
        os.mkdir(self.programs)
        for name, source in (("platen-service", "service_on_doubles"), ("platen-usbagent", "usbagent_on_doubles"), ("platen-worker", "platen-worker"),
                             ("platen", "platen"), ("printjob", "printjob")):
            shutil.copy2(os.path.join(WINDOWS, source + ".exe"), self.exe(name))

    def plug(self):
        """The cable's file comes and goes as a whole."""
        port = json.loads(self.virtual.output().splitlines()[0])["port"]
        with open(self.cable + ".new", "w") as f:
            f.write(f"{port}\n{self.virtual.truth()['id']}\n")
        os.rename(self.cable + ".new", self.cable)

    def unplug(self):
        os.unlink(self.cable)

    def begin(self):
        self.virtual = Printer("hp-color", "--tcp", "0")
        self.plug()
        self.start_hub()
        self.setting("HubUrl", self.agents_url)
        self.setting("EnrollKey", self.key())
        self.start_wine_service("--data", self.data, PLATEN_LAB_CABLE=windows_path(self.cable))

    def end(self):
        self.kill_service()
        self.virtual.stop()
        self.close()
        shutil.rmtree(self.dir, ignore_errors=True)

    def read_now(self):
        before = self.last()
        self.said = self.tool("devices", "read")
        return self.records(after=before)


def told(pc, outcome, after, seconds, what):
    return wait_until(what, lambda: next((d for d in pc.records(after=after) if d["outcome"] == outcome), None), seconds, 0.2)


def total(record):
    return [value(m["count"]) for m in record.get("values", {}).get("meters", []) if m["meter"] == "total"]


def first_reading(pc):
    d = told(pc, "read", 0, 60, "the first reading")
    truth, v = pc.virtual.truth(), values(d["values"])
    need(d["via"] == "usb" and d["full"] and d["address"] == PORT, f"{d}")
    need((v["meter.total"], v["serial"], v["name"]) == (truth["pages"], truth["serial"], truth["product"]), f"{v}")
    return f"{len(json.dumps(d))} octets"


def only_changes(pc):
    need(not pc.read_now(), f"nothing changed, and it is told: {pc.records()[-1]}")
    need("1 printer was read" in pc.said.stdout, pc.said.stdout + pc.said.stderr)
    pc.virtual.order("set pages 4711")
    now = pc.read_now()
    need(len(now) == 1 and not now[0]["full"] and total(now[0]) == [4711] and "supplies" not in now[0]["values"], f"{now}")
    need(json.loads(pc.tool("verify", "--json").stdout)["ok"], "the chain")


def at_the_hub(pc):
    api = pc.api()
    truth = pc.virtual.truth()
    find = lambda: [d for d in api.call("GET", "/api/v1/devices")["items"] if d["total"] == 4711]  # noqa: E731
    found = wait_until("the device at the hub, with its new meter", find, 60)
    need(len(found) == 1 and found[0]["serial"] == truth["serial"] and found[0]["state"] == "ready", f"{found}")
    whole = api.call("GET", f"/api/v1/devices/{found[0]['no']}")
    meters = {m["meter"]: m for m in api.call("GET", f"/api/v1/devices/{found[0]['no']}/meters")["items"]}
    need(meters["total"]["points"][-1]["count"] == 4711, f"{meters['total']}")
    need([w["via"] for w in whole["ways"]] == ["usb"] and len(whole["supplies"]) >= 4, f"{whole['supplies']}")
    levels = {s["index"]: s["percent"] for s in whole["supplies"]}
    need(all(0 <= p <= 100 for p in levels.values()), f"{levels}")
    return f"{len(meters)} meters, {len(levels)} supplies"


def carry(pc, path, stop, sent):
    """The port's file stands for the port: what the monitor writes into it goes to the virtual printer as it comes."""
    wait_until("the port's file", lambda: os.path.exists(path), 30)
    port = json.loads(pc.virtual.output().splitlines()[0])["port"]
    with open(path, "rb") as f, socket.create_connection(("127.0.0.1", port)) as s:
        while True:
            ended = stop.is_set()
            data = f.read()
            s.sendall(data)
            sent.append(data)
            if not data and ended:
                break
            time.sleep(0.02)
        s.shutdown(socket.SHUT_WR)
        while s.recv(4096):
            pass


def a_job_comes_first(pc):
    """While a job is on its way to the port a reading gives way; behind the job it is made without being asked for."""
    jobs, before = len(pc.virtual.jobs()), pc.virtual.truth()
    body = b"%!PS-Adobe-3.0\n" + b"".join(b"%% %s\n10 %d 100 100 rectfill showpage\n" % (b"x" * 3000, i) for i in range(20)) + b"%%EOF\n"
    folder = os.path.join(os.path.dirname(pc.cable), "job")
    os.mkdir(folder)
    with open(os.path.join(folder, "job.prn"), "wb") as f:
        f.write(body)
    stop, sent = threading.Event(), []
    carrier = threading.Thread(target=carry, args=(pc, os.path.join(folder, PORT), stop, sent))
    p = subprocess.Popen(["wine", pc.exe("printjob"), "--data", pc.data, "--target", "file:" + PORT, "--queue", "Office", "--user", "mia", "--chunk", "2000",
                          "--pause", "200", "job.prn"], cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    carrier.start()
    try:
        wait_until("the job's first bytes", lambda: any(sent), 30)
        after = pc.last()
        during = pc.read_now()
        asked = pc.virtual.truth()["questions"]
        need(p.poll() is None, "the job was over too soon: nothing was tested")
        need([d["outcome"] for d in during] == ["busy"] and "job" in during[0]["why"], f"{during}")
        need(asked == before["questions"], f"{asked - before['questions']} questions reached a printer with a job")
        need(p.wait(60) == 0, "the job failed")
    finally:
        if p.poll() is None:
            p.kill()
        stop.set()
        carrier.join()
    ended = time.monotonic()
    wait_until("the job at the printer", lambda: len(pc.virtual.jobs()) == jobs + 1, 20)
    d = told(pc, "read", after, 40, "the reading behind the job")
    took = time.monotonic() - ended
    kept = sorted(os.listdir(pc.virtual.kept))[-1]
    with open(os.path.join(pc.virtual.kept, kept), "rb") as f:
        need(f.read() == body, "the job's bytes are others")
    need(total(d) == [4711 + 20], f"{d}")
    return f"read again {took:.0f} s behind the job, nobody asked"


def unplugged_in_the_middle(pc):
    """It hangs up in a dialogue: the reading says why. Then the cable is out: gone, soon, nobody asked. Back: read whole."""
    pc.virtual.order("fault close 1 2")
    now = pc.read_now()
    pc.virtual.order("clear")
    need([d["outcome"] for d in now] == ["partly"] and "broke off" in now[0]["why"], f"{now}")
    after = pc.last()
    began = time.monotonic()
    pc.unplug()
    told(pc, "gone", after, 30, "that it is gone")
    gone = time.monotonic() - began
    after = pc.last()
    time.sleep(8)  # so that the next word is not one of a loose cable
    began = time.monotonic()
    pc.plug()
    d = told(pc, "read", after, 30, "that it is back")
    back = time.monotonic() - began
    need(d["full"] and values(d["values"])["meter.total"] == 4731, f"{d}")
    need(gone < 15 and back < 15, f"{gone:.0f} s and {back:.0f} s")
    return f"gone after {gone:.1f} s, back after {back:.1f} s"


def agents(pc):
    """Windows' numbers of the processes of this name."""
    return [line.split(",")[1].strip('"') for line in wine("tasklist", "/fo", "csv", "/nh").stdout.splitlines() if line.startswith('"platen-usbagent')]


def agent_killed(pc):
    """Killed while it asks: the service says so, goes on, and nobody is gone for it."""
    pc.virtual.order("fault stall 4000 1")
    reader = threading.Thread(target=pc.read_now)
    after = pc.last()
    reader.start()
    wait_until("two agents, one that opens and one that parses", lambda: len(agents(pc)) == 2, 20, 0.1)
    need(wine("taskkill", "/f", "/im", "platen-usbagent.exe").returncode == 0, "taskkill")
    reader.join()
    pc.virtual.order("clear")
    need("platen-usbagent gave up, or was ended from outside" in pc.said.stderr, f"it says {pc.said.stderr!r}")
    need(not [d for d in pc.records(after=after) if d["outcome"] == "gone"], "it counts as gone")
    need("platen-usbagent gave up, or was ended from outside" in pc.service_log(), "the log does not say it")
    wait_until("no agent", lambda: not agents(pc), 10)
    pc.read_now()
    need(pc.said.returncode == 0, f"the next round: {pc.said.stderr}")


def by_snmp(pc):
    """Asked by net-snmp from outside of Wine: the child of the Windows service answers from its readings."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.bind(("127.0.0.1", 0))
        port = s.getsockname()[1]
    for name, text in (("SnmpAllow", "127.0.0.1"), ("SnmpCommunity", "fleet"), ("SnmpListen", f"127.0.0.1:{port}"), ("SnmpAnswers", "on")):
        pc.setting(name, text)
    truth = pc.virtual.truth()

    def get(name):
        run = subprocess.run(["snmpget", "-v2c", "-c", "fleet", "-t", "0.5", "-r", "0", "-Oqv", f"127.0.0.1:{port}", name], capture_output=True, text=True, timeout=20)
        return run.stdout.strip().strip('"')

    wait_until("an answer", lambda: get("1.3.6.1.2.1.43.5.1.1.17.1") == truth["serial"], 40, 0.3)
    need(get("1.3.6.1.2.1.43.10.2.1.4.1.1") == str(truth["pages"]), get("1.3.6.1.2.1.43.10.2.1.4.1.1"))
    need(pc.virtual.truth()["questions"] == truth["questions"], "a question reached the printer")
    by_version_3(pc, port, truth["serial"])
    need(wine("taskkill", "/f", "/im", "platen-usbagent.exe").returncode == 0, "taskkill")
    wait_until("an answer of another child", lambda: get("1.3.6.1.2.1.43.5.1.1.17.1") == truth["serial"], 40, 0.3)


def by_version_3(pc, port, serial):
    """A user is set while the service runs; the keys lie sealed on the disk; the life of the engine is counted there."""
    passwords = {"PLATEN_SNMP_AUTH": "a right password", "PLATEN_SNMP_PRIV": "another right one"}
    run = wine(pc.exe("platen"), "devices", "--data", pc.data, "snmp-users", "--v3", "reader:sha256:aes128", env={**os.environ, **passwords})
    need(run.returncode == 0 and "reader" in run.stdout, f"{run.stdout}{run.stderr}")

    def get(password):
        words = ("-u", "reader", "-l", "authPriv", "-a", "SHA-256", "-A", passwords["PLATEN_SNMP_AUTH"], "-x", "AES", "-X", password)
        return subprocess.run(["snmpget", "-v3", *words, "-t", "1", "-r", "0", "-Oqv", f"127.0.0.1:{port}", "1.3.6.1.2.1.43.5.1.1.17.1"], capture_output=True, text=True,
                              timeout=20)

    wait_until("an answer by version 3", lambda: get(passwords["PLATEN_SNMP_PRIV"]).stdout.strip().strip('"') == serial, 60, 0.3)
    need("Decryption error" in get("a wrong password").stderr, "a wrong password")
    with open(os.path.join(pc.data, "snmp-users.secret"), "rb") as f:
        need(b"auth_key" not in f.read(), "the keys are not sealed")
    with open(os.path.join(pc.data, "snmp-engine")) as f:
        need(f.read().split()[1] == "1", "the first life")


def nothing_was_changed(pc):
    truth = pc.virtual.truth()
    need([truth[n] for n in ("forbidden", "pml_sets", "stray")] == [0, 0, 0], f"{truth}")


def main():
    tap = Numbered()
    pc = Pc(sys.argv[1])
    try:
        pc.begin()
        for name, fn in (("double of usbprint.sys: the Windows service reads a local printer by itself", first_reading),
                         ("on demand; only what changed is told", only_changes), ("meters, supplies and status at a real hub", at_the_hub),
                         ("a job on its port comes first, not a byte of it is disturbed, and the reading is made behind it", a_job_comes_first),
                         ("double of the notification: unplugged in the middle, gone, back, within seconds", unplugged_in_the_middle),
                         ("the agent is killed: said, and the service goes on", agent_killed), ("SNMP from its readings", by_snmp), ("nothing was printed, set or reset", nothing_was_changed)):
            tap.run(name, fn, pc)
    finally:
        if tap.bad or tap.n < 8:
            print("".join(f"# {line}\n" for line in pc.service_log().splitlines()[-40:]), flush=True)
        pc.end()
    tap.exit()


if __name__ == "__main__":
    main()
