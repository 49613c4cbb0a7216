#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Device records through the real platen-hub: an agent brings them by mutual TLS, the console's API shows what became of them. Prints TAP lines,
exits non-zero on a failure. The printers are made up (device_fleet.py); every port is the system's choice on 127.0.0.1.

  hub_devices_test.py [--hub COMMAND] [--many N]     N devices for the measurement of the list (5000)"""
import csv
import io
import os
import sys
import tempfile
import threading
import time

from device_fleet import Printer, reading, seen, when
from hub_kit import Agent, Console, Hub, administrator, arguments, digest, finish, raw_exchange, tap

DAY = 86400


def devices(c, query=""):
    return c.call("GET", "/api/v1/devices" + query).json


def find(c, serial):
    items = devices(c, f"?q={serial}")["items"]
    return items[0] if len(items) == 1 else None


def test_one_device(c, a, b):
    p = Printer(1, serial="VNB3K00001", mac="3417EB9AD2C1", name="lp-reception", location="Reception")
    tap.same(a.send(reading(p, "net", address="10.0.0.5", ago=30 * DAY)), 200, "a device record is taken")
    d = find(c, p.serial)
    if not tap.ok(d is not None, "it is listed"):
        return None
    tap.same((d["name"], d["make"], d["location"], d["address"], d["state"], d["total"]), ("lp-reception", "HP", "Reception", "10.0.0.5", "ready", p.total), "with what was read")
    tap.same([s["percent"] for s in d["supplies"]], [s["level"] for s in p.supplies], "and its supplies for the bars")
    tap.same(b.send(reading(p, "usb", ago=29 * DAY)), 200, "another agent reads it over USB")
    d2 = find(c, p.serial)
    tap.same((d2["no"], d2["ways"]), (d["no"], 2), "that is one device with two ways")
    p.name, p.total = "lp-lobby", p.total + 900
    a.send(reading(p, "net", address="10.0.0.9", ago=28 * DAY))
    d3 = find(c, p.serial)
    tap.same((d3["no"], d3["name"], d3["address"]), (d["no"], "lp-lobby", "10.0.0.9"), "a rename and a new address make no second one")
    full = c.call("GET", f"/api/v1/devices/{d['no']}").json
    tap.same([e["kind"] for e in reversed(full["events"])], ["found", "way", "renamed", "moved"], "its events tell of it")
    tap.same([(w["via"], w["machine"]) for w in full["ways"]], [("net", a.name), ("usb", b.name)], "its ways name the agents' machines")
    name = full["values"]["identity"]["serial"]
    tap.ok(isinstance(name, list) and len(name) == 2, "the serial number stands with the evidence of both sources", repr(name))
    return d["no"], p


def test_meters(c, a, no, p):
    start = p.total
    for day in range(20, 10, -1):
        p.total += 100
        a.send(reading(p, "net", address="10.0.0.9", ago=day * DAY))
    m = c.call("GET", f"/api/v1/devices/{no}/meters?from={when(21 * DAY)}").json["items"]
    total = next(x for x in m if x["meter"] == "total")
    tap.same((total["counted"], total["gap"], len(total["points"]), total["points"][-1]["count"]), (1000, False, 10, start + 1000), "ten readings, a thousand pages, no gap")
    tap.same(sum(d["counted"] for d in total["days"]), 1000, "the days sum up to the same")
    p.total, before = 40, p.total
    a.send(reading(p, "net", address="10.0.0.9", ago=9 * DAY))
    p.total = 90
    a.send(reading(p, "net", address="10.0.0.9", ago=8 * DAY))
    total = next(x for x in c.call("GET", f"/api/v1/devices/{no}/meters").json["items"] if x["meter"] == "total")
    tap.same([x["change"] for x in total["points"]][-2:], ["reset", "grew"], f"a meter that began anew after {before} is told as reset")
    tap.ok(total["gap"], "and its period has a gap")
    r = c.call("GET", f"/api/v1/devices/{no}/meters?format=csv")
    rows = list(csv.DictReader(io.StringIO(r.body.decode())))
    tap.same((r.headers["Content-Type"], {x["change"] for x in rows if x["meter"] == "total"} >= {"first", "grew", "reset"}), ("text/csv; charset=utf-8", True), "the same as CSV")
    r = c.call("GET", f"/api/v1/meter-reads?from={when(15.5 * DAY)}&to={when(10.5 * DAY)}")
    rows = [x for x in csv.DictReader(io.StringIO(r.body.decode())) if x["meter"] == "total"]
    tap.same([(x["device"], x["serial"], x["counted"], x["note"], int(x["last"]) - int(x["first"])) for x in rows], [(str(no), p.serial, "500", "", 500)],
             "the reads of a period: the last before it to the last within it")


def test_supplies(c, a, no, p):
    for i, level in enumerate([60, 50, 40, 30]):
        p.supplies[0]["level"] = level
        a.send(reading(p, "net", address="10.0.0.9", ago=(40 - i * 10) / 10 * DAY))
    full = c.call("GET", f"/api/v1/devices/{no}").json
    s = full["supplies"][0]
    tap.ok(s["days"] is not None and 1 <= s["days"] <= 4 and s["least"] <= s["days"] <= s["most"], "ten percent a day: some three days are left", repr(s))
    history = c.call("GET", f"/api/v1/devices/{no}/supplies").json["items"]
    tap.same([x["percent"] for x in history[0]["points"]][-4:], [60, 50, 40, 30], "the history has the levels")
    a.send(seen([p.key("net", None)], ago=0))
    s = c.call("GET", f"/api/v1/devices/{no}").json["supplies"][0]
    tap.ok(s["days"] is not None and s["days"] <= 4, "an unchanged level is one more point, not a fall", repr(s))
    until = next(x for x in c.call("GET", f"/api/v1/devices/{no}/meters").json["items"] if x["meter"] == "total")["points"][-1]["until"]
    tap.ok(until > when(600), "what was seen without anything new stands until then", until)
    p.supplies[0].update(level=100, serial="NEW-1")
    a.send(reading(p, "net", address="10.0.0.9", ago=3600))
    full = c.call("GET", f"/api/v1/devices/{no}").json
    tap.same((full["events"][0]["kind"], full["supplies"][0]["days"]), ("replaced_early", None), "replaced early, and nothing is foretold of the new one")


def test_alerts(c, a, no, p):
    p.state, p.alerts = "stopped", [{"index": 3, "severity": "critical", "code": "jam", "text": "Paper jam", "remedy": "Take the paper out."}]
    a.send(reading(p, "net", address="10.0.0.9", ago=1800))
    d = find(c, p.serial)
    tap.same((d["state"], d["attention"], d["alerts"]), ("stopped", True, 1), "a jam wants a person")
    tap.same(c.call("GET", "/api/v1/overview").json["devices_attention"], 1, "the overview counts it")
    p.state, p.alerts = "ready", []
    a.send(reading(p, "net", address="10.0.0.9", ago=1200))
    log = c.call("GET", f"/api/v1/devices/{no}").json["alerts_log"]
    tap.same([(x["code"], x["closed"] is not None) for x in log], [("jam", True)], "the alert is closed and kept")


def test_bad(c, a):
    tap.same(a.send(("device", {"key": "k", "via": "radio"})), 200, "a device record that cannot be read does not block the chain")
    tap.ok("via" in devices(c)["unreadable"][0]["detail"]["why"], "it is noted with the reason")
    tap.same(a.send(("device", None), ("device", [1] * 10)), 200, "nor does one that is no object")
    deep = {"key": "k", "via": "net", "at": when(0), "outcome": "read", "values": {}}
    for _ in range(40):
        deep["values"] = {"x": deep["values"]}
    tap.same(a.post(a.record("device", deep)).status, 400, "a line that nests too deeply is malformed")
    a.lines.pop()
    a.prev = digest(a.lines[-1])
    name = Printer(3, serial="EVIL000001", name='=cmd|"/c calc"!A1')
    a.send(reading(name, "net", address="10.0.3.1"))
    r = c.call("GET", "/api/v1/devices?q=EVIL000001", headers={"Accept": "text/csv"})
    tap.ok("\"'=cmd|" in r.body.decode(), "a name that is a formula is text in CSV", r.body.decode()[-200:])


def test_merge(c, a, b):
    one, two = Printer(5, serial=None, model="Old 4000"), Printer(6, serial=None, model="Old 4000")
    one.make = two.make = "Kyocera"
    a.send(reading(one, "net", address="10.0.7.1"))
    b.send(reading(two, "usb", address="USB001"))
    items = devices(c, "?make=Kyocera")["items"]
    if not tap.same(len(items), 2, "two printers without a serial number are two"):
        return
    x, y = sorted(i["no"] for i in items)
    tap.same(c.call("POST", f"/api/v1/devices/{x}/merge", {"other": y}, csrf=False).status, 403, "merging needs the token")
    tap.same(c.call("POST", f"/api/v1/devices/{x}/merge", {"other": x}).status, 409, "a device is not merged with itself")
    tap.same(c.call("POST", f"/api/v1/devices/{x}/merge", {"other": 999999}).status, 404, "nor with one that is none")
    tap.same(c.call("POST", f"/api/v1/devices/{x}/merge", {"other": y}).status, 204, "a person merges them")
    full = c.call("GET", f"/api/v1/devices/{x}").json
    tap.same((len(devices(c, "?make=Kyocera")["items"]), len(full["ways"]), c.call("GET", f"/api/v1/devices/{y}").json["merged_into"]), (1, 2, x), "one with two ways; the other says into which")
    way = next(w["way"] for w in full["ways"] if w["via"] == "usb")
    tap.same(c.call("POST", f"/api/v1/devices/{x}/split", {"ways": [w["way"] for w in full["ways"]]}).status, 400, "not all ways can leave")
    r = c.call("POST", f"/api/v1/devices/{x}/split", {"ways": [way]})
    tap.same((r.status, r.json), (200, {"no": y}), "parted again, it is the device that it was")
    a.send(reading(one, "net", address="10.0.7.1"))
    b.send(reading(two, "usb", address="USB001"))
    tap.same(len(devices(c, "?make=Kyocera")["items"]), 2, "and stays so when both are read again")


def person(hub, c, name, role, tenant):
    """Somebody signed in with a password of their own."""
    once = c.call("POST", "/api/v1/users", {"name": name, "role": role, "tenant": tenant}).json["one_time_password"]
    p = Console(hub)
    p.sign_in(name, once)
    p.call("PUT", "/api/v1/session/password", {"old": once, "new": "correct horse battery"})
    return p


def test_scope(hub, c, work):
    foreign = Agent(hub, work, "gamma")
    foreign.enrol(hub.key("Globex")["key"])
    foreign.send(reading(Printer(9, serial="GLOBEX0001", mac="3417EB9AD2C1"), "net", address="10.0.0.5"), ("device", {"broken": True}))
    d = find(c, "GLOBEX0001")
    tap.ok(d is not None and d["tenant"] == "Globex" and d["ways"] == 1, "the same MAC and address at another tenant are another device", repr(d))
    p = person(hub, c, "reader", "read-only", "Acme")
    tap.same((devices(p, "?q=GLOBEX")["items"], devices(p)["total"] > 0), ([], True), "who sees one tenant sees its devices only")
    tap.same([x["detail"]["agent"] == foreign.id for x in devices(p)["unreadable"]], [False] * len(devices(p)["unreadable"]), "and its faults only")
    tap.same([p.call("GET", f"/api/v1/devices/{d['no']}{tail}").status for tail in ("", "/meters", "/supplies")], [404] * 3, "another tenant's device does not exist")
    tap.same(p.call("POST", f"/api/v1/devices/{d['no']}/split", {"ways": [1]}).status, 403, "who only reads parts nothing")
    tap.same(p.call("GET", "/api/v1/meter-reads").status, 403, "and gets no reads to bill")
    o = person(hub, c, "operator", "operator", "Acme")
    mine = devices(o)["items"][0]["no"]
    tap.same([o.call("POST", f"/api/v1/devices/{d['no']}/split", {"ways": [1]}).status, o.call("POST", f"/api/v1/devices/{mine}/merge", {"other": d["no"]}).status], [404, 404],
             "nobody merges or parts what is outside")
    tap.same(c.call("POST", f"/api/v1/devices/{mine}/merge", {"other": d["no"]}).status, 409, "nor merges across tenants")
    b = person(hub, c, "biller", "billing", "Globex")
    rows = list(csv.DictReader(io.StringIO(b.call("GET", "/api/v1/meter-reads").body.decode())))
    tap.same({r["tenant"] for r in rows}, {"Globex"}, "the reads to bill are those of the own tenants")
    tap.ok(o.call("GET", "/api/v1/overview").json["devices"] == devices(o)["total"], "the overview counts the own devices")


def test_groups(hub, c, a):
    """By the name's order: two printers of the second floor, one of the third, one of another tenant."""
    for n, name, place in ((21, "g-one", "Floor 2, left"), (22, "g-two", "Floor 2, right"), (23, "g-three", "Floor 3")):
        a.send(reading(Printer(n, name=name, location=place, model="Group 1000"), "net", address=f"10.0.21.{n}"))
    of = {d["name"]: d["no"] for d in devices(c, "?q=g-")["items"] if d["name"]}
    globex = find(c, "GLOBEX0001")["no"]
    make = lambda who, **body: who.call("POST", "/api/v1/device-groups?tenant=Acme", {"name": "Floor 2", "rules": [], "devices": [], **body})
    second = {"model": "hp group*", "location": "floor 2*"}
    wrong = [{"rules": [{}]}, {"rules": [{"model": "*" * 129}]}, {"rules": [{"site": "Globex", "model": "*"}]}, {"rules": [second] * 21}, {"rules": "all"}, {"devices": [globex]},
             {"devices": [0]}, {"devices": [1.5]}, {"devices": ["1"]}, {"devices": [of["g-one"]] * 2001}, {"name": ""}, {"name": "n" * 129}]
    tap.same([make(c, **body).status for body in wrong], [400] * len(wrong), "a group of what is no rule, no device, or not its tenant's is refused")
    made = make(c, rules=[second], devices=[of["g-three"], of["g-three"]])
    tap.same(made.status, 200, "a group is made of a rule and of a device by hand")
    group = made.json["id"]
    tap.same((make(c).status, make(c).type), (409, "exists"), "a name stands once")
    full = c.call("GET", f"/api/v1/device-groups/{group}").json
    tap.same((full["count"], len(full["rules"]), [d["no"] for d in full["devices"]]), (3, 1, [of["g-three"]]), "it tells its parts, and how many are in it")
    names = lambda query="": [d["name"] for d in devices(c, f"?group={group}{query}")["items"]]
    tap.same(names(), ["g-one", "g-three", "g-two"], "the list of devices is filtered by it")
    first = devices(c, f"?group={group}&limit=2")
    tap.same((first["total"], names(f"&limit=2&cursor={first['next']}")), (3, ["g-two"]), "... page by page")
    rows = list(csv.DictReader(io.StringIO(c.call("GET", f"/api/v1/devices?group={group}&format=csv").body.decode())))
    tap.same(sorted(r["name"] for r in rows), ["g-one", "g-three", "g-two"], "... and as CSV")
    a.send(reading(Printer(22, name="g-two", location="Cellar", model="Group 1000"), "net", address="10.0.21.22"))
    tap.same(names(), ["g-one", "g-three"], "who moves out of a rule is out of the group")
    tap.same(c.call("GET", "/api/v1/devices?group=00000000000000ff").status, 404, "a group that there is not is said, and shows no devices")
    report = c.call("GET", f"/api/v1/reports/meters?group={group}").json
    tap.same({r["cells"][1] for r in report["rows"]}, {"g-one", "g-three"}, "a report of devices is of the group alone")
    tap.same(c.call("GET", f"/api/v1/reports/usage-queues?group={group}").status, 400, "one of queues knows no groups, and says so")
    sums = c.call("GET", "/api/v1/reports/usage-device-groups").json["rows"]
    tap.same(([r["cells"][:3] for r in sums], sums[0]["link"]), ([["Floor 2", "Acme", 2]], f"/devices?group={group}"), "groups have a report of their own, with the way to their devices")
    rule = {"name": "Floor 2 stands", "kind": "status", "scope": {"device_group": group}, "when": {"states": ["stopped"]}, "channels": []}
    tap.same(c.call("POST", "/api/v1/alert-rules?tenant=Acme", {**rule, "scope": {"device_group": "00000000000000ff"}}).status, 400, "a rule of alerts does not look at a group that there is not")
    watched = c.call("POST", "/api/v1/alert-rules?tenant=Acme", rule).json["id"]
    r = c.call("DELETE", f"/api/v1/device-groups/{group}")
    tap.same((r.status, r.type), (409, "in-use"), "a group that a rule looks at stays")
    stranger, reader = person(hub, c, "globex-operator", "administrator", "Globex"), person(hub, c, "acme-reader", "read-only", "Acme")
    tap.same([stranger.call(m, f"/api/v1/device-groups/{group}", b).status for m, b in (("GET", None), ("PUT", {"name": "x", "rules": [], "devices": []}), ("DELETE", None))], [404] * 3,
             "another tenant's group does not exist")
    tap.same((stranger.call("GET", "/api/v1/device-groups").json["items"], devices(stranger, f"?group={group}").get("items")), ([], None), "... nor filters it anything")
    tap.same((len(reader.call("GET", "/api/v1/device-groups").json["items"]), make(reader, name="mine").status), (1, 403), "who only reads sees groups and makes none")
    tap.same(c.call("PUT", f"/api/v1/device-groups/{group}", {"name": "Third", "rules": [], "devices": [of["g-three"]]}).status, 204, "it is changed whole")
    tap.same(names(), ["g-three"], "... and at once")
    c.call("DELETE", f"/api/v1/alert-rules/{watched}")
    tap.same((c.call("DELETE", f"/api/v1/device-groups/{group}").status, c.call("GET", f"/api/v1/device-groups/{group}").status), (204, 404), "without the rule it goes")
    log = [x["action"] for x in c.call("GET", "/api/v1/audit?action=device-groups").json["items"]]
    tap.same(log, ["device-groups.remove", "device-groups.change", "device-groups.add"], "the audit log has each change, and none that was refused")


def test_stream(hub, c, a):
    heard = []
    request = f"GET /api/v1/events HTTP/1.1\r\nHost: x\r\nCookie: {c.cookie}\r\n\r\n".encode()
    t = threading.Thread(target=lambda: heard.append(raw_exchange(hub.console, c.context, request, seconds=4)))
    t.start()
    time.sleep(1)
    a.send(reading(Printer(8, serial="STREAM0001"), "net", address="10.0.8.1"), ("device", {"bad": 1}))
    t.join(20)
    text = heard[0] if isinstance(heard[0], str) else bytes(heard[0]).decode(errors="replace")
    tap.ok('event: devices\ndata: {"count":1}' in text, "the stream tells of devices", text[-300:])


def test_queries(c):
    for query in ("?sort=price", "?order=up", "?limit=0", "?limit=201", "?low=yes", "?cursor=abc", "?q=" + "x" * 600):
        tap.same(c.call("GET", "/api/v1/devices" + query).status, 400, f"{query[:20]} is refused")
    for path in ("/api/v1/devices/0", "/api/v1/devices/x", "/api/v1/devices/99999999", "/api/v1/devices/99999999999999999999/meters"):
        tap.same(c.call("GET", path).status, 404, f"{path} is not found")
    tap.same(c.call("GET", "/api/v1/devices", cookie=False).status, 401, "without a session there is nothing")
    tap.same(devices(c, "?q=100%25_")["items"], [], "signs of patterns are letters in a search")


def test_many(c, hub, work, key, n):
    agents = [Agent(hub, work, f"collector{i}") for i in range(2)]
    for agent in agents:
        agent.enrol(key)
    begun = time.monotonic()
    for at in range(0, n, 500):
        agent = agents[at // 500 % 2]
        lines = []
        for i in range(at, min(at + 500, n)):
            p = Printer(1000 + i, serial=f"MANY{i:06d}", mac=f"00{i:010X}", name=f"printer-{i:05d}", location=f"Floor {i % 40}")
            lines += agent.record(*reading(p, "net", address=f"10.{i // 65536}.{i // 256 % 256}.{i % 256}", ago=60))
        r = agent.post(lines, timeout=120)
        if r.status != 200:
            tap.ok(False, "the many are taken", r.body[:300].decode())
            return
    took = time.monotonic() - begun
    print(f"# {n} device records taken in {took:.1f} s ({n / took:.0f} a second)")
    times = {}
    for name, query in (("first page", ""), ("by supply", "?sort=supply"), ("search", "?q=printer-04"), ("attention", "?attention=1"), ("of all as CSV", "?format=csv")):
        best = []
        for _ in range(5):
            begun = time.monotonic()
            r = c.call("GET", "/api/v1/devices" + query)
            best.append(time.monotonic() - begun)
            if r.status != 200:
                tap.ok(False, name, r.body[:200].decode())
        times[name] = sorted(best)[2]
    print("# " + ", ".join(f"{k} {v * 1000:.0f} ms" for k, v in times.items()) + " (median of 5, with the TLS handshake)")
    tap.ok(times["first page"] < 0.5, f"the first page of {n} devices comes within half a second", str(times))
    page, met = devices(c, "?limit=200"), set()
    total = page["total"]
    while True:
        met |= {d["no"] for d in page["items"]}
        if not page["next"]:
            break
        page = devices(c, f"?limit=200&cursor={page['next']}")
    tap.same(len(met), total, "the pages show each device once")
    begun = time.monotonic()
    r = c.call("GET", f"/api/v1/meter-reads?from={when(DAY)}")
    print(f"# the reads of all {n} devices as CSV: {time.monotonic() - begun:.1f} s, {len(r.body) // 1024} KiB")
    tap.same((r.status, r.body.decode().count("MANY")), (200, n * len(Printer(1).meters())), "the reads of all of them come as one table")


def main():
    args = arguments(("--many", {"type": int, "default": 5000}))
    work = tempfile.mkdtemp(prefix="platen-devices-")
    os.makedirs(os.path.join(work, "console"))
    with open(os.path.join(work, "console/index.html"), "w") as f:
        f.write("<!doctype html><title>Platen</title>console of the test\n")
    hub = Hub(args.hub, work)
    hub.start()
    try:
        key = hub.key("Acme", "--uses", "20")["key"]
        a, b = Agent(hub, work, "alpha"), Agent(hub, work, "beta")
        for agent in (a, b):
            agent.enrol(key)
        c = administrator(hub)
        tap.same(devices(c)["items"], [], "a new hub has no devices")
        no, printer = test_one_device(c, a, b)
        test_meters(c, a, no, printer)
        test_supplies(c, a, no, printer)
        test_alerts(c, a, no, printer)
        test_bad(c, a)
        test_merge(c, a, b)
        test_scope(hub, c, work)
        test_groups(hub, c, a)
        test_stream(hub, c, a)
        test_queries(c)
        test_many(c, hub, work, key, args.many)
    finally:
        if hub.p.poll() is None:
            hub.stop()
    return finish(work)


if __name__ == "__main__":
    sys.exit(main())
