#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The model catalogue through the real platen-hub: a document comes in, devices get their entries by what they call themselves, part numbers reach
the report and the export of what to order. Prints TAP lines, exits non-zero on a failure.

  hub_catalogue_test.py [--hub COMMAND] [--store URL]"""
import csv
import datetime
import io
import json
import os
import shutil
import sys
import tempfile
import time

from device_fleet import Printer, reading
from hub_kit import Agent, Hub, Person, administrator, arguments, finish, tap

DAY = 86400
SOURCE = "made up for this test"
STARTER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../hub/catalogue-starter.json")
M454 = {"make": "HP", "model": "Color LaserJet M454", "names": ["Color LaserJet M45*"], "source": SOURCE, "introduced": "2019-04", "color": True, "ppm": 28,
        "supplies": [{"kind": "toner", "color": "black", "part": "K-SMALL", "yield": 2000, "basis": "ISO/IEC 19798"},
                     {"kind": "toner", "color": "black", "part": "K-LARGE", "yield": 7000},
                     {"kind": "toner", "color": "cyan", "part": "C-1", "yield": 2100, "basis": "ISO/IEC 19798"}]}
OTHER = {"make": "Example", "model": "Printer 1", "source": SOURCE}


def document(version, *models):
    return json.dumps({"v": 1, "version": version, "models": models}, indent=1)


def put(c, text=None, **more):
    return c.call("PUT", "/api/v1/catalogue", {**({"text": text} if text is not None else {}), **more})


def in_force(c, query=""):
    return c.call("GET", "/api/v1/catalogue" + query).json


def missing(c):
    r = c.call("GET", "/api/v1/catalogue/missing").json
    return [(x["make"], x["model"], x["devices"]) for x in r["items"]], r["without"], r["with"]


def device(c, serial):
    no = c.call("GET", f"/api/v1/devices?q={serial}").json["items"][0]["no"]
    return c.call("GET", f"/api/v1/devices/{no}").json


# ---- the starter set ----

def starter(c):
    r = c.call("GET", "/api/v1/catalogue/starter").json
    return r["date"], r["models"], r["missing"]


def test_starter(c):
    """A hub without a catalogue: the set that comes with it is offered, and taken as it is."""
    with open(STARTER) as f:
        text = f.read()
    models = json.loads(text)["models"]
    empty = in_force(c)
    tap.same((empty["version"], empty["items"], empty["changeable"]), (None, [], True), "at first there is no catalogue")
    date, n, lacking = starter(c)
    tap.same((date.replace("-", ""), n, lacking), (str(json.loads(text)["version"]), len(models), len(models)), "the starter set is offered, with its day")
    tap.same(c.call("GET", "/api/v1/catalogue/starter").json["text"], text, "and can be looked at")
    tap.same([put(c, text, starter=True).status, put(c, starter=False).status], [400, 400], "it is asked for alone")
    tap.same(put(c, starter=True, on=7).type, "catalogue-changed", "and on what is there")
    tap.same(put(c, starter=True, on=0).json, {"version": 1, "models": len(models)}, "it becomes version 1")
    now = in_force(c)
    tap.same((now["note"], now["author"]), (f"starter set {date}", "admin"), "which says so")
    tap.same(json.loads(c.call("GET", "/api/v1/catalogue/versions/1").json["text"])["models"], models, "with every model, source and figure")
    tap.same((starter(c), put(c, starter=True).type), ((date, n, 0), "catalogue-same"), "a second time there is nothing to take")
    return n


def test_starter_beside_own(c):
    """What is there stays, whichever of its names a model of the set goes by."""
    own = [{**M454, "model": "My 4250", "names": ["LaserJet 42*"], "ppm": 1}, {"make": "RICOH", "model": "im  c3000", "source": SOURCE, "ppm": 99}, {"make": "Xerox", "model": "All of them", "names": ["WorkCentre*"], "source": SOURCE}]
    put(c, document(1, *own), older=True)
    on, (_, n, lacking) = in_force(c)["version"], starter(c)
    tap.same(n - lacking, 4, "an own entry counts for a beginning, and for another spelling")
    tap.same(put(c, starter=True, on=on, note="mine first").json, {"version": on + 1, "models": 3 + lacking}, "the rest is added")
    tap.same([[m.get("ppm") for m in in_force(c, "?q=" + q)["items"]] for q in ("My+4250", "HP+LaserJet+4250", "im++c3000", "RICOH+IM+C3000", "WorkCentre")], [[1], [], [99], [], []], "what was there is as it was, and nothing stands before it")
    tap.same((in_force(c)["note"], starter(c)[2], len(in_force(c, "?q=LaserJet+4350")["items"])), ("mine first", 0, 1), "and the set is done with")
    c.call("POST", "/api/v1/catalogue/models/remove", {"on": on + 1, "make": "HP", "model": "LaserJet 4350"})
    tap.same(starter(c)[2], 1, "what is taken out again is offered again, and comes by itself never")
    with open(STARTER) as f:
        tap.same(put(c, f.read()).status, 200, "the file is a document like any other, too")


def test_no_starter(hub, c):
    hub.stop()
    shutil.rmtree(hub.console_dir)
    hub.start()
    tap.same((starter(c), put(c, starter=True).status), ((None, 0, 0), 404), "without the console's files there is none")
    os.makedirs(hub.console_dir)
    with open(os.path.join(hub.console_dir, "catalogue-starter.json"), "w") as f:
        f.write(document(1, {**M454, "pmm": 1}))
    hub.stop()
    hub.start()
    r = c.call("GET", "/api/v1/catalogue/starter")
    tap.same((r.status, r.json["detail"], put(c, starter=True).type), (422, "line 5, model 1, pmm: is not known here; is it misspelt?", "catalogue-invalid"), "a broken one is told of, and not taken")


# ---- documents ----

def test_import(c):
    tap.same(missing(c), ([("HP", "Color LaserJet M454", 2), ("HP", "Color LaserJet M452nw", 1)], 3, 0), "and all models are without an entry, the most frequent first")
    r = put(c, document(3, {**M454, "pmm": 28}))
    tap.same((r.status, r.type), (422, "catalogue-invalid"), "a member that is misspelt is refused")
    tap.same(r.json["detail"], "line 5, model 1, pmm: is not known here; is it misspelt?", "with line, model and field")
    r = put(c, document(3, M454, {**M454, "model": "Other"}))
    tap.ok(r.status == 422 and "is also a name of HP Color LaserJet M454 (model 1, line 5)" in r.json["detail"], "two entries for one name are refused with both", r.body)
    tap.same(in_force(c)["version"], 1, "what was refused left nothing")
    r = put(c, document(3, OTHER, M454), note="from the maker's page")
    tap.same((r.status, r.json), (200, {"version": 3, "models": 2}), "a document is taken in under its number")
    now = in_force(c)
    tap.same((now["version"], now["author"], now["note"], [m["model"] for m in now["items"]]), (3, "admin", "from the maker's page", ["Printer 1", "Color LaserJet M454"]), "and is in force, by maker and name")
    tap.same(now["items"][1], M454, "with what it says, and nothing else")
    tap.same([(in_force(c, q)["count"], len(in_force(c, q)["items"])) for q in ("?q=LASERJET", "?q=hp+color", "?q=zz", "?limit=1")], [(1, 1), (1, 1), (0, 0), (2, 1)], "it is searched and paged")
    tap.same(in_force(c, "?after=" + str(in_force(c, "?limit=1")["next"]))["items"], [M454], "page by page")
    tap.same([c.call("GET", "/api/v1/catalogue?" + q).status for q in ("limit=0", "after=x", "q=" + "x" * 300)], [400, 400, 400], "what it cannot be asked for is refused")
    tap.same(missing(c), ([], 0, 3), "each device has an entry")


def test_versions(c, starter_models):
    for version in (3, 2):
        r = put(c, document(version, OTHER))
        tap.same((r.status, r.type), (409, "catalogue-older"), f"version {version} on version 3 is refused")
    tap.same((put(c, document(2, OTHER), older=True).json, in_force(c)["version"]), ({"version": 4, "models": 1}, 4), "unless it is asked for: it becomes the next version")
    tap.same((put(c, document(9, OTHER), on=3).type, in_force(c)["version"]), ("catalogue-changed", 4), "a change that was made on an older one is refused")
    tap.same(missing(c)[1:], (3, 0), "the devices have lost their entry")
    r = put(c, **{"from": 3, "on": 4})
    tap.same((r.status, r.json), (200, {"version": 5, "models": 2}), "the former version comes back as a new one")
    tap.same(missing(c)[1:], (0, 3), "and with it the entries")
    items = c.call("GET", "/api/v1/catalogue/versions").json["items"]
    tap.same([(v["version"], v["from"], v["models"]) for v in items], [(5, 3, 2), (4, None, 1), (3, None, 2), (1, None, starter_models)], "all versions are listed")
    text = c.call("GET", "/api/v1/catalogue/versions/5").json["text"]
    tap.same((json.loads(text)["version"], sorted(m["model"] for m in json.loads(text)["models"])), (5, ["Color LaserJet M454", "Printer 1"]), "one is exported as a document")
    tap.same(put(c, text).type, "catalogue-older", "which is itself no newer one")
    tap.same(put(c, text.replace('"version":5', '"version":6')).json["version"], 6, "with its number raised it comes in as it is")
    tap.same([c.call("GET", "/api/v1/catalogue/versions/99").status, put(c, **{"from": 99}).status, put(c).status, put(c, "x", **{"from": 3}).status], [404, 404, 400, 400], "what is not there is not found")


def test_models(c):
    on = in_force(c)["version"]
    edit = lambda model, **more: c.call("PUT", "/api/v1/catalogue/models", {"on": on, "model": model, **more})
    r = edit({**OTHER, "model": "Printer 2", "ppm": 0})
    tap.ok(r.status == 422 and r.json["detail"].endswith("(Example Printer 2), ppm: is a whole number from 1 to 5000"), "one model is held to the same rules", r.body)
    tap.same(edit({**OTHER, "model": "Printer 2", "ppm": 20}).json, {"version": on + 1, "models": 3}, "one model is added")
    tap.same(edit(OTHER).type, "catalogue-changed", "not on what somebody else has changed")
    on += 1
    tap.same(edit({**OTHER, "model": "PRINTER  1"}).status, 422, "a second entry of one name is refused")
    tap.same(edit({**OTHER, "ppm": 30}, was={"make": "Example", "model": "Printer 1"}).json["models"], 3, "one is changed in its place")
    on += 1
    tap.same([m.get("ppm") for m in in_force(c, "?q=Printer+1")["items"]], [30], "and reads so")
    tap.same(edit(OTHER, was={"make": "Example", "model": "None"}).status, 404, "one that is not there is not changed")
    tap.same([edit(7).status, edit(OTHER, was=7).status], [400, 400], "what is no model is refused")
    drop = lambda model: c.call("POST", "/api/v1/catalogue/models/remove", {"on": on, "make": "Example", "model": model})
    tap.same(drop("Printer 2").json, {"version": on + 1, "models": 2}, "one is removed")
    on += 1
    tap.same(drop("Printer 2").status, 404, "once")
    lines = c.call("GET", "/api/v1/audit").json["items"]
    acts = [x["action"] for x in lines if x["action"].startswith("catalogue")]
    tap.same((acts.count("catalogue.put"), acts.count("catalogue.model"), acts.count("catalogue.model.remove")), (5, 2, 1), "each change stands in the audit log")
    tap.ok(any("without Example Printer 2" in (x["detail"] or "") for x in lines), "with what was changed")


# ---- what it is for ----

def test_device(c):
    d = device(c, "TESTA")
    tap.same((d["catalogue"]["by"], d["catalogue"]["entry"]), ("Color LaserJet M454", M454), "a device has the entry of its model, and by which name")
    tap.same(device(c, "TESTC")["catalogue"]["by"], "Color LaserJet M45*", "another by the beginning of its name")
    black, cyan, magenta = d["supplies"][:3]
    tap.same([(p["part"], p["yield"]) for p in black["parts"]], [("K-SMALL", 2000), ("K-LARGE", 7000)], "two cartridges fit the black one")
    tap.same(black["pages_left"], None, "and no pages are made up of it")
    tap.same((cyan["percent"], cyan["pages_left"], cyan["parts"]), (8, 168, [{"part": "C-1", "yield": 2100, "basis": "ISO/IEC 19798"}]), "8 % of 2,100 pages are 168")
    tap.same((magenta["parts"], magenta["pages_left"]), ([], None), "what the entry does not have is not known")
    told = device(c, "TESTB")["supplies"][0]
    tap.same(([p["part"] for p in told["parts"]], told["pages_left"]), (["K-LARGE"], 350), "a printer that says its part number says which of the two it is")


def test_orders(c):
    o = c.call("GET", "/api/v1/reports/supplies").json
    ids = [x["id"] for x in o["columns"]]
    rows = {(r["serial"], r["supply"]): (r["percent"], r["part"], r["pages_left"]) for r in (dict(zip(ids, x["cells"])) for x in o["rows"])}
    tap.same(rows, {("TESTA", "Black"): (5, "K-SMALL / K-LARGE", None), ("TESTA", "Cyan"): (8, "C-1", 168), ("TESTA", "Magenta"): (9, "", None), ("TESTB", "Black"): (5, "K-LARGE", 350),
                    ("TESTB", "Magenta"): (9, "OWN-M", None)}, "the report names the parts; where the catalogue has none, what the printer says")
    tap.same(ids[:9], ["device", "name", "model", "serial", "site", "supply", "percent", "days", "read_at"], "the columns that there were stand where they were")
    made = c.call("POST", "/api/v1/issued?tenant=Acme", {"kind": "supplies", "period": datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d")}).json
    r = c.call("GET", f"/api/v1/issued/{made['id']}?format=csv")
    rows = [(x["serial"], x["supply"], x["part"], x["catalogue_part"], x["pages_left"]) for x in csv.DictReader(io.StringIO(r.body.decode()))]
    tap.same(rows, [("TESTA", "Black", "", "K-SMALL / K-LARGE", ""), ("TESTA", "Cyan", "", "C-1", "168"), ("TESTA", "Magenta", "", "", ""),
                    ("TESTB", "Black", "k-large", "K-LARGE", "350"), ("TESTB", "Magenta", "OWN-M", "", "")], "the export has both: what the printer says, and the catalogue's")
    tap.ok(c.call("GET", f"/api/v1/issued/{made['id']}?format=pdf").body.startswith(b"%PDF"), "and is a PDF, too")


def test_people(hub, admin):
    """A tenant's people see the catalogue, and their own devices' models only; nobody but the operator's people changes it."""
    own = Person(hub, admin, "tina", "administrator", "Beta")
    tap.same((in_force(own)["changeable"], len(in_force(own)["items"])), (False, 2), "a tenant's administrator sees it")
    tap.same(missing(own), ([], 0, 0), "and of models without an entry only the own ones")
    calls = [("PUT", "/api/v1/catalogue", {"text": document(99, OTHER)}), ("PUT", "/api/v1/catalogue/models", {"model": OTHER}), ("POST", "/api/v1/catalogue/models/remove", {"make": "Example", "model": "Printer 1"})]
    tap.same([own.call(*x).type for x in calls], ["beyond-own"] * 3, "but does not change it")
    reader = Person(hub, admin, "ray", "read-only", None)
    tap.same((in_force(reader)["changeable"], [reader.call(*x).type for x in calls]), (False, ["forbidden"] * 3), "nor does the operator's reader")


def test_size(c):
    """As many as it holds: what an import and a page of a device take."""
    models = [{**M454, "model": f"Model {i}", "names": [f"Name {i} *", f"Other {i}"]} for i in range(3000)]
    text = json.dumps({"v": 1, "version": 1000, "models": models}, separators=(",", ":"))
    begun = time.monotonic()
    r = put(c, text)
    took = time.monotonic() - begun
    tap.same(r.json, {"version": 1000, "models": 3000}, f"3,000 models, {len(text) >> 10} KiB: imported in {took:.2f} s")
    times = []
    for _ in range(10):
        begun = time.monotonic()
        device(c, "TESTA")
        times.append(time.monotonic() - begun)
    tap.ok(device(c, "TESTA")["catalogue"] is None, f"a device's page, found and read: {sorted(times)[5] * 1000:.0f} ms at the median")
    r = put(c, json.dumps({"v": 1, "version": 1001, "models": models + [{**M454, "names": [], "source": "x" * 256, "model": f"Long {i}"} for i in range(2000)]}, separators=(",", ":")))
    tap.ok(r.status == 422 and r.json["detail"] == "the document is larger than 2 MiB", "a larger one than 2 MiB is refused", str(r.status) + str(r.body[:200]))


def bring(hub, work):
    a = Agent(hub, work, "alpha")
    a.enrol(hub.key("Acme")["key"])
    hub.key("Beta")
    first, second, third = Printer(1, "TESTA"), Printer(2, "TESTB"), Printer(3, "TESTC", model="Color LaserJet M452nw")
    for p, levels in ((first, (5, 8, 9, 90)), (second, (5, 80, 9, 90)), (third, (90, 90, 90, 90))):
        for s, level in zip(p.supplies, levels):
            s["level"] = level
    second.supplies[0]["part"] = "k-large"
    second.supplies[2]["part"] = "OWN-M"
    tap.same(a.send(*[reading(p, "net", address=f"10.0.0.{i}", ago=60) for i, p in enumerate((first, second, third), 1)]), 200, "three devices are read")


def main():
    args = arguments()
    work = tempfile.mkdtemp(prefix="platen-catalogue-")
    hub = Hub(args.hub, work)
    os.makedirs(hub.console_dir, exist_ok=True)
    shutil.copy(STARTER, hub.console_dir)
    hub.start()
    try:
        bring(hub, work)
        c = administrator(hub)
        models = test_starter(c)
        test_import(c)
        test_versions(c, models)
        test_models(c)
        test_device(c)
        test_orders(c)
        test_people(hub, c)
        hub.stop()
        hub.start()
        tap.same(len(in_force(c)["items"]), 2, "the hub begins anew with the catalogue that was in force")
        test_size(c)
        test_starter_beside_own(c)
        test_no_starter(hub, c)
    finally:
        if hub.p.poll() is None:
            hub.stop()
    return finish(work)


if __name__ == "__main__":
    sys.exit(main())
