# SPDX-License-Identifier: Apache-2.0
"""Enforcement end to end on Linux: jobs kept back until they are whole, denied, asked for, held, released, redirected; and what happens when the
service, the spooler's side or a disk is not there. The spooler that the service prints to is a script that runs `printjob`, as Windows' runs the
monitor: what it prints goes through the monitor's portable half again."""
import base64
import hashlib
import json
import os
import pwd
import shutil
import stat
import struct
import socket
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from lab import Failure, Lab, Tap, wait_until  # noqa: E402


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
     "search": 83, "limit": 84, "act": 85, "until": 86, "used": 87, "unit": 88, "kind": 89}
TAGS = {v: k for k, v in T.items()}
TEXTS = {"queue", "document", "message", "cost", "rule", "account", "name", "unit"}
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
        expect(p.returncode == code, f"printjob: exit code {p.returncode}: {p.stdout} {p.stderr}")
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


def denied_by_pages():
    with Gate(policy(when_pages(5, "deny"))) as g:
        doc, answer, name = g.print(6, code=1)
        expect(answer["outcome"] == "refused", f"{answer}")
        r = g.record(name)
        p = r["policy"]
        expect(r["outcome"] == "refused" and r["analysis"]["pages"] == 6 and p["action"] == "denied" and p["rule"] == "pages" and p["version"] == 7, f"{r}")
        expect("pages 6 is 5 or more" in p["explanation"] and p["message"] == "Too many pages." and p["user_notified"] is False, f"{p}")
        g.printed(doc, 0)
        g.no_files()
        doc, answer, name = g.print(4)
        expect(answer["outcome"] == "printed", f"{answer}")
        g.printed(doc)
        expect(g.record(name)["policy"]["action"] == "printed", "released")
        g.no_files()


def headers_stream():
    with Gate(policy({"id": "q", "when": {"queue": "Other"}, "then": "deny"})) as g:
        doc, answer, name = g.print(3)
        g.printed(doc)
        expect("keeps" not in open(g.lab.log("service")).read() and not g.gate_files(), "no gate file was made")
        expect(not any("gate" in n for n in os.listdir(g.lab.data) if n != "gate"), "nothing else")


def held_and_expired():
    with Gate(policy(when_pages(2, {"hold": {"hours": 1}}))) as g:
        doc, answer, name = g.print(2)
        expect(answer["outcome"] == "taken", f"{answer}")
        expect([s for _, s in g.held()] == [1], f"{g.held()}")
        expect(len(g.gate_files()) == 1 and g.gate_files()[0].endswith(".held"), f"{g.gate_files()}")
        expect(stat.S_IMODE(os.stat(os.path.join(g.lab.data, "gate", g.gate_files()[0])).st_mode) == 0o600, "private")
        g.lab.service.stop(9)
        g.start()
        expect([s for _, s in g.held()] == [1] and not g.records(name), "it is held over a restart")
        g.printed(doc, 0)


def released_once():
    with Gate(policy(when_pages(2, {"hold": {"hours": 1}}))) as g:
        doc, _, name = g.print(3)
        u = User(g.lab)
        jobs = u.list("JOBS?", limit=10)
        expect(len(jobs) == 1 and jobs[0]["state"] == 1 and jobs[0]["document"] == name and jobs[0]["pages"] == 3 and jobs[0]["rule"] == "pages", f"{jobs}")
        g.lab.service.stop(9)
        g.start()
        u = User(g.lab)
        expect(u.ask("ACT", uid=jobs[0]["uid"], act=1)[0] == "TAKEN", "released")
        g.printed(doc)
        r = g.record(name)
        expect(r["outcome"] == "printed" and r["user"] == ME and r["document"] == name and r["analysis"]["pages"] == 3, f"{r}")
        expect(r["policy"]["action"] == "held" and r["bytes"] == len(doc), f"{r['policy']}")
        k, f = u.ask("ACT", uid=jobs[0]["uid"], act=1)
        expect(k == "ERROR" and f["code"] == 1, f"{k} {f}")
        g.no_files()
        jobs = u.list("JOBS?")
        expect(len(jobs) == 1 and jobs[0]["state"] == 2, f"{jobs}")
        # Its copy, printed by somebody who read the title in the queue: nothing comes out, nothing is counted for it.
        title = open(os.path.join(g.spool, "titles")).read().strip()
        subprocess.run(g.lab.printjob_args([g.file], document=title), timeout=30, stdout=subprocess.DEVNULL)
        g.printed(doc)
        expect(len(g.records(name)) == 1, "recorded once")


def deleted_by_its_owner():
    with Gate(policy(when_pages(2, "hold"))) as g:
        doc, _, name = g.print(3)
        u = User(g.lab)
        uid = u.list("JOBS?")[0]["uid"]
        expect(u.ask("ACT", uid=uid, act=0)[0] == "TAKEN", "deleted")
        r = g.record(name)
        expect(r["outcome"] == "cancelled" and "deleted" in r["error"], f"{r}")
        g.printed(doc, 0)
        g.no_files()


def somebody_elses_job():
    with Gate(policy(when_pages(2, "hold"))) as g:
        g.print(3, user="somebody")
        u = User(g.lab)
        uid = bytes.fromhex(g.held()[0][0])
        expect(u.list("JOBS?") == [], "not in the list")
        unknown = u.ask("ACT", uid=bytes(16), act=1)
        for kind, fields in (("ACT", {"act": 1}), ("ACT", {"act": 0}), ("ANSWER", {"answer": 1})):
            expect(u.ask(kind, uid=uid, **fields) == unknown, "the same words as for a job that does not exist")
        expect(len(g.held()) == 1, "it is held")


def asked(then, n=3, **more):
    return policy(when_pages(2, then, **more))


def answered_yes():
    with Gate(asked({"warn": {"seconds": 60}})) as g:
        u, second = User(g.lab), User(g.lab)
        doc, answer, name = g.print(3)
        expect(answer["outcome"] == "taken", f"{answer}")
        q = u.wait("ASK")
        expect(q["asks"] == 1 and q["document"] == name and q["pages"] == 3 and 0 < q["seconds"] <= 60 and q["silence"] == 0 and
               q["message"] == "Too many pages.", f"{q}")
        expect(second.wait("ASK")["uid"] == q["uid"], "every session is asked")
        g.printed(doc, 0)
        expect(u.ask("ANSWER", uid=q["uid"], answer=1)[0] == "TAKEN", "taken")
        expect(second.wait("OVER")["uid"] == q["uid"], "the other one is told")
        g.printed(doc)
        r = g.record(name)
        expect(r["outcome"] == "printed" and r["policy"]["answer"] == "print" and r["policy"]["user_notified"] is True, f"{r}")
        k, f = second.ask("ANSWER", uid=q["uid"], answer=0)
        expect(k == "ERROR" and f["code"] in (1, 3), f"{k} {f}")


def answered_no():
    with Gate(asked("warn")) as g:
        u = User(g.lab)
        doc, _, name = g.print(3)
        q = u.wait("ASK")
        expect(u.ask("ANSWER", uid=q["uid"], answer=0)[0] == "TAKEN", "taken")
        r = g.record(name)
        expect(r["outcome"] == "cancelled" and r["policy"]["answer"] == "cancel", f"{r}")
        g.printed(doc, 0)


def nobody_answers():
    for silence, times, outcome in (("print", 1, "printed"), ("cancel", 0, "cancelled")):
        with Gate(asked({"warn": {"seconds": 5, "silence": silence}})) as g:
            u = User(g.lab)
            doc, _, name = g.print(3)
            u.wait("ASK")
            r = g.record(name)
            expect(r["outcome"] == outcome and r["policy"]["answer"] == "none", f"{r}")
            expect(u.wait("OVER"), "over")
            g.printed(doc, times)


def no_tray():
    with Gate(asked({"warn": {"silence": "cancel"}})) as g:
        doc, answer, name = g.print(3)
        expect(answer["outcome"] == "printed" and g.record(name)["policy"]["action"] == "printed", "a popup that nobody can see strands no job")
    with Gate(asked({"warn": {"else": "deny"}})) as g:
        doc, answer, name = g.print(3, code=1)
        expect(answer["outcome"] == "refused" and g.record(name)["policy"]["action"] == "denied", "or is denied, if the rule says so")


def asked_over_a_restart():
    with Gate(asked({"warn": {"seconds": 60, "silence": "cancel"}})) as g:
        u = User(g.lab)
        doc, _, name = g.print(3)
        q = u.wait("ASK")
        g.lab.service.stop(9)
        g.start()
        u = User(g.lab)
        again = u.wait("ASK")
        expect(again["uid"] == q["uid"] and again["seconds"] <= q["seconds"], "the same question")
        expect(u.ask("ANSWER", uid=q["uid"], answer=1)[0] == "TAKEN", "taken")
        g.lab.service.stop(9)
        g.start()
        u = User(g.lab)
        g.printed(doc, seconds=60)  # half a minute, if the service was killed while it gave it to the spooler
        expect(g.record(name)["outcome"] == "printed", "printed")
        u.quiet()  # it is not asked again


def pin(code, name, kind, digits):
    salt, rounds = bytes(range(16)), 1000
    salt_text, h = (base64.urlsafe_b64encode(x).decode().rstrip("=") for x in (salt, hashlib.pbkdf2_hmac("sha256", digits.encode(), salt, rounds)))
    return {"code": code, "name": name, "kind": kind, "parent": None, "pin": f"pbkdf2-sha256${rounds}${salt_text}${h}"}


def accounts():
    rule = {"account": {"ask": ["matter"], "required": True, "pin": True, "seconds": 60, "else": "deny"}}
    with Gate(asked(rule)) as g:
        g.set({"v": 1, "accounts": [pin("M-1", "Miller v. Smith", "matter", "4711"), {"code": "C-1", "name": "Miller", "kind": "client"},
                                    {"code": "M-2", "name": "Other", "kind": "matter"}]}, "accounts.json")
        u = User(g.lab)
        doc, _, name = g.print(3)
        q = u.wait("ASK")
        expect(q["asks"] == 2 and q["wanted"] == 2 and q["required"] == 1 and q["pin"] == 1, f"{q}")
        found = u.list("ACCOUNTS?", search="mill")
        expect([(a["account"], a["kind"], a["pin"]) for a in found] == [("M-1", 2, 1), ("C-1", 1, 0)], f"{found}")
        expect(u.list("ACCOUNTS?", wanted=2) == [], "no recent ones yet")
        for wrong in ({}, {"account": "M-9"}, {"account": "C-1"}, {"account": "M-1"}, {"account": "M-1", "pin": "0815"}):
            k, f = u.ask("ANSWER", uid=q["uid"], answer=1, **wrong)
            expect(k == "ERROR" and f["code"] == 4, f"{wrong}: {k} {f}")
        k, _ = u.ask("ANSWER", uid=q["uid"], answer=1, account="M-1", pin="4711", minutes=5)
        expect(k == "TAKEN", "taken")
        g.printed(doc)
        expect(g.record(name)["policy"]["account"] == "M-1", "in the record")
        doc, answer, name = g.print(4)
        expect(answer["outcome"] == "printed" and g.record(name)["policy"]["account"] == "M-1", "kept for the next job")
        expect([(a["account"], a["flags"]) for a in u.list("ACCOUNTS?")] == [("M-1", 1)], "recent")
        u.list("BALANCE")
    with Gate(asked({"account": {"ask": "matter", "required": True, "seconds": 5, "else": "deny"}})) as g:
        u = User(g.lab)
        doc, _, name = g.print(3)
        u.wait("ASK")
        expect(g.record(name)["outcome"] == "cancelled", "without an account nothing prints")
        g.printed(doc, 0)


def held_then_asked():
    with Gate(asked(["hold", "warn"])) as g:
        u = User(g.lab)
        doc, _, name = g.print(3)
        expect(u.wait("NOTICE")["kind"] == 3, "held")
        uid = u.list("JOBS?")[0]["uid"]
        expect(u.ask("ACT", uid=uid, act=1)[0] == "TAKEN", "released")
        asks = [f for k, f in u.seen if k == "ASK"] or [u.wait("ASK")]
        expect(u.ask("ANSWER", uid=asks[0]["uid"], answer=1)[0] == "TAKEN", "answered")
        g.printed(doc)
        r = g.record(name)
        expect(r["outcome"] == "printed" and r["policy"]["action"] == "held" and r["policy"]["answer"] == "print", f"{r}")
        expect(not [f for k, f in u.seen[1:] if k == "ASK"], "asked once")


def redirected():
    with Gate(asked({"redirect": "Big"})) as g:
        doc, answer, name = g.print(3)
        expect(answer["outcome"] == "taken", f"{answer}")
        g.printed(doc)
        r = g.record(name)
        expect(r["queue"] == "Big" and r["policy"]["action"] == "redirected" and r["user"] == ME, f"{r}")
    with Gate(asked({"redirect": "Nowhere"})) as g:
        doc, answer, name = g.print(3)
        g.printed(doc)
        r = g.record(name)
        expect(r["queue"] == "Office" and "not redirected" in r["policy"]["note"], f"{r}")
    with Gate(asked({"redirect": {"queue": "Nowhere", "else": "deny"}})) as g:
        doc, answer, name = g.print(3)
        expect(g.record(name)["outcome"] == "failed", "not printed elsewhere")
        g.printed(doc, 0)


def rewritten():
    with Gate(asked({"duplex": "force"})) as g:
        doc, answer, name = g.print(3)
        expect(answer["outcome"] == "printed", f"{answer}")
        r = g.record(name)
        out = g.lab.printed()
        expect(r["policy"]["action"] == "converted" and r["analysis"]["duplex"] == "long" and r["analysis"]["pages"] == 3 and r["analysis"]["sheets"] == 2, f"{r}")
        expect(len(out) == 1 and out[0] != doc and b"Duplex" in out[0] and len(out[0]) == r["bytes"], "the new job is at the printer")
        g.no_files()
    labels = b"^XA^FO50,50^FDhello^FS^XZ\n" * 3
    for how, outcome, code in (({"how": "force"}, "printed", 0), ({"how": "force", "else": "deny"}, "refused", 1)):
        with Gate(asked({"duplex": how})) as g:  # labels have no back
            doc, answer, name = g.print(3, code=code, raw=labels)
            r = g.record(name)
            expect(answer["outcome"] == outcome and "duplex: " in r["policy"]["note"], f"{r}")
            g.printed(doc, code == 0)
            g.no_files()


def offered():
    with Gate(asked({"duplex": "offer"})) as g:
        u = User(g.lab)
        for yes in (1, 0):
            doc, answer, name = g.print(3)
            q = u.wait("ASK")
            expect(q["asks"] == 4, f"{q}")
            expect(u.ask("ANSWER", uid=q["uid"], answer=1, duplex=yes)[0] == "TAKEN", "taken")
            r = g.record(name)
            expect(r["outcome"] == "printed" and (r["analysis"]["duplex"] == "long") == bool(yes) and r["policy"]["action"] == "asked", f"{r}")
            expect("note" not in r["policy"], f"{r}")
            g.printed(doc, 0 if yes else 1)
        g.no_files()


def no_room():
    for rule, outcome, times in ((), "printed", 1), (("--refuse",), "refused", 0):
        with Gate(policy(when_pages(2, "deny")), GateJobMiB=1) as g:
            doc, answer, name = g.print(60, *rule, code=0 if times else 1)  # 2 MB
            expect(answer["outcome"] == outcome, f"{answer}")
            g.printed(doc, times)
            r = g.record(name)
            expect(r["outcome"] == outcome and "port's rule" in r["policy"]["note"] and r["bytes"] == len(doc), f"{r}")
            g.no_files()


def spooler_down():
    with Gate(policy(when_pages(2, "hold"))) as g:
        doc, _, name = g.print(3)
        u = User(g.lab)
        open(os.path.join(g.spool, "down"), "w").close()
        u.ask("ACT", uid=u.list("JOBS?")[0]["uid"], act=1)
        time.sleep(1)
        expect(g.held() and not g.records(name), "it waits")
        os.remove(os.path.join(g.spool, "down"))
        g.printed(doc)
        expect(g.record(name)["outcome"] == "printed", "printed")


def shadow_and_cost():
    prices = {"v": 1, "currency": "EUR", "tables": [{"from": "2020-01-01", "rows": [{"id": "all", "mono_page": "0.10"}]}]}
    with Gate() as g:
        g.set(prices, "prices.json")
        g.set(policy({"id": "dear", "when": {"cost": {"min": "0.50"}}, "then": "deny"}, {"id": "trial", "when": {"pages": {"min": 2}}, "then": "deny", "shadow": True}))
        time.sleep(3)
        doc, answer, name = g.print(4)
        p = g.record(name)["policy"]
        expect(answer["outcome"] == "printed" and p["cost"] == 400000 and p["currency"] == "EUR" and p["would"] == "denied" and p["action"] == "printed", f"{p}")
        doc, answer, name = g.print(5, code=1)
        p = g.record(name)["policy"]
        expect(answer["outcome"] == "refused" and p["cost"] == 0 and p["rule"] == "dear", f"{p}")


def again():
    with Gate(policy({"id": "twice", "when": {"again": {"within": 10}}, "then": "deny"})) as g:
        doc, answer, name = g.print(3)
        expect(answer["outcome"] == "printed", "the first time")
        g.record(name)
        g.n -= 1
        doc, answer, name = g.print(3, code=1)
        expect(answer["outcome"] == "refused", "the second time")


def quotas():
    set_ = policy({"id": "over", "when": {"over_quota": "q"}, "then": "deny", "message": "Used up."},
                  quotas=[{"id": "q", "of": "user", "per": "day", "unit": "pages", "limit": 10}])
    with Gate(set_) as g:
        for pages, code, used in ((6, 0, 6), (5, 1, 6), (4, 0, 10), (1, 1, 10)):
            doc, answer, name = g.print(pages, code=code)
            g.record(name)
            u = User(g.lab, watch=False)
            got = u.list("BALANCE")
            expect([(b["name"], b["used"], b["limit"], b["unit"]) for b in got] == [("q", used, 10, "pages")], f"{pages}: {got}")
        doc, answer, name = g.print(8, user="somebody")
        expect(answer["outcome"] == "printed", "everybody has his own")


def main():
    cases = [denied_by_pages, headers_stream, held_and_expired, released_once, deleted_by_its_owner, somebody_elses_job, answered_yes, answered_no,
             nobody_answers, no_tray, asked_over_a_restart, accounts, held_then_asked, redirected, rewritten, offered, no_room, spooler_down,
             shadow_and_cost, again, quotas]
    tap = Tap()
    for case in cases:
        if len(sys.argv) < 2 or case.__name__ in sys.argv[1:]:
            tap.run(case.__name__.replace("_", " "), case)
    tap.exit()


if __name__ == "__main__":
    main()
