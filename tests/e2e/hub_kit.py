# SPDX-License-Identifier: Apache-2.0
"""What tests of the real platen-hub stand on: the hub in a folder of its own, agents with their keys and chains, people signed in at the console, TAP.
Each reply of the console's API is held against hub/openapi.json (tests/api). Python's standard library and the openssl command only; every port is the
system's choice on 127.0.0.1, every wait has an end."""
import argparse
import datetime
import gzip
import hashlib
import http.client
import json
import os
import re
import shlex
import shutil
import signal
import socket
import sqlite3
import ssl
import subprocess
import sys
import time
import urllib.parse

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(TOP, "tests/api"))
import contract  # noqa: E402

ZEROS = "0" * 64
PASSWORD = "correct horse battery"


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


def arguments(*more):
    """The command line of a test of the hub; `more`: (name, options) of arguments of its own. --store is the store of every Hub from then on."""
    p = argparse.ArgumentParser()
    p.add_argument("--hub", default=os.environ.get("PLATEN_HUB") or os.path.join(os.environ.get("PLATEN_BIN", os.path.join(TOP, "build/linux/bin")), "platen-hub"))
    p.add_argument("--store", help="an empty PostgreSQL database instead of SQLite")
    for name, options in more:
        p.add_argument(name, **options)
    a = p.parse_args()
    Hub.store = a.store
    return a


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

    def record(self, kind, body):
        """One more record of that type at the end of the chain, as it is; gives its line, in a list."""
        head = {"v": 1, "seq": len(self.lines) + 1, "prev": self.prev, "type": kind, "uid": os.urandom(16).hex(), "at": now(), kind: body}
        self.lines.append(json.dumps(head, separators=(",", ":"), ensure_ascii=False))
        self.prev = digest(self.lines[-1])
        return self.lines[-1:]

    def send(self, *records):
        """Records of (type, object); the reply's status."""
        return self.post([line for kind, body in records for line in self.record(kind, body)]).status

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

    def settle(self, name, one_time, password=PASSWORD):
        """Signs in with a one-time password and makes it one's own."""
        self.sign_in(name, one_time)
        self.call("PUT", "/api/v1/session/password", {"old": one_time, "new": password})
        return self.sign_in(name, password)


class Person(Console):
    """Somebody with a role and a tenant, signed in with a password of their own."""

    def __init__(self, hub, admin, name, role, tenant):
        super().__init__(hub)
        self.name, self.role, self.tenant = name, role, tenant
        r = admin.call("POST", "/api/v1/users", {"name": name, "role": role, "tenant": tenant})
        if r.status != 200:
            raise SystemExit(f"{name} could not be made: {r.status} {r.body}")
        self.settle(name, r.json["one_time_password"])


def administrator(hub, password=PASSWORD):
    """The first one, whose one-time password the hub left in its folder."""
    c = Console(hub)
    with open(os.path.join(hub.data, "first-login.txt")) as f:
        c.settle("admin", f.read().split()[-1], password)
    return c


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
