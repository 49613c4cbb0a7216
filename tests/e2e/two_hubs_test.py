#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Two hubs on one PostgreSQL behind HAProxy, which passes TCP on as it is: events cross, either hub may be killed, and nothing that was
acknowledged is lost. Runs under tests/lab/with_postgres.sh. Prints TAP lines; everything listens on 127.0.0.1, every wait has an end.

  two_hubs_test.py [--hub COMMAND] [--rounds N]"""
import argparse
import datetime
import http.client
import json
import os
import random
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from device_fleet import Printer, reading  # noqa: E402
from hub_kit import TOP, ZEROS, Agent, Console, Hub, Person, call, digest, finish, postgres, tap  # noqa: E402

PROXY = """global
    maxconn 500
defaults
    mode tcp
    timeout connect 2s
    timeout client 60s
    timeout server 60s
    option redispatch
    retries 3
"""
SIDE = """listen {side}
    bind 127.0.0.1:{port}
    default-server check inter 200ms fall 1 rise 1 on-marked-down shutdown-sessions
    server one {one}
    server two {two}
"""


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Proxy:
    """HAProxy in front of both; to agents and browsers it is the hub: it has a hub's addresses and its CA."""

    def __init__(self, work, one, two):
        self.agents, self.console = (f"127.0.0.1:{free_port()}" for _ in range(2))
        self.trust = one.trust
        config = os.path.join(work, "haproxy.cfg")
        with open(config, "w") as f:
            f.write(PROXY)
            for side in ("agents", "console"):
                f.write(SIDE.format(side=side, port=getattr(self, side).split(":")[1], one=getattr(one, side), two=getattr(two, side)))
        self.p = subprocess.Popen(["haproxy", "-db", "-q", "-f", config], stderr=open(os.path.join(work, "haproxy.log"), "w"))
        for _ in range(100):
            try:
                socket.create_connection(("127.0.0.1", int(self.agents.split(":")[1])), timeout=1).close()
                return
            except OSError:
                time.sleep(0.1)
        raise SystemExit("haproxy did not start")

    def stop(self):
        self.p.terminate()
        self.p.wait(20)


STALL_S = 4  # a connection that the proxy gave to the one that was just killed may stall: then a client connects again
stalled = []


def until(what, seconds=20):
    """The first answer that what() gives without failing; how many tries it took."""
    end, tries = time.monotonic() + seconds, 0
    while True:
        tries += 1
        try:
            r = what()
            if r.status < 500:
                return r, tries
        except (OSError, http.client.HTTPException, ssl.SSLError) as e:
            if isinstance(e, TimeoutError):
                stalled.append(f"{e!r}")
            if time.monotonic() > end:
                raise SystemExit(f"no answer in {seconds} s: {e!r}")
        if time.monotonic() > end:
            raise SystemExit(f"no answer in {seconds} s")
        time.sleep(0.1)


class Stream:
    def __init__(self, address, who, path="/api/v1/events"):
        host, port = address.rsplit(":", 1)
        self.s = who.context.wrap_socket(socket.create_connection((host, int(port)), timeout=10), server_hostname="localhost")
        cookie = getattr(who, "cookie", None)
        self.s.sendall(f"GET {path} HTTP/1.1\r\nHost: {address}\r\n{f'Cookie: {cookie}' + chr(13) + chr(10) if cookie else ''}\r\n".encode())
        self.got = b""
        self.wait(b"\r\n\r\n:")

    def wait(self, words):
        while words not in self.got:
            more = self.s.recv(4096)
            if not more:
                raise SystemExit(f"the stream ended: {self.got!r}")
            self.got += more

    def close(self):
        self.s.close()


def test_events(one, two, proxy, c, a):
    for mine, other in ((one, two), (two, one)):
        stream = Stream(other.console, c)
        a.hub = mine
        begun = time.monotonic()
        r = a.post(a.add(3))
        stream.wait(b'"count":3')
        took = time.monotonic() - begun
        tap.ok(r.status == 200 and took < 2, f"what one hub took in is an event at the other ({took * 1000:.0f} ms after the upload began)")
        time.sleep(0.3)
        own = Stream(mine.console, c)
        a.post(a.add(1))
        own.wait(b"event: jobs")
        time.sleep(0.7)
        own.s.settimeout(0.2)
        try:
            own.got += own.s.recv(4096)
        except TimeoutError:
            pass
        tap.same(own.got.count(b"event: jobs"), 1, "and at the hub itself it is one event, not two")
        own.close()
        stream.close()
    a.hub = proxy


def test_more_events(one, two, proxy, c, a):
    """A reading of a printer, and a policy that is published, at the one; heard at the other."""
    stream = Stream(two.console, c)
    a.hub = one
    tap.same(a.send(reading(Printer(1), "net", "192.0.2.1")), 200, "a reading of a printer is taken in")
    stream.wait(b"event: devices")
    stream.close()
    live = Stream(two.agents, a, "/agent/v1/live")
    c.hub = one
    rules = {"v": 2, "version": 1, "default": "allow", "rules": [{"id": "no-drafts", "when": {"document": "*draft*"}, "then": "deny"}]}
    made = c.call("POST", "/api/v1/policies?tenant=Acme", {"name": "Office", "text": json.dumps(rules)})
    begun = time.monotonic()
    r = c.call("POST", f"/api/v1/policies/{made.json['id']}/publish?tenant=Acme", {"scope": "all", "state": "live"})
    live.wait(b"event: policy")
    took = time.monotonic() - begun
    tap.ok(r.status < 300 and took < 2, f"a policy published at one is heard at a PC's link to the other ({took * 1000:.0f} ms)", r.body)
    begun = time.monotonic()
    r = c.call("POST", f"/api/v1/agents/{a.id}/read", {"what": "usb"})
    live.wait(b"event: order")
    took = time.monotonic() - begun
    tap.ok(r.status == 200 and took < 2, f"an order to read, given at one, is heard at a PC's link to the other ({took * 1000:.0f} ms)", r.body)
    a.hub = two
    no = r.json["items"][0]["no"]
    tap.same(a.call("GET", "/agent/v1/orders").json, {"orders": [{"no": no, "what": "usb", "state": "asked"}]}, "and fetched there")
    said = json.dumps({"no": no, "state": "done", "printers": 1, "reason": ""})
    tap.same(a.call("POST", "/agent/v1/orders", said, {"Content-Type": "application/json"}).status, 204, "what became of it is said there")
    tap.same([o["state"] for o in c.call("GET", f"/api/v1/agents/{a.id}/read").json["items"]], ["done"], "and seen at the first")
    live.close()
    a.hub = c.hub = proxy


def test_start_together(hubs):
    """Both at once on an empty database: one makes the schema and the administrator, the other finds them."""
    errors = []

    def start(hub):
        try:
            hub.start()
        except SystemExit as e:
            errors.append(e)

    threads = [threading.Thread(target=start, args=(h,)) for h in hubs]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    tap.same(errors, [], "two hubs start at once on an empty database")
    tap.same((postgres(Hub.store, "SELECT count(*) FROM accounts")[0][0], sum("password: " in h.out for h in hubs)), (1, 1), "and one of them makes the administrator")


def test_kill(hubs, c, a, rounds):
    lost, tries_at_most, acked = [], 0, len(a.lines)
    for i in range(rounds):
        said, over = [acked], threading.Event()

        def pour():
            while not over.is_set():
                lines = a.lines[said[-1]:] + a.add(20)
                try:
                    r = a.post(lines[:2000], timeout=5)
                    if r.status == 200:
                        said.append(r.json["durable"])
                except (OSError, http.client.HTTPException, ssl.SSLError):
                    time.sleep(0.05)

        t = threading.Thread(target=pour, daemon=True)
        t.start()
        time.sleep(random.uniform(0.1, 0.4))
        victim = hubs[i % 2]
        victim.kill()
        at_kill = said[-1]
        r, tries = until(lambda: call(c.hub.console, c.context, "GET", "/api/v1/session", None, {"Cookie": c.cookie}, STALL_S))
        tries_at_most = max(tries_at_most, tries)
        if r.status != 200:
            lost.append((i, "session", r.status))
        end = time.monotonic() + 20
        while said[-1] == at_kill and time.monotonic() < end:
            time.sleep(0.02)
        if said[-1] == at_kill:
            lost.append((i, "no upload after the kill"))
        over.set()
        t.join(20)
        d = until(lambda: a.call("GET", "/agent/v1/durable", timeout=STALL_S))[0].json
        if d["durable"] < said[-1] or d["hash"] != (digest(a.lines[d["durable"] - 1]) if d["durable"] else ZEROS):
            lost.append((i, said[-1], d))
        acked = d["durable"]
        victim.start()
        time.sleep(0.5)
    tap.same(lost, [], f"{rounds} times kill -9 of one of the two: {acked} acknowledged records are there, uploads and the session go on at the other")
    print(f"# {len(stalled)} connections stalled for {STALL_S} s and were made anew {stalled[:2] if stalled else ''}", flush=True)
    tap.ok(tries_at_most <= 20, f"the browser's session had its answer within {tries_at_most} tries", tries_at_most)
    rest = a.lines[acked:] or a.add(1)
    r = until(lambda: a.post(rest))[0]
    tap.same((r.status, r.json["durable"]), (200, len(a.lines)), "the rest follows without a gap")
    rows = postgres(Hub.store, "SELECT seq, line FROM records WHERE agent_id=? ORDER BY seq", a.id)
    tap.ok([x[0] for x in rows] == list(range(1, len(a.lines) + 1)) and [x[1] for x in rows] == a.lines, "every record once, in order, byte for byte")
    sums = postgres(Hub.store, "SELECT (SELECT count(*) FROM jobs), (SELECT sum(jobs) FROM usage_days WHERE kind=1), (SELECT sum(jobs) FROM usage_hours)")[0]
    tap.same(sums, (sum('"type":"job"' in x for x in a.lines),) * 3, "and the sums count each once")


MOVES = 10


def test_move(one, two, proxy, c, work):
    """A customer goes from dealer to dealer at the one hub, while the other takes its uploads and serves the people of all three."""
    c.hub = one
    ids = {}
    for name, level, parent in (("North", "dealer", None), ("South", "dealer", None), ("Kiosk", "customer", "North")):
        ids[name] = c.call("POST", "/api/v1/tenants", {"name": name, "level": level, **({"parent": parent} if parent else {})}).json["id"]
    north, south, kiosk = (Person(two, c, f"at-{n.lower()}", "administrator", n) for n in ("North", "South", "Kiosk"))
    a = Agent(two, work, "pc-kiosk")
    tap.same(a.enrol(one.key("Kiosk")["key"]).status, 200, "a customer's machine enrols at the second hub")
    over, refused, served = threading.Event(), [], []

    def pour():
        while not over.is_set():
            lines = a.add(5)
            r = a.post(lines)
            if r.status != 200 or r.json["durable"] != len(a.lines):
                refused.append(("upload", r.status, r.body[:200]))
                return

    def look():
        while not over.is_set():
            r = kiosk.call("GET", "/api/v1/jobs?limit=1")
            if r.status != 200 or (served and r.json["total"] < served[-1]):
                refused.append(("its own user", r.status, r.body[:200]))
                return
            served.append(r.json["total"])

    threads = [threading.Thread(target=work_on, daemon=True) for work_on in (pour, look)]
    for t in threads:
        t.start()
    wrong, slowest = [], 0
    for i in range(MOVES):
        has, had = ((south, north), (north, south))[i % 2]
        time.sleep(random.uniform(0.05, 0.3))
        r = c.call("PUT", f"/api/v1/tenants/{ids['Kiosk']}", {"parent": has.tenant})
        begun = time.monotonic()
        seen = [({x["name"] for x in who.call("GET", "/api/v1/tenants").json["items"]}, {x["machine"] for x in who.call("GET", "/api/v1/agents").json["items"]},
                 who.call("GET", "/api/v1/jobs?limit=1").json["total"] > 0) for who in (has, had)]
        renamed = had.call("PUT", f"/api/v1/tenants/{ids['Kiosk']}", {"name": "Mine"}).status
        slowest = max(slowest, time.monotonic() - begun)
        if r.status != 200 or seen != [({has.tenant, "Kiosk"}, {"pc-kiosk"}, True), ({had.tenant}, set(), False)] or renamed != 404:
            wrong.append((i, r.status, seen, renamed))
    before = len(served)
    time.sleep(0.5)
    over.set()
    for t in threads:
        t.join(30)
    tap.same(wrong, [], f"{MOVES} moves at the one hub: the next question at the other has the new rights, of both dealers (seven questions in {slowest * 1000:.0f} ms at most)")
    tap.same(refused, [], f"no upload of {len(a.lines)} jobs and no question of its own user of {len(served)} was refused meanwhile")
    tap.ok(len(served) > before, "and its session goes on")
    rows = postgres(Hub.store, "SELECT seq, line FROM records WHERE agent_id=? ORDER BY seq", a.id)
    tap.ok([x[1] for x in rows] == a.lines, "every record once, in order, byte for byte")
    of = f"WHERE tenant_id={ids['Kiosk']}"
    sums = postgres(Hub.store, f"SELECT (SELECT count(*) FROM jobs {of}), (SELECT sum(jobs) FROM usage_days {of} AND kind=1), (SELECT sum(jobs) FROM usage_months {of} AND kind=1), (SELECT sum(jobs) FROM usage_hours {of})")[0]
    tap.same(sums, (len(a.lines),) * 4, "the sums of its own number count each once, wherever it stood")
    from_to = "&".join(f"{name}={(datetime.date.today() + datetime.timedelta(days)).isoformat()}" for name, days in (("from", -2), ("to", 2)))
    reported = lambda who: (who.call("GET", f"/api/v1/reports/usage-queues?{from_to}").json.get("total") or [None, 0])[1]
    tap.same((reported(north), reported(south)), (len(a.lines), 0), "reports of the dealer where it stands count them all, of the other none")
    c.hub = proxy


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--hub", default=os.path.join(os.environ.get("PLATEN_BIN", os.path.join(TOP, "build/linux/bin")), "platen-hub"))
    p.add_argument("--rounds", type=int, default=10)
    args = p.parse_args()
    Hub.store = os.environ["PLATEN_POSTGRES"]
    work = tempfile.mkdtemp(prefix="platen-two-")
    os.makedirs(os.path.join(work, "console"))
    one, two = Hub(args.hub, work, "one"), Hub(args.hub, work, "two")
    one.run("ca", "fingerprint")  # makes the CA, which the second hub is given
    os.makedirs(two.data, mode=0o700)
    shutil.copy(os.path.join(one.data, "ca.key"), two.data)
    proxy = None
    try:
        test_start_together((one, two))
        proxy = Proxy(work, one, two)
        password = next(h.out for h in (one, two) if "password: " in h.out).split("password: ")[1].split()[0]
        c = Console(proxy)
        c.sign_in("admin", password)
        c.call("PUT", "/api/v1/session/password", {"old": password, "new": "a long enough password"})
        tap.same(c.sign_in("admin", "a long enough password").status, 200, "a sign-in through the proxy")
        a = Agent(proxy, work, "pc-1")
        tap.same(a.enrol(one.key("Acme")["key"]).status, 200, "an agent enrols through the proxy")
        tap.same(a.post(a.add(10)).status, 200, "and uploads")
        for hub in (one, two):
            c.hub = hub
            tap.same(c.call("GET", "/api/v1/session").status, 200, "the session stands at each hub")
        c.hub = proxy
        test_events(one, two, proxy, c, a)
        test_more_events(one, two, proxy, c, a)
        test_kill((one, two), c, a, args.rounds)
        test_move(one, two, proxy, c, work)
        for hub in (one, two):
            tap.same(hub.stop(), 0, "SIGTERM ends it with 0")
    finally:
        if proxy:
            proxy.stop()
        for hub in (one, two):
            if hub.p and hub.p.poll() is None:
                hub.stop()
    return finish(work)


if __name__ == "__main__":
    sys.exit(main())
