# SPDX-License-Identifier: Apache-2.0
"""What befalls the hub of hub_http_test.py: clients that are slow or many, files and disks that run out, kill -9, a backup and its restore, a person
who is to be forgotten. In a file of their own for their length; they go on with that test's hub and agents."""
import http.client
import os
import random
import shlex
import shutil
import socket
import ssl
import subprocess
import threading
import time

from hub_kit import ZEROS, Agent, Hub, call, digest, tap


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
