# SPDX-License-Identifier: Apache-2.0
"""A PC that is a Wine prefix, beside the lab's native hub: its settings in the registry, its service, its ledger. What is common to the tests that run
the Windows programs from the spooler to the hub; the caller made the prefix and exported WINEPREFIX. Wine has no windows without a screen: the tray is
in wine_tray.py. Processes are ended by the id they got, or by their name inside this prefix alone."""
import json
import os
import subprocess

from lab import TOP, Failure, Lab, wait_until

WINDOWS = os.environ.get("PLATEN_BIN_WINDOWS") or os.path.join(TOP, "build/windows/bin")
KEY = r"HKLM\SOFTWARE\Platen"


def need(condition, words):
    if not condition:
        raise Failure(words)


def wine(*args, **more):
    return subprocess.run(["wine", *args], stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace", **{"timeout": 120, **more})


def ask_wine(*args, seconds=20, tries=6):
    """A question that changes nothing. On a machine with much to do a program of Wine's was seen to hang at its start: then it is asked again."""
    for left in range(tries, 0, -1):
        try:
            return wine(*args, timeout=seconds)
        except subprocess.TimeoutExpired:
            if left == 1:
                raise


def windows_path(path):
    return "Z:" + path.replace("/", "\\")


class WinePc(Lab):
    """The lab's hub, and the PC."""

    def __init__(self, data, log_file, programs=WINDOWS):
        super().__init__()
        self.data, self.log_file, self.programs = data, log_file, programs
        self.wine_service = None
        open(log_file, "w").close()

    def exe(self, name):
        return os.path.join(self.programs, name + ".exe")

    def setting(self, name, text):
        need(wine("reg", "add", KEY, "/v", name, "/d", text, "/f").returncode == 0, f"setting {name}")

    def start_wine_service(self, *args, **env):
        with open(self.log_file, "ab") as out:
            self.wine_service = subprocess.Popen(["wine", self.exe("platen-service"), *args, "--verbose"], stdin=subprocess.DEVNULL, stdout=out, stderr=out,
                                                 env={**os.environ, **env})
        wait_until("the service", self.answers, 120)

    def status(self):
        r = ask_wine(self.exe("platen"), "status", "--data", self.data, "--json")
        return json.loads(r.stdout) if r.returncode == 0 else None

    def answers(self):
        try:
            return wine(self.exe("platen"), "status", "--data", self.data, timeout=20).returncode == 0
        except subprocess.TimeoutExpired:
            return False

    def kill_service(self):
        if self.wine_service and self.wine_service.poll() is None:
            wine("taskkill", "/f", "/im", "platen-service.exe")
            self.wine_service.wait(20)

    def tool(self, *args):
        return wine(self.exe("platen"), args[0], "--data", self.data, *args[1:])

    def lines(self, kind, after=0):
        """The ledger's records of a type as they were written."""
        try:
            return [line for (line,) in self.rows("select line from record where type=? and seq>? order by seq", kind, after)]
        except Exception:  # noqa: it is not there yet
            return []

    def records(self, kind="device", after=0):
        return [json.loads(line)[kind] for line in self.lines(kind, after)]

    def last(self):
        return self.rows("select coalesce(max(seq),0) from record")[0][0]

    def service_log(self):
        with open(self.log_file, errors="replace") as f:
            return f.read()
