# SPDX-License-Identifier: Apache-2.0
"""tools/bench analyze [--json] [--rounds N] [CORPUS...]: the page analysis against the bare reading of the same files, on one core.

The files are generated ones (tests/corpus/generate --quick) and those of $PLATEN_CORPUS, or of the named folders with a truth.tsv. All are
in the page cache; read() in 64 KiB pieces. Jobs whose pages are unknown are not timed, as giving up is no work. Ghostscript counts the pages of a
sample of the PostScript and PDF jobs (bbox); there whole processes are compared, `platen analyze` (with its worker) against `gs`."""
import argparse
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

TOP = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(TOP / "tests" / "corpus"))
import kit  # noqa: E402
import peers  # noqa: E402

BENCH = str(TOP / "build/linux/bin/bench_analyze")
PLATEN = str(TOP / "build/linux/bin/platen")
LIMITS = {"count_raster_ratio": 1 / 4, "count_text_ratio": 1 / 10, "color_ratio": 1 / 25, "peak_mib": 8}
SAMPLE = 16
CORE = ["taskset", "-c", str(max(os.sched_getaffinity(0)))]


def bench(*args, files=()):
    run = subprocess.run([*CORE, BENCH, *args], input="\n".join(files) + "\n", capture_output=True, text=True)
    if run.returncode != 0:
        raise kit.Trouble(f"bench_analyze {args[0]}: {run.stderr.strip()}")
    return run.stdout


def timed(rounds, files):
    return json.loads(bench("time", str(rounds), files=files)) if files else None


def peak(files):
    """(MiB, file) of the job that needed most; a process for each, since a heap that was used before hides what is used again."""
    return max(((int(bench("memory", f)) / 1024, f) for f in files), default=(None, None))


def against_ghostscript(files):
    """Seconds of Ghostscript and of platen over the same jobs, one process a job, in turns; None without Ghostscript."""
    if not shutil.which("gs"):
        return None
    gs = ours = jobs = 0
    step = max(1, len(files) // SAMPLE)
    for path in sorted(files, key=os.path.getsize)[::step]:
        kind, document = peers.bare(pathlib.Path(path).read_bytes())
        if not kind:
            continue
        with tempfile.NamedTemporaryFile() as f:
            f.write(document)
            f.flush()
            start = time.monotonic()
            done = peers.run([*CORE, *peers.GS, "-sDEVICE=bbox", f.name])
            middle = time.monotonic()
            subprocess.run([*CORE, PLATEN, "analyze", "--json", "--no-color", f.name], capture_output=True)
            if done and done.returncode == 0:
                gs, ours, jobs = gs + middle - start, ours + time.monotonic() - middle, jobs + 1
    return {"jobs": jobs, "gs_s": gs, "ours_s": ours, "ratio": gs / ours} if jobs else None


def jobs_of(corpora):
    return [os.path.join(os.path.abspath(c), row["file"]) for c in corpora for row in kit.read_truth(c)]


def measure(files, rounds):
    listed = [line.split("\t") for line in bench("list", files=files).splitlines()]
    of = {kind: [path for _, k, _, path in listed if k == kind] for kind in ("text", "raster", "unknown")}
    text, raster, both = timed(rounds, of["text"]), timed(rounds, of["raster"]), timed(rounds, of["text"] + of["raster"])
    mib, file = peak(of["text"] + of["raster"])
    return {"text": text, "raster": raster, "both": both, "gs": against_ghostscript(of["text"]), "mib": mib, "file": file, "unknown": len(of["unknown"])}


def rounded(v, digits):
    return None if v is None else round(v, digits)


def figures(m):
    both, gs = m["both"], m["gs"]
    return {"read_mb_s": rounded(both and both["bytes"] / both["read_s"] / 1e6, 0), "count_raster_ratio": rounded(m["raster"] and m["raster"]["count_ratio"], 3),
            "count_text_ratio": rounded(m["text"] and m["text"]["count_ratio"], 3), "color_ratio": rounded(both and both["color_ratio"], 3),
            "vs_ghostscript": rounded(gs and gs["ratio"], 1), "peak_mib": rounded(m["mib"], 2)}


def speed(t, key):
    return f"{t['bytes'] / t[key] / 1e6:,.0f} MB/s"


def table(m):
    lines = [("", "files", "MB a round", "read()", "with analysis", "of read()", "limit", "")]
    for name, t, key, ratio, limit in (("count, raster and packets", m["raster"], "count_s", "count_ratio", "count_raster_ratio"),
                                       ("count, PostScript PDF XPS", m["text"], "count_s", "count_ratio", "count_text_ratio"),
                                       ("colour, all", m["both"], "color_s", "color_ratio", "color_ratio")):
        if t:
            good = "ok" if t[ratio] >= LIMITS[limit] else "TOO SLOW"
            lines.append((name, str(t["files"]), f"{t['bytes'] / 1e6:.0f}", speed(t, "read_s"), speed(t, key), f"1/{1 / t[ratio]:.1f}", f"1/{1 / LIMITS[limit]:.0f}", good))
    widths = [max(len(line[i]) for line in lines) for i in range(len(lines[0]))]
    out = ["  ".join(cell.rjust(w) if i else cell.ljust(w) for i, (cell, w) in enumerate(zip(line, widths))).rstrip() for line in lines]
    if m["mib"] is not None:
        word = "ok" if m["mib"] <= LIMITS["peak_mib"] else "TOO MUCH"
        out.append(f"memory: {m['mib']:.2f} MiB at most over the bare reading (resident, a process a job, with colour and page list; limit {LIMITS['peak_mib']} MiB: {word}): "
                   f"{os.path.basename(m['file'])}")
    if m["gs"]:
        g = m["gs"]
        out.append(f"Ghostscript (bbox): {g['gs_s']:.2f} s for {g['jobs']} jobs, platen analyze --no-color {g['ours_s']:.2f} s, a process a job: {g['ratio']:.1f} times as fast")
    out.append(f"not timed, since their pages are unknown: {m['unknown']} jobs")
    return "\n".join(out)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("corpus", nargs="*")
    options = parser.parse_args()
    made = None
    corpora = options.corpus
    try:
        if not corpora:
            made = tempfile.mkdtemp(prefix="platen-bench-")
            subprocess.run([sys.executable, str(TOP / "tests/corpus/generate"), "--quick", made], check=True, stdout=subprocess.DEVNULL)
            corpora = [made] + ([os.environ["PLATEN_CORPUS"]] if os.environ.get("PLATEN_CORPUS") else [])
        m = measure(jobs_of(corpora), options.rounds)
    finally:
        if made:
            shutil.rmtree(made)
    result = figures(m)
    print(json.dumps(result) if options.json else table(m))
    slow = [k for k in LIMITS if result[k] is not None and (result[k] > LIMITS[k] if k == "peak_mib" else result[k] < LIMITS[k])]
    return 1 if slow else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except kit.Trouble as e:
        sys.exit(f"bench analyze: {e}")
