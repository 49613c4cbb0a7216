# SPDX-License-Identifier: Apache-2.0
"""What hostile agents cost the others (docs/network.md): `platen scan` reads the same sound printers of a farm alone and with one hostile agent
in fifty beside them, in turns. The others must be read as true and with the same questions; and the times until half of them and until the last of
them are read, each the median of the rounds, must not grow by more than a tenth. The farm answers after 20 ms, so that these are times of waiting
more than of the machine; the last ones are those of v1 only, which are found by a time-out."""
import json
import os
import pty
import re
import statistics
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from farm_scan_test import BIN, Farm, differences, expect  # noqa: E402
from lab import Tap  # noqa: E402

DEVICES = 3000
ROUNDS = 5
SLOWER_MOST = 1.10
KINDS = 22


def address_of(found):
    return found["address"].split(":")[0]


def timed_lines(args):
    """The lines of a program that has a terminal, so that each comes when it is written; with the seconds since its start."""
    master, slave = pty.openpty()
    with tempfile.TemporaryFile("w+") as err:
        began = time.monotonic()
        p = subprocess.Popen(args, stdout=slave, stderr=err)
        os.close(slave)
        out, rest = [], b""
        while True:
            try:
                piece = os.read(master, 65536)
            except OSError:  # how Linux says that the other side is closed
                break
            if not piece:
                break
            now = time.monotonic() - began
            *whole, rest = (rest + piece).split(b"\n")
            out += [(now, line) for line in whole]
        os.close(master)
        p.wait(timeout=60)
        err.seek(0)
        return out, err.read()


class Run:
    """One scan of the addresses of a file: what came of the sound printers, and when the last of them was read."""

    def __init__(self, farm, file, sound):
        lines, self.err = timed_lines([os.path.join(BIN, "platen"), "scan", "@" + file, "--port", str(farm.port), "--rate", "0", "--json"])
        self.found, times = {}, []
        for when, line in lines:
            found = json.loads(line)
            if address_of(found) not in sound:
                continue
            expect(address_of(found) not in self.found, f"{found['address']} is there twice")
            self.found[address_of(found)] = found
            times.append(when)
        expect(len(self.found) == len(sound), f"{len(self.found)} of {len(sound)} sound printers: {self.err[-200:]}")
        self.half, self.last = times[len(times) // 2], times[-1]
        self.questions = {a: f["questions"] for a, f in self.found.items()}
        strays = re.search(r"\((\d+) strays\)", self.err)
        self.strays = int(strays[1]) if strays else 0


def write_addresses(farm, name, addresses):
    path = os.path.join(farm.dir, name)
    with open(path, "w", encoding="utf-8") as f:
        f.write("".join(a + "\n" for a in addresses))
    return path


def compare(farm, tap):
    sound = {a for a, t in farm.truth.items() if not t["broken"]}
    kinds = {t["broken"] for t in farm.truth.values()} - {None}
    alone, beside = write_addresses(farm, "sound", sorted(sound)), write_addresses(farm, "all", sorted(farm.truth))
    runs = {"alone": [], "beside": []}

    def hostile_ones():
        expect(len(kinds) == KINDS, f"{len(kinds)} kinds of hostile agents: {sorted(kinds)}")
        return f"{farm.devices - len(sound)} agents of {len(kinds)} kinds beside {len(sound)} printers"

    def scan_all():
        for _ in range(ROUNDS):
            runs["alone"].append(Run(farm, alone, sound))
            runs["beside"].append(Run(farm, beside, sound))
        strays = min(r.strays for r in runs["beside"])
        expect(strays > 1000, f"only {strays} strays: nobody floods")
        return f"{ROUNDS} rounds; {strays} replies that nobody asked for in each"

    def all_true():
        for r in runs["beside"]:
            for a, found in r.found.items():
                wrong = differences(found, farm.truth[a])
                expect(not wrong, f"{a} ({farm.truth[a]['shape']}): {wrong[:3]}")
        return f"{ROUNDS} times {len(sound)}"

    def same_questions():
        least = [{a: min(r.questions[a] for r in runs[w]) for a in sound} for w in ("alone", "beside")]
        more = [a for a in sound if least[1][a] > least[0][a]]
        expect(not more, f"{len(more)} were asked more: {[(a, least[0][a], least[1][a]) for a in more[:3]]}")
        sums = [statistics.median(sum(r.questions.values()) for r in runs[w]) for w in ("alone", "beside")]
        expect(sums[1] <= sums[0] * SLOWER_MOST, f"{sums[1]} questions, {sums[0]} alone")
        return f"{sums[0]:.0f} questions alone, {sums[1]:.0f} beside them"

    def same_time(until):
        seconds = [statistics.median(getattr(r, until) for r in runs[w]) for w in ("alone", "beside")]
        said = f"{seconds[0]:.2f} s alone, {seconds[1]:.2f} s beside them: {seconds[1] / seconds[0]:.2f}"
        expect(seconds[1] <= seconds[0] * SLOWER_MOST, said)
        return said

    tap.run("hostile agents of every kind are there", hostile_ones)
    tap.run("the others are read each time", scan_all)
    tap.run("they are read as they are", all_true)
    tap.run("by the same questions", same_questions)
    tap.run("half of them at most a tenth later", same_time, "half")
    tap.run("the last of them at most a tenth later", same_time, "last")


def main():
    tap = Tap()
    farm = Farm(DEVICES, "--broken", "all", "--broken-permille", "20", "--delay", "20")
    try:
        compare(farm, tap)
    finally:
        farm.close()
    tap.exit()


if __name__ == "__main__":
    main()
