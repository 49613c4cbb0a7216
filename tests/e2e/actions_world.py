# SPDX-License-Identifier: Apache-2.0
"""What the tests of policy actions stand on (actions_wine_test.py): a hub, a Wine PC with monitor, spooler, service and tray, two virtual printers, a
policy published through the hub's API. A job's four traces (paper, ledger, hub, console) are looked up by its title, which each job has for itself."""
import collections
import csv
import getpass
import io
import json
import os
import shutil
import socket
import subprocess

from actions_case import postscript
from lab import Failure, Process, wait_until
from wine_kit import TOP, WinePc, need, wine, windows_path
from wine_tray import Screen, Tray

class Printer:
    """A virtual printer on TCP that keeps what it is sent."""

    def __init__(self, lab, name):
        self.folder = os.path.join(lab.dir, name)
        os.mkdir(self.folder)
        self.p = Process([lab.program("printer"), "--port", "0", "--dir", self.folder], lab.log(name))
        self.port = lab._line_with(self.p, "port")["port"]

    def jobs(self):
        out = []
        for name in sorted(os.listdir(self.folder)):
            if name.endswith(".prn"):
                with open(os.path.join(self.folder, name), "rb") as f:
                    out.append(f.read())
        return [data for data in out if data]


class World:
    """Everything that runs, from the printers to the console."""

    QUEUES = (("Office", "ACT1", "office"), ("Print room", "ACT2", "room"))
    FOREIGN = ("Annex", "PLAIN1", "annex")  # on a port of another monitor

    def __init__(self, folder, pictures):
        data = os.path.join(os.environ["WINEPREFIX"], "drive_c/ProgramData/Platen")
        for name in ("run", "journal", "log"):
            os.makedirs(os.path.join(data, name))
        self.folder, self.set, self.version, self.published = folder, None, 0, 0
        self.user = getpass.getuser()  # Wine's user is the one who runs it
        self.host = socket.gethostname().split(".")[0]
        self.machine = self.host.upper()[:15]  # as Windows writes a computer's name
        self.pc = WinePc(data, os.path.join(folder, "service.log"))
        self.screen = self.tray = None
        self.printers = {}
        self.expected = {name: [] for _, _, name in (*self.QUEUES, self.FOREIGN)}  # bytes, or words for what was made of them
        self.pictures = pictures

    # -- begin and end

    def begin(self):
        self.screen = Screen(self.folder)
        self.spooler()
        self.pc.start_hub(extra=("--console-dir", os.path.join(TOP, "build/console")))
        self.api = self.pc.api()
        self.pc.setting("HubUrl", self.pc.agents_url)
        self.pc.setting("EnrollKey", self.pc.key())
        self.pc.start_wine_service()
        wait_until("the enrolment", lambda: (self.pc.status() or {}).get("state") == "connected", 60, 0.2)
        self.tray = Tray(self.pc, self.pictures)

    def spooler(self):
        """The monitor as an installer puts it, and its ports; another monitor beside it."""
        for monitor, dll in (("Platen Port", "platenmon"), ("Plain Port", "plainmon")):
            shutil.copy(self.pc.exe(dll)[:-4] + ".dll", os.path.join(os.environ["WINEPREFIX"], "drive_c/windows/system32", f"{dll}.dll"))
            self.setup("monitor", monitor, f"{dll}.dll")
        for queue, port, name in self.QUEUES:
            self.printers[name] = Printer(self.pc, name)
            self.setup("xcv", "Platen Port", "AddPort", port, f"tcp:127.0.0.1:{self.printers[name].port}", "print")
            self.setup("raw", queue, port)
        queue, port, name = self.FOREIGN
        self.printers[name] = Printer(self.pc, name)
        self.setup("plainport", port, f"127.0.0.1:{self.printers[name].port}")
        self.setup("raw", queue, port)

    def setup(self, *args):
        r = wine(self.pc.exe("setup_queue"), *args)
        need(r.returncode == 0, f"setup_queue {args}: {r.stdout}")

    def close(self):
        self.pc.kill_service()
        for p in self.printers.values():
            p.p.stop()
        self.pc.close()
        if self.screen:
            subprocess.run(["wineserver", "-k"], timeout=60)
            self.screen.close()

    # -- policy

    def publish(self, rules, default="allow", state="live", **more):
        """The set through the hub's API; in force when the PC says so."""
        self.version += 1
        text = json.dumps({"v": 2, "version": self.version, "default": default, "rules": rules, **more})
        if self.set is None:
            self.set = self.api.call("POST", "/api/v1/policies", {"name": "Head office", "text": text})["id"]
        else:
            self.api.call("PUT", f"/api/v1/policies/{self.set}/draft", {"name": "Head office", "text": text})
        done = self.api.call("POST", f"/api/v1/policies/{self.set}/publish", {"scope": "all", "state": state, "note": "test"})
        self.published = done["version"]
        words = f"version {done['version']}"
        wait_until(f"{words} in force on the PC", lambda: words + "," in (self.pc.status() or {}).get("policy", "") + ",", 60, 0.2)
        wait_until("the hub knows", lambda: self.api.call("GET", "/api/v1/policy/agents")["items"][0]["version"] == done["version"], 30, 0.2)

    # -- a job and its traces

    def print(self, title, data, queue="Office"):
        """As an application does: OpenPrinter, StartDocPrinter, WritePrinter, EndDocPrinter. It sees success whatever the rules say."""
        path = os.path.join(self.folder, "job")
        with open(path, "wb") as f:
            f.write(data)
        r = wine(self.pc.exe("winprint_raw"), queue, windows_path(path), title, timeout=180)
        need('"ok":1' in r.stdout, f"the application: {r.stdout} {r.stderr[-200:]}")

    def tray_watches(self, words):
        """A tray that has just begun may not watch yet. It does when a job's notice reached it: jobs are printed whose title has the words of such a rule."""
        for n in range(1, 20):
            title, data = f"{words} the tray {n}", postscript(words, 1)
            self.print(title, data)
            self.paper(data)
            if self.job(title)["policy"].get("user_notified"):
                return
        raise Failure("the tray does not watch")

    def line(self, title, seconds=60):
        """The one record of this job in the ledger, as it was written."""
        def found():
            return [line for line in self.pc.lines("job") if json.loads(line)["job"].get("document") == title]
        wait_until(f"a record of {title}", found, seconds, 0.2)
        lines = found()
        need(len(lines) == 1, f"{len(lines)} records of {title}")
        return lines[0]

    def job(self, title):
        return json.loads(self.line(title))["job"]

    def at_hub(self, title):
        """What the console's list of jobs shows, and the record behind it."""
        def found():
            return [i for i in self.api.jobs() if i["document"] == title]
        wait_until(f"{title} at the hub", found, 60, 0.2)
        items = found()
        need(len(items) == 1, f"{len(items)} of {title} at the hub")
        return items[0], self.api.call("GET", f"/api/v1/jobs/{items[0]['agent']}/{items[0]['seq']}")["record"]

    def violations(self, title):
        """What the console's page of violations shows of this job."""
        return [i for i in self.api.call("GET", "/api/v1/violations?limit=1000")["items"] if i["document"] == title]

    def violations_csv(self, title):
        """The same in the file that the page gives."""
        text = self.api.call("GET", "/api/v1/violations?format=csv").decode()
        return [row for row in csv.DictReader(io.StringIO(text)) if row["document"] == title]

    def paper(self, data, printer="office", seconds=60):
        """These bytes are at the printer, as often as this test printed them there, no more."""
        self.expected[printer].append(data)
        count = self.expected[printer].count(data)
        wait_until("the bytes at the printer", lambda: self.printers[printer].jobs().count(data) >= count, seconds, 0.1)
        got = self.printers[printer].jobs().count(data)
        need(got == count, f"{got} times at the printer instead of {count}")

    def fresh_paper(self, printer="office"):
        """The bytes of the one job at the printer that is nobody's yet: one that was rewritten."""
        def found():
            return list((collections.Counter(self.printers[printer].jobs()) - collections.Counter(self.expected[printer])).elements())
        wait_until("a job at the printer", found, 60, 0.1)
        jobs = found()
        need(len(jobs) == 1, f"{len(jobs)} jobs at the printer that nobody knows")
        self.expected[printer].append(jobs[0])
        return jobs[0]

    def paper_is_as_expected(self):
        for name, p in self.printers.items():
            need(collections.Counter(p.jobs()) == collections.Counter(self.expected[name]), f"something else is at the printer {name}")

    def no_paper(self, data):
        """Not a byte of it is at any printer. Where its record was read before, nothing of it comes any more."""
        self.paper_is_as_expected()
        for name, p in self.printers.items():
            need(data not in self.expected[name] and data not in p.jobs(), f"it is at the printer {name}")
