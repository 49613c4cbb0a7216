# SPDX-License-Identifier: Apache-2.0
"""The hub has an agent read its printers now (docs/readings.md, "Asked by the hub"): the real hub, the real service, the real USB agent before the lab's
printer on a socket file, and a farm of SNMP printers. What is asked, what comes of it, and how it ends when agent or service are away."""
import os
import random
import signal
import socket
import sqlite3
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import usb_lab  # noqa: E402
from devices_site import SIMULATED, ranges, with_site  # noqa: E402
from farm_scan_test import Farm, expect  # noqa: E402
from lab import Tap, wait_until  # noqa: E402

OVER = {"done", "busy", "failed", "too-soon", "off", "expired", "lost"}
ID = "MFG:Hewlett-Packard;CMD:PJL,PML,PCLXL,POSTSCRIPT,PCL,PDF;MDL:HP LaserJet 400 M401dn;CLS:PRINTER;"


class Asking:
    """A site with its hub, enrolled, after its first round."""

    def __init__(self, site, **settings):
        self.site = site
        site.lanes = 2 if "Ranges" in settings else 1
        site.start_hub()
        site.settings(HubUrl=site.agents_url, EnrollKey=site.key(), **settings)
        site.start_service()
        self.api = site.api()
        site.first_round()
        wait_until("everything at the hub", site.settled, 60)
        self.agent = self.api.call("GET", "/api/v1/agents")["items"][0]["id"]

    def order(self, what, expected=200):
        r = self.api.call("POST", f"/api/v1/agents/{self.agent}/read", {"what": what}, expect=expected)
        return {o["what"]: o for o in r["items"]} if expected == 200 else r

    def orders(self):
        return {o["what"]: o for o in self.api.call("GET", f"/api/v1/agents/{self.agent}/read")["items"]}

    def ended(self, what, seconds=60):
        """The order of that kind when it is over, and the states that were seen before."""
        seen = []

        def over():
            o = self.orders()[what]
            if not seen or seen[-1] != o["state"]:
                seen.append(o["state"])
            return o["state"] in OVER

        wait_until(f"the end of the order ({what})", over, seconds)
        return self.orders()[what], seen

    def database(self, sql):
        names = [n for n in os.listdir(self.site.hub_data) if n.endswith(".db")]
        with sqlite3.connect(os.path.join(self.site.hub_data, names[0]), timeout=10) as db:
            db.execute(sql)
        db.close()


def print_pages(printer, seed):
    """A job straight into the printer; how many pages it has then counted."""
    before = len(printer.jobs())
    with socket.socket(socket.AF_UNIX) as s:
        s.settimeout(20)
        s.connect(printer.data)
        s.sendall(usb_lab.make_job(random.Random(seed), 1, kinds=("bare",)).data)
    wait_until("the job's end", lambda: len(printer.jobs()) > before, 20)
    return printer.truth()["pages"]


def a_fresh_reading(site):
    printer = usb_lab.Printer("hp-lj-pro")
    try:
        site.usb("exec %s \"$@\" --port unix:%s --id '%s'" % (os.path.join(site.real, "platen-usbagent"), printer.data, ID))
        a = Asking(site)
        device = a.api.call("GET", "/api/v1/devices")["items"][0]
        expect(device["total"] == printer.truth()["pages"], f"first: {device['total']} of {printer.truth()['pages']}")
        pages = print_pages(printer, 1)
        expect(pages > device["total"], "nothing was printed")
        begun = time.monotonic()
        asked = a.api.call("POST", f"/api/v1/devices/{device['no']}/read", {})["items"]
        expect([(o["agent"], o["what"], o["state"]) for o in asked] == [(a.agent, "usb", "asked")], f"{asked}")
        end, seen = a.ended("usb")
        expect(end["state"] == "done" and end["printers"] == 1 and not end["reason"], f"{end}")
        wait_until("the reading at the hub", lambda: a.api.call("GET", f"/api/v1/devices/{device['no']}")["total"] == pages, 20)
        took = time.monotonic() - begun
        shown = a.api.call("GET", f"/api/v1/devices/{device['no']}/read")["items"]
        expect(len(shown) == 1 and shown[0]["no"] == end["no"] and shown[0]["machine"], f"{shown}")
        expect(printer.truth()["forbidden"] == 0, "the printer was asked what is not allowed")
        log = [e for e in a.api.call("GET", "/api/v1/audit")["items"] if e["action"] == "devices.read"]
        expect(len(log) == 1 and log[0]["object"] == str(device["no"]), f"the audit log has {log}")
        return f"{pages} pages at the hub {took:.1f} s after the click, states {' '.join(seen)}"
    finally:
        printer.stop()


def asked_twice(site):
    """While the first is not over, a second one is the first; behind it comes 'too soon', in words."""
    gate = os.path.join(site.dir, "go")
    site.simulate(SIMULATED)
    a = Asking(site)
    rounds = os.path.join(site.dir, "rounds")
    site.usb(f"echo x >> {rounds}\nwhile [ ! -e {gate} ]; do sleep 0.1; done\nexec {os.path.join(site.real, 'platen-usbagent')} \"$@\" --simulate {SIMULATED}")
    first = a.order("usb")["usb"]
    wait_until("the agent", lambda: a.orders()["usb"]["state"] == "reading", 20)
    expect({a.order("usb")["usb"]["no"] for _ in range(20)} == {first["no"]}, "a second order beside the first")
    open(gate, "w").close()
    end, _ = a.ended("usb")
    expect(end["no"] == first["no"] and end["state"] == "done" and end["printers"] == 3, f"{end}")
    expect(open(rounds).read().count("x") == 1, "more than one round")
    again = a.order("usb")["usb"]
    expect(again["no"] > first["no"], "the next order is no new one")
    end, _ = a.ended("usb")
    expect(end["state"] == "too-soon" and "ask again in" in end["reason"], f"{end}")
    expect(open(rounds).read().count("x") == 1, "the printers were read though it was too soon")
    return "21 asks, 1 round"


def network_printers(site):
    """Those that are known, no sweep of the ranges; without ranges the agent says so."""
    farm = Farm(12)
    try:
        a = Asking(site)
        a.order("all")
        off, _ = a.ended("net")
        expect(off["state"] == "off" and "ranges" in off["reason"], f"{off}")
        usb, _ = a.ended("usb")
        expect(usb["state"] == "done" and usb["printers"] == 0, f"{usb}")
        site.settings(Ranges=ranges(farm), ScanRate=5000)
        site.read()
        time.sleep(max(0, 65 - (time.time() - _when(off["asked"]))))  # the agent's minute begins when it hears of it
        asked = farm.truth
        a.order("net")
        end, _ = a.ended("net")
        expect(end["state"] == "done" and end["printers"] == len(asked), f"{end}")
        return f"{end['printers']} printers"
    finally:
        farm.close()


def _when(instant):
    return time.mktime(time.strptime(instant[:19], "%Y-%m-%dT%H:%M:%S")) - time.timezone


def away_and_back(site):
    site.simulate(SIMULATED)
    a = Asking(site)
    site.service.stop()
    first = a.order("usb")["usb"]
    expect(first["state"] == "asked" and first["until"], f"{first}")
    site.start_service()
    end, _ = a.ended("usb")
    expect(end["no"] == first["no"] and end["state"] == "done" and end["printers"] == 3, f"{end}")
    return "asked while it was away, read when it came"


def expired(site):
    """The hub's clock is not turned: the order's end is set into the past instead."""
    site.simulate(SIMULATED)
    a = Asking(site)
    site.service.stop()
    a.order("usb")
    a.database("UPDATE read_orders SET until=1")
    expect(a.orders()["usb"]["state"] == "expired", f"{a.orders()}")
    before = site.last()
    site.start_service()
    wait_until("the live link", lambda: "connected" in site.platen("status").stdout.lower(), 30)
    time.sleep(3)
    expect(a.orders()["usb"]["state"] == "expired" and not [r for r in site.records(before) if r["type"] != "job"], "an order that had expired was done")
    new = a.order("usb")["usb"]
    end, _ = a.ended("usb")
    expect(end["no"] == new["no"] and end["state"] == "done", f"{end}")


def killed_while_it_reads(site):
    """kill -9 of the service in the middle of a read: the next one says so. One that never comes back: the hub says so."""
    site.simulate(SIMULATED)
    a = Asking(site)
    site.usb("exec sleep 30")
    a.order("usb")
    wait_until("the agent", lambda: a.orders()["usb"]["state"] == "reading", 20)
    site.service.stop(signal.SIGKILL)
    wait_until("the end of its pipe", site.nobody_answers, 40)
    a.database("UPDATE read_orders SET until=1")
    expect(a.orders()["usb"]["state"] == "lost", f"{a.orders()}")
    a.database("UPDATE read_orders SET until=99999999999999")
    site.simulate(SIMULATED)
    site.start_service()
    end, _ = a.ended("usb")
    expect(end["state"] == "failed" and "stopped while it read" in end["reason"], f"{end}")
    new = a.order("usb")["usb"]
    end, _ = a.ended("usb")
    expect(end["no"] == new["no"] and end["state"] == "done", f"{end}")
    return "lost, failed, and the next one done"


def the_hub_is_killed(site):
    """In the middle of a read: what became of it is said when the hub is back."""
    site.simulate(SIMULATED)
    a = Asking(site)
    gate = os.path.join(site.dir, "go")
    site.usb(f"while [ ! -e {gate} ]; do sleep 0.1; done\nexec {os.path.join(site.real, 'platen-usbagent')} \"$@\" --simulate {SIMULATED}")
    a.order("usb")
    wait_until("the agent", lambda: a.orders()["usb"]["state"] == "reading", 20)
    site.hub.stop(signal.SIGKILL)
    open(gate, "w").close()
    time.sleep(2)
    site.start_hub()
    a.api = site.api()
    end, _ = a.ended("usb", 90)
    expect(end["state"] == "done" and end["printers"] == 3, f"{end}")
    return "said behind the hub's return"


def a_child_that_fails(site):
    site.simulate(SIMULATED)
    a = Asking(site)
    site.usb("exit 3")
    a.order("usb")
    end, _ = a.ended("usb")
    expect(end["state"] == "failed" and "platen-usbagent" in end["reason"], f"{end}")
    return end["reason"]


def nobody_to_ask(site):
    site.simulate(SIMULATED)
    a = Asking(site)
    for body in ({}, {"what": "firmware"}, {"what": 1}):
        r = a.api.call("POST", f"/api/v1/agents/{a.agent}/read", body, expect=None)
        expect(r["type"] == "malformed", f"{body}: {r}")
    for path in ("/api/v1/agents/00000000000000ff/read", "/api/v1/agents/x/read", "/api/v1/devices/999/read"):
        expect(a.api.call("POST", path, {"what": "usb"} if "agents" in path else {}, expect=404)["type"] == "not-found", path)
    device = a.api.call("GET", "/api/v1/devices")["items"][0]["no"]
    a.api.call("POST", f"/api/v1/agents/{a.agent}/revoke", {}, expect=204)
    expect(a.order("usb", 409)["type"] == "nobody-reads", "a revoked agent is asked")
    expect(a.api.call("POST", f"/api/v1/devices/{device}/read", {}, expect=409)["type"] == "nobody-reads", "a revoked agent's printer is asked")
    expect(a.orders() == {}, "a revoked agent has orders")


def main():
    tap = Tap()
    only = sys.argv[1] if len(sys.argv) > 1 else ""
    cases = [("a click, and the page count at the hub is the printer's", a_fresh_reading), ("asked twice is read once, then it is too soon", asked_twice),
             ("network printers", network_printers), ("an agent that is away is asked when it comes", away_and_back),
             ("what expired is not done", expired), ("the service killed while it reads", killed_while_it_reads),
             ("the hub killed while the agent reads", the_hub_is_killed), ("a child that fails, in words", a_child_that_fails),
             ("nobody to ask", nobody_to_ask)]
    for name, fn in cases:
        if only in name:
            tap.run(name, with_site, fn)
    tap.exit()


if __name__ == "__main__":
    main()
