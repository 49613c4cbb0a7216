# SPDX-License-Identifier: Apache-2.0
"""Another name and another place of tenants, against the real platen-hub: a part of hub_rights_test.py."""
import subprocess

from hub_kit import Agent, Person, call, tap

TREE = [("North", "dealer", None), ("South", "dealer", None), ("Cafe", "customer", "North"), ("Cafe Bar", "site", "Cafe"), ("Deli", "customer", "North")]


def put(who, ident, **body):
    return who.call("PUT", f"/api/v1/tenants/{ident}", body)


def machines(who):
    return {a["machine"] for a in who.call("GET", "/api/v1/agents").json["items"]}


def names(who):
    return {t["name"] for t in who.call("GET", "/api/v1/tenants").json["items"]}


def lines(who):
    return [(x["action"], x["object"], x["detail"]) for x in who.call("GET", "/api/v1/audit?action=tenants&limit=500").json["items"]]


def make(hub, admin, work):
    ids = {}
    for name, level, parent in TREE:
        ids[name] = admin.call("POST", "/api/v1/tenants", {"name": name, "level": level, **({"parent": parent} if parent else {})}).json["id"]
    a = Agent(hub, work, "pc-cafe")
    a.enrol(hub.key("Cafe")["key"])
    a.add(2, user="zoe")
    tap.same(a.post(a.lines).status, 200, "a machine of the cafe brings two jobs")
    return ids, a


def test_refusals(admin, north, cafe, ids):
    for who, ident, body, want, why in (
        (cafe, "Cafe", {"name": "X"}, (403, "beyond-own"), "nobody renames the own tenant: that is for who stands above"),
        (cafe, "Cafe", {"parent": None}, (403, "beyond-own"), "nor moves it"),
        (north, "North", {"name": "X"}, (403, "beyond-own"), "a dealer is the operator's to name"),
        (north, "South", {"name": "X"}, (404, "not-found"), "another tree's tenant is not there"),
        (north, "Cafe", {"parent": "South"}, (404, "not-found"), "nor is another tree's place"),
        (north, "Cafe", {"parent": None}, (403, "beyond-own"), "nor the operator's"),
        (admin, "Cafe", {"parent": "Nowhere"}, (404, "not-found"), "no such place"),
        (admin, "North", {"parent": "Cafe Bar"}, (409, "under-itself"), "a tenant does not stand below itself"),
        (admin, "Cafe", {"parent": "Cafe"}, (409, "under-itself"), "nor right under itself"),
        (admin, "Cafe", {"parent": "Deli"}, (400, "malformed"), "a customer does not stand below a customer"),
        (admin, "Cafe", {"name": "Deli"}, (409, "exists"), "a taken name is refused"),
        (admin, "Cafe", {"name": "Deli", "parent": "South"}, (409, "exists"), "and the move that came with it"),
        (admin, "Cafe", {"name": "a/b"}, (400, "malformed"), "a name with a slash is refused"),
        (admin, "Cafe", {}, (400, "malformed"), "a change of nothing is refused"),
        (admin, "Cafe", {"parent": 7}, (400, "malformed"), "a place is a name"),
    ):
        r = put(who, ids[ident], **body)
        tap.same((r.status, r.type), want, why)
    for nothing in ("0", "-1", "x", "99999999"):
        tap.same(put(admin, nothing, name="X").status, 404, f"there is no tenant {nothing}")
    tap.same(names(north), {"North", "Cafe", "Cafe Bar", "Deli"}, "and nothing of it was done")


def test_times(admin, north, cafe, ids):
    """Times of retention of a dealer hold for those below without own ones; the customer sees that they are inherited, not from whom."""
    of = lambda who, tenant: who.call("GET", f"/api/v1/retention?tenant={tenant.replace(" ", "%20")}").json
    source = lambda r: (r["titles"]["days"], r["jobs"]["days"], r["inherited"], r["from"], r["below"], r["author"])
    keep = lambda who, tenant, **body: who.call("PUT", f"/api/v1/retention?tenant={tenant.replace(" ", "%20")}", body).status
    r = north.call("POST", "/api/v1/retention/preview?tenant=North", {"titles_days": 7, "jobs_days": 90}).json
    tap.same((r["below"], r["inherited"], r["from"]), (3, False, "North"), "before it is saved: three below go by it")
    tap.same((keep(north, "North", titles_days=7, jobs_days=90), source(of(north, "Cafe"))), (204, (7, 90, True, "North", 1, "mover-north")), "a dealer's times hold for its customers")
    tap.same(source(of(cafe, "Cafe")), (7, 90, True, None, 1, None), "who do not see whose they are")
    tap.same(lines_of(north, "retention.put")[0], "titles 7 days (before: 60 days), jobs 90 days (before: 730 days), readings for ever (before: for ever); also of 3 below", "the log says so")
    tap.same((keep(cafe, "Cafe", titles_days=9, jobs_days=None), source(of(cafe, "Cafe Bar"))), (204, (9, None, True, "Cafe", 0, "mover-cafe")), "a customer's own go before them, also for its sites")
    r = cafe.call("POST", "/api/v1/retention/preview?tenant=Cafe", {"inherited": True}).json
    tap.same(source(r), (7, 90, True, None, 1, None), "what would hold without them")
    tap.same((keep(cafe, "Cafe", inherited=True), source(of(cafe, "Cafe"))[:3]), (204, (7, 90, True)), "and holds without them")
    tap.same((keep(north, "North", inherited=True), source(of(admin, "Cafe"))), (204, (60, 730, False, None, 1, None)), "without any: the defaults")


def test_shorter(admin, ids):
    """Where less is kept nobody moves to without having said so."""
    times = lambda: (lambda r: (r["titles"]["days"], r["jobs"]["days"], r["from"]))(admin.call("GET", "/api/v1/retention?tenant=Cafe%20Bar").json)
    place = lambda: next(t["parent"] for t in admin.call("GET", "/api/v1/tenants").json["items"] if t["id"] == ids["Cafe"])
    tap.same(admin.call("PUT", "/api/v1/retention?tenant=North", {"titles_days": 7, "jobs_days": None}).status, 204, "a dealer keeps titles for a week")
    r = put(admin, ids["Cafe"], parent="North")
    tap.same((r.status, r.type, r.json["titles_days"], r.json["jobs_days"], r.json["below"]), (409, "shorter-times", 7, None, 1), "a move to it is asked about")
    tap.same(r.json["detail"], "titles 7 days (before: 60 days), jobs for ever (before: 730 days), readings for ever (before: for ever)", "in words")
    tap.same((place(), times()), (ids["South"], (60, 730, None)), "and not done")
    tap.same((put(admin, ids["Cafe"], parent="North", shorter_times=True).status, times()), (200, (7, None, "North")), "until it is meant")
    tap.same(lines_of(admin, "tenants.change")[0], "titles 7 days (before: 60 days), jobs for ever (before: 730 days), readings for ever (before: for ever); moved", "the log says so")
    tap.same(put(admin, ids["Cafe"], parent="South").type, "shorter-times", "the way back is asked about, too: jobs were kept for ever")
    tap.same(admin.call("PUT", "/api/v1/retention?tenant=Cafe%20Bar", {"titles_days": 7, "jobs_days": None}).status, 204, "a site with times of its own")
    tap.same((put(admin, ids["Cafe"], parent="South", shorter_times=True).status, times()), (200, (7, None, "Cafe Bar")), "keeps them")
    tap.same((put(admin, ids["Cafe Bar"], parent="Deli").status, times()), (200, (7, None, "Cafe Bar")), "and is not asked when it moves itself")


def lines_of(who, action):
    return [x["detail"] for x in who.call("GET", f"/api/v1/audit?action={action}&limit=20").json["items"]]


def test_moves(hub, admin, work):
    ids, a = make(hub, admin, work)
    north, south, cafe = (Person(hub, admin, f"mover-{n}", "administrator", t) for n, t in (("north", "North"), ("south", "South"), ("cafe", "Cafe")))
    token = cafe.call("POST", "/api/v1/tokens", {"label": "till", "rights": ["jobs"]}).json["token"]
    by_token = lambda: call(hub.console, hub.trust(), "GET", "/api/v1/jobs", None, {"Authorization": f"Bearer {token}"}).json["total"]
    key = hub.key("Cafe")["key"]
    test_refusals(admin, north, cafe, ids)
    test_times(admin, north, cafe, ids)

    # Another name: agents go on with the certificate that names the old one.
    r = put(north, ids["Cafe"], name="Kaffeehaus")
    tap.ok(r.status == 200 and r.json["name"] == "Kaffeehaus" and r.json["parent"] == ids["North"] and r.json["agents"] == 1, "a dealer renames a customer", r.body)
    other = admin.call("POST", "/api/v1/tenants", {"name": "Cafe", "level": "customer", "parent": "South"})
    tap.same(other.status, 200, "the old name is free for another one")
    a.add(1, user="zoe")
    tap.same(a.post(a.lines[-1:]).status, 200, "its machine brings a job with its old certificate")
    tap.same(({j["tenant"] for j in north.call("GET", "/api/v1/jobs").json["items"]}, machines(south)), ({"Kaffeehaus"}, set()), "to the tenant that it is of, by its new name, not to who has the old one")
    b = Agent(hub, work, "pc-cafe-2")
    b.enrol(key)
    subject = subprocess.run(["openssl", "x509", "-noout", "-subject", "-nameopt", "multiline,utf8", "-in", b.cert_file], capture_output=True, text=True).stdout
    tap.ok("Kaffeehaus" in subject, "an enrolment key of before enrols there, with the new name in the certificate", subject)
    tap.same(cafe.call("GET", "/api/v1/session").json["user"]["tenant"], "Kaffeehaus", "an open session goes on, by the new name")

    # Another place.
    tap.same(admin.call("PUT", "/api/v1/users/mover-north/print-names", {"items": [{"tenant": "Kaffeehaus", "name": "zoe"}]}).status, 200, "the dealer has a print name at the customer's")
    tap.same(len(north.call("GET", "/api/v1/me/jobs").json["items"]), 3, "and sees its jobs")
    r = put(admin, ids["Cafe"], parent="South")
    tap.ok(r.status == 200 and r.json["parent"] == ids["South"], "the operator moves it to another dealer", r.body)
    tap.same((machines(north), machines(south)), (set(), {"pc-cafe", "pc-cafe-2"}), "machines: seen by the new dealer, not by the old, in sessions that were open")
    tap.same((names(north), names(south)), ({"North", "Deli"}, {"South", "Cafe", "Kaffeehaus", "Cafe Bar"}), "with what is under it")
    tap.same((north.call("GET", "/api/v1/jobs").json["total"], south.call("GET", "/api/v1/jobs").json["total"]), (0, 3), "jobs, too")
    tap.same(north.call("GET", "/api/v1/me/jobs").json["items"], [], "the old dealer's print name is gone")
    tap.same((cafe.call("GET", "/api/v1/jobs").json["total"], by_token()), (3, 3), "its own people and tokens go on")
    tap.same("mover-cafe" in {u["name"] for u in north.call("GET", "/api/v1/users").json["items"]}, False, "its accounts are the new dealer's to manage")
    tap.same((a.call("GET", "/agent/v1/durable").status, a.call("GET", "/agent/v1/durable").json["durable"]), (200, 3), "its machine goes on where it was")
    tap.same(put(south, ids["Cafe"], name="Kaffeehaus Süd").status, 200, "the new dealer may name it")
    tap.same(put(north, ids["Cafe"], name="Mine").status, 404, "the old one does not find it")
    tap.same(put(admin, ids["Cafe"], parent="South", name="Kaffeehaus Süd").status, 200, "what is so already is no mistake")

    # Each side reads its own line, and of the other dealer nothing.
    mine, theirs, all_of_it = lines(north), lines(south), lines(admin)
    tap.ok(("tenants.leave", "Kaffeehaus", None) in mine and not any(x[0] == "tenants.join" for x in mine), "the old dealer reads that it left", str(mine))
    tap.ok(("tenants.join", "Kaffeehaus", None) in theirs and ("tenants.change", "Kaffeehaus", "moved") in theirs and not any(x[0] == "tenants.leave" for x in theirs), "the new one that it came", str(theirs))
    tap.ok(("tenants.change", "Kaffeehaus", "name Kaffeehaus (before: Cafe)") in all_of_it and ("tenants.leave", "Kaffeehaus", None) in all_of_it, "the operator reads all", str(all_of_it))
    tap.same(len([x for x in all_of_it if x[0] == "tenants.leave"]), 1, "what was refused is not in it")
    test_shorter(admin, ids)
    for account in ("mover-north", "mover-south", "mover-cafe"):
        admin.call("DELETE", f"/api/v1/users/{account}")
