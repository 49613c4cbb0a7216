#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The real platen-hub over TLS: enrolment, records, the console, limits, and what is left after kill -9. Prints TAP lines, exits non-zero
on a failure. Python's standard library and the openssl command only; every port is the system's choice on 127.0.0.1, every wait has an end.

  hub_http_test.py [--hub COMMAND] [--quick] [--store URL] [--rounds N]
COMMAND defaults to build/linux/bin/platen-hub; "wine .../platen-hub.exe" works, too. --store: on a PostgreSQL database, which must be
empty (tests/lab/with_postgres.sh names one in PLATEN_POSTGRES)."""
import argparse
import datetime
import gzip
import hashlib
import http.client
import json
import os
import random
import re
import shlex
import shutil
import signal
import socket
import sqlite3
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(TOP, "tests/api"))
import contract  # noqa: E402

ZEROS = "0" * 64


class Tap:
    def __init__(self):
        self.n = self.bad = 0

    def ok(self, good, name, why=""):
        self.n += 1
        self.bad += not good
        print(f"{'ok' if good else 'not ok'} {self.n} - {name}" + (f"\n#   {why}" if why and not good else ""), flush=True)
        return good

    def same(self, got, want, name):
        return self.ok(got == want, name, f"got {got!r}, want {want!r}")

    def skip(self, name, why):
        self.n += 1
        print(f"ok {self.n} - {name} # SKIP {why}", flush=True)


tap = Tap()


def finish(work):
    """The last lines, and the exit code; the folder of a run that failed is kept."""
    print(f"1..{tap.n}\n# {tap.n - tap.bad} of {tap.n} ok" + (f"; logs and data are in {work}" if tap.bad else ""))
    if not tap.bad:
        shutil.rmtree(work, ignore_errors=True)
    return 1 if tap.bad else 0


class Hub:
    """One platen-hub in a folder of its own."""

    store = None  # a PostgreSQL database's address; None: SQLite in the folder

    def __init__(self, command, work, name="hub"):
        self.command = shlex.split(command)
        self.wine = "wine" in self.command[0]
        self.data = os.path.join(work, name)
        self.log = os.path.join(work, name + ".log")
        self.console_dir = os.path.join(work, "console")
        self.p = None
        self.agents = self.console = "127.0.0.1:0"
        self.out = ""

    def start(self, *extra, seconds=40):
        args = [*self.command, "serve", "--data", self.data, "--agents", self.agents, "--console", self.console, "--console-dir", self.console_dir,
                "--print-addresses", *self.where(), *extra]
        self.p = subprocess.Popen(args, stdout=subprocess.PIPE, stderr=open(self.log, "a"), stdin=subprocess.DEVNULL, text=True)
        line, end = "", time.monotonic() + seconds
        while time.monotonic() < end:
            line = self.p.stdout.readline()
            if not line:
                raise SystemExit(f"the hub did not start: {open(self.log).read()[-2000:]}")
            self.out += line
            if line.startswith("{"):
                break
        at = json.loads(line)
        self.agents, self.console = (urllib.parse.urlsplit(at[k]).netloc for k in ("agents", "console"))
        self.pid = at["pid"]

    def where(self):
        return ["--store", self.store] if self.store else []

    def kill(self):
        self.p.kill()
        self.p.wait(20)
        self.p.stdout.close()

    def stop(self, seconds=20):
        self.p.send_signal(signal.SIGTERM)
        try:
            self.p.wait(seconds)
        except subprocess.TimeoutExpired:
            self.p.kill()
            self.p.wait(20)
        self.p.stdout.close()
        return self.p.returncode

    def run(self, *args):
        return subprocess.run([*self.command, *args, "--data", self.data, *self.where()], capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL)

    def key(self, tenant, *extra):
        return json.loads(self.run("key", "create", "--tenant", tenant, "--json", *extra).stdout)

    def trust(self, cert=None):
        c = ssl.create_default_context(cafile=os.path.join(self.data, "ca.pem"))
        if cert:
            c.load_cert_chain(*cert)
        return c

    def sql(self, text, *values):
        """Looks (or reaches) into the database beside the running hub. Not under Wine, whose file locks Linux does not see."""
        assert not self.wine
        if self.store:
            return postgres(self.store, text, *values)
        db = sqlite3.connect(os.path.join(self.data, "hub.db"), timeout=10)
        try:
            rows = db.execute(text, values).fetchall()
            db.commit()
            return rows
        finally:
            db.close()


def postgres(store, text, *values):
    """The same in PostgreSQL: the statements of this test are in the words of both."""
    for v in values:
        text = text.replace("?", str(v) if isinstance(v, int) else "'" + v.replace("'", "''") + "'", 1)
    text = text.replace("hex(token_hash)", "encode(token_hash, 'hex')")
    out = subprocess.run(["psql", store, "-XAtq", "-v", "ON_ERROR_STOP=1", "-F", "\x1f", "-R", "\x1e", "-c", text], check=True, capture_output=True, text=True,
                         timeout=60).stdout.rstrip("\n")
    return [tuple(int(v) if v.lstrip("-").isdigit() else v for v in row.split("\x1f")) for row in out.split("\x1e")] if out else []


class Reply:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    @property
    def json(self):
        return json.loads(self.body) if self.body else None

    @property
    def type(self):
        return (self.json or {}).get("type") if "problem" in self.headers.get("Content-Type", "") else None


def call(address, context, method, path, body=None, headers=None, timeout=30):
    c = http.client.HTTPSConnection(address, context=context, timeout=timeout)
    try:
        c.request(method, path, body, headers or {})
        r = c.getresponse()
        reply = Reply(r.status, r.headers, r.read())
    finally:
        c.close()
    contract.check(method, path, reply.status, reply.headers, reply.body)
    return reply


def openssl(*args, text=None):
    return subprocess.run(["openssl", *args], check=True, capture_output=True, text=True, input=text, timeout=30).stdout


class Agent:
    """A machine: a key, a certificate, a chain of records."""

    def __init__(self, hub, work, name):
        self.hub, self.name = hub, name
        self.key_file = os.path.join(work, name + ".key")
        self.cert_file = os.path.join(work, name + ".crt")
        self.lines, self.prev = [], ZEROS

    def csr(self, algorithm="ec", options=("ec_paramgen_curve:P-256",), subject="/CN=somebody else/O=Another tenant"):
        args = [x for o in options for x in ("-pkeyopt", o)]
        return openssl("req", "-new", "-newkey", algorithm, *args, "-nodes", "-keyout", self.key_file, "-subj", subject)

    def enrol(self, key, csr=None):
        secret = key[5:]
        raw = __import__("base64").urlsafe_b64decode(secret + "=" * (-len(secret) % 4))
        body = {"secret": __import__("base64").urlsafe_b64encode(raw[33:]).decode().rstrip("="), "csr": csr or self.csr(), "machine": self.name, "os": "Test 1", "version": "0"}
        r = call(self.hub.agents, self.hub.trust(), "POST", "/agent/v1/enrol", json.dumps(body), {"Content-Type": "application/json"})
        if r.status == 200:
            self.id = r.json["agent"]
            with open(self.cert_file, "w") as f:
                f.write(r.json["certificate"])
            self.context = self.hub.trust((self.cert_file, self.key_file))
        return r

    def call(self, method, path, body=None, headers=None, timeout=30):
        return call(self.hub.agents, self.context, method, path, body, headers, timeout)

    def line(self, seq, prev, **job):
        """A record line; `job` overrides. Nothing is remembered."""
        job = dict(job)
        head = {"v": 1, "seq": seq, "prev": prev, "type": job.pop("type", "job"), "uid": job.pop("uid", os.urandom(16).hex()), "at": now()}
        end = job.pop("ended", None) or now()
        body = {"queue": "Office", "document": f"Report {seq}", "user": "mia", "machine": self.name, "begun": end, "ended": end, "bytes": 1000 + seq, "outcome": "printed",
                "source": "pipe", "analysis": {"language": "PostScript", "pages": seq % 7 + 1, "copies": 1, "impressions": seq % 7 + 1, "sheets": None, "color_pages": 1,
                                               "duplex": "none", "paper": "A4", "confidence": "exact"}}
        body.update(job)
        if head["type"] == "job":
            head["job"] = body
        return json.dumps(head, separators=(",", ":"), ensure_ascii=False)

    def add(self, n=1, **job):
        """n more records at the end of the chain; gives their lines."""
        fresh = []
        for _ in range(n):
            fresh.append(self.line(len(self.lines) + 1, self.prev, **job))
            self.lines.append(fresh[-1])
            self.prev = digest(fresh[-1])
        return fresh

    def post(self, lines, raw=False, headers=None, timeout=30):
        body = lines if raw else gzip.compress(("\n".join(lines) + "\n").encode(), 1)
        return self.call("POST", "/agent/v1/records", body, {"Content-Type": "application/x-ndjson", "Content-Encoding": "gzip", **(headers or {})}, timeout)


def now():
    return datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


def digest(line):
    return hashlib.sha256(line.encode()).hexdigest()


class Console:
    """A browser's session."""

    def __init__(self, hub):
        self.hub, self.context = hub, hub.trust()
        self.cookie = self.csrf = None

    def call(self, method, path, body=None, csrf=True, cookie=True, headers=None):
        h = dict(headers or {})
        if body is not None:
            h.setdefault("Content-Type", "application/json")
        if cookie and self.cookie:
            h["Cookie"] = self.cookie
        if csrf and self.csrf and method != "GET":
            h["X-CSRF-Token"] = self.csrf if csrf is True else csrf
        r = call(self.hub.console, self.context, method, path, json.dumps(body) if body is not None else None, h)
        if r.headers.get("Set-Cookie"):
            self.cookie = r.headers["Set-Cookie"].split(";")[0]
        return r

    def sign_in(self, name, password):
        self.cookie = self.csrf = None
        r = self.call("POST", "/api/v1/session", {"name": name, "password": password})
        if r.status == 200:
            self.csrf = r.json["csrf"]
        return r


def raw_exchange(address, context, data, seconds=10):
    """Sends bytes, gives what comes back until the end or the time is over."""
    host, port = address.rsplit(":", 1)
    got = b""
    try:
        with socket.create_connection((host, int(port)), timeout=seconds) as plain, context.wrap_socket(plain, server_hostname="localhost") as s:
            s.settimeout(seconds)
            s.sendall(data)
            while chunk := s.recv(65536):
                got += chunk
                if b"\r\n\r\n" in got and b"Connection: close" not in got and re.search(rb"Content-Length: (\d+)", got):
                    n = int(re.search(rb"Content-Length: (\d+)", got).group(1))
                    if len(got.split(b"\r\n\r\n", 1)[1]) >= n:
                        break
    except (OSError, ssl.SSLError):
        pass
    return got


def reach(hub, name):
    """May the test look into the database? Else says what it leaves out."""
    if hub.wine:
        tap.skip(name, "the database is not touched from outside Wine")
    return not hub.wine


# ---- the tests ----

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


def test_slow(hub):
    """Clients that give a byte now and then are dropped. All at once, since each takes its quarter of a minute."""
    host, port = hub.console.rsplit(":", 1)
    ends = {}

    def drip(name, tls, data):
        begun = time.monotonic()
        try:
            with socket.create_connection((host, int(port)), timeout=5) as plain:
                s = hub.trust().wrap_socket(plain, server_hostname="localhost") if tls else plain
                s.settimeout(1)
                at = 0
                while time.monotonic() - begun < 45:
                    if at < len(data):
                        s.sendall(data[at:at + 1])
                        at += 1
                    try:
                        if s.recv(1000) == b"":
                            break
                    except TimeoutError:
                        continue
        except OSError:
            pass
        ends[name] = time.monotonic() - begun

    head = b"GET /api/v1/session HTTP/1.1\r\nHost: localhost\r\nX-Filling: " + b"x" * 200
    cases = [("nothing but a connection", False, b""), ("a TLS handshake byte by byte", False, b"\x16\x03\x01" + bytes(200)), ("a silent client", True, b""), ("a head byte by byte", True, head)]
    threads = [threading.Thread(target=drip, args=c) for c in cases]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    for name, _, _ in cases:
        tap.ok(ends[name] < 40, f"dropped after {ends[name]:.0f} s: {name}")


def test_many(hub, a):
    host, port = hub.console.rsplit(":", 1)
    t, open_, refused = hub.trust(), [], 0
    for _ in range(200):
        try:
            s = t.wrap_socket(socket.create_connection((host, int(port)), timeout=5), server_hostname="localhost")
            s.settimeout(5)
            open_.append(s)
        except OSError:
            refused += 1
    alive = 0
    for s in open_:
        try:
            s.sendall(b"GET /api/v1/session HTTP/1.1\r\nHost: localhost\r\n\r\n")
            alive += b" 401 " in s.recv(1000)
        except OSError:
            pass
    tap.ok(0 < alive <= 64, f"of 200 connections of one address {alive} are served")
    tap.same(a.call("GET", "/agent/v1/durable").status, 200, "agents are served meanwhile")
    for s in open_:
        s.close()
    time.sleep(0.5)
    tap.same(call(hub.console, t, "GET", "/api/v1/session").status, 401, "and the console afterwards")


def test_few_files(command, work):
    """With few files allowed the hub takes fewer connections, instead of spinning on an accept() that fails."""
    hub = Hub(f"prlimit --nofile=200:200 {command}", work, "few")
    hub.start()
    host, port = hub.console.rsplit(":", 1)
    open_ = []
    for i in range(300):
        try:
            open_.append(socket.create_connection((host, int(port)), timeout=5, source_address=(f"127.0.0.{2 + i % 7}", 0)))
        except OSError:
            break

    def ticks():
        return sum(int(x) for x in open(f"/proc/{hub.pid}/stat").read().rsplit(")", 1)[1].split()[11:13])

    time.sleep(1)
    before = ticks()
    time.sleep(2)
    busy = (ticks() - before) / os.sysconf("SC_CLK_TCK") / 2
    files = len(os.listdir(f"/proc/{hub.pid}/fd"))
    tap.ok(busy < 0.2 and files < 200, f"200 files, 300 connections: {files} files, {busy * 100:.0f}% of a processor", (busy, files))
    for s in open_:
        s.close()
    time.sleep(0.5)
    tap.same(call(hub.console, hub.trust(), "GET", "/api/v1/session").status, 401, "and it serves again")
    hub.stop()


def test_parallel(hub, work, key, machines=12, rounds=6):
    """Many agents at once: group commit must give each its own answer."""
    fleet = [Agent(hub, work, f"fleet-{i}") for i in range(machines)]
    for f in fleet:
        f.enrol(key["key"])
    wrong, slow = [], []

    def work_(f):
        for _ in range(rounds):
            begun = time.monotonic()
            r = f.post(f.add(random.randint(1, 40)))
            slow.append(time.monotonic() - begun)
            if (r.status, r.json) != (200, {"durable": len(f.lines), "hash": f.prev}):
                wrong.append((f.name, r.status, r.json))

    threads = [threading.Thread(target=work_, args=(f,)) for f in fleet]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    tap.same(wrong, [], f"{machines} agents upload at once, {rounds} times each")
    print(f"# an upload took {sorted(slow)[len(slow) // 2] * 1000:.0f} ms in the middle, {max(slow) * 1000:.0f} ms at most")


def test_disk_full(command, work):
    at = os.path.join(work, "small")
    os.mkdir(at)
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=3m", "none", at], capture_output=True).returncode:
        tap.skip("disk full", "a small disk cannot be mounted here")
        return
    try:
        hub = Hub(command, work, "small/hub")
        hub.log = os.path.join(work, "small.log")
        hub.start()
        a = Agent(hub, work, "small-pc")
        a.enrol(hub.key("Acme")["key"])
        acknowledged, r = 0, None
        for _ in range(60):
            r = a.post(a.add(200))
            if r.status != 200:
                break
            acknowledged = r.json["durable"]
        tap.same((r.status, r.type), (507, "disk-full"), "a full disk is said")
        tap.ok(bool(r.json.get("remedy")), "with a remedy")
        tap.same(a.call("GET", "/agent/v1/durable").json["durable"], acknowledged, "nothing beyond the last reply is claimed")
        subprocess.run(["mount", "-o", "remount,size=64m", at], check=True)
        r = a.post(a.lines[acknowledged:])
        tap.same((r.status, (r.json or {}).get("durable")), (200, len(a.lines)), "with room again the same batch is taken")
        hub.stop()
    finally:
        subprocess.run(["umount", "-l", at])


def test_kill(hub, a, rounds=20):
    """kill -9 while batches are on their way: what was acknowledged must be there, and nothing else in between."""
    lost, acked = [], a.call("GET", "/agent/v1/durable").json["durable"]
    for i in range(rounds):
        said = [acked]

        def pour():
            try:
                while True:
                    lines = a.lines[said[-1]:] + a.add(20)
                    r = a.post(lines[:2000], timeout=5)
                    if r.status != 200:
                        return
                    said.append(r.json["durable"])
            except (OSError, http.client.HTTPException, ssl.SSLError):
                return

        t = threading.Thread(target=pour)
        t.start()
        time.sleep(random.uniform(0.01, 0.25))
        hub.kill()
        t.join(20)
        hub.start()
        d = a.call("GET", "/agent/v1/durable").json
        if d["durable"] < said[-1] or d["hash"] != (digest(a.lines[d["durable"] - 1]) if d["durable"] else ZEROS):
            lost.append((i, said[-1], d))
        acked = d["durable"]
    tap.same(lost, [], f"{rounds} times kill -9: all {acked} acknowledged records are there")
    r = a.post(a.lines[acked:] or a.add(1))
    tap.same((r.status, r.json["durable"]), (200, len(a.lines)), "and the rest follows without a gap")
    rows = hub.sql("SELECT seq, line FROM records WHERE agent_id=? ORDER BY seq", a.id)
    tap.ok([x[0] for x in rows] == list(range(1, len(a.lines) + 1)) and [x[1] for x in rows] == a.lines, "every record once, in order, byte for byte")


def test_backup(hub, work, a):
    """A backup under load, a restore into a fresh folder: the agent sends what the backup lacks, and each record is there once."""
    file, over, failed = os.path.join(work, "backup.db"), threading.Event(), []

    def pour():
        while not over.is_set():
            r = a.post(a.add(20))
            if r.status != 200:
                failed.append(r.status)

    t = threading.Thread(target=pour)
    t.start()
    time.sleep(0.2)
    r = hub.run("backup", file)
    over.set()
    t.join(30)
    tap.ok(r.returncode == 0 and os.path.exists(file) and not failed, "a backup while an agent uploads", (r.stderr, failed[:3]))
    tap.same(os.stat(file).st_mode & 0o777, 0o600, "is private")
    tap.same(hub.run("backup", file).returncode, 1, "and is never written over")
    tap.ok(hub.run("restore", file).returncode == 1, "no restore under a hub that runs")
    a.post(a.add(7))
    store, Hub.store = Hub.store, None
    fresh = Hub(" ".join(map(shlex.quote, hub.command)), work, "restored")
    try:
        os.makedirs(fresh.data, mode=0o700)
        shutil.copy(os.path.join(hub.data, "ca.key"), fresh.data)
        r = fresh.run("restore", file)
        tap.same((r.returncode, r.stderr), (0, ""), "a restore into a fresh folder")
        fresh.start()
        a.hub = fresh
        d = a.call("GET", "/agent/v1/durable").json
        tap.ok(0 < d["durable"] < len(a.lines) and d["hash"] == digest(a.lines[d["durable"] - 1]), f"the restored hub knows the agent, with {d['durable']} of {len(a.lines)} records", d)
        r = a.post(a.lines[d["durable"]:])
        tap.same((r.status, r.json["durable"]), (200, len(a.lines)), "which sends the rest")
        rows = fresh.sql("SELECT seq, line FROM records WHERE agent_id=? ORDER BY seq", a.id)
        tap.ok([x[0] for x in rows] == list(range(1, len(a.lines) + 1)) and [x[1] for x in rows] == a.lines, "every record once, in order, byte for byte")
        tap.same(fresh.sql("SELECT count(*) FROM jobs")[0], fresh.sql("SELECT sum(jobs) FROM usage_days WHERE kind=1")[0], "and the sums fit the jobs")
        fresh.stop()
    finally:
        if fresh.p and fresh.p.poll() is None:
            fresh.stop()
        Hub.store, a.hub = store, hub


def test_erase(hub, a):
    user = hub.sql("SELECT user_name FROM jobs WHERE user_name<>'' LIMIT 1")[0][0]
    jobs = hub.sql("SELECT count(*) FROM jobs WHERE lower(user_name)=lower(?)", user)[0][0]
    sums = hub.sql("SELECT kind, sum(jobs), sum(pages) FROM usage_days GROUP BY kind ORDER BY kind")
    r = hub.run("erase", "--user", user)
    tap.ok(r.returncode == 0 and f"from {jobs} jobs" in r.stdout, f"a person is erased from {jobs} jobs while the hub runs", r.stdout + r.stderr)
    tap.same(hub.sql("SELECT count(*) FROM jobs WHERE lower(user_name)=lower(?)", user)[0][0], 0, "no job has the name")
    tap.same(hub.sql("SELECT kind, sum(jobs), sum(pages) FROM usage_days GROUP BY kind ORDER BY kind"), sums, "the sums are what they were")
    tap.same(hub.run("erase", "--user", "").returncode, 2, "an empty name is wrong use")
    r = a.post(a.add(3))
    tap.same((r.status, r.json["durable"]), (200, len(a.lines)), "and the agent goes on")


def test_stop(hub, c):
    host, port = hub.console.rsplit(":", 1)
    with socket.create_connection((host, int(port)), timeout=20) as plain, c.context.wrap_socket(plain, server_hostname="localhost") as s:
        s.sendall(f"GET /api/v1/events HTTP/1.1\r\nHost: {hub.console}\r\nCookie: {c.cookie}\r\n\r\n".encode())
        s.recv(100)
        begun = time.monotonic()
        code = hub.stop()
        tap.ok(code == 0 and time.monotonic() - begun < 8, f"SIGTERM ends it with 0, though a stream is open ({time.monotonic() - begun:.1f} s)", code)


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--hub", default=os.environ.get("PLATEN_HUB") or os.path.join(os.environ.get("PLATEN_BIN", os.path.join(TOP, "build/linux/bin")), "platen-hub"))
    p.add_argument("--quick", action="store_true", help="leave out the slow clients, the full disk and kill -9")
    p.add_argument("--store")
    p.add_argument("--rounds", type=int, default=20, help="of kill -9")
    args = p.parse_args()
    Hub.store = args.store
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
        test_unchanged(hub, c, a)
        test_overview(hub, c, a)
        test_revoke(hub, c, work, key)
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
