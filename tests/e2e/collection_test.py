# SPDX-License-Identifier: Apache-2.0
"""The hub sets what a collector reads of the network (docs/collection.md): the real hub, the real service, farms of SNMP printers. Who hears which
credential, what becomes of a range that goes, of a hub that is away, of settings that cannot be used; and that no secret lies in the open."""
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from devices_site import ranges, with_site  # noqa: E402
from farm_scan_test import Farm, expect  # noqa: E402
from lab import Tap, wait_until  # noqa: E402

RIGHT, WRONG, PASSWORDS = "right-c0mmunity", "wr0ng-community", {"PLATEN_SNMP_AUTH": "auth-passw0rd", "PLATEN_SNMP_PRIV": "priv-passw0rd"}
SECRETS = [RIGHT, WRONG, *PASSWORDS.values(), "an0ther-password"]
SOON = 20


def community(name, text=None):
    return {"name": name, "kind": "community", **({"community": text} if text else {})}


def user(name, password=None, **more):
    return {"name": name, "kind": "user", "user": "reader", "auth": "sha256", "priv": "aes128", "weak": False,
            **({"auth_password": password, "priv_password": PASSWORDS["PLATEN_SNMP_PRIV"]} if password else {}), **more}


def span(farm, first, last):
    return f"127.1.0.{first}-127.1.0.{last}:{farm.port}"


def a_range(name, addresses, *credentials):
    return {"name": name, "addresses": addresses, "credentials": list(credentials)}


class World:
    """A site with its hub, enrolled, and its agent's settings at the hub."""

    def __init__(self, site, **settings):
        self.site = site
        site.start_hub()
        site.settings(HubUrl=site.agents_url, EnrollKey=site.key(), **settings)
        site.start_service()
        self.api = site.api()
        self.agent = wait_until("the agent at the hub", lambda: self.api.call("GET", "/api/v1/agents")["items"], 30)[0]["id"]
        self.path = f"/api/v1/agents/{self.agent}/collection"

    def get(self):
        return self.api.call("GET", self.path)

    def put(self, ranges_, credentials, expected=200, **more):
        if "serial" not in more:
            more["serial"] = (self.get()["collection"] or {"serial": 0})["serial"]
        return self.api.call("PUT", self.path, {"ranges": ranges_, "credentials": credentials, **more}, expect=expected)

    def devices(self):
        return [d for d in self.api.call("GET", "/api/v1/devices?size=500")["items"]]

    def report(self, what, fn, seconds=SOON):
        def look():
            r = self.get()["report"]
            return r if r and fn(r) else None

        return wait_until(what, look, seconds)

    def in_force(self, serial, seconds=SOON):
        return self.report(f"serial {serial} in force", lambda r: r["serial"] == serial and r["addresses"] is not None, seconds)

    def database(self, sql, *values):
        with sqlite3.connect(os.path.join(self.site.hub_data, "hub.db"), timeout=10) as db:
            db.execute(sql, values)
        db.close()


def told(report):
    return {c["name"]: (c["printers"], c["refused"]) for c in report["credentials"]}


def two_credentials_in_order(site):
    """A wrong community first, the right one behind it: all printers appear, and the report says which one nobody answers to."""
    farm = Farm(40, "--community", RIGHT)
    try:
        w = World(site)
        begun = time.monotonic()
        saved = w.put([a_range("Office", [span(farm, 0, 39)], "old", "new")], [community("old", WRONG), community("new", RIGHT)], rate=5000)
        expect(saved["addresses"] == 40 and saved["collection"]["serial"] > 0 and saved["author"] == "admin", f"{saved}")
        report = w.in_force(saved["collection"]["serial"], 60)
        took = time.monotonic() - begun
        expect(report["source"] == "hub" and report["problem"] is None and told(report) == {"old": (0, 0), "new": (40, 0)}, f"{report}")
        wait_until("all printers at the hub", lambda: len(w.devices()) == 40, SOON)
        return f"40 printers told {took:.1f} s after they were set"
    finally:
        farm.close()


def a_refusal_is_named(site):
    """Version 3 with a wrong password before one that is right: the refusal is of the credential that was refused."""
    farm = Farm(20, "--community", "nobody", "--v3", "reader:sha256:aes128", env=PASSWORDS)
    try:
        v3 = [t for t in farm.truth.values() if "v3" in json.dumps(t.get("versions", ["v3"]))]
        w = World(site)
        s = w.put([a_range("Office", [ranges(farm)], "typo")], [user("typo", "an0ther-password")], rate=5000)
        report = w.in_force(s["collection"]["serial"], 60)
        bad = report["credentials"][0]
        expect(bad["name"] == "typo" and bad["refused"] > 10 and bad["printers"] == 0 and "authentication password" in bad["why"], f"{report}")
        expect("refuse the credential typo" in report["words"], f"{report}")
        s = w.put([a_range("Office", [ranges(farm)], "typo", "good")], [user("typo"), user("good", PASSWORDS["PLATEN_SNMP_AUTH"])], rate=5000)
        report = w.in_force(s["collection"]["serial"], 60)
        expect(told(report)["typo"][0] == 0 and told(report)["good"] == (bad["refused"], 0), f"{report}")
        return f"{bad['refused']} of {len(v3)} refuse 'typo': {bad['why']}"
    finally:
        farm.close()


def a_range_that_goes(site):
    """Its printers are gone at once and are asked no more; what is left out is not asked either; an outdated form is refused."""
    farm = Farm(30, "--community", RIGHT)
    try:
        w = World(site)
        both = [a_range("One", [span(farm, 0, 9)], "new"), a_range("Two", [span(farm, 10, 29)], "new")]
        s = w.put(both, [community("new", RIGHT)], rate=5000, exclude=["127.1.0.0-4"])
        expect(s["addresses"] == 25, f"{s}")
        w.in_force(s["collection"]["serial"], 60)
        wait_until("the printers", lambda: len(w.devices()) == 25, SOON)
        old = s["collection"]["serial"]
        s = w.put(both[:1], [community("new")], rate=5000, exclude=["127.1.0.0-4"])
        report = w.in_force(s["collection"]["serial"], 60)
        expect(report["addresses"] == 5 and told(report) == {"new": (5, 0)}, f"{report}")
        gone = [d for d in site.records() if d["type"] == "device" and d["device"]["outcome"] == "gone"]
        expect(len(gone) == 20 and all("in no range any more" in d["device"]["why"] for d in gone), f"{len(gone)} are gone")
        w.put(both, [community("new")], expected=409, serial=old)
        w.api.call("DELETE", w.path, expect=204)
        report = w.report("nothing set", lambda r: r["serial"] == 0)
        expect(report["source"] == "none" and not os.path.exists(os.path.join(site.data, "collection.secret")), f"{report}")
        w.api.call("DELETE", w.path, expect=404)
        return "25, then 5, then none"
    finally:
        farm.close()


def the_hub_is_away(site):
    """The last good set holds over a restart without a hub; what the hub cannot open any more is not sent."""
    farm = Farm(12, "--community", RIGHT)
    try:
        w = World(site)
        s = w.put([a_range("Office", [ranges(farm)], "new")], [community("new", RIGHT)], rate=5000)
        w.in_force(s["collection"]["serial"], 60)
        site.service.stop()
        site.hub.stop(signal.SIGKILL)
        site.start_service()
        site.read()
        seen = [r for r in site.records() if r["type"] == "seen" and r["seen"]["via"] == "net"]
        expect(seen and len(seen[-1]["seen"]["keys"]) == 12, f"without a hub {seen[-1:]}")
        site.start_hub()
        w.api = site.api()
        w.database("UPDATE collections SET serial=serial+1, sealed=substr(sealed, 1, length(sealed)-1) || x'00'")
        got = w.get()
        expect(got["unreadable"] and got["collection"] is None, f"{got}")
        site.service.stop()
        site.start_service()
        time.sleep(4)
        site.read()
        expect(w.get()["report"]["serial"] == s["collection"]["serial"], "what was tampered with came into force")
        s = w.put([a_range("Office", [ranges(farm)], "new")], [community("new", RIGHT)], serial=s["collection"]["serial"] + 1, rate=5000)
        report = w.in_force(s["collection"]["serial"], 60)
        expect(told(report) == {"new": (12, 0)}, f"{report}")
    finally:
        farm.close()


def who_wins(site):
    """Local settings hold until the hub sets something; a policy's ranges go before both."""
    farm = Farm(6, "--community", "public")
    try:
        w = World(site, Ranges=span(farm, 0, 3), ScanRate=5000)
        report = w.report("the local ranges", lambda r: r["source"] == "local" and r["addresses"] == 4, 60)
        expect(report["serial"] == 0 and report["credentials"] == [], f"{report}")
        s = w.put([a_range("Office", [span(farm, 4, 5)], "public")], [community("public", "public")], rate=5000)
        report = w.in_force(s["collection"]["serial"], 60)
        expect(report["source"] == "hub" and report["addresses"] == 2, f"{report}")
        with open(os.path.join(site.data, "policy.conf"), "w") as f:
            f.write(f"Ranges = {span(farm, 0, 0)}\n")
        site.read()
        report = w.report("the policy", lambda r: r["source"] == "policy")
        expect(report["addresses"] == 1 and report["serial"] == s["collection"]["serial"], f"{report}")
        os.remove(os.path.join(site.data, "policy.conf"))
        site.read()
        w.report("the hub again", lambda r: r["source"] == "hub" and r["addresses"] == 2)
    finally:
        farm.close()


def what_is_refused(site):
    w = World(site)
    key = [community("a", RIGHT)]
    for what, body, word in [
            ("an interval", dict(ranges_=[], credentials=[], minutes={"supplies": 29}), "from 30 to 10080"),
            ("an address", dict(ranges_=[a_range("x", ["192.0.2.300"], "a")], credentials=key), "192.0.2.300"),
            ("no credential", dict(ranges_=[a_range("x", ["192.0.2.1"])], credentials=key), "has no credentials"),
            ("too many", dict(ranges_=[a_range("x", ["10.0.0.0/13"], "a")], credentials=key), "262144"),
            ("a secret that was never said", dict(ranges_=[], credentials=[community("a")]), "has no community"),
            ("a weak algorithm", dict(ranges_=[], credentials=[user("v3", "an0ther-password", auth="md5")]), "weak")]:
        said = w.put(expected=422, **body)
        expect(word in said["detail"] and said["remedy"], f"{what}: {said}")
        expect(not any(s in json.dumps(said) for s in SECRETS), f"{what}: a secret came back")
    expect(w.get()["collection"] is None, "something was set")


def secrets_in_the_open(site):
    """Logs, the ledger, the hub's database, the audit log, command lines, what the API gives: none of them has a secret. The agent's sealed file is
    for its owner alone."""
    farm = Farm(8, "--community", RIGHT)
    try:
        w = World(site)
        s = w.put([a_range("Office", [ranges(farm)], "v3", "new")], [community("new", RIGHT), user("v3", "an0ther-password")], rate=50)
        lines = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True).stdout  # while it scans
        w.in_force(s["collection"]["serial"], 60)
        said = json.dumps([s, w.get(), w.api.call("GET", "/api/v1/audit")])
        audit = [e for e in w.api.call("GET", "/api/v1/audit")["items"] if e["action"] == "collection.put"]
        expect(len(audit) == 1 and audit[0]["object"] == w.agent and "1 ranges, 2 credentials, 8 addresses" in json.dumps(audit), f"{audit}")
        own = os.path.join(site.data, "collection.secret")
        expect(os.stat(own).st_mode & 0o077 == 0, "others may read the sealed file")
        looked = 0
        for top in (site.data, site.hub_data, os.path.dirname(site.log("hub"))):
            for folder, _, files in os.walk(top):
                for name in files:
                    path = os.path.join(folder, name)
                    if path == own or os.path.islink(path) or not os.path.isfile(path) or "/bin/" in path:
                        continue
                    with open(path, "rb") as f:
                        data = f.read()
                    looked += 1
                    expect(not any(x.encode() in data for x in (RIGHT, "an0ther-password")), f"{path} has a secret")
        lines = "\n".join(x for x in lines.splitlines() if "platen-lab" not in x)  # the farm is told on its command line what it answers to
        expect(not any(x in lines or x in said for x in (RIGHT, "an0ther-password")), "a command line or the API has a secret")
        expect(RIGHT in open(own).read(), "the check looks for what is nowhere")
        return f"{looked} files"
    finally:
        farm.close()


def main():
    tap = Tap()
    only = sys.argv[1] if len(sys.argv) > 1 else ""
    cases = [("two credential sets of a range are tried in order, the printers arrive", two_credentials_in_order),
             ("a wrong credential is named, with the reason", a_refusal_is_named), ("a range that goes is asked no more", a_range_that_goes),
             ("the hub away, or its settings damaged: the last good ones hold", the_hub_is_away),
             ("policy before hub before local settings", who_wins), ("what cannot be used is refused with a remedy", what_is_refused),
             ("no secret in the open", secrets_in_the_open)]
    for name, fn in cases:
        if only in name:
            tap.run(name, with_site, fn)
    tap.exit()


if __name__ == "__main__":
    main()
