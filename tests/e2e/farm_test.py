#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The farm of the network lab, looked at with other people's programs: net-snmp's tools, tshark, FusionInventory. Everything they read
must be what the farm says is true; each broken agent must be seen to be broken. The rest is asked with plain sockets. TAP on stdout."""
import json
import os
import re
import select
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import xml.etree.ElementTree as ET

from lab import TOP, Failure, Process, Tap, wait_until

BIN = os.environ.get("PLATEN_BIN") or os.path.join(TOP, "build/linux/bin")
TABLE = """SUPPLIES-MIB DEFINITIONS ::= BEGIN
supplies OBJECT IDENTIFIER ::= { iso 3 6 1 2 1 43 11 }
suppliesTable OBJECT-TYPE SYNTAX SEQUENCE OF SuppliesEntry ACCESS not-accessible STATUS mandatory ::= { supplies 1 }
suppliesEntry OBJECT-TYPE SYNTAX SuppliesEntry ACCESS not-accessible STATUS mandatory INDEX { sDevice, sIndex } ::= { suppliesTable 1 }
SuppliesEntry ::= SEQUENCE { sMarker INTEGER }
sDevice OBJECT-TYPE SYNTAX INTEGER ACCESS not-accessible STATUS mandatory ::= { supplies 98 }
sIndex OBJECT-TYPE SYNTAX INTEGER ACCESS not-accessible STATUS mandatory ::= { supplies 99 }
"""
COLUMNS = {2: "marker", 3: "colorant", 4: "class", 5: "type", 7: "unit", 8: "max", 9: "level"}


def need(condition, words):
    if not condition:
        raise Failure(words)


class Farm:
    def __init__(self, *options, truth=True, env=None):
        self.dir = tempfile.mkdtemp(prefix="platen-farm-")
        self.truth_file = os.path.join(self.dir, "truth")
        extra = ["--truth", self.truth_file] if truth else []
        self.p = Process([os.path.join(BIN, "platen-lab"), "farm", *map(str, options), *extra], os.path.join(self.dir, "log"), env)
        line = self.p.p.stdout.readline()
        need(line, "the farm does not start: " + open(self.p.log).read())
        self.port = json.loads(line)["port"]
        self.counts = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.counts is None:
            self.stop()
        shutil.rmtree(self.dir)

    def stop(self):
        self.p.p.send_signal(signal.SIGTERM)
        last = self.p.p.stdout.read().decode().splitlines()[-1]
        self.p.stop()
        self.counts = json.loads(last)
        return self.counts

    def truth(self):
        with open(self.truth_file, encoding="utf-8") as f:
            return [json.loads(line) for line in f]

    def truth_now(self):
        self.p.p.send_signal(signal.SIGUSR1)
        need(b"written" in self.p.p.stdout.readline(), "the truth was not written anew")
        return self.truth()


def tool(name, *args, env=None, seconds=60):
    return subprocess.run([name, *map(str, args)], capture_output=True, text=True, errors="surrogateescape", timeout=seconds,
                          env={**os.environ, "MIBS": "", **(env or {})})


def version_of(device):
    return "-v1" if "v1-only" in device["quirks"] else "-v2c"


def has_bulk(device):
    return "v1-only" not in device["quirks"] and "no-getbulk" not in device["quirks"]


# ---- net-snmp -----------------------------------------------------------------------------------------------------------------------

def parsed(line):
    """(oid, [type, value]) of a line of -OnxtU output, as the truth has them."""
    name, _, rest = line.partition(" = ")
    kind, _, value = rest.partition(": ")
    name = name.lstrip(".")
    if rest == '""':
        return name, ["STRING", ""]
    if kind in ("Hex-STRING", "STRING"):
        return name, ["STRING", value.replace(" ", "").replace('"', "").replace("\n", "").lower()]
    if kind == "OID":
        return name, ["OID", value.lstrip(".")]
    if kind in ("INTEGER", "Counter32", "Gauge32"):
        return name, [kind, int(value)]
    return name, ["Timeticks", int(rest.split()[-1])]  # with -Ot the bare number


def walked(program, device, port, *args):
    r = tool(program, *args, "-c", "public", "-OnxtU", "-t", "3", "-r", "1", f"{device['address']}:{port}", "1.3")
    need(r.returncode == 0, f"{program}: {r.stderr.strip() or r.stdout[-200:]}")
    text = re.sub(r"\n(End of MIB|\S+ = No more variables.*)\s*$", "", r.stdout.rstrip())
    lines = re.sub(r"\n(?!\.)", " ", text).split("\n")  # long hexadecimal goes over several lines
    return dict(parsed(line) for line in lines)


def same_objects(device, got):
    want = device["objects"]
    need(list(got) == list(want), f"{device['shape']}: other objects: {sorted(set(got) ^ set(want))[:5]}")
    for name, value in want.items():
        if name != "1.3.6.1.2.1.1.3.0":  # sysUpTime goes on
            need(got[name] == value, f"{device['shape']} {name}: {got[name]} is not {value}")
    return len(want)


def text_of(device, hexed):
    raw = bytes.fromhex(hexed).rstrip(b"\0")
    return raw.decode("latin-1" if "latin1" in device["quirks"] else "utf-8")


def same_facts(device, got):
    """By the standards' own object identifiers, against the facts: an error in the farm's encoding shows here."""
    def number(name):
        return got[name][1] if name in got else None

    def text(name):
        return text_of(device, got[name][1]) if name in got else None

    prt, sys = "1.3.6.1.2.1.43.", "1.3.6.1.2.1.1."
    facts = [("sys_descr", text(sys + "1.0")), ("sys_object_id", number(sys + "2.0")), ("sys_name", text(sys + "5.0")), ("location", text(sys + "6.0")),
             ("hr_descr", text("1.3.6.1.2.1.25.3.2.1.3.1")), ("device_status", number("1.3.6.1.2.1.25.3.2.1.5.1")), ("pages", number(prt + "10.2.1.4.1.1")),
             ("console", text(prt + "16.5.1.2.1.1")), ("mac", bytes.fromhex(number("1.3.6.1.2.1.2.2.1.6.1")).hex(":"))]
    if "no-serial" not in device["quirks"]:
        facts.append(("serial", text(prt + "5.1.1.17.1")))
    if "no-hrprinter" not in device["quirks"]:
        errors = device["errors"][:2] if "short-errors" in device["quirks"] else device["errors"]
        need(number("1.3.6.1.2.1.25.3.5.1.2.1") == errors, f"{device['shape']}: error bits")
        facts.append(("printer_status", number("1.3.6.1.2.1.25.3.5.1.1.1")))
    for key, value in facts:
        need(value == device[key], f"{device['shape']} {key}: {value!r} is not {device[key]!r}")
    for s in device["supplies"]:
        for column, key in COLUMNS.items():
            value = number(f"{prt}11.1.1.{column}.1.{s['index']}")
            need(value == s.get(key, 1), f"{device['shape']} supply {s['index']} {key}: {value} is not {s.get(key, 1)}")
        need(text(f"{prt}11.1.1.6.1.{s['index']}") == s["description"], "description")
    for t in device["trays"]:
        need((number(f"{prt}8.2.1.9.1.{t['index']}"), number(f"{prt}8.2.1.10.1.{t['index']}"), text(f"{prt}8.2.1.13.1.{t['index']}"))
             == (t["max"], t["level"], t["name"]), f"{device['shape']} tray {t['index']}")
    codes = [got[f"{prt}18.1.1.7.1.{i + 1}"][1] for i in range(len(device["alerts"]))]
    need(codes == [a["code"] for a in device["alerts"]] and f"{prt}18.1.1.7.1.{len(codes) + 1}" not in got, f"{device['shape']}: alerts")
    for name, meter in device["private"].items():
        if got[name][0] == "Counter32" or meter != "total":
            need(number(name) == device["meters"][meter], f"{device['shape']} {name} {meter}: {number(name)}")
    return True


def by_table(device, port, folder):
    """snmptable's rows of the supplies, by GETNEXT and by GETBULK."""
    mib = os.path.join(folder, "supplies.mib")
    columns = "".join(f"s{n} OBJECT-TYPE SYNTAX INTEGER ACCESS read-only STATUS mandatory ::= {{ suppliesEntry {i} }}\n" for i, n in COLUMNS.items())
    with open(mib, "w") as f:
        f.write(TABLE + columns + "sdescr OBJECT-TYPE SYNTAX OCTET STRING ACCESS read-only STATUS mandatory ::= { suppliesEntry 6 }\nEND\n")
    for extra in ([], ["-CB"]) if has_bulk(device) else (["-CB"],):
        r = tool("snmptable", version_of(device), "-c", "public", "-m", mib, "-Ci", "-Cf", "|", *extra, f"{device['address']}:{port}", "SUPPLIES-MIB::suppliesTable")
        lines = [line for line in r.stdout.splitlines() if "|" in line]
        need(lines, f"snmptable says nothing: {r.stderr.strip()}")
        head = lines[0].split("|")
        rows = [dict(zip(head, line.split("|"))) for line in lines[1:]]
        want = [{"index": f"1.{s['index']}", "slevel": str(s["level"]), "smax": str(s["max"]), "stype": str(s["type"])} for s in device["supplies"]]
        need([{k: row[k] for k in want[0]} for row in rows] == want, f"snmptable of {device['shape']}: {rows[:1]} is not {want[:1]}")


def net_snmp(tap, farm, devices):
    seen = {}

    def walk(d):
        got = seen[d["address"]] = walked("snmpwalk", d, farm.port, version_of(d))
        same_facts(d, got)
        return f"{same_objects(d, got)} objects"

    def every_way(d):
        if "slow" in d["quirks"]:
            return
        same_objects(d, walked("snmpwalk", d, farm.port, "-v1"))
        if has_bulk(d):
            same_objects(d, walked("snmpbulkwalk", d, farm.port, "-v2c", "-Cr50"))

    def get(d):
        r = tool("snmpget", version_of(d), "-c", "public", "-Oqvt", f"{d['address']}:{farm.port}", "1.3.6.1.2.1.43.10.2.1.4.1.1", "1.3.6.1.2.1.25.3.2.1.5.1")
        need(r.stdout.split() == [str(d["pages"]), str(d["device_status"])], r.stdout + r.stderr)

    for d in devices:
        tap.run(f"{d['shape']}: snmpwalk equals the truth", walk, d)
    for d in devices:
        tap.run(f"{d['shape']}: snmpget, v1 and GETBULK say the same", lambda d=d: (get(d), every_way(d)) and None)
    for d in devices:
        if d["supplies"]:
            tap.run(f"{d['shape']}: snmptable", by_table, d, farm.port, farm.dir)


def refusals(tap, farm, d):
    at = f"{d['address']}:{farm.port}"

    def says(words, program, *args):
        r = tool(program, "-t", "0.3", "-r", "0", *args)
        need(words in r.stdout + r.stderr, f"{args}: {r.stdout}{r.stderr}")

    def all_of_them():
        says("noAccess", "snmpset", "-v2c", "-c", "public", at, "1.3.6.1.2.1.43.5.1.1.3.1", "i", "4")
        says("noSuchName", "snmpset", "-v1", "-c", "public", at, "1.3.6.1.2.1.43.5.1.1.3.1", "i", "4")
        says("noSuchName", "snmpget", "-v1", "-c", "public", at, "1.3.6.1.2.1.1.99.0")
        says("No Such Object", "snmpget", "-v2c", "-c", "public", at, "1.3.6.1.2.1.1.99.0")
        says("No Such Instance", "snmpget", "-v2c", "-c", "public", at, "1.3.6.1.2.1.1.1.9")
        says("Timeout", "snmpget", "-v2c", "-c", "private", at, "1.3.6.1.2.1.1.1.0")
        says("Timeout", "snmpget", "-v2c", "-c", "public", f"127.2.0.1:{farm.port}", "1.3.6.1.2.1.1.1.0")

    tap.run("SET is refused, what is not there is said not to be, strangers get nothing", all_of_them)


# ---- tshark -------------------------------------------------------------------------------------------------------------------------

class Capture:
    def __init__(self, port, folder):
        self.file = os.path.join(folder, "capture.pcapng")
        self.port = port
        self.p = Process(["dumpcap", "-q", "-i", "lo", "-f", f"udp port {port}", "-w", self.file], os.path.join(folder, "dumpcap"))
        try:
            wait_until("dumpcap", lambda: b"File:" in open(self.p.log, "rb").read() or not self.p.alive(), 10)
        except Failure:
            pass
        self.good = self.p.alive()
        self.why = open(self.p.log, errors="replace").read().strip().replace("\n", " ")

    def end(self):
        time.sleep(0.5)
        self.p.stop(signal.SIGINT)

    def count(self, display_filter):
        r = tool("tshark", "-r", self.file, "-d", f"udp.port=={self.port},snmp", "-Y", display_filter, "-T", "fields", "-e", "frame.number", seconds=300)
        need(r.returncode == 0, r.stderr)
        return len(r.stdout.split())


def well_formed(capture):
    capture.end()
    everything, replies = capture.count("snmp"), capture.count("snmp.data == 2")
    bad = capture.count("_ws.malformed || _ws.expert.severity == error || !snmp")
    need(replies > 1000, f"only {replies} replies captured")
    need(bad == 0, f"{bad} of {everything} datagrams are malformed")
    return f"{everything} datagrams, {replies} replies"


# ---- FusionInventory ----------------------------------------------------------------------------------------------------------------

def inventory(d, port):
    version = "1" if "v1-only" in d["quirks"] else "2c"
    r = tool("fusioninventory-netinventory", "--host", d["address"], "--port", port, "--protocol", "udp/ipv4", "--credentials", f"version:{version},community:public",
             "--timeout", "3", seconds=120)
    need("<REQUEST>" in r.stdout, r.stderr.strip())
    device = ET.fromstring(re.sub(r"[^\x09\x0a\x20-\x7e]", "?", r.stdout)).find("CONTENT/DEVICE")
    need(device is not None, "no device in its answer")
    info = device.find("INFO")
    need(info.findtext("TYPE") == "PRINTER", f"type {info.findtext('TYPE')}")
    found = {"serial": info.findtext("SERIAL"), "pages": device.findtext("PAGECOUNTERS/TOTAL")}
    for key, want in (("serial", d["serial"].strip()), ("pages", str(d["pages"]))):
        if key == "serial" and "no-serial" in d["quirks"] and not found[key]:
            continue  # only in a private object, which it may not know
        need(found[key] is not None and found[key].strip().rstrip(".") == want.rstrip("."), f"{key}: {found[key]!r} is not {want!r}")
    levels = [int(e.text) for e in device.findall("CARTRIDGES/*") if e.text.isdigit()]
    known = [s for s in d["supplies"] if s["level"] >= 0 and (s["max"] > 0 or s["unit"] == 19)]
    wanted = {s["level"] * 100 // s["max"] if s["max"] > 0 else s["level"] for s in known}
    need(all(any(abs(v - w) <= 1 for w in wanted) for v in levels if known), f"cartridges {levels}, true {sorted(wanted)}")
    need(not known or levels, "no cartridge found")
    return f"{d['pages']} pages, {len(levels)} levels"


# ---- plain sockets ------------------------------------------------------------------------------------------------------------------

def tlv(tag, content):
    n = len(content)
    return bytes([tag]) + (bytes([n]) if n < 128 else bytes([0x81, n]) if n < 256 else bytes([0x82, n >> 8, n & 255])) + content


def oid(dotted):
    parts = [int(p) for p in dotted.split(".")]
    out = bytearray([parts[0] * 40 + parts[1]])
    for p in parts[2:]:
        out += bytes(0x80 | p >> s & 0x7F for s in (28, 21, 14, 7) if p >> s) + bytes([p & 0x7F])
    return tlv(6, bytes(out))


def get_request(*names, request_id=0x1234, version=1):
    variables = b"".join(tlv(0x30, oid(n) + b"\x05\x00") for n in names)
    pdu = tlv(0xA0, tlv(2, request_id.to_bytes(4, "big")) + b"\x02\x01\x00\x02\x01\x00" + tlv(0x30, variables))
    return tlv(0x30, tlv(2, bytes([version])) + tlv(4, b"public") + pdu)


class Asker:
    def __init__(self):
        self.s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8 << 20)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.s.close()

    def send(self, address, port, request):
        self.s.sendto(request, (address, port))

    def replies(self, seconds):
        """[(bytes, (address, port), when)] until nothing has come for so long."""
        out = []
        while select.select([self.s], [], [], seconds)[0]:
            data, where = self.s.recvfrom(65535)
            out.append((data, where, time.monotonic()))
        return out


def all_of_65536():
    """Each of 65,536 addresses tells its own serial number and pages."""
    with Farm("--devices", 65536, "--shapes", "hp-m404,xerox-c8045,ricoh-c3004") as farm, Asker() as asker:
        truth = {d["address"]: d for d in farm.truth()}
        request = get_request("1.3.6.1.2.1.43.5.1.1.17.1", "1.3.6.1.2.1.43.10.2.1.4.1.1")
        seen, waiting = {}, list(truth)
        for turn in range(3):
            for n, a in enumerate(waiting):
                asker.send(a, farm.port, request)
                if n % 64 == 63:
                    seen.update((where[0], data) for data, where, _ in asker.replies(0))
            seen.update((where[0], data) for data, where, _ in asker.replies(1))
            waiting = [a for a in truth if a not in seen]
            if not waiting:
                break
        need(not waiting, f"{len(waiting)} of 65536 never answered")
        for a, data in seen.items():
            need(tlv(4, truth[a]["serial"].encode()) in data, f"{a}: another serial number")
            pages = truth[a]["pages"]
            need(data.endswith(tlv(0x41, pages.to_bytes(pages.bit_length() // 8 + 1, "big"))), f"{a}: other pages")
        with open(f"/proc/{farm.p.p.pid}/status") as f:
            memory = int(re.search(r"VmHWM:\s+(\d+)", f.read())[1]) / 1024
        return f"the farm needs {memory:.1f} MiB"


def meters_move():
    with Farm("--devices", 20, "--jobs", 200) as farm, Asker() as asker:
        before = {d["address"]: d["pages"] for d in farm.truth()}
        time.sleep(1)
        after = farm.truth_now()
        printed = sum(d["pages"] - before[d["address"]] for d in after)
        need(all(d["pages"] >= before[d["address"]] for d in after) and 500 < printed < 4000, f"{printed} pages in a second of 200 jobs")
        asker.send("127.1.0.0", farm.port, get_request("1.3.6.1.2.1.43.10.2.1.4.1.1"))
        data = asker.replies(0.5)[0][0]
        need(int.from_bytes(data[-3:].lstrip(b"\x03\x02"), "big") >= after[0]["pages"] & 0xFFFF, "the counter stands still")
        return f"{printed} pages"


def losses_and_the_dead():
    with Farm("--devices", 2000, "--live", 40, "--loss", 20, "--delay", 100, "--jitter", 100, "--shapes", "hp-m404") as farm, Asker() as asker:
        live = {d["address"] for d in farm.truth() if d["live"]}
        need(700 < len(live) < 900, f"{len(live)} of 2000 live")
        sent = {}
        for i in range(2000):
            a = f"127.1.{i >> 8}.{i & 255}"
            sent[a] = time.monotonic()
            asker.send(a, farm.port, get_request("1.3.6.1.2.1.1.5.0"))
        got = asker.replies(1)
        need(all(where[0] in live for _, where, _ in got), "a dead address answered")
        delays = sorted(when - sent[where[0]] for _, where, when in got)
        need(0.55 < len(got) / len(live) < 0.73, f"{len(got)} of {len(live)} answered, with 0.8 * 0.8 to be expected")
        need(delays[0] >= 0.099 and delays[len(delays) // 2] > 0.12, f"delays from {delays[0]:.3f} s")
        counts = farm.stop()
        need(counts["received"] == 2000 and counts["dead"] == 2000 - len(live) and counts["lost"] == len(live) - len(got), str(counts))
        return f"{len(live)} live, {len(got)} answered, after {delays[0] * 1000:.0f} to {delays[-1] * 1000:.0f} ms"


def version_3():
    """net-snmp's own USM against each printer's engine, and its words for what is refused."""
    words = {"PLATEN_SNMP_AUTH": "authsecret1", "PLATEN_SNMP_PRIV": "privsecret1"}
    with Farm("--devices", 24, "--truth-objects", "--v3", "reader:sha256:aes128", env=words) as farm:
        def user(name="reader", auth="authsecret1", priv="privsecret1", level="authPriv"):
            return ["-v3", "-u", name, "-l", level, "-a", "SHA-256", "-A", auth, "-x", "AES", "-X", priv]

        def says(expected, *options):
            r = tool("snmpget", *options, "-t", "0.5", "-r", "0", "-OnxtU", f"127.1.0.5:{farm.port}", "1.3.6.1.2.1.1.1.0")
            need(expected in r.stdout + r.stderr, f"{options}: {r.stdout}{r.stderr}")

        asked = 0
        for d in farm.truth():
            if "v1-only" in d["quirks"] or "slow" in d["quirks"]:
                continue
            r = tool("snmpbulkwalk" if has_bulk(d) else "snmpwalk", *user(), "-OnxtU", f"{d['address']}:{farm.port}", "1.3.6.1.2.1.43.11")
            lines = r.stdout.strip().split("\n.")
            want = {name: value for name, value in d["objects"].items() if name.startswith("1.3.6.1.2.1.43.11.")}
            got = dict(parsed(line.replace("\n", " ")) for line in lines)
            need(got == want, f"{d['shape']}: {r.stderr} {len(got)} of {len(want)} objects")
            asked += 1
        says("Authentication failure", *user(auth="authsecret2"))
        says("Unknown user name", *user(name="other"))
        says("Decryption error", *user(priv="privsecret2"))
        says("authorizationError", *user(level="authNoPriv"))
        return f"{asked} engines"


def broken_by_net_snmp(name, words):
    with Farm("--devices", 1, "--shapes", "hp-m404", "--broken", name) as farm:
        r = tool("snmpwalk", "-v2c", "-c", "public", "-t", "0.2", "-r", "0", f"127.1.0.0:{farm.port}", "1.3", seconds=20)
        need(re.search(words, r.stdout + r.stderr), f"snmpwalk says {(r.stderr or r.stdout)[-200:]}")
        need(farm.stop()["broken"].get(name), "the farm did not count it")


def broken_by_socket(name, check, seconds=0.5):
    with Farm("--devices", 2, "--shapes", "hp-m404", "--broken", name) as farm, Asker() as asker:
        began = time.monotonic()
        asker.send("127.1.0.0", farm.port, get_request("1.3.6.1.2.1.1.3.0", "1.3.6.1.2.1.1.5.0"))
        got = asker.replies(seconds)
        need(check(got, farm, began), f"{len(got)} replies: {[(len(d), w) for d, w, _ in got][:3]}")


def faults(tap):
    for name, words in (("loop", "OID not increasing"), ("stuck", "OID not increasing"), ("backwards", "OID not increasing"), ("gen-err", "genErr|genError"),
                        ("wrong-id", "Timeout"), ("truncated", "Timeout"), ("garbage", "Timeout"), ("length-bomb", "Timeout"),
                        ("nest-bomb", "Timeout"), ("empty", "Timeout"), ("silent", "Timeout")):
        tap.run(f"broken: {name}: snmpwalk notices", broken_by_net_snmp, name, words)
    checks = {
        "wrong-address": lambda got, farm, _: len(got) == 1 and got[0][1] == ("127.1.0.1", farm.port),
        "wrong-port": lambda got, farm, _: len(got) == 1 and got[0][1][0] == "127.1.0.0" and got[0][1][1] != farm.port,
        "flood": lambda got, *_: len(got) == 100 and len({d for d, _, _ in got}) == 1,
        "size-bomb": lambda got, *_: len(got) == 1 and len(got[0][0]) > 60000,
        "name-bomb": lambda got, *_: len(got) == 1 and b"\x01" * 399 in got[0][0],
        "wrong-type": lambda got, *_: len(got) == 1 and tlv(4, b"many") in got[0][0],
        "wrong-name": lambda got, *_: len(got) == 1 and oid("1.3.6.1.2.1.1.4.0") in got[0][0],
        "wrong-community": lambda got, *_: len(got) == 1 and b"Public" in got[0][0],
    }
    for name, check in checks.items():
        tap.run(f"broken: {name}", broken_by_socket, name, check)
    tap.run("broken: late", broken_by_socket, "late", lambda got, _, began: len(got) == 1 and 6.9 < got[0][2] - began < 9, 9)
    tap.run("broken: endless: a walk of 3000 steps does not end", endless)


def endless():
    with Farm("--devices", 1, "--shapes", "hp-m404", "--broken", "endless") as farm:
        r = subprocess.Popen(["snmpbulkwalk", "-v2c", "-c", "public", "-On", f"127.1.0.0:{farm.port}", "1.3.6.1"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                             env={**os.environ, "MIBS": ""})
        seen = sum(1 for _, _ in zip(range(3000), r.stdout))
        r.kill()
        r.wait()
        r.stdout.close()
        need(seen == 3000, f"it ended after {seen}")


def main():
    tap = Tap()
    with Farm("--devices", 64, "--truth-objects") as farm:
        everyone = farm.truth()
        devices = everyone[:len({d["shape"] for d in everyone})]
        tap.check(len({d["vendor"] for d in devices}) >= 12, f"{len(devices)} shapes of {len({d['vendor'] for d in devices})} makers, one after the other")
        capture = Capture(farm.port, farm.dir)
        net_snmp(tap, farm, devices)
        refusals(tap, farm, devices[0])
        for d in devices:
            tap.run(f"{d['shape']}: fusioninventory-netinventory", inventory, d, farm.port)
        if capture.good:
            tap.run("tshark finds every datagram well formed", well_formed, capture)
        else:
            capture.p.p.stdout.close()
            tap.check(True, "tshark", f"SKIP nothing can be captured here: {capture.why}")
    tap.run("all of 65,536", all_of_65536)
    tap.run("version 3: net-snmp reads the supplies of each model", version_3)
    tap.run("meters move, and the truth with them", meters_move)
    tap.run("losses, delays and dead addresses are as ordered", losses_and_the_dead)
    faults(tap)
    tap.exit()


if __name__ == "__main__":
    main()
