#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Policies from the hub to the PC: what is published is in force within five seconds, whatever is not a good bundle of this hub for this PC is
refused with its reason, and the last good set outlives the hub, a restart and a damaged disk. The real hub and the real service; where the hub has
to lie, this file answers in its place with the hub's own server key."""
import base64
import contextlib
import http.server
import json
import os
import re
import shutil
import ssl
import subprocess
import sys
import threading
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from lab import Failure, Lab, Tap, wait_until  # noqa: E402

CONTEXT = b"Platen policy bundle 1\n"


def expect(condition, words):
    if not condition:
        raise Failure(words)


def a_set(version, message="no", **more):
    return json.dumps({"v": 2, "version": version, "default": "allow", "rules": [{"id": "night", "when": {"queue": "Night*"}, "then": "deny", "message": message}], **more})


class Pc:
    def __init__(self, lab):
        self.lab = lab

    def path(self, name):
        return os.path.join(self.lab.data, name)

    def text(self, name):
        try:
            with open(self.path(name), encoding="utf-8") as f:
                return f.read()
        except FileNotFoundError:
            return None

    def status(self):
        r = self.lab.platen("status", "--json")
        return json.loads(r.stdout) if r.returncode == 0 else {"policy": "", "policy_problem": r.stderr, "state": "away"}

    def bundle(self):
        with open(self.path("policy.bundle"), "rb") as f:
            return Bundle.read(f.read())


class Bundle:
    def __init__(self, certificate, signature, body):
        self.certificate, self.signature, self.body = certificate, signature, body

    @staticmethod
    def read(raw):
        head, rest = raw.split(b"\n", 1)
        words = head.split()
        expect(words[:2] == [b"platen-bundle", b"1"], f"not a bundle: {raw[:60]!r}")
        a, b, c = map(int, words[2:])
        expect(len(rest) == a + b + c, "lengths do not add up")
        return Bundle(rest[:a], rest[a:a + b], rest[a + b:])

    def bytes(self):
        return b"platen-bundle 1 %d %d %d\n" % (len(self.certificate), len(self.signature), len(self.body)) + self.certificate + self.signature + self.body

    def changed(self, **values):
        body = json.loads(self.body)
        body.update(values)
        return Bundle(self.certificate, self.signature, json.dumps(body).encode())

    def signed(self, folder, key_file):
        """Signed anew with a file that holds a key and its certificate."""
        with open(key_file, "rb") as f:
            pem = f.read()
        self.certificate = re.search(rb"-----BEGIN CERTIFICATE-----.*-----END CERTIFICATE-----\n", pem, re.S).group()
        data = os.path.join(folder, "to-sign")
        with open(data, "wb") as f:
            f.write(CONTEXT + self.body)
        raw = subprocess.run(["openssl", "dgst", "-sha256", "-sign", key_file, data], check=True, capture_output=True, timeout=20).stdout
        self.signature = base64.urlsafe_b64encode(raw).rstrip(b"=")
        return self


@contextlib.contextmanager
def lying_hub(lab, answer):
    """Answers in the hub's place: at its address, with its server key; `answer` is what GET /agent/v1/policy gives."""
    host, port = lab._address(lab.agents_url).rsplit(":", 1)
    reports = []

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def reply(self, status, body=b""):
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_GET(self):
            if self.path == "/agent/v1/policy":
                self.reply(200, answer)
            else:
                self.reply(503)

        def do_POST(self):
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            if self.path == "/agent/v1/policy":
                reports.append(json.loads(body))
                self.reply(204)
            else:
                self.reply(503)

        def log_message(self, *_):
            pass

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(os.path.join(lab.hub_data, "server.key"))
    class Server(http.server.ThreadingHTTPServer):
        def handle_error(self, *_):
            pass  # a PC that hangs up in the middle

    server = Server((host, int(port)), Handler, bind_and_activate=False)
    server.allow_reuse_address = True
    server.daemon_threads = True
    server.server_bind()
    server.server_activate()
    server.socket = context.wrap_socket(server.socket, server_side=True)
    t = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    t.start()
    try:
        yield reports
    finally:
        server.shutdown()
        server.server_close()
        t.join(10)


class World:
    """A hub with two enrolled PCs; the second one is only there to be somebody else."""

    def __init__(self):
        self.lab = Lab()
        self.lab.start_hub()
        self.lab.settings(HubUrl=self.lab.agents_url, EnrollKey=self.lab.key())
        self.api = self.lab.api()
        self.pc = Pc(self.lab)
        self.said = 0  # of the service's log, when the last set was published

    def publish(self, text, set_id=None, **how):
        if set_id is None:
            set_id = self.api.call("POST", "/api/v1/policies", {"name": "Office", "text": text})["id"]
        elif text is not None:
            self.api.call("PUT", f"/api/v1/policies/{set_id}/draft", {"name": "Office", "text": text})
        self.said = len(self.log())
        return set_id, self.api.call("POST", f"/api/v1/policies/{set_id}/publish", {"scope": "all", "state": "live", "note": "test", **how})

    def in_force(self, text, seconds=5):
        """Seconds until the service judges by this text; policy.json and the hub's list both say so."""
        begun = time.monotonic()
        wait_until("the set is in force", lambda: self.pc.text("policy.json") == text and "policy in force" in self.log()[self.said:], seconds, 0.02)
        return time.monotonic() - begun

    def log(self):
        with open(self.lab.log("service"), encoding="utf-8", errors="replace") as f:
            return f.read()

    def agent(self):
        return next(a for a in self.api.call("GET", "/api/v1/policy/agents")["items"])


def a_local_set_without_hub(w):
    with open(w.pc.path("policy.json"), "w") as f:
        f.write(a_set(1, "by hand"))
    w.lab.start_service()
    wait_until("enrolled", lambda: w.pc.status()["state"] == "connected", 20, 0.1)
    time.sleep(3)
    expect(w.pc.text("policy.json") == a_set(1, "by hand") and w.pc.status()["policy"] == "", "a hub that published nothing took the local set away")


def in_force_in_time(w):
    took = []
    for n in range(2, 12):
        text = a_set(n, f"version {n}")
        _, done = w.publish(text, getattr(w, "set", None))
        w.set = w.set if hasattr(w, "set") else _
        took.append(w.in_force(text))
        expect(done["version"] == n - 1, f"version {done}")
        if n == 2:
            time.sleep(2.5)
    wait_until("the hub knows", lambda: w.agent()["version"] == 10 and w.agent()["state"] == "live", 5)
    expect(max(took) < 5, f"took {took}")
    return f"publish to in force: {min(took):.2f} to {max(took):.2f} s, ten times"


def judged_by_it(w):
    w.lab.start_printer()
    job = os.path.join(w.lab.dir, "job.ps")
    with open(job, "wb") as f:
        f.write(b"%!PS-Adobe-3.0\n%%Pages: 1\n%%Page: 1 1\nshowpage\n%%EOF\n")
    args = w.lab.printjob_args([job], document="late")
    args[args.index("Office")] = "Night shift"
    subprocess.run(args, capture_output=True, text=True, timeout=60)
    rows = wait_until("a record", lambda: w.lab.rows("select line from record order by seq desc limit 1"), 20)
    expect(json.loads(rows[0][0])["job"]["outcome"] == "refused", rows[0][0])


def to_a_share(w):
    """Of one PC: the share decides, and a greater one keeps it."""
    share = w.agent()["share"]
    text = a_set(50, "for some")
    if share > 0:
        w.publish(text, w.set, scope="percent", percent=share)
        time.sleep(4)
        expect(w.pc.text("policy.json") != text, f"share {share} got a set for {share} %")
    w.publish(None, w.set, scope="percent", percent=min(99, share + 1))
    w.in_force(text)
    w.publish(a_set(51, "for all"), w.set)
    w.in_force(a_set(51, "for all"))


def to_a_group(w):
    text = a_set(60, "for a group")
    group = w.api.call("POST", "/api/v1/groups", {"name": "Ward 3", "agents": []})["id"]
    w.publish(text, w.set, scope="group", group=group, state="shadow")
    time.sleep(3)
    expect(w.pc.text("policy.json") == a_set(51, "for all"), "a PC outside of the group got its set")
    w.api.call("PUT", f"/api/v1/groups/{group}", {"name": "Ward 3", "agents": [w.agent()["agent"]]}, expect=204)
    want = {**json.loads(text), "shadow": True}
    wait_until("in shadow", lambda: json.loads(w.pc.text("policy.json")) == want, 5)
    expect("in shadow" in w.pc.status()["policy"], w.pc.status())
    w.said = len(w.log())
    w.api.call("DELETE", f"/api/v1/groups/{group}", expect=204)
    w.in_force(a_set(51, "for all"))


def back_to_an_older(w):
    _, done = w.publish(None, w.set, **{"from": 1})
    w.in_force(a_set(2, "version 2"))
    versions = w.api.call("GET", f"/api/v1/policies/{w.set}")["versions"]
    expect(versions[0]["version"] == done["version"] and versions[0]["from"] == 1, versions[0])


def what_is_refused_at_the_hub(w):
    for text, words in (("{", "JSON"), (a_set(1, rulez=[]), "rulez"), (json.dumps({"v": 3}), "")):
        w.api.call("PUT", f"/api/v1/policies/{w.set}/draft", {"name": "Office", "text": text}, expect=200)
        r = w.api.call("POST", f"/api/v1/policies/{w.set}/publish", {"scope": "all", "state": "live"}, expect=422)
        expect(words in str(r), r)
    w.api.call("PUT", f"/api/v1/policies/{w.set}/draft", {"name": "Office", "text": "x" * (1 << 20) + "y"}, expect=400)


def lies(w):
    """Each bundle as the hub's own address serves it, and what the PC must say."""
    good, d = w.pc.bundle(), w.lab.dir
    key, server = os.path.join(w.lab.hub_data, "policy.key"), os.path.join(w.lab.hub_data, "server.key")
    serial = json.loads(good.body)["serial"]
    text = a_set(99, "a lie")
    big = json.dumps({"v": 2, "version": 1, "default": "allow", "name": "x" * (1 << 20), "rules": []})
    other = dict(policy=text, serial=serial + 1)
    cases = [
        ("unsigned", Bundle(good.certificate, b"", good.changed(**other).body).bytes(), "not signed"),
        ("tampered", good.changed(**other).bytes(), "not what was signed"),
        ("signed by the server's key", good.changed(**other).signed(d, server).bytes(), "another purpose"),
        ("signed by a CA that is not ours", good.changed(**other).signed(d, stranger(d)).bytes(), "not certified"),
        ("older (replayed)", good.changed(policy=text, serial=serial - 1).signed(d, key).bytes(), "older"),
        ("for another agent", good.changed(**other, **{"for": "0123456789abcdef"}).signed(d, key).bytes(), "another agent"),
        ("with a condition that is not known", good.changed(serial=serial + 1, policy=a_set(99).replace("queue", "weather")).signed(d, key).bytes(), "weather"),
        ("with a set above 1 MB", good.changed(serial=serial + 1, policy=big).signed(d, key).bytes(), "larger"),
        ("above 8 MB", b"platen-bundle 1 1 1 1\n" + b"x" * (9 << 20), "larger"),
        ("of a newer form", good.changed(**other, v=2).signed(d, key).bytes(), "newer"),
        ("with prices that do not compile", good.changed(**other, prices="{}").signed(d, key).bytes(), "prices"),
        ("with accounts that are none", good.changed(**other, accounts='{"v":1,"accounts":[{"code":1}]}').signed(d, key).bytes(), "accounts"),
        ("signed outside of its certificate's life", good.changed(**other, issued="2001-01-01T00:00:00Z").signed(d, key).bytes(), "outside"),
        ("that is no bundle", b"<html>Please sign in</html>", "not a signed policy"),
    ]
    w.lab.service.stop()
    w.lab.hub.stop()
    before = w.pc.text("policy.json")
    for name, raw, words in cases:
        def one(raw=raw, words=words):
            with lying_hub(w.lab, raw) as reports:
                w.lab.start_service()
                try:
                    wait_until(f"'{words}' in the status", lambda: words in w.pc.status()["policy_problem"], 15, 0.1)
                    wait_until("a report", lambda: any(r["problem"] and words in r["problem"] for r in reports), 10)
                    expect(w.pc.text("policy.json") == before and w.pc.bundle().bytes() == good.bytes(), "what was in force is gone")
                    expect(words in w.log(), "the log does not say it")
                finally:
                    w.lab.service.stop()
        yield f"a bundle {name} is refused: {words}", one

    def genuine():
        w.said = len(w.log())
        with lying_hub(w.lab, good.changed(**other).signed(d, key).bytes()):
            w.lab.start_service()
            w.in_force(text, 15)
            w.lab.service.stop()
    yield "the same way, unchanged and signed, is taken: the test's own lies are what is refused", genuine


def stranger(folder):
    path = os.path.join(folder, "stranger.pem")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", path, "-out", path + ".crt", "-subj",
                    "/O=Platen/CN=Platen policy signer", "-days", "30", "-addext", "extendedKeyUsage=critical,2.25.8735678672183619666567088395673127383"],
                   check=True, capture_output=True, timeout=20)
    with open(path, "ab") as out, open(path + ".crt", "rb") as crt:
        out.write(crt.read())
    return path


def without_hub(w):
    before = w.pc.text("policy.json")
    w.lab.start_service()
    wait_until("the kept set", lambda: "serial" in w.pc.status()["policy"], 10)
    expect(w.pc.text("policy.json") == before, "another set is in force")
    w.lab.service.stop()


def changed_by_hand(w):
    """policy.json beside a bundle is only its copy."""
    before = w.pc.text("policy.json")
    with open(w.pc.path("policy.json"), "w") as f:
        f.write(a_set(1, "by hand"))
    w.lab.start_service()
    expect(w.pc.text("policy.json") == before, "a change by hand outlived the start")
    w.lab.service.stop()


def damaged_on_disk(w):
    with open(w.pc.path("policy.bundle"), "r+b") as f:
        f.seek(-40, 2)
        f.write(b"?")
    before = w.pc.text("policy.json")
    w.lab.start_service()
    wait_until("it says so", lambda: "policy.bundle" in w.pc.status()["policy_problem"], 10)
    expect(w.pc.text("policy.json") == before, "what was in force is gone")


def hub_comes_back(w):
    """The service runs on; the hub's serial is its clock's, so that what it publishes goes before what the test signed."""
    w.lab.start_hub()
    w.api.sign_in("admin", w.lab.password)
    text = a_set(200, "back again")
    w.publish(text, w.set)
    took = w.in_force(text, 60)
    wait_until("no problem any more", lambda: w.pc.status()["policy_problem"] == "", 10)
    return f"{took:.1f} s after the hub's start"


def withdrawn(w):
    w.api.call("POST", "/api/v1/policy/withdraw", {"scope": "all"})
    wait_until("no set", lambda: w.pc.text("policy.json") is None, 5)
    wait_until("the hub knows", lambda: w.agent()["set"] is None, 5)


def revoked(w):
    """A live link ends with its agent's certificate, and no bundle is given any more."""
    w.api.call("POST", f"/api/v1/agents/{w.agent()['agent']}/revoke", expect=204)
    w.publish(a_set(300), w.set)
    time.sleep(4)
    expect(w.pc.text("policy.json") is None, "a revoked PC got a policy")


def main():
    tap = Tap()
    w = World()
    try:
        tap.run("a policy.json put by hand stays while the hub has published nothing", a_local_set_without_hub, w)
        tap.run("what is published is in force within 5 s", in_force_in_time, w)
        tap.run("a job is judged by it", judged_by_it, w)
        tap.run("a percentage of the PCs", to_a_share, w)
        tap.run("a group, in shadow", to_a_group, w)
        tap.run("going back to an older version", back_to_an_older, w)
        tap.run("the hub publishes no set that does not compile", what_is_refused_at_the_hub, w)
        for name, fn in lies(w):
            tap.run(name, fn)
        tap.run("without the hub the kept set is in force at the start", without_hub, w)
        tap.run("a policy.json changed by hand is put right", changed_by_hand, w)
        tap.run("a damaged copy on disk is said, and takes nothing away", damaged_on_disk, w)
        tap.run("the hub comes back", hub_comes_back, w)
        tap.run("a set that is withdrawn is in force no more", withdrawn, w)
        tap.run("a revoked agent gets nothing", revoked, w)
    finally:
        w.lab.close()
        if not os.environ.get("PLATEN_KEEP"):
            shutil.rmtree(w.lab.dir, ignore_errors=True)
    tap.exit()


if __name__ == "__main__":
    main()
