#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""SNMP version 3 of local printers, by the service (docs/usb-snmp.md): users, the engine's lives over starts, kills and a full disk, each mistake as
net-snmp words it, and the product's own collector. Simulated are the printers. TAP on stdout."""
import json
import os
import re
import signal
import subprocess

from answers_test import PAGES, SERIAL, Desk, with_desk
from devices_site import expect
from lab import Tap, wait_until

AUTH, PRIV = "a right password", "another right one"
READER = ("-u", "reader", "-l", "authPriv", "-a", "SHA-256", "-A", AUTH, "-x", "AES", "-X", PRIV)


def with_level(level, *more):
    return ("-u", "reader", "-l", level, "-a", "SHA-256", "-A", AUTH, *more)


class Desk3(Desk):
    def user(self, text, *more, auth=AUTH, priv=PRIV):
        env = {k: v for k, v in os.environ.items() if not k.startswith("PLATEN_SNMP")}
        env.update({k: v for k, v in (("PLATEN_SNMP_AUTH", auth), ("PLATEN_SNMP_PRIV", priv)) if v})
        return self.users("--v3", text, *more, env=env)

    def users(self, *words, env=None):
        return subprocess.run([self.program("platen"), "devices", "--data", self.data, "snmp-users", *words], capture_output=True, text=True, timeout=60, env=env)

    def wants(self, **values):
        self.settings(SnmpAnswers="on", SnmpAllow="127.0.0.0/8", SnmpListen=f"127.0.0.1:{self.port}", **values)

    def ask3(self, program, *names, who=READER):
        return subprocess.run([program, "-v3", *who, "-t", "0.5", "-r", "1", "-OnqU", f"127.0.0.1:{self.port}", *names], capture_output=True, text=True,
                              errors="replace", timeout=60, env={**os.environ, "MIBS": ""})

    def get3(self, name, who=READER):
        return self.ask3("snmpget", name, who=who).stdout.strip().partition(" ")[2].strip('"')

    def says3(self, name, text, seconds=20, who=READER):
        wait_until(f"{name} = {text}", lambda: self.get3(name, who) == text, seconds, 0.1)

    def engine(self):
        with open(os.path.join(self.data, "snmp-engine")) as f:
            id_, boots = f.read().split()
        return id_, int(boots)

    def begin(self, **values):
        r = self.user("reader:sha256:aes128")
        expect(r.returncode == 0, r.stderr)
        self.wants(**values)
        self.start_service()
        self.first_round()
        self.says3(SERIAL, "USBB123456")


def users_in_words(site):
    """What the command takes and refuses, and that no password is on the disk."""
    for words, more, word in (("reader:md5", {}, "weak"), ("reader:sha256:des", {}, "weak"), ("reader:sha256", {"auth": "seven77"}, "8 characters"),
                              ("reader:rot13", {}, "no authentication"), ("reader:none:none", {}, "without any password"), ("x" * 33, {}, "at most 32")):
        r = site.user(words, **more)
        expect(r.returncode == 1 and word in r.stderr, f"{words}: {r.returncode} {r.stdout}{r.stderr}")
    expect("Nobody" in site.users().stdout, site.users().stdout)
    expect(site.user("open:none:none", "--least", "none").returncode == 0, "an open user")
    expect(site.user("old:md5:des", "--weak", "--least", "auth").returncode == 0, "a weak user")
    expect(site.user("reader").returncode == 0, "the usual algorithms")
    r = site.user("old:md5:none", "--weak", "--least", "priv")
    expect(r.returncode == 1 and "least level" in r.stderr, r.stderr)
    listed = site.users().stdout
    for pattern in (r"open +none +none +none", r"old +md5 +des +auth", r"reader +sha256 +aes128 +priv", r"Engine 0x8000000005[0-9a-f]{24}\."):
        expect(re.search(pattern, listed), listed)
    expect(site.users("--remove", "old").returncode == 0 and "old" not in site.users().stdout and site.users("--remove", "old").returncode == 1, "removed")
    for name in ("snmp-engine", "snmp-users.secret"):
        path = os.path.join(site.data, name)
        text = open(path).read()
        expect(os.stat(path).st_mode & 0o077 == 0, f"{name} is readable for others")
        expect(AUTH not in text and PRIV not in text, f"a password is in {name}")
    expect(site.users("--forget").returncode == 0 and "Nobody" in site.users().stdout, "forgotten")
    expect(site.users("--least", "none").returncode == 2 and site.users("--v3", "x", "--forget").returncode == 2, "words that make no sense")


def without_a_community(site):
    """Version 3 alone; both walks say the same; the key stands in no list of processes and no log."""
    site.begin()
    site.says3(PAGES, "18421")
    walks = [re.sub(r"(\.1\.1\.3\.0) .*|\n\S+ No more.*", r"\1", site.ask3(p, "1.3").stdout).strip() for p in ("snmpwalk", "snmpbulkwalk")]
    expect(walks[0] == walks[1] and walks[0].count("\n") > 50, f"{walks[0].count(chr(10))} and {walks[1].count(chr(10))} objects")
    expect(not site.get(SERIAL, community="public") and not site.get(SERIAL, community=""), "a community is answered")
    key = re.search('"auth_key":"([0-9a-f]{64})"', open(os.path.join(site.data, "snmp-users.secret")).read()).group(1)
    for text in (" ".join(str(site.children())), open(site.log("service")).read()):
        expect(key not in text and AUTH not in text, "a secret is told")
    return f"{walks[0].count(chr(10)) + 1} objects"


MISTAKES = (
    ("user", ("-u", "nobody", *READER[2:]), "Unknown user name"),
    ("authentication password", with_level("authPriv", "-x", "AES", "-X", PRIV)[:-6] + ("-A", "a wrong password", "-x", "AES", "-X", PRIV), "Authentication failure"),
    ("authentication algorithm", ("-u", "reader", "-l", "authNoPriv", "-a", "SHA-512", "-A", AUTH), "Authentication failure"),
    ("privacy password", with_level("authPriv", "-x", "AES", "-X", "a wrong password"), "Decryption error"),
    ("level below the least", with_level("authNoPriv"), "authorizationError"),
    ("no level", ("-u", "reader", "-l", "noAuthNoPriv"), "authorizationError"),
    ("level that the user has not", ("-u", "signer", *READER[2:]), "Unsupported security level"),
    ("context", (*READER, "-n", "vlan7"), "Bad context specified"),
)


def each_mistake(site):
    expect(site.user("signer:sha256:none").returncode == 0, "a user who only signs")
    site.begin(SnmpCommunity="fleet")
    for what, who, words in MISTAKES:
        r = site.ask3("snmpget", SERIAL, who=who)
        expect(words.lower() in (r.stdout + r.stderr).lower() and "USBB" not in r.stdout, f"{what}: {r.stdout}{r.stderr}")
    site.says3(SERIAL, "USBB123456", who=("-u", "signer", "-l", "authNoPriv", "-a", "SHA-256", "-A", AUTH))
    r = subprocess.run(["snmpset", "-v3", *READER, f"127.0.0.1:{site.port}", "1.3.6.1.2.1.43.5.1.1.3.1", "i", "4"], capture_output=True, text=True, env={**os.environ, "MIBS": ""})
    expect("noAccess" in r.stderr, f"SET: {r.stdout}{r.stderr}")
    site.says(SERIAL, "USBB123456")  # version 2c beside it
    return f"{len(MISTAKES)} mistakes"


def lives(site):
    """The engine's id stays; its boots rise by one with each start of a child, before it answers; who asked before learns them anew."""
    site.begin()
    id_, boots = site.engine()
    expect(boots == 1, f"boots {boots} after the first start")
    site.service.stop()
    site.start_service()
    site.says3(SERIAL, "USBB123456")
    expect(site.engine() == (id_, 2), f"{site.engine()} after a restart")
    (pid, _), = site.children()
    os.kill(pid, signal.SIGKILL)
    wait_until("another life", lambda: site.engine() == (id_, 3), 15, 0.1)
    site.says3(SERIAL, "USBB123456")
    site.service.stop(signal.SIGKILL)
    site.start_service()
    site.says3(SERIAL, "USBB123456")
    # The killed service's child may keep the port for a moment: the next one's first child then ends at once, and that was a life too.
    again = open(site.log("service")).read().count("it is started again in")
    expect(again >= 1 and site.engine() == (id_, 3 + again), f"{site.engine()} after three starts, {again} children started again")
    # Users of the service change without a restart.
    expect(site.user("second:sha512:aes256").returncode == 0, "a second user")
    second = ("-u", "second", "-l", "authPriv", "-a", "SHA-512", "-A", AUTH, "-x", "AES-256", "-X", PRIV)
    site.says3(SERIAL, "USBB123456", 25, who=second)
    expect(site.engine()[0] == id_ and site.users("--remove", "second").returncode == 0, "removed")
    wait_until("the second is unknown", lambda: "Unknown user" in site.ask3("snmpget", SERIAL, who=second).stderr, 25, 0.3)
    return f"{site.engine()[1]} lives"


def the_last_life(site):
    """At 2^31-1 nothing is in time any more (RFC 3414 2.2.2), and status says what to do."""
    site.begin(SnmpCommunity="fleet")
    site.service.stop()
    id_, _ = site.engine()
    with open(os.path.join(site.data, "snmp-engine"), "w") as f:
        f.write(f"{id_} 2147483645\n")
    site.start_service()
    site.says3(SERIAL, "USBB123456")
    expect(site.engine() == (id_, 2147483646), site.engine())
    for _ in range(2):
        site.service.stop()
        site.start_service()
        site.says(SERIAL, "USBB123456")
        expect(site.engine() == (id_, 2147483647), site.engine())
        r = site.ask3("snmpget", SERIAL)
        expect("USBB" not in r.stdout and "Timeout" in r.stderr, f"{r.stdout}{r.stderr}")  # net-snmp learns the time again and again
        wait_until("words", lambda: "snmp-users --forget" in site.platen("status").stdout, 10, 0.2)


def an_engine_that_is_lost(site):
    """Its file gone, spoilt or another's: version 3 is refused and said, 2c goes on; the engine is never made up anew behind the users' backs."""
    site.begin(SnmpCommunity="fleet")
    path = os.path.join(site.data, "snmp-engine")
    id_, _ = site.engine()
    for text in (None, "", f"{id_} 7", f"{id_} 2147483648\n", f"{'0' * 34} 7\n"):
        site.service.stop()
        if text is None:
            os.unlink(path)
        else:
            with open(path, "w") as f:
                f.write(text)
        site.start_service()
        site.says(SERIAL, "USBB123456")
        r = site.ask3("snmpget", SERIAL)
        expect("Timeout" in r.stderr, f"{text!r}: {r.stdout}{r.stderr}")
        wait_until(f"words on {text!r}", lambda: "version 3 is refused" in site.platen("status").stdout, 10, 0.2)
        expect((open(path).read() if os.path.exists(path) else None) == text, f"{text!r} was written over")
    expect(site.users("--forget").returncode == 0 and site.user("reader:sha256:aes128").returncode == 0, "begun anew")
    site.says3(SERIAL, "USBB123456", 40)
    expect(site.engine()[0] != id_, "the same engine again")


def a_full_disk(site):
    r = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=48m", "tmpfs", site.data], capture_output=True, text=True)
    if r.returncode:
        return f"SKIP no disk of our own can be mounted here: {r.stderr.strip()}"
    try:
        site.begin(SnmpCommunity="fleet")
        before = site.engine()
        filler = os.path.join(site.data, "filler")
        try:
            with open(filler, "wb", buffering=0) as f:
                while True:
                    f.write(b"x" * 4096)
        except OSError:
            pass
        (pid, _), = site.children()
        os.kill(pid, signal.SIGKILL)
        wait_until("another child", lambda: (now := site.children()) and now[0][0] != pid, 15, 0.1)
        site.says(SERIAL, "USBB123456")
        expect("Timeout" in site.ask3("snmpget", SERIAL).stderr, "version 3 is answered in a life that is not on the disk")
        wait_until("words", lambda: "version 3 is refused" in site.platen("status").stdout, 10, 0.2)
        expect("version 3 is refused" in open(site.log("service")).read() and site.engine() == before, f"{site.engine()}")
        os.unlink(filler)
        site.says3(SERIAL, "USBB123456", 40)
        expect(site.engine() == (before[0], before[1] + 1) and "refused" not in site.platen("status").stdout, f"{site.engine()}")
    finally:
        site.service.stop()
        subprocess.run(["umount", site.data], check=False)


def our_own_collector(site):
    """platen scan reads it by version 3, and by no other."""
    site.begin()
    env = {**os.environ, "PLATEN_SNMP_AUTH": AUTH, "PLATEN_SNMP_PRIV": PRIV}
    r = subprocess.run([os.path.join(site.real, "platen"), "scan", f"127.0.0.1:{site.port}", "--v3", "reader:sha256:aes128", "--json"], capture_output=True, text=True,
                       timeout=60, env=env)
    found = [json.loads(line) for line in r.stdout.splitlines() if line.startswith("{")]
    expect(found and "USBB123456" in r.stdout and "18421" in r.stdout, f"{r.stdout[:600]}{r.stderr}")
    r = subprocess.run([os.path.join(site.real, "platen"), "scan", f"127.0.0.1:{site.port}", "--v3", "reader:sha256:aes128", "--json"], capture_output=True, text=True,
                       timeout=60, env={**env, "PLATEN_SNMP_PRIV": "a wrong password"})
    expect("privacy password" in r.stdout + r.stderr and "USBB" not in r.stdout, f"{r.stdout[:600]}{r.stderr}")


def main():
    tap = Tap()
    for name, fn in (("users: what is taken, refused, listed and kept", users_in_words), ("version 3 without a community", without_a_community),
                     ("each mistake as net-snmp words it, SET, and version 2c beside it", each_mistake), ("the engine's lives, and a change of its users", lives),
                     ("the last life", the_last_life), ("an engine that is lost", an_engine_that_is_lost), ("a full disk", a_full_disk),
                     ("the product's own collector", our_own_collector)):
        tap.run(name, with_desk, fn, Desk3)
    tap.exit()


if __name__ == "__main__":
    main()
