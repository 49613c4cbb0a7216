#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How many agents one hub holds: N simulated ones (bench_agents) enrol by the real interface, keep their live links, upload and ask for policies at a
fixed rate. The hub is started anew between the enrolment and the connecting, so that what it holds then is of the connections alone: its resident
memory with all links, less that of the idle hub, is the memory of an agent. At the end every agent compares the hub's durable mark with its own last
acknowledged record, whose hash stands for its chain, and the records and jobs in the store are counted.

  agents.py [--json] [--agents 1000] [--rate 50] [--seconds 30] [--in-flight 64] [--batch 3] [--postgres] [--ahead] [--check]

--rate is visits a second of all agents together, --in-flight the most handshakes and visits at once. --check: ends with 1 when anything was lost, doubled
or not connected. --postgres runs on $PLATEN_POSTGRES. --ahead: hub and agents run before other work on the machine (nice -15, which root may), whose
scheduling the times else are of."""
import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(TOP, "tests/e2e"))
sys.path.insert(0, os.path.join(TOP, "tests/bench"))
from hub_kit import Hub  # noqa: E402
from hub_load import rss  # noqa: E402

TICKS = os.sysconf("SC_CLK_TCK")


def processor(pid):
    """Seconds of the processor that a process has used."""
    with open(f"/proc/{pid}/stat") as f:
        fields = f.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def ahead(postgres):
    """This process and its children before others: by nice, and where Linux groups processes by session, by the group's."""
    os.nice(-15 - os.nice(0))
    if os.path.exists("/proc/self/autogroup") and os.getpgrp() != os.getpid():
        os.setsid()
        with open("/proc/self/autogroup", "w") as f:
            f.write("-15")
    if postgres:  # the server that with_postgres.sh started: a session of its own
        with open(os.path.join(os.environ["PLATEN_POSTGRES_DIR"], "data/postmaster.pid")) as f, open(f"/proc/{int(f.readline())}/autogroup", "w") as g:
            g.write("-15")


class Crowd:
    """bench_agents, a phase at a time."""

    def __init__(self, a, hub, key, work):
        self.list = os.path.join(work, "acknowledged")
        self.p = subprocess.Popen([os.path.join(a.bin, "bench_agents"), "--hub", hub.agents, "--ca", os.path.join(hub.data, "ca.pem"), "--key", key, "--list", self.list,
                                   *(x for n in ("agents", "rate", "seconds", "in_flight", "batch") for x in ("--" + n.replace("_", "-"), str(getattr(a, n))))],
                                  stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def wait(self, phase):
        line = self.p.stdout.readline()
        if not line:
            raise SystemExit(f"bench_agents ended before it had {phase}: {self.p.wait()}")
        got = json.loads(line)
        assert got["phase"] == phase, got
        return got

    def go_on(self):
        self.p.stdin.write("\n")
        self.p.stdin.flush()

    def end(self):
        self.p.stdin.close()
        self.p.stdout.close()
        self.p.wait(60)


def compare(hub, path):
    """Records and jobs in the store against what was acknowledged: (found, lost, doubled)."""
    with open(path) as f:
        told = {i: int(n) for i, n, _ in (line.split() for line in f)}
    # the id as text: of some every digit is a decimal one
    stored = {f"{i:0>16}": (n, top) for i, n, top in hub.sql("SELECT agent_id, count(*), max(seq) FROM records GROUP BY agent_id")}
    (jobs, uids), = hub.sql("SELECT count(*), count(DISTINCT uid) FROM jobs")
    lost = sum(max(0, n - stored.get(i, (0, 0))[0]) for i, n in told.items())
    doubled = sum(n - top for n, top in stored.values() if n > top) + jobs - uids
    return sum(n for n, _ in stored.values()), lost, doubled, jobs


def measure(a, work):
    hub = Hub(a.hub, work)
    hub.start()
    key = hub.key("Acme")["key"]
    crowd = Crowd(a, hub, key, work)
    enrolled = crowd.wait("enrolled")
    hub.stop(60)
    hub.start()
    time.sleep(1)
    idle = rss(hub.pid)["VmRSS"]
    crowd.go_on()
    linked = crowd.wait("connected")
    time.sleep(1)
    full, busy = rss(hub.pid)["VmRSS"], processor(hub.pid)
    crowd.go_on()
    ran = crowd.wait("ran")
    worked = processor(hub.pid) - busy
    crowd.go_on()
    checked = crowd.wait("checked")
    crowd.go_on()
    done = crowd.wait("done")
    memory = rss(hub.pid)
    crowd.end()
    hub.stop(60)
    found, lost, doubled, jobs = compare(hub, crowd.list)
    done.pop("phase")
    return {**done, "memory_per_agent_kib": round((full - idle) / a.agents, 1), "found": found, "lost": lost, "doubled": doubled, "jobs": jobs, "enrol_s": enrolled["seconds"],
            "connect_s": linked["seconds"], "connected_first": linked["connected"], "run_s": ran["seconds"], "check_s": checked["seconds"],
            "hub_cores": round(worked / ran["seconds"], 2), "hub_idle_mib": round(idle / 1024), "hub_full_mib": round(full / 1024),
            "hub_peak_mib": round(memory["VmHWM"] / 1024), "client_mib": checked["client_mib"]}


def faults(a, r):
    """What must not be."""
    return [what for what, bad in (("not all connected", r["connected"] != a.agents or r["connected_first"] != a.agents), ("lost", r["lost"]), ("doubled", r["doubled"]),
                                   ("agents disagree with the hub", r["agreed"] != a.agents), ("acknowledgements that were not of what was sent", r["failed"]),
                                   ("more or less in the store than acknowledged", r["found"] != r["acknowledged"] or r["jobs"] != r["found"]),
                                   ("nothing uploaded", not r["uploads"]), ("live links that the hub ended", r["broken"])) if bad]


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--bin", default=os.environ.get("PLATEN_BIN", os.path.join(TOP, "build/linux/bin")))
    p.add_argument("--json", action="store_true")
    p.add_argument("--check", action="store_true")
    p.add_argument("--postgres", action="store_true")
    p.add_argument("--ahead", action="store_true")
    for name, value in (("agents", 1000), ("rate", 50), ("seconds", 30), ("in-flight", 64), ("batch", 3)):
        p.add_argument("--" + name, type=int, default=value)
    a = p.parse_args()
    a.hub = os.path.join(a.bin, "platen-hub")
    if a.ahead:
        ahead(a.postgres)
    if a.postgres:
        Hub.store = os.environ["PLATEN_POSTGRES"]
    work = tempfile.mkdtemp(prefix="platen-agents-", dir=os.environ.get("PLATEN_BENCH_DIR"))
    os.makedirs(os.path.join(work, "console"))
    r = measure(a, work)
    wrong = faults(a, r)
    if a.json:
        print(json.dumps(r))
    else:
        print(f"{r['agents']} agents enrolled in {r['enrol_s']:.0f} s; {r['connected_first']} live links after {r['connect_s']:.0f} s, {r['least']} at least while uploading, "
              f"{r['reconnected']} made anew, {r['broken']} broken by the hub\n"
              f"memory: the hub idle {r['hub_idle_mib']} MiB, with all links {r['hub_full_mib']} MiB ({r['memory_per_agent_kib']} KiB an agent), {r['hub_peak_mib']} MiB at most; "
              f"the agents' side {r['client_mib']} MiB\n"
              f"{r['uploads']} uploads in {r['run_s']:.0f} s, {r['cut']} of them cut and sent again, {r['refused']} refused or lost on the way: {r['upload_p50_ms']} ms in the middle, "
              f"{r['upload_p99_ms']} ms for all but one in a hundred, from when it was due, with connection and TLS; a question after it {r['poll_p50_ms']} and "
              f"{r['poll_p99_ms']} ms; the hub used {r['hub_cores']} cores\n"
              f"{r['acknowledged']} records acknowledged, {r['found']} found, {r['lost']} lost, {r['doubled']} doubled; {r['agreed']} agents agree with the hub (asked in {r['check_s']:.0f} s)")
    for what in wrong:
        print(f"not as it must be: {what}; logs and data are in {work}", file=sys.stderr)
    if not wrong:
        shutil.rmtree(work)
    sys.exit(1 if a.check and wrong else 0)


if __name__ == "__main__":
    main()
