# SPDX-License-Identifier: Apache-2.0
"""The worker under attack: bombs, lies, endless headers and deep nesting through `platen analyze` and through the service.

Each job is made on the fly and piped. What must hold: an answer within the limit of time; the answer right, or unknown or estimated with a reason; the
worker alive (no crash, no kill) and never above 64 MiB. `--huge` sends the PDF of 10 GB instead of 1 GB; `--only TEXT` takes the cases with it."""
import argparse
import json
import os
import shutil
import struct
import subprocess
import sys
import tempfile
import threading
import time
import zlib

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from lab import TOP, Failure, Lab, Tap, wait_until  # noqa: E402

MEMORY_KIB = 64 * 1024
SECONDS = 45
MIB = 1 << 20
UEL = b"\x1b%-12345X"


# ---- jobs: each a generator of pieces

def raw_deflated(filler, mib):
    """So many MiB of the filler, deflated: one block that stands by itself, again and again."""
    z = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = z.compress((filler * (MIB // len(filler) + 1))[:MIB]) + z.flush(zlib.Z_FULL_FLUSH)
    end = zlib.compressobj(9, zlib.DEFLATED, -15).flush()
    return block * mib + end


def deflated(filler, mib):
    """The same with zlib's head and sum."""
    piece, total = (filler * (MIB // len(filler) + 1))[:MIB], 1
    for _ in range(mib):
        total = zlib.adler32(piece, total)
    return b"\x78\xda" + raw_deflated(filler, mib) + struct.pack(">I", total)


def twice_deflated(mib, filler=b"\0"):
    """So many MiB in some KiB: what deflate makes of equal bytes is itself full of equal bytes."""
    return zlib.compress(deflated(filler, mib), 9)


class Pdf:
    """Objects with their places, as pieces."""

    def __init__(self):
        self.at, self.places = 0, {}

    def piece(self, data):
        self.at += len(data)
        return data

    def head(self):
        return self.piece(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")

    def object(self, number, body):
        self.places[number] = self.at
        return self.piece(b"%d 0 obj\n%s\nendobj\n" % (number, body))

    def stream(self, number, data, words=b""):
        return self.object(number, b"<</Length %d %s>>\nstream\n%s\nendstream" % (len(data), words, data))

    def end(self):
        start, size = self.at, max(self.places) + 1
        rows = [b"%010d 00000 n \n" % self.places[n] if n in self.places else b"0000000000 65535 f \n" for n in range(size)]
        return self.piece(b"xref\n0 %d\n%strailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (size, b"".join(rows), size, start))


CATALOG = b"<</Type/Catalog/Pages 2 0 R>>"
PAGE = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R>>"
ONE_PAGE = b"<</Type/Pages/Kids[3 0 R]/Count 1>>"


def pdf(*extra, contents=b"0 g 72 72 100 100 re f", words=b"", pages=ONE_PAGE):
    p = Pdf()
    yield p.head()
    yield p.object(1, CATALOG)
    yield p.object(2, pages)
    yield p.object(3, PAGE)
    yield p.stream(4, contents, words)
    for number, (data, more) in enumerate(extra, 5):
        yield p.stream(number, data, more)
    yield p.end()


def object_streams():
    bomb = twice_deflated(1024)
    yield from pdf(*[(bomb, b"/Type/ObjStm/N 100000000/First 900000000/Filter[/FlateDecode/FlateDecode]")] * 20)


def encrypted():
    """No attack: its ciphers must do with what the sandbox leaves them."""
    with tempfile.TemporaryDirectory() as folder:
        plain, sealed = os.path.join(folder, "plain.pdf"), os.path.join(folder, "sealed.pdf")
        with open(plain, "wb") as f:
            f.writelines(pdf())
        run = subprocess.run(["qpdf", "--encrypt", "", "owner", "256", "--", "--object-streams=generate", plain, sealed], capture_output=True, text=True)
        if run.returncode not in (0, 3):  # 3: with warnings
            raise Failure(f"qpdf: {run.stderr.strip()}")
        with open(sealed, "rb") as f:
            yield f.read()


def page_contents():
    yield from pdf(contents=twice_deflated(1024, b"0 0 m 1 1 l S\n"), words=b"/Filter[/FlateDecode/FlateDecode]")


def many_filters():
    yield from pdf(contents=twice_deflated(64), words=b"/Filter[" + b"/FlateDecode" * 20000 + b"]")


def huge_pdf(gib):
    p = Pdf()
    yield p.head()
    yield p.object(1, CATALOG)
    yield p.object(2, ONE_PAGE)
    yield p.object(3, PAGE)
    yield p.stream(4, b"0 g 72 72 100 100 re f")
    p.places[5] = p.at
    yield p.piece(b"5 0 obj\n<</Length %d>>\nstream\n" % (gib << 30))
    zeros = bytes(MIB)
    for _ in range(gib << 10):
        yield p.piece(zeros)
    yield p.piece(b"\nendstream\nendobj\n")
    yield p.end()


def nested_pdf():
    yield from pdf(contents=b"[" * 4_000_000 + b"]" * 4_000_000)
    yield b"6 0 obj\n" + b"[<</A " * 2_000_000


def page_tree_loop():
    yield from pdf(pages=b"<</Type/Pages/Kids[2 0 R 3 0 R 2 0 R]/Count 99999999999999999999>>")


def deep_page_tree():
    p = Pdf()
    yield p.head()
    yield p.object(1, CATALOG)
    for n in range(2, 200_000):
        yield p.object(n, b"<</Type/Pages/Kids[%d 0 R]/Count 1/Parent %d 0 R>>" % (n + 1, n - 1))
    yield p.object(200_000, b"<</Type/Page/Parent 199999 0 R>>")
    yield p.end()


def endless_line():
    yield UEL + b"@PJL COMMENT "
    for _ in range(256):
        yield b"x" * MIB


def endless_header():
    yield UEL
    for i in range(64):
        yield (b"@PJL SET COPIES=%d\r\n@PJL COMMENT %s\r\n" % (i, b"y" * 990)) * 1024


def endless_entering():
    for _ in range(16):
        yield (UEL + b"@PJL ENTER LANGUAGE=PCL\r\n\x1bE" + UEL + b"@PJL ENTER LANGUAGE=POSTSCRIPT\r\n%!\n") * 16384


def nested_postscript():
    yield b"%!PS-Adobe-3.0\n%%Pages: 1\n%%EndComments\n%%Page: 1 1\n"
    for sign in (b"{", b"(", b"[", b"<<"):
        for _ in range(8):
            yield sign * MIB
    yield b"showpage\n%%EOF\n"


def begin_data():
    yield b"%!PS-Adobe-3.0\n%%Pages: 1\n%%EndComments\n%%Page: 1 1\n%%BeginData: 99999999999999999999 Binary Bytes\n"
    yield bytes(8 * MIB) + b"\n%%EndData\nshowpage\n%%EOF\n"


def pcl_lengths():
    yield b"\x1bE" + b"\x1b*b2147483647W" * 1000 + b"\x1b&l99999999999999999999X\x1b*r1A\x1b*b4294967295V" + b"\xff" * MIB + b"\x0c\x1bE"


def pcl_macros():
    yield b"\x1bE"
    for i in range(20000):
        yield b"\x1b&f%dY\x1b&f0X\x0c\x1b&f2X\x1b&f1X\x1b&f3X" % i
    yield b"\x0c\x1bE"


def png():
    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
    yield b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 65500, 65500, 8, 2, 0, 0, 0))
    yield chunk(b"IDAT", deflated(b"\0", 1024))
    yield chunk(b"IEND", b"")


def zip_file(parts):
    """Local entries and the directory; parts: [(name, deflated data, size when unpacked)]."""
    entries, directory, at = [], [], 0
    for name, data, size in parts:
        fields = struct.pack("<HHHHHIIIHH", 20, 0, 8, 0, 0, 0, len(data), size & 0xFFFFFFFF, len(name), 0)
        entries.append(b"PK\x03\x04" + fields + name + data)
        directory.append(b"PK\x01\x02" + struct.pack("<H", 20) + fields + struct.pack("<HHHII", 0, 0, 0, 0, at) + name)
        at += len(entries[-1])
    index, count = b"".join(directory), len(parts) & 0xFFFF
    yield b"".join(entries)
    yield index + b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, count, count, len(index), at & 0xFFFFFFFF, 0)


def xps(page, name=b"Documents/1/Pages/1.fpage"):
    text = lambda s: (zlib.compress(s, 9)[2:-4], len(s))
    parts = [(b"[Content_Types].xml", *text(b"<Types/>")), (b"FixedDocSeq.fdseq", *text(b'<FixedDocumentSequence><DocumentReference Source="/Documents/1/FixedDoc.fdoc"/></FixedDocumentSequence>')),
             (b"Documents/1/FixedDoc.fdoc", *text(b'<FixedDocument><PageContent Source="Pages/1.fpage"/></FixedDocument>')), (name, *page)]
    return parts


def xps_bomb():
    yield from zip_file(xps((raw_deflated(b" ", 4096), 1 << 32)))


def xps_nested():
    yield from zip_file(xps((raw_deflated(b"<Canvas>", 256), 256 * MIB)))


def xps_parts():
    empty = zlib.compress(b"")[2:-4]
    yield from zip_file(xps((empty, 0)) + [(b"Documents/1/Pages/%d.fpage" % i, empty, 0) for i in range(2, 200_000)])


def urf_pages():
    yield b"UNIRAST\0" + struct.pack(">I", 0xFFFFFFFF)
    page = struct.pack(">BBBBIIIII", 24, 1, 1, 4, 0, 0xFFFFFFF0, 0xFFFFFFF0, 600, 0)
    yield (page + b"\xff\x7f" + b"\x80" * 64) * 4096


def cups_header():
    header = bytearray(1796)
    for at, value in ((372, 0xFFFFFFFF), (376, 0xFFFFFFFF), (384, 8), (388, 24), (392, 0xFFFFFFFF), (400, 1), (340, 0xFFFFFFFF)):
        struct.pack_into("<I", header, at, value)
    yield b"2SaR" + bytes(header) + b"\xff\x00\x00\x00" * MIB


def pcl_xl_attributes():
    yield b") HP-PCL XL;2;0\n" + b"\xc8\xc1\xff\xff" * 1000 + b"\xfa\xff\xff\xff\xff" + bytes(4 * MIB) + b"\xc5\xc2\xff\xff\xff\x7f" * 1000


def tiff_loop():
    yield b"II*\0\x08\0\0\0" + struct.pack("<H", 1) + struct.pack("<HHII", 256, 4, 1, 100) + struct.pack("<I", 8) + bytes(MIB)


# name, job, the pages it has (None: whatever is said must be doubted; -1: any answer is fair)
CASES = [
    ("PDF object streams of 20 GB", object_streams, 1), ("PDF page contents of 14 GB", page_contents, 1), ("PDF with 20,000 filters on a stream", many_filters, 1),
    ("PDF encrypted with AES of 256 bits", encrypted, 1), ("PDF nested 4,000,000 deep", nested_pdf, 1), ("PDF page tree in a loop", page_tree_loop, -1), ("PDF page tree 200,000 deep", deep_page_tree, 1),
    ("PJL line of 256 MiB", endless_line, -1), ("PJL header of 64 MiB", endless_header, -1), ("524,288 languages entered", endless_entering, -1),
    ("PostScript nested 8,388,608 deep", nested_postscript, -1), ("PostScript data longer than anything", begin_data, -1),
    ("PCL with lying lengths", pcl_lengths, -1), ("PCL with 20,000 macros", pcl_macros, -1), ("PNG of 65,500 x 65,500 in 1 MB", png, 1),
    ("XPS page of 4 GB", xps_bomb, 1), ("XPS nested 33,554,432 deep", xps_nested, 1), ("XPS of 200,000 parts", xps_parts, -1),
    ("URF of 4,294,967,295 pages", urf_pages, -1), ("CUPS raster of 18 EB", cups_header, -1), ("PCL XL with lying arrays", pcl_xl_attributes, -1),
    ("TIFF directory in a loop", tiff_loop, -1),
]


# ---- running

def feed(pipe, pieces, seen):
    """Everything into the pipe; it is closed when the worker has been looked at, which a small job does not give the time for."""
    try:
        for piece in pieces:
            pipe.write(piece)
        seen.wait(2)
    except OSError:
        pass  # the reader is gone, which its answer will say
    finally:
        try:
            pipe.close()
        except OSError:
            pass


def workers_peak(pid, seen, ended):
    """The highest resident size of the process's children, in KiB, looked at until it has ended. Not wait4: that begins with this program's own size."""
    peak = 0
    while not ended.wait(0.002):
        try:
            with open(f"/proc/{pid}/task/{pid}/children") as f:
                children = f.read().split()
            for child in children:
                with open(f"/proc/{child}/status") as f:
                    status = f.read()
                if "Name:\tplaten-worker" in status:  # from its exec on
                    peak = max(peak, int(status.partition("VmHWM:")[2].split()[0]))
                    seen.set()
        except (OSError, IndexError):
            pass  # it ended between two looks
    return peak


def analyze(program, pieces, seconds):
    """(answer, seconds, the worker's KiB)"""
    start = time.monotonic()
    p = subprocess.Popen([program, "analyze", "--json", "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0)
    seen, ended, peaks = threading.Event(), threading.Event(), []
    threads = [threading.Thread(target=feed, args=(p.stdin, pieces, seen), daemon=True),
               threading.Thread(target=lambda: peaks.append(workers_peak(p.pid, seen, ended)), daemon=True)]
    for t in threads:
        t.start()
    killer = threading.Timer(seconds, p.kill)
    killer.start()
    out = p.stdout.read()
    p.wait()
    took = time.monotonic() - start
    killer.cancel()
    ended.set()
    for t in threads:
        t.join(10)
    if p.returncode < 0:
        raise Failure(f"no answer within {seconds} s" if took >= seconds else f"the CLI ended by signal {-p.returncode}")
    return json.loads(out), took, peaks[0]


def judge(answer, pages):
    """Raises Failure unless the answer is right or honest."""
    reason = answer["reason"] or ""
    if "the analysis process" in reason:
        raise Failure(reason)
    if answer["pages"] is None or answer["confidence"] in ("unknown", "estimated"):
        if not reason:
            raise Failure(f"{answer['confidence']} without a reason")
        return
    if pages is None or (pages >= 0 and answer["pages"] != pages):
        raise Failure(f"{answer['pages']} pages, {answer['confidence']}; expected {pages}")


def attack(program, make, pages, seconds=SECONDS):
    pieces = make() if seconds > SECONDS or make.__name__ == "<lambda>" else list(make())  # made before the clock runs, unless it is too much to hold
    answer, took, kib = analyze(program, pieces, seconds)
    judge(answer, pages)
    if not 0 < kib <= MEMORY_KIB:
        raise Failure(f"the worker took {kib / 1024:.0f} MiB")
    return f"{took:.1f} s, {kib / 1024:.1f} MiB, {answer['language'] or 'no language'}: {answer['pages']} pages {answer['confidence']}" + (
        f" ({answer['reason']})" if answer["reason"] else "")


def service_path(tap):
    """Three of them through spooler side and service: the job is printed whole, and the record is honest."""
    lab = Lab()
    try:
        lab.start_printer()
        lab.start_service()
        for name, make in (("PDF object streams of 20 GB", object_streams), ("PostScript nested 8,388,608 deep", nested_postscript), ("PCL with lying lengths", pcl_lengths)):
            tap.run(f"service: {name}", one_print, lab, name, make)
    finally:
        lab.close()
        shutil.rmtree(lab.dir, ignore_errors=True)


def one_print(lab, name, make):
    path = os.path.join(lab.dir, "job")
    with open(path, "wb") as f:
        for piece in make():
            f.write(piece)
    before = lab.rows("select coalesce(max(seq),0) from record")[0][0]
    start = time.monotonic()
    p = subprocess.run(lab.printjob_args([path], document=name), capture_output=True, text=True, timeout=SECONDS)
    if p.returncode != 0:
        raise Failure(f"printjob: exit code {p.returncode}, {p.stderr}")
    printed = time.monotonic() - start
    wait_until("the record", lambda: (lab.rows("select max(seq) from record")[0][0] or 0) > before, SECONDS)
    job = json.loads(lab.platen("jobs", "--json", "--limit", "1", check=True).stdout)[0]["job"]
    analysis = job["analysis"]
    if not lab.printed() or len(lab.printed()[-1]) != os.path.getsize(path):
        raise Failure("the printer did not get the whole job")
    if analysis["pages"] is not None and analysis["confidence"] in ("exact", "declared") and analysis["pages"] > 1:
        raise Failure(f"{analysis}")
    return f"printed in {printed:.1f} s: {analysis['pages']} pages {analysis['confidence']} ({analysis.get('reason', '')})"


def no_worker(platen):
    """A program that was copied without its worker says what is missing."""
    with tempfile.TemporaryDirectory() as alone:
        shutil.copy(platen, alone)
        p = subprocess.run([os.path.join(alone, "platen"), "analyze", "-"], input=b"text", capture_output=True, timeout=SECONDS)
        if p.returncode != 1 or b"platen-worker" not in p.stderr or p.stdout:
            raise Failure(f"exit code {p.returncode}, {p.stdout} {p.stderr}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--huge", action="store_true")
    parser.add_argument("--only", default="")
    parser.add_argument("--platen", default=os.path.join(os.environ.get("PLATEN_BIN") or os.path.join(TOP, "build/linux/bin"), "platen"))
    options = parser.parse_args()
    tap = Tap()
    gib = 10 if options.huge else 1
    cases = [*CASES, (f"PDF of {gib} GiB", lambda: huge_pdf(gib), 1)]
    for name, make, pages in cases:
        if options.only in name:
            tap.run(name, attack, options.platen, make, pages, SECONDS * (10 if "GiB" in name and options.huge else 1))
    if options.only in "no worker":
        tap.run("no worker beside the program", no_worker, options.platen)
    if options.only in "service":
        service_path(tap)
    tap.exit()


if __name__ == "__main__":
    main()
