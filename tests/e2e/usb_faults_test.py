#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Each way in which a reply can go wrong, at each reply of a dialogue: what the agent reads is right or missing, never wrong, in bounded time, with a word why; and
the reading after it is whole again. The printer is the lab's, the dialogue the agent's own (platen-lab read)."""
import concurrent.futures
import json
import sys
import time

from usb_lab import Printer, Tap, evidence, values

FAULTS = ["garbage 1", "garbage 3000", "alien", "twice", "dribble", "stall 300", "short 0", "short 7", "short 24", "short 36", "mute", "close"]
SLOWEST = 20  # seconds, of one reading
DENSE, THIN = 14, 11  # each of the first replies, then every eleventh
AT_ONCE = 6


def replies_of(personality):
    """How many replies a whole dialogue has: the first position at which a fault no more shows."""
    printer = Printer(personality)
    try:
        for n in range(200):
            printer.order("clear")
            printer.order(f"fault close 0 {n}")
            if not printer.read()[0]["problem"]:
                return n + 1  # behind the last one nobody misses the connection
        raise RuntimeError("a dialogue of more than 200 replies")
    finally:
        printer.stop()


def differences(reading, whole):
    """Names whose value nobody gave in a whole reading; a missing one is none, and one from another source neither."""
    return {name: (v, whole[name]) for name, v in reading.items() if name in whole and v not in whole[name]}


def essential(names):
    return {n for n in names if n in ("name", "code") or n.startswith("meter.") or n.endswith(".level")}


def try_fault(personality, fault, positions):
    """What went wrong at which position."""
    printer, trouble = Printer(personality), []
    try:
        device = printer.read()[0]["device"]
        whole, all_said = values(device), values(device, evidence)
        for at in positions:
            printer.order(f"fault {fault} {at}" if " " in fault else f"fault {fault} 0 {at}")
            began = time.monotonic()
            reading = printer.read()[0]
            seconds = time.monotonic() - began
            printer.order("clear")
            has = values(reading["device"])
            if differences(has, all_said):
                trouble.append(f"reply {at}: wrong: {differences(has, all_said)}")
            if seconds > SLOWEST:
                trouble.append(f"reply {at}: {seconds:.1f} s")
            missing = essential(set(whole) - set(has))
            if missing and not reading["problem"]:
                trouble.append(f"reply {at}: {sorted(missing)} are missing without a word")
            again = values(printer.read()[0]["device"])
            if again != whole:
                trouble.append(f"reply {at}: the next reading is not whole: {json.dumps(again)[:200]}")
        truth = printer.truth()
        if [truth[n] for n in ("forbidden", "pml_sets", "stray", "jobs")] != [0, 0, 0, 0]:
            trouble.append(f"the printer printed or was changed: {truth}")
    finally:
        printer.stop()
    return trouble


def main():
    tap = Tap()
    personality = sys.argv[1] if len(sys.argv) > 1 else "hp-lj-pro"
    replies = replies_of(personality)
    positions = sorted({*range(min(DENSE, replies)), *range(DENSE, replies, THIN), replies - 1})
    tap.check(f"a dialogue has {replies} replies", replies > 3)
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        for fault, trouble in zip(FAULTS, pool.map(lambda f: try_fault(personality, f, positions), FAULTS)):
            tap.check(f"{fault}, at {len(positions)} of {replies} replies: right or missing, never wrong", not trouble, *trouble[:6])
    tap.done()


if __name__ == "__main__":
    main()
