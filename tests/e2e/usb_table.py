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
READ, NOT_OFFERED, MISSED, NOT_ASKED, AS_TEXT, WRONG = "read", "-", "missed", "not asked", "as text", "WRONG"
SUPPLY = "supply "

# Why a value is not got, or not as a number. Each word of the tables that is `missed` or `as text` needs a reason here, and each reason such a word.
REASONS = {
    ("brother-hl2030", "supply level"): "`DRUMLIFE=n` is all that it says of a supply. No source says what n counts: pages that are left, pages that were made, or a share. It is kept as the text that it is, "
                                        "and is no level: a bar in the console would be invented.",
    ("deli", "empty"): "It accepts no data while it is out of paper, so that no question reaches it. Its port status has the bit, by a control request: a socket file has none.",
}


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
        self.supply_words = {name: sorted(re.findall(rf"^pml +1\.4\.1\.10\.1\.1\.{column}\.\d+ string (.+)$", text, re.M))
                             for name, column in (("serial", 3), ("part", 56))}
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


def of_supplies(v, name):
    """What the agent says of each supply: {row: value}."""
    return {m.group(1): value for key, value in v.items() if (m := re.fullmatch(rf"supply\.(.+)\.{name}", key))}


def judge_supplies(model, truth, v):
    """Level, capacity, serial and part number, each of all supplies that the personality has. A level is a percentage, or a number beside its capacity."""
    has = truth["supplies"].values()
    by_pml = "pml" in model.words.get("can", "") and bool(has)
    offered = by_pml or any(model.offers(s) or model.offers(s + "_left") for s in truth["supplies"])
    levels, capacities, texts = (of_supplies(v, n) for n in ("level", "capacity", "text"))
    numbers = sorted(s["left"] for s in has), sorted(s["left"] * 100 // s["capacity"] for s in has)
    row = {}
    if levels:
        row["level"] = READ if offered and sorted(levels.values()) in numbers else WRONG
    elif offered and any(str(s["left"]) == t for s in has for t in texts.values()):
        row["level"] = AS_TEXT
    else:
        row["level"] = MISSED if offered else NOT_OFFERED
    pairs = sorted((levels.get(r), c) for r, c in capacities.items())
    if capacities:
        row["capacity"] = READ if pairs == sorted((s["left"], s["capacity"]) for s in has) else WRONG
    else:
        row["capacity"] = MISSED if by_pml else NOT_OFFERED
    for name in ("serial", "part"):
        said, offers = sorted(of_supplies(v, name).values()), model.supply_words[name]
        row[name] = (READ if said == offers else WRONG) if said else MISSED if offers else NOT_OFFERED
    return {SUPPLY + name: word for name, word in row.items()}


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
        **judge_supplies(model, truth, v),
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
    three = table(["personality", "value or state", "why it is not got"], [[name, what, why] for (name, what), why in REASONS.items()])
    return f"{MARK[0]}\n{one}\n\n{two}\n\n{three}\n{MARK[1]}"


def unexplained(here, there, states):
    """Words that say that something is not got, and reasons: those without the other."""
    said = {(name, what) for rows in (here, there, states) for name, row in rows.items() for what, word in row.items() if word in (MISSED, AS_TEXT)}
    return sorted(said ^ set(REASONS))


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
    tap.same("what is not got has its reason, and no reason is idle", unexplained(here, there, states), [])
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
