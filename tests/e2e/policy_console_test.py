#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""An administrator makes a policy in a real browser at the real hub: builds rules with the mouse, is told of a contradiction and puts it right,
tries the set on stored jobs, publishes it. A real service takes it. `--pictures DIR` keeps what the browser showed."""
import argparse
import datetime
import json
import os
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from console_test import BROWSER, install_browser  # noqa: E402
from hub_kit import Agent  # noqa: E402
from lab import TOP, Api, Failure, Lab, wait_until  # noqa: E402

SURE = {"pages": "exact", "copies": "exact", "color": "exact", "blank": "exact", "duplex": "exact", "paper": "exact"}


class HubView:
    """What hub_kit's Agent wants of a hub."""

    def __init__(self, lab):
        self.lab = lab
        self.agents = Lab._address(lab.agents_url)
        self.data = lab.hub_data

    def trust(self, cert=None):
        import ssl
        c = ssl.create_default_context(cafile=os.path.join(self.data, "ca.pem"))
        c.check_hostname = False
        if cert:
            c.load_cert_chain(*cert)
        return c


def ago(hours):
    return (datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def fill(lab):
    """Two hundred jobs of the last weeks, some of which a policy did something to, and accounts."""
    other = Agent(HubView(lab), lab.dir, "LYO-PC-0031")
    if other.enrol(lab.key()).status != 200:
        raise Failure("the second PC could not enrol")
    people = ["a.keller", "b.moreau", "c.okafor", "d.lindqvist", "e.rossi", "f.nowak"]
    said = [("denied", "no-colour"), ("converted", "both-sides"), ("asked", "expensive"), ("held", "pay-slips")]
    for n in range(200):
        pages = (n * 7) % 40 + 1
        more = {}
        if n % 9 == 0:
            action, rule = said[n // 9 % 4]
            more["policy"] = {"version": 3, "rule": rule, "action": action, "explanation": f"{action} by {rule}: the rule's conditions hold"}
        other.add(1, user=people[n % 6], queue=["HQ-Color", "HQ-Mono", "Warehouse"][n % 3], document=f"Report {n}.docx", begun=ago(200 - n), ended=ago(200 - n),
                  driver={"copies": 1, "duplex": "none", "paper": "A4"},
                  analysis={"language": "PostScript", "pages": pages, "copies": 1, "impressions": pages, "sheets": pages, "color_pages": pages if n % 3 == 0 else 0,
                            "duplex": "none", "paper": "A4", "confidence": "exact", "certainty": SURE}, **more)
    sent = other.post(other.lines)
    if sent.status != 200:
        raise Failure(f"upload: {sent.body!r}")
    api = Api(lab)
    api.call("POST", "/api/v1/accounts/import", {"csv": "code,name,kind,parent,pin\n1000,Northwind Trading,client,,\n1000-12,Lease of the warehouse,matter,1000,4711\n2000,Museum of Glass,client,,\n"})
    return api


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--pictures")
    a = ap.parse_args()
    install_browser()
    lab = Lab()
    try:
        lab.start_hub(extra=("--console-dir", os.path.join(TOP, "build/console")))
        lab.settings(HubUrl=lab.agents_url, EnrollKey=lab.key())
        lab.start_service()
        wait_until("the enrolment", lambda: os.path.exists(os.path.join(lab.data, "agent.pem")), 20)
        fill(lab)
        pictures = os.path.abspath(a.pictures or os.path.join(lab.dir, "pictures"))
        os.makedirs(pictures, exist_ok=True)
        env = {**os.environ, "PLATEN_CONSOLE": lab.console_url.replace("127.0.0.1", "localhost"), "PLATEN_USER": "admin", "PLATEN_PASSWORD": lab.password,
               "PLATEN_PICTURES": pictures}
        node = subprocess.run(["node", "policy-real.mjs"], cwd=BROWSER, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=240)
        print(node.stdout, end="", flush=True)
        print(node.stderr, end="", file=sys.stderr)
        code = node.returncode
        path = os.path.join(lab.data, "policy.json")
        rules = [r["id"] for r in json.load(open(path))["rules"]] if os.path.exists(path) else None
        good = rules == ["rule-2", "rule-3", "rule-1"]
        print(f"{'ok' if good else 'not ok'} - the PC has the set that was made with the mouse # {rules}")
        code = code or not good
    except Failure as e:
        print(f"not ok - {e}")
        code = 1
    finally:
        lab.close()
        if not os.environ.get("PLATEN_KEEP"):
            shutil.rmtree(lab.dir, ignore_errors=True)
    raise SystemExit(code)


if __name__ == "__main__":
    main()
