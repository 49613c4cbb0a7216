#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Who may see what: every route of docs/rights.md as every role, own and foreign tenants, tokens, second factors, the audit log, against the
real platen-hub over TLS. Prints TAP lines, exits non-zero on a failure.

  hub_rights_test.py [--hub COMMAND]"""
import base64
import hmac
import json
import os
import re
import struct
import sys
import tempfile
import time
import urllib.parse

from hub_kit import PASSWORD, TOP, Agent, Console, Hub, Person, administrator, arguments, call, finish, tap
from rights_moves import test_moves

TREE = [("Dealer", "dealer", None), ("Acme", "customer", "Dealer"), ("Acme Bern", "site", "Acme"), ("Beta", "customer", "Dealer"), ("Foreign", "customer", None)]


def until(true, seconds):
    end = time.monotonic() + seconds
    while not (got := true()) and time.monotonic() < end:
        time.sleep(0.1)
    return got


def page():
    """The two tables of docs/rights.md: roles and their rights; routes and what they take."""
    text = open(os.path.join(TOP, "docs/rights.md")).read()
    roles = {m[1]: m[2].split(", ") for m in re.finditer(r"^\| ([a-z -]+) \| ([a-z., ]+) \|$", text.split("## Routes")[0], re.M) if m[1] != "role"}
    routes = [(m[1], m[2], m[3]) for m in re.finditer(r"^\| `([A-Z]+) ([^`]+)` \| ([^|]+) \| [^|]*\|$", text, re.M)]
    return roles, routes


def code(secret, at=None):
    """RFC 6238, made here from the standard library's parts."""
    mac = hmac.new(base64.b32decode(secret), struct.pack(">Q", int((at or time.time()) // 30)), "sha1").digest()
    cut = struct.unpack(">I", mac[mac[19] & 15:][:4])[0] & 0x7FFFFFFF
    return f"{cut % 1000000:06d}"


def make_world(hub, work):
    admin = administrator(hub)
    for name, level, parent in TREE:
        r = admin.call("POST", "/api/v1/tenants", {"name": name, "level": level, **({"parent": parent} if parent else {})})
        tap.ok(r.status == 200 and r.json["name"] == name, f"the tenant {name} is made", r.body)
    agents = {}
    for tenant in ("Acme Bern", "Foreign"):
        a = agents[tenant] = Agent(hub, work, f"pc-{tenant.split()[0].lower()}")
        a.enrol(hub.key(tenant)["key"])
        a.add(3, user="mia", document=f"Secret of {tenant}", policy=DENIED)
        tap.same(a.post(a.lines).status, 200, f"a machine of {tenant} brings three jobs")
    return admin, agents


# ---- every route, every role ----

def fill(path):
    """The route's path with parts that name nothing, so that what is allowed changes nothing."""
    return path.replace("{}/{}", "00000000000000ff/1").replace("{}", "nothing")


def body(method, path):
    """Of a change: an object that says nothing, so that what is allowed changes nothing."""
    return {} if method in ("POST", "PUT") or path == "/api/v1/session/factor" else None


def test_table(hub, people, roles, routes):
    tap.ok(len(roles) == 6 and len(routes) >= 50, "docs/rights.md has its tables", f"{len(roles)} roles, {len(routes)} routes")
    for method, path, right in routes:
        if (method, path) in (("DELETE", "/api/v1/session"), ("GET", "/api/v1/events")):
            continue  # ends the session; does not end: both have tests of their own
        wrong = []
        for p in people:
            allowed = right.startswith("(") or roles[p.role] == ["all"] or right in roles[p.role]
            r = p.call(method, fill(path), body(method, path))
            if (r.type != "forbidden") != allowed or r.status in (401, 405, 411, 415, 500):
                wrong.append(f"{p.role} of {p.tenant}: {r.status} {r.type}, {'allowed' if allowed else 'not allowed'}")
        tap.ok(not wrong, f"{method} {path}: {len(people)} callers, by the table", "; ".join(wrong))


def test_nobody(hub, routes):
    nobody, wrong = Console(hub), []
    for method, path, _ in routes:
        r = nobody.call(method, fill(path), body(method, path))
        if r.status != 401:
            wrong.append(f"{method} {path}: {r.status}")
    tap.ok(not wrong, "nobody who is not signed in gets anything", "; ".join(wrong))


# ---- own and other tenants ----

# Of what a record says of policies, what may have a name in it.
NAMING = ("explanation", "because", "would_because", "message", "note")
DENIED = {"version": 1, "rule": "r", "action": "denied", "would": "held", "user_notified": False, **{name: "denies r;matches user mia" for name in NAMING}}


def test_scopes(hub, people, agents):
    machines = {"operator": {"pc-acme", "pc-foreign"}, "Dealer": {"pc-acme"}, "Acme": {"pc-acme"}, "Foreign": {"pc-foreign"}}
    for p in people:
        want = machines[p.tenant or "operator"]
        rights = p.call("GET", "/api/v1/session").json["user"]["rights"]
        r = p.call("GET", "/api/v1/jobs")
        tap.same({j["machine"] for j in r.json["items"]}, want, f"{p.name}: the jobs of its own tenants only")
        tap.same({j["user"] for j in r.json["items"]}, {"mia"} if "persons" in rights else {None}, f"{p.name}: {'' if 'persons' in rights else 'no '}names in them")
        tap.same(r.json["total"], 3 * len(want), f"{p.name}: counted alike")
        for tenant, a in agents.items():
            r = p.call("GET", f"/api/v1/jobs/{a.id}/1")
            tap.same(r.status, 200 if a.name in want else 404, f"{p.name}: a job of {tenant}")
            if r.status == 200:
                tap.same(r.json["record"] is not None, "persons" in rights, f"{p.name}: its record")
        if "policies" in rights:
            tenant = next(t for t, a in agents.items() if a.name in want)
            told = [set(NAMING) & set(v["policy"]) for v in p.call("GET", f"/api/v1/violations?tenant={urllib.parse.quote(tenant)}").json["items"]]
            tap.same(told, [set(NAMING if "persons" in rights else ())] * 3, f"{p.name}: {'' if 'persons' in rights else 'no '}words of policies that may name persons")
        if "persons" not in rights:
            for query in ("q=mia", "user=mia", "sort=user", "sort=document&order=asc"):
                tap.same(p.call("GET", f"/api/v1/jobs?{query}").status, 403, f"{p.name}: {query} would tell names")
        if "agents" in rights:
            tap.same({a["machine"] for a in p.call("GET", "/api/v1/agents").json["items"]}, want, f"{p.name}: its own machines")
        tap.same(p.call("GET", "/api/v1/overview").json["agents"], len(want), f"{p.name}: counts its own machines")
        names = {t["name"] for t in p.call("GET", "/api/v1/tenants").json["items"]}
        tap.same("Foreign" in names, p.tenant in (None, "Foreign"), f"{p.name}: sees tenants of its own tree")


def by_name(people, name):
    return next(p for p in people if p.name == name)


def test_foreign_objects(hub, people, agents):
    dealer, foreign = by_name(people, "administrator-dealer"), by_name(people, "administrator-foreign")
    tap.same(dealer.call("POST", f"/api/v1/agents/{agents['Foreign'].id}/revoke", {}).status, 404, "another tree's machine is not revoked")
    tap.same(dealer.call("POST", f"/api/v1/agents/{agents['Foreign'].id}/read", {"what": "usb"}).status, 404, "another tree's machine is not asked to read")
    tap.same(dealer.call("GET", f"/api/v1/agents/{agents['Foreign'].id}/read").status, 404, "nor is seen what it was asked")
    r = dealer.call("POST", f"/api/v1/agents/{agents['Acme Bern'].id}/read", {"what": "usb"})
    tap.ok(r.status == 200 and r.json["items"][0]["state"] == "asked", "a machine of the own tree is asked to read", r.body)
    tap.same(agents["Foreign"].call("GET", "/agent/v1/durable").status, 200, "... and goes on")
    for method, tail, body in (("PUT", "", {"disabled": True}), ("DELETE", "", None), ("POST", "/reset", {})):
        r = dealer.call(method, f"/api/v1/users/{foreign.name}{tail}", body)
        tap.same((r.status, r.type), (404, "not-found"), f"another tree's user: {method}{tail} finds nobody")
        tap.same(dealer.call(method, f"/api/v1/users/admin{tail}", body).status, 404, f"the operator's own user: {method}{tail} finds nobody")
    tap.same(dealer.call("POST", "/api/v1/users", {"name": "spy", "role": "administrator", "tenant": "Foreign"}).type, "beyond-own", "nobody makes users in another tree")
    tap.same(dealer.call("POST", "/api/v1/users", {"name": "spy", "role": "administrator", "tenant": None}).type, "beyond-own", "... nor at the operator")
    tap.same(dealer.call("POST", "/api/v1/tenants", {"name": "Top", "level": "customer"}).type, "beyond-own", "... nor tenants outside")
    tap.same(dealer.call("POST", "/api/v1/tenants", {"name": "Under", "level": "site", "parent": "Foreign"}).status, 404, "... nor under another's")
    tap.same(dealer.call("POST", "/api/v1/tenants", {"name": "Up", "level": "dealer", "parent": "Acme"}).status, 400, "a dealer does not stand below a customer")
    tap.same(dealer.call("PUT", "/api/v1/roles/mine", {"rights": ["jobs"]}).type, "beyond-own", "roles are the operator's to make")
    r = foreign.call("POST", "/api/v1/tokens", {"label": "erp", "rights": ["jobs"]})
    tap.same(dealer.call("DELETE", f"/api/v1/tokens/{r.json['item']['id']}").status, 404, "another tree's token is not revoked")
    seen = {u["name"] for u in dealer.call("GET", "/api/v1/users").json["items"]}
    tap.ok("administrator-dealer" in seen and "admin" not in seen and foreign.name not in seen, "users of the own tree only", str(seen))


# ---- giving ----

def test_giving(hub, admin):
    tap.same(admin.call("PUT", "/api/v1/roles/auditor", {"rights": ["jobs", "audit", "users"]}).status, 204, "a role is made")
    tap.same(admin.call("PUT", "/api/v1/roles/administrator", {"rights": ["jobs"]}).type, "own-role", "the hub's own are fixed")
    tap.same(admin.call("PUT", "/api/v1/roles/x", {"rights": ["flying"]}).status, 400, "an unknown right is refused")
    p = Person(hub, admin, "odile", "auditor", None)
    tap.same(p.call("POST", "/api/v1/users", {"name": "puppet", "role": "administrator"}).type, "beyond-own", "nobody gives what they do not hold")
    tap.same(p.call("DELETE", "/api/v1/users/admin").type, "beyond-own", "nobody manages who holds more")
    tap.same(p.call("PUT", "/api/v1/roles/auditor", {"rights": ["jobs", "erase"]}).type, "beyond-own", "nor widens a role beyond the own rights")
    tap.same(admin.call("PUT", "/api/v1/users/admin", {"role": "read-only"}).type, "own-account", "nobody changes the own role")
    tap.same(admin.call("DELETE", "/api/v1/users/admin").type, "own-account", "nor removes the own account")
    other = Person(hub, admin, "second", "administrator", None)
    tap.same(other.call("DELETE", "/api/v1/users/admin").status, 204, "one administrator may remove another")
    tap.same(admin.call("GET", "/api/v1/users").status, 401, "whose session ends at once")
    tap.same(other.call("POST", "/api/v1/users", {"name": "admin", "role": "administrator", "tenant": None}).status, 200, "and make another")
    tap.same(other.call("POST", "/api/v1/users", {"name": "ADMIN", "role": "read-only"}).status, 409, "names are compared without case")
    tap.same(other.call("POST", "/api/v1/users", {"name": "a/b", "role": "read-only"}).status, 400, "a name with a slash is refused")
    one_time = other.call("POST", "/api/v1/users/admin/reset", {}).json["one_time_password"]
    admin.name = "admin"
    tap.same(admin.settle("admin", one_time).status, 200, "a reset gives a one-time password")
    tap.same(admin.call("PUT", "/api/v1/users/odile", {"disabled": True}).status, 200, "an account is disabled")
    tap.same(p.call("GET", "/api/v1/session").status, 401, "its session ends")
    tap.same(p.sign_in("odile", PASSWORD).type, "wrong-password", "and it cannot sign in")
    tap.same(admin.call("DELETE", "/api/v1/roles/auditor").type, "in-use", "a role that somebody has stays")
    tap.same(admin.call("DELETE", "/api/v1/users/odile").status, 204, "the account is removed")
    tap.same(admin.call("DELETE", "/api/v1/roles/auditor").status, 204, "and the role")
    tap.same(admin.call("DELETE", "/api/v1/users/second").status, 204, "the second administrator is removed")
    return admin


# ---- print names ----

def test_print_names(hub, admin, people):
    def put(who, account, *names):
        items = [{"name": n} if isinstance(n, str) else {"tenant": n[0], "name": n[1]} for n in names]
        return who.call("PUT", f"/api/v1/users/{urllib.parse.quote(account)}/print-names", {"items": items})

    def names(account):
        return [(n["tenant"], n["name"], n["from"]) for n in admin.call("GET", f"/api/v1/users/{urllib.parse.quote(account)}/print-names").json["items"]]

    acme, foreign, dealer = (by_name(people, f"read-only-{t}") for t in ("acme", "foreign", "dealer"))
    r = put(admin, acme.name, "ACME\\mia", ("Acme Bern", "mia"), "acme\\MIA")
    tap.ok(r.status == 200 and names(acme.name) == [("Acme", "ACME\\mia", "hand"), ("Acme Bern", "mia", "hand")], "names in the own tenant, and in one below; twice is once", r.body)
    r = put(admin, dealer.name, ("Acme", "Acme\\Mia"))
    tap.ok((r.status, r.type) == (409, "print-name-taken") and acme.name in r.json["detail"], "a second account is refused, with whose it is", r.body)
    tap.same(names(dealer.name), [], "and has nothing of what was sent")
    tap.same(put(admin, foreign.name, "ACME\\mia").status, 200, "in another tenant it is another person's")
    tap.same(put(admin, acme.name, ("Foreign", "x")).status, 400, "no name outside the account's scope")
    tap.same(put(admin, "read-only-operator", "x").status, 400, "an account that sees several tenants needs one said")
    for wrong in ("", "x" * 256, "a\nb", "\x7f"):
        tap.same(put(admin, acme.name, wrong).status, 400, f"no print name: {wrong[:3]!r}")
    tap.same(put(admin, acme.name, *[f"n{i}" for i in range(17)]).status, 400, "seventeen are refused")
    tap.same(admin.call("PUT", f"/api/v1/users/{acme.name}/print-names", {"items": "mia"}).status, 400, "what is no list is refused")
    tap.same(put(by_name(people, "administrator-acme"), "administrator-acme", "ACME\\ann").type, "own-account", "nobody gives themselves a name")
    tap.same(put(by_name(people, "administrator-foreign"), acme.name, "x").status, 404, "another tree's account is not there")
    r = put(by_name(people, "administrator-acme"), "billing-acme", "ACME\\mia")
    tap.ok(r.type == "print-name-taken" and acme.name in r.json["detail"], "the own administrator is told whose it is", r.body)
    tap.same(put(admin, dealer.name, ("Acme", "ACME\\boss")).status, 200, "an account from above has a name in Acme")
    r = put(by_name(people, "administrator-acme"), "billing-acme", "ACME\\boss")
    tap.ok(r.type == "print-name-taken" and dealer.name not in r.body.decode(), "which Acme's administrator is not told of", r.body)

    # What a name gives, its giver holds; who may manage users alone does not reach it by a new password either.
    admin.call("PUT", "/api/v1/roles/porter", {"rights": ["jobs", "users", "agents", "devices", "policies", "alerts"]})
    porter = Person(hub, admin, "porter", "porter", None)
    tap.same(put(porter, "read-only-operator", ("Acme", "ACME\\x")).type, "beyond-own", "who cannot release gives no print name")
    tap.same(porter.call("POST", f"/api/v1/users/{acme.name}/reset", {}).type, "beyond-own", "nor a password to who has one")
    tap.same(porter.call("GET", f"/api/v1/users/{acme.name}/print-names").type, "beyond-own", "nor sees it")
    tap.same([u["print_names"] for u in porter.call("GET", "/api/v1/users").json["items"] if u["name"] == acme.name], [2], "but that there are some")

    # Own jobs: of the name's own tenant, not of those below.
    tap.same([j["document"] for j in acme.call("GET", "/api/v1/me/jobs").json["items"]], ["Secret of Acme Bern"] * 3, "a reader without persons sees the titles of the own jobs")
    r = acme.call("GET", "/api/v1/me/held")
    tap.same((r.json["items"], [n["name"] for n in r.json["names"]]), ([], ["ACME\\mia", "mia"]), "nothing is held; the names are said")
    tap.same(put(admin, acme.name, "mia").status, 200, "the name is given in Acme instead")
    tap.same(acme.call("GET", "/api/v1/me/jobs").json["items"], [], "jobs of Acme Bern are somebody else's now")
    tap.same(put(admin, dealer.name, ("Acme Bern", "MIA")).status, 200, "it is given to another account there")
    tap.same(len(dealer.call("GET", "/api/v1/me/jobs").json["items"]), 3, "who sees them at once")
    tap.same(admin.call("PUT", f"/api/v1/users/{dealer.name}", {"tenant": "Beta"}).json["user"]["print_names"], 0, "a scope without the name's tenant loses the name")
    admin.call("PUT", f"/api/v1/users/{dealer.name}", {"tenant": "Dealer"})
    dealer.sign_in(dealer.name, PASSWORD)
    tap.same(dealer.call("GET", "/api/v1/me/jobs").json["items"], [], "and does not get it back with the scope")
    log = [(x["who"], x["object"], x["detail"]) for x in admin.call("GET", "/api/v1/audit?action=users.print-names&limit=500").json["items"]]
    tap.ok(("admin", acme.name, "mia") in log and ("admin", acme.name, "ACME\\mia, mia, acme\\MIA") in log and not any(o == "read-only-operator" for _, o, _ in log),
           "changes are noted, refused ones are not", str(log))
    token = acme.call("POST", "/api/v1/tokens", {"label": "x", "rights": ["jobs"]}).json["token"]
    for path in ("/api/v1/me/jobs", "/api/v1/me/held"):
        tap.same(call(hub.console, hub.trust(), "GET", path, None, {"Authorization": f"Bearer {token}"}).type, "no-tokens", f"{path}: not with a token")
    admin.call("DELETE", "/api/v1/users/porter")
    admin.call("DELETE", "/api/v1/roles/porter")
    for account in (acme.name, foreign.name, dealer.name):
        tap.same((put(admin, account).status, names(account)), (200, []), f"{account}: the names are taken off")


# ---- tokens ----

def test_tokens(hub, admin, people):
    def with_token(token, method, path, body=None):
        headers = {"Authorization": f"Bearer {token}", **({"Content-Type": "application/json"} if body is not None else {})}
        return call(hub.console, hub.trust(), method, path, json.dumps(body) if body is not None else None, headers)

    helper = by_name(people, "help desk-dealer")
    tap.same(helper.call("POST", "/api/v1/tokens", {"label": "x", "rights": ["agents.change"]}).type, "beyond-own", "a token holds no more than its owner")
    for body in ({}, {"label": "", "rights": ["jobs"]}, {"label": "x", "rights": []}, {"label": "x", "rights": ["jobs"], "days": 0}, {"label": "x", "rights": "jobs"}):
        tap.same(helper.call("POST", "/api/v1/tokens", body).status, 400, f"no token from {json.dumps(body)}")
    r = helper.call("POST", "/api/v1/tokens", {"label": "ERP", "rights": ["jobs"], "days": 30})
    token, ident = r.json["token"], r.json["item"]["id"]
    tap.ok(r.status == 200 and token.startswith("pltk_"), "a token is shown once")
    tap.ok(token not in helper.call("GET", "/api/v1/tokens").body.decode(), "and never again")
    r = with_token(token, "GET", "/api/v1/jobs")
    tap.ok(r.status == 200 and {j["machine"] for j in r.json["items"]} == {"pc-acme"} and r.json["items"][0]["user"] is None, "it sees its owner's tenants, without the rights it was not given", r.body[:200])
    tap.same(with_token(token, "GET", "/api/v1/agents").status, 403, "and nothing else")
    tap.same(with_token(token, "POST", "/api/v1/tokens", {"label": "y", "rights": ["jobs"]}).type, "no-tokens", "a token makes no tokens")
    tap.same(with_token(token, "GET", "/api/v1/sessions").type, "no-tokens", "and sees no sessions")
    for wrong in (token[:-1] + ("A" if token[-1] != "A" else "B"), "pltk_", "x", "pltk_" + "A" * 200, ""):
        tap.same(with_token(wrong, "GET", "/api/v1/jobs").status, 401, f"a wrong token ({len(wrong)} letters) is nobody")
    used = lambda: any(k["id"] == ident and k["last_used"] for k in helper.call("GET", "/api/v1/tokens").json["items"])
    tap.ok(until(used, 10), "its use is seen")  # written after the reply, when the writer comes to it
    tap.same(admin.call("PUT", f"/api/v1/users/{urllib.parse.quote(helper.name)}", {"disabled": True}).status, 200, "the owner is disabled")
    tap.same(with_token(token, "GET", "/api/v1/jobs").status, 401, "and so is the token")
    admin.call("PUT", f"/api/v1/users/{urllib.parse.quote(helper.name)}", {"disabled": False})
    tap.same(with_token(token, "GET", "/api/v1/jobs").status, 200, "let in again")
    helper.sign_in(helper.name, PASSWORD)
    tap.same(helper.call("DELETE", f"/api/v1/tokens/{ident}").status, 204, "it is revoked")
    tap.same(with_token(token, "GET", "/api/v1/jobs").status, 401, "and ends at once")


# ---- the second factor ----

def test_factor(hub, admin):
    p = Person(hub, admin, "theo", "read-only", None)
    offer = p.call("POST", "/api/v1/session/factor", {}).json
    tap.ok(re.fullmatch(r"[A-Z2-7]{32}", offer["secret"]) and offer["uri"].startswith("otpauth://totp/Platen:"), "a secret is offered")
    tap.same(p.sign_in("theo", PASSWORD).status, 200, "which is not in force yet")
    tap.same(p.call("PUT", "/api/v1/session/factor", {"secret": offer["secret"], "code": "000000" if code(offer["secret"]) != "000000" else "111111"}).type, "wrong-code", "a wrong code does not switch it on")
    shown = code(offer["secret"])  # once: half a minute may end in between
    r = p.call("PUT", "/api/v1/session/factor", {"secret": offer["secret"], "code": shown})
    codes = r.json["recovery_codes"]
    tap.ok(r.status == 200 and len(set(codes)) == 10, "a right one does, and gives ten recovery codes")

    def enter(typed):
        c = Console(hub)
        return c.call("POST", "/api/v1/session", {"name": "theo", "password": PASSWORD, **({"code": typed} if typed is not None else {})})

    tap.same(enter(None).type, "code-required", "the password alone is not enough")
    tap.same(enter(shown).type, "wrong-code", "the code that was shown is used up")
    r = enter(code(offer["secret"], time.time() + 30))
    tap.same(r.status, 200, "the next one is good")
    tap.same(enter(codes[3].upper().replace("-", " ")).status, 200, "a recovery code is good, however it is typed")
    time.sleep(0.1)
    r = enter(codes[3])
    tap.ok(r.type in ("wrong-code", "too-many-tries"), "once", r.body)
    me = next(u for u in admin.call("GET", "/api/v1/users").json["items"] if u["name"] == "theo")
    tap.same(me["second_factor"], True, "the administrator sees that there is one")
    tap.ok(offer["secret"] not in admin.call("GET", "/api/v1/users").body.decode(), "and not what it is")
    one_time = admin.call("POST", "/api/v1/users/theo/reset", {}).json["one_time_password"]
    tap.same(p.settle(p.name, one_time).status, 200, "a reset takes it off")


# ---- sessions and the audit log ----

def test_sessions(hub, admin):
    p = Person(hub, admin, "sara", "read-only", None)
    second = Console(hub)
    second.sign_in("sara", PASSWORD)
    items = p.call("GET", "/api/v1/sessions").json["items"]
    other = [s for s in items if not s["this"]]
    tap.ok(len(other) == len(items) - 1 and other and all(s["address"] == "127.0.0.1" for s in items), "one's own sessions are listed", str(items))
    tap.same(p.call("DELETE", f"/api/v1/sessions/{other[-1]['id']}").status, 204, "one is ended")
    tap.same(second.call("GET", "/api/v1/session").status, 401, "and is over")
    tap.same(admin.call("DELETE", f"/api/v1/sessions/{items[0]['id']}").status, 404, "nobody ends another's this way")


def test_audit(hub, admin, people):
    officer = by_name(people, "privacy officer-operator")
    lines = officer.call("GET", "/api/v1/audit?limit=500").json["items"]
    done = [(x["who"], x["action"], x["object"]) for x in lines]
    for want in (("admin", "tenants.add", "Dealer"), ("admin", "users.add", "theo"), ("admin", "users.reset", "theo"), ("theo", "session.factor", "theo"), ("second", "users.remove", "admin"),
                 ("the machine's administrator", "keys.add", None)):
        tap.ok(any(d[:2] == want[:2] and want[2] in (None, d[2]) for d in done), f"noted: {want}")
    looks = [d for d in done if d[1] == "jobs.see"]
    tap.ok(any(d[0] == "operator-dealer" for d in looks), "a look at a job with names is noted", str(looks))
    tap.ok(not any(d[0].startswith(("read-only", "billing")) for d in looks), "one without names is not")
    before = len(lines)
    for _ in range(5):
        officer.call("GET", "/api/v1/jobs?q=mia")
    lines = officer.call("GET", "/api/v1/audit?limit=500").json["items"]
    tap.same(len(lines) - before, 1, "five looks at the same are one line")
    tap.same([x["seq"] for x in lines], list(range(len(lines), 0, -1)), "the lines have no gap")
    page1 = officer.call("GET", "/api/v1/audit?limit=10").json
    page2 = officer.call("GET", f"/api/v1/audit?limit=10&before={page1['next']}").json
    tap.same([x["seq"] for x in page1["items"] + page2["items"]], [x["seq"] for x in lines[:20]], "pages follow one another")
    found = officer.call("GET", "/api/v1/audit?limit=500&action=users&who=ADMIN").json["items"]
    tap.ok(found and {x["who"] for x in found} == {"admin"} and all(x["action"].startswith("users.") for x in found), "asked for one person's changes of users", str(found[:1]))
    tap.same(officer.call("GET", "/api/v1/audit?to=2001-01-01T00:00:00Z").json["items"], [], "nothing was written in 2001")
    tap.same([officer.call("GET", f"/api/v1/audit?{q}").status for q in ("action=users%25", "from=yesterday", "limit=501")], [400] * 3, "questions that cannot be read are refused")
    table = officer.call("GET", "/api/v1/audit?format=csv&action=users").body.decode().splitlines()
    tap.ok(table[0].startswith('"seq","at","who"') and len(table) > 10, "the same as CSV, all lines", table[0])
    tap.same(officer.call("GET", "/api/v1/audit/check").json["whole"], True, "the hub says that the chain is whole")
    scoped = by_name(people, "privacy officer-dealer").call("GET", "/api/v1/audit?limit=500").json["items"]
    tap.ok(scoped and all("foreign" not in x["who"] for x in scoped), "a dealer's officer sees its own tree's lines", str({x["who"] for x in scoped}))
    r = hub.run("audit", "verify")
    tap.ok(r.returncode == 0 and "whole" in r.stdout, "audit verify: whole", r.stdout + r.stderr)
    test_audit_keeping(hub, officer, by_name(people, "privacy officer-dealer"))
    hub.sql("UPDATE audit SET line=replace(line, 'theo', 'thea') WHERE seq=(SELECT max(seq) FROM audit WHERE object='theo')")
    r = hub.run("audit", "verify")
    tap.ok(r.returncode == 1 and "was changed" in r.stderr, "audit verify finds a changed line", r.stdout + r.stderr)
    r = officer.call("GET", "/api/v1/audit/check").json
    tap.ok(r["whole"] is False and r["wrong"] > 0, "and so does the hub while it runs", str(r))


def test_audit_keeping(hub, officer, dealers):
    at = "/api/v1/retention/audit"
    r = officer.call("GET", at).json
    tap.ok((r["days"], r["from"], r["due"]) == (None, 1, 0) and r["oldest"], "the audit log is kept for ever until somebody says otherwise", str(r))
    tap.same((dealers.call("GET", at).status, dealers.call("PUT", at, {"days": 365}).type), (200, "beyond-own"), "a tenant's people read the time and do not set it")
    tap.same([officer.call("PUT", at, {"days": d}).status for d in (89, 36501, 0, -1, "x", 90.5)] + [officer.call("PUT", at, {}).status], [400] * 7, "less than ninety days, and what is no number, is refused")
    hub.sql("UPDATE audit SET at=at-34560000000 WHERE seq<=3")  # as if three lines were 400 days older
    r = officer.call("GET", at + "?days=365").json
    tap.same((r["days"], r["due"]), (None, 3), "what would go is said before")
    tap.same(officer.call("PUT", at, {"days": 365}).status, 204, "the operator's officer sets it")
    line = officer.call("GET", "/api/v1/audit?limit=1&action=retention.audit").json["items"][0]
    tap.same((line["who"], line["detail"]), (officer.name, "audit log 365 days (before: for ever)"), "which is noted")
    tap.same(officer.call("PUT", at, {"days": None}).status, 204, "and takes it back before the upkeep's first step, five minutes after the start")
    r = officer.call("GET", "/api/v1/audit/check").json
    tap.ok(r["whole"] and r["from"] == 1 and r["lines"] > 3, "the chain is whole from its first line on", str(r))


def main():
    a = arguments()
    roles, routes = page()
    work = tempfile.mkdtemp(prefix="platen-rights-")
    hub = Hub(a.hub, work)
    os.makedirs(hub.console_dir)
    hub.start()
    try:
        admin, agents = make_world(hub, work)
        people = [Person(hub, admin, f"{role}-{(tenant or 'operator').lower()}", role, tenant) for role in roles for tenant in (None, "Dealer", "Acme", "Foreign")]
        test_nobody(hub, routes)
        test_scopes(hub, people, agents)
        test_foreign_objects(hub, people, agents)
        test_table(hub, people, roles, routes)
        test_print_names(hub, admin, people)
        admin = test_giving(hub, admin)
        test_tokens(hub, admin, people)
        test_factor(hub, admin)
        test_sessions(hub, admin)
        test_moves(hub, admin, work)
        test_audit(hub, admin, people)
    finally:
        hub.stop()
    return finish(work)


if __name__ == "__main__":
    sys.exit(main())
