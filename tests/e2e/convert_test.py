#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""tests/e2e/convert_test.py: `platen convert` on jobs that Ghostscript's drivers make of a picture, lines and text. TAP.

What comes out is read by readers that share nothing with the product (tests/corpus/pclxl.py, rasters.py), or drawn by Ghostscript; the words and exit
codes are those of docs/convert.md."""
import pathlib
import subprocess
import sys
import tempfile

TOP = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(TOP / "tests" / "corpus"))
import convert  # noqa: E402
import kit  # noqa: E402
import pclxl  # noqa: E402
import rasters  # noqa: E402

WIDTH, HEIGHT = 97, 61
# Runs, gradients, rows that repeat, and noise: what the ways to pack rows tell apart.
PICTURE = bytes(v for y in range(HEIGHT) for x in range(WIDTH)
                for v in ((x * 7 + y) % 256, (y // 8 * 30) % 256, 255 if x < 40 else (x * x * 31 + y * y * 17) % 256 if y > 30 else 0))
PAGE = f"""
gsave 40 40 translate 300 200 scale /row {WIDTH * 3} string def
{WIDTH} {HEIGHT} 8 [{WIDTH} 0 0 -{HEIGHT} 0 {HEIGHT}] {{currentfile row readhexstring pop}} false 3 colorimage
{PICTURE.hex()}
grestore
1 0 0 setrgbcolor 100 300 120 40 rectfill 0 0.3 0.9 setrgbcolor 3 setlinewidth 100 400 moveto 300 420 lineto stroke
0 setgray /Helvetica findfont 20 scalefont setfont 100 500 moveto (Some words) show
0 1 1 0 setcmykcolor 100 600 moveto (in another colour) show
showpage
"""
DOCUMENT = "%!PS-Adobe-3.0\n%%Pages: 3\n%%EndComments\n" + "".join(f"%%Page: {n} {n}{PAGE}" for n in (1, 2, 3)) + "%%EOF\n"
SIMPLE = ("%!PS-Adobe-3.0\n%%Pages: 2\n%%EndComments\n%%BeginProlog\n/rg {setrgbcolor} bind def /box {rg rectfill} bind def\n%%EndProlog\n"
          "%%Page: 1 1\n100 100 50 50 1 0 0 box\nsave 0.2 0.9 0.4 sethsbcolor 200 200 50 50 rectfill restore\n300 300 50 50 rectfill showpage\n"
          "%%Page: 2 2\n0 1 0 0 setcmykcolor 10 10 50 50 rectfill showpage\n%%Trailer\n%%EOF\n")


class Test:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.platen = kit.default_program()
        self.tap = kit.Tap()

    def write(self, name, data):
        path = self.folder / name
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
        return path

    def made(self, device, source, *options):
        out = self.folder / f"{device}{len(list(self.folder.iterdir()))}"
        subprocess.run(["gs", "-q", "-dSAFER", "-dBATCH", "-dNOPAUSE", "-r75", f"-sDEVICE={device}", f"-sOutputFile={out}", *options, source],
                       check=True, capture_output=True, timeout=60)
        return out

    def convert(self, source, *wishes):
        """(exit code, words, the new file)"""
        out = self.folder / f"out{len(list(self.folder.iterdir()))}"
        run = subprocess.run([self.platen, "convert", *wishes, source, out], capture_output=True, text=True, timeout=60)
        return run.returncode, run.stderr, out

    def compared(self, name, source, compare, *wishes):
        code, words, out = self.convert(source, "--grey", *wishes)
        why = words if code else compare(source, out)
        if not code and source.read_bytes() == out.read_bytes():
            why = "nothing was converted"
        self.tap.result(not why, name, why)

    def pcl_xl(self, document):
        for mode, name in ((0, "plain"), (1, "run lengths"), (3, "delta rows")):
            job = self.made("pxlcolor", document, f"-dCompressMode={mode}")
            data = job.read_bytes().replace(b"SET RENDERMODE", b"COMMENT R_MODE")  # or PJL would do it
            methods = {attributes.get(pclxl.COMPRESS) for op, attributes, _ in pclxl.operators(data) if op == pclxl.READ_IMAGE}
            job = self.write(f"xl{mode}", data)
            self.compared(f"PCL XL in grey, {name} ({sorted(m for m in methods if m)})", job, pclxl.compare)

    def rasters(self, document):
        for device in ("urfrgb", "urfcmyk", "pwgraster"):
            options = ("-dcupsColorSpace=19", "-dcupsBitsPerColor=8") if device == "pwgraster" else ()
            self.compared(f"{device} in grey", self.made(device, document, *options), rasters.compare)

    def postscript(self, document):
        simple = self.write("simple.ps", SIMPLE)
        code, words, out = self.convert(simple, "--grey")
        colored = code or convert.has_color(convert.pictures(str(out)))
        was_colored = convert.has_color(convert.pictures(str(simple)))
        self.tap.result(was_colored and not colored, "PostScript whose colours are set by operators", words)
        code, words, out = self.convert(simple, "--duplex", "short")
        same = not code and convert.pictures(str(simple)) == convert.pictures(str(out))
        self.tap.result(same, "PostScript on both sides looks the same", words)
        self.page_device(out)
        code, words, out = self.convert(document, "--grey")
        self.tap.result(code == 4 and "ProcessColorModel" in words and not out.exists(), "pictures of PostScript are refused in words", words)

    def page_device(self, job):
        """What the interpreter's page device says after the job's own attempt to print on one side."""
        asks = self.write("asks.ps", job.read_bytes().replace(b"%%Page: 2 2\n", b"%%Page: 2 2\n<</Duplex false/Tumble false>>setpagedevice "
                                                              b"currentpagedevice dup/Duplex get =only( )print/Tumble get =\n"))
        run = subprocess.run(["gs", "-q", "-dSAFER", "-dBATCH", "-dNOPAUSE", "-sDEVICE=pxlmono", "-sOutputFile=/dev/null", asks],
                             capture_output=True, text=True, timeout=60)
        self.tap.result("true true" in run.stdout, "setpagedevice of the job keeps the sides", run.stdout + run.stderr)

    def words(self, document):
        code, words, out = self.convert(self.write("label", "^XA^FO10,10^FDx^FS^XZ"), "--duplex", "long")
        self.tap.result(code == 4 and "cannot be converted" in words and not out.exists(), "a label: exit 4, the reason, no file", words)
        code, words, _ = self.convert(document, "--duplex", "wide")
        self.tap.result(code == 2, "a wish that is none: exit 2", words)
        code, words, _ = self.convert(self.folder / "nowhere", "--grey")
        self.tap.result(code == 1 and "nowhere" in words, "no such file: exit 1 and its name", words)
        there = self.write("there", "kept")
        run = subprocess.run([self.platen, "convert", "--grey", document, there], capture_output=True, text=True)
        self.tap.result(run.returncode == 1 and there.read_bytes() == b"kept", "a file that is there is kept", run.stderr)


def main():
    with tempfile.TemporaryDirectory() as folder:
        test = Test(folder)
        document = test.write("document.ps", DOCUMENT)
        test.pcl_xl(document)
        test.rasters(document)
        test.postscript(document)
        test.words(document)
        return test.tap.end()


if __name__ == "__main__":
    sys.exit(main())
