#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Enforcement under Wine, with nothing doubled but the printer: an application's spooler calls, Wine's spooler, platenmon.dll, platen-service.exe and its
# worker, the service's own printing through the spooler, the virtual printer. Run inside the box:
#
#   tests/wine/gate_way.sh      (PLATEN_BIN_WINDOWS, PLATEN_BIN_LINUX: folders of the programs)
set -uo pipefail
top=$(cd "$(dirname "$0")/../.." && pwd -P)
bin=${PLATEN_BIN_WINDOWS:-$top/build/windows/bin} nbin=${PLATEN_BIN_LINUX:-$top/build/linux/bin}
. "$top/tests/wine/monitor_lib.sh"
held() { wine "$bin/held.exe" "$@" 2>/dev/null; }

service() { # starts the service anew; its log is one file over all starts
    wine "$bin/platen-service.exe" --verbose >>"$lab/service.log" 2>&1 &
    service_pid=$!
    local n
    for n in $(seq 1 100); do
        held list >/dev/null && return 0
        sleep 0.1
    done
    echo "the service does not answer" >&2
    return 1
}
kill_service() { # as a power cut does: no goodbye
    wine taskkill /f /im platen-service.exe >/dev/null 2>&1
    wait "$service_pid" 2>/dev/null
}
record() { # record DOCUMENT: the lines of its records
    python3 - "$data/ledger.db" "$1" <<'P'
import json, sqlite3, sys
db = sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True, timeout=10)
for (line,) in db.execute("select line from record where type='job' order by seq"):
    job = json.loads(line)["job"]
    if job.get("document") == sys.argv[2]:
        print(json.dumps(job, separators=(",", ":")))
P
}
recorded() { # recorded DOCUMENT PATTERN: exactly one record, and it has the pattern
    local n
    for n in $(seq 1 100); do
        record "$1" >"$lab/record"
        [ -s "$lab/record" ] && break
        sleep 0.1
    done
    [ "$(wc -l <"$lab/record")" = 1 ] && has "$lab/record" "$2"
}
document() { # document PAGES FILE
    python3 -c "import sys
n = int(sys.argv[1])
print('%!PS-Adobe-3.0\n%%Pages: ' + str(n) + '\n%%EndComments')
for i in range(1, n + 1): print('%%Page: ' + str(i) + ' ' + str(i) + '\n' + '% filling\n' * 9000 + 'showpage')
print('%%Trailer\n%%EOF')" "$1" >"$2"
}
arrived() { # arrived FILE: exactly one job of the printer has these bytes
    local n found
    for n in $(seq 1 150); do
        found=$(for f in "$lab"/p/*.prn; do cmp -s "$1" "$f" && echo "$f"; done | wc -l)
        [ "$found" -ge 1 ] && break
        sleep 0.1
    done
    sleep 0.5
    found=$(for f in "$lab"/p/*.prn; do cmp -s "$1" "$f" && echo "$f"; done | wc -l)
    [ "$found" = 1 ] || { echo "$found copies"; false; }
}
absent() { sleep 0.5; ! for f in "$lab"/p/*.prn; do cmp -s "$1" "$f" && echo "$f"; done | grep -q .; }
uid_of() { held list | sed -n 's/.*"uid":"\([0-9a-f]*\)","state":1.*/\1/p' | head -n 1; }

lab_begin
check "the monitor is registered" lab_monitor "Platen Port" platenmon.dll
lab_printer "$lab/p"
check "a port and two queues" eval 'lab_port GATE1 "tcp:127.0.0.1:$printer_port" print && setup raw "Gate" GATE1 && setup raw "Big" GATE1'
cat >"$data/policy.json" <<'P'
{"v": 2, "version": 3, "default": "allow", "rules": [
  {"id": "many", "when": {"pages": {"min": 20}}, "then": "deny", "message": "Too many pages."},
  {"id": "some", "when": {"pages": {"min": 10}}, "then": {"hold": {"hours": 1}}},
  {"id": "few", "when": {"pages": {"min": 5}}, "then": {"redirect": "Big"}}]}
P
for n in 2 6 12 13 25; do document $n "$lab/d$n"; done
check "the service starts" service

raw "Gate" "$lab/d2" "two" >"$lab/raw.log"
check "few pages: kept back, then at the printer" arrived "$lab/d2"
check "few pages: one record, printed" recorded two '"outcome":"printed".*"pages":2.*"action":"printed"'
raw "Gate" "$lab/d25" "many" >"$lab/raw.log"
check "too many pages: the application sees success" has "$lab/raw.log" '"ok":1'
check "too many pages: one record, refused, with its pages and the rule" recorded many '"outcome":"refused".*"pages":25.*"rule":"many","action":"denied"'
check "too many pages: nothing at the printer" absent "$lab/d25"
raw "Gate" "$lab/d6" "six" >"$lab/raw.log"
check "redirected: at the printer once" arrived "$lab/d6"
check "redirected: one record" recorded six '"outcome":"printed".*"pages":6.*"action":"redirected"'
raw "Gate" "$lab/d12" "twelve" >"$lab/raw.log"
check "held: the application sees success" has "$lab/raw.log" '"ok":1'
check "held: nothing at the printer" absent "$lab/d12"
uid=$(uid_of)
check "held: in its owner's list" [ -n "$uid" ]
check "held: released" held release "$uid"
check "held: the right bytes at the printer, once" arrived "$lab/d12"
check "held: one record, its own title and pages" recorded twelve '"document":"twelve".*"outcome":"printed".*"pages":12.*"action":"held"'
check "held: released again, it does not exist" eval '! held release "$uid"'
raw "Gate" "$lab/d13" "thirteen" >"$lab/raw.log"
uid=$(uid_of)
kill_service
check "killed service: it starts again" service
check "killed service: the job is held still" [ -n "$uid" -a "$(uid_of)" = "$uid" ]
check "killed service: released" held release "$uid"
check "killed service: the right bytes at the printer, once" arrived "$lab/d13"
check "killed service: one record" recorded thirteen '"outcome":"printed".*"pages":13'
check "no gate file is left" eval '[ -z "$(ls "$data/gate")" ]'
kill_service
raw "Gate" "$lab/d25" "away" >"$lab/raw.log"
check "service away: the port's rule prints" arrived "$lab/d25"
lab_verdict
