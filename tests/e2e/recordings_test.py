#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Walks of printers to files and back (docs/network-lab.md, "Recordings"): what `platen scan --walk` writes of the farm's printers, of net-snmp's
snmpd and of snmpsim is replayed by the farm and walked again, byte for byte the same. snmpsim, a program of others, serves the same files as a
second opinion: what `platen scan --json` reads of it is what net-snmp's snmpget says of the same objects, and what it reads of our farm. TAP."""
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from farm_scan_test import number, plain  # noqa: E402
from farm_test import BIN, Farm, need, parsed, tool, version_of  # noqa: E402
from lab import TOP, Process, Tap, wait_until  # noqa: E402
from scan_test import SNMPD, Snmpd, free_port  # noqa: E402

UPTIME = "1.3.6.1.2.1.1.3.0"
AUTH, PRIV = "authentication", "privacy-privacy"
V3 = {"PLATEN_SNMP_AUTH": AUTH, "PLATEN_SNMP_PRIV": PRIV}
WAYS = {"v1": ["--no-v2c"], "v2c": ["--no-v1"], "v3": ["--v3", "reader:sha1:aes128"]}
PRT = "1.3.6.1.2.1.43"


class Platen:
    def __init__(self, code, out, err):
        self.code, self.out, self.err = code, out, err


def platen_way(way, community="public"):
    return WAYS[way] + (["--community", community] if way != "v3" else [])


def net_snmp_way(way, community="public"):
    if way == "v3":
        return ["-v3", "-u", "reader", "-l", "authPriv", "-a", "SHA", "-A", AUTH, "-x", "AES", "-X", PRIV]
    return ["-" + way, "-c", community]


def platen(address, port, *args, seconds=120):
    r = subprocess.run([os.path.join(BIN, "platen"), "scan", f"{address}:{port}", *map(str, args)], capture_output=True, timeout=seconds, env={**os.environ, **V3})
    return Platen(r.returncode, r.stdout, r.stderr.decode(errors="replace"))


def walk(address, port, way="v2c", *more, community="public"):
    r = platen(address, port, *platen_way(way, community), "--walk", "-", *more)
    need(r.code == 0, f"exit code {r.code}: {r.err}")
    need(r.out.endswith(b"\n") and f"by {way}" in r.err, r.err)
    return r.out


def lines_of(recording):
    """(name, tag, value) of each line; what snmprec says, read by nobody's code but this."""
    return [line.split(b"|", 2) for line in recording.splitlines()]


def values_of(recording):
    """name -> [type, value], as the farm's truth and net-snmp's -Ox lines have them."""
    kinds = {b"2": "INTEGER", b"65": "Counter32", b"66": "Gauge32", b"67": "Timeticks", b"70": "Counter64"}
    out = {}
    for name, tag, value in lines_of(recording):
        v = ["STRING", value.decode()] if tag == b"4x" else ["STRING", value.hex()] if tag == b"4" else ["OID", value.decode()] if tag == b"6" else \
            ["IpAddress", value.decode()] if tag == b"64" else [kinds[tag], int(value)]
        out[name.decode()] = v
    return out


def same_bytes(got, want, who):
    if got != want:
        a, b = set(lines_of_text(got)), set(lines_of_text(want))
        need(False, f"{who}: {sorted(a ^ b)[:4]}")


def lines_of_text(recording):
    return recording.decode("latin-1").splitlines()


class Site:
    """The walks of one printer of each shape, as files."""

    def __init__(self):
        self.dir = tempfile.mkdtemp(prefix="platen-walks-")
        self.walks = {}  # shape -> bytes
        self.quirks = {}

    def file(self, shape):
        return os.path.join(self.dir, shape + ".snmprec")

    def take(self, tap):
        shapes = [x.split()[0] for x in tool(os.path.join(BIN, "platen-lab"), "farm", "--list").stdout.splitlines() if x.startswith("  ")]
        with Farm("--devices", "64", "--truth-objects") as farm:
            seen = {}
            for d in farm.truth():
                seen.setdefault(d["shape"], d)
            need(set(seen) <= set(shapes) and len(seen) >= 23, f"{len(seen)} shapes")
            for shape, d in sorted(seen.items()):
                tap.run(f"{shape}: a walk has what the farm says is true", self.take_one, farm, shape, d)

    def take_one(self, farm, shape, d):
        way = "v1" if version_of(d) == "-v1" else "v2c"
        r = platen(d["address"], farm.port, *platen_way(way), "--walk", self.file(shape))
        need(r.code == 0, r.err)
        with open(self.file(shape), "rb") as f:
            self.walks[shape] = f.read()
        self.quirks[shape] = d["quirks"]
        got, truth = values_of(self.walks[shape]), dict(d["objects"])
        got.pop(UPTIME), truth.pop(UPTIME)
        wrong = sorted(k for k in got.keys() | truth.keys() if got.get(k) != truth.get(k))
        need(not wrong, f"{len(wrong)} objects differ: {[(k, got.get(k), truth.get(k)) for k in wrong[:3]]}")

    def close(self):
        shutil.rmtree(self.dir)


class Replay(Farm):
    """The farm with recordings: the n-th stands at 127.1.0.n."""

    def __init__(self, files, *options):
        super().__init__("--recording", ",".join(files), "--v3", "reader:sha1:aes128", *options, truth=False, env=V3)


class Snmpsim:
    """snmpsimd with the n-th recording by a community of its own and, for version 3 with an empty context, by the number of its transport: it has an
    address each."""

    def __init__(self, recordings):
        # its index is a database that is synced for each object: of memory where there is such a folder
        self.dir = tempfile.mkdtemp(prefix="platen-snmpsim-", dir="/dev/shm" if os.access("/dev/shm", os.W_OK) else None)
        self.port, self.process = free_port(), None
        data, cache = os.path.join(self.dir, "data"), os.path.join(self.dir, "cache")
        os.makedirs(data)
        os.makedirs(cache)
        args = []
        for i, recording in enumerate(recordings):
            for name in (self.community(i), f"1.3.6.1.6.1.1.{i}"):
                with open(os.path.join(data, name + ".snmprec"), "wb") as f:
                    f.write(recording)
            args.append(f"--agent-udpv4-endpoint={self.address(i)}:{self.port}")
        user = []
        if os.geteuid() == 0:  # it does not run as root
            for d in (self.dir, cache):
                os.chmod(d, 0o777)
            user = ["--process-user=nobody", "--process-group=nogroup"]
        self.process = Process([sys.executable, os.path.join(TOP, "tests/lab/start_snmpsim.py"), "snmpsimd", f"--data-dir={data}", f"--cache-dir={cache}", *user,
                                "--logging-method=null", "--v3-user=reader", "--v3-auth-proto=SHA", f"--v3-auth-key={AUTH}", "--v3-priv-proto=AES",
                                f"--v3-priv-key={PRIV}", *args], os.path.join(self.dir, "log"))
        try:
            wait_until("snmpsim answers", self.answers, 120, 0.5)
        except Exception:
            self.close()
            raise

    @staticmethod
    def address(i):
        return f"127.0.1.{i + 1}"

    @staticmethod
    def community(i):
        return f"printer{i}"

    def answers(self):
        if not self.process.alive():
            raise RuntimeError(open(self.process.log, encoding="utf-8").read()[-600:])
        return tool("snmpget", *net_snmp_way("v2c", self.community(0)), "-t", "1", "-r", "0", f"{self.address(0)}:{self.port}", UPTIME).returncode == 0

    def close(self):
        if self.process and self.process.alive():
            self.process.stop()
        shutil.rmtree(self.dir, ignore_errors=True)


# ---- what was read, against the objects themselves ----------------------------------------------------------------------------------------

IDENTITY = {"serial": f"{PRT}.5.1.1.17.1", "model": "1.3.6.1.2.1.25.3.2.1.3.1", "name": "1.3.6.1.2.1.1.5.0", "location": "1.3.6.1.2.1.1.6.0",
            "description": "1.3.6.1.2.1.1.1.0"}
ROWS = {"supplies": {"level": f"{PRT}.11.1.1.9", "capacity": f"{PRT}.11.1.1.8", "text": f"{PRT}.11.1.1.6"},
        "inputs": {"level": f"{PRT}.8.2.1.10", "capacity": f"{PRT}.8.2.1.9", "name": f"{PRT}.8.2.1.13"}}


def read(address, port, way, community="public"):
    r = platen(address, port, *platen_way(way, community), "--json")
    need(r.code == 0, f"exit code {r.code}: {r.err} {r.out[:200]}")
    found = json.loads(r.out)
    need(found["outcome"] == "read" and found["version"] == way, f"{found['outcome']} by {found.get('version')}")
    return found["device"]


def timeless(v):
    """Without what depends on when and where it was read."""
    if isinstance(v, dict):
        return {k: timeless(x) for k, x in v.items() if k not in ("at", "since", "address")}
    return [timeless(x) for x in v] if isinstance(v, list) else v


def asked_for(device):
    """(what, value read, name of its object) of what `device` says and a standard object says, too."""
    out = [(k, plain(device["identity"][k]), oid) for k, oid in IDENTITY.items() if device["identity"].get(k)]
    for group, columns in ROWS.items():
        for row in device.get(group, []):
            out += [(f"{group} {row['index']} {k}", plain(row[k]), f"{column}.1.{row['index']}") for k, column in columns.items() if k in row]
    for m in device.get("meters", []):
        if m["meter"] == "total" and m["unit"] == "impressions":
            out.append(("total", plain(m["count"]), f"{PRT}.10.2.1.4.1.1"))
    return out


def meant(kind, value):
    """An object's value as a device has it."""
    if kind != "STRING":
        return number(value)
    octets = bytes.fromhex(value).strip(b"\0 \r\n\t")
    try:
        return octets.decode()
    except UnicodeDecodeError:
        return octets.decode("latin-1")


def snmpget(address, port, way, community, names):
    out = {}
    for i in range(0, len(names), 12):
        r = tool("snmpget", *net_snmp_way(way, community), "-OnxtU", f"{address}:{port}", *names[i:i + 12])
        need(r.returncode == 0, f"snmpget: {r.stderr}")
        joined = []
        for line in r.stdout.splitlines():
            joined += [line] if line.startswith(".1") else []
            if not line.startswith(".1"):
                joined[-1] += " " + line
        out.update(parsed(x) for x in joined)
    return out


def second_opinion(sim, farm, i, shape, recording, way):
    device = read(sim.address(i), sim.port, way, sim.community(i))
    ours = read(f"127.1.0.{i}", farm.port, way)
    need(timeless(device) == timeless(ours), f"snmpsim and the farm are read differently: {differing(timeless(device), timeless(ours))}")
    objects = values_of(recording)
    asked = [a for a in asked_for(device) if a[2] in objects]  # a serial number may be in a maker's own object alone
    need(len(asked) >= 5, f"only {len(asked)} values")
    said = snmpget(sim.address(i), sim.port, way, sim.community(i), [oid for _, _, oid in asked])
    wrong = [(what, got, meant(*said[oid])) for what, got, oid in asked if got != meant(*said[oid])]
    need(not wrong, f"{len(wrong)} of {len(asked)} values are not what snmpget says: {wrong[:3]}")
    wrong = [oid for _, _, oid in asked if said[oid] != objects[oid]]
    need(not wrong, f"snmpget says other than the file: {wrong[:3]}")
    return f"{len(asked)} values"


def differing(a, b):
    return [(k, a.get(k), b.get(k)) for k in a.keys() | b.keys() if a.get(k) != b.get(k)][:2]


def every_object(sim, i, recording):
    want = values_of(recording)
    got = snmpget(sim.address(i), sim.port, "v2c", sim.community(i), list(want))
    wrong = [k for k in want if got.get(k) != want[k]]
    need(not wrong, f"{[(k, got.get(k), want[k]) for k in wrong[:3]]}")
    return f"{len(want)} objects"


# ---- the ways of a walk -----------------------------------------------------------------------------------------------------------------

def round_trips(tap, site):
    shapes = sorted(site.walks)
    with Replay([site.file(s) for s in shapes]) as farm:
        for i, s in enumerate(shapes):
            for way in WAYS:
                tap.run(f"{s}: replayed by the farm, walked by {way}: the same bytes", lambda i=i, s=s, w=way:
                        same_bytes(walk(f"127.1.0.{i}", farm.port, w), site.walks[s], s))


def of_snmpd(tap):
    peer = Snmpd()
    try:
        first = walk("127.0.0.1", peer.port)
        need(len(first.splitlines()) > 200, f"snmpd has {len(first.splitlines())} objects")
        with tempfile.NamedTemporaryFile(suffix=".snmprec") as f:
            f.write(first)
            f.flush()
            with Replay([f.name]) as farm:
                for way in ("v2c", "v3"):
                    same_bytes(walk("127.1.0.0", farm.port, way), first, way)
                without = b"".join(x + b"\n" for x in first.splitlines() if b"|70|" not in x)  # v1 has no Counter64
                same_bytes(walk("127.1.0.0", farm.port, "v1"), without, "v1")
                listed = tool("snmpwalk", *net_snmp_way("v2c"), "-On", f"127.1.0.0:{farm.port}", "1.3.6.1")
                need(listed.returncode == 0, listed.stderr)
        return f"{len(first.splitlines())} objects"
    finally:
        peer.close()


def of_snmpwalk(site, shape):
    """snmpwalk's own text, replayed."""
    with Replay([site.file(shape)]) as farm, tempfile.NamedTemporaryFile(suffix=".snmpwalk") as f:
        r = subprocess.run(["snmpwalk", *net_snmp_way("v2c"), "-On", f"127.1.0.0:{farm.port}", "1.3.6.1"], capture_output=True, timeout=60, env={**os.environ, "MIBS": ""})
        need(r.returncode == 0, r.stderr)
        f.write(r.stdout)
        f.flush()
        with Replay([f.name]) as again:
            same_bytes(walk("127.1.0.0", again.port), site.walks[shape], shape)


def of_snmpsims_recorder(site, shape):
    """snmpsim's recorder walks the farm; the farm replays its file."""
    with Replay([site.file(shape)]) as farm, tempfile.TemporaryDirectory() as d:
        out = os.path.join(d, "by-snmpsim.snmprec")
        r = tool(sys.executable, os.path.join(TOP, "tests/lab/start_snmpsim.py"), "snmprec", "--agent-udpv4-endpoint=127.1.0.0:" + str(farm.port), "--protocol-version=2c",
                 "--community=public", f"--output-file={out}", "--logging-method=null")
        need(r.returncode == 0 and os.path.exists(out), f"{r.stderr[-300:]}")
        with Replay([out]) as again:
            same_bytes(walk("127.1.0.0", again.port), site.walks[shape], shape)


def masked(site, shape):
    with Replay([site.file(shape)]) as farm:
        whole = read("127.1.0.0", farm.port, "v2c")
        hidden = walk("127.1.0.0", farm.port, "v2c", "--mask")
    identity = {k: plain(whole["identity"][k]) for k in ("serial", "name", "location", "mac") if whole["identity"].get(k)}
    text = hidden.decode("latin-1").lower()
    for k, v in identity.items():
        hexed = v.encode().hex()
        need(len(v) < 4 or (v.lower() not in text and hexed not in text), f"{k} '{v}' is still there")
    with tempfile.NamedTemporaryFile(suffix=".snmprec") as f:
        f.write(hidden)
        f.flush()
        with Replay([f.name]) as farm:
            device = read("127.1.0.0", farm.port, "v2c")
    for group in ("meters", "supplies", "inputs", "alerts"):
        need(timeless(device.get(group)) == timeless(whole.get(group)), f"{group} are read differently: {[(a, b) for a, b in zip(device.get(group, []), whole.get(group, [])) if timeless(a) != timeless(b)][:2]}")
    need(plain(device["identity"]["model"]) == plain(whole["identity"]["model"]), "the model is gone")
    return ", ".join(identity)


# ---- walks that go wrong ------------------------------------------------------------------------------------------------------------------

BROKEN = {"loop": (1, "does not come behind"), "stuck": (1, ""), "backwards": (1, "does not come behind"), "endless": (1, "--most"),
          "gen-err": (1, ""), "wrong-id": (1, "did not answer"), "truncated": (1, "did not answer"), "empty": (1, "did not answer"),
          "garbage": (1, "did not answer"), "nest-bomb": (1, ""), "name-bomb": (1, ""), "size-bomb": (None, ""), "flood": (0, "written to"),
          "wrong-port": (0, "written to"), "wrong-address": (1, "another address"), "silent": (1, "did not answer")}


def broken(kind, code, words):
    with tempfile.TemporaryDirectory() as d, Farm("--devices", "1", "--shapes", "hp-m404", "--broken", kind) as farm:
        out = os.path.join(d, "walk")
        began = time.monotonic()
        r = platen("127.1.0.0", farm.port, "--walk", out, "--timeout", 100, "--most", 2000, "--seconds", 20)
        took = time.monotonic() - began
        need(took < 40, f"it took {took:.0f} s")
        need(code is None or r.code == code, f"exit code {r.code}: {r.err}")
        need(words in r.err, f"'{words}' is not said: {r.err}")
        there = os.path.exists(out)
        need(there == ("the objects up to there" in r.err.replace(f"the {count(out)} objects", "the objects") or r.code == 0), f"a file: {there}; {r.err}")
        need(not there or not [x for x in os.listdir(d) if x != "walk"], "something else was left")


def count(path):
    if not os.path.exists(path):
        return 0
    with open(path, "rb") as f:
        return len(f.read().splitlines())


def its_time_is_over():
    with Farm("--devices", "1", "--shapes", "hp-m404", "--delay", "1000") as farm:
        r = platen("127.1.0.0", farm.port, "--walk", "-", "--no-v2c", "--seconds", 4)
        need(r.code == 1 and "--seconds" in r.err and 0 < len(r.out.splitlines()) < 20, f"{r.code}, {len(r.out.splitlines())} objects: {r.err}")


def wrong_use():
    for args, code, words in ((["127.0.0.1", "--walk"], 2, "use it as"), (["127.0.0.1", "--walk", "--mask"], 2, "use it as"),
                              (["127.0.0.1-9", "--walk", "-"], 1, "9 addresses"), (["127.0.0.1", "--walk", "-", "--json"], 2, "use it as"),
                              (["127.0.0.1", "--walk", "-", "--from", "iso.3"], 1, "no OID"), (["127.0.0.1", "--walk", "-", "--most", "0"], 2, "use it as")):
        r = subprocess.run([os.path.join(BIN, "platen"), "scan", *args], capture_output=True, text=True, timeout=30)
        need(r.returncode == code and words in r.stderr, f"{args}: {r.returncode}: {r.stderr[:200]}")


def a_file_that_cannot_be(site, shape):
    with Replay([site.file(shape)]) as farm:
        r = platen("127.1.0.0", farm.port, "--walk", os.path.join(site.dir, "no-such-folder", "walk"))
        need(r.code == 1 and "no-such-folder" in r.err, f"{r.code}: {r.err}")


def no_recordings(site):
    empty = os.path.join(site.dir, "empty")
    open(empty, "w").close()
    for args, words in ((["--recording", empty], "no recording"), (["--recording", os.path.join(site.dir, "none")], "none"),
                        (["--recording", empty, "--broken", "loop"], "not of recordings"), (["--recording", ","], "a name is empty")):
        r = subprocess.run([os.path.join(BIN, "platen-lab"), "farm", *args], capture_output=True, text=True, timeout=30)
        need(r.returncode == 2 and words in r.stderr, f"{args}: {r.returncode}: {r.stderr}")


def main():
    tap, site = Tap(), Site()
    try:
        site.take(tap)
        round_trips(tap, site)
        if os.path.exists(SNMPD):
            tap.run("net-snmp's snmpd: walked, replayed, walked again: the same bytes", of_snmpd, tap)
        shapes = [s for s in sorted(site.walks)][::3]
        for s in shapes:
            tap.run(f"{s}: what snmpwalk -On prints is replayed as the same", of_snmpwalk, site, s)
            tap.run(f"{s}: --mask", masked, site, s)
        tap.run("a file that cannot be written", a_file_that_cannot_be, site, shapes[0])
        tap.run("files that are no recordings", no_recordings, site)
        tap.run("wrong use", wrong_use)
        tap.run("its time is over", its_time_is_over)
        for kind, (code, words) in BROKEN.items():
            tap.run(f"broken: {kind}: the walk ends and says why", broken, kind, code, words)
        if not shutil.which("snmpsimd"):
            tap.check(True, "snmpsim", "SKIP it is not installed")
        else:
            opinions(tap, site)
    finally:
        site.close()
    tap.exit()


def opinions(tap, site):
    shapes = sorted(site.walks)[::3]  # of as many makers: it is slow
    sim = Snmpsim([site.walks[s] for s in shapes])
    try:
        with Replay([site.file(s) for s in shapes]) as farm:
            for i, s in enumerate(shapes):
                tap.run(f"{s}: each object of snmpsim's by snmpget is as in the file", every_object, sim, i, site.walks[s])
                for way in WAYS:
                    tap.run(f"{s}: snmpsim walked by {way}: the same bytes", lambda i=i, s=s, w=way:
                            same_bytes(walk(sim.address(i), sim.port, w, community=sim.community(i)), site.walks[s], s))
                    tap.run(f"{s}: read of snmpsim by {way}: as snmpget says, as of the farm", second_opinion, sim, farm, i, s, site.walks[s], way)
        for s in shapes[::3]:
            tap.run(f"{s}: what snmpsim's recorder writes is replayed as the same", of_snmpsims_recorder, site, s)
    finally:
        sim.close()


if __name__ == "__main__":
    main()
