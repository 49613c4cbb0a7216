#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# What the monitor costs a job: 64 MB raw jobs and small ones under Wine, in one run and interleaved, through (A) a port monitor
# that only connects, sends and closes (tests/lab/plainmon.c) and (B) platenmon with a service that answers; both to the virtual
# printer on loopback. Times are those of EndDocPrinter, in which Wine does the whole way from the spool file to the printer,
# loading the monitor included.
#
#   print_path.sh [--json] [--rounds N] [--small N]
#
#   PLATEN_BIN_WINDOWS, PLATEN_BIN_LINUX  folders of the programs (default build/windows/bin, build/linux/bin)
#   PLATEN_BENCH_SERVICE   command of the service (default: the stand-in answering.exe, under Wine)
#   PLATEN_BENCH_READY     text in its output that says it is ready
set -euo pipefail
top=$(cd "$(dirname "$0")/../.." && pwd -P)
bin=${PLATEN_BIN_WINDOWS:-$top/build/windows/bin} nbin=${PLATEN_BIN_LINUX:-$top/build/linux/bin}
json= rounds=7 small=25 size=$((64 << 20))
while [ $# -gt 0 ]; do
    case $1 in
    --json) json=1 ;;
    --rounds) rounds=$2; shift ;;
    --small) small=$2; shift ;;
    *) echo "usage: print_path.sh [--json] [--rounds N] [--small N]" >&2; exit 2 ;;
    esac
    shift
done
. "$top/tests/wine/monitor_lib.sh"

lab_begin
"$nbin/printer" --no-hash >"$lab/printer.log" &
lab_wait_for "$lab/printer.log" '{"port":'
port=$(sed -n '1s/{"port":\([0-9]*\)}/\1/p' "$lab/printer.log")
{
    lab_monitor "Platen Port" platenmon.dll
    lab_monitor "Plain Port" plainmon.dll
    lab_port BENCHB "tcp:127.0.0.1:$port" print
    wine "$bin/setup_queue.exe" plainport BENCHA "127.0.0.1:$port"
    wine "$bin/setup_queue.exe" raw "Bench A" BENCHA
    wine "$bin/setup_queue.exe" raw "Bench B" BENCHB
} >"$lab/setup.log" 2>&1 || { cat "$lab/setup.log" >&2; exit 1; }
if [ -n "${PLATEN_BENCH_SERVICE:-}" ]; then
    bash -c "exec $PLATEN_BENCH_SERVICE" >"$lab/service.log" 2>&1 &
    lab_wait_for "$lab/service.log" "${PLATEN_BENCH_READY:-.}" 60
else
    lab_answering "$lab/service.log"
fi
head -c "$size" /dev/urandom >"$lab/large.prn"
head -c 4000 /dev/urandom >"$lab/small.prn"

run() { # run A|B FILE: one line "A|B size port_ms port_us"
    local out
    out=$(wine "$bin/winprint_raw.exe" "Bench $1" "$2" "bench $1" 2>/dev/null)
    case $out in *'"ok":1'*) ;; *) echo "print_path: job failed: $out" >&2; exit 1 ;; esac
    echo "$1 $out" >>"$lab/jobs.log"
}
run A "$lab/small.prn" # one of each that does not count: caches
run B "$lab/small.prn"
for i in $(seq "$rounds"); do
    if [ $((i % 2)) = 1 ]; then set -- A B; else set -- B A; fi
    for q; do run "$q" "$lab/large.prn"; done
done
for i in $(seq "$small"); do # each alone: what the service does after the job before is not this job's first byte
    if [ $((i % 2)) = 1 ]; then set -- A B; else set -- B A; fi
    for q; do sleep 0.2; run "$q" "$lab/small.prn"; done
done
left=$(find "$data/journal" -name '*.job' | wc -l)
[ "$left" = 0 ] || { echo "print_path: the service did not take $left jobs: nothing is measured" >&2; exit 1; }

python3 - "$lab/jobs.log" "$lab/printer.log" "$size" "${json:-0}" <<'PY'
import json, statistics, sys
jobs = [(l[0], json.loads(l[2:])) for l in open(sys.argv[1])]
got = [json.loads(l) for l in open(sys.argv[2])][1:]
size = int(sys.argv[3])
assert len(jobs) == len(got), "the printer got %d of %d jobs" % (len(got), len(jobs))
time, first = {"A": [], "B": []}, {"A": [], "B": []}
for (q, j), g in list(zip(jobs, got))[2:]:
    assert j["bytes"] == g["bytes"], "a job lost bytes"
    if j["bytes"] == size: time[q].append(j["port_ms"])
    else: first[q].append((g["first_us"] - j["port_us"]) / 1000)
m = statistics.median
ratio, added = m(time["A"]) / m(time["B"]), m(first["B"]) - m(first["A"])
if sys.argv[4] == "1":
    print(json.dumps({"throughput_ratio": round(ratio, 3), "first_byte_ms_p50": round(added, 3)}))
else:
    for q, name in (("A", "plain"), ("B", "platen")):
        print("%-7s 64 MB: median %.0f ms of %s" % (name, m(time[q]), " ".join("%.0f" % t for t in time[q])))
        print("%-7s first byte: median %.2f ms, quartiles %s, of %d jobs" % (name, m(first[q]), " ".join("%.2f" % x for x in statistics.quantiles(first[q])), len(first[q])))
    print("throughput_ratio %.3f (required 0.95)   first_byte_ms_p50 %.2f (required < 5)" % (ratio, added))
PY
