#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""PostgreSQL under a hub is killed with -9, and its disk filled, while agents upload: what was acknowledged is there, and the hub goes on
without a restart. Runs under tests/lab/with_postgres.sh, for the full disk in a small file system (--full). Prints TAP lines.

  postgres_faults_test.py [--hub COMMAND] [--rounds 20] [--full]"""
import argparse
import http.client
import os
import random
import signal
import ssl
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from hub_kit import TOP, ZEROS, Agent, Hub, digest, finish, postgres, tap  # noqa: E402
from two_hubs_test import until  # noqa: E402

DIR, BIN = os.environ["PLATEN_POSTGRES_DIR"], os.environ["PLATEN_POSTGRES_BIN"]
AS = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.getuid() == 0 else []


def server_pid():
    with open(os.path.join(DIR, "data/postmaster.pid")) as f:
        return int(f.readline())


def children(pid):
    with open(f"/proc/{pid}/task/{pid}/children") as f:
        return [int(x) for x in f.read().split()]


def kill_server():
    """The server and its processes, as a power cut would."""
    pid = server_pid()
    for p in [pid, *children(pid)]:
        try:
            os.kill(p, signal.SIGKILL)
        except ProcessLookupError:
            pass
    end = time.monotonic() + 10
    while os.path.exists(f"/proc/{pid}/exe") and time.monotonic() < end:
        time.sleep(0.02)


def start_server():
    r = subprocess.run([*AS, f"{BIN}/pg_ctl", "-D", f"{DIR}/data", "-l", f"{DIR}/server.log", "-w", "-t", "60", "start"], cwd=DIR, stdout=subprocess.DEVNULL,
                       stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, timeout=90)
    if r.returncode:
        raise SystemExit(f"the server did not start again: {open(f'{DIR}/server.log').read()[-2000:]}")


class Pour:
    """An agent that uploads without a pause and remembers what was acknowledged and what else was said."""

    def __init__(self, a, acked, batch=20):
        self.a, self.said, self.refused, self.over, self.batch = a, acked, [], threading.Event(), batch
        self.t = threading.Thread(target=self.run)
        self.t.start()

    def run(self):
        while not self.over.is_set():
            lines = self.a.lines[self.said:] or self.a.add(self.batch)
            try:
                r = self.a.post(lines[:2000], timeout=40)
            except (OSError, http.client.HTTPException, ssl.SSLError) as e:
                self.refused.append(repr(e))
                time.sleep(0.05)
                continue
            if r.status == 200:
                self.said = r.json["durable"]
            else:
                self.refused.append((r.status, r.type))
                time.sleep(0.05)

    def wait_for_more(self, than, seconds=40):
        end = time.monotonic() + seconds
        while self.said <= than and time.monotonic() < end:
            time.sleep(0.02)
        return self.said > than

    def stop(self):
        self.over.set()
        self.t.join(60)


def check_durable(a, said):
    d = until(lambda: a.call("GET", "/agent/v1/durable"), 40)[0].json
    good = d["durable"] >= said and d["hash"] == (digest(a.lines[d["durable"] - 1]) if d["durable"] else ZEROS)
    return d["durable"], good


def check_all(a, acked):
    rest = a.lines[acked:] or a.add(1)
    r = until(lambda: a.post(rest))[0]
    tap.same((r.status, r.json.get("durable")), (200, len(a.lines)), "the rest follows without a gap")
    rows = postgres(Hub.store, "SELECT seq, line FROM records WHERE agent_id=? ORDER BY seq", a.id)
    tap.ok([x[0] for x in rows] == list(range(1, len(a.lines) + 1)) and [x[1] for x in rows] == a.lines, "every record once, in order, byte for byte")
    sums = postgres(Hub.store, "SELECT (SELECT count(*) FROM jobs), (SELECT sum(jobs) FROM usage_days WHERE kind=1), (SELECT sum(jobs) FROM usage_hours)")[0]
    tap.same(sums, (len(a.lines),) * 3, "and the sums count each once")


def test_kill(a, rounds):
    lost, acked = [], 0
    for i in range(rounds):
        pour = Pour(a, acked)
        time.sleep(random.uniform(0.05, 0.4))
        kill_server()
        at_kill = pour.said
        start_server()
        if not pour.wait_for_more(at_kill):
            lost.append((i, "no upload after the restart", pour.refused[-3:]))
        pour.stop()
        acked, good = check_durable(a, pour.said)
        if not good:
            lost.append((i, pour.said, acked))
        wrong = [x for x in pour.refused if not (isinstance(x, tuple) and x[0] == 503)]
        if wrong:
            lost.append((i, "refused otherwise than with 503", wrong[:3]))
    tap.same(lost, [], f"{rounds} times kill -9 of PostgreSQL: {acked} acknowledged records are there, the hub says 503 meanwhile and goes on")
    check_all(a, acked)


def test_full(a):
    ballast = os.path.join(os.path.dirname(DIR), "ballast")
    pour = Pour(a, 0, 500)
    pour.wait_for_more(0)
    s = os.statvfs(DIR)
    with open(ballast, "wb") as f:
        os.posix_fallocate(f.fileno(), 0, max(1, (s.f_bavail - 1024) * s.f_frsize))
    end = time.monotonic() + 60
    while not pour.refused and time.monotonic() < end:
        time.sleep(0.1)
    time.sleep(3)
    at_full, said = pour.said, list(pour.refused)
    tap.ok(bool(said), "a full disk is noticed")
    statuses = {x[0] if isinstance(x, tuple) else x for x in said}
    tap.ok(statuses <= {503, 507}, "and said: 507, or 503 where PostgreSQL stops", statuses)
    os.remove(ballast)
    if not os.path.exists(os.path.join(DIR, "data/postmaster.pid")):
        start_server()
    tap.ok(pour.wait_for_more(at_full, 60), "with room again uploads go on", pour.refused[-3:])
    pour.stop()
    acked, good = check_durable(a, pour.said)
    tap.ok(good, f"what was acknowledged is there ({acked} records)")
    print(f"# said on the full disk: {sorted(map(str, statuses))}")
    check_all(a, acked)


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--hub", default=os.path.join(os.environ.get("PLATEN_BIN", os.path.join(TOP, "build/linux/bin")), "platen-hub"))
    p.add_argument("--rounds", type=int, default=20)
    p.add_argument("--full", action="store_true", help="the full disk; the server's folder must be in a small file system of its own")
    args = p.parse_args()
    Hub.store = os.environ["PLATEN_POSTGRES"]
    work = tempfile.mkdtemp(prefix="platen-pgfaults-")
    os.makedirs(os.path.join(work, "console"))
    hub = Hub(args.hub, work)
    hub.start()
    try:
        a = Agent(hub, work, "pc-1")
        a.enrol(hub.key("Acme")["key"])
        if args.full:
            test_full(a)
        else:
            test_kill(a, args.rounds)
        tap.same(hub.stop(), 0, "SIGTERM ends the hub with 0")
    finally:
        if hub.p.poll() is None:
            hub.stop()
    return finish(work)


if __name__ == "__main__":
    sys.exit(main())
