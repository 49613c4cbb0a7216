#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Reports and receipts through the real platen-hub: an agent brings jobs and readings by mutual TLS, the console's API adds them up, and `platen
receipt verify` judges what was issued. Prints TAP lines, exits non-zero on a failure.

  hub_reports_test.py [--hub COMMAND] [--store URL] [--platen PROGRAM]"""
import csv
import datetime
import io
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from urllib.parse import urlencode

from device_fleet import Printer, reading
from hub_kit import TOP, Agent, Console, Hub, administrator, arguments, finish, tap

DAY = 86400
NOW = datetime.datetime.now(datetime.timezone.utc)
THIS_MONTH = NOW.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
LAST_MONTH = (THIS_MONTH - datetime.timedelta(days=1)).replace(day=1)
USERS, QUEUES = ["mia", "ben", "zoé", '=cmd|"x"'], ["Office", "Lobby", "A3"]


def text(at):
    return at.strftime("%Y-%m-%dT%H:%M:%S.000Z")


def a_job(rng):
    """A job of last month; what it adds to sums stands beside it."""
    at = LAST_MONTH + datetime.timedelta(seconds=rng.randrange(int((THIS_MONTH - LAST_MONTH).total_seconds())))
    sides, denied = rng.randrange(1, 60), rng.random() < 0.1
    duplex = rng.choice(["none", "long"])
    job = {"queue": rng.choice(QUEUES), "user": rng.choice(USERS), "machine": "PC-1", "document": "Plan", "ended": text(at), "bytes": 1000, "outcome": "refused" if denied else "printed", "source": "pipe",
           "analysis": {"language": "PCL XL", "pages": sides, "copies": 1, "impressions": sides, "sheets": sides if duplex == "none" else (sides + 1) // 2, "color_pages": rng.randrange(sides + 1), "duplex": duplex, "confidence": "exact"},
           "policy": {"version": 1, "rule": "no-mail" if denied else None, "action": "denied" if denied else "printed", "explanation": "x", "account": rng.choice(["4711", "4712"]), "cost": 0 if denied else sides * 20_000, "currency": "EUR"}}
    return job


def report(c, name, **query):
    r = c.call("GET", f"/api/v1/reports/{name}?{urlencode({'from': LAST_MONTH.strftime('%Y-%m-%d'), 'to': THIS_MONTH.strftime('%Y-%m-%d'), **query})}")
    if r.status != 200:
        tap.ok(False, f"report {name}", f"{r.status} {r.body[:200]}")
        return None
    return r


def cells(c, name, **query):
    """Rows as dictionaries, and the sum."""
    o = report(c, name, **query).json
    ids = [x["id"] for x in o["columns"]]
    return [dict(zip(ids, row["cells"]), link=row["link"]) for row in o["rows"]], dict(zip(ids, o.get("total", []))), o


def test_jobs(c, jobs):
    paper = [j for j in jobs if j["outcome"] == "printed"]
    fact = {"pages": lambda j: j["analysis"]["impressions"], "color_pages": lambda j: j["analysis"]["color_pages"], "sheets": lambda j: j["analysis"]["sheets"]}
    for name, key, names in (("usage-users", "user", USERS), ("usage-queues", "queue", QUEUES)):
        rows, total, _ = cells(c, name)
        tap.same(sorted(r[key] for r in rows), sorted(names), f"{name}: every name")
        for column, of in fact.items():
            want = {n: sum(of(j) for j in paper if j[key] == n) for n in names}
            tap.same({r[key]: r[column] for r in rows}, want, f"{name}: {column} are those of the jobs")
            tap.same(total[column], sum(want.values()), f"{name}: and their sum")
        one = rows[0]
        listed = c.call("GET", "/api/v1" + one["link"].replace("&from", "&outcome=printed&limit=200&from"))
        tap.same((listed.status, sum(j["impressions"] for j in listed.json["items"])), (200, one["pages"]), f"{name}: the link of a row lists the jobs behind it")
    rows, total, _ = cells(c, "costs")
    tap.same({(r["account"], r["currency"]): r["cost"] for r in rows}, {(a, "EUR"): sum(j["policy"]["cost"] for j in paper if j["policy"]["account"] == a) for a in ("4711", "4712")}, "costs by account")
    rows, _, _ = cells(c, "violations")
    denied = [j for j in jobs if j["outcome"] == "refused"]
    tap.same([(r["rule"], r["action"], r["outcome"], r["jobs"], r["pages"]) for r in rows], [("no-mail", "denied", "refused", len(denied), sum(fact["pages"](j) for j in denied))], "violations by rule")
    rows, _, _ = cells(c, "duplex")
    both = [j for j in paper if j["analysis"]["duplex"] == "long"]
    tap.same(sum(r["saved"] for r in rows), sum(fact["pages"](j) - fact["sheets"](j) for j in both), "sheets that duplex saved")
    rows, _, o = cells(c, "environment")
    sheets = sum(fact["sheets"](j) for j in paper)
    tap.same((rows[0]["sheets"], rows[0]["co2"]), (sheets, (sheets // 1000 * 12_700_000 + (sheets % 1000 * 12_700_000 + 500) // 1000) // 1000), "the environment: sheets times the factor")
    tap.same(sum(d["pages"] for d in o["trend"]), rows[0]["pages"], "the trend sums up to the pages")


def test_forms(c, box):
    r = report(c, "usage-users", format="csv")
    rows = list(csv.DictReader(io.StringIO(r.body.decode())))
    tap.same((r.headers["Content-Type"], sorted(x["user"] for x in rows)), ("text/csv; charset=utf-8", sorted(["'" + u if u[0] == "=" else u for u in USERS])), "CSV, with formulas made text")
    for language, title in (("en", "Usage by user"), ("fr", "Utilisation par utilisateur"), ("de", "Nutzung je Benutzer")):
        r = report(c, "usage-users", format="pdf", lang=language)
        path = os.path.join(box, f"{language}.pdf")
        open(path, "wb").write(r.body)
        tap.same((r.headers["Content-Type"], r.body[:8]), ("application/pdf", b"%PDF-1.7"), f"PDF ({language})")
        if shutil.which("qpdf"):
            tap.same(subprocess.run(["qpdf", "--check", path], capture_output=True).returncode, 0, "which qpdf finds nothing wrong with")
        if shutil.which("pdftotext"):
            said = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, text=True).stdout
            tap.ok(title in said and "zoé" in said, f"with its title and names ({language})", said[:200])
    for query in ({"from": "yesterday"}, {"from": "2026-01-02", "to": "2026-01-02"}, {"format": "docx"}, {"from": "1990-01-01", "to": "2026-01-01"}):
        tap.same(c.call("GET", "/api/v1/reports/rates?" + urlencode(query)).status, 400, f"{query} is refused")
    tap.same(c.call("GET", "/api/v1/reports/nothing").status, 404, "there is no report of that name")
    tap.same({x["who"] for x in c.call("GET", "/api/v1/audit").json["items"] if x["action"] == "reports.see"}, {"admin"}, "that names of people were looked at is noted")


def test_receipts(c, a, hub, box, platen):
    ca = os.path.join(hub.data, "ca.pem")
    p = Printer(1, serial="VNB3K00001", mac="3417EB9AD2C1", name="lp-1", location="Reception")
    ago = lambda at: (NOW - at).total_seconds()
    for days, total in ((-2, 1000), (5, 1200), (20, 2400)):
        p.total = total
        a.send(reading(p, "net", address="10.0.0.5", ago=ago(LAST_MONTH + datetime.timedelta(days=days))))
    month = LAST_MONTH.strftime("%Y-%m")
    for body in ({"kind": "meters", "period": THIS_MONTH.strftime("%Y-%m")}, {"kind": "meters", "period": "2026-13"}, {"kind": "x", "period": month}, {"kind": "meters"}, {"kind": "meters", "period": month, "target": -1}):
        tap.same(c.call("POST", "/api/v1/issued", body).status, 400, f"{body} is refused")
    first = c.call("POST", "/api/v1/issued", {"kind": "meters", "period": month, "target": 1500})
    if not tap.same(first.status, 200, "the meters of last month are issued"):
        return
    path = "/api/v1/issued/" + first.json["id"]
    file = c.call("GET", path).body
    row = next(x for x in json.loads(file)["receipt"]["rows"] if x["meter"] == "total")
    tap.same((row["first"], row["last"], row["counted"], row["target"], row["serial"]), (1000, 2400, 1400, 1500, p.serial), "start, end, what was counted, what was agreed")
    p.total = 9000
    a.send(reading(p, "net", address="10.0.0.5", ago=ago(LAST_MONTH + datetime.timedelta(days=22))))
    again = c.call("POST", "/api/v1/issued", {"kind": "meters", "period": month})
    tap.same((again.json["id"], c.call("GET", path).body == file), (first.json["id"], True), "issued again after a late reading: the same number, the same bytes")
    one, two = (c.call("GET", path + "?format=csv").body for _ in range(2))
    tap.ok(one == two and f'"{first.json["id"]}"'.encode() in one, "as CSV, too", one.decode()[:200])
    pdf = c.call("GET", path + "?format=pdf").body
    open(os.path.join(box, "r.pdf"), "wb").write(pdf)
    tap.ok(pdf == c.call("GET", path + "?format=pdf").body, "and as PDF")
    if shutil.which("pdftotext"):
        said = subprocess.run(["pdftotext", "-layout", os.path.join(box, "r.pdf"), "-"], capture_output=True, text=True).stdout
        tap.ok("1,400" in said and json.loads(file)["receipt"]["signer"] in said, "which shows the same figures and the signer's fingerprint", said[:400])
    name = os.path.join(box, "receipt.json")

    def verify(content, ca_file=ca):
        open(name, "wb").write(content)
        return subprocess.run([platen, "receipt", "verify", name, "--ca", ca_file], capture_output=True, text=True)

    r = verify(file)
    tap.ok(r.returncode == 0 and r.stdout.startswith("valid: meters of Acme"), "platen receipt verify: valid", r.stdout + r.stderr)
    r = verify(file.replace(b'"counted":1400', b'"counted":1300'))
    tap.ok(r.returncode == 1 and r.stdout.startswith("changed"), "a figure is another: changed", r.stdout + r.stderr)
    other = os.path.join(box, "other")
    os.makedirs(other)
    stranger = Hub(hub.command[0], other)
    stranger.start()
    stranger.stop()
    r = verify(file, os.path.join(stranger.data, "ca.pem"))
    tap.ok(r.returncode == 5 and r.stdout.startswith("unknown key"), "another hub's CA: unknown key", r.stdout + r.stderr)
    test_again(c, first.json, month, verify, p)
    tap.same(c.call("GET", "/api/v1/issued/0000000000000000").status, 404, "there is no other")
    today = c.call("POST", "/api/v1/issued", {"kind": "supplies", "period": NOW.strftime("%Y-%m-%d")})
    tap.same(today.status, 200, "supplies to order are issued for today")


def test_again(c, first, month, verify, p):
    """In place of what is in force, with a reason; both say so. The list finds it by month, tenant and device."""
    order = {"kind": "meters", "period": month, "replaces": first["id"], "reason": "a reading came late"}
    for wrong in ({"reason": ""}, {"reason": "x" * 201}, {"replaces": "x"}):
        tap.same(c.call("POST", "/api/v1/issued", {**order, **wrong}).status, 400, f"issued anew with {list(wrong)[0]} {list(wrong.values())[0][:9]!r}: refused")
    tap.same(c.call("POST", "/api/v1/issued", {**order, "replaces": "0" * 16}).status, 409, "in place of what is not there: refused")
    second = c.call("POST", "/api/v1/issued", order)
    tap.same((second.status, second.json["replaces"], second.json["reason"]), (200, first["id"], order["reason"]), "it is issued anew")
    tap.same(c.call("POST", "/api/v1/issued", order).status, 409, "once")
    tap.same(c.call("POST", "/api/v1/issued", {"kind": "meters", "period": month}).json["id"], second.json["id"], "who asks for the month gets what is in force")
    file = c.call("GET", "/api/v1/issued/" + second.json["id"]).body
    body = json.loads(file)["receipt"]
    tap.same((body["replaces"], next(x["counted"] for x in body["rows"] if x["meter"] == "total")), (first["id"], 8000), "the file names what it replaces, and counts the late reading")
    r = verify(file)
    tap.ok(r.returncode == 0, "it is valid", r.stdout + r.stderr)
    items = c.call("GET", f"/api/v1/issued?kind=meters&period={month}&tenant=Acme").json["items"]
    tap.same({x["id"]: x["replaced_by"] for x in items}, {first["id"]: second.json["id"], second.json["id"]: None}, "the list says which one was replaced")
    tap.same([(x["devices"], x["gaps"], x["counted"]) for x in items if x["id"] == first["id"]], [(1, 1, 1400)], "and what is on each")
    no = c.call("GET", "/api/v1/devices").json["items"][0]["no"]
    tap.same([len(c.call("GET", f"/api/v1/issued?device={n}").json["items"]) for n in (no, no + 1)], [2, 0], "by device, too")
    tap.same([c.call("GET", "/api/v1/issued?" + q).status for q in ("kind=x", "device=x", "tenant=Nobody")], [400, 400, 404], "what it cannot be asked for is refused")
    whole, pages, cursor = c.call("GET", "/api/v1/issued").json, [], ""
    for _ in range(len(whole["items"]) + 1):
        r = c.call("GET", f"/api/v1/issued?limit=1{cursor}").json
        pages += r["items"]
        if not r["next"]:
            break
        cursor = f"&cursor={r['next']}"
    tap.ok(len(pages) > 1 and pages == whole["items"] and whole["next"] is None, "page by page it is the same list", str(pages))
    tap.same([c.call("GET", "/api/v1/issued?" + q).status for q in ("cursor=" + "0" * 16, "cursor=x", "limit=0", "limit=1001")], [400] * 4, "a cursor that names nothing, and no limit, is refused")


def test_plans(hub, c):
    """By itself: the month before is put back as due, and comes within seconds, once. Off, it does not."""
    plan = lambda: next(x for x in c.call("GET", "/api/v1/receipt-plans").json["items"] if x["tenant"] == "Acme")
    first = until(lambda: c.call("GET", "/api/v1/receipt-plans").json["items"])
    tap.same([(x["tenant"], x["automatic"], x["hours"], x["next"], x["reason"]) for x in first], [("Acme", True, 24, THIS_MONTH.strftime("%Y-%m"), None)], "a customer has a plan by itself")
    two_back = (LAST_MONTH - datetime.timedelta(days=1)).replace(day=1)
    number = (two_back.year - 1970) * 12 + two_back.month - 1
    hub.kill()
    hub.sql("UPDATE receipt_plans SET month=?, due=?" + (" RETURNING 1" if hub.store else ""), number, int(LAST_MONTH.timestamp() * 1000))
    hub.start()
    tap.ok(until(lambda: plan()["next"] == THIS_MONTH.strftime("%Y-%m")), "a hub that was away catches up with two months", repr(plan()))
    made = [x for x in c.call("GET", "/api/v1/issued?kind=meters").json["items"] if x["who"] is None]
    tap.same([(x["period"], x["devices"]) for x in made], [(two_back.strftime("%Y-%m"), 1)], "the month that lacked one has its receipt, the other's stays")
    lines = [x for x in c.call("GET", "/api/v1/audit?action=issued").json["items"] if x["who"] == "platen-hub"]
    tap.same(len(lines), 1, "and a line in the audit log")
    for body in ({"automatic": True}, {"automatic": 1, "hours": 5}, {"automatic": True, "hours": 241}):
        tap.same(c.call("PUT", "/api/v1/receipt-plans", body).status, 400, f"{body} is refused")
    tap.same((c.call("PUT", "/api/v1/receipt-plans?tenant=Acme", {"automatic": False, "hours": 48}).status, plan()["next"], plan()["due"]), (204, None, None), "it can be switched off")
    c.call("PUT", "/api/v1/receipt-plans?tenant=Acme", {"automatic": True, "hours": 48})
    tap.same((plan()["next"], plan()["hours"]), (THIS_MONTH.strftime("%Y-%m"), 48), "and on, from this month")


def test_two_hubs(args, work, hub, c, a):
    """Two hubs on one database, and a year of months that are due at once: each comes once."""
    p = Printer(2, serial="VNB3K00002", mac="3417EB9AD2C2", name="lp-2", location="Cellar")
    a.send(reading(p, "net", address="10.0.0.6", ago=430 * DAY))
    have = {x["period"] for x in c.call("GET", "/api/v1/issued?kind=meters").json["items"]}
    other = Hub(args.hub, work, "other")
    os.makedirs(other.data, exist_ok=True)
    shutil.copy(os.path.join(hub.data, "ca.key"), other.data)
    other.start()
    try:
        now = (THIS_MONTH.year - 1970) * 12 + THIS_MONTH.month - 1
        hub.sql("UPDATE receipt_plans SET month=?, due=? RETURNING 1", now - 12, 1000)
        ended = until(lambda: c.call("GET", "/api/v1/receipt-plans").json["items"][0]["next"] == THIS_MONTH.strftime("%Y-%m"), 90)
        items = [x["period"] for x in c.call("GET", "/api/v1/issued?kind=meters").json["items"] if not x["replaced_by"]]
        tap.same((ended, len(items), len(set(items)), len(set(items) - have)), (True, 12, 12, 12 - len(have)), "two hubs: a year's months, each once")
        lines = [x for x in c.call("GET", "/api/v1/audit?action=issued").json["items"] if x["who"] == "platen-hub"]
        tap.same(len(lines), 12 - len(have) + 1, "and as many lines in the audit log")
    finally:
        tap.same(other.stop(), 0, "the other hub ends as asked")


def until(what, seconds=30):
    end = time.monotonic() + seconds
    while not (got := what()) and time.monotonic() < end:
        time.sleep(0.3)
    return got


def test_rights(hub, c, work):
    """Who has not the right to persons gets no report of them; a dealer's tenant holds its own."""
    c.call("POST", "/api/v1/users", {"name": "rita", "role": "read-only"})
    once = c.call("POST", "/api/v1/users/rita/reset", {}).json["one_time_password"]
    r = Console(hub)
    r.sign_in("rita", once)
    r.call("PUT", "/api/v1/session/password", {"old": once, "new": "correct horse battery"})
    names = [x["name"] for x in r.call("GET", "/api/v1/reports").json["items"]]
    tap.ok("usage-queues" in names and "usage-users" not in names and "costs" not in names and "meters" not in names, "the list has what the role may see", repr(names))
    tap.same(r.call("GET", "/api/v1/reports/usage-users").status, 403, "usage by user takes the right to persons")
    tap.same(r.call("POST", "/api/v1/issued", {"kind": "meters", "period": "2026-01"}).status, 403, "issuing takes billing")
    tap.same(c.call("GET", "/api/v1/reports/rates?tenant=Nobody").status, 404, "a site that there is not")


def main():
    args = arguments(("--platen", {"default": os.path.join(os.environ.get("PLATEN_BIN", os.path.join(TOP, "build/linux/bin")), "platen")}))
    work = tempfile.mkdtemp(prefix="platen-reports-")
    hub = Hub(args.hub, work)
    os.makedirs(hub.console_dir, exist_ok=True)
    hub.start()
    try:
        a = Agent(hub, work, "alpha")
        a.enrol(hub.key("Acme")["key"])
        c = administrator(hub)
        rng = random.Random(4711)
        jobs = [a_job(rng) for _ in range(400)]
        tap.same(a.send(*[("job", j) for j in jobs]), 200, "400 jobs of last month are taken in")
        test_jobs(c, jobs)
        test_forms(c, work)
        test_receipts(c, a, hub, work, args.platen)
        test_plans(hub, c)
        if args.store:
            test_two_hubs(args, work, hub, c, a)
        test_rights(hub, c, work)
    finally:
        if hub.p.poll() is None:
            hub.stop()
    return finish(work)


if __name__ == "__main__":
    sys.exit(main())
