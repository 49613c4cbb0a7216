#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# The same documents with and without Platen, byte for byte at the virtual printer: raw jobs and a GDI job through a PostScript driver, once over a
# port monitor that only connects, sends and closes (tests/lab/plainmon.c), once over platenmon with the real service. TAP.
set -euo pipefail
top=$(cd "$(dirname "$0")/../.." && pwd -P)
bin=${PLATEN_BIN_WINDOWS:-$top/build/windows/bin} nbin=${PLATEN_BIN_LINUX:-$top/build/linux/bin}
. "$top/tests/wine/monitor_lib.sh"
lab_begin
mkdir -p "$lab/with" "$lab/without"
lab_printer "$lab/without"
without=$printer_port
lab_printer "$lab/with"
with=$printer_port
wine "$bin/platen-service.exe" >"$lab/service.log" 2>&1 &
lab_wait_for "$lab/service.log" "works in" 60
ppd="Z:$(tr / '\\' <<<"$top/tests/lab/lab.ppd")"
{
    lab_monitor "Platen Port" platenmon.dll
    lab_monitor "Plain Port" plainmon.dll
    lab_port WITH "tcp:127.0.0.1:$with" print
    wine "$bin/setup_queue.exe" plainport WITHOUT "127.0.0.1:$without"
    wine "$bin/setup_queue.exe" raw "Raw with" WITH
    wine "$bin/setup_queue.exe" raw "Raw without" WITHOUT
    wine "$bin/setup_queue.exe" ps "GDI with" WITH "$ppd"
    wine "$bin/setup_queue.exe" ps "GDI without" WITHOUT "$ppd"
} >"$lab/setup.log" 2>&1 || { sed 's/^/# /' "$lab/setup.log"; echo "not ok - the queues could be made"; exit 1; }

head -c 5000001 /dev/urandom >"$lab/random.prn"
head -c 1 /dev/zero >"$lab/one-byte.prn"
printf '\033%%-12345X@PJL ENTER LANGUAGE=PCL\r\n\033Ehello\f\033E\033%%-12345X' >"$lab/pjl.prn"
cp "$top/tests/lab/letter.ps" "$lab/letter.prn"

bad=0 n=0
compare() { # compare WHAT [SENT]: the newest print on both sides, and what was sent if that is known
    local a b
    n=$((n + 1))
    a=$(printf '%s/with/job-%04d.prn' "$lab" "$n") b=$(printf '%s/without/job-%04d.prn' "$lab" "$n")
    for _ in $(seq 100); do [ ! -e "$a" ] || [ ! -e "$b" ] || break; sleep 0.1; done
    if cmp "$a" "$b" && { [ -z "${2:-}" ] || cmp "$a" "$2"; }; then echo "ok - $1: $(stat -c %s "$a") bytes, the same"; else
        echo "not ok - $1"
        bad=1
    fi
}
for name in random one-byte pjl letter; do
    for q in with without; do wine "$bin/winprint_raw.exe" "Raw $q" "$lab/$name.prn" "$name" >/dev/null 2>&1; done
    compare "raw, $name" "$lab/$name.prn"
done
for q in with without; do wine "$bin/gdiprint.exe" "GDI $q" 3 "A drawing" >/dev/null 2>&1; done
sed -i -E '/^%%(CreationDate|For)/d' "$lab"/with/job-0005.prn "$lab"/without/job-0005.prn # the driver writes when and for whom
compare "GDI through a PostScript driver"
exit $bad
