# SPDX-License-Identifier: Apache-2.0
"""The Debian package for 64-bit ARM, run by deb_arm64_test.sh in the root that has the cross-compiler, the libraries and the emulators: what is in it, whether
a bare Debian would take it, the unit tests, and its programs on a kernel for arm64. Under QEMU's emulation of single programs there is no seccomp: what
needs a parsing child must refuse there, and is tried in an emulated machine (deb_arm64_scenario.sh)."""
import concurrent.futures
import json
import os
import shutil
import subprocess
import sys
import tempfile
import types

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from deb_test import PROGRAMS, build, files, run  # noqa: E402
from devices_site import as_truth, states  # noqa: E402
from farm_scan_test import all_true, expect  # noqa: E402
from lab import TOP, Failure, Tap  # noqa: E402

BIN = os.path.join(TOP, "build/linux-arm64/bin")
EMULATED = "qemu-aarch64"
LIKE_A_BARE_ONE = ("-o", "APT::Architecture=arm64", "-o", "APT::Architectures=arm64", "-o", "Dir::State::status=/dev/null", "-o", "Debug::NoLocking=1")
ON_THE_KERNEL = ("sandbox_test", "usb_test", "hotplug_test", "udp_test")
NOT_EMULATED = ("worker_test", "collector_test")  # they start children that misbehave for so many milliseconds of a clock that does not wait for an emulator
LONGEST = "pdl_pdf_test"
MACHINES = {"arm64": 4, "arm64-16k": 16}  # boot.sh's; KiB of a page
SECONDS = 600


def apt(deb):
    return subprocess.run(["apt-get", "--simulate", *LIKE_A_BARE_ONE, "install", "--no-install-recommends", deb], capture_output=True, text=True)


def resolved(work):
    """apt finds all it needs for a machine that has nothing; and does not when the package wants what does not exist."""
    p = apt(os.path.join(work, "platen-agent.deb"))
    expect(p.returncode == 0 and "Inst platen-agent (" in p.stdout, p.stdout[-300:] + p.stderr)
    wrong = os.path.join(work, "wrong")
    shutil.copytree(os.path.join(work, "control"), os.path.join(wrong, "DEBIAN"))
    control = os.path.join(wrong, "DEBIAN/control")
    text = open(control).read()
    with open(control, "w") as f:
        f.write(text.replace("Depends: ", "Depends: libseccomp2 (>= 99), "))
    run("dpkg-deb", "-b", wrong, wrong + ".deb")
    refused = apt(wrong + ".deb")
    expect(refused.returncode != 0 and "libseccomp2" in refused.stdout + refused.stderr, "a package that wants libseccomp2 99 is taken")
    return f"{p.stdout.count('Inst ')} packages on a machine that has none"


def program(work, name):
    return os.path.join(work, "root/usr/lib/platen", name)


def starts(work):
    version = open(os.path.join(TOP, "VERSION")).read().strip()
    for name in PROGRAMS[:1]:
        said = run(EMULATED, program(work, name), "--version")
        expect(said.strip() == f"platen {version}", said)
    return version


def refuses(work):
    """A child that cannot be confined ends before it reads anything, and who started it says so. A scan starts its worker by the kernel, which knows no
    program for arm64: a script takes the worker's place, and the worker's own program runs in it."""
    for args, code in ((["platen-worker"], 5), (["platen-usbagent", "--parse"], 2)):
        p = subprocess.run([EMULATED, program(work, args[0]), *args[1:]], input=b"", capture_output=True, timeout=60)
        expect((p.returncode, p.stdout) == (code, b""), f"{args}: code {p.returncode}, {p.stdout[:80]!r}")
    beside = os.path.join(work, "emulated")
    os.mkdir(beside)
    shutil.copy2(program(work, "platen"), beside)
    with open(os.path.join(beside, "platen-worker"), "w") as f:
        f.write(f'#!/bin/sh\nexec {EMULATED} {program(work, "platen-worker")} "$@"\n')
    os.chmod(f.name, 0o755)
    p = subprocess.run([EMULATED, os.path.join(beside, "platen"), "scan", "127.0.0.1", "--port", "9", "--timeout", "100"], capture_output=True, text=True, timeout=60)
    said = p.stderr.strip().splitlines()[-1:]
    expect(p.returncode != 0 and "no seccomp" in p.stderr, f"code {p.returncode}: {said}")
    return said[0]


def unit_test(name):
    env = {**os.environ, "CMOCKA_MESSAGE_OUTPUT": "TAP", "POLICY_JOBS": "50000"}
    p = subprocess.run([EMULATED, os.path.join(BIN, name)], capture_output=True, text=True, env=env, timeout=SECONDS)
    lines = p.stdout.splitlines() + p.stderr.splitlines()
    good = sum(line.startswith("ok ") for line in lines)
    bad = [line for line in lines if line.startswith("not ok")]
    return name, good, None if p.returncode == 0 and good and not bad else f"code {p.returncode}: {bad or lines[-3:]}"


def unit_tests():
    names = [n for n in sorted(os.listdir(BIN), key=lambda n: (n != LONGEST, n)) if n.endswith("_test") and n not in ON_THE_KERNEL + NOT_EMULATED]
    expect(len(names) > 40, f"{len(names)} unit tests are built")
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        done = list(pool.map(unit_test, names))
    wrong = [f"{name}: {why}" for name, _, why in done if why]
    expect(not wrong, "; ".join(wrong))
    return f"{sum(n for _, n, _ in done)} cases of {len(names)} tests"


def boot(work, machine):
    """What the emulated machine wrote, and how it ended."""
    console = os.path.join(work, machine + ".console")
    programs = [program(work, n) for n in PROGRAMS] + [os.path.join(BIN, n) for n in ("platen-lab", *ON_THE_KERNEL)]
    p = subprocess.run([os.path.join(TOP, "tests/lab/qemu/boot.sh"), "--machine", machine, "--seconds", str(SECONDS), "--console", console,
                        os.path.join(TOP, "tests/e2e/deb_arm64_scenario.sh"), *programs], stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace")
    broke = "" if p.returncode in (0, 1) else f"code {p.returncode}: {p.stderr[-300:]} {open(console, errors='replace').read()[-300:]}".replace("\n", " ")
    return p.stdout.splitlines(), broke


def judge(tap, machine, pages, lines, broke):
    """The scenario's TAP lines as results, and what it told against the truth."""
    told = {}
    for line in lines:
        if line.startswith("@"):
            kind, text = line[1:].split(" ", 1)
            told.setdefault(kind, []).append(json.loads(text))
        elif line.startswith(("ok ", "not ok ")):
            tap.check(line.startswith("ok "), f"{machine}: " + line.split(" - ", 1)[1])
        else:
            print(line, flush=True)
    tap.check(not broke, f"{machine}: it did all of it", broke)
    tap.check(told.get("pages") == [pages], f"{machine}: pages of {pages} KiB", str(told.get("pages")))
    tap.run(f"{machine}: a scan read what the printers are", scanned, told)
    tap.run(f"{machine}: a scan by version 3 read what the printers are", scanned_by_version_3, told)
    tap.run(f"{machine}: the service recorded what the printers are", recorded, told)


def farm(told, kind):
    if kind not in told:
        raise Failure("it told no truth")
    truth = {t["address"]: t for t in told[kind]}
    return types.SimpleNamespace(devices=len(truth), truth=truth, err="")


def scanned(told):
    return all_true(farm(told, "truth"), told.get("scan", []))


def scanned_by_version_3(told):
    printers = farm(told, "truth3")
    printers.truth = {a: t for a, t in printers.truth.items() if "v1-only" not in t["quirks"]}
    printers.devices = len(printers.truth)
    expect({x["version"] for x in told.get("scan3", [])} == {"v3"}, "not all are read by version 3")
    return all_true(printers, told["scan3"])


def recorded(told):
    printers = farm(told, "truth")
    as_truth(printers, states(told.get("record", [])))
    return f"{printers.devices} printers in {len(told['record'])} records"


def main():
    tap, work = Tap(), tempfile.mkdtemp(prefix="platen-deb-arm64-")
    try:
        if tap.run("the package is built", build, work, BIN, "arm64"):
            tap.run("its files, its version, what it depends on", files, work, "arm64")
            tap.run("apt takes it on a bare Debian for arm64", resolved, work)
            tap.run("it starts", starts, work)
            tap.run("without seccomp nothing is parsed", refuses, work)
            tap.run("the unit tests, emulated", unit_tests)
            with concurrent.futures.ThreadPoolExecutor(len(MACHINES)) as pool:
                for machine, (lines, broke) in zip(MACHINES, pool.map(lambda m: boot(work, m), MACHINES)):
                    judge(tap, machine, MACHINES[machine], lines, broke)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    tap.exit()


if __name__ == "__main__":
    main()
