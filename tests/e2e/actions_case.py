# SPDX-License-Identifier: Apache-2.0
"""One case of the tests of policy actions: its documents, its rule, and the facts that show on paper, in the ledger, at the hub and in the console what
became of a job."""
import subprocess

import wine_tray as on
from wine_kit import need

LEDGER, HUB, CONSOLE = "the ledger", "the hub's record is the ledger's, to the byte", "the console"
COLOUR = "0.8 0.1 0.1 setrgbcolor "


def postscript(title, pages=1, colour=0, setup=""):
    """A document of so many pages, the first `colour` of them with colour."""
    out = [f"%!PS-Adobe-3.0\n%%Title: {title}\n%%Pages: {pages}\n%%EndComments\n%%BeginSetup\n{setup}%%EndSetup\n"]
    for n in range(1, pages + 1):
        out.append(f"%%Page: {n} {n}\n{COLOUR if n <= colour else ''}72 {72 + n} 200 100 rectfill\nshowpage\n")
    return ("".join(out) + "%%Trailer\n%%EOF\n").encode()


def inks(data):
    """Each page as Ghostscript draws it: does it have colour?"""
    run = subprocess.run(["gs", "-q", "-dNOPAUSE", "-dBATCH", "-dSAFER", "-sDEVICE=inkcov", "-o", "-", "-"], input=data, capture_output=True, timeout=60, check=True)
    rows = [line.split() for line in run.stdout.decode().splitlines() if "CMYK" in line]
    return [any(float(v) > 0.0005 for v in row[:3]) for row in rows]


def title_rule(name, condition, then, message=None):
    """A rule for the documents of one case: their titles have its name."""
    return {"id": name.replace(" ", "-"), "when": {"all": [{"document_words": name}, condition] if condition else [{"document_words": name}]}, "then": then,
            **({"message": message} if message else {})}


def rule(name, then, message=None, **when):
    """The same with plain conditions, one at most of each."""
    return title_rule(name, {"all": [{k: v} for k, v in when.items()]} if when else None, then, message)


class Case:
    """One action, and the facts that show it. A fact that does not hold leaves the others to be looked at."""

    def __init__(self, tap, world, name):
        self.tap, self.w, self.name = tap, world, name

    def fact(self, words, fn, *args):
        return self.tap.run(f"{self.name}: {words}", fn, *args)

    def prints(self, title, data, **how):
        self.fact(f"the application prints {title!r}", lambda: self.w.print(title, data, **how))

    def asked(self, title, words, picture):
        def shown():
            self.w.tray.comes_up(title)
            self.w.tray.says(words)
            self.w.tray.picture(picture)
        self.fact("the popup is on the screen, with document, printer, pages and what the rule says", shown)

    def answers(self, button, what):
        self.fact(f"the mouse presses {what}", lambda: self.w.tray.click(on.QUESTION, button, lambda: not self.w.tray.is_open(), "the question is away"))

    def traces(self, title, outcome, action, rule, *, seen=None, **policy):
        """Ledger, hub and console. `policy`: fields of the record's policy; None: it is not there. `seen`: of the analysis."""
        w = self.w

        def ledger():
            job = w.job(title)
            got = job["policy"]
            want = {"action": action, "rule": rule, "version": w.version, **policy}
            bad = {k: (got.get(k), v) for k, v in want.items() if got.get(k) != v}
            bad |= {k: (job["analysis"].get(k), v) for k, v in (seen or {}).items() if job["analysis"].get(k) != v}
            need(job["outcome"] == outcome and not bad, f"{job['outcome']}, got and wanted {bad}: {job}")
            need(got["explanation"], "no explanation")

        def hub():
            item, line = w.at_hub(title)
            need(line == w.line(title), f"{line}")
            need(item["outcome"] == outcome, f"{item}")

        def console():
            rows = w.violations(title)
            if action == "printed":
                return need(rows == [], f"it is in the list of violations: {rows}")
            need(len(rows) == 1 and rows[0]["policy"] == w.job(title)["policy"] and rows[0]["outcome"] == outcome, f"{rows}")

        self.fact(f"{LEDGER}: {outcome}, {action} by {rule}" + "".join(f", {k} {v}" for k, v in policy.items() if k in ("answer", "account", "would")), ledger)
        self.fact(HUB, hub)
        self.fact(f"{CONSOLE}: " + ("no violation" if action == "printed" else "a violation, as the record has it"), console)

    def sides(self, title, data):
        """What came out is the document, on both sides."""
        def rewritten():
            out = self.w.fresh_paper()
            need(out != data and b"/Duplex" in out, "the job is the one that was sent")
            need(inks(out) == inks(data), "pages or colours are others")
            need(len(out) == self.w.job(title)["bytes"], "the record has another size")
        self.fact("both sides are asked of the printer, with the same pages", rewritten)

    def greys(self, title, data):
        def rewritten():
            out = self.w.fresh_paper()
            need(any(inks(data)), "the document had no colour: nothing is tested")
            need(inks(out) == [False] * len(inks(data)), f"Ghostscript sees colour: {inks(out)}")
            need(len(out) == self.w.job(title)["bytes"], "the record has another size")
        self.fact("the same pages are at the printer, without colour (Ghostscript)", rewritten)
