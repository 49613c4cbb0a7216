#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""SNMP for local printers, started by the service from its own readings (docs/usb-snmp.md), asked by net-snmp's tools; and what the service does when a
printer comes or goes. The service, its child, its readings and its ledger are the product's programs. Simulated are the printers, and who says that
one came or went (tests/lab/hotplug_double.c: nothing can be plugged in here; usb_hotplug_test.sh has the real seam)."""
import os
import shutil
import signal
import socket
import subprocess
import time

from devices_site import SIMULATED, Site, devices, expect
from lab import Tap, wait_until

PRT = "1.3.6.1.2.1.43."
SERIAL, PAGES, NAME = PRT + "5.1.1.17.1", PRT + "10.2.1.4.1.1", "1.3.6.1.2.1.1.1.0"


class Desk(Site):
    """A service with simulated local printers that it may tell of by SNMP. `asked` counts how often the agent was started to read."""

    lanes = 1

    def __init__(self):
        super().__init__()
        self.asked = os.path.join(self.dir, "asked")
        self.sim = os.path.join(self.dir, "printers.sim")
        shutil.copy(SIMULATED, self.sim)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
            s.bind(("127.0.0.1", 0))
            self.port = s.getsockname()[1]
        self.agent_is()

    def agent_is(self, snmp='exec "$agent" "$@"'):
        agent = os.path.join(self.real, "platen-usbagent")
        self.usb(f'agent={agent}\nif [ "$1" = --snmp ]; then\n{snmp}\nfi\necho >>{self.asked}\nexec $agent "$@" --simulate {self.sim}')

    def answering(self, **more):
        self.settings(SnmpAnswers="on", SnmpAllow="127.0.0.0/8", SnmpCommunity="fleet", SnmpListen=f"127.0.0.1:{self.port}", **more)

    def ask(self, program, *names, community="fleet"):
        return subprocess.run([program, "-v2c", "-c", community, "-t", "0.3", "-r", "0", "-OnqU", f"127.0.0.1:{self.port}", *names], capture_output=True,
                              text=True, errors="replace", timeout=60, env={**os.environ, "MIBS": ""})

    def get(self, name, **more):
        return self.ask("snmpget", name, **more).stdout.strip().partition(" ")[2].strip('"')

    def says(self, name, text, seconds=20):
        wait_until(f"{name} = {text}", lambda: self.get(name) == text, seconds, 0.1)

    def children(self):
        """The processes that answer, by their command lines."""
        found = []
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open(f"/proc/{pid}/cmdline", "rb") as f:
                    words = f.read().split(b"\0")
                with open(f"/proc/{pid}/stat") as f:
                    parent = int(f.read().rpartition(")")[2].split()[1])
            except OSError:
                continue
            if b"--snmp" in words and parent == self.service.p.pid:
                found.append((int(pid), words))
        return found

    def change(self, old, new):
        with open(self.sim) as f:
            text = f.read()
        expect(old in text, f"{old} is not in {self.sim}")
        with open(self.sim, "w") as f:
            f.write(text.replace(old, new))

    def reads(self):
        return os.path.getsize(self.asked) if os.path.exists(self.asked) else 0


def off_by_default(site):
    site.start_service()
    site.first_round()
    time.sleep(1.5)
    expect(not site.children(), "it answers though nobody asked for it")
    site.service.stop()
    site.settings(SnmpAnswers="on", SnmpAllow="127.0.0.1")
    site.start_service()
    wait_until("words", lambda: "SnmpCommunity is not set" in site.platen("status").stdout, 20, 0.2)
    expect(not site.children(), "it answers without a community")


def from_the_readings(site):
    site.answering()
    site.start_service()
    site.first_round()
    site.says(SERIAL, "USBB123456")
    site.says(PAGES, "18421")
    expect(site.get(NAME) == "HP LaserJet 4", site.get(NAME))
    expect("Timeout" in site.ask("snmpget", SERIAL, community="public").stderr, "another community is answered")
    walk = site.ask("snmpwalk", "1.3").stdout
    expect(walk.count("\n") > 50, f"{walk.count(chr(10))} objects")
    expect([x for x in site.children()] and b"fleet" not in b" ".join(site.children()[0][1]), "the community stands in the list of processes")
    expect("fleet" not in open(site.log("service")).read(), "the community stands in the log")
    reads = site.reads()
    for _ in range(20):
        site.ask("snmpbulkwalk", "1.3")
    expect(site.reads() == reads, "a question made a reading")
    site.change("PAGECOUNT=18421", "PAGECOUNT=18450")
    expect(site.get(PAGES) == "18421", "it knows what was not read")
    site.read()
    site.says(PAGES, "18450", 5)
    return f"{walk.count(chr(10))} objects"


def after_a_restart(site):
    """What the ledger knows is told before a printer is read again; and the child ends with its service, however that ends."""
    site.answering()
    site.start_service()
    site.first_round()
    site.says(SERIAL, "USBB123456")
    site.service.stop()
    wait_until("nobody answers", lambda: not site.get(SERIAL), 5, 0.1)
    reads = site.reads()
    site.start_service()
    site.says(SERIAL, "USBB123456")
    site.says(PAGES, "18421")
    expect(site.reads() == reads, "a printer was asked")
    site.service.stop(signal.SIGKILL)
    wait_until("nobody answers", lambda: not site.get(SERIAL), 5, 0.1)


def killed_and_started_again(site):
    site.answering()
    site.start_service()
    site.first_round()
    site.says(SERIAL, "USBB123456")
    for _ in range(2):
        (pid, _), = site.children()
        os.kill(pid, signal.SIGKILL)
        wait_until("another child", lambda: (now := site.children()) and now[0][0] != pid, 15, 0.1)
        site.says(SERIAL, "USBB123456")
    expect("platen-usbagent was killed from outside" in open(site.log("service")).read(), "the log does not say it")


def a_child_that_ends_at_once(site):
    """It is started again more and more rarely, and status says why."""
    site.agent_is("exit 7")
    site.answering()
    site.start_service()
    wait_until("words", lambda: "SNMP for local printers: platen-usbagent ended with code 7" in site.platen("status").stdout, 20, 0.2)
    time.sleep(12)
    starts = open(site.log("service")).read().count("it is started again in")
    expect(3 <= starts <= 5, f"{starts} starts in 12 s")  # after 1, 2, 4, 8 s
    site.read()
    expect(site.service.alive() and devices(site.records()), "the readings suffer")
    return f"{starts} starts"


def settings_at_work(site):
    site.answering()
    site.start_service()
    site.first_round()
    site.says(SERIAL, "USBB123456")
    conf = os.path.join(site.data, "platen.conf")
    with open(conf) as f:
        text = f.read()
    with open(conf, "w") as f:
        f.write(text.replace("SnmpCommunity = fleet", "SnmpCommunity = other"))
    wait_until("the new community", lambda: site.get(SERIAL, community="other") == "USBB123456", 25, 0.3)
    expect(not site.get(SERIAL), "the old community is answered")
    with open(conf, "w") as f:
        f.write(text.replace("127.0.0.0/8", "127.0.0.0/99"))
    wait_until("words", lambda: "127.0.0.0/99" in site.platen("status").stdout, 25, 0.3)
    with open(conf, "w") as f:
        f.write(text.replace("SnmpAnswers = on", "SnmpAnswers = off"))
    wait_until("nobody answers", lambda: not site.children() and "SNMP" not in site.platen("status").stdout, 25, 0.3)


def a_taken_port(site):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.bind(("127.0.0.1", site.port))
        site.answering()
        site.start_service()
        wait_until("words", lambda: f"127.0.0.1:{site.port}" in site.platen("status").stdout, 20, 0.2)
    site.says(SERIAL, "USBB123456", 40)
    expect("SNMP" not in site.platen("status").stdout, "status still complains")


def come_and_gone(site):
    """With words of the system: a printer is known within seconds, and gone within seconds; SNMP follows."""
    shutil.copy2(os.path.join(site.real, "service_on_doubles"), site.program("platen-service"))
    cable = os.path.join(site.dir, "cable")
    whole = open(site.sim).read()
    with open(site.sim, "w") as f:
        f.write("")
    site.answering()
    site.start_service(env={"PLATEN_LAB_CABLE": cable})
    site.first_round()
    reads = site.reads()
    began = time.monotonic()
    with open(site.sim, "w") as f:
        f.write(whole)
    open(cable, "w").close()
    wait_until("the new printers", lambda: len([d for d in devices(site.records()) if d["outcome"] != "gone"]) == 3, 15, 0.1)
    came = time.monotonic() - began
    site.says(SERIAL, "USBB123456", 5)
    began = time.monotonic()
    with open(site.sim, "w") as f:
        f.write("")
    os.unlink(cable)
    wait_until("that they are gone", lambda: len([d for d in devices(site.records()) if d["outcome"] == "gone"]) == 3, 25, 0.1)
    went = time.monotonic() - began
    wait_until("SNMP without it", lambda: "No Such" in site.get(SERIAL), 5, 0.1)
    expect(site.reads() == reads + 2, f"{site.reads() - reads} rounds for two words")
    return f"known after {came:.1f} s, gone after {went:.1f} s"


def with_desk(fn, make=Desk):
    site = make()
    try:
        return fn(site)
    finally:
        site.close()
        shutil.rmtree(site.dir, ignore_errors=True)


def main():
    tap = Tap()
    for name, fn in (("off by default, and without a community", off_by_default), ("SNMP says what the service read, and asks no printer", from_the_readings),
                     ("after a restart it says what the ledger knows; it ends with the service", after_a_restart),
                     ("a killed child is started again", killed_and_started_again), ("a child that ends at once is started more and more rarely", a_child_that_ends_at_once),
                     ("a change of a setting counts without a restart", settings_at_work), ("a port that is taken, then free", a_taken_port),
                     ("double of hot-plug: come and gone within seconds", come_and_gone)):
        tap.run(name, with_desk, fn)
    tap.exit()


if __name__ == "__main__":
    main()
