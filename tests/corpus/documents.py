# SPDX-License-Identifier: Apache-2.0
"""PostScript documents with known content, written by this file: what tests/corpus/generate prints."""

SIZES = {"A4": (595, 842), "Letter": (612, 792), "A3": (842, 1191), "A5": (420, 595), "Legal": (612, 1008)}
LINE = "The quick brown fox jumps over the lazy dog 0123456789 "

# What a page can hold, as PostScript for its size; all but `blank` are marked.
PAINT = {
    "blank": lambda w, h: "",
    "mono": lambda w, h: f"{text(h)}\n0.5 setgray 72 {h // 2} 100 20 rectfill",
    "grey": lambda w, h: f"{text(h)}\n0.5 0.5 0.5 setrgbcolor 72 {h // 2} 100 20 rectfill 0.25 0.25 0.25 setrgbcolor 72 {h // 3} 50 50 rectfill",
    "color": lambda w, h: f"{text(h)}\n0.9 0.2 0.1 setrgbcolor 72 {h // 2} 144 72 rectfill 0 0.3 0.8 setrgbcolor 72 {h // 3} moveto (blue words) show",
    "dot": lambda w, h: f"{text(h)}\n1 0 0 setrgbcolor {w // 2} {h // 2} 3 3 rectfill",
    "rule": lambda w, h: f"0 setgray 72 {h // 2} {w - 144} 1 rectfill",
    "corner": lambda w, h: f"{text(h)}\n0 0 1 setrgbcolor {w - 80} 80 3 3 rectfill",
}


def text(h):
    lines = [f"0 setgray /Helvetica findfont 11 scalefont setfont"]
    lines += [f"72 {h - 90 - 14 * i} moveto ({LINE}) show" for i in range(6)]
    return "\n".join(lines)


class Document:
    """`pages` holds one (paper, paint) a page."""

    def __init__(self, name, pages):
        self.name, self.pages = name, pages

    def color(self):
        return [i for i, (_, paint) in enumerate(self.pages, 1) if paint in ("color", "dot", "corner")]

    def blank(self):
        return [i for i, (_, paint) in enumerate(self.pages, 1) if paint == "blank"]

    def papers(self):
        return ",".join(sorted({paper for paper, _ in self.pages}))

    def postscript(self, setup="", comments=True):
        """One program; `setup` goes before the first page, without `comments` it has no structure comments."""
        out = ["%!PS-Adobe-3.0", f"%%Title: {self.name}", "%%Creator: Platen corpus", f"%%Pages: {len(self.pages)}", "%%EndComments"] if comments else ["%!"]
        if setup:
            out += ["%%BeginSetup", setup, "%%EndSetup"] if comments else [setup]
        last = None
        for i, (paper, paint) in enumerate(self.pages, 1):
            w, h = SIZES[paper]
            if comments:
                out.append(f"%%Page: {i} {i}")
            if paper != last:
                out.append(f"<</PageSize [{w} {h}]>> setpagedevice")
                last = paper
            out += ["gsave", PAINT[paint](w, h), "grestore", "showpage"]
        out += ["%%Trailer", "%%EOF"] if comments else []
        return ("\n".join(out) + "\n").encode()


def plain(name, n, paper="A4", **special):
    """n mono pages; special: paint=[page numbers]."""
    pages = [[paper, "mono"] for _ in range(n)]
    for paint, numbers in special.items():
        for k in numbers:
            pages[k - 1][1] = paint
    return Document(name, [tuple(p) for p in pages])


DOCUMENTS = {d.name: d for d in [
    plain("one", 1), plain("two", 2, "Letter"), plain("seven", 7, color=[3, 5]), plain("dot", 3, dot=[2]), plain("corner", 2, corner=[2]),
    plain("grey", 2, grey=[1, 2]), plain("empty", 4, blank=[2, 4]), plain("first-empty", 3, blank=[1], color=[3]), plain("rules", 3, rule=[1, 2, 3]),
    Document("sizes", [("A4", "mono"), ("Letter", "color"), ("A3", "mono"), ("Legal", "mono")]),
    plain("fifty", 50, color=[1, 25, 50], blank=[26]), plain("many", 500, color=range(50, 501, 50)),
]}
