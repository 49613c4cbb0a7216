#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The console's calls for policies at the real hub: what is checked, tried on stored jobs, imported, and who sees what. --jobs N: how many stored
jobs the back-test rules on (100,000 without it is the size of its promise: two seconds)."""
import argparse
import csv
import io
import json
import os
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from hub_kit import PASSWORD, Agent, Console, Hub, administrator  # noqa: E402
from lab import TOP, Failure, Tap  # noqa: E402


def expect(condition, words):
    if not condition:
        raise Failure(words)


class World:
    def __init__(self, work):
        self.work = work
        self.hub = Hub(os.path.join(os.environ.get("PLATEN_BIN") or os.path.join(TOP, "build/linux/bin"), "platen-hub"), work)
        os.makedirs(self.hub.console_dir, exist_ok=True)
        self.hub.start()
        self.console = administrator(self.hub)
        self.agents = {}
        for tenant in ("Acme", "Beta"):
            a = Agent(self.hub, work, tenant.lower())
            expect(a.enrol(self.hub.key(tenant)["key"]).status == 200, "enrol")
            self.agents[tenant] = a

    def call(self, method, path, body=None, status=200):
        r = self.console.call(method, path, body)
        expect(r.status == status, f"{method} {path}: {r.status} {r.body[:400]!r}")
        return r


def rule(name, when, then, **more):
    return {"id": name, "when": when, "then": then, **more}


def a_set(*rules, **more):
    return json.dumps({"v": 2, "version": 1, "default": "allow", "rules": list(rules), **more})


def which_tenant(w):
    w.call("GET", "/api/v1/policies", status=400)
    w.call("GET", "/api/v1/policies?tenant=Nobody", status=404)
    expect([i["name"] for i in w.call("GET", "/api/v1/tenants").json["items"]] == ["Acme", "Beta"], "tenants")
    expect(w.call("GET", "/api/v1/policies?tenant=Acme").json["serial"] == 0, "serial")


def own_bundle_only(w):
    """Acme's set and account never reach Beta's agent, whatever it asks for."""
    acme, beta = w.agents["Acme"], w.agents["Beta"]
    expect(acme.call("GET", "/agent/v1/policy").status == 204, "nothing was published")
    made = w.call("POST", "/api/v1/policies?tenant=Acme", {"name": "Secret set", "text": a_set(rule("acme-only", {"user": "x"}, "deny"))}).json["id"]
    w.call("PUT", "/api/v1/accounts?tenant=Acme", {"code": "A-1", "name": "Acme's client", "kind": "client"})
    w.call("POST", f"/api/v1/policies/{made}/publish?tenant=Acme", {"scope": "all", "state": "live"})
    got = acme.call("GET", "/agent/v1/policy")
    expect(got.status == 200 and b"acme-only" in got.body and b"A-1" in got.body, got.body[:200])
    expect(got.headers["ETag"] and acme.call("GET", "/agent/v1/policy", headers={"If-None-Match": got.headers["ETag"]}).status == 304, "304")
    for path in ("/agent/v1/policy", "/agent/v1/policy?tenant=Acme", f"/agent/v1/policy?agent={acme.id}"):
        r = beta.call("GET", path)
        expect(r.status == 204 and not r.body, f"{path}: {r.status} {r.body[:200]!r}")
    for path in (f"/api/v1/policies/{made}", f"/api/v1/policies/{made}/versions/1"):
        w.call("GET", path + "?tenant=Beta", status=404)
    w.call("POST", f"/api/v1/policies/{made}/publish?tenant=Beta", {"scope": "all", "state": "live"}, status=404)
    expect(w.call("GET", "/api/v1/accounts?tenant=Beta").json["items"] == [], "accounts")
    group = w.call("POST", "/api/v1/groups?tenant=Beta", {"name": "G", "agents": []}).json["id"]
    w.call("PUT", f"/api/v1/groups/{group}?tenant=Beta", {"name": "G", "agents": [acme.id]}, status=404)
    w.call("POST", f"/api/v1/policies/{made}/publish?tenant=Acme", {"scope": "group", "group": group, "state": "live"}, status=400)


def without_a_session(w):
    """Neither a browser without a session nor an agent's certificate may publish; nor one whose token is not the session's."""
    nobody = Console(w.hub)
    for method, path in (("POST", "/api/v1/policies"), ("PUT", "/api/v1/prices"), ("POST", "/api/v1/accounts/import"), ("GET", "/api/v1/violations")):
        expect(nobody.call(method, path, {} if method != "GET" else None).status == 401, f"{method} {path} without a session")
    expect(w.console.call("POST", "/api/v1/policies?tenant=Acme", {"name": "x", "text": "{}"}, csrf=False).status == 403, "without the token")
    expect(w.agents["Acme"].call("POST", "/api/v1/policies", "{}", {"Content-Type": "application/json"}).status == 404, "on the agents' side")


def what_check_finds(w):
    text = a_set(rule("all", {"pages": {"min": 1}}, "allow"), rule("long", {"pages": {"min": 50}}, "deny"),
                 rule("never", {"all": [{"copies": {"min": 5}}, {"copies": {"max": 4}}]}, "deny"))
    r = w.call("POST", "/api/v1/policy/check", {"text": text}).json
    kinds = {f["rule"]: (f["kind"], f["other"]) for f in r["findings"]}
    expect(r["compiles"] and r["proved"] and kinds == {"long": ("contradicts", "all"), "never": ("dead", None)}, r)
    r = w.call("POST", "/api/v1/policy/check", {"text": "{"}).json
    expect(not r["compiles"] and r["error"], r)
    w.call("POST", "/api/v1/policy/check", {}, status=400)


def accounts_csv(w):
    def load(text, status=200):
        return w.call("POST", "/api/v1/accounts/import?tenant=Beta", {"csv": text}, status)

    r = load("\ufeffcode;name;kind;parent;pin\r\n10;Alpha AG;client;;\r\n10-1;\"Alpha; \"\"the\"\" matter\";matter;10;4711\r\n").json
    expect(r == {"added": 2, "changed": 0}, r)
    expect(load("name,code\nAlpha,10\n").json == {"added": 0, "changed": 1}, "again")
    items = w.call("GET", "/api/v1/accounts?tenant=Beta").json["items"]
    expect([(i["code"], i["name"], i["kind"], i["parent"], i["pin"]) for i in items] ==
           [("10", "Alpha", "client", None, False), ("10-1", 'Alpha; "the" matter', "matter", "10", True)], items)
    text = w.call("GET", "/api/v1/accounts.csv?tenant=Beta").body.decode()
    expect(text == 'code,name,kind,parent\r\n10,Alpha,client,\r\n10-1,"Alpha; ""the"" matter",matter,10\r\n', text)
    expect(load(text).json == {"added": 0, "changed": 2}, "what was exported is imported")
    expect(w.call("GET", "/api/v1/accounts?tenant=Beta").json["items"][1]["pin"], "a PIN outlives an import without it")
    for bad, words in (("x,y\n1,2\n", "columns"), ("code,name\n1\n", "name"), ("code,name,parent\n1,A,7\n", "parent"), ("code,name\n1,\"A\n", "closed"),
                       ("code,name,kind\n1,A,boss\n", "kind"), ("code,name,pin\n1,A,12\n", "PIN"), ("code,name\n1,A,3\n", "more fields"), ("code,name\n" + "1" * 65 + ",A\n", "code")):
        r = load(bad, 400).json
        expect("Line" in r["detail"] or "parent" in r["detail"], r)
        expect(words in r["detail"], f"{bad!r}: {r}")
    expect(len(w.call("GET", "/api/v1/accounts?tenant=Beta").json["items"]) == 2, "a refused import left something")
    w.call("POST", "/api/v1/accounts/remove?tenant=Beta", {"code": "10-1"}, status=204)
    w.call("POST", "/api/v1/accounts/remove?tenant=Beta", {"code": "10-1"}, status=404)
    hashed = w.hub.sql("select count(*) from charge_accounts where pin<>'' and pin not like 'pbkdf2-sha256$%'")[0][0]
    expect(hashed == 0, "a PIN lies in the store as it is")


def prices(w):
    good = {"v": 1, "currency": "EUR", "tables": [{"from": "2000-01-01", "rows": [{"id": "all", "mono_page": "0.02", "color_page": "0.10"}]}]}
    expect(w.call("PUT", "/api/v1/prices?tenant=Acme", {"text": json.dumps(good)}).json == {"version": 1}, "the first version")
    expect(json.loads(w.call("GET", "/api/v1/prices?tenant=Acme").json["text"]) == good, "prices")
    r = w.call("PUT", "/api/v1/prices?tenant=Acme", {"text": "{}"}, status=422)
    expect(r.type == "prices-invalid", r.body)
    r = w.call("GET", "/api/v1/prices?tenant=Acme").json
    expect(r["author"] == "admin" and r["changed"] and r["version"] == 1, r)


def price_history(w):
    """A change is a further version; the way back is one, too; what is in force goes to the agents; the audit log has each."""
    def put(body, status=200):
        return w.call("PUT", "/api/v1/prices?tenant=Acme", body, status)

    def a_list(*tables):
        return json.dumps({"v": 1, "currency": "EUR", "tables": [{"from": day, "rows": [{"id": "all", "mono_page": price}]} for day, price in tables]})

    first = w.call("GET", "/api/v1/prices?tenant=Acme").json["text"]
    dear, later = a_list(("2000-01-01", "0.50")), a_list(("2000-01-01", "0.50"), ("2030-06-01", "0.60"))
    expect(put({"text": dear, "on": 1, "note": "The contract of May"}).json == {"version": 2}, "a second version")
    expect(put({"text": dear}).json == {"version": 2}, "the same list makes no version")
    expect(put({"text": later, "on": 1}, 409).type == "prices-changed", "changed on an older one")
    expect(put({"text": later, "on": 2}).json == {"version": 3}, "a third")
    expect(put({"from": 1}).json == {"version": 4}, "the way back")
    for bad in ({}, {"text": dear, "from": 1}, {"from": 0}, {"text": 5}):
        put(bad, 400)
    put({"from": 99}, 404)
    r = w.call("GET", "/api/v1/prices/versions?tenant=Acme").json
    expect([(v["version"], v["from"], v["since"], v["note"]) for v in r["items"]] ==
           [(4, 1, "2000-01-01", None), (3, None, "2030-06-01", None), (2, None, "2000-01-01", "The contract of May"), (1, None, "2000-01-01", None)], r)
    expect(r["items"][0]["until"] is None and r["items"][1]["until"] == r["items"][0]["created"] and r["next"] is None, r)
    page = w.call("GET", "/api/v1/prices/versions?tenant=Acme&limit=2").json
    expect(page["next"] == 3 and [v["version"] for v in w.call("GET", "/api/v1/prices/versions?tenant=Acme&before=3").json["items"]] == [2, 1], page)
    w.call("GET", "/api/v1/prices/versions?tenant=Acme&limit=0", status=400)
    expect(w.call("GET", "/api/v1/prices/versions/2?tenant=Acme").json == {"version": 2, "text": dear}, "an earlier list")
    expect(w.call("GET", "/api/v1/prices?tenant=Acme").json["text"] == first, "what is in force")
    w.call("GET", "/api/v1/prices/versions/9?tenant=Acme", status=404)
    w.call("GET", "/api/v1/prices/versions/1?tenant=Beta", status=404)
    bundle = w.agents["Acme"].call("GET", "/agent/v1/policy").body.decode()
    expect(json.loads(json.loads(bundle[bundle.rindex('{"v":1,"serial"'):])["prices"]) == json.loads(first), "the agent's copy")
    lines = [x["detail"] for x in w.call("GET", "/api/v1/audit?action=prices.put").json["items"]]
    expect(lines[:2] == ["version 4, as version 1 was", "version 3"], lines)


def removed_sets(w):
    """Not while it is in force anywhere, and the answer says where; afterwards it is only read."""
    where = "?tenant=Beta"
    first = w.call("POST", "/api/v1/policies" + where, {"name": "To go", "text": a_set()}).json["id"]
    path = f"/api/v1/policies/{first}"
    group = w.call("POST", "/api/v1/groups" + where, {"name": "Second floor", "agents": []}).json["id"]
    w.call("POST", path + "/publish" + where, {"scope": "percent", "percent": 20, "state": "live"})
    w.call("POST", path + "/publish" + where, {"scope": "group", "group": group, "state": "shadow", "version": 1})
    w.agents["Beta"].call("POST", "/agent/v1/policy", json.dumps({"serial": 1, "set": first, "version": 1, "state": "live"}), {"Content-Type": "application/json"})
    r = w.call("DELETE", path + where, status=409)
    expect(r.type == "policy-in-force" and "20 % of the PCs" in r.json["detail"] and '"Second floor"' in r.json["detail"], r.json)
    w.call("POST", "/api/v1/policy/withdraw" + where, {"scope": "percent"})
    w.call("POST", "/api/v1/policy/withdraw" + where, {"scope": "group", "group": group})
    w.call("GET", "/api/v1/policy/agents" + where)
    r = w.call("DELETE", path + where, status=409)
    expect("the PC" in r.json["detail"], r.json)
    w.agents["Beta"].call("POST", "/agent/v1/policy", json.dumps({"serial": 2, "set": "", "version": 0, "state": "live"}), {"Content-Type": "application/json"})
    w.call("DELETE", path + "?tenant=Acme", status=404)
    w.call("DELETE", path + where, status=204)
    was = w.call("GET", path + where).json
    w.call("DELETE", path + where, status=204)
    expect(was["removed"] and was["removed_by"] == "admin" and was == w.call("GET", path + where).json, was)
    expect(w.call("GET", path + "/versions/1" + where).json["text"] == a_set(), "its version")
    expect(next(s["removed"] for s in w.call("GET", "/api/v1/policies" + where).json["sets"] if s["id"] == first), "it is still listed, as removed")
    for method, more, body in (("PUT", "/draft", {"name": "To go", "text": a_set()}), ("POST", "/publish", {"scope": "all", "state": "live", "version": 1}),
                               ("POST", "/publish", {"scope": "all", "state": "live"})):
        expect(w.call(method, path + more + where, body, status=409).type == "policy-removed", more)
    w.call("DELETE", f"/api/v1/policies/{'0' * 16}" + where, status=404)


def a_pin_comes_off(w):
    """By the form's call and by CSV; the agent's copy follows each time."""
    def pins():
        bundle = w.agents["Beta"].call("GET", "/agent/v1/policy").body.decode()
        accounts = json.loads(json.loads(bundle[bundle.rindex('{"v":1,"serial"'):])["accounts"])["accounts"]
        return [a["code"] for a in accounts if a["code"].startswith("P-") and a["pin"]]

    def put(**more):
        w.call("PUT", "/api/v1/accounts?tenant=Beta", {"code": "P-1", "name": "With a PIN", "kind": "client", **more})

    def load(pin):
        return w.call("POST", "/api/v1/accounts/import?tenant=Beta", {"csv": f"code,name,pin\nP-1,With a PIN,{pin}\n"})

    put(pin="4711")
    expect(pins() == ["P-1"], "a PIN")
    put()
    put(pin="")
    put(pin=None)
    expect(pins() == ["P-1"], "nothing said of the PIN leaves it")
    put(pin="-")
    expect(pins() == [] and not next(i["pin"] for i in w.call("GET", "/api/v1/accounts?tenant=Beta").json["items"] if i["code"] == "P-1"), "off by the form")
    load("0815")
    load("")
    expect(pins() == ["P-1"], "an empty field leaves it")
    load("-")
    expect(pins() == [], "off by CSV")
    put(pin="-")
    expect(pins() == [], "off twice")


def jobs_by_account(w):
    a = w.agents["Beta"]
    charged = {"version": 1, "rule": "", "action": "printed", "explanation": "why", "account": "M-42", "cost": 100, "currency": "EUR"}
    expect(a.post(a.add(2, policy=charged) + a.add(1, policy={**charged, "account": "M-4"}) + a.add(1)).status == 200, "upload")
    r = w.call("GET", "/api/v1/jobs?account=m-42").json
    expect(r["total"] == 2 and {j["account"] for j in r["items"]} == {"M-42"}, r)
    expect(w.call("GET", "/api/v1/jobs?account=nobody").json["total"] == 0, "no such account")
    one = r["items"][0]
    expect(w.call("GET", f"/api/v1/jobs/{one['agent']}/{one['seq']}").json["account"] == "M-42", "one job")
    before = w.call("GET", f"/api/v1/jobs/{one['agent']}/{one['seq']}").json["record"]
    costs = w.hub.sql("select sum(cost) from usage_days where kind=3")
    text = json.dumps({"v": 1, "currency": "EUR", "tables": [{"from": "2000-01-01", "rows": [{"id": "all", "mono_page": "9"}]}]})
    w.call("PUT", "/api/v1/prices?tenant=Beta", {"text": text})
    expect(w.call("GET", f"/api/v1/jobs/{one['agent']}/{one['seq']}").json["record"] == before and json.loads(before)["job"]["policy"]["cost"] == 100, "its cost")
    expect(w.hub.sql("select sum(cost) from usage_days where kind=3") == costs, "the sums of costs")


def kept_for(w):
    """What is set, what would go, what is refused; the log says what it was before."""
    where = "/api/v1/retention?tenant=Acme"
    r = w.call("GET", where).json
    expect((r["titles"]["days"], r["jobs"]["days"], r["author"]) == (60, 730, None), r)
    for bad in ({}, {"titles_days": 0, "jobs_days": 5}, {"titles_days": 9, "jobs_days": 5}, {"titles_days": None, "jobs_days": 5}, {"titles_days": 9, "jobs_days": 36501},
                {"titles_days": 9, "jobs_days": 9, "readings_days": 89}, {"titles_days": "9", "jobs_days": 9}, {"titles_days": 1.5, "jobs_days": 9}):
        w.call("PUT", where, bad, status=400)
        w.call("POST", "/api/v1/retention/preview?tenant=Acme", bad, status=400)
    r = w.call("POST", "/api/v1/retention/preview?tenant=Acme", {"titles_days": 1, "jobs_days": None}).json
    expect(r["jobs"]["days"] is None and r["jobs"]["next"] is None and r["jobs"]["due"] == 0, r)
    stored = w.hub.sql("select count(*), coalesce(sum(document<>'' and time < (strftime('%s','now')-86400)*1000),0) from jobs j join tenants t using(tenant_id) where t.name='Acme'")[0]
    expect(r["titles"]["due"] == stored[1] and not r["titles"]["due_capped"], (r, stored))
    w.call("PUT", where, {"titles_days": 30, "jobs_days": None}, status=204)
    r = w.call("GET", where).json
    expect((r["titles"]["days"], r["jobs"]["days"], r["author"]) == (30, None, "admin") and r["changed"], r)
    expect(w.call("GET", "/api/v1/retention?tenant=Beta").json["titles"]["days"] == 60, "another tenant's")
    line = w.call("GET", "/api/v1/audit?action=retention.put").json["items"][0]
    expect(line["detail"] == "titles 30 days (before: 60 days), jobs for ever (before: 730 days), readings for ever (before: for ever)", line)
    expect((r["inherited"], r["from"], r["below"]) == (False, "Acme", 0), r)
    w.call("PUT", where, {"titles_days": 30, "jobs_days": None, "readings_days": 90}, status=204)
    w.call("PUT", where, {"titles_days": 30, "jobs_days": None}, status=204)
    r = w.call("GET", where).json
    expect((r["readings"]["days"], r["readings"]["default_days"]) == (90, None), "who does not say readings' time leaves it")
    line = w.call("GET", "/api/v1/audit?action=retention.put").json["items"][1]
    expect(line["detail"].endswith("readings 90 days (before: for ever)"), line)
    r = w.call("POST", "/api/v1/retention/preview?tenant=Acme", {"inherited": True}).json
    expect((r["titles"]["days"], r["inherited"], r["from"], r["changed"]) == (60, False, None, None), r)
    w.call("PUT", where, {"inherited": True}, status=204)
    r = w.call("GET", where).json
    expect((r["titles"]["days"], r["from"], r["author"]) == (60, None, None), r)
    line = w.call("GET", "/api/v1/audit?action=retention.put").json["items"][0]
    expect(line["detail"] == "titles 60 days (before: 30 days), jobs 730 days (before: for ever), readings for ever (before: 90 days); no times of its own", line)


def prices_on_trial(w):
    """Nothing is kept, and the engine does the sums: ten pages in colour on both sides cost 1 with a tenth off."""
    rows = [{"id": "a3", "paper": "A3", "mono_page": "0.06"}, {"id": "all", "mono_page": "0.02", "color_page": "0.10", "job": "0.05", "duplex_discount": 10}]
    text = json.dumps({"v": 1, "currency": "CHF", "tables": [{"from": "2000-01-01", "rows": rows}, {"from": "2999-01-01", "rows": []}]})
    job = {"pages": "10", "copies": "1", "color_pages": "10", "sheets": "5", "duplex": "long", "paper": "A4"}

    def check(text, job=None, status=200):
        return w.call("POST", "/api/v1/prices/check", {"text": text, **({"job": job} if job else {})}, status).json

    r = check(text, job)
    expect(r == {"compiles": True, "error": None, "currency": "CHF", "price": {"cost": 950000, "certainty": "exact", "row": "all", "why": None}}, r)
    expect(check(text, {**job, "paper": "A3"})["price"]["cost"] == 600000, "another paper")
    expect(check(text, {**job, "duplex": "none"})["price"]["cost"] == 1050000, "one side")
    r = check(text, {**job, "date": "1999-12-31"})["price"]
    expect(r["cost"] is None and "later" in r["why"], r)
    expect(check(text, {**job, "date": "2999-01-01"})["price"]["cost"] is None, "a table without rows")
    expect(check(text)["compiles"] and "price" not in check(text), "without a job")
    r = check("{}", job)
    expect(not r["compiles"] and r["error"] and "price" not in r, r)
    check(text, {"pages": "many"}, 400)
    check(text, {"pages": 5}, 400)
    check(text, {"nothing": "5"}, 400)
    w.call("POST", "/api/v1/prices/check", {}, status=400)


def quotas(w):
    """What is in force, what was used, what an administrator gives; for one person all of it."""
    month = {"id": "students", "of": "user", "group": "Acme\\Students", "per": "month", "unit": "pages", "limit": 100, "rollover": 10}
    lab = {"id": "lab", "of": "group", "group": "Lab", "per": "week", "unit": "cost", "limit": "12.50"}
    text = a_set(rule("over", {"any": [{"over_quota": "students"}, {"over_quota": "lab"}]}, "deny"), quotas=[month, lab])
    w.call("POST", "/api/v1/quotas/change?tenant=Beta", {"quota": "students month pages", "owner": "mia", "units": 5}, status=404)
    made = w.call("POST", "/api/v1/policies?tenant=Beta", {"name": "Quotas", "text": text}).json["id"]
    w.call("POST", f"/api/v1/policies/{made}/publish?tenant=Beta", {"scope": "all", "state": "live"})
    r = w.call("GET", "/api/v1/quotas?tenant=Beta").json
    kinds = [(q["quota"], q["of"], q["group"], q["per"], q["unit"], q["limit"]) for q in r["quotas"]]
    expect(kinds == [("students month pages", "user", "Acme\\Students", "month", "pages", 100), ("lab week cost", "group", "Lab", "week", "cost", 12500000)], r)
    expect(all(q["resets"] > time.strftime("%Y-%m-%d") for q in r["quotas"]) and r["items"] == [] and not r["more"], r)

    def change(status=204, **body):
        return w.call("POST", "/api/v1/quotas/change?tenant=Beta", body, status)

    change(quota="students month pages", owner="BETA\\Mia", units=50)
    change(quota="students month pages", owner="leo", units=-30)
    change(quota="lab week cost", units=500000, reset=True)
    items = {(i["quota"], i["owner"]): (i["limit"], i["left"]) for i in w.call("GET", "/api/v1/quotas?tenant=Beta").json["items"]}
    expect(items == {("students month pages", "mia"): (150, 150), ("students month pages", "leo"): (70, 70), ("lab week cost", None): (13000000, 13000000)}, items)
    for bad in ({"owner": "mia", "units": 1}, {"quota": "students month pages", "units": 1}, {"quota": "students month pages", "owner": "mia"},
                {"quota": "students month pages", "owner": "mia", "units": 1.5}, {"quota": "students month pages", "owner": "mia", "units": 1e30},
                {"quota": "students month pages", "owner": "mia", "reset": "yes"}, {"quota": "lab week cost", "owner": "mia", "units": 1}):
        change(400, **bad)
    change(404, quota="students day pages", owner="mia", units=1)
    expect(len(w.call("GET", "/api/v1/quotas?tenant=Beta&limit=1").json["items"]) == 1 and w.call("GET", "/api/v1/quotas?tenant=Beta&limit=1").json["more"], "limit")
    expect(w.call("GET", "/api/v1/quotas?tenant=Acme").json["items"] == [], "of another tenant")
    w.call("PUT", "/api/v1/directory?tenant=Beta", {"group": "Lab", "people": ["BETA\\Mia"]}, status=204)
    r = w.call("GET", "/api/v1/person?tenant=Beta&user=MIA").json
    expect(r["person"] == "mia" and r["groups"] == ["Lab"] and [i["left"] for i in r["items"]] == [150], r)
    a, now = w.agents["Beta"], time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    expect(a.post(a.add(2, user="BETA\\Pia", begun=now, ended=now)).status == 200, "upload")
    r = w.call("GET", "/api/v1/person?tenant=Beta&user=beta%5CPIA").json
    expect(r["person"] == "pia" and r["items"] == [] and [(m["month"], m["jobs"]) for m in r["months"]] == [(now[:7], 2)], r)
    w.call("GET", "/api/v1/person?tenant=Beta", status=400)
    log = w.call("GET", "/api/v1/audit?action=quotas.change").json["items"]
    expect([(i["object"], i["detail"]) for i in log] == [("lab week cost", "reset, +500000"), ("students month pages", "leo: -30"),
                                                        ("students month pages", "mia: +50")], log)


def violations(w):
    a = w.agents["Beta"]
    said = lambda action, rule: {"version": 1, "rule": rule, "action": action, "explanation": f"{action} by {rule}", "later": [1]}  # noqa: E731
    lines = a.add(1, policy=said("denied", "colour"), user="MIA") + a.add(1, policy=said("printed", "")) + a.add(1, policy=said("converted", "eco"), user="leo") + a.add(1)
    expect(a.post(lines).status == 200, "upload")
    r = w.call("GET", "/api/v1/violations?tenant=Beta").json
    expect([v["policy"]["action"] for v in r["items"]] == ["converted", "denied"] and r["next"] is None, r)
    expect(r["items"][0]["policy"]["later"] == [1] and r["items"][1]["user"] == "MIA", r)
    expect(len(w.call("GET", "/api/v1/violations?tenant=Beta&user=mia").json["items"]) == 1, "by user")
    expect(len(w.call("GET", "/api/v1/violations?tenant=Beta&action=converted&rule=eco").json["items"]) == 1, "by action and rule")
    expect(w.call("GET", "/api/v1/violations?tenant=Acme").json["items"] == [], "of another tenant")
    r = w.call("GET", "/api/v1/violations?tenant=Beta&limit=1").json
    older = w.call("GET", f"/api/v1/violations?tenant=Beta&limit=1&cursor={r['next']}").json
    expect(older["items"][0]["policy"]["action"] == "denied", older)
    tried = a.add(1, policy={**said("printed", ""), "would": "denied"}, user="leo")
    expect(a.post(tried).status == 200, "upload")
    expect(len(w.call("GET", "/api/v1/violations?tenant=Beta").json["items"]) == 2, "what a rule in shadow would do is no violation")
    r = w.call("GET", "/api/v1/violations?tenant=Beta&shadow=true").json["items"]
    expect([(v["policy"]["action"], v["policy"]["would"]) for v in r] == [("printed", "denied")] and "port" in r[0] and "duplex" in r[0], r)
    expect(w.call("GET", "/api/v1/violations?tenant=Beta&shadow=true&action=held").json["items"] == [], "by what would have been done")


def violations_as_csv(w):
    """All fields of docs/enforcement.md; a title that a spreadsheet would take for a formula is text; the set is called as the hub calls it."""
    a = w.agents["Beta"]
    made = w.call("POST", "/api/v1/policies?tenant=Beta", {"name": "Ward 3", "text": a_set(rule("long", {"pages": {"min": 11}}, "deny"))}).json["id"]
    policy = {"version": 9, "set": made, "published": 4, "rule": "warn", "action": "asked", "explanation": "why, \"so\"", "message": "Really?", "user_notified": True,
              "answer": "print", "cost": 1250000, "currency": "EUR"}
    analysis = {"language": "PCL", "pages": 3, "copies": 2, "impressions": 6, "sheets": 4, "color_pages": 1, "duplex": "long", "confidence": "exact"}
    lines = a.add(1, policy=policy, user="mia", machine="PC-7", port="IP_1", document="=SUM(A1)", analysis=analysis)
    lines += a.add(1, policy={**policy, "set": "another", "cost": None, "user_notified": False, "answer": None}, document="unknown",
                   analysis={"language": None, "pages": None, "copies": None, "impressions": None, "sheets": None, "color_pages": None, "duplex": None, "confidence": "unknown"})
    sent = a.post(lines)
    expect(sent.status == 200, f"upload: {sent.body!r}")
    for how in (True, False):
        reply = w.console.call("GET", "/api/v1/violations?tenant=Beta" + ("&format=csv" if how else ""), headers=None if how else {"Accept": "text/csv"})
        rows = {r["document"]: r for r in csv.DictReader(io.StringIO(reply.body.decode()))}
        expect(reply.status == 200 and {"'=SUM(A1)", "unknown"} <= set(rows), reply.body)
        got = rows["'=SUM(A1)"]
        want = {"machine": "PC-7", "server": a.name, "queue": "Office", "port": "IP_1", "user": "mia", "pages": "3", "color_pages": "1", "duplex": "long", "impressions": "6",
                "cost": "1.250000", "currency": "EUR", "action": "asked", "outcome": "printed", "message": "Really?", "user_notified": "yes", "answer": "print",
                "policy": "Ward 3", "policy_version": "4", "rule": "warn", "explanation": "why, \"so\""}
        expect(not {k: (got[k], v) for k, v in want.items() if got[k] != v}, f"{got}")
        bare = rows["unknown"]
        expect([bare[k] for k in ("pages", "duplex", "cost", "answer", "policy")] == [""] * 5 and bare["user_notified"] == "no", f"{bare}")
    item = next(i for i in w.call("GET", "/api/v1/violations?tenant=Beta").json["items"] if i["document"] == "=SUM(A1)")
    expect((item["set_name"], item["server"], item["impressions"], item["duplex"]) == ("Ward 3", a.name, 6, "long"), f"{item}")


def back_test(w, jobs):
    """Stored jobs are those of real uploads, multiplied in the database while the hub is down: uploading them is not what is measured."""
    a = w.agents["Acme"]
    sure = {"pages": "exact", "copies": "exact", "color": "exact", "blank": "exact", "duplex": "exact", "paper": "exact"}
    for n in range(200):
        pages = n % 20 + 1
        a.add(1, user=f"ACME\\user{n % 40}", queue=f"HQ-{n % 7}", document=f"Report {n}.docx", driver={"copies": 1, "duplex": "none", "paper": "A4"},
              analysis={"language": "PostScript", "pages": pages, "copies": 1, "impressions": pages, "sheets": pages, "color_pages": pages if n % 4 == 0 else 0,
                        "duplex": "none", "paper": "A4", "confidence": "exact", "certainty": sure})
    sent = a.post(a.lines)
    expect(sent.status == 200, f"upload: {sent.body!r}")
    w.hub.stop()
    multiply(os.path.join(w.hub.data, "hub.db"), jobs)
    w.hub.start()
    w.console.sign_in("admin", PASSWORD)
    before = a_set(rule("long", {"pages": {"min": 11}}, "deny"))
    after = a_set(rule("grey", {"color": True}, {"grey": "force"}), rule("long", {"pages": {"min": 16}}, "deny"), rule("user", {"user": "*user7"}, "warn"))
    made = w.call("POST", "/api/v1/policies?tenant=Acme", {"name": "Before", "text": before}).json["id"]
    w.call("POST", f"/api/v1/policies/{made}/publish?tenant=Acme", {"scope": "all", "state": "live"})
    begun, spent = time.monotonic(), seconds_of(w.hub.p.pid)
    r = w.call("POST", "/api/v1/policy/backtest?tenant=Acme", {"text": after, "set": made, "against": 1}).json
    took, spent = time.monotonic() - begun, seconds_of(w.hub.p.pid) - spent
    n = jobs // 200
    expect(r["jobs"] == n * 200 and not r["capped"] and r["not_read"] == 0, {k: r[k] for k in ("jobs", "capped", "not_read")})
    expect(r["before"]["outcomes"]["denied"]["jobs"] == n * 100, r["before"]["outcomes"])
    expect(r["after"]["outcomes"]["denied"]["jobs"] == n * 50, r["after"]["outcomes"])
    expect({(m["from"], m["to"]) for m in r["moved"]} >= {("denied", "printed")}, r["moved"])
    expect(sum(m["jobs"] for m in r["moved"] if m["from"] == "denied") == n * 50, r["moved"])
    expect(r["currency"] == "EUR" and r["after"]["saved"]["cost"] > 0 and r["after"]["co2_mg"] > 0, r["after"]["saved"])
    expect(len(r["users"]) == 10 and len(r["queues"]) == 7 and r["after"]["rules"]["long"] == n * 50, r["users"])
    w.call("POST", "/api/v1/policy/backtest?tenant=Acme", {"text": "{"}, status=422)
    none = w.call("POST", "/api/v1/policy/backtest?tenant=Acme", {"text": after, "to": "2001-01-01"}).json
    expect(none["jobs"] == 0, none["jobs"])
    from_file, said = from_a_file(w, before, after)
    expect(said["all"]["jobs"] == r["jobs"] and said["outcomes"]["denied"]["jobs"] == n * 50, said["outcomes"])
    # out of the store they cost less than half of what a file of their records costs: the hub reads no record for it
    expect(spent < from_file / 2, f"{spent:.2f} s of the hub, {from_file:.2f} s from a file")
    return f"{r['jobs']} jobs in {took:.2f} s (read {r['read_ms']} ms, two rulings {r['rule_ms']} ms): {spent:.2f} s of a core, from a file {from_file:.2f} s"


def seconds_of(pid):
    """What a process has used of the cores."""
    with open(f"/proc/{pid}/stat", encoding="ascii") as f:
        fields = f.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def from_a_file(w, before, after):
    """The seconds that `platen policy backtest` uses for the stored jobs' records, and what it says."""
    names = [os.path.join(w.hub.data, x) for x in ("before.json", "after.json", "jobs.jsonl")]
    db = sqlite3.connect(os.path.join(w.hub.data, "hub.db"))
    lines = [x[0] for x in db.execute("select r.line from records r join jobs j using(tenant_id, agent_id, seq) where j.document like 'Report %.docx'")]
    db.close()
    for name, text in zip(names, (before, after, "\n".join(lines))):
        with open(name, "w", encoding="utf-8") as f:
            f.write(text)
    start = resource.getrusage(resource.RUSAGE_CHILDREN)
    platen = os.path.join(os.environ.get("PLATEN_BIN") or os.path.join(TOP, "build/linux/bin"), "platen")
    out = subprocess.run([platen, "policy", "backtest", names[1], "--against", names[0], names[2], "--json"], check=True, capture_output=True).stdout
    end = resource.getrusage(resource.RUSAGE_CHILDREN)
    return end.ru_utime + end.ru_stime - start.ru_utime - start.ru_stime, json.loads(out)


def multiply(path, jobs):
    db = sqlite3.connect(path)
    columns = [c[1] for c in db.execute("pragma table_info(jobs)") if c[1] != "job_no"]
    records = [c[1] for c in db.execute("pragma table_info(records)")]
    job_rows = db.execute(f"select {','.join(columns)} from jobs where document like 'Report %.docx' order by seq").fetchall()
    record_rows = {r[records.index("seq")]: r for r in db.execute(f"select {','.join(records)} from records where line like '%docx%'")}
    s, u, j = columns.index("seq"), columns.index("uid"), 1000
    rs, ru = records.index("seq"), records.index("uid")
    for _ in range(jobs // 200 - 1):
        more, lines = [], []
        for row in job_rows:
            row, line = list(row), list(record_rows[row[s]])
            row[s] = line[rs] = j
            row[u] = line[ru] = f"{j:032x}"
            j += 1
            more.append(row)
            lines.append(line)
        db.executemany(f"insert into jobs({','.join(columns)}) values({','.join('?' * len(columns))})", more)
        db.executemany(f"insert into records({','.join(records)}) values({','.join('?' * len(records))})", lines)
    db.commit()
    db.close()


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--jobs", type=int, default=20000)
    jobs = p.parse_args().jobs
    tap = Tap()
    work = tempfile.mkdtemp(prefix="platen-policy-")
    w = World(work)
    try:
        tap.run("a request says which tenant, where there are two", which_tenant, w)
        tap.run("nobody without a session and its token changes anything", without_a_session, w)
        tap.run("an agent gets its own tenant's bundle and no other", own_bundle_only, w)
        tap.run("check finds what contradicts and what is dead", what_check_finds, w)
        tap.run("accounts by CSV, whole or not at all", accounts_csv, w)
        tap.run("prices are taken when they compile", prices, w)
        tap.run("earlier price lists are kept, and one comes back as a new one", price_history, w)
        tap.run("a price list is tried before it is in force", prices_on_trial, w)
        tap.run("a set is removed when it is in force nowhere, and is read from then on", removed_sets, w)
        tap.run("a PIN is taken off, and the agent's copy follows", a_pin_comes_off, w)
        tap.run("violations are the jobs that a policy did something to", violations, w)
        tap.run("violations as CSV, every field", violations_as_csv, w)
        tap.run("how long a tenant keeps titles and jobs", kept_for, w)
        tap.run("jobs are found by the account they were charged to", jobs_by_account, w)
        tap.run("quotas are listed, given and forgiven; one person has a page", quotas, w)
        tap.run("the back-test over stored jobs", back_test, w, jobs)
    finally:
        w.hub.stop()
        if not os.environ.get("PLATEN_KEEP"):
            shutil.rmtree(work, ignore_errors=True)
    tap.exit()


if __name__ == "__main__":
    main()
