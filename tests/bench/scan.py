# SPDX-License-Identifier: Apache-2.0
"""tools/bench scan [--json] [--devices N] [--rounds N] [--only-polite [--ahead]]: `platen scan` against the bare exchange of the same datagrams, and against others.

The farm (docs/network-lab.md) plays N printers on loopback, of all models that answer at once and know GETBULK: with the others a scan waits for
time-outs, which is no work; a second line has them all. First the farm notes what `platen scan` asks of one printer of each model; bench_scan_bare
then sends exactly that, with as many printers in flight, and looks at no reply. Both run in turns, and the best of the rounds counts. On a machine
that does other work as well the ratio of processor times says more than that of the clock.

net-snmp's tools (a GET of the identity, GETBULK walks of the tables that the scan reads) and fusioninventory-netinventory read a sample of the
same farm, eight processes at a time; their time for N is scaled from that, and said to be.

A politer scan: with POLITE printers in flight and answers after 5 ms no more than POLITE / 5 ms questions can be answered in a second. That is
what arithmetic allows; the bare loop with as many in flight shows how much of it this machine allows at the time, as nothing but round trips holds
that up. Both ratios are the medians of the rounds, each by the program's own clock: that of the scan runs from before its worker starts. The rest
is explained by two figures: how long the scan's own round trips were, and how many questions were under way on average (Little's law: rate times
round trip). --only-polite measures nothing else. --ahead lets farm, loop and scan run before everything else on the machine (SCHED_FIFO, which root
may): on a machine that does other work their round trips are else those of its scheduler. They take less than one core."""
import argparse
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor

TOP = pathlib.Path(__file__).resolve().parents[2]
BIN = TOP / "build/linux/bin"
IN_FLIGHT = 1024
SAMPLE = {"netsnmp": 64, "fusion": 16}
AT_A_TIME = 8
POLITE = 20
POLITE_DELAY_MS = 5
HURDLES = {"v1-only", "no-getbulk", "slow"}
IDENTITY = ["1.3.6.1.2.1.1.1.0", "1.3.6.1.2.1.1.2.0", "1.3.6.1.2.1.1.5.0", "1.3.6.1.2.1.1.6.0", "1.3.6.1.2.1.25.3.2.1.3.1", "1.3.6.1.2.1.25.3.2.1.5.1",
            "1.3.6.1.2.1.25.3.5.1.1.1", "1.3.6.1.2.1.25.3.5.1.2.1", "1.3.6.1.2.1.43.5.1.1.17.1", "1.3.6.1.2.1.43.10.2.1.4.1.1"]
TABLES = [f"1.3.6.1.2.1.43.{n}" for n in (8, 9, 11, 12, 16, 18)]


class Trouble(Exception):
    pass


class Farm:
    def __init__(self, devices, shapes=None, *extra):
        self.options = ["--devices", str(devices), *(["--shapes", ",".join(shapes)] if shapes else [])]
        self.p = subprocess.Popen([BIN / "platen-lab", "farm", *self.options, *extra], stdout=subprocess.PIPE, text=True)
        line = self.p.stdout.readline()
        if not line:
            raise Trouble("the farm does not start")
        self.devices, self.port = devices, json.loads(line)["port"]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.p.terminate()
        self.p.stdout.read()
        self.p.stdout.close()
        self.p.wait()

    def range(self):
        last = self.devices - 1
        return f"127.1.0.0-127.{1 + (last >> 16)}.{last >> 8 & 255}.{last & 255}"

    def address(self, i):
        return f"127.1.{i >> 8 & 255}.{i & 255}"


def measured(args):
    """Wall seconds, processor seconds, resident MiB at most, standard output and then error, exit code."""
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        began = time.monotonic()
        p = subprocess.Popen(args, stdout=out, stderr=err)
        _, status, usage = os.wait4(p.pid, 0)
        seconds = time.monotonic() - began
        p.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        return seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, out.read() + err.read(), p.returncode


def scan(farm, in_flight=IN_FLIGHT, show="--summary"):
    seconds, cpu, mib, said, code = measured([BIN / "platen", "scan", farm.range(), "--port", str(farm.port), "--rate", "0", "--in-flight", str(in_flight), show])
    found = re.search(r"(\d+) printers", said.strip().splitlines()[-1] if said.strip() else "")
    if code not in (0, 1) or not found:
        raise Trouble(f"platen scan: {said.strip()[-300:]}")
    if int(found[1]) != farm.devices:
        raise Trouble(f"platen scan found {found[1]} of {farm.devices} printers")
    own = re.search(r"addresses in ([\d.]+) s.* (\d+) answers in", said)
    return {"seconds": seconds, "cpu": cpu, "mib": mib, "rate": int(own[2]) / float(own[1]), "said": said}


def bare(farm, record, window=IN_FLIGHT):
    _, cpu, _, said, code = measured([BIN / "bench_scan_bare", "--port", str(farm.port), "--window", str(window), "--record", record, *farm.options])
    if code != 0:
        raise Trouble(said.strip())
    return {**json.loads(said), "cpu": cpu}


def shapes_without_hurdles(folder):
    file = os.path.join(folder, "truth")
    with Farm(64, None, "--truth", file):
        pass
    with open(file, encoding="utf-8") as f:
        return sorted({d["shape"] for d in map(json.loads, f) if not HURDLES & set(d["quirks"])})


def record_of(shapes, folder):
    file = os.path.join(folder, "record")
    with Farm(len(shapes), shapes, "--record", file) as farm:
        scan(farm)
    return file


def pool(devices, read):
    """Seconds a device with AT_A_TIME of them at a time, and how many were read: those that were not do not count, as they would only wait."""
    def timed(i):
        began = time.monotonic()
        return time.monotonic() - began if read(i) else None

    with ThreadPoolExecutor(AT_A_TIME) as threads:
        took = [t for t in threads.map(timed, range(devices)) if t is not None]
    if len(took) < devices / 2:
        raise Trouble(f"only {len(took)} of {devices} devices could be read")
    return sum(took) / len(took) / AT_A_TIME, len(took)


def by_netsnmp(farm):
    at = {**os.environ, "MIBS": ""}

    def read(i):
        where = ["-v2c", "-c", "public", "-On", f"{farm.address(i)}:{farm.port}"]
        codes = [subprocess.run(["snmpget", *where, *IDENTITY], capture_output=True, env=at).returncode]
        codes += [subprocess.run(["snmpbulkwalk", *where, table], capture_output=True, env=at).returncode for table in TABLES]
        return not any(codes)

    return pool(SAMPLE["netsnmp"], read)


def by_fusion(farm):
    def read(i):
        run = subprocess.run(["fusioninventory-netinventory", "--host", farm.address(i), "--port", str(farm.port), "--protocol", "udp/ipv4", "--credentials",
                              "version:2c,community:public"], capture_output=True, text=True, errors="replace")
        return "<PAGECOUNTERS>" in run.stdout

    return pool(SAMPLE["fusion"], read)


def round_trip_ms(said):
    """Of the printers' smoothed round trips, the mean."""
    trips = [json.loads(line)["rtt_ms"] for line in said.splitlines() if line.startswith("{")]
    if not trips:
        raise Trouble("platen scan --json said nothing")
    return sum(trips) / len(trips)


def polite(rounds, devices=2000):
    """The figures of a polite scan: each by the round that is in the middle by it, and the least and the most of the two ratios."""
    allowed = POLITE * 1000 / POLITE_DELAY_MS
    with tempfile.TemporaryDirectory(prefix="platen-bench-") as folder:
        shapes = shapes_without_hurdles(folder)
        record = record_of(shapes, folder)
        seen = []
        with Farm(devices, shapes, "--delay", str(POLITE_DELAY_MS)) as farm:
            for _ in range(rounds):
                limit, one = bare(farm, record, POLITE)["exchanges_per_second"], scan(farm, POLITE, "--json")
                trip = round_trip_ms(one["said"])
                seen.append({"rate": one["rate"], "bare": limit, "of_bare": one["rate"] / limit, "of_allowed": one["rate"] / allowed,
                             "bare_of_allowed": limit / allowed, "trip_ms": trip, "under_way": one["rate"] * trip / 1000})
    middle = {name: sorted(s[name] for s in seen)[len(seen) // 2] for name in seen[0]}
    spans = {name: (min(s[name] for s in seen), max(s[name] for s in seen)) for name in ("of_bare", "of_allowed")}
    return {**middle, "allowed": allowed, "spans": spans}


def measure(devices, rounds):
    with tempfile.TemporaryDirectory(prefix="platen-bench-") as folder:
        shapes = shapes_without_hurdles(folder)
        record = record_of(shapes, folder)
        ours, bares = [], []
        with Farm(devices, shapes) as farm:
            for _ in range(rounds):
                bares.append(bare(farm, record))
                ours.append(scan(farm))
            others = {"netsnmp": by_netsnmp(farm), "fusion": by_fusion(farm)}
        with Farm(256, shapes) as farm:
            small = scan(farm)["mib"]
        with Farm(devices) as farm:
            everybody = scan(farm)["seconds"]
    seconds, mib = min(o["seconds"] for o in ours), max(o["mib"] for o in ours)
    return {"devices": devices, "seconds": seconds, "cpu": min(o["cpu"] for o in ours), "bare": min(bares, key=lambda b: b["seconds"]),
            "bare_cpu": min(b["cpu"] for b in bares), "mib": mib, "bytes": max(0.0, mib - small) * (1 << 20) / max(1, devices - 256), "others": others,
            "everybody": everybody, "polite": polite(rounds)}


def figures(m):
    return {"devices": m["devices"], "seconds": round(m["seconds"], 2), "bare_ratio": round(m["bare"]["seconds"] / m["seconds"], 3),
            "cpu_ratio": round(m["bare_cpu"] / m["cpu"], 3), "rss_mib": round(m["mib"], 1),
            "bytes_per_device": round(m["bytes"]), "netsnmp_speedup": round(m["others"]["netsnmp"][0] * m["devices"] / m["seconds"], 1),
            "fusion_speedup": round(m["others"]["fusion"][0] * m["devices"] / m["seconds"], 1), **polite_figures(m["polite"])}


def polite_figures(p):
    return {"in_flight_20_ratio": round(p["of_allowed"], 3), "in_flight_20_of_bare": round(p["of_bare"], 3), "in_flight_20_bare": round(p["bare_of_allowed"], 3)}


def polite_lines(p):
    def span(name):
        return f"{p[name]:.3f} ({p['spans'][name][0]:.3f} to {p['spans'][name][1]:.3f})"

    return (f"  {POLITE} in flight, answers after {POLITE_DELAY_MS} ms: {p['rate']:,.0f} exchanges/s\n"
            f"    {span('of_allowed')} of the {p['allowed']:,.0f} that {POLITE} / {POLITE_DELAY_MS} ms allows; the bare loop reaches {p['bare_of_allowed']:.3f} of them\n"
            f"    {span('of_bare')} of the bare loop's {p['bare']:,.0f}\n"
            f"    round trips of {p['trip_ms']:.2f} ms, {p['under_way']:.1f} questions under way on average; load of the machine {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")


def table(m):
    n, seconds, b = m["devices"], m["seconds"], m["bare"]
    lines = [f"{n} printers on loopback, {b['received'] / n:.1f} answers each",
             f"  bare loop of the same datagrams   {b['seconds']:8.2f} s   {b['exchanges_per_second']:,.0f} exchanges/s; processor {m['bare_cpu']:.2f} s",
             f"  platen scan                       {seconds:8.2f} s   {b['received'] / seconds:,.0f} exchanges/s: {b['seconds'] / seconds:.2f} of the limit; "
             f"processor {m['cpu']:.2f} s: {m['bare_cpu'] / m['cpu']:.2f}",
             f"    memory {m['mib']:.1f} MiB, {m['bytes']:.0f} bytes a printer beyond the first 256",
             f"  platen scan, all models           {m['everybody']:8.2f} s   with those that cost time-outs: v1 only, no GETBULK, slow"]
    lines.append(polite_lines(m["polite"]))
    for name, what in (("netsnmp", "net-snmp's tools"), ("fusion", "fusioninventory-netinventory")):
        each, read = m["others"][name]
        lines.append(f"  {what:32}  {each * n:8.0f} s   scaled from {read} of {SAMPLE[name]} printers, {AT_A_TIME} processes at a time, {each * 1000:.0f} ms each: "
                     f"platen scan is {each * n / seconds:.0f} times as fast")
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--devices", type=int, default=65536)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only-polite", action="store_true")
    parser.add_argument("--ahead", action="store_true")
    options = parser.parse_args()
    if options.ahead and not options.only_polite:
        parser.error("--ahead goes with --only-polite: all else would starve the machine")
    try:
        if options.ahead:
            os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))
        if options.only_polite:
            p = polite(options.rounds)
            print(json.dumps(polite_figures(p)) if options.json else polite_lines(p))
            return 0
        m = measure(options.devices, options.rounds)
    except (Trouble, PermissionError) as e:
        print(f"bench scan: {e}", file=sys.stderr)
        return 1
    print(json.dumps(figures(m)) if options.json else table(m))
    return 0


if __name__ == "__main__":
    sys.exit(main())
