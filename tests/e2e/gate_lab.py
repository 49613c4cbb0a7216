# SPDX-License-Identifier: Apache-2.0
"""What tests of the gate share: a PC whose jobs are kept back (Gate), the tray's part on its user pipe (User), documents and rules. The spooler
that the service prints to is a script that runs `printjob`, as Windows' runs the monitor: what it prints goes through the monitor's portable half again."""
import json
import os
import pwd
import shutil
import socket
import stat
import struct
import subprocess
import time

from lab import Failure, Lab, wait_until


def document(pages, tag):
    head = f"%!PS-Adobe-3.0\n%%Title: {tag}\n%%Pages: {pages}\n%%EndComments\n"
    page = "%%%%Page: %d %d\n" + "%% filling to make the job span several frames\n" * 700 + "showpage\n"
    return (head + "".join(page % (i, i) for i in range(1, pages + 1)) + "%%Trailer\n%%EOF\n").encode()


def expect(condition, words):
    if not condition:
        raise Failure(words)


def policy(*rules, **more):
    return {"v": 2, "version": 7, "default": "allow", "rules": list(rules), **more}


ME = pwd.getpwuid(os.geteuid()).pw_name  # whom the user pipe sees in these tests
F = {"WATCH": 0x22, "ASK": 0x23, "ANSWER": 0x24, "TAKEN": 0x25, "OVER": 0x26, "JOBS?": 0x27, "JOB": 0x28, "END": 0x29, "ACT": 0x2A, "ACCOUNTS?": 0x2B,
     "ACCOUNT": 0x2C, "NOTICE": 0x2D, "BALANCE": 0x2E, "ERROR": 0x2F}
NAMES = {v: k for k, v in F.items()}
T = {"uid": 1, "queue": 2, "document": 6, "duplex": 12, "message": 20, "state": 30, "code": 39, "pages": 52, "flags": 60, "asks": 70, "cost": 71, "rule": 72,
     "seconds": 73, "silence": 74, "wanted": 75, "required": 76, "pin": 77, "answer": 78, "account": 79, "name": 80, "grey": 81, "minutes": 82,
     "search": 83, "limit": 84, "act": 85, "until": 86, "used": 87, "unit": 88, "kind": 89, "why": 110}
TAGS = {v: k for k, v in T.items()}
TEXTS = {"queue", "document", "message", "why", "cost", "rule", "account", "name", "unit"}
BYTES = {"uid"}


class User:
    """A client of the user pipe: the tray's part in these tests."""

    def __init__(self, lab, watch=True):
        self.s = socket.socket(socket.AF_UNIX)
        self.s.connect(os.path.join(lab.data, "run/user.sock"))
        self.seen = []
        if watch:
            self.send("WATCH")
            time.sleep(0.2)  # WATCH has no reply

    def send(self, kind, **fields):
        body = b""
        for k, v in fields.items():
            v = v if isinstance(v, bytes) else v.encode() if isinstance(v, str) else struct.pack("<Q", v)
            body += struct.pack("<HH", T[k], len(v)) + v
        self.s.sendall(struct.pack("<IBB", len(body), F[kind], 1) + b"PL" + body)

    def _exactly(self, n):
        data = b""
        while len(data) < n:
            more = self.s.recv(n - len(data))
            if not more:
                raise Failure("the service closed the pipe")
            data += more
        return data

    def frame(self, seconds=10):
        self.s.settimeout(seconds)
        try:
            head = self._exactly(8)
        except socket.timeout:
            raise Failure(f"no frame within {seconds} s") from None
        n, kind = struct.unpack("<IB", head[:5])
        body, out, at = self._exactly(n), {}, 0
        while at < n:
            tag, size = struct.unpack("<HH", body[at:at + 4])
            value, at = body[at + 4:at + 4 + size], at + 4 + size
            name = TAGS.get(tag, tag)
            out[name] = value.decode() if name in TEXTS else value if name in BYTES or size != 8 else struct.unpack("<Q", value)[0]
        return NAMES.get(kind, kind), out

    def wait(self, kind, seconds=10):
        """The next frame of that kind; others are kept in `seen`."""
        end = time.monotonic() + seconds
        while True:
            k, f = self.frame(max(0.1, end - time.monotonic()))
            if k == kind:
                return f
            self.seen.append((k, f))

    def ask(self, kind, **fields):
        """A request and its reply: TAKEN or ERROR, whatever else comes between."""
        self.send(kind, **fields)
        while True:
            k, f = self.frame()
            if k in ("TAKEN", "ERROR"):
                return k, f
            self.seen.append((k, f))

    def list(self, kind, **fields):
        self.send(kind, **fields)
        items = []
        while True:
            k, f = self.frame()
            if k == "END":
                return items
            items.append(f)

    def quiet(self, seconds=1.0):
        """Nothing more comes."""
        try:
            raise Failure(f"unexpected: {self.frame(seconds)}")
        except Failure as e:
            if not str(e).startswith("no frame"):
                raise


def when_pages(n, then, **more):
    return {"id": "pages", "when": {"pages": {"min": n}}, "then": then, "message": "Too many pages.", **more}


SPOOLER = """#!/bin/sh
# What the service gives to a queue: printed through the monitor's half, in the background as a spooler does. A title is known while its job is there.
dir=$(dirname "$0")
token=$(printf %s "$3" | sed 's/.*(platen \\(.*\\))$/\\1/')
case $1 in
has) [ -e "$dir/queue/$token" ] || exit 3 ;;
print)
    [ -e "$dir/down" ] && exit 1
    [ "$2" = Nowhere ] && exit 3
    echo "$3" >>"$dir/titles"
    cp "$4" "$dir/spooled.$token"
    setsid "$dir/despool" "$2" "$3" "$token" </dev/null >>"$dir/log" 2>&1 &
    ;;
esac
"""
DESPOOL = """#!/bin/sh
dir=$(dirname "$0")
: >"$dir/queue/$3"
[ -e "$dir/nameless" ] && set -- "" "$2" "$3" # as Wine's spooler names no queue to a monitor
@PRINTJOB@ --data @DATA@ --target tcp:127.0.0.1:@PORT@ --queue "$1" --user service --document "$2" "$dir/spooled.$3"
rm -f "$dir/queue/$3" "$dir/spooled.$3"
"""


class Gate:
    def __init__(self, set_=None, **settings):
        self.lab = Lab()
        self.file = os.path.join(self.lab.dir, "job.ps")
        self.n = 0
        self.lab.start_printer()
        self.lab.settings(OpenGraceSeconds=2, **settings)
        self.spool = os.path.join(self.lab.dir, "spool")
        os.makedirs(os.path.join(self.spool, "queue"))
        self.script = os.path.join(self.spool, "spooler")
        for name, text in (("spooler", SPOOLER), ("despool", DESPOOL)):
            text = text.replace("@PRINTJOB@", self.lab.program("printjob")).replace("@DATA@", self.lab.data).replace("@PORT@", str(self.lab.printer_port))
            with open(os.path.join(self.spool, name), "w") as f:
                f.write(text)
            os.chmod(os.path.join(self.spool, name), stat.S_IRWXU)
        self.env = {"PLATEN_SPOOLER": self.script}
        if set_:
            self.set(set_)
        self.start()

    def set(self, set_, name="policy.json"):
        with open(os.path.join(self.lab.data, name), "w") as f:
            json.dump(set_, f)

    def start(self, env=None):
        self.lab.start_service({**self.env, **(env or {})})

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.lab.close()
        if os.environ.get("PLATEN_KEEP"):
            print("# kept", self.lab.dir)
        else:
            shutil.rmtree(self.lab.dir, ignore_errors=True)

    def print(self, pages, *extra, code=0, env=None, user=ME, raw=None):
        """Prints a document of its own; gives (its bytes, printjob's answer)."""
        self.n += 1
        name = f"doc {self.n}"
        doc = raw or document(pages, name)
        with open(self.file, "wb") as f:
            f.write(doc)
        args = [self.lab.program("printjob"), "--data", self.lab.data, "--target", f"tcp:127.0.0.1:{self.lab.printer_port}", "--queue", "Office"]
        args += ["--user", user, "--chunk", "16384", "--document", name, *extra, self.file]
        p = subprocess.run(args, capture_output=True, text=True, timeout=90, env={**os.environ, **(env or {})})
        expect(code is None or p.returncode == code, f"printjob: exit code {p.returncode}: {p.stdout} {p.stderr}")
        return doc, json.loads(p.stdout.splitlines()[-1]) if p.stdout else None, name

    def records(self, name):
        return [json.loads(r[0])["job"] for r in self.lab.rows("select line from record where line like ?", f'%"document":"{name}"%')]

    def record(self, name, seconds=20):
        """The one record of a job."""
        wait_until(f"the record of {name}", lambda: self.records(name), seconds)
        found = self.records(name)
        expect(len(found) == 1, f"{len(found)} records of {name}")
        return found[0]

    def printed(self, doc, times=1, seconds=20):
        if times:
            wait_until("at the printer", lambda: self.lab.printed().count(doc) >= times, seconds)
        time.sleep(0.3)
        n = self.lab.printed().count(doc)
        expect(n == times, f"printed {n} times, not {times}")

    def gate_files(self):
        return sorted(os.listdir(os.path.join(self.lab.data, "gate")))

    def held(self):
        return self.lab.rows("select uid, state from held where state<>7")

    def no_files(self):
        wait_until("the gate folder is empty", lambda: not self.gate_files(), 10)
