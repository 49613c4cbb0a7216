# SPDX-License-Identifier: Apache-2.0
"""A hub, a service and a virtual printer on loopback in a folder of their own: what the end-to-end tests start, kill and look into.

Every process is started by this file and ended by the id it got. Nothing here is a double: hub, service, worker and the monitor's
portable half are the product's own programs; `printjob` plays the spooler around the last."""
import base64
import http.client
import json
import os
import signal
import socket
import sqlite3
import ssl
import subprocess
import sys
import tempfile
import time

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(TOP, "tests/api"))
import contract  # noqa: E402


class Failure(Exception):
    """Something did not come out as it must; the message says what."""


def wait_until(what, fn, seconds, pause=0.05):
    """Polls fn until it gives something true; Failure with `what` after `seconds`."""
    end = time.monotonic() + seconds
    while True:
        value = fn()
        if value:
            return value
        if time.monotonic() > end:
            raise Failure(f"{what}: not within {seconds} s")
        time.sleep(pause)


class Process:
    """One child with its output in a file."""

    def __init__(self, args, log, env=None):
        self.log = log
        self.name = os.path.basename(args[0])
        with open(log, "ab") as out:
            self.p = subprocess.Popen(args, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=out, env={**os.environ, **(env or {})})

    def alive(self):
        return self.p.poll() is None

    def stop(self, sig=signal.SIGTERM, seconds=20):
        if self.alive():
            self.p.send_signal(sig)
        try:
            self.p.wait(seconds)
        except subprocess.TimeoutExpired:
            self.p.kill()
            self.p.wait()
            raise Failure(f"{self.name} did not end within {seconds} s of signal {sig}")
        finally:
            self.p.stdout.close()
        return self.p.returncode


class Lab:
    def __init__(self, bin_dir=None, tenant="Acme"):
        self.bin = bin_dir or os.environ.get("PLATEN_BIN") or os.path.join(TOP, "build/linux/bin")
        self.dir = tempfile.mkdtemp(prefix="platen-lab-")
        self.data = os.path.join(self.dir, "pc")
        self.hub_data = os.path.join(self.dir, "hub")
        self.paper = os.path.join(self.dir, "paper")
        for d in (self.data, self.hub_data, self.paper):
            os.mkdir(d)
        self.tenant = tenant
        self.hub = self.service = self.printer = None
        self.agents_url = self.console_url = None
        self.password = None

    def program(self, name):
        return os.path.join(self.bin, name)

    def log(self, name):
        return os.path.join(self.dir, name + ".log")

    # -- hub

    def start_hub(self, env=None, extra=()):
        args = [self.program("platen-hub"), "serve", "--data", self.hub_data, "--print-addresses"]
        args += ["--agents", self._address(self.agents_url), "--console", self._address(self.console_url), *extra]
        self.hub = Process(args, self.log("hub"), env)
        line = self._line_with(self.hub, "agents")
        self.agents_url, self.console_url = line["agents"], line["console"]
        first = os.path.join(self.hub_data, "first-login.txt")
        if self.password is None and os.path.exists(first):
            self.first_login = open(first).read()
        return line

    @staticmethod
    def _address(url):
        return url.split("//")[1].rstrip("/").replace("localhost", "127.0.0.1") if url else "127.0.0.1:0"

    def _line_with(self, process, key):
        """The first JSON line of a process's stdout that has the key."""
        while True:
            line = process.p.stdout.readline()
            if not line:
                raise Failure(f"{process.name} ended at start: {open(process.log).read()[-2000:]}")
            try:
                found = json.loads(line)
            except ValueError:
                continue
            if key in found:
                return found

    def key(self, *extra):
        out = subprocess.run([self.program("platen-hub"), "key", "create", "--tenant", self.tenant, "--data", self.hub_data, "--json", *extra],
                             check=True, capture_output=True, text=True)
        return json.loads(out.stdout)["key"]

    # -- the PC

    def settings(self, **values):
        with open(os.path.join(self.data, "platen.conf"), "a") as f:
            for k, v in values.items():
                f.write(f"{k} = {v}\n")

    def start_service(self, env=None, wait=True):
        self.service = Process([self.program("platen-service"), "--data", self.data, "--verbose"], self.log("service"), env)
        if wait:
            wait_until("the service's pipe", self._pipe_answers, 20)
        return self.service

    def _pipe_answers(self):
        if not self.service.alive():
            raise Failure(f"the service ended at start: {open(self.log('service')).read()[-2000:]}")
        return not self.nobody_answers()

    def nobody_answers(self):
        s = socket.socket(socket.AF_UNIX)
        try:
            s.connect(os.path.join(self.data, "run/user.sock"))
            return False
        except OSError:
            return True
        finally:
            s.close()

    def start_printer(self, *extra):
        self.printer = Process([self.program("printer"), "--port", "0", "--dir", self.paper, *extra], self.log("printer"))
        self.printer_port = self._line_with(self.printer, "port")["port"]
        return self.printer_port

    def printjob_args(self, files, *extra, document=None):
        args = [self.program("printjob"), "--data", self.data, "--target", f"tcp:127.0.0.1:{self.printer_port}", "--queue", "Office", "--user", "mia"]
        if document:
            args += ["--document", document]
        return args + list(extra) + list(files)

    def platen(self, *args, check=False):
        return subprocess.run([self.program("platen"), args[0], "--data", self.data, *args[1:]], capture_output=True, text=True, check=check, timeout=60)

    # -- looking into it

    def rows(self, sql, *values):
        """Rows of the PC's ledger, read without disturbing the service."""
        db = sqlite3.connect(f"file:{os.path.join(self.data, 'ledger.db')}?mode=ro", uri=True, timeout=10)
        try:
            return db.execute(sql, values).fetchall()
        finally:
            db.close()

    def journal(self):
        d = os.path.join(self.data, "journal")
        return sorted(os.listdir(d)) if os.path.isdir(d) else []

    def settled(self):
        """Nothing open, nothing in the journal, everything at the hub."""
        if [f for f in self.journal() if f.endswith(".job")] or self.rows("select 1 from open_job"):
            return False
        last = self.rows("select coalesce(max(seq),0) from record")[0][0]
        acked = self.rows("select coalesce((select value from meta where key='acked'),0)")[0][0]
        return last == acked

    def printed(self):
        """The bytes of each sheet stack that came out of the virtual printer, oldest first."""
        return [open(os.path.join(self.paper, f), "rb").read() for f in sorted(os.listdir(self.paper)) if f.endswith(".prn")]

    # -- the console's API

    def api(self):
        return Api(self)

    def close(self):
        for p in (self.service, self.hub, self.printer):
            if p and p.alive():
                p.stop()


class Api:
    """A signed-in session at the hub's console. The one-time password is changed, as the hub demands."""

    def __init__(self, lab):
        self.lab = lab
        self.address = Lab._address(lab.console_url)
        self.context = ssl.create_default_context(cafile=self._ca())
        self.context.check_hostname = False
        self.cookie = self.csrf = None
        if lab.password is None:
            user, once = self._first_login()
            self.sign_in(user, once)
            lab.password = base64.b32encode(os.urandom(15)).decode()
            self.call("PUT", "/api/v1/session/password", {"old": once, "new": lab.password}, expect=204)
        self.sign_in("admin", lab.password)

    def _ca(self):
        for name in ("ca.crt", "hub-ca.crt", "ca.pem"):
            path = os.path.join(self.lab.hub_data, name)
            if os.path.exists(path):
                return path
        raise Failure(f"no CA certificate in {self.lab.hub_data}: {os.listdir(self.lab.hub_data)}")

    def _first_login(self):
        words = dict(line.split(":", 1) for line in self.lab.first_login.splitlines() if ":" in line)
        words = {k.strip().lower(): v.strip() for k, v in words.items()}
        return words.get("user", words.get("name", "admin")), words["password"]

    def call(self, method, path, body=None, expect=200):
        c = http.client.HTTPSConnection(self.address, context=self.context, timeout=30)
        headers = {"Content-Type": "application/json"} if body is not None else {}
        if self.cookie:
            headers["Cookie"] = self.cookie
        if self.csrf and method != "GET":
            headers["X-CSRF-Token"] = self.csrf
        c.request(method, path, json.dumps(body) if body is not None else None, headers)
        r = c.getresponse()
        data = r.read()
        cookie = r.getheader("Set-Cookie")
        if cookie:
            self.cookie = cookie.split(";")[0]
        c.close()
        contract.check(method, path, r.status, r.headers, data)
        if expect and r.status != expect:
            raise Failure(f"{method} {path}: HTTP {r.status}: {data[:400]!r}")
        return json.loads(data) if data and "json" in (r.getheader("Content-Type") or "") else data

    def sign_in(self, name, password):
        self.cookie = self.csrf = None
        self.csrf = self.call("POST", "/api/v1/session", {"name": name, "password": password})["csrf"]

    def jobs(self):
        """Every job of the hub, page by page."""
        items, cursor = [], ""
        while True:
            page = self.call("GET", "/api/v1/jobs?limit=200" + (f"&cursor={cursor}" if cursor else ""))
            items += page["items"]
            cursor = page.get("next")
            if not cursor:
                return items


class Tap:
    """Prints TAP lines and remembers whether all were ok."""

    def __init__(self):
        self.n = self.bad = 0

    def check(self, ok, name, detail=""):
        self.n += 1
        self.bad += not ok
        print(("ok" if ok else "not ok") + f" {self.n} - {name}" + (f" # {detail}" if detail else ""), flush=True)
        return ok

    def run(self, name, fn, *args):
        """One check; a Failure or any other exception in it is its failure."""
        try:
            detail = fn(*args)
            return self.check(True, name, detail or "")
        except Exception as e:  # noqa: a test must go on to the next
            return self.check(False, name, f"{type(e).__name__}: {e}".replace("\n", " "))

    def exit(self):
        print(f"1..{self.n}")
        raise SystemExit(1 if self.bad else 0)
