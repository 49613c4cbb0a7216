# SPDX-License-Identifier: Apache-2.0
"""The Debian package: what is in it, whether systemd takes the unit, and whether the programs that it brings read a farm of printers."""
import os
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from devices_site import as_truth, ranges, states, Site  # noqa: E402
from farm_scan_test import Farm, expect  # noqa: E402
from lab import TOP, Tap  # noqa: E402

BIN = os.environ.get("PLATEN_BIN") or os.path.join(TOP, "build/linux/bin")
PROGRAMS = ("platen", "platen-service", "platen-worker", "platen-usbagent")
MACHINES = {"amd64": 62, "arm64": 183}  # ELF's numbers


def run(*args, **more):
    p = subprocess.run(args, capture_output=True, text=True, **more)
    expect(p.returncode == 0, f"{' '.join(args)}: {p.stdout}{p.stderr}")
    return p.stdout


def build(work, bin_dir, arch):
    deb = os.path.join(work, "platen-agent.deb")
    said = run(os.path.join(TOP, "installer/build-deb"), bin_dir, deb, arch)
    run("dpkg-deb", "-x", deb, os.path.join(work, "root"))
    run("dpkg-deb", "-e", deb, os.path.join(work, "control"))
    return said.strip().split(": ")[1]


def elf_machine(path):
    with open(path, "rb") as f:
        head = f.read(20)
    expect(head[:6] == b"\x7fELF\x02\x01", f"{path} is no program of 64 bits, little endian")
    return int.from_bytes(head[18:20], "little")


def files(work, arch):
    root = os.path.join(work, "root")
    for name in PROGRAMS:
        machine = elf_machine(os.path.join(root, "usr/lib/platen", name))
        expect(machine == MACHINES[arch], f"{name} is for machine {machine}")
    for path in ("usr/bin/platen", "usr/lib/systemd/system/platen.service", "usr/share/doc/platen-agent/copyright"):
        expect(os.path.lexists(os.path.join(root, path)), f"{path} is missing")
    fields = dict(line.split(": ", 1) for line in open(os.path.join(work, "control/control")).read().splitlines() if ": " in line and line[0] != " ")
    expect(fields["Version"] == open(os.path.join(TOP, "VERSION")).read().strip(), fields["Version"])
    expect(fields["Architecture"] == arch, fields["Architecture"])
    for library in ("libc6", "libsqlite3-0", "libusb-1.0-0", "libseccomp2", "libcjson1"):
        expect(library in fields["Depends"], f"{library} is not in {fields['Depends']}")
    for name in ("postinst", "prerm", "postrm"):
        run("sh", "-n", os.path.join(work, "control", name))
    return fields["Depends"]


def unit(work):
    if not shutil.which("systemd-analyze"):
        return "SKIP no systemd-analyze here"
    text = open(os.path.join(work, "root/usr/lib/systemd/system/platen.service")).read()
    here = os.path.join(work, "platen.service")
    with open(here, "w") as f:  # the program is not installed here
        f.write(text.replace("/usr/lib/platen/", os.path.join(work, "root/usr/lib/platen/")))
    p = subprocess.run(["systemd-analyze", "verify", "--man=no", here], capture_output=True, text=True)
    wrong = [line for line in (p.stdout + p.stderr).splitlines() if "platen.service" in line]
    expect(not wrong, f"{wrong}")
    p = subprocess.run(["systemd-analyze", "security", "--offline=true", "--no-pager", here], capture_output=True, text=True)
    level = [line for line in p.stdout.splitlines() if "Overall exposure level" in line]
    return level[0].strip("→ ") if level else "verified"


def reads(work):
    farm, site = Farm(20), Site()
    try:
        site.bin = os.path.join(work, "root/usr/lib/platen")
        site.settings(Ranges=ranges(farm), ScanRate=5000)
        site.start_service()
        as_truth(farm, states(site.first_round()))
        p = subprocess.run([os.path.join(work, "root/usr/bin/platen"), "devices", "--data", site.data], capture_output=True, text=True)
        expect(p.returncode == 0 and len(p.stdout.splitlines()) >= 21, p.stdout + p.stderr)
        site.whole()
        return "20 printers"
    finally:
        site.close()
        farm.close()
        shutil.rmtree(site.dir, ignore_errors=True)


def main():
    tap, work = Tap(), tempfile.mkdtemp(prefix="platen-deb-")
    arch = run("dpkg", "--print-architecture").strip()
    try:
        if tap.run("the package is built", build, work, BIN, arch):
            tap.run("its files, its version, what it depends on", files, work, arch)
            tap.run("systemd takes the unit", unit, work)
            tap.run("its programs read a farm of printers into their ledger", reads, work)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    tap.exit()


if __name__ == "__main__":
    main()
