# SPDX-License-Identifier: Apache-2.0
"""The agent against bad input and bad luck: keys, certificates, hubs, pipes, journals, disks. Each case says what a person must read, and
that no job is lost or counted twice over it."""
import json
import os
import random
import shutil
import socket
import struct
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from lab import Failure, Lab, Process, Tap, wait_until  # noqa: E402

PS = b"%!PS-Adobe-3.0\n%%Pages: 2\n%%EndComments\n%%Page: 1 1\nshowpage\n%%Page: 2 2\nshowpage\n%%EOF\n"


def expect(condition, words):
    if not condition:
        raise Failure(words)


class Case:
    """A lab with a printer; hub and service are started by the case."""

    def __init__(self, hub=True):
        self.lab = Lab()
        self.file = os.path.join(self.lab.dir, "job.ps")
        with open(self.file, "wb") as f:
            f.write(PS)
        self.lab.start_printer()
        if hub:
            self.lab.start_hub()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.lab.close()
        if not os.environ.get("PLATEN_KEEP"):
            shutil.rmtree(self.lab.dir, ignore_errors=True)

    def status(self):
        r = self.lab.platen("status", "--json")
        return json.loads(r.stdout) if r.returncode == 0 else {"state": "", "message": r.stderr}

    def says(self, state, *words, seconds=15):
        """The service comes to the state, and its message holds the words."""
        def look():
            s = self.status()
            return s["state"] == state and all(w.lower() in s["message"].lower() for w in words)
        try:
            wait_until("state", look, seconds, 0.2)
        except Failure:
            raise Failure(f"expected '{state}' with {words}, the service says {self.status()}") from None

    def print(self, document="a job", *extra):
        p = subprocess.run(self.lab.printjob_args([self.file], *extra, document=document), capture_output=True, text=True, timeout=60)
        expect(p.stdout, f"printjob: exit code {p.returncode}, {p.stderr}")
        answer = json.loads(p.stdout.splitlines()[-1])
        expect(p.returncode == 0 or answer["outcome"] == "refused", f"printjob: {answer}")
        return answer

    def enrol(self, key=None):
        self.lab.settings(HubUrl=self.lab.agents_url, EnrollKey=key or self.lab.key())

    def arrives(self, count):
        """The hub ends with exactly that many jobs."""
        wait_until("everything sent", self.lab.settled, 30)
        jobs = self.lab.api().jobs()
        expect(len(jobs) == count, f"{len(jobs)} jobs at the hub, expected {count}")
        return jobs


def bad_key(tap, name, key, *words, state="refused", url=None):
    """A key that does not enrol; a job printed meanwhile is there after a good one."""
    def run():
        with Case() as c:
            c.lab.settings(HubUrl=url or c.lab.agents_url, EnrollKey=key(c) if callable(key) else key)
            c.lab.start_service()
            c.says(state, *words)
            c.print("printed before enrolment")
            c.lab.service.stop()
            os.remove(os.path.join(c.lab.data, "platen.conf"))
            c.enrol()
            c.lab.start_service()
            c.arrives(1)
    tap.run(name, run)


def foreign_key(case):
    """A key made by another hub."""
    other = Lab()
    try:
        other.start_hub()
        return other.key()
    finally:
        other.close()
        shutil.rmtree(other.dir, ignore_errors=True)


def used_up_key(case):
    key = case.lab.key("--uses", "1")
    thief = os.path.join(case.lab.dir, "thief")
    os.mkdir(thief)
    subprocess.run([case.lab.program("platen"), "enrol", "--data", thief, "--hub", case.lab.agents_url, "--key", key], check=True, capture_output=True)
    return key


def changed_secret(case):
    key = case.lab.key()
    return key[:-6] + ("AAAAAA" if not key.endswith("AAAAAA") else "BBBBBB")


def enrolments(tap):
    bad_key(tap, "a key that is none is named as such", "hello", "PLT1-", "key create")
    bad_key(tap, "a wrong secret is refused by the hub with a remedy", changed_secret, "key")
    bad_key(tap, "a key of another hub (wrong CA fingerprint): nothing is said to the hub", foreign_key, "did not prove")
    bad_key(tap, "a used-up key is refused", used_up_key, "key")
    bad_key(tap, "an address that is not HTTPS is refused", lambda c: c.lab.key(), "https://", url="http://127.0.0.1:1")
    bad_key(tap, "a hub that is not there: records wait", lambda c: c.lab.key(), "cannot be reached", state="hub not reached", url="https://127.0.0.1:9")


def hub_away():
    with Case() as c:
        c.enrol()
        c.lab.start_service()
        c.says("connected")
        c.print("one")
        c.arrives(1)
        c.lab.hub.stop()
        for i in range(5):
            c.print(f"away {i}")
        c.says("hub not reached", "sent later")
        c.lab.start_hub()
        c.arrives(6)


def make_expired(c):
    """The agent's own key with a certificate of the hub's CA that has run out."""
    lab = c.lab
    pem = os.path.join(lab.data, "agent.pem")
    text = open(pem).read()
    key = text[: text.index("-----BEGIN CERTIFICATE")]
    cert = text[text.index("-----BEGIN CERTIFICATE"):]
    w = lambda n: os.path.join(lab.dir, n)  # noqa: E731
    open(w("k.pem"), "w").write(key)
    open(w("c.pem"), "w").write(cert)
    open(w("ext"), "w").write("extendedKeyUsage=clientAuth\n")
    subject = subprocess.run(["openssl", "x509", "-in", w("c.pem"), "-noout", "-subject", "-nameopt", "compat"], check=True, capture_output=True, text=True)
    parts = dict(p.strip().split("=", 1) for p in subject.stdout.split("subject=")[1].replace("/", ",").split(",") if "=" in p)
    subj = "/" + "/".join(f"{k.strip()}={v.strip()}" for k, v in parts.items())
    subprocess.run(["openssl", "req", "-new", "-key", w("k.pem"), "-subj", subj, "-out", w("r.pem")], check=True, capture_output=True)
    subprocess.run(["openssl", "x509", "-req", "-in", w("r.pem"), "-CA", os.path.join(lab.hub_data, "ca.pem"), "-CAkey", os.path.join(lab.hub_data, "ca.key"),
                    "-extfile", w("ext"), "-not_before", "20250101000000Z", "-not_after", "20250201000000Z", "-out", w("e.pem")], check=True, capture_output=True)
    with open(pem, "w") as f:
        f.write(key + open(w("e.pem")).read())


def expired_certificate():
    with Case() as c:
        c.enrol()
        c.lab.start_service()
        c.says("connected")
        c.print("before")
        c.arrives(1)
        c.lab.service.stop()
        make_expired(c)
        c.lab.start_service()
        c.says("refused", "expired", "enrol")
        c.print("while expired")
        c.lab.service.stop()
        os.remove(os.path.join(c.lab.data, "agent.pem"))
        c.enrol()
        c.lab.start_service()
        c.arrives(2)  # the first one is sent again by the new agent, and is known by its UID


def revoked_agent():
    with Case() as c:
        c.enrol()
        c.lab.start_service()
        c.says("connected")
        agent = c.status()["agent"]
        api = c.lab.api()
        api.call("POST", f"/api/v1/agents/{agent}/revoke", {}, expect=204)
        c.print("after the revocation")
        c.says("refused", "enrol")
        expect(len(api.jobs()) == 0, "a revoked agent's job was taken")


def cloned_pc():
    with Case() as c:
        c.enrol()
        c.lab.start_service()
        c.says("connected")
        c.print("one")
        c.arrives(1)
        c.lab.service.stop()
        clone = c.lab.data + "-clone"
        shutil.copytree(c.lab.data, clone, ignore=shutil.ignore_patterns("*.sock", "*.lock"))
        c.lab.start_service()
        c.print("from the original")
        c.arrives(2)
        c.lab.service.stop()
        c.lab.data = clone
        c.lab.start_service()
        c.print("from the clone")
        c.says("refused", "cloned")
        expect(len(c.lab.api().jobs()) == 2, "the clone's job was mixed into the original's")


def frame(kind, payload, version=1, magic=b"PL", length=None):
    return struct.pack("<IBB", len(payload) if length is None else length, kind, version) + magic + payload


def field(tag, value):
    if isinstance(value, int):
        value = struct.pack("<Q", value)
    return struct.pack("<HH", tag, len(value)) + value


BEGIN = frame(1, field(1, bytes(range(16))) + field(6, b"a document"))
GARBAGE = {
    "random bytes": random.Random(4).randbytes(5000),
    "a length beyond the maximum": frame(1, b"", length=0x7FFFFFFF),
    "another version": frame(1, b"", version=9),
    "a wrong magic": frame(1, b"", magic=b"XX"),
    "an empty BEGIN": frame(1, b""),
    "a BEGIN whose field is longer than the frame": frame(1, struct.pack("<HH", 1, 500) + b"x"),
    "a UID of the wrong length": frame(1, field(1, b"short")),
    "DATA before BEGIN": frame(2, b"hello"),
    "END before BEGIN": frame(4, field(18, 0)),
    "a frame cut in its middle": BEGIN[:20],
    "a second BEGIN": BEGIN + BEGIN,
    "an unknown frame after BEGIN": BEGIN + frame(0x77, b"?"),
    "an END with a foreign status": BEGIN + frame(4, field(18, 99)),
    "nothing at all": b"",
}


def throw(path, data):
    s = socket.socket(socket.AF_UNIX)
    s.settimeout(5)
    try:
        s.connect(path)
        s.sendall(data)
        s.shutdown(socket.SHUT_WR)
        while s.recv(4096):
            pass
    except OSError:
        pass
    finally:
        s.close()


def garbage_on_pipes(tap):
    with Case() as c:
        c.enrol()
        c.lab.settings(OpenGraceSeconds=1)
        c.lab.start_service()
        c.says("connected")
        for pipe in ("monitor", "user"):
            for name, data in GARBAGE.items():
                throw(os.path.join(c.lab.data, "run", pipe + ".sock"), data)
                tap.check(c.lab.service.alive(), f"pipe of the {pipe}: the service survives {name}")
        tap.run("and still takes a job after all that", lambda: (c.print("after the garbage"), wait_until("sent", c.lab.settled, 30), None)[2])

        def counted_once():
            names = [j["document"] for j in c.lab.api().jobs()]
            expect(names.count("after the garbage") == 1, f"jobs: {names}")
            expect(names.count("a document") <= 1, f"the garbage's job was counted {names.count('a document')} times")
        tap.run("and counts it once", counted_once)


def garbage_to_the_worker(tap):
    lab = Lab()
    cases = dict(GARBAGE, **{"an ANALYSIS, which is ours to give": frame(0x32, b""), "DATA before ANALYZE": frame(2, b"x"), "FINISH before ANALYZE": frame(0x31, b"")})
    for name, data in cases.items():
        p = subprocess.run([lab.program("platen-worker")], input=data, capture_output=True, timeout=20)
        tap.check(p.returncode in (0, 2), f"the worker ends in order on {name}", f"exit code {p.returncode}")
    shutil.rmtree(lab.dir, ignore_errors=True)


def garbage_in_the_journal():
    with Case() as c:
        c.enrol()
        folder = os.path.join(c.lab.data, "journal")
        os.mkdir(folder)
        for i, data in enumerate(GARBAGE.values()):
            with open(os.path.join(folder, f"{i:032x}.job"), "wb") as f:
                f.write(data)
        c.lab.settings(OpenGraceSeconds=1)
        c.lab.start_service()
        wait_until("the journal is worked off", lambda: not [f for f in c.lab.journal() if f.endswith(".job")], 20)
        expect(c.lab.service.alive(), "the service ended")
        c.print("after it")
        wait_until("sent", c.lab.settled, 30)
        names = [j["document"] for j in c.lab.api().jobs()]
        expect(names.count("after it") == 1 and names.count("a document") <= 1, f"jobs: {names}")


def two_services():
    with Case(hub=False) as c:
        c.lab.start_service()
        second = Process([c.lab.program("platen-service"), "--data", c.lab.data], c.lab.log("second"))
        wait_until("the second one ends", lambda: not second.alive(), 10)
        second.stop()
        expect("another platen-service runs here" in open(second.log).read(), open(second.log).read())
        expect(c.lab.service.alive(), "the first one ended")


def full_disk():
    """The PC's data folder on a disk of its own, which another program fills."""
    with Case() as c:
        lab = c.lab
        r = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=48m", "tmpfs", lab.data], capture_output=True, text=True)
        if r.returncode:
            return f"SKIP no disk of our own can be mounted here: {r.stderr.strip()}"
        try:
            c.enrol()
            lab.start_service()
            c.says("connected")
            c.print("before")
            c.arrives(1)
            try:
                with open(os.path.join(lab.data, "filler"), "wb") as f:
                    while True:
                        f.write(b"x" * 65536)
                        f.flush()
            except OSError:
                pass
            for i in range(3):
                c.print(f"full {i}")  # prints, whatever the disk says
            os.remove(os.path.join(lab.data, "filler"))
            jobs = c.arrives(4)
            expect(len({j["uid"] for j in jobs}) == 4, "a job twice")
        finally:
            lab.close()
            subprocess.run(["umount", "-l", lab.data], check=False)
    return None


def refuse_by_policy():
    with Case() as c:
        lab = c.lab
        rule = {"v": 1, "version": 1, "default": "allow", "rules": [{"id": "no-secrets", "when": {"all": [{"document": "*secret*"}]}, "then": "deny", "message": "Not on this printer."}]}
        with open(os.path.join(lab.data, "policy.json"), "w") as f:
            json.dump(rule, f)
        c.enrol()
        lab.start_service()
        before = len(lab.printed())
        c.print("a secret plan")
        expect(len(lab.printed()) == before, "a refused job was printed")
        c.print("a public plan")
        jobs = c.arrives(2)
        outcome = {j["document"]: j["outcome"] for j in jobs}
        expect(outcome == {"a secret plan": "refused", "a public plan": "printed"}, f"{outcome}")


def second_opinion():
    """Programs whose pages no stream can tell: Ghostscript executes them, within limits, when the administrator asked for it."""
    gs = shutil.which("gs")
    if not gs:
        return "Ghostscript is not here"
    programs = {"a loop": ("%!PS\n1 1 7 {pop showpage} for\n", 7), "no end": ("%!PS\n{} loop\n", None),
                "pages without end": ("%!PS\n{showpage} loop\n", None), "files": ("%!PS\n(/etc/passwd) (r) file pop showpage\n", 1)}
    with Case() as c:
        c.enrol()
        c.lab.settings(SecondOpinion=gs, SecondOpinionSeconds=3)
        c.lab.start_service()
        for name, (program, _) in programs.items():
            with open(c.file, "w") as f:
                f.write(program)
            began = time.time()
            c.print(name)
            expect(time.time() - began < 5, f"{name}: the second opinion held up the printing")
        wait_until("all answers", lambda: c.lab.rows("select count(*) from record")[0][0] == len(programs), 120)
        jobs = {j["document"]: j for j in c.arrives(len(programs))}
        for name, (_, pages) in programs.items():
            expect(jobs[name]["pages"] == pages, f"{name}: {jobs[name]['pages']} pages, expected {pages}")
        left = os.listdir(os.path.join(c.lab.data, "opinion"))
        expect(not left, f"copies of jobs are left: {left}")
    return None


def port_that_refuses_without_the_service():
    with Case() as c:
        c.enrol()
        before = len(c.lab.printed())
        c.print("nobody decides", "--refuse")
        expect(len(c.lab.printed()) == before, "the port printed although it shall not without the service")
        c.lab.start_service()
        jobs = c.arrives(1)
        expect(jobs[0]["outcome"] == "refused", f"{jobs[0]}")


def verify_names_the_change():
    with Case(hub=False) as c:
        c.lab.start_service()
        for i in range(3):
            c.print(f"job {i}")
        wait_until("records", lambda: c.lab.rows("select count(*) from record")[0][0] == 3, 10)
        c.lab.service.stop()
        r = c.lab.platen("verify")
        expect(r.returncode == 0 and "whole" in r.stdout, r.stdout + r.stderr)
        import sqlite3
        db = sqlite3.connect(os.path.join(c.lab.data, "ledger.db"))
        db.execute("update record set line=replace(line,'job 1','job X') where seq=2")
        db.commit()
        db.close()
        r = c.lab.platen("verify")
        expect(r.returncode == 1 and "record 2" in r.stderr, r.stdout + r.stderr)


def main():
    tap = Tap()
    enrolments(tap)
    tap.run("the hub is away and comes back: jobs wait and are sent once", hub_away)
    tap.run("an expired certificate says so; after a new enrolment nothing is lost or doubled", expired_certificate)
    tap.run("a revoked agent is refused and says so", revoked_agent)
    tap.run("a cloned PC is found out and mixed into nothing", cloned_pc)
    garbage_on_pipes(tap)
    garbage_to_the_worker(tap)
    tap.run("garbage in the journal is set aside", garbage_in_the_journal)
    tap.run("a second service on the same data ends with a word", two_services)
    tap.run("a full disk: jobs print, and are all recorded once there is room", full_disk)
    tap.run("a policy refuses a job by its title, and says so in the record", refuse_by_policy)
    tap.run("a second opinion: what no stream can tell is executed, within limits, after the job has printed", second_opinion)
    tap.run("a port that may not print without the service refuses, and the record arrives", port_that_refuses_without_the_service)
    tap.run("verify names the record that was changed", verify_names_the_change)
    tap.exit()


if __name__ == "__main__":
    main()
