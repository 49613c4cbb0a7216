#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How fast the hub takes in and answers: uploads --jobs records of --agents machines, then asks the console's questions. Prints one line a
figure; docs/hub.md quotes them. The hub is started on ports of the system's choice and ended again.

  hub_load.py [--hub COMMAND] [--agents 20] [--jobs 200000] [--batch 1000]"""
import argparse
import gzip
import hashlib
import os
import random
import sys
import tempfile
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "e2e"))
from hub_kit import TOP, ZEROS, Agent, Console, Hub  # noqa: E402

LINE = ('{"v":1,"seq":%d,"prev":"%s","type":"job","uid":"%s","at":"%s","job":{"queue":"Queue %d","port":"PLT:Queue %d","target":"tcp:10.0.%d.9:9100","job_id":%d,'
        '"document":"%s","user":"ACME\\\\user%d","machine":"%s","datatype":"RAW","begun":"%s","ended":"%s","bytes":%d,"outcome":"printed","source":"pipe",'
        '"driver":{"copies":1,"color":2,"duplex":"long","paper":"A4"},"analysis":{"language":"PCLXL","producer":"HP","pages":%d,"copies":1,"impressions":%d,'
        '"sheets":%d,"color_pages":%d,"mono_pages":0,"blank_pages":0,"duplex":"long","paper":"A4","confidence":"exact","reason":""}}}')
WORDS = "invoice letter report minutes contract offer order plan drawing timetable label slip list summary draft".split()


def rss(pid):
    with open(f"/proc/{pid}/status") as f:
        return {l.split(":")[0]: int(l.split()[1]) for l in f if l.startswith(("VmRSS", "VmHWM"))}


def make(agent, n, rng, day):
    """n further lines of an agent's chain, spread over the 30 days before `day`."""
    out = []
    for _ in range(n):
        agent.seq += 1
        at = time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime(day - rng.randrange(30 * 86400)))
        q, pages = rng.randrange(200), rng.randrange(1, 40)
        title = f"{rng.choice(WORDS)} {rng.choice(WORDS)} {rng.randrange(100000)}"
        line = LINE % (agent.seq, agent.prev, "%032x" % rng.getrandbits(128), at, q, q, q, agent.seq, title, rng.randrange(3000), agent.name, at, at, pages * 40000, pages, pages,
                       (pages + 1) // 2, rng.randrange(pages))
        agent.prev = hashlib.sha256(line.encode()).hexdigest()
        out.append(line)
    return out


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--hub", default=os.path.join(TOP, "build/linux/bin/platen-hub"))
    p.add_argument("--agents", type=int, default=20)
    p.add_argument("--jobs", type=int, default=200000)
    p.add_argument("--batch", type=int, default=1000)
    a = p.parse_args()
    work = tempfile.mkdtemp(prefix="platen-hub-load-")
    os.makedirs(os.path.join(work, "console"))
    hub = Hub(a.hub, work)
    hub.start()
    print(f"idle: {rss(hub.pid)['VmRSS'] / 1024:.0f} MiB")
    key = hub.key("Acme")["key"]
    fleet = [Agent(hub, work, f"PC-{i:05d}") for i in range(a.agents)]
    begun = time.monotonic()
    for f in fleet:
        assert f.enrol(key).status == 200
        f.seq, f.prev = 0, ZEROS
    print(f"enrolment: {(time.monotonic() - begun) / a.agents * 1000:.0f} ms each, the client's openssl included")
    times, spent, lock = [], [0.0], threading.Lock()
    rng, left = random.Random(7), a.jobs
    while left > 0:  # lines are made first, so that only the hub is measured
        loads = []
        for f in fleet:
            n = min(a.batch, left)
            left -= n
            if n:
                loads.append((f, gzip.compress(("\n".join(make(f, n, rng, time.time())) + "\n").encode(), 1)))

        def post(f, body):
            t = time.monotonic()
            r = f.post(body, raw=True, timeout=120)
            assert r.status == 200, (r.status, r.body)
            with lock:
                times.append(time.monotonic() - t)

        threads = [threading.Thread(target=post, args=x) for x in loads]
        t = time.monotonic()
        for x in threads:
            x.start()
        for x in threads:
            x.join()
        spent[0] += time.monotonic() - t
    times.sort()
    print(f"ingest: {a.jobs} records in {spent[0]:.1f} s = {a.jobs / spent[0]:.0f}/s; an upload of {a.batch}: {times[len(times) // 2] * 1000:.0f} ms in the middle, "
          f"{times[-1] * 1000:.0f} ms at most ({a.agents} at a time)")
    print(f"after ingest: {rss(hub.pid)['VmRSS'] / 1024:.0f} MiB, peak {rss(hub.pid)['VmHWM'] / 1024:.0f} MiB; hub.db {os.path.getsize(os.path.join(hub.data, 'hub.db')) / a.jobs:.0f} bytes a job")
    one = []
    for _ in range(100):
        body = gzip.compress((make(fleet[0], 1, rng, time.time())[0] + "\n").encode(), 1)
        t = time.monotonic()
        assert fleet[0].post(body, raw=True).status == 200
        one.append(time.monotonic() - t)
    one.sort()
    print(f"one record, connection and TLS included: {one[50] * 1000:.1f} ms in the middle, {one[98] * 1000:.1f} ms for all but one in a hundred")
    c = Console(hub)
    password = hub.run("admin", "reset").stdout.split("password: ")[1].strip()
    c.sign_in("admin", password)
    c.call("PUT", "/api/v1/session/password", {"old": password, "new": "a long enough one"})
    for name, path in (("newest page", "jobs"), ("by user", "jobs?sort=user"), ("by document", "jobs?sort=document&order=asc"), ("by pages", "jobs?sort=pages"), ("one user", "jobs?user=ACME%5Cuser77"),
                       ("one queue, one day", f"jobs?queue=Queue%207&from={time.strftime('%Y-%m-%d', time.gmtime(time.time() - 86400))}"), ("search, frequent", "jobs?q=invoice"),
                       ("search, rare", "jobs?q=report%2012345"), ("search, nothing", "jobs?q=zzzzzz"), ("one user by pages", "jobs?user=ACME%5Cuser77&sort=pages"), ("overview", "overview"), ("agents", "agents")):
        took = []
        for _ in range(3):
            t = time.monotonic()
            r = c.call("GET", "/api/v1/" + path)
            took.append(time.monotonic() - t)
        total = r.json.get("total", "") if r.status == 200 else r.body
        print(f"{name}: {min(took) * 1000:.0f} ms (HTTP {r.status}, total {total}{' capped' if r.status == 200 and r.json.get('total_capped') else ''})")
    cursor, took = None, []
    for _ in range(200):
        t = time.monotonic()
        r = c.call("GET", "/api/v1/jobs?limit=200&sort=user" + (f"&cursor={cursor}" if cursor else ""))
        took.append(time.monotonic() - t)
        cursor = r.json["next"]
        if not cursor:
            break
    print(f"paging by user: page {len(took)} of 200 rows after {took[-1] * 1000:.0f} ms, the first after {took[0] * 1000:.0f} ms")
    print(f"at the end: {rss(hub.pid)['VmRSS'] / 1024:.0f} MiB, peak {rss(hub.pid)['VmHWM'] / 1024:.0f} MiB")
    hub.stop(60)


if __name__ == "__main__":
    main()
