# SPDX-License-Identifier: Apache-2.0
"""Print queues as CUPS has them, a PPD file and the driver's filter: what tests/corpus/generate makes jobs with besides Ghostscript's devices.

No scheduler runs. `cupsfilter` makes a job in two steps: first what the driver's filter gets (CUPS raster, PDF or PostScript), then the job.
The truth comes from the first step, which the analyser never sees: its page headers say how many pages there are, of which size, with how many
copies and on which sides, and a hash of each page's pixels says which page of the document it is. The table says what a driver makes of that.
"""
import hashlib
import os
import pathlib
import re
import subprocess

import kit
import queue_table
from documents import DOCUMENTS, SIZES

LIMIT_S = 240
RASTER, PDF, POSTSCRIPT = "application/vnd.cups-raster", "application/vnd.cups-pdf", "application/vnd.cups-postscript"
SIDES = ("one-sided", "two-sided-long-edge", "two-sided-short-edge")


class Step:
    """One page that the driver's filter gets."""

    def __init__(self, pixels, paper, copies=1, duplex="?"):
        self.pixels, self.paper, self.copies, self.duplex = pixels, paper, copies, duplex


def paper_of(width, height):
    for name, (w, h) in SIZES.items():
        if sorted((abs(width - w) <= 2, abs(height - h) <= 2)) == [True, True] or (abs(width - h) <= 2 and abs(height - w) <= 2):
            return name
    return "?"


def raster_steps(path):
    """CUPS raster, version 3: headers of 1796 bytes in the writer's order, each followed by rows that are not packed."""
    steps = []
    with open(path, "rb") as f:
        sync = f.read(4)
        if sync not in (b"3SaR", b"RaS3"):
            raise OSError(f"no CUPS raster of version 3 but {sync!r}")
        order = "little" if sync == b"3SaR" else "big"
        while head := f.read(1796):
            number = lambda at: int.from_bytes(head[at:at + 4], order)
            planes = number(420) if number(396) == 2 else 1
            pixels = hashlib.md5(head[384:404])  # noqa: the same bytes in another format are other pixels
            left = number(376) * number(392) * planes
            while left and (part := f.read(min(left, 1 << 20))):
                pixels.update(part)
                left -= len(part)
            duplex = ("long", "short")[number(368) != 0] if number(272) else "none"
            steps.append(Step(pixels.digest(), paper_of(number(352), number(356)), number(340) or 1, duplex))
    return steps


def drawn_steps(path):
    """PDF and PostScript: drawn small; the size is that of the picture."""
    out = subprocess.run(["gs", "-q", "-dBATCH", "-dNOPAUSE", "-dSAFER", "-sDEVICE=ppmraw", "-r36", "-sOutputFile=-", path],
                         capture_output=True, timeout=LIMIT_S, check=True).stdout
    steps, at = [], 0
    while out.startswith(b"P6", at):
        lines, here = [], at
        while len(lines) < 3:
            end = out.index(b"\n", here)
            lines += [out[here:end]] * (not out.startswith(b"#", here))
            here = end + 1
        width, height = map(int, lines[1].split())
        at = here + width * height * 3
        steps.append(Step(hashlib.md5(out[here:at]).digest(), paper_of(width * 2, height * 2)))
    return steps


class QueueJob:
    """One document through one queue."""

    device = None

    def __init__(self, queue, document, copies=1, sides=0, nup=1, collate=None):
        self.queue, self.document, self.copies, self.sides, self.nup, self.collate = queue, DOCUMENTS[document], copies, sides, nup, collate
        self.steps, self.executed = [], 1
        words = [f"x{copies}"] * (copies > 1) + [{True: "collate", False: "uncollate"}.get(collate, "")] * (collate is not None)
        words += [("dup", "tum")[sides - 1]] * (sides > 0) + [f"{nup}up"] * (nup > 1)
        self.file = "cups/" + "-".join([queue.name, document, *words]) + ".prn"
        self.options = list(queue.options) + ["outputorder=normal", f"sides={SIDES[sides]}"]
        self.options += [f"number-up={nup}"] * (nup > 1) + [f"Collate={collate}"] * (collate is not None)

    def cupsfilter(self, folder, source, from_type, to_type, target):
        args = ["cupsfilter", "-e", "-p", str(self.queue.ppd(folder)), "-i", from_type, "-m", to_type, "-n", str(self.copies), "-t", self.document.name]
        args += ["-d", self.queue.name] * ("named" in self.queue.quirks)
        for option in self.options:
            args += ["-o", option]
        with open(target, "wb") as out:
            run = subprocess.run([*args, str(source)], stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.PIPE, timeout=LIMIT_S,
                                 cwd=folder, env={**os.environ, "CUPS_SERVERROOT": str(folder)})
        if run.returncode or not os.path.getsize(target):
            said = [l for l in run.stderr.decode(errors="replace").splitlines() if "ERROR" in l or "rror" in l]
            why = re.sub(r" \(PID [0-9]+\)", "", said[-1]) if said else "nothing came out"
            raise OSError(f"{to_type}: {why}")

    def make(self, folder):
        between = folder / (self.file + ".step")
        document = folder / "documents" / (self.document.name + ".pdf")
        try:
            self.cupsfilter(folder, document, "application/pdf", self.queue.takes, between)
            self.steps = raster_steps(between) if self.queue.takes == RASTER else drawn_steps(between)
            if not self.steps:
                raise OSError("nothing is drawn for its driver")
            self.executed = self.copies_executed(between)
            if self.queue.filter == "-":
                between.replace(folder / self.file)
            elif "piped" in self.queue.quirks:
                self.cupsfilter(folder, document, "application/pdf", "printer/foo", folder / self.file)
            else:
                self.cupsfilter(folder, between, self.queue.takes, "printer/foo", folder / self.file)
            if os.path.getsize(folder / self.file) < queue_table.PAGELESS.get(self.queue.name, 0):
                raise OSError("its driver writes a job's begin and end and no page")
        finally:
            between.unlink(missing_ok=True)

    def copies_executed(self, between):
        """Who draws PostScript executes its copies, too: there are more pages than page comments."""
        comments = between.read_bytes().count(b"\n%%Page:") if self.queue.takes == POSTSCRIPT else 0
        return len(self.steps) // comments if comments and len(self.steps) % comments == 0 else 1

    # ---- the truth ----

    def sides_of_document(self):
        """What is on each side that is printed of one copy: the document's pages on it, by what they hold and their sizes."""
        pages = self.document.pages
        return [tuple(pages[i:i + self.nup]) for i in range(0, len(pages), self.nup)]

    def order(self):
        """The index of the side that each step shows, None a side added to fill a sheet; None when no order that a filter makes explains the steps."""
        n, total = len(self.sides_of_document()), len(self.steps)
        one = list(range(n))
        padded = one + [None] * (n % 2)
        candidates = [one, one * self.copies, [i for i in one for _ in range(self.copies)], padded, padded * self.copies, (padded * self.copies)[:-1]]
        return next((c for c in candidates if len(c) == total and self.explains(c)), None)

    def explains(self, candidate):
        """Sides that hold the same look alike, those that hold something else do not."""
        sides, seen = self.sides_of_document(), {}
        for i, (at, step) in enumerate(zip(candidate, self.steps)):
            holds = sides[at] if at is not None else ()
            holds = () if all(paint == "blank" for _, paint in holds) else holds
            back = self.sides and i % 2  # some printers want the back upside down
            if seen.setdefault((holds, step.paper, back), step.pixels) != step.pixels:
                return False
        return len(set(seen.values())) >= len({holds for holds, _, _ in seen})

    def copies_of_steps(self, steps):
        """How often each step is printed: a raster's headers say it, or what was drawn. Of PDF: as was asked, when the pages are not there again."""
        if self.executed > 1:
            return steps[::self.executed], self.executed
        if self.queue.takes == PDF and len(steps) == len(self.sides_of_document()):
            return steps, self.copies
        times = {s.copies for s in steps}
        if len(times) > 1:
            raise OSError("copies differ from page to page")
        return steps, times.pop()

    def duplex(self):
        said = self.steps[0].duplex if self.queue.takes == RASTER else ("none", "long", "short")[self.sides if self.queue.duplexes else 0]
        other = {"long", "short"} & set(self.queue.quirks)
        if "sides" in self.queue.quirks:
            return "?"
        fixed = [said for word, said in (("always", "long"), ("never", "none")) if word in self.queue.quirks]
        if fixed:
            return fixed[0]
        return "none" if self.queue.by_hand else other.pop() if other and said != "none" else said

    def row(self):
        q, holds = self.queue, self.sides_of_document()
        self.steps, times = self.copies_of_steps(self.steps)
        order = self.order()
        if order is None:
            raise OSError(f"its {len(self.steps)} steps are no order of the document's sides")
        if "drops" in q.quirks:
            order = [i for i in order if i is not None and {paint for _, paint in holds[i]} != {"blank"}]
        if q.copies == "repeat":
            order = [i for i in order for _ in range(times)]
        paints = [{paint for _, paint in h} for h in holds]
        colour = [i for i, p in enumerate(paints) if q.colour and {"color", "dot", "corner"} & p]
        blank = [i for i, p in enumerate(paints) if p == {"blank"}] + [None]
        papers = {s.paper for s in self.steps}
        papers = "?" if "paper" in q.quirks or "?" in papers else ",".join(sorted(papers))
        row = kit.truth(self.file, q.language, "cups:" + q.name, order, colour, blank, times if q.copies == "stream" else 1, self.duplex(), papers)
        if q.by_hand and self.sides:
            row["sheets"] = "?"  # the printer prints one side, a person turns the sheets over
        if q.colour is None or (q.colour and any("grey" in p for p in paints)):
            row["colour_pages"] = "?"
        if "dot" in q.quirks:
            row["note"] = ""
        if (q.copies == "?" and times > 1) or ("turns" in q.quirks and self.sides):
            row.update(pages="?", colour_pages="?", copies="?", impressions="?", sheets="?", note="")
        asked = ("none", "long", "short")[self.sides]
        return {**row, "copies_requested": self.copies, "duplex_requested": asked, "source_doc": self.document.name, "options": " ".join(self.options)}


class Queue:
    """A row of the table. What its PPD says, once that is there: the filter, what it takes, whether there is two-sided printing, and by hand."""

    filter, takes, duplexes, by_hand = "-", POSTSCRIPT, False, False

    def __init__(self, name, source, language, colour, copies, quirks, options, lead):
        self.name, self.source, self.language, self.colour, self.copies = name, source, language, colour, copies
        self.quirks, self.options, self.lead = quirks.split(), list(options), lead

    def ppd(self, folder):
        return folder / "ppd" / (self.name + ".ppd")

    def write_ppd(self, folder):
        """False: its package is not here."""
        kind, _, what = self.source.partition(":")
        try:
            text = self.ppd(folder).read_bytes() if self.ppd(folder).exists() else PPDS[kind](what, folder / "ppd")
        except (OSError, subprocess.SubprocessError):
            return False
        if not text:
            return False
        self.ppd(folder).write_bytes(text)
        lines = text.decode(errors="replace").splitlines()
        filters = [line.split('"')[1].split() for line in lines if line.startswith(("*cupsFilter:", "*cupsFilter2:"))]
        filters = {words[0]: words[-1] for words in filters}
        self.takes = next((t for t in (RASTER, PDF, POSTSCRIPT) if t in filters), POSTSCRIPT)
        self.filter = filters.get(self.takes, "-")
        self.by_hand = '*QPDL ManualDuplex: "On"' in lines
        self.duplexes = any(line.startswith(("*OpenUI *Duplex", "*JCLOpenUI *Duplex", "*JCLOpenUI *JCLDuplex")) for line in lines)
        self.options = [o + self.first_choice(lines, o[:-1]) if o.endswith("=") else o for o in self.options]
        return True


    @staticmethod
    def first_choice(lines, option):
        choices = [line.split(None, 1)[1].partition("/")[0] for line in lines if line.startswith(f"*{option} ")]
        return next((choice for choice in choices if choice != "Monochrome"), "")


def compiled(what, folder):
    """A model of a .drv file: "sample/generpcl"."""
    drv, _, model = what.partition("/")
    made = folder / drv
    if not made.exists():
        made.mkdir(parents=True)
        subprocess.run(["ppdc", "-d", str(made), f"/usr/share/cups/drv/{drv}.drv"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
    return (made / (model + ".ppd")).read_bytes()


def printed(driver, uri):
    return lambda what, folder: subprocess.run([f"/usr/lib/cups/driver/{driver}", "cat", uri.format(what)], capture_output=True, check=True).stdout


PPDS = {"drv": compiled, "gutenprint": printed("gutenprint.5.3", "gutenprint.5.3://{}/expert"), "foo2zjs": printed("foo2zjs", "foo2zjs:0/ppd/foo2zjs/{}.ppd"),
        "minimal": lambda what, folder: queue_table.minimal(what).encode(),
        "foomatic": printed("foomatic-db-compressed-ppds", "foomatic-db-compressed-ppds:0/ppd/foomatic-ppd/{}.ppd"),
        "openprinting": printed("openprinting-ppds", "openprinting-ppds:0/ppd/openprinting/{}.ppd"),
        "escpr": printed("escpr", "escpr:0/cups/model/epson-inkjet-printer-escpr/Epson-{}-epson-escpr-en.ppd"),
        "ptouch": printed("ptouch", "ptouch:0/ppd/ptouch-driver/Brother-{}.ppd"), "dymo": printed("dymo", "dymo:0/cups/model/{}.ppd"),
        "pxljr": printed("pxljr", "pxljr:0/ppd/pxljr/{}.ppd"), "m2300w": printed("m2300w", "m2300w:0/ppd/m2300w/{}.ppd"),
        "fujixerox": printed("fujixerox", "fujixerox:0/cups/model/FujiXerox/en/{}.ppd"),
        "hp": printed("postscript-hp", "postscript-hp:0/ppd/hplip/HP/{}.ppd"), "file": lambda what, folder: pathlib.Path("/usr/share/ppd", what).read_bytes()}


def matrix(folder, quick, groups):
    """The jobs of the queues of these groups whose packages are here, their PPD files written."""
    (folder / "ppd").mkdir(parents=True, exist_ok=True)
    jobs = []
    for queue in (Queue(*row) for row in queue_table.queues(groups) if not quick or row[0] in queue_table.QUICK):
        if not queue.write_ppd(folder):
            continue
        if quick:
            jobs.append(QueueJob(queue, "two", 2, 2))
            continue
        jobs += [QueueJob(queue, "dot"), QueueJob(queue, "two", 2, 2), QueueJob(queue, "empty")]
        if queue.lead:
            jobs += [QueueJob(queue, name) for name in ("seven", "sizes", "first-empty", "corner", "grey", "rules")]
            jobs += [QueueJob(queue, "seven", 3), QueueJob(queue, "dot", 3, collate=True), QueueJob(queue, "dot", 3, collate=False)]
            jobs += [QueueJob(queue, "seven", sides=1), QueueJob(queue, "dot", 2, 1, collate=True), QueueJob(queue, "seven", nup=2), QueueJob(queue, "empty", 2, 1, nup=2),
                     QueueJob(queue, "seven", nup=4), QueueJob(queue, "fifty", nup=4)]
    return jobs
