#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The real platen-hub over TLS: enrolment, records, the console, limits, and what is left after kill -9. Prints TAP lines, exits non-zero
on a failure. Python's standard library and the openssl command only; every port is the system's choice on 127.0.0.1, every wait has an end.

  hub_http_test.py [--hub COMMAND] [--quick] [--store URL] [--rounds N]
COMMAND defaults to build/linux/bin/platen-hub; "wine .../platen-hub.exe" works, too. --store: on a PostgreSQL database, which must be
empty (tests/lab/with_postgres.sh names one in PLATEN_POSTGRES)."""
import csv
import datetime
import gzip
import hashlib
import io
import json
import os
import re
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time

from hub_kit import ZEROS, Agent, Console, Hub, arguments, call, digest, finish, openssl, raw_exchange, reach, tap
from hub_trouble import test_backup, test_disk_full, test_erase, test_few_files, test_kill, test_many, test_parallel, test_slow


def test_commands(hub):
    r = hub.run("--help")
    r = subprocess.run([*hub.command, "--help"], capture_output=True, text=True, timeout=60)
    tap.ok(r.returncode == 0 and "Exit codes" in r.stdout, "--help says the exit codes")
    tap.ok(subprocess.run([*hub.command, "--version"], capture_output=True, text=True, timeout=60).stdout.startswith("platen-hub "), "--version")
    for args in (["nonsense"], ["key", "create"], ["serve", "--agents", "1:2:3"], ["key", "create", "--tenant", "x", "--uses", "0"], ["key", "create", "--tenant", "a" * 65]):
        tap.same(hub.run(*args).returncode, 2, f"wrong use ends with 2: {' '.join(args)[:40]}")
    tap.same(hub.run("key", "revoke", "nosuch").returncode, 3, "an unknown key ends with 3")
    tap.ok(re.fullmatch(r"SHA-256 [0-9a-f]{64}\s*", hub.run("ca", "fingerprint").stdout), "ca fingerprint")


def test_first_at_once(hub, work):
    """Several processes that find an empty folder make one CA, not several."""
    args = [*hub.command, "ca", "fingerprint", "--data", os.path.join(work, "fresh")]
    several = [subprocess.Popen(args, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True) for _ in range(6)]
    prints = {p.communicate(timeout=60)[0] for p in several}
    tap.ok(len(prints) == 1 and "SHA-256" in prints.pop(), "six first starts at once make one CA")


def test_start(hub):
    tap.ok("one-time password" in hub.out, "the first start prints the one-time password")
    mode = os.stat(os.path.join(hub.data, "first-login.txt")).st_mode & 0o777
    tap.ok(hub.wine or mode == 0o600, "first-login.txt is private", oct(mode))
    r = subprocess.run([*hub.command, "serve", "--data", hub.data, "--agents", "127.0.0.1:0", "--console", "127.0.0.1:0"], capture_output=True, text=True, timeout=60)
    tap.ok(r.returncode == 1 and "another platen-hub" in r.stderr, "a second hub on the same data says so and ends with 1", r.stderr)


def test_tls(hub, key):
    host, port = hub.agents.rsplit(":", 1)
    r = subprocess.run(["openssl", "s_client", "-connect", hub.agents, "-showcerts"], input="", capture_output=True, text=True, timeout=20)
    chain = re.findall(r"-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----", r.stdout, re.S)
    raw = __import__("base64").urlsafe_b64decode(key["key"][5:] + "==")
    tap.ok(len(chain) == 2 and hashlib.sha256(ssl.PEM_cert_to_DER_cert(chain[1])).digest() == raw[1:33], "the chain ends in the CA certificate that the key names")
    tap.ok("Requested Signature" in r.stdout or "client certificate" in r.stdout.lower(), "the agents' side asks for a client certificate")
    r = subprocess.run(["openssl", "s_client", "-connect", hub.console], input="", capture_output=True, text=True, timeout=20)
    tap.ok("No client certificate CA names sent" in r.stdout, "the console does not")
    for version, good in (("-tls1_1", False), ("-tls1_2", True), ("-tls1_3", True)):
        r = subprocess.run(["openssl", "s_client", "-connect", hub.agents, version, "-cipher", "DEFAULT:@SECLEVEL=0"], input="", capture_output=True, text=True, timeout=20)
        tap.same("Cipher is (NONE)" not in r.stdout and r.stdout.count("BEGIN CERTIFICATE") > 0, good, f"{version[1:]} is {'spoken' if good else 'refused'}")
    with socket.create_connection((host, int(port)), timeout=20) as s:
        s.sendall(b"GET / HTTP/1.0\r\n\r\n")
        s.settimeout(20)
        try:
            tap.ok(b"HTTP/1" not in s.recv(100), "plain HTTP gets no answer")
        except OSError:
            tap.ok(True, "plain HTTP gets no answer")


def test_enrol(hub, work):
    once = hub.key("Acme", "--uses", "1")
    a = Agent(hub, work, "pc-1")
    tap.same(a.enrol(once["key"], "-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----\n").status, 400, "a broken CSR is refused")
    r = a.enrol(once["key"])
    tap.same(r.status, 200, "a good key enrols, and the broken try did not use it up")
    subject = openssl("x509", "-in", a.cert_file, "-noout", "-subject", "-nameopt", "multiline,utf8")
    tap.ok(a.id in subject and "Acme" in subject and "somebody" not in subject and "Another" not in subject, "the hub names the certificate", subject)
    tap.same(r.json["tenant"], "Acme", "the reply names the tenant")
    r = Agent(hub, work, "x").enrol(once["key"])
    tap.same((r.status, r.type), (403, "key-refused"), "a used-up key is refused")
    key = hub.key("Acme")
    wrong = key["key"][:-8] + ("AAAAAAAA" if key["key"][-8:] != "AAAAAAAA" else "BBBBBBBB")
    tap.same(Agent(hub, work, "x").enrol(wrong).status, 403, "a wrong secret is refused")
    old = hub.key("Acme", "--days", "1")
    if reach(hub, "an expired key"):
        hub.sql("UPDATE enrolment_keys SET expires=1 WHERE key_id=?", old["id"])
        tap.same(Agent(hub, work, "x").enrol(old["key"]).status, 403, "an expired key is refused")
    gone = hub.key("Acme")
    hub.run("key", "revoke", gone["id"])
    tap.same(Agent(hub, work, "x").enrol(gone["key"]).status, 403, "a revoked key is refused")
    for algorithm, options, status in (("ec", ["ec_paramgen_curve:P-384"], 200), ("ed25519", [], 200), ("rsa:2048", [], 200), ("rsa:1024", [], 400),
                                       ("ec", ["ec_paramgen_curve:secp256k1"], 400)):
        b = Agent(hub, work, "kind")
        tap.same(b.enrol(key["key"], b.csr(algorithm, options)).status, status, f"a key of kind {algorithm} {' '.join(options)}: {status}")
    for body, status in (("{}", 400), ("[]", 400), ("nonsense", 400), ('{"secret":1,"csr":2}', 400), ("[" * 60000, 400)):
        r = call(hub.agents, hub.trust(), "POST", "/agent/v1/enrol", body, {"Content-Type": "application/json"})
        tap.same(r.status, status, f"enrol with {body[:20]}")
    return a, key


def test_certificates(hub, work, a):
    for path, method in (("durable", "GET"), ("records", "POST"), ("renew", "POST")):
        r = call(hub.agents, hub.trust(), method, f"/agent/v1/{path}", b"{}" if method == "POST" else None, {"Content-Type": "application/json"})
        tap.same((r.status, r.type), (401, "not-enrolled"), f"no certificate: {path}")
    ca_key, ca, key, csr, cert = (os.path.join(work, "foreign." + x) for x in ("cakey", "ca", "key", "csr", "crt"))
    openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", ca_key, "-out", ca, "-subj", "/CN=Platen hub CA", "-days", "30")
    openssl("req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", key, "-out", csr, "-subj", f"/O=Acme/CN={a.id}")
    openssl("x509", "-req", "-in", csr, "-CA", ca, "-CAkey", ca_key, "-out", cert, "-days", "30")
    r = call(hub.agents, hub.trust((cert, key)), "GET", "/agent/v1/durable")
    tap.same((r.status, r.type), (401, "not-enrolled"), "a certificate of a foreign CA with the agent's name")
    openssl("req", "-x509", "-key", key, "-out", cert, "-subj", f"/O=Acme/CN={a.id}", "-days", "30")
    tap.same(call(hub.agents, hub.trust((cert, key)), "GET", "/agent/v1/durable").status, 401, "a self-signed certificate with the agent's name")
    if not reach(hub, "an unknown serial"):
        return
    serial = openssl("x509", "-in", a.cert_file, "-noout", "-serial").split("=")[1].strip().lower()
    hub.sql("UPDATE certificates SET serial='00' WHERE serial=?", serial)
    tap.same(a.call("GET", "/agent/v1/durable").status, 401, "a certificate of ours whose serial the hub does not know")
    hub.sql("UPDATE certificates SET serial=? WHERE serial='00'", serial)
    tap.same(a.call("GET", "/agent/v1/durable").status, 200, "and again once it knows it")


def test_renew(hub, work, a):
    old = a.context
    csr = a.csr()  # overwrites the key file, which the old context has loaded
    r = call(hub.agents, old, "POST", "/agent/v1/renew", json.dumps({"csr": csr}), {"Content-Type": "application/json"})
    if not tap.same(r.status, 200, "a certificate is renewed"):
        return
    with open(a.cert_file, "w") as f:
        f.write(r.json["certificate"])
    a.context = hub.trust((a.cert_file, a.key_file))
    tap.same(a.call("GET", "/agent/v1/durable").status, 200, "the new certificate is accepted")
    tap.same(call(hub.agents, old, "GET", "/agent/v1/durable").status, 200, "the old one still is: the agent may not have kept the new one")


def test_records(hub, a):
    tap.same(a.call("GET", "/agent/v1/durable").json, {"durable": 0, "hash": ZEROS}, "nothing is durable at first")
    r = a.post(a.add(50))
    tap.same((r.status, r.json), (200, {"durable": 50, "hash": a.prev}), "fifty records")
    tap.same(a.call("GET", "/agent/v1/durable").json, {"durable": 50, "hash": a.prev}, "durable says so")
    tap.same(a.post(a.lines[:50]).json, {"durable": 50, "hash": a.prev}, "the same again is skipped")
    tap.same(a.post(a.lines[:20]).json, {"durable": 50, "hash": a.prev}, "a part again is skipped")
    r = a.post(a.lines[30:50] + a.add(5))
    tap.same((r.status, r.json), (200, {"durable": 55, "hash": a.prev}), "an overlapping batch brings the rest")
    a.add(5)
    r = a.post(a.lines[57:60])
    tap.same((r.status, r.type, r.json["durable"]), (409, "gap", 55), "a gap says from where to go on")
    tap.same(a.post(a.lines[55:60]).status, 200, "and from there it goes on")
    other = a.line(61, ZEROS[:-1] + "1")
    r = a.post([other])
    tap.same((r.status, r.type), (409, "fork"), "a wrong prev after the end is a fork")
    changed = a.line(60, digest(a.lines[58]), document="changed")
    tap.same((a.post([changed]).status, a.post([changed]).type), (409, "fork"), "a changed record is a fork")
    restart = a.line(1, ZEROS)
    tap.same(a.post([restart, a.line(2, digest(restart))]).type, "fork", "a ledger that begins anew is a fork")
    tap.same(a.call("GET", "/agent/v1/durable").json["durable"], 60, "none of it was kept")


def test_malformed(hub, a):
    n, prev = len(a.lines) + 1, a.prev
    good = a.line(n, prev)
    cases = [
        ("no JSON", ["{"], 1), ("an array", ["[]"], 1), ("v missing", [good.replace('"v":1', '"w":1')], 1), ("v 2", [good.replace('"v":1', '"v":2')], 1),
        ("seq 0", [a.line(0, prev)], 1), ("seq 1.5", [good.replace(f'"seq":{n}', '"seq":1.5')], 1), ("seq text", [good.replace(f'"seq":{n}', f'"seq":"{n}"')], 1),
        ("prev short", [a.line(n, prev[:-1])], 1), ("uid short", [a.line(n, prev, uid="abc")], 1), ("outcome unknown", [a.line(n, prev, outcome="lost")], 1),
        ("an empty line", [good, ""], 2), ("a jump", [good, a.line(n + 2, digest(good))], 2), ("a loose chain", [good, a.line(n + 1, prev)], 2),
        ("deep nesting", [good[:-1] + ',"x":' + "[" * 40 + "]" * 40 + "}"], 1), ("a NUL", [good.replace("Report", "Re\0port")], 1),
        ("a long line", [a.line(n, prev, document="x" * 70000)], 1), ("bad time", [a.line(n, prev, ended="yesterday")], 1),
    ]
    for name, lines, at in cases:
        r = a.post(lines)
        tap.same((r.status, r.type, r.json.get("line")), (400, "malformed", at), f"malformed: {name}")
    r = a.post(gzip.compress(good.encode() + b"\xff\n"), raw=True)
    tap.same((r.status, r.json.get("line")), (400, 1), "malformed: not UTF-8")
    tap.ok(a.post(b"", raw=True).status in (400, 411), "an empty body is refused")
    tap.same(a.post(gzip.compress(b""), raw=True).status, 400, "an empty batch is refused")
    tap.same(a.post(b"no gzip at all", raw=True).status, 400, "a body that is no gzip is refused")
    tap.same(a.post(gzip.compress(good.encode())[:-6], raw=True).status, 400, "a truncated gzip is refused")
    tap.same(a.post(good.encode(), raw=True, headers={"Content-Encoding": "identity"}).status, 415, "an unpacked body is refused")
    tap.same(a.post(gzip.compress(b"\n" * 10001), raw=True).status, 413, "10,001 lines are too many")
    tap.same(a.post(gzip.compress(b"0" * (33 << 20), 9), raw=True).status, 413, "a gzip bomb is stopped at 32 MiB")
    tap.same(a.post(os.urandom((4 << 20) + 1), raw=True).status, 413, "more than 4 MiB are refused")
    r = raw_exchange(hub.agents, a.context, b"POST /agent/v1/records HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n\r\n4\r\nabcd\r\n0\r\n\r\n")
    tap.ok(b" 411 " in r, "a chunked body is refused", r[:100])
    r = raw_exchange(hub.agents, a.context, b"POST /agent/v1/records HTTP/1.1\r\nHost: x\r\nContent-Length: 5x\r\n\r\n")
    tap.ok(b" 411 " in r, "a malformed Content-Length is refused", r[:100])
    for name, head in (("two lengths", b"POST /agent/v1/records HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nabcdGET / HTTP/1.1\r\n\r\n"),
                       ("a length and chunks", b"POST /agent/v1/records HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /agent/v1/durable HTTP/1.1\r\nHost: x\r\n\r\n"),
                       ("a GET with chunks", b"GET /agent/v1/durable HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /agent/v1/durable HTTP/1.1\r\nHost: x\r\n\r\n")):
        r = raw_exchange(hub.agents, a.context, head)
        tap.ok(r.count(b"HTTP/1.1 ") <= 1 and b" 200 " not in r, f"{name}: a refusal at most, and the end", r[:300])
    tap.same(a.call("GET", "/agent/v1/durable").json["durable"], len(a.lines), "nothing of all this was kept")
    tap.same(a.post(a.add(1)).status, 200, "and the next good record is taken")


def test_kinds(hub, a):
    before = hub.wine or hub.sql("SELECT count(*) FROM jobs")[0][0]
    tap.same(a.post(a.add(1, type="meter")).status, 200, "a record of an unknown type is taken")
    uid = os.urandom(16).hex()
    tap.same(a.post(a.add(2, uid=uid)).status, 200, "a uid that comes twice is taken")
    if not reach(hub, "how they are kept"):
        return
    rows = hub.sql("SELECT seq, duplicate, type, line FROM records WHERE agent_id=? ORDER BY seq DESC LIMIT 3", a.id)
    tap.same([(r[1], r[2]) for r in rows], [(1, "job"), (0, "job"), (0, "meter")], "the second one is kept and flagged, the unknown one is kept")
    tap.same([r[3] for r in rows], a.lines[-1:-4:-1], "lines are kept as they came")
    tap.same(hub.sql("SELECT count(*) FROM jobs")[0][0] - before, 1, "one job more is listed")


def test_sign_in(hub):
    words = dict(l.split(": ", 1) for l in open(os.path.join(hub.data, "first-login.txt")).read().splitlines())
    c = Console(hub)
    tap.same((c.call("GET", "/api/v1/session").status, c.call("GET", "/api/v1/jobs").status), (401, 401), "nobody is signed in at first")
    wrong, nobody = c.sign_in("admin", "wrong"), c.sign_in("nobody", "wrong")
    tap.same((wrong.status, wrong.body), (401, nobody.body), "a wrong password and an unknown name answer the same")
    tap.same(c.call("POST", "/api/v1/session", {"name": "admin", "password": "x"}, headers={"Content-Type": "text/plain"}).status, 415, "a form cannot sign in")
    r = c.sign_in("admin", words["password"])
    user = r.json["user"]
    tap.same((r.status, r.json["must_change_password"], user["name"], user["role"], user["tenant"]), (200, True, "admin", "administrator", None), "the one-time password signs in")
    cookie = r.headers["Set-Cookie"]
    tap.ok(all(x in cookie for x in ("HttpOnly", "Secure", "SameSite=Strict", "Path=/")), "the cookie is locked down", cookie)
    token = c.cookie.split("=", 1)[1]
    if reach(hub, "what is stored of a session"):
        stored = hub.sql("SELECT hex(token_hash) FROM sessions")[0][0].lower()
        tap.same(stored, hashlib.sha256(token.encode()).hexdigest(), "the database knows the session by its hash only")
    tap.same((c.call("GET", "/api/v1/jobs").status, c.call("GET", "/api/v1/jobs").type), (403, "password-change-required"), "nothing else before the password is changed")
    path, new = "/api/v1/session/password", "a better password " + os.urandom(6).hex()
    tap.same(c.call("PUT", path, {"old": words["password"], "new": new}, csrf=False).type, "csrf", "a missing CSRF token is refused")
    tap.same(c.call("PUT", path, {"old": words["password"], "new": new}, csrf="A" * 43).type, "csrf", "a wrong CSRF token is refused")
    tap.same(c.call("PUT", path, {"old": words["password"], "new": "short"}).type, "weak-password", "a short password is refused")
    tap.same(c.call("PUT", path, {"old": words["password"], "new": words["password"]}).type, "weak-password", "the same password is refused")
    tap.same(c.call("PUT", path, {"old": "wrong", "new": new}).status, 401, "a wrong old password is refused")
    tap.same(c.call("PUT", path, {"old": words["password"], "new": new}).status, 204, "the password is changed")
    tap.ok(not os.path.exists(os.path.join(hub.data, "first-login.txt")), "first-login.txt is gone")
    r = c.call("GET", "/api/v1/session")
    tap.same((r.status, r.json["must_change_password"]), (200, False), "the session goes on")
    d = Console(hub)
    tap.same(d.sign_in("admin", words["password"]).status, 401, "the one-time password is dead")
    tap.same(d.sign_in("ADMIN", new).status, 200, "the new one signs in, whatever the name's case")
    tap.same((d.call("DELETE", "/api/v1/session", csrf=False).status, d.call("GET", "/api/v1/session").status), (403, 200), "signing out needs the token")
    old = d.cookie
    tap.same(d.call("DELETE", "/api/v1/session").status, 204, "signing out")
    d.cookie = old
    tap.same(d.call("GET", "/api/v1/session").status, 401, "the session is dead, not only its cookie")
    if not reach(hub, "how sessions end"):
        return c, new
    hub.sql("UPDATE sessions SET last_used=last_used-3700000, created=created-3700000")
    tap.same(c.call("GET", "/api/v1/session").status, 401, "a session that was idle for an hour has ended")
    tap.same(c.sign_in("admin", new).status, 200, "signing in again")
    hub.sql("UPDATE sessions SET created=created-43300000")
    tap.same(c.call("GET", "/api/v1/session").status, 401, "a session of twelve hours has ended")
    c.sign_in("admin", new)
    return c, new


def test_reset(hub, c):
    r = hub.run("admin", "reset")
    once = re.search(r"password: (\S+)", r.stdout)
    tap.ok(r.returncode == 0 and once, "admin reset prints a one-time password")
    tap.same(c.call("GET", "/api/v1/session").status, 401, "and ends the account's sessions")
    d = Console(hub)
    tap.same(d.sign_in("admin", once.group(1)).json["must_change_password"], True, "it signs in once")
    new = "still a better one " + os.urandom(6).hex()
    tap.same(d.call("PUT", "/api/v1/session/password", {"old": once.group(1), "new": new}).status, 204, "and is changed")
    return d, new


def test_throttle(hub, password):
    c, waits = Console(hub), []
    for _ in range(8):
        r = c.sign_in("ghost", "wrong")
        waits.append((r.status, r.headers.get("Retry-After")))
    tap.ok(waits[0][0] == 401 and waits[-1][0] == 429 and int(waits[-1][1]) >= 1, "repeated failures have to wait", waits)
    tap.same(c.sign_in("admin", password).status, 200, "others sign in meanwhile")
    return c


def listed(c, query=""):
    items, cursor = [], None
    while True:
        r = c.call("GET", "/api/v1/jobs?limit=7" + query + (f"&cursor={cursor}" if cursor else ""))
        if r.status != 200:
            return r
        items += r.json["items"]
        cursor = r.json["next"]
        if not cursor:
            return items


def test_jobs(hub, c, agents):
    r = c.call("GET", "/api/v1/jobs").json
    tap.same((len(r["items"]), r["total_capped"]), (50, False), "fifty jobs on a page unless told otherwise")
    everything = listed(c)
    tap.same(len(everything), r["total"], "the pages hold as many as total says")
    tap.same(len({(j["agent"], j["seq"]) for j in everything}), len(everything), "none of them twice")
    keys = {"time": lambda j: j["time"], "user": lambda j: j["user"].lower(), "queue": lambda j: j["queue"].lower(), "document": lambda j: j["document"].lower(),
            "pages": lambda j: j["pages"], "machine": lambda j: j["machine"].lower()}
    for sort, key in keys.items():
        for order in ("asc", "desc"):
            got = listed(c, f"&sort={sort}&order={order}")
            values = [key(j) for j in got]
            tap.ok(len(got) == len(everything) and values == sorted(values, reverse=order == "desc"), f"sorted by {sort} {order}")
    a = agents[0]
    first = c.call("GET", "/api/v1/jobs?limit=5").json
    a.post(a.add(3))
    second = c.call("GET", f"/api/v1/jobs?limit=5&cursor={first['next']}").json
    tap.same([j["seq"] for j in second["items"]], [j["seq"] for j in everything[5:10]], "a page does not move when jobs arrive")
    a.post(a.add(1, document="Ärgernis 100% \"Öl\"", user="Zoë"))
    for q, n in (("q=%C3%A4rgernis", 1), ("q=100%25", 1), ("q=z%C3%B6e", 0), ("q=ZO%C3%8B", 1), ("q=100_", 0), ("user=zo%C3%AB", 1), ("user=MIA&q=nothing", 0), ("q=%27%22%3B--", 0),
                 ("outcome=failed", 0), ("from=2099-01-01", 0), ("to=2000-01-01T00:00:00Z", 0), ("machine=nosuch", 0)):
        tap.same(c.call("GET", f"/api/v1/jobs?{q}").json["total"], n, f"filter {q}")
    for q in ("limit=0", "limit=201", "limit=x", "sort=size", "order=up", "cursor=AAAA", "from=now", "cursor=" + first["next"] + "&sort=user", "q=" + "x" * 1025):
        tap.same((c.call("GET", f"/api/v1/jobs?{q}").status), 400, f"refused: {q[:30]}")
    j = c.call("GET", f"/api/v1/jobs/{a.id}/7").json
    tap.same((j["record"], j["hash"], j["document"], j["tenant"]), (a.lines[6], digest(a.lines[6]), "Report 7", "Acme"), "one job with its record as it was written")
    tap.same([c.call("GET", f"/api/v1/jobs/{p}").status for p in (f"{a.id}/999999", f"{a.id}/x", f"{a.id}/0", "0123456789abcdef/1", "x/1", "../x/1")], [404] * 6, "no such job")


def test_jobs_as_files(hub, c):
    """The same jobs as CSV and as JSON lines, in parts that together hold each of them once."""
    everything = listed(c)
    for form, headers in (("csv", {}), ("jsonl", {}), (None, {"Accept": "text/csv"}), (None, {"Accept": "application/jsonl"})):
        parts, cursor, n = [], "", 0
        while cursor is not None:
            r = c.call("GET", f"/api/v1/jobs?limit=37{f'&format={form}' if form else ''}{cursor and '&cursor=' + cursor}", headers=headers)
            parts.append(r.body.decode())
            cursor, n = r.headers.get("Next-Cursor"), n + 1
        kind = r.headers["Content-Type"]
        if kind == "application/jsonl":
            got = [json.loads(line) for part in parts for line in part.splitlines()]
            tap.ok(got == everything, "JSON lines hold what the list does", f"{len(got)} of {len(everything)}")
        else:
            got = list(csv.DictReader(io.StringIO("".join(parts))))
            said = [(j["agent"], str(j["seq"]), j["document"], "" if j["pages"] is None else str(j["pages"]), j["account"] or "") for j in everything]
            tap.ok([(j["agent"], j["seq"], j["document"], j["pages"], j["account"]) for j in got] == said, "CSV holds what the list does", f"{len(got)} of {len(said)}")
        tap.same((n, kind in ("application/jsonl", "text/csv; charset=utf-8")), (-(-len(everything) // 37), True), f"in {n} parts")
    tap.same([c.call("GET", f"/api/v1/jobs?{q}").status for q in ("format=xml", "format=csv&limit=10001", "format=csv&cursor=AAAA")], [400] * 3, "refused as a file, too")
    tap.same(len(c.call("GET", "/api/v1/jobs?format=jsonl").body.splitlines()), len(everything), "all at once where they fit")


def test_unchanged(hub, c, a):
    """What a program has already is not sent again."""
    first = c.call("GET", "/api/v1/jobs?limit=2")
    tag = first.headers["ETag"]
    for known in (tag, f"W/{tag}", f'"0", {tag}'):
        again = c.call("GET", "/api/v1/jobs?limit=2", headers={"If-None-Match": known})
        tap.same((again.status, again.body, again.headers["ETag"]), (304, b"", tag), f"unchanged: {known.replace(tag, 'TAG')}")
    tap.same(c.call("GET", "/api/v1/jobs?limit=2", headers={"If-None-Match": '"0"'}).body, first.body, "another tag gets it all")
    tap.same(Console(hub).call("GET", "/api/v1/jobs?limit=2", headers={"If-None-Match": tag}).status, 401, "a tag opens no door")
    a.post(a.add(1))
    tap.same(c.call("GET", "/api/v1/jobs?limit=2", headers={"If-None-Match": tag}).status, 200, "and so does a change")
    tap.ok("ETag" not in c.call("GET", "/api/v1/jobs?limit=0").headers, "a problem has none")


def test_overview(hub, c, a):
    o = c.call("GET", "/api/v1/overview").json
    if not reach(hub, "overview"):
        return
    jobs, pages, color = hub.sql("SELECT count(*), sum(impressions), sum(color_pages) FROM jobs")[0]
    if (datetime.datetime.now(datetime.timezone.utc).hour, datetime.datetime.now().minute) == (0, 0):
        tap.skip("overview", "midnight")
        return
    tap.same((o["jobs_today"], o["pages_today"], o["color_pages_today"]), (jobs, pages, color), "overview counts today's jobs, pages and colour pages")
    tap.same(([h["hour"] for h in o["by_hour"]], sum(h["jobs"] for h in o["by_hour"])), (list(range(24)), jobs), "hour by hour")
    hub.sql("UPDATE agents SET last_seen=last_seen-1000000 WHERE agent_id=?", a.id)
    tap.same(c.call("GET", "/api/v1/overview").json["agents_silent"], 1, "an agent that was not seen for 15 minutes is silent")
    a.call("GET", "/agent/v1/durable")
    time.sleep(0.5)
    tap.same(c.call("GET", "/api/v1/overview").json["agents_silent"], 0, "and is not once it asks")


def test_revoke(hub, c, work, key):
    a = Agent(hub, work, "stolen")
    a.enrol(key["key"])
    tap.same(a.post(a.add(2)).status, 200, "an agent uploads")
    listed_ = {x["id"]: x for x in c.call("GET", "/api/v1/agents").json["items"]}
    x = listed_[a.id]
    tap.same((x["machine"], x["os"], x["tenant"], x["durable"], x["revoked"]), ("stolen", "Test 1", "Acme", 2, False), "and is listed")
    tap.same(c.call("POST", f"/api/v1/agents/{a.id}/revoke", csrf=False).status, 403, "revoking needs the token")
    tap.same(c.call("POST", f"/api/v1/agents/{a.id}/revoke").status, 204, "it is revoked")
    tap.same(c.call("POST", "/api/v1/agents/0123456789abcdef/revoke").status, 404, "an unknown one is not found")
    r = a.post(a.add(1))
    tap.same((r.status, "revoked" in r.json["detail"]), (401, True), "it is refused from then on")
    tap.same(a.call("POST", "/agent/v1/renew", json.dumps({"csr": a.csr()}), {"Content-Type": "application/json"}).status, 401, "and cannot renew")


def test_agents(hub, c, work, key):
    """The list of agents: pages, orders, what is found, and the same as a file in parts."""
    for name in ("LIST-10", "list-9", "LIST-100"):
        Agent(hub, work, name).enrol(key["key"])

    def walk(query, most=20):
        found, cursor = [], None
        while len(found) < most:
            r = c.call("GET", f"/api/v1/agents?{query}" + (f"&cursor={cursor}" if cursor else ""))
            found += [x["machine"] for x in r.json["items"]]
            cursor = r.json["next"]
            if not cursor:
                return found, r.json["total"]
        return found, -1

    everything = [x["machine"] for x in c.call("GET", "/api/v1/agents").json["items"]]
    tap.same((len(everything), [m for m in everything if "list" in m.lower()]), (c.call("GET", "/api/v1/agents").json["total"], ["list-9", "LIST-10", "LIST-100"]),
             "agents by machine, numbers as numbers")
    for sort in ("machine", "tenant", "seen", "version", "os", "certificate"):
        for order in ("asc", "desc"):
            found, total = walk(f"sort={sort}&order={order}&limit=2")
            tap.same((sorted(found), total), (sorted(everything), len(everything)), f"by {sort}, {order}: each once, page after page")
    tap.same(walk("order=desc&limit=1")[0], everything[::-1], "the other way round")
    tap.same(walk("q=LIST-1&limit=1"), (["LIST-10", "LIST-100"], 2), "part of a name")
    tap.same([walk(f"q={q}")[0] for q in ("LIST_10", "%25", "nobody")], [[], [], []], "no wildcards")
    tap.same((walk("state=revoked")[0], walk("state=active&q=list")[1], walk("state=expiring")[1]), (["stolen"], 3, 0), "by state")
    tap.same((walk("tenant=Acme")[1], c.call("GET", "/api/v1/agents?tenant=Nobody").status), (len(everything), 404), "by tenant")
    cursor = c.call("GET", "/api/v1/agents?limit=1").json["next"]
    bad = ("limit=201", "limit=0", "sort=durable", "order=up", "state=lost", "cursor=AAAA", f"cursor={cursor}&sort=seen", f"cursor={cursor}&order=desc", "format=xml",
           "format=csv&limit=10001", "q=" + "x" * 513)
    tap.same([c.call("GET", f"/api/v1/agents?{q}").status for q in bad], [400] * len(bad), "what makes no sense is refused")
    for form, kind in (("csv", "text/csv; charset=utf-8"), ("jsonl", "application/jsonl")):
        text, cursor, parts = b"", None, 0
        while parts == 0 or cursor:
            r = c.call("GET", f"/api/v1/agents?format={form}&limit=2" + (f"&cursor={cursor}" if cursor else ""))
            text, cursor, parts = text + r.body, r.headers.get("Next-Cursor"), parts + 1
        rows = list(csv.DictReader(io.StringIO(text.decode(), newline=""))) if form == "csv" else [json.loads(line) for line in text.splitlines()]
        tap.same(([x["machine"] for x in rows], r.headers["Content-Type"], parts), (everything, kind, -(-len(everything) // 2)), f"as {form}, in {parts} parts")


def test_events(hub, c, a):
    host, port = hub.console.rsplit(":", 1)
    with socket.create_connection((host, int(port)), timeout=20) as plain, c.context.wrap_socket(plain, server_hostname="localhost") as s:
        s.settimeout(10)
        s.sendall(f"GET /api/v1/events HTTP/1.1\r\nHost: {hub.console}\r\nCookie: {c.cookie}\r\nAccept: text/event-stream\r\n\r\n".encode())
        got = b""
        while b"\n\n" not in got.split(b"\r\n\r\n", 1)[-1] or b"\r\n\r\n" not in got:
            got += s.recv(4096)
        tap.ok(b" 200 " in got and b"text/event-stream" in got, "an event stream opens")
        delays = []
        for _ in range(5):
            got = b""
            lines = a.add(3)
            begun = time.monotonic()
            a.post(lines)
            answered = time.monotonic()
            while b"event: jobs" not in got or b"\n\n" not in got:
                got += s.recv(4096)
            delays.append(max(0.0, time.monotonic() - answered))
            tap.ok(b'"count":3' in got and time.monotonic() - begun < 2, "an event within two seconds of an upload", got)
        print(f"# the event came {max(delays) * 1000:.0f} ms after the upload's reply at most")
        c.call("DELETE", "/api/v1/session")  # nobody waits for the recheck here: it is once a minute
    tap.same(call(hub.console, c.context, "GET", "/api/v1/events").status, 401, "no stream without a session")


def test_static(hub):
    t = hub.trust()
    r = call(hub.console, t, "GET", "/")
    tap.ok(r.status == 200 and b"console of the test" in r.body, "the first page")
    want = {"Content-Security-Policy": "default-src 'self'", "Strict-Transport-Security": "max-age", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}
    tap.ok(all(v in r.headers.get(k, "") for k, v in want.items()) and "frame-ancestors 'none'" in r.headers["Content-Security-Policy"], "security headers", dict(r.headers))
    tap.same(r.headers["Cache-Control"], "no-cache", "the first page is asked for again")
    tap.same(call(hub.console, t, "GET", "/", headers={"If-None-Match": r.headers["ETag"]}).status, 304, "and answered with 304 when it is the same")
    r = call(hub.console, t, "GET", "/assets/app-1a2b.js", headers={"Accept-Encoding": "gzip"})
    tap.ok("immutable" in r.headers["Cache-Control"] and gzip.decompress(r.body) == b"x = 1;\n" * 500, "a hashed asset is packed and kept for good")
    tap.ok(b"console of the test" in call(hub.console, t, "GET", "/jobs/abc/7?x=1").body, "a page's address gives the first page")
    tap.same([call(hub.console, t, "GET", p).status for p in ("/assets/nosuch", "/nosuch.js", "/api/v1/nosuch", "/api/")], [404] * 4, "what is not there is not found")
    tap.same((call(hub.console, t, "POST", "/", b"x").status, call(hub.console, t, "DELETE", "/api/v1/jobs").status), (405, 405), "wrong methods")
    secret = os.path.join(os.path.dirname(hub.console_dir), "secret.txt")
    with open(secret, "w") as f:
        f.write("SECRET-OUTSIDE")
    for path in ("/../secret.txt", "/..%2fsecret.txt", "/%2e%2e/secret.txt", "/assets/../../secret.txt", "/assets/..%5c..%5csecret.txt", "//secret.txt", "/./../secret.txt",
                 "/assets/....//....//secret.txt", "/%252e%252e/secret.txt", "/..%c0%afsecret.txt", "/secret.txt%00.html", secret, "/hub/ca.key", "/../hub/ca.key"):
        r = raw_exchange(hub.console, t, f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode(), 5)
        tap.ok(b"SECRET" not in r and b"PRIVATE KEY" not in r, f"no way out: {path}", r[:200])
    r = raw_exchange(hub.console, t, b"GET /api/v1/session HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n", 5)
    tap.ok(b" 101 " not in r, "no websocket")
    r = raw_exchange(hub.console, t, b"GET /api/v1/session HTTP/1.1\r\nHost: x\r\nUpgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n", 5)
    tap.ok(b" 101 " not in r, "no HTTP/2")
    two = b"POST /api/v1/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}GET /secret HTTP/1.1\r\nHost: x\r\n\r\n"
    tap.ok(raw_exchange(hub.console, t, two, 5).count(b"HTTP/1.1 ") <= 1, "what follows a body is not taken for a request")
    r = raw_exchange(hub.agents, t, f"GET /api/v1/session HTTP/1.1\r\nHost: console\r\n\r\n".encode(), 5)
    tap.ok(b" 404 " in r, "the agents' side does not know the console, whatever the Host header says", r[:100])
    r = raw_exchange(hub.console, t, f"GET /agent/v1/durable HTTP/1.1\r\nHost: agents\r\n\r\n".encode(), 5)
    tap.ok(b"durable" not in r, "nor the console's side the agents'", r[:100])


def test_stop(hub, c):
    host, port = hub.console.rsplit(":", 1)
    with socket.create_connection((host, int(port)), timeout=20) as plain, c.context.wrap_socket(plain, server_hostname="localhost") as s:
        s.sendall(f"GET /api/v1/events HTTP/1.1\r\nHost: {hub.console}\r\nCookie: {c.cookie}\r\n\r\n".encode())
        s.recv(100)
        begun = time.monotonic()
        code = hub.stop()
        tap.ok(code == 0 and time.monotonic() - begun < 8, f"SIGTERM ends it with 0, though a stream is open ({time.monotonic() - begun:.1f} s)", code)


def main():
    args = arguments(("--quick", {"action": "store_true", "help": "leave out the slow clients, the full disk and kill -9"}),
                     ("--rounds", {"type": int, "default": 20, "help": "of kill -9"}))
    work = tempfile.mkdtemp(prefix="platen-hub-")
    os.makedirs(os.path.join(work, "console/assets"))
    with open(os.path.join(work, "console/index.html"), "w") as f:
        f.write("<!doctype html><title>Platen</title>console of the test\n")
    with open(os.path.join(work, "console/assets/app-1a2b.js"), "w") as f:
        f.write("x = 1;\n" * 500)
    threading.excepthook = lambda e: print(f"# a thread of the test: {e.exc_value!r}", flush=True)
    hub = Hub(args.hub, work)
    hub.start()
    try:
        test_start(hub)
        test_first_at_once(hub, work)
        test_commands(hub)
        a, key = test_enrol(hub, work)
        test_tls(hub, key)
        test_certificates(hub, work, a)
        test_records(hub, a)
        test_malformed(hub, a)
        test_kinds(hub, a)
        test_renew(hub, work, a)
        c, password = test_sign_in(hub)
        test_jobs(hub, c, [a])
        test_jobs_as_files(hub, c)
        test_unchanged(hub, c, a)
        test_overview(hub, c, a)
        test_revoke(hub, c, work, key)
        test_agents(hub, c, work, key)
        test_parallel(hub, work, key)
        test_events(hub, c, a)
        c.sign_in("admin", password)
        c, password = test_reset(hub, c)
        c = test_throttle(hub, password)
        test_static(hub)
        test_many(hub, a)
        if not args.quick:
            test_slow(hub)
            if not hub.store:
                test_disk_full(args.hub, work)
            if hub.wine:
                tap.skip("few files, kill -9", "the process that wine started is not the hub")
            else:
                if not hub.store:
                    test_few_files(args.hub, work)
                test_kill(hub, a, args.rounds)
        if not hub.wine:
            test_backup(hub, work, a)
            test_erase(hub, a)
            test_stop(hub, c)
        log = open(hub.log).read()
        tap.ok(password not in log and key["key"] not in log and "PRIVATE KEY" not in log, "no secret is in the log")
    finally:
        if hub.p.poll() is None:
            hub.stop()
    return finish(work)


if __name__ == "__main__":
    sys.exit(main())
