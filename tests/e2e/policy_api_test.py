#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The console's calls for policies at the real hub: what is checked, tried on stored jobs, imported, and who sees what. --jobs N: how many stored
jobs the back-test rules on (100,000 without it is the size of its promise: two seconds)."""
import argparse
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
from hub_http_test import Agent, Console, Hub  # noqa: E402
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
        self.console = Console(self.hub)
        once = open(os.path.join(self.hub.data, "first-login.txt")).read().split("password: ")[1].strip()
        self.console.sign_in("admin", once)
        self.console.call("PUT", "/api/v1/session/password", {"old": once, "new": "a long password"})
        self.console.sign_in("admin", "a long password")
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


def csv(w):
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
    w.call("PUT", "/api/v1/prices?tenant=Acme", {"text": json.dumps(good)}, status=204)
    expect(json.loads(w.call("GET", "/api/v1/prices?tenant=Acme").json["text"]) == good, "prices")
    r = w.call("PUT", "/api/v1/prices?tenant=Acme", {"text": "{}"}, status=422)
    expect(r.type == "prices-invalid", r.body)


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
    w.console.sign_in("admin", "a long password")
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
        tap.run("accounts by CSV, whole or not at all", csv, w)
        tap.run("prices are taken when they compile", prices, w)
        tap.run("violations are the jobs that a policy did something to", violations, w)
        tap.run("the back-test over stored jobs", back_test, w, jobs)
    finally:
        w.hub.stop()
        if not os.environ.get("PLATEN_KEEP"):
            shutil.rmtree(work, ignore_errors=True)
    tap.exit()


if __name__ == "__main__":
    main()
