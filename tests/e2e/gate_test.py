# SPDX-License-Identifier: Apache-2.0
"""Enforcement end to end on Linux: jobs kept back until they are whole, denied, asked for, held, released, redirected; and what happens when the
service, the spooler's side or a disk is not there. The spooler that the service prints to is a script that runs `printjob`, as Windows' runs the
monitor: what it prints goes through the monitor's portable half again."""
import json
import os
import shutil
import stat
import struct
import socket
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from lab import Failure, Lab, Tap, wait_until  # noqa: E402


def document(pages, tag):
    head = f"%!PS-Adobe-3.0\n%%Title: {tag}\n%%Pages: {pages}\n%%EndComments\n"
    page = "%%%%Page: %d %d\n" + "%% filling to make the job span several frames\n" * 700 + "showpage\n"
    return (head + "".join(page % (i, i) for i in range(1, pages + 1)) + "%%Trailer\n%%EOF\n").encode()


def expect(condition, words):
    if not condition:
        raise Failure(words)


def policy(*rules, **more):
    return {"v": 2, "version": 7, "default": "allow", "rules": list(rules), **more}


def when_pages(n, then, **more):
    return {"id": "pages", "when": {"pages": {"min": n}}, "then": then, "message": "Too many pages.", **more}


SPOOLER = """#!/bin/sh
# What the service gives to a queue: printed through the monitor's half, in the background as a spooler does.
dir=$(dirname "$0")
case $1 in
has) grep -qxF "$3" "$dir/titles" 2>/dev/null || exit 3 ;;
print)
    [ -e "$dir/down" ] && exit 1
    [ "$2" = Nowhere ] && exit 3
    echo "$3" >>"$dir/titles"
    cp "$4" "$dir/spooled.$$"
    [ -e "$dir/stuck" ] && exit 0
    (@PRINTJOB@ --data @DATA@ --target tcp:127.0.0.1:@PORT@ --queue "$2" --user service --document "$3" "$dir/spooled.$$" >>"$dir/log" 2>&1) &
    ;;
esac
"""


class Gate:
    def __init__(self, set_=None, **settings):
        self.lab = Lab()
        self.file = os.path.join(self.lab.dir, "job.ps")
        self.n = 0
        self.lab.start_printer()
        self.lab.settings(OpenGraceSeconds=2, **settings)
        self.spool = os.path.join(self.lab.dir, "spool")
        os.mkdir(self.spool)
        script = SPOOLER.replace("@PRINTJOB@", self.lab.program("printjob")).replace("@DATA@", self.lab.data)
        self.script = os.path.join(self.spool, "spooler")
        with open(self.script, "w") as f:
            f.write(script.replace("@PORT@", str(self.lab.printer_port)))
        os.chmod(self.script, stat.S_IRWXU)
        self.env = {"PLATEN_SPOOLER": self.script}
        if set_:
            self.set(set_)
        self.start()

    def set(self, set_, name="policy.json"):
        with open(os.path.join(self.lab.data, name), "w") as f:
            json.dump(set_, f)

    def start(self, env=None):
        self.lab.start_service({**self.env, **(env or {})})

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.lab.close()
        if os.environ.get("PLATEN_KEEP"):
            print("# kept", self.lab.dir)
        else:
            shutil.rmtree(self.lab.dir, ignore_errors=True)

    def print(self, pages, *extra, code=0, env=None, queue=None):
        """Prints a document of its own; gives (its bytes, printjob's answer)."""
        self.n += 1
        name = f"doc {self.n}"
        doc = document(pages, name)
        with open(self.file, "wb") as f:
            f.write(doc)
        p = subprocess.run(self.lab.printjob_args([self.file], "--chunk", "16384", *extra, document=name), capture_output=True, text=True, timeout=90,
                           env={**os.environ, **(env or {})})
        expect(p.returncode == code, f"printjob: exit code {p.returncode}: {p.stdout} {p.stderr}")
        return doc, json.loads(p.stdout.splitlines()[-1]) if p.stdout else None, name

    def records(self, name):
        return [json.loads(r[0])["job"] for r in self.lab.rows("select line from record where line like ?", f'%"document":"{name}"%')]

    def record(self, name, seconds=20):
        """The one record of a job."""
        wait_until(f"the record of {name}", lambda: self.records(name), seconds)
        found = self.records(name)
        expect(len(found) == 1, f"{len(found)} records of {name}")
        return found[0]

    def printed(self, doc, times=1, seconds=20):
        if times:
            wait_until("at the printer", lambda: self.lab.printed().count(doc) >= times, seconds)
        time.sleep(0.3)
        n = self.lab.printed().count(doc)
        expect(n == times, f"printed {n} times, not {times}")

    def gate_files(self):
        return sorted(os.listdir(os.path.join(self.lab.data, "gate")))

    def held(self):
        return self.lab.rows("select uid, state from held where state<>7")

    def no_files(self):
        wait_until("the gate folder is empty", lambda: not self.gate_files(), 10)


def denied_by_pages():
    with Gate(policy(when_pages(5, "deny"))) as g:
        doc, answer, name = g.print(6, code=1)
        expect(answer["outcome"] == "refused", f"{answer}")
        r = g.record(name)
        p = r["policy"]
        expect(r["outcome"] == "refused" and r["analysis"]["pages"] == 6 and p["action"] == "denied" and p["rule"] == "pages" and p["version"] == 7, f"{r}")
        expect("pages 6 is 5 or more" in p["explanation"] and p["message"] == "Too many pages." and p["user_notified"] is False, f"{p}")
        g.printed(doc, 0)
        g.no_files()
        doc, answer, name = g.print(4)
        expect(answer["outcome"] == "printed", f"{answer}")
        g.printed(doc)
        expect(g.record(name)["policy"]["action"] == "printed", "released")
        g.no_files()


def headers_stream():
    with Gate(policy({"id": "q", "when": {"queue": "Other"}, "then": "deny"})) as g:
        doc, answer, name = g.print(3)
        g.printed(doc)
        expect("keeps" not in open(g.lab.log("service")).read() and not g.gate_files(), "no gate file was made")
        expect(not any("gate" in n for n in os.listdir(g.lab.data) if n != "gate"), "nothing else")


def held_and_expired():
    with Gate(policy(when_pages(2, {"hold": {"hours": 1}}))) as g:
        doc, answer, name = g.print(2)
        expect(answer["outcome"] == "taken", f"{answer}")
        expect([s for _, s in g.held()] == [1], f"{g.held()}")
        expect(len(g.gate_files()) == 1 and g.gate_files()[0].endswith(".held"), f"{g.gate_files()}")
        expect(stat.S_IMODE(os.stat(os.path.join(g.lab.data, "gate", g.gate_files()[0])).st_mode) == 0o600, "private")
        g.lab.service.stop(9)
        g.start()
        expect([s for _, s in g.held()] == [1] and not g.records(name), "it is held over a restart")
        g.printed(doc, 0)


def main():
    tap = Tap()
    for case in (denied_by_pages, headers_stream, held_and_expired):
        tap.run(case.__name__.replace("_", " "), case)
    tap.exit()


if __name__ == "__main__":
    main()
