#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Single sign-on at the real platen-hub over TLS, against a double of a provider (sso_provider.py): the way in, who it is, and the attacks of which
each must fail. Prints TAP lines, exits non-zero on a failure.

  sso_test.py [--hub COMMAND] [--store URL]"""
import os
import sys
import tempfile
import threading
import time
import urllib.parse

from hub_kit import PASSWORD, Console, Hub, Person, administrator, arguments, call, finish, tap
from sso_provider import Key, Provider, attacks

PATH = "/api/v1/sso"


class Browser(Console):
    """Keeps cookies by their name, as a browser does; goes nowhere by itself."""

    def __init__(self, hub):
        super().__init__(hub)
        self.jar = {}

    def get(self, path):
        r = call(self.hub.console, self.context, "GET", path, headers={"Cookie": "; ".join(f"{k}={v}" for k, v in self.jar.items())} if self.jar else {})
        for line in r.headers.get_all("Set-Cookie") or []:
            name, value = line.split(";")[0].split("=", 1)
            self.jar[name] = value
            if not value:
                del self.jar[name]
        return r

    def begin(self, tenant=None):
        return self.get(f"{PATH}/begin" + (f"?tenant={urllib.parse.quote(tenant)}" if tenant else ""))

    def back(self, state, code):
        return self.get(f"{PATH}/callback?" + urllib.parse.urlencode({"state": state, "code": code}))

    def way(self, provider, tenant=None):
        """The whole way; the last reply."""
        q, code = provider.authorize(self.begin(tenant).headers["Location"])
        return self.back(q["state"], code)

    def who(self):
        r = self.get("/api/v1/session")
        return r.json["user"] if r.status == 200 else None


def settings(provider, **more):
    return {"label": "Example ID", "issuer": provider.url, "client_id": provider.client, "client_secret": provider.secret, "console": "https://hub.example:8444",
            "ca": open(provider.ca).read(), "group_claim": "groups", "roles": [{"group": "staff", "role": "help desk"}, {"group": "audit", "role": "privacy officer"}],
            "provision": False, **more}


def went(r, where):
    return r.status == 303 and r.headers.get("Location") == where


def test_settings(hub, admin, p):
    tap.same(admin.call("GET", PATH).json, {"provider": None}, "no provider at first")
    tap.ok(went(Browser(hub).begin(), "/?sso=off"), "nobody is sent anywhere")
    tap.same(Browser(hub).get(f"{PATH}/offer").json, {"label": None}, "and nothing is offered")
    for name, change in (("http", {"issuer": p.url.replace("https", "http")}), ("no label", {"label": ""}), ("an address with a path", {"console": "https://hub.example/x"}),
                         ("a user in the address", {"console": "https://a@hub.example"}), ("a new line in the address", {"console": "https://hub.example\r\nX: y"}),
                         ("no certificate", {"ca": "hello"}), ("an unknown role", {"roles": [{"group": "x", "role": "pilot"}]}), ("roles that are no list", {"roles": {}})):
        tap.same(admin.call("PUT", PATH, settings(p, **change)).status, 400, f"settings are refused: {name}")
    tap.same(admin.call("PUT", PATH, settings(p, ca="")).type, "sso-provider", "a provider whose certificate is not trusted is refused")
    p.spoil(issuer="https://other.example")
    tap.same(admin.call("PUT", PATH, settings(p)).type, "sso-provider", "a provider that speaks for another issuer is refused")
    p.spoil()
    r = admin.call("PUT", PATH, settings(p))
    tap.same((r.status, r.json["provider"]["client_secret_set"]), (200, True), "settings are saved")
    r = admin.call("GET", PATH)
    tap.ok(p.secret not in r.body.decode() and r.json["provider"]["roles"][0] == {"group": "staff", "role": "help desk"}, "the client's secret is never shown again", r.body)
    kept = hub.sql("SELECT client_secret FROM sso_providers")[0][0]
    tap.ok(kept and p.secret not in kept, "nor is it in the database as it is")
    body = settings(p)
    del body["client_secret"]
    tap.same(admin.call("PUT", PATH, body).status, 200, "saved again without it")
    tap.same(hub.sql("SELECT client_secret FROM sso_providers")[0][0], kept, "it stays")
    tap.same(Browser(hub).get(f"{PATH}/offer").json, {"label": "Example ID"}, "the sign-in offers it")


def test_way(hub, admin, p):
    b = Browser(hub)
    r = b.begin()
    q = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(r.headers["Location"]).query))
    cookie = r.headers["Set-Cookie"]
    tap.ok(r.headers["Location"].startswith(p.url + "/authorize?") and q["redirect_uri"] == "https://hub.example:8444/api/v1/sso/callback" and q["code_challenge_method"] == "S256",
           "the browser goes to the provider, with PKCE", r.headers["Location"])
    tap.ok(cookie.startswith("__Host-platen_sso=") and all(w in cookie for w in ("HttpOnly", "Secure", "SameSite=Lax", "Path=/", "Max-Age=600")), "and takes a cookie of its own along", cookie)
    p.person = {"sub": "s-1", "email": "mia@acme.example", "email_verified": True, "groups": ["staff"]}
    tap.ok(went(Browser(hub).way(p), "/?sso=nobody"), "who has no account does not come in")
    tap.same(admin.call("POST", "/api/v1/users", {"name": "mia@acme.example", "role": "read-only"}).status, 200, "an account of that address is made")
    b = Browser(hub)
    b.jar["platen_session"] = "x" * 43
    r = b.way(p)
    tap.ok(went(r, "/") and b.jar["platen_session"] != "x" * 43, "now the person comes in, with a new session, not the one that was brought", str(r.headers))
    tap.ok("__Host-platen_sso" not in b.jar, "the sign-in's own cookie is gone")
    who = b.who()
    tap.same((who["name"], who["role"]), ("mia@acme.example", "read-only"), "as the account that there is, with its own role")
    tap.same(b.get("/api/v1/session").json["must_change_password"], False, "without the one-time password that nobody used")
    p.person = {"sub": "s-1", "email": "other@acme.example", "email_verified": True}
    b = Browser(hub)
    tap.ok(went(b.way(p), "/") and b.who()["name"] == "mia@acme.example", "next time the subject counts, whatever the address is now")
    p.use = "e1"
    tap.ok(went(Browser(hub).way(p), "/"), "ES256 does as well")
    p.use = "r1"
    admin.call("PUT", "/api/v1/users/mia%40acme.example", {"disabled": True})
    tap.ok(went(Browser(hub).way(p), "/?sso=nobody"), "a disabled account stays outside")
    admin.call("PUT", "/api/v1/users/mia%40acme.example", {"disabled": False})
    lines = admin.call("GET", "/api/v1/audit?action=session").json["items"]
    tap.ok(any(x["action"] == "session.sso" and x["who"] == "mia@acme.example" for x in lines), "sign-ins stand in the audit log")


def refused(hub, p, name, tenant=None, word="provider"):
    b = Browser(hub)
    r = b.way(p, tenant)
    tap.ok(went(r, f"/?sso={word}") and "platen_session" not in b.jar, f"refused: {name}", f"{r.status} {r.headers.get('Location')}")


def test_attacks(hub, p):
    p.person = {"sub": "s-1", "email": "mia@acme.example", "email_verified": True}
    tap.ok(went(Browser(hub).way(p), "/"), "the same person comes in where nothing is wrong")
    now = int(time.time())
    for name, claims in (("another nonce", {"nonce": "A" * 43}), ("no nonce", {"nonce": None}), ("another audience", {"aud": "other"}), ("no audience", {"aud": None}),
                         ("several audiences, meant for another", {"aud": [p.client, "other"], "azp": "other"}), ("several audiences, nobody named", {"aud": [p.client, "other"]}),
                         ("another issuer", {"iss": "https://other.example"}), ("ended", {"exp": now - 61}), ("without an end", {"exp": None}), ("an end in words", {"exp": "tomorrow"}),
                         ("not yet good", {"nbf": now + 120}), ("of tomorrow", {"iat": now + 86400}), ("nobody", {"sub": ""}), ("no subject", {"sub": None}), ("a subject that is a number", {"sub": 1})):
        p.spoil(claims=claims)
        refused(hub, p, name)
    for name, claims in (("ended within the minute that clocks may differ", {"exp": now - 20}), ("an audience among several, meant for us", {"aud": ["other", p.client], "azp": p.client})):
        p.spoil(claims=claims)
        tap.ok(went(Browser(hub).way(p), "/"), f"taken: {name}")
    p.keys["evil"] = Key(p.folder, "evil", "RS256")
    for name, token in attacks(p).items():
        p.spoil(token=token)
        refused(hub, p, name)
    p.spoil()


def test_state(hub, p):
    mine, other = Browser(hub), Browser(hub)
    q, code = p.authorize(mine.begin().headers["Location"])
    other.begin()
    tap.ok(went(other.back(q["state"], code), "/?sso=late") and "platen_session" not in other.jar, "a state of another browser is refused")
    tap.ok(went(Browser(hub).back(q["state"], code), "/?sso=late"), "and one in a browser that began nothing")
    cookie = mine.jar["__Host-platen_sso"]
    tenant, at, tail = q["state"].split(".")
    for name, state in (("another tenant", f"7.{at}.{tail}"), ("another time", f"{tenant}.{int(at) + 1}.{tail}"), ("cut", q["state"][:-1]), ("empty", ""), ("letters", "a.b.c")):
        mine.jar["__Host-platen_sso"] = cookie
        tap.ok(went(mine.back(state, code), "/?sso=late"), f"a state that was changed is refused: {name}")
    mine.jar["__Host-platen_sso"] = cookie
    tap.ok(went(mine.back(q["state"], code), "/"), "the right one is taken")
    mine.jar["__Host-platen_sso"] = cookie
    tap.ok(went(mine.back(q["state"], code), "/?sso=provider"), "a code that was used is refused")
    p.spoil(replay=True)
    q2, code2 = p.authorize(other.begin().headers["Location"])
    p.codes[code2] = q  # a stolen code: given for another browser's sign-in
    tap.ok(went(other.back(q2["state"], code2), "/?sso=provider"), "a code of another browser's sign-in is refused: PKCE")
    p.spoil()
    for target in ("https://evil.example/", "//evil.example"):
        r = Browser(hub).get(f"{PATH}/begin?" + urllib.parse.urlencode({"redirect_uri": target, "return": target, "next": target}))
        tap.ok("evil" not in r.headers["Location"], f"nobody is sent to {target}")
    r = Browser(hub).get(f"{PATH}/callback?error=access_denied&state=x&error_description=%3Cscript%3E")
    tap.ok(went(r, "/?sso=late") and b"script" not in r.body, "an error of the provider's is one word of ours")


def test_rotation(hub, p):
    p.keys["r2"] = Key(p.folder, "r2", "RS256")
    p.use, p.published = "r2", ["r2", "e1"]
    tap.ok(went(Browser(hub).way(p), "/"), "the provider changes its key: the next sign-in knows it")
    p.use = "r1"
    refused(hub, p, "the key that was taken back")
    p.use, p.published = "r1", ["r1", "e1"]


def test_provisioning(hub, admin, p):
    admin.call("PUT", PATH, settings(p, provision=True))
    p.person = {"sub": "s-2", "email": "new@acme.example", "email_verified": True, "groups": ["audit", "staff"]}
    b = Browser(hub)
    tap.ok(went(b.way(p), "/") and b.who()["role"] == "help desk", "an account is made; the first row of the table that fits gives the role")
    p.person["groups"] = ["audit"]
    b2 = Browser(hub)
    tap.ok(went(b2.way(p), "/") and b2.who()["role"] == "privacy officer", "its role follows the groups")
    p.person["groups"] = []
    refused(hub, p, "without a group that has a role, nobody stays in", word="nobody")
    for name, person in (("an address that is not verified", {"email_verified": False}), ("verified in a word", {"email_verified": "true"}), ("no address", {"email": None})):
        p.person = {k: v for k, v in {"sub": "s-3", "email": "third@acme.example", "email_verified": True, "groups": ["staff"], **person}.items() if v is not None}
        refused(hub, p, name, word="nobody")
    p.person = {"sub": "s-4", "email": "admin", "email_verified": True, "groups": ["staff"]}
    b = Browser(hub)
    tap.ok(went(b.way(p), "/") and b.who()["name"] == "admin", "the operator's own provider speaks for every account")
    tap.same(admin.call("DELETE", "/api/v1/users/new%40acme.example").status, 204, "an account is removed")
    p.person = {"sub": "s-2", "email": "new@acme.example", "email_verified": True, "groups": []}
    refused(hub, p, "its subject went with it: no role, no way in", word="nobody")


def test_tenants(hub, admin, p):
    for name, level, parent in (("Dealer", "dealer", None), ("Acme", "customer", "Dealer"), ("Foreign", "customer", None)):
        admin.call("POST", "/api/v1/tenants", {"name": name, "level": level, **({"parent": parent} if parent else {})})
    boss, clerk = Person(hub, admin, "boss", "administrator", "Dealer"), Person(hub, admin, "clerk", "read-only", "Dealer")
    tap.same(clerk.call("GET", PATH).type, "forbidden", "who manages no users sees no settings")
    tap.same(boss.call("PUT", f"{PATH}?tenant=Foreign", settings(p)).status, 404, "another tree's settings are not there")
    tap.same(boss.call("PUT", PATH, settings(p, provision=True)).status, 200, "a dealer has settings of its own")
    tap.same(admin.call("GET", PATH).json["provider"]["provision"], True, "the operator's are others")
    tap.ok(p.secret.encode() not in boss.call("GET", PATH).body, "and not shown either")
    p.person = {"sub": "d-1", "email": "admin", "email_verified": True, "groups": ["staff"]}
    refused(hub, p, "a dealer's provider does not speak for the operator's people", "Dealer", "nobody")
    p.person = {"sub": "d-2", "email": "mia@acme.example", "email_verified": True, "groups": ["staff"]}
    refused(hub, p, "nor for any account outside its tree", "Dealer", "nobody")
    p.person = {"sub": "d-3", "email": "dora@dealer.example", "email_verified": True, "groups": ["staff"]}
    b = Browser(hub)
    tap.ok(went(b.way(p, "Dealer"), "/") and b.who()["tenant"] == "Dealer", "who is made there belongs there")
    half = Person(hub, admin, "half", "administrator", "Acme")
    admin.call("PUT", "/api/v1/roles/helper", {"rights": ["users", "jobs"]})
    admin.call("PUT", "/api/v1/users/half", {"role": "helper"})
    half.sign_in("half", PASSWORD)
    tap.same(half.call("PUT", PATH, settings(p)).status, 400, "nobody lets a provider give roles beyond the own rights")


def test_print_names(hub, admin, p):
    """What a claim says that somebody prints under (docs/rights.md, "Print names")."""
    def names(account):
        return [(n["name"], n["from"]) for n in admin.call("GET", f"/api/v1/users/{urllib.parse.quote(account)}/print-names").json["items"]]

    def comes_in(sub, email, **claims):
        p.person = {"sub": sub, "email": email, "email_verified": True, "groups": ["staff"], **claims}
        return went(Browser(hub).way(p, "Dealer"), "/")

    boss, half = Console(hub), Console(hub)
    boss.sign_in("boss", PASSWORD)
    half.sign_in("half", PASSWORD)
    wanted = settings(p, provision=True, name_claim="upn")
    for claim in ("nickname", "name", "x" * 65):
        tap.same(boss.call("PUT", PATH, {**wanted, "name_claim": claim}).status, 400, f"no print names from {claim[:8]}")
    r = half.call("PUT", PATH, {**wanted, "roles": []})
    tap.ok(r.status == 400 and "jobs.release" in r.body.decode(), "nor does who may not release jobs have a provider give names", r.body)
    dora, mia = "dora@dealer.example", "mia@acme.example"
    tap.ok(comes_in("d-3", dora, upn="DEALER\\dora") and names(dora) == [], "where no claim is named, none is taken")
    r = boss.call("PUT", PATH, wanted)
    tap.same((r.status, r.json["provider"]["name_claim"]), (200, "upn"), "the provider's entry names a claim")
    tap.ok(comes_in("d-3", dora, upn="DEALER\\dora", preferred_username="DEALER\\boss") and names(dora) == [("DEALER\\dora", "sign-on")], "its value is a print name; others' claims are not", str(names(dora)))
    line = admin.call("GET", "/api/v1/audit?action=session.sso&limit=1").json["items"][0]
    tap.ok(line["object"] == dora and "prints as DEALER\\dora" in line["detail"], "the line of the sign-on says so", str(line))
    tap.ok(comes_in("d-3", dora, upn=["dora", "x" * 256, "DEALER\\dora2"]) and names(dora) == [("DEALER\\dora2", "sign-on"), ("dora", "sign-on")], "a list; what cannot be a name is left out", str(names(dora)))
    tap.ok(comes_in("d-3", dora, upn="DEALER\\dora") and names(dora) == [("DEALER\\dora", "sign-on")], "what the provider does not say any more goes")
    r = admin.call("PUT", f"/api/v1/users/{dora}/print-names", {"items": [{"name": "d.olsen"}, {"name": "dealer\\DORA"}]})
    tap.ok(r.status == 200 and names(dora) == [("d.olsen", "hand"), ("DEALER\\dora", "sign-on")], "a name by hand stands beside it", r.body)
    tap.ok(comes_in("d-6", "eve@dealer.example", upn="D.OLSEN") and names("eve@dealer.example") == [], "what somebody has by hand is not taken by a claim; the sign-in goes on")
    tap.ok(comes_in("d-7", "new@dealer.example", upn="dealer\\Dora") and names("new@dealer.example") == [("dealer\\Dora", "sign-on")] and names(dora) == [("d.olsen", "hand")],
           "the provider gives it to another: it moves", str(names(dora)))
    tap.ok(comes_in("d-7", "new@dealer.example") and names("new@dealer.example") == [], "without the claim there is none")
    tap.ok(comes_in("d-7", "new@dealer.example", upn="n") and boss.call("PUT", PATH, {**wanted, "label": "Other"}).status == 200 and names("new@dealer.example"), "other changes of the settings leave names")
    tap.ok(boss.call("PUT", PATH, {**wanted, "name_claim": "email"}).status == 200 and names("new@dealer.example") == [] and names(dora) == [("d.olsen", "hand")], "another claim: those of the first one go")
    tap.ok(comes_in("d-7", "new@dealer.example") and names("new@dealer.example") == [("new@dealer.example", "sign-on")], "an address that is verified")
    p.person["email_verified"] = False
    tap.ok(went(Browser(hub).way(p, "Dealer"), "/") and names("new@dealer.example") == [], "and not one that is not")
    comes_in("d-7", "new@dealer.example")
    tap.same(boss.call("DELETE", PATH).status, 204, "the provider is removed")
    tap.same((names("new@dealer.example"), names(dora)), ([], [("d.olsen", "hand")]), "and the names that it gave")
    admin.call("PUT", PATH, settings(p, provision=True, name_claim="upn"))
    p.person = {"sub": "s-1", "email": mia, "email_verified": True, "groups": ["staff"], "upn": "ACME\\mia"}
    tap.ok(went(Browser(hub).way(p), "/") and names(mia) == [], "an account that sees several tenants gets none: nobody said in which")
    tap.ok("the account sees several tenants" in open(hub.log).read(), "and the log says why")


def test_trouble(hub, admin, p):
    p.person = {"sub": "s-1", "email": "mia@acme.example", "email_verified": True}
    p.spoil(reply=(200, b"x" * (1 << 20)))
    refused(hub, p, "a provider that sends a mebibyte")
    p.spoil(reply=(200, b"[" * 60000))
    refused(hub, p, "a provider that sends deep nonsense")
    p.spoil(reply=(302, b""))
    refused(hub, p, "a provider that sends the hub elsewhere")
    p.spoil(slow=7)
    waits = [threading.Thread(target=lambda: Browser(hub).way(p)) for _ in range(8)]  # four rounds of five seconds
    for w in waits:
        w.start()
    time.sleep(0.5)
    tap.same(Console(hub).sign_in("admin", PASSWORD).status, 200, "while a provider is slow, a local administrator signs in")
    tap.ok(any(w.is_alive() for w in waits), "and comes in before those who wait for it")
    for w in waits:
        w.join(60)
    refused(hub, p, "a provider that answers after seven seconds: the hub waits for five")
    p.spoil()
    b = Browser(hub)
    q, code = p.authorize(b.begin().headers["Location"])
    p.stop()
    tap.ok(went(b.back(q["state"], code), "/?sso=provider"), "refused: a provider that is down")
    tap.same(admin.call("DELETE", PATH).status, 204, "settings are removed")
    tap.same(admin.call("DELETE", PATH).status, 404, "once")
    tap.ok(went(Browser(hub).begin(), "/?sso=off"), "and single sign-on is over")
    log = open(hub.log).read()
    tap.ok(p.secret not in log and "signature is wrong" in log and "another sign-in (nonce)" in log, "the log says why, and no secret", log[-500:])


def main():
    a = arguments()
    work = tempfile.mkdtemp(prefix="platen-sso-")
    hub = Hub(a.hub, work)
    os.makedirs(hub.console_dir)
    hub.start()
    provider = Provider(work)
    try:
        admin = administrator(hub)
        test_settings(hub, admin, provider)
        test_way(hub, admin, provider)
        test_attacks(hub, provider)
        test_state(hub, provider)
        test_rotation(hub, provider)
        test_provisioning(hub, admin, provider)
        admin.sign_in("admin", PASSWORD)
        test_tenants(hub, admin, provider)
        test_print_names(hub, admin, provider)
        test_trouble(hub, admin, provider)
    finally:
        hub.stop()
    return finish(work)


if __name__ == "__main__":
    sys.exit(main())
