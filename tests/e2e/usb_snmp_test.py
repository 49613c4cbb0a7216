#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""platen-usbagent --snmp with virtual local printers, asked by net-snmp's tools and FusionInventory: what they read is what the printers say
of themselves, whoever may not ask gets nothing, and no question reaches a printer. TAP on stdout."""
import hashlib
import itertools
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import xml.etree.ElementTree as ET

from lab import TOP, Failure, Process, Tap, wait_until

BIN = os.environ.get("PLATEN_BIN") or os.path.join(TOP, "build/linux/bin")
SIMULATED = os.path.join(TOP, "tests/unit/core/printers.sim")
PRT = "1.3.6.1.2.1.43."


def need(condition, words):
    if not condition:
        raise Failure(words)


def tool(name, *args):
    return subprocess.run([name, *args], capture_output=True, text=True, errors="replace", timeout=120, env={**os.environ, "MIBS": ""})


class Agent:
    """The agent and a folder; the port it says it answers on."""

    def __init__(self, *options, listen="127.0.0.1:0", every=1):
        self.dir = tempfile.mkdtemp(prefix="platen-usb-snmp-")
        if listen.endswith(":0"):
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
                s.bind(("127.0.0.1", 0))
                listen = f"127.0.0.1:{s.getsockname()[1]}"
        self.p = Process([os.path.join(BIN, "platen-usbagent"), "--snmp", "--listen", listen, "--every", str(every), *options], os.path.join(self.dir, "log"))
        line = self.p.p.stdout.readline().decode()
        need("UDP port" in line, f"it does not start: {line}{open(self.p.log).read()}")
        self.port = int(line.split()[-1])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.p.alive():
            self.p.p.send_signal(signal.SIGTERM)
        self.p.p.wait(20)
        self.p.p.stdout.close()
        shutil.rmtree(self.dir)

    def snmp(self, program, *names, community="lab", options=()):
        return tool(program, "-v2c", "-c", community, "-t", "0.5", "-r", "1", "-OnqU", *options, f"127.0.0.1:{self.port}", *names)

    def get(self, name):
        return self.snmp("snmpget", name).stdout.strip().partition(" ")[2].strip('"')

    def read(self, name, value, seconds=15):
        wait_until(f"{name} = {value}", lambda: self.get(name) == value, seconds, 0.2)


class Printer:
    """The lab's virtual printer on a socket file."""

    def __init__(self, personality):
        self.dir = tempfile.mkdtemp(prefix="platen-printer-")
        self.sock, self.control = os.path.join(self.dir, "s"), os.path.join(self.dir, "c")
        self.p = Process([os.path.join(BIN, "platen-lab"), "printer", "--personality", personality, "--unix", self.sock, "--control", self.control],
                         os.path.join(self.dir, "log"))
        need(b"ready" in self.p.p.stdout.readline(), "the virtual printer does not start")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.p.stop()
        shutil.rmtree(self.dir)

    def order(self, *words):
        r = tool(os.path.join(BIN, "platen-lab"), "order", self.control, *words)
        need(r.returncode == 0, f"order {words}: {r.stderr}")
        return r.stdout

    def truth(self):
        return json.loads(self.order("truth").splitlines()[0])

    def agent(self, **more):
        return Agent("--allow", "127.0.0.0/8", "--community", "lab", "--port", f"unix:{self.sock}", "--id", self.truth()["id"], **more)


AUTH, PRIV = "a right password", "another right one"
ENGINE = bytes.fromhex("8000000005") + b"of the tests"
AUTHS = {"md5": "MD5", "sha1": "SHA", "sha224": "SHA-224", "sha256": "SHA-256", "sha384": "SHA-384", "sha512": "SHA-512"}
PRIVS = {"des": ("DES", 16), "aes128": ("AES", 16), "aes192": ("AES-192", 24), "aes256": ("AES-256", 32)}


def localised(auth, password, size=None):
    """RFC 3414 A.2, and the draft of Blumenthal for keys that are longer than the hash: by Python, not by the product."""
    def h(data):
        return hashlib.new(auth, data, usedforsecurity=False).digest()
    ku = h((password.encode() * (1048576 // len(password) + 1))[:1048576])
    key = h(ku + ENGINE + ku)
    while size and len(key) < size:
        key += h(key)
    return key[:size].hex()


def v3_user(auth, priv, least="auth"):
    return {"name": f"{auth}-{priv}", "auth": auth, "auth_key": localised(auth, AUTH) if auth != "none" else "", "priv": priv, "least": least,
            "priv_key": localised(auth, PRIV, PRIVS[priv][1]) if priv != "none" else ""}


def as_user(auth, priv, level=None):
    """net-snmp's options for such a user."""
    who = ["-u", f"{auth}-{priv}", "-l", level or ("noAuthNoPriv" if auth == "none" else "authNoPriv" if priv == "none" else "authPriv")]
    who += ["-a", AUTHS[auth], "-A", AUTH] if auth != "none" else []
    return who + (["-x", PRIVS[priv][0], "-X", PRIV] if priv != "none" else [])


class Told(Agent):
    """The agent as the service starts it: who may ask and the printers' readings come on stdin, with keys rather than passwords."""

    def __init__(self, users, boots=1):
        self.dir = tempfile.mkdtemp(prefix="platen-usb-snmp-")
        agent = os.path.join(BIN, "platen-usbagent")
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
            s.bind(("127.0.0.1", 0))
            listen = f"127.0.0.1:{s.getsockname()[1]}"
        with open(os.path.join(self.dir, "log"), "w") as log:
            self.child = subprocess.Popen([agent, "--snmp", "--told"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True)
        self.say({"allow": ["127.0.0.0/8"], "communities": [], "listen": listen, "boots": boots, "v3": {"engine": ENGINE.hex(), "users": users}})
        for o in json.loads(tool(agent, "read", "--simulate", SIMULATED, "--json").stdout):
            self.say({"address": o["address"], "device": o["device"]})
        self.say({"end": True})
        line = self.child.stdout.readline()
        need("UDP port" in line, f"it does not start: {line}{open(os.path.join(self.dir, 'log')).read()}")
        self.port = int(line.split()[-1])

    def say(self, o):
        self.child.stdin.write(json.dumps(o) + "\n")
        self.child.stdin.flush()

    def __exit__(self, *_):
        self.child.stdin.close()
        code = self.child.wait(20)
        self.child.stdout.close()
        shutil.rmtree(self.dir)
        need(code == 0, f"it ended with {code}")

    def v3(self, program, *names, who, options=()):
        return tool(program, "-v3", *who, "-t", "1", "-r", "1", "-OnqU", *options, f"127.0.0.1:{self.port}", *names)


def each_pair():
    """By each pair of algorithms that net-snmp has: the same walk, with keys that Python made."""
    pairs = list(itertools.product(AUTHS, PRIVS))
    walks, asked = {}, 0
    for part in (pairs[:12], pairs[12:]):
        users = [v3_user(*pair) for pair in part] + [v3_user("none", "none", "none")]
        with Told(users) as a:
            wait_until("the printers", lambda: "USBB123456" in a.v3("snmpget", PRT + "5.1.1.17.1", who=as_user("none", "none")).stdout, 15, 0.2)
            for auth, priv in part:
                for who in (as_user(auth, priv), as_user(auth, priv, "authNoPriv")):
                    r = a.v3("snmpget", PRT + "5.1.1.17.1", who=who)
                    need("USBB123456" in r.stdout, f"{who}: {r.stdout}{r.stderr}")
                    asked += 1
                r = a.v3("snmpbulkwalk", "1.3", who=as_user(auth, priv), options=("-Cr20",))
                walks.setdefault(re.sub(r"(\.1\.1\.3\.0) .*", r"\1", r.stdout), []).append((auth, priv))
                need(r.stdout.count("\n") > 50, f"{auth} {priv}: {r.stdout[-300:]}{r.stderr}")
    need(len(walks) == 1, f"the walks differ: {[(w.count(chr(10)), p) for w, p in walks.items()]}")
    return f"{len(pairs)} pairs, {asked} questions, {next(iter(walks)).count(chr(10))} objects each"


def walks_by_version_3():
    with Told([v3_user("sha256", "aes128", "priv")], boots=2147483646) as a:
        who = as_user("sha256", "aes128")
        wait_until("the printers", lambda: "USBB123456" in a.v3("snmpget", PRT + "5.1.1.17.1", who=who).stdout, 15, 0.2)
        walks = [a.v3("snmpwalk", "1.3", who=who).stdout, a.v3("snmpbulkwalk", "1.3", who=who).stdout, a.v3("snmpbulkwalk", "1.3", who=who, options=("-Cr64",)).stdout]
        walks = [re.sub(r"(\.1\.1\.3\.0) .*|\n\S+ No more.*", r"\1", w).strip() for w in walks]
        need(len(set(walks)) == 1 and walks[0].count("\n") > 50, f"the walks differ: {[w.count(chr(10)) for w in walks]}")
        r = tool("snmpget", "-v2c", "-c", "public", "-t", "0.5", "-r", "0", f"127.0.0.1:{a.port}", PRT + "5.1.1.17.1")
        need("Timeout" in r.stderr, "version 2c is answered without a community")
        stranger = a.v3("snmpget", PRT + "5.1.1.17.1", who=who, options=("--clientaddr=127.0.0.9",))
        need("USBB123456" in stranger.stdout, "an address of the list")
    return f"{walks[0].count(chr(10)) + 1} objects"


def inventory_by_version_3():
    """FusionInventory with the Perl modules that are here: SHA-1 and DES."""
    with Told([v3_user("sha1", "des", "priv")]) as a:
        wait_until("the printers", lambda: "USBB123456" in a.v3("snmpget", PRT + "5.1.1.17.1", who=as_user("sha1", "des")).stdout, 15, 0.2)
        r = tool("fusioninventory-netinventory", "--host", "127.0.0.1", "--port", str(a.port), "--protocol", "udp/ipv4", "--credentials",
                 f"version:3,username:sha1-des,authprotocol:sha,authpassword:{AUTH},privprotocol:des,privpassword:{PRIV}")
        device = ET.fromstring(r.stdout).find("CONTENT/DEVICE")
        need(device is not None and device.findtext("INFO/SERIAL") == "USBB123456", r.stdout[-500:] + r.stderr)
        need(device.findtext("PAGECOUNTERS/TOTAL") == "18421", "pages")


def what_is_told_wrong():
    """Users that are in no form, or without their engine's life: it does not start, and says why."""
    good = v3_user("sha256", "aes128")
    for v3, boots, word in (({"engine": ENGINE.hex(), "users": [good]}, 0, "boots"), ({"engine": "80", "users": [good]}, 1, "users"),
                            ({"engine": ENGINE.hex(), "users": [{**good, "auth_key": good["auth_key"][2:]}]}, 1, "users"),
                            ({"engine": ENGINE.hex(), "users": [good, good]}, 1, "users"), ({"engine": ENGINE.hex(), "users": []}, 1, "community")):
        r = subprocess.run([os.path.join(BIN, "platen-usbagent"), "--snmp", "--told"], input=json.dumps({"allow": ["127.0.0.1"], "boots": boots, "v3": v3}) + "\n",
                           capture_output=True, text=True, timeout=30)
        need(r.returncode == 1 and word in r.stderr and good["auth_key"] not in r.stderr, f"{word}: {r.returncode} {r.stderr}")


def not_without_leave():
    for options, word in (([], "--allow"), (["--allow", "127.0.0.1"], "--community"), (["--community", "lab"], "--allow")):
        r = tool(os.path.join(BIN, "platen-usbagent"), "--snmp", *options, "--simulate", SIMULATED, "--times", "1")
        need(r.returncode == 1 and word in r.stderr, f"{options}: {r.returncode} {r.stderr}")
    for options in (["--allow", "10.0.0.0/99"], ["--allow", "everybody"], ["--community", ""], ["--listen", "nowhere"], ["--allow"]):
        r = tool(os.path.join(BIN, "platen-usbagent"), "--snmp", *options)
        need(r.returncode == 2, f"{options}: {r.returncode}")
    r = tool(os.path.join(BIN, "platen-usbagent"), "watch", "--allow", "127.0.0.1", "--simulate", SIMULATED, "--times", "1")
    need(r.returncode == 2, "watch takes --allow")


def three_simulated():
    """Three printers as rows of the same tables; each way of walking says the same."""
    with Agent("--allow", "127.0.0.1", "--community", "lab", "--simulate", SIMULATED) as a:
        a.read("1.3.6.1.2.1.25.3.2.1.3.3", "EPSON Stylus Photo")
        for name, value in (("1.3.6.1.2.1.1.1.0", "HP LaserJet 4"), ("1.3.6.1.2.1.1.2.0", ".1.3.6.1.4.1.11.2.3.9.1"), (PRT + "5.1.1.17.1", "USBB123456"),
                            (PRT + "10.2.1.4.1.1", "18421"), ("1.3.6.1.4.1.11.2.3.9.4.2.1.4.1.2.5.0", "18421"),
                            (PRT + "10.2.1.4.2.1", "No Such Instance currently exists at this OID"),
                            ("1.3.6.1.2.1.25.3.2.1.3.2", "Brother HL-5170DN series"), (PRT + "16.5.1.2.1.1", "00 READY")):
            need(a.get(name) == value, f"{name}: {a.get(name)!r} is not {value!r}")
        walks = [a.snmp("snmpwalk", "1.3").stdout, a.snmp("snmpbulkwalk", "1.3").stdout, a.snmp("snmpbulkwalk", "1.3", options=("-Cr3",)).stdout,
                 tool("snmpwalk", "-v1", "-c", "lab", "-OnqU", f"127.0.0.1:{a.port}", "1.3").stdout]
        walks = [re.sub(r"(\.1\.1\.3\.0) .*|\nEnd of MIB|\n\S+ No more.*", r"\1", w).strip() for w in walks]
        need(len(set(walks)) == 1 and walks[0].count("\n") > 50, f"the walks differ: {[w.count(chr(10)) for w in walks]}")
        return f"{walks[0].count(chr(10)) + 1} objects"


TABLE = """T-MIB DEFINITIONS ::= BEGIN
d OBJECT IDENTIFIER ::= { iso 3 6 1 2 1 25 3 }
dTable OBJECT-TYPE SYNTAX SEQUENCE OF DEntry ACCESS not-accessible STATUS mandatory ::= { d 2 }
dEntry OBJECT-TYPE SYNTAX DEntry ACCESS not-accessible STATUS mandatory INDEX { dIndex } ::= { dTable 1 }
DEntry ::= SEQUENCE { dIndex INTEGER }
dIndex OBJECT-TYPE SYNTAX INTEGER ACCESS read-only STATUS mandatory ::= { dEntry 1 }
dDescr OBJECT-TYPE SYNTAX OCTET STRING ACCESS read-only STATUS mandatory ::= { dEntry 3 }
dStatus OBJECT-TYPE SYNTAX INTEGER ACCESS read-only STATUS mandatory ::= { dEntry 5 }
END
"""


def by_table():
    with Agent("--allow", "127.0.0.1", "--community", "lab", "--simulate", SIMULATED) as a:
        a.read("1.3.6.1.2.1.25.3.2.1.3.3", "EPSON Stylus Photo")
        mib = os.path.join(a.dir, "t.mib")
        with open(mib, "w") as f:
            f.write(TABLE)
        for extra in ([], ["-CB"]):
            r = tool("snmptable", "-v2c", "-c", "lab", "-m", mib, "-Cf", "|", *extra, f"127.0.0.1:{a.port}", "T-MIB::dTable")
            rows = [line.split("|") for line in r.stdout.splitlines() if "|" in line][1:]
            need([row[1].strip('"') for row in rows] == ["HP LaserJet 4", "Brother HL-5170DN series", "EPSON Stylus Photo"], r.stdout + r.stderr)


def inventory(a):
    r = tool("fusioninventory-netinventory", "--host", "127.0.0.1", "--port", str(a.port), "--protocol", "udp/ipv4", "--credentials", "version:2c,community:lab")
    device = ET.fromstring(r.stdout).find("CONTENT/DEVICE")
    need(device is not None, r.stderr)
    return device


def a_virtual_printer():
    """What the printer says is what SNMP says, also when that changes; nothing is invented."""
    with Printer("hp-lj-pro") as p, p.agent() as a:
        t = p.truth()
        a.read(PRT + "5.1.1.17.1", t["serial"])
        a.read(PRT + "10.2.1.4.1.1", str(t["pages"]))
        need(a.get("1.3.6.1.2.1.1.1.0").endswith(t["product"]) and a.get("1.3.6.1.4.1.11.2.3.9.4.2.1.1.3.3.0") == t["serial"], "identity")
        need(a.get("1.3.6.1.2.1.47.1.1.1.1.9.1") == t["firmware"], "firmware")
        need(a.get("1.3.6.1.2.1.25.3.2.1.5.1") == "2" and a.get("1.3.6.1.2.1.25.3.5.1.1.1") == "3", "idle is not running, idle")
        device = inventory(a)
        need(device.findtext("INFO/TYPE") == "PRINTER" and device.findtext("INFO/SERIAL") == t["serial"], "FusionInventory: serial")
        need(device.findtext("PAGECOUNTERS/TOTAL") == str(t["pages"]) and device.find("CARTRIDGES/*") is not None, "FusionInventory: pages, cartridges")
        p.order("state", "jam")
        wait_until("a jam", lambda: a.get("1.3.6.1.2.1.25.3.2.1.5.1") != "2", 15, 0.2)
        return f"{t['pages']} pages"


def questions_do_not_reach_the_printer():
    with Printer("hp-lj-pro") as p, p.agent(every=3600) as a:
        a.read(PRT + "5.1.1.17.1", p.truth()["serial"])
        wait_until("the first reading's end", lambda: a.get(PRT + "10.2.1.4.1.1").isdigit(), 15)
        before = p.truth()
        for _ in range(20):
            need(a.snmp("snmpbulkwalk", "1.3").returncode == 0, "no answer")
        after = p.truth()
        need(before == after, f"the printer noticed: {[(k, before[k], after[k]) for k in before if before[k] != after.get(k)]}")
        p.p.p.send_signal(signal.SIGSTOP)  # a printer that hangs
        try:
            began = time.monotonic()
            need(a.get(PRT + "5.1.1.17.1") == before["serial"] and time.monotonic() - began < 1, "an answer waited for the printer")
        finally:
            p.p.p.send_signal(signal.SIGCONT)


def unplugged_and_back():
    with tempfile.NamedTemporaryFile("w", suffix=".sim") as f, open(SIMULATED) as source:
        text = source.read()
        f.write(text)
        f.flush()
        with Agent("--allow", "127.0.0.1", "--community", "lab", "--simulate", f.name) as a:
            a.read(PRT + "5.1.1.17.1", "USBB123456")
            os.truncate(f.name, 0)
            wait_until("it is gone", lambda: "No Such" in a.get(PRT + "5.1.1.17.1"), 15, 0.2)
            with open(f.name, "w") as again:
                again.write(text)
            a.read(PRT + "5.1.1.17.1", "USBB123456")


def strangers():
    with Agent("--allow", "127.0.0.5", "--community", "lab", "--simulate", SIMULATED) as a:
        r = a.snmp("snmpget", PRT + "5.1.1.17.1")
        need("Timeout" in r.stderr, "an address that may not ask was answered")
        mine = ("--clientaddr=127.0.0.5",)
        wait_until("an answer", lambda: "USBB123456" in a.snmp("snmpget", PRT + "5.1.1.17.1", options=mine).stdout, 15)
        need("Timeout" in a.snmp("snmpget", PRT + "5.1.1.17.1", community="public", options=mine).stderr, "another community was answered")
        r = tool("snmpset", "-v2c", "-c", "lab", *mine, f"127.0.0.1:{a.port}", PRT + "5.1.1.3.1", "i", "4")
        need("noAccess" in r.stderr, f"SET: {r.stdout}{r.stderr}")


def the_other_port():
    """161 where it is free and permitted; else 33333, and it says so."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        try:
            s.bind(("127.0.0.77", 161))
            taken = True
        except PermissionError:
            taken = False
        with Agent("--allow", "127.0.0.1", "--community", "lab", "--simulate", SIMULATED, listen="127.0.0.77") as a:
            need(a.port == 33333, f"port {a.port}")
            refused = tool(os.path.join(BIN, "platen-usbagent"), "--snmp", "--allow", "127.0.0.1", "--community", "lab", "--simulate", SIMULATED, "--listen", "127.0.0.77")
            need(refused.returncode == 1 and "127.0.0.77:33333" in refused.stderr, f"both taken: {refused.returncode} {refused.stderr}")
    if not taken:
        return "161 is not permitted here"
    with Agent("--allow", "127.0.0.1", "--community", "lab", "--simulate", SIMULATED, listen="127.0.0.77") as a:
        need(a.port == 161, f"port {a.port}")
    return "161 taken, then free"


def main():
    tap = Tap()
    tap.run("without --allow and a community it does not start", not_without_leave)
    tap.run("three simulated printers: snmpget, snmpwalk, snmpbulkwalk", three_simulated)
    tap.run("three simulated printers: snmptable", by_table)
    tap.run("a virtual printer: its values, FusionInventory, a jam", a_virtual_printer)
    tap.run("no question reaches the printer, a hanging one delays no answer", questions_do_not_reach_the_printer)
    tap.run("unplugged it is gone, and comes back", unplugged_and_back)
    tap.run("strangers get nothing, SET is refused", strangers)
    tap.run("port 161, else 33333", the_other_port)
    tap.run("version 3: each pair of net-snmp's algorithms", each_pair)
    tap.run("version 3: snmpwalk, snmpbulkwalk, and no other version", walks_by_version_3)
    tap.run("version 3: FusionInventory", inventory_by_version_3)
    tap.run("version 3: what is told wrong", what_is_told_wrong)
    tap.exit()


if __name__ == "__main__":
    main()
