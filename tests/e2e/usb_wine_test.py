#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The Windows agent's usbprint transport under Wine, in front of a double of usbprint.sys that leads to the virtual printer. tests/wine/usb_test.sh
runs it in a prefix of its own. Nothing of it is said of the driver itself: the double does what the driver kit and field reports say."""
import json
import os
import subprocess

from usb_lab import TOP, Printer, Tap, values

PROBE = os.path.join(TOP, "build/windows/bin/usb_windows_test.exe")


def probe(printer, *how):
    port = json.loads(printer.output().splitlines()[0])["port"]
    run = subprocess.run(["wine", PROBE, str(port), printer.truth()["id"], *how], stdin=subprocess.DEVNULL, capture_output=True, timeout=60)
    lines = run.stdout.decode().split("\n")
    try:
        return json.loads(lines[0])
    except ValueError:
        return {"device": {}, "problem": f"exit {run.returncode}: {run.stderr.decode()[-300:]}", "ms": 0}


def is_whole(reading, truth):
    v = values(reading["device"])
    return reading["problem"] == "" and (v.get("meter.total"), v.get("name"), v.get("serial")) == (truth["pages"], truth["product"], truth["serial"])


def main():
    tap = Tap()
    printer = Printer("hp-lj-pro", "--tcp", "0")
    truth = printer.truth()
    for how in ([], ["empty"], ["late"], ["empty", "late"]):
        r = probe(printer, *how)
        tap.check(f"a reading is whole and right {how}", is_whole(r, truth), json.dumps(r)[:800])
        tap.same(f"listing opened no data pipe, the dialogue one; nothing forbidden {how}", (r.get("listing_opened"), r.get("openings"), r.get("forbidden")), (0, 1, 0))
        if "empty" in how:
            tap.check(f"reads ended with no bytes on the way: {r.get('zero_reads')}", r.get("zero_reads", 0) > 0)
    tap.same("vendor, product and serial of the path", (r.get("usb"), r.get("path_serial")), (truth["usb"], truth["serial"]))
    tap.same("Windows' port and the port's status", (r.get("port"), r.get("port_status")), ("USB001", 0x18))
    printer.order("fault dribble")
    tap.check("a reply byte by byte is read", is_whole(probe(printer), truth))
    for fault in ("mute", "short 5 2", "garbage 500", "stall 1000", "close"):
        printer.order("fault " + fault)
        r = probe(printer)
        printer.order("clear")
        v = values(r["device"])
        wrong = {n: v[n] for n, t in (("meter.total", "pages"), ("code", "code")) if n in v and v[n] != truth[t]}
        tap.check(f"{fault}: nothing is wrong, what is missing has a reason, in {r['ms']} ms", not wrong and (r["problem"] or is_whole(r, truth)) and r["ms"] < 20000, json.dumps(r)[:600])
        tap.check(f"{fault}: the next reading is whole", is_whole(probe(printer), truth))
    before = printer.truth()["questions"]
    r = probe(printer, "busy")
    tap.check("a printer that is somebody else's: a reason, and what its ID says", r["problem"] and values(r["device"]).get("serial") == truth["serial"], json.dumps(r)[:400])
    r = probe(printer, "noid")
    tap.check("without a device ID nothing is asked", r["problem"] and r.get("openings") == 0, json.dumps(r)[:400])
    after = printer.truth()
    tap.same("neither asked anything", after["questions"], before)
    tap.same("nothing was printed or changed", [after[n] for n in ("forbidden", "pml_sets", "stray", "jobs")], [0, 0, 0, 0])
    printer.stop()
    tap.done()


if __name__ == "__main__":
    main()
