# SPDX-License-Identifier: Apache-2.0
"""`platen scan` against net-snmp's snmpd on loopback: v1, v2c, and v3 with every pair of algorithms that snmpd has; each mistake of user,
password or algorithm must be called by its name. snmpd plays a printer by `override` lines; it answers as net-snmp does, not as a printer."""
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from lab import TOP, Failure, Process, Tap, wait_until  # noqa: E402

BIN = os.environ.get("PLATEN_BIN") or os.path.join(TOP, "build/linux/bin")
SNMPD = shutil.which("snmpd") or "/usr/sbin/snmpd"
AUTH_PASSWORD = "a right password"
PRIV_PASSWORD = "another right one"
AUTHS = {"md5": "MD5", "sha1": "SHA", "sha224": "SHA-224", "sha256": "SHA-256", "sha384": "SHA-384", "sha512": "SHA-512"}
PRIVS = {"none": None, "des": "DES", "aes128": "AES", "aes192": "AES-192", "aes256": "AES-256"}
WEAK = {"md5", "des"}
SERIAL = "E2E0042"
PRT = ".1.3.6.1.2.1.43"


def free_port():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def expect(condition, words):
    if not condition:
        raise Failure(words)


class Snmpd:
    """net-snmp's agent with a printer's values and one user per pair of algorithms."""

    def __init__(self):
        self.dir = tempfile.mkdtemp(prefix="platen-scan-")
        self.port = free_port()
        self.users = [(a, p) for a in AUTHS for p in PRIVS]
        conf = os.path.join(self.dir, "snmpd.conf")
        with open(conf, "w", encoding="ascii") as f:
            f.write(self.settings())
        env = {"SNMP_PERSISTENT_DIR": os.path.join(self.dir, "state"), "MIBS": "", "SNMPCONFPATH": self.dir}
        self.process = Process([SNMPD, "-f", "-Lf", os.path.join(self.dir, "log"), "-C", "-c", conf, f"udp:127.0.0.1:{self.port}",
                                f"udp6:[::1]:{self.port}"], os.path.join(self.dir, "err"), env)
        wait_until("snmpd answers", lambda: self.scan("--community", "public")["lines"], 30, 0.2)

    def settings(self):
        lines = ["rocommunity public", "rocommunity6 public"]
        for auth, priv in self.users:
            password = f' "{PRIV_PASSWORD}"' if PRIVS[priv] else ""
            lines.append(f'createUser {self.name(auth, priv)} {AUTHS[auth]} "{AUTH_PASSWORD}"' + (f" {PRIVS[priv]}{password}" if PRIVS[priv] else ""))
            lines.append(f"rouser {self.name(auth, priv)} {'priv' if PRIVS[priv] else 'auth'}")
        values = [(".1.3.6.1.2.1.25.3.2.1.3.1", "octet_str", '"Example LaserWriter"'), (".1.3.6.1.2.1.25.3.5.1.1.1", "integer", "3"),
                  (f"{PRT}.5.1.1.1.1", "integer", "7"), (f"{PRT}.5.1.1.17.1", "octet_str", f'"{SERIAL}"'),
                  (f"{PRT}.10.2.1.4.1.1", "counter", "4711")]
        for i, level in ((1, 42), (2, -3), (3, 7)):
            values += [(f"{PRT}.11.1.1.6.1.{i}", "octet_str", f'"supply {i}"'), (f"{PRT}.11.1.1.8.1.{i}", "integer", "100"),
                       (f"{PRT}.11.1.1.9.1.{i}", "integer", str(level))]
        lines += [f"override {oid} {kind} {value}" for oid, kind, value in values]
        return "\n".join(lines) + "\n"

    @staticmethod
    def name(auth, priv):
        return f"u-{auth}-{priv}"

    def scan(self, *args, auth=None, priv=None, where="127.0.0.1"):
        env = {k: v for k, v in os.environ.items() if not k.startswith("PLATEN_SNMP_")}
        if auth:
            env["PLATEN_SNMP_AUTH"] = auth
        if priv:
            env["PLATEN_SNMP_PRIV"] = priv
        r = subprocess.run([os.path.join(BIN, "platen"), "scan", where, "--port", str(self.port), "--json", "--timeout", "300", *args],
                           capture_output=True, text=True, timeout=60, env=env)
        return {"code": r.returncode, "lines": [json.loads(x) for x in r.stdout.splitlines()], "err": r.stderr}

    def user(self, auth, priv, user=None, auth_password=AUTH_PASSWORD, priv_password=PRIV_PASSWORD, of=None, weak=True):
        """A scan as the user of that pair, or with the name of another's."""
        name = user or self.name(*(of or (auth, priv)))
        args = ["--v3", f"{name}:{auth}:{priv}"] + (["--weak"] if weak and {auth, priv} & WEAK else [])
        return self.scan(*args, auth=auth_password, priv=priv_password if priv != "none" else None)

    def close(self):
        self.process.stop()
        shutil.rmtree(self.dir, ignore_errors=True)


def is_read(found, version):
    expect(found["code"] == 0, f"exit code {found['code']}: {found['err']}")
    expect(len(found["lines"]) == 1, f"{len(found['lines'])} printers: {found['err']}")
    p = found["lines"][0]
    expect(p["outcome"] == "read" and p["version"] == version, f"{p['outcome']} by {p.get('version')}")
    device = p["device"]
    expect(device["identity"]["serial"] == SERIAL, f"serial number {device['identity'].get('serial')}")
    expect(device["identity"]["model"] == "Example LaserWriter", f"model {device['identity'].get('model')}")
    total = [m["count"] for m in device["meters"] if m["meter"] == "total"]
    expect(total == [4711], f"life count {total}")
    levels = [s["level"] for s in device["supplies"]]
    expect(levels == [42, {"is": "some"}, 7], f"levels {levels}")


def is_refused(found, *words):
    expect(found["code"] == 1, f"exit code {found['code']}: {found['err']}")
    expect(found["lines"] and found["lines"][0]["outcome"] == "refused", f"{found['lines']}: {found['err']}")
    reason = found["lines"][0]["reason"]
    expect(all(w in reason for w in words), f"says '{reason}', not {words}")


def main():
    tap = Tap()
    if not os.path.exists(SNMPD):
        print("ok 1 - scan # SKIP snmpd is not installed")
        return
    peer = Snmpd()
    try:
        tap.run("version 2c", lambda: is_read(peer.scan("--community", "public", "--no-v1"), "v2c"))
        tap.run("version 1", lambda: is_read(peer.scan("--community", "public", "--no-v2c"), "v1"))
        tap.run("over IPv6", lambda: is_read(peer.scan("--community", "public", where="::1"), "v2c"))
        tap.run("the second of two communities", lambda: is_read(peer.scan("--community", "secret", "--community", "public"), "v2c"))
        for auth, priv in peer.users:
            tap.run(f"version 3 with {auth} and {priv}", lambda a=auth, p=priv: is_read(peer.user(a, p), "v3"))
        for priv in ("none", "aes128", "aes256"):
            tap.run(f"a user that is not there, {priv}", lambda p=priv: is_refused(peer.user("sha256", p, user="nobody"), "no such SNMPv3 user"))
            tap.run(f"a wrong authentication password, {priv}",
                     lambda p=priv: is_refused(peer.user("sha256", p, auth_password="a wrong password"), "authentication password"))
            tap.run(f"another authentication algorithm, {priv}", lambda p=priv: is_refused(peer.user("sha512", p, of=("sha256", p)), "authentication"))
        for priv in ("aes128", "aes256", "des"):
            tap.run(f"a wrong privacy password, {priv}",
                     lambda p=priv: is_refused(peer.user("sha256", p, priv_password="a wrong password"), "privacy password"))
        tap.run("another privacy algorithm", lambda: is_refused(peer.user("sha256", "aes256", of=("sha256", "aes128")), "privacy"))
        tap.run("another way to lengthen the key", lambda: is_refused(peer.user("sha1", "aes256-reeder", of=("sha1", "aes256")), "privacy"))
        tap.run("privacy asked of a user without", lambda: is_refused(peer.user("sha256", "aes128", of=("sha256", "none")), "algorithms"))
        tap.run("a user first, a community after", lambda: is_read(peer.scan("--v3", "nobody:sha256", "--community", "public", auth=AUTH_PASSWORD), "v2c"))

        def weak():
            found = peer.user("md5", "none", weak=False)
            expect(found["code"] == 1 and "weak" in found["err"], f"{found['code']}: {found['err']}")
        tap.run("weak algorithms only where they are allowed", weak)

        def silent():
            found = peer.scan("--community", "wrong")
            expect(found["code"] == 1 and not found["lines"] and "1 silent" in found["err"], f"{found['code']}: {found['err']}")
        tap.run("a wrong community is silence", silent)

        def again():
            found = peer.scan("--community", "public", "--again", "1")
            expect(found["code"] == 0 and len(found["lines"]) == 2, f"{found['code']}: {found['err']}")
            first, second = found["lines"]
            expect(not first["rescan"] and second["rescan"], "the second scan does not go by what the first has learned")
            sizes = [x["octets_in"] + x["octets_out"] for x in (first, second)]
            expect(sizes[1] < sizes[0], f"{sizes[1]} octets the second time, {sizes[0]} the first")
        tap.run("the second scan costs less", again)
    finally:
        peer.close()
    tap.exit()


if __name__ == "__main__":
    main()
