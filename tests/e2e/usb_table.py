#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What the USB agent reads of each personality: on a socket file here, through libusb in the emulated machine, and in each state of the panel.

  usb_table.py              TAP: nothing is read wrong, and docs/usb.md says what is read
  usb_table.py --markdown   writes the tables into docs/usb.md
  usb_table.py --quick      without the emulated machine; writes and compares nothing"""
import json
import os
import re
import sys
import tempfile

from usb_gadget_test import boot
from usb_lab import PRINTERS, TOP, Printer, Tap, personalities, values

DOC = os.path.join(TOP, "docs/usb.md")
MARK = "<!-- usb_table.py --markdown writes from here -->", "<!-- to here -->"
READ, NOT_OFFERED, MISSED, NOT_ASKED, WRONG = "read", "-", "missed", "not asked", "WRONG"


class Model:
    """What a personality's file offers: which of its values stand in an answer that the agent may have."""

    def __init__(self, name):
        with open(os.path.join(PRINTERS, name + ".printer"), encoding="utf-8") as f:
            text = f.read()
        self.words = dict(re.findall(r"^(about|id1284|maker|product|serial|firmware|can|quirk) +(.*)$", text, re.M))
        self.pjl = "pjl" in self.words.get("can", "")
        answers = text[text.index("\ninfo") :] if "\ninfo" in text else ""
        self.answers = (re.sub(r"^state.*$", "", answers, flags=re.M) if self.pjl else "") + self.words["id1284"]
        self.name = re.search(r"^info ID\n {4}['\"]?(.*?)['\"]?$", text, re.M)
        self.states = re.findall(r"^state +(\S+)", text, re.M)

    def offers(self, variable):
        return re.search(r"\$" + variable + r"(?![a-z])", self.answers) is not None

    def id_field(self, *names):
        for name in names:
            found = re.search(rf"(?:^|;){name}:([^;]*)", self.words["id1284"])
            if found:
                return found.group(1)
        return ""


def same_text(has, *wanted):
    return has is not None and any(str(has).strip().casefold() == w.strip().casefold() for w in wanted if w)


def supply_level(v):
    """(has any, percent or pages) of the first supply with a level."""
    for key, level in v.items():
        m = re.fullmatch(r"supply\.(.+)\.level", key)
        if m and isinstance(level, int):
            return level, v.get(f"supply.{m.group(1)}.capacity")
    return None, None


def judge_supply(model, truth, v):
    offered = any(model.offers(s) or model.offers(s + "_left") for s in truth["supplies"])
    level, capacity = supply_level(v)
    if not offered:
        return NOT_OFFERED if level is None else WRONG
    if level is None:
        return MISSED
    right = {s["left"] for s in truth["supplies"].values()} | {s["left"] * 100 // s["capacity"] for s in truth["supplies"].values()}
    return READ if level in right and (capacity in (None, 100) or capacity in {s["capacity"] for s in truth["supplies"].values()}) else WRONG


def judge_text(has, offered, *wanted):
    if has in (None, ""):
        return MISSED if offered else NOT_OFFERED
    return READ if same_text(has, *wanted) else WRONG


def judge_meter(model, truth, v, variable, *names):
    found = [v[n] for n in names if n in v]
    if not found:
        return MISSED if model.offers(variable) else NOT_OFFERED
    return READ if all(n == truth[variable] for n in found) else WRONG


def judge_reading(model, truth, reading):
    """The table's row. What an agent does not get because it says that it does not ask is no oversight."""
    row = judge_all(model, truth, values(reading["device"]))
    asked = "not asked" not in (reading["problem"] or "")
    return {name: word if asked or word != MISSED else NOT_ASKED for name, word in row.items()}


def judge_all(model, truth, v):
    """A word for each value."""
    name = model.name.group(1) if model.name else ""
    name = name.replace("$product", truth["product"])
    return {
        "make": judge_text(v.get("make"), True, truth["maker"], model.id_field("MFG", "MANUFACTURER")),
        "model": judge_text(v.get("model"), True, truth["product"], model.id_field("MDL", "MODEL")),
        "serial": judge_text(v.get("serial"), True, truth["serial"]),
        "firmware": judge_text(v.get("firmware"), model.offers("firmware"), truth["firmware"]),
        "name": judge_text(v.get("name"), model.pjl and bool(name), name),
        "code": judge_text(v.get("code"), model.offers("code"), str(truth["code"])),
        "display": judge_text(v.get("display"), model.pjl and model.offers("display"), truth["display"]),
        "pages": judge_meter(model, truth, v, "pages", "meter.total"),
        "mono": judge_meter(model, truth, v, "mono", "meter.print.mono", "meter.mono"),
        "color": judge_meter(model, truth, v, "color", "meter.print.color", "meter.color"),
        "duplex": judge_meter(model, truth, v, "duplex", "meter.duplex", "meter.print.duplex"),
        "supplies": judge_supply(model, truth, v),
    }


# What a panel's state is called by the agent: its state, and its conditions.
STATES = {
    "ready": ({"ready"}, set()),
    "sleep": ({"asleep", "ready"}, set()),
    "low": ({"ready", "attention"}, {"low_toner"}),
    "empty": ({"stopped", "attention"}, {"no_paper", "input_empty"}),
    "jam": ({"stopped", "attention"}, {"jammed"}),
    "door": ({"stopped", "attention"}, {"door_open"}),
    "offline": ({"offline"}, {"offline"}),
}


def judge_state(state, v, model):
    """What the agent says of a panel's state. A stopped printer that is called ready is wrong."""
    if not model.offers("code") and not model.offers("display"):
        return NOT_OFFERED
    states, conditions = STATES[state]
    has, said = v.get("state"), set(re.split(r"[ ,]+", v.get("conditions") or "")) - {""}
    if has is None:
        return MISSED
    if has not in states:
        return WRONG
    return READ if not conditions or said & conditions else MISSED


def read_here(name, model):
    """The value row and the state row of a personality on a socket file."""
    printer = Printer(name)
    try:
        row = judge_reading(model, printer.truth(), printer.read()[0])
        states = {}
        for state in model.states:
            if state in STATES:
                printer.order("state " + state)
                reading = values(printer.read()[0]["device"])
                states[state] = judge_state(printer.truth()["state"], reading, model)
        after = printer.truth()
        asked = [after[n] for n in ("forbidden", "pml_sets", "stray")]
        return row, states, asked, printer.jobs()
    finally:
        printer.stop()


def read_there(models):
    """The value rows of all personalities on the gadget."""
    rows, truths, readings = {}, {}, {}
    with tempfile.TemporaryDirectory(prefix="platen-table-") as folder:
        for line in boot("usb_table_scenario.sh", [], os.path.join(folder, "console")):
            if line.startswith("@read "):
                _, name, text = line.split(" ", 2)
                readings[name] = json.loads(text)
            elif line.startswith("@truth "):
                _, name, text = line.split(" ", 2)
                truths[name] = json.loads(text)
            elif line.startswith("@end ") and not line.startswith("@end 0 "):
                raise RuntimeError(f"the emulated machine: {line}")
    for name, model in models.items():
        if len(readings.get(name, [])) == 1:
            rows[name] = judge_reading(model, truths[name], readings[name][0])
    return rows


def table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "| " + " | ".join("---" for _ in head) + " |"]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows])


def markdown(here, there, states):
    columns = list(next(iter(here.values())))
    one = table(["personality", *columns], [[name] + [here[name][c] if here[name][c] == there[name][c] else f"{here[name][c]} / {there[name][c]}" for c in columns]
                                           for name in here])
    two = table(["personality", *STATES], [[name] + [row.get(s, "") for s in STATES] for name, row in states.items()])
    return f"{MARK[0]}\n{one}\n\n{two}\n{MARK[1]}"


def main():
    quick = "--quick" in sys.argv
    tap = Tap()
    models = {name: Model(name) for name in personalities()}
    here, states = {}, {}
    for name, model in models.items():
        here[name], states[name], asked, jobs = read_here(name, model)
        tap.same(f"{name}: nothing forbidden was asked, nothing printed", (asked, jobs), ([0, 0, 0], []))
    there = here if quick else read_there(models)
    tap.same("every personality was read through libusb", sorted(there), sorted(here))
    for name in here:
        for where, row in (("socket", here[name]), ("gadget", there.get(name, {})), ("panel", states[name])):
            wrong = [c for c, word in row.items() if word == WRONG]
            tap.check(f"{name}, {where}: nothing is read wrong", not wrong, f"wrong: {' '.join(wrong)}", json.dumps(row))
    if quick:
        print("\n".join("# " + line for line in markdown(here, there, states).splitlines()))
        tap.done()
    if sorted(there) != sorted(here):
        tap.done()
    with open(DOC, encoding="utf-8") as f:
        doc = f.read()
    begin, end = doc.index(MARK[0]), doc.index(MARK[1]) + len(MARK[1])
    new = doc[:begin] + markdown(here, there, states) + doc[end:]
    if "--markdown" in sys.argv:
        with open(DOC, "w", encoding="utf-8") as f:
            f.write(new)
    else:
        tap.check("docs/usb.md has these tables", new == doc, "tests/e2e/usb_table.py --markdown writes them")
    tap.done()


if __name__ == "__main__":
    main()
