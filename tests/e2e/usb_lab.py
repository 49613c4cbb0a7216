# SPDX-License-Identifier: Apache-2.0
"""What the USB tests share: a virtual printer as a process, the agent's reading of it, jobs with known pages, TAP lines."""
import json
import os
import shutil
import socket
import subprocess
import tempfile
import time

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BIN = os.environ.get("PLATEN_BIN") or os.path.join(TOP, "build/linux-asan/bin")
PRINTERS = os.path.join(TOP, "tests/lab/printers")
UEL = b"\x1b%-12345X"


def program(name):
    return os.path.join(BIN, name)


def personalities():
    return sorted(f[: -len(".printer")] for f in os.listdir(PRINTERS) if f.endswith(".printer"))


class Tap:
    def __init__(self):
        self.failed = 0

    def check(self, what, ok, *notes):
        self.failed += not ok
        print(("ok - " if ok else "not ok - ") + what, flush=True)
        for note in notes if not ok else ():
            print(f"#   {note}", flush=True)
        return ok

    def same(self, what, has, wanted):
        return self.check(what, has == wanted, f"has:    {has}", f"wanted: {wanted}")

    def done(self):
        raise SystemExit(1 if self.failed else 0)


class Printer:
    """platen-lab printer on socket files in a folder of its own."""

    def __init__(self, personality, *options):
        self.dir = tempfile.mkdtemp(prefix="platen-usb-")
        self.data, self.control, self.lock, self.queue = (os.path.join(self.dir, n) for n in ("data", "control", "lock", "queue"))
        self.kept = os.path.join(self.dir, "kept")
        self.log = os.path.join(self.dir, "log")
        os.mkdir(self.kept)
        with open(self.log, "wb") as out:
            self.process = subprocess.Popen(
                [program("platen-lab"), "printer", "--personality", personality, "--unix", self.data, "--control", self.control, "--keep", self.kept,
                 *options], stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT)
        end = time.monotonic() + 10
        while b'"ready"' not in self.output():
            if time.monotonic() > end or self.process.poll() is not None:
                raise RuntimeError(f"the virtual printer did not start: {self.output()}")
            time.sleep(0.02)

    def output(self):
        with open(self.log, "rb") as f:
            return f.read()

    def jobs(self):
        """Its reports, in the order in which jobs ended."""
        return [json.loads(line) for line in self.output().splitlines() if line.startswith(b'{"job"')]

    def order(self, line):
        with socket.socket(socket.AF_UNIX) as s:
            s.settimeout(10)
            s.connect(self.control)
            s.sendall(line.encode() + b"\n")
            return json.loads(s.makefile().readline())

    def truth(self):
        return self.order("truth")

    def read_command(self, *options):
        return [program("platen-lab"), "read", "--unix", self.data, "--control", self.control, *options]

    def read(self, *options):
        run = subprocess.run(self.read_command(*options), stdin=subprocess.DEVNULL, capture_output=True, timeout=120)
        if run.returncode:
            raise RuntimeError(f"platen-lab read: {run.stderr.decode()}")
        return [json.loads(line) for line in run.stdout.splitlines()]

    def stop(self):
        """Ends it; its exit code."""
        if self.process.poll() is None:
            self.order("quit")
        try:
            return self.process.wait(10)
        finally:
            if self.process.poll() is None:
                self.process.kill()
                self.process.wait()
            shutil.rmtree(self.dir, ignore_errors=True)


# -- what the agent knows


def value(v):
    """A value of the device's JSON: bare, with its origin, or a list of them, the best first."""
    if isinstance(v, list):
        v = v[0] if v else None
    if isinstance(v, dict):
        return v.get("value")
    return v


def evidence(v):
    """Every value that a field has, whoever said it."""
    return [value(one) for one in (v if isinstance(v, list) else [v])]


def values(device, value=value):
    """The device's JSON as flat names: what a table can compare."""
    out = {name: value(v) for name, v in device.get("identity", {}).items()}
    out.update({name: value(v) for name, v in device.get("status", {}).items()})
    for line in device.get("console", []):
        out.setdefault("display", value(line.get("text")))
    for meter in device.get("meters", []):
        unit = meter.get("unit", "impressions")
        out["meter." + meter["meter"] + ("" if unit == "impressions" else "." + unit)] = value(meter.get("count"))
    for supply in device.get("supplies", []):
        for name in ("level", "capacity", "serial", "part", "text", "color", "unit", "pages_left"):
            out[f"supply.{supply['index']}.{name}"] = value(supply.get(name))
    return {k: v for k, v in out.items() if v is not None}


# -- jobs with known pages


class Job:
    def __init__(self, data, pages, color, sides):
        self.data, self.pages, self.color, self.sides = data, pages, color, sides


def _noise(rng, n):
    """Bytes as rasters have them: escapes, form feeds, the beginnings of a UEL, but no whole one."""
    out = bytearray()
    while len(out) < n:
        out += rng.choice([b"\x1b", b"\x1b%-1234", b"\x0c", b"@PJL INFO ID\r\n", rng.randbytes(50)])
    return bytes(out[:n].replace(UEL, b"\0" * len(UEL)))


def _pcl(rng, pages, most):
    out = bytearray(b"\x1bE")
    for page in range(pages):
        out += b"\x1b*p300X\x1b*p%dYPage %d\r\n" % (300 + page, page)
        if rng.random() < 0.5:
            row = _noise(rng, rng.randrange(1, 2000))
            out += b"\x1b*t300R\x1b*r0A"
            for _ in range(rng.randrange(1, 1 + most // 2000)):
                out += b"\x1b*b%dW" % len(row) + row
            out += b"\x1b*rB"
        out += b"\x0c"
    return bytes(out + b"\x1bE")


def _ps(rng, pages, color):
    out = b"%!PS-Adobe-3.0\n"
    for page in range(pages):
        ink = b"1 0 0 setrgbcolor" if page < color else b"0 setgray"
        out += b"%s 10 %d 100 100 rectfill\n%% %s\nshowpage\n" % (ink, 10 + page, b"x" * rng.randrange(500))
    return out + b"%%EOF\n"


def make_job(rng, n, most=40000, kinds=("bare", "pjl", "wrapped")):
    """The n-th job: PCL or PostScript, bare, led in by PJL, or within JOB and EOJ; with copies, with colour, on both sides."""
    pages = rng.randrange(1, 9)
    kind = rng.choice(kinds)
    if rng.random() < 0.3:
        color = rng.randrange(0, pages + 1)
        body, language, copies, duplex = _ps(rng, pages, color), b"POSTSCRIPT", 1, False
    else:
        color, language = 0, b"PCL"
        copies = rng.choice([1, 1, 2, 3]) if kind != "bare" else 1
        duplex = kind != "bare" and rng.random() < 0.4
        body = _pcl(rng, pages, most)
    if kind == "bare":
        return Job(body, pages, color, 0)
    head = UEL
    if kind == "wrapped":
        head += b'@PJL JOB NAME="job %d"\r\n' % n
    head += b"@PJL SET COPIES=%d\r\n@PJL SET DUPLEX=%s\r\n@PJL ENTER LANGUAGE=%s\r\n" % (copies, b"ON" if duplex else b"OFF", language)
    tail = UEL + (b'@PJL EOJ NAME="job %d"\r\n' % n + UEL if kind == "wrapped" else b"")
    return Job(head + body + tail, pages * copies, color * copies, pages * copies if duplex else 0)
