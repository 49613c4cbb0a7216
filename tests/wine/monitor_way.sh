#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# The whole way of a job under Wine: an application's spooler calls, Wine's spooler, platenmon.dll, the service's stand-in, the
# virtual printer; the bytes at the printer are compared with what was sent. Run inside the box:
#
#   tests/wine/monitor_way.sh      (PLATEN_BIN_WINDOWS, PLATEN_BIN_LINUX: folders of the programs)
set -uo pipefail
top=$(cd "$(dirname "$0")/../.." && pwd -P)
bin=${PLATEN_BIN_WINDOWS:-$top/build/windows/bin} nbin=${PLATEN_BIN_LINUX:-$top/build/linux/bin}
. "$top/tests/wine/monitor_lib.sh"
field() { sed -n "\$s/.*\"$2\":\"\{0,1\}\([^\",}]*\).*/\1/p" "$1"; } # of the last JSON line
stop_service() { kill "$answering_pid" 2>/dev/null; wait "$answering_pid" 2>/dev/null; sleep 0.3; }
journals() { find "$data/journal" -name '*.job' | wc -l; }
journal_line() { "$nbin/answering" --journal "$(find "$data/journal" -name '*.job' | head -n 1)"; }

lab_begin
dll=$(winepath -w "$bin/platenmon.dll" 2>/dev/null)
wine "$bin/monitor_dll_test.exe" "$dll" >"$lab/dll.log" 2>/dev/null
check "the DLL's own test: $(tail -n 1 "$lab/dll.log")" has "$lab/dll.log" ' 0 failures'
rm -f "$data"/journal/*
check "the monitor is registered" lab_monitor "Platen Port" platenmon.dll
lab_printer "$lab/p"
port=$printer_port
check "a port is added" lab_port WAY1 "tcp:127.0.0.1:$port" print
check "a port that refuses is added" lab_port WAY2 "tcp:127.0.0.1:$port" refuse
check "a chained port is added" lab_port WAY3 "port:$lab/inner.prn" print
check "queues are added" eval 'setup raw "Way 1" WAY1 && setup raw "Way 2" WAY2 && setup raw "Way 3" WAY3'
head -c 1000003 /dev/urandom >"$lab/job"

# The service answers
lab_answering "$lab/service.log" --hash
raw "Way 1" "$lab/job" "My Döcument" >"$lab/raw.log"
check "raw job: the application sees success" has "$lab/raw.log" '"ok":1'
check "raw job: bytes at the printer" cmp "$lab/job" "$lab/p/job-0001.prn"
check "raw job: the service has name, port, all bytes" has "$lab/service.log" '"port":"WAY1".*"document":"My Döcument".*"data":1000003,"lost":0,"bytes":1000003,"status":0'
check "raw job: the service has the same bytes" [ "$(field "$lab/service.log" fnv)" = "$(field "$lab/p/log" fnv)" ]
# Two jobs, and two empty ones of the queue itself when the test closes its handles: the printer counts on from 5.
wine "$bin/monitor_dll_test.exe" "$dll" WAY1 "Way 1" 2 >"$lab/job.log" 2>/dev/null
check "a spooler that gives the job: $(tail -n 1 "$lab/job.log")" has "$lab/job.log" ' 0 failures'
check "a spooler that gives the job: its facts" has "$lab/service.log" \
    '"queue":"Way 1","port":"WAY1".*"document":"Spooled é","paper":"A4","job_id":[0-9]*,"copies":3,"color":2,"duplex":1,.*"bytes":10,"status":0'
raw "Way 3" "$lab/job" >"$lab/raw.log"
check "chained port: bytes at the inner port" cmp "$lab/job" "$lab/inner.prn"
check "chained port: accounted" has "$lab/service.log" '"port":"WAY3".*"bytes":1000003,"status":0'
check "no journal was needed" [ "$(journals)" = 0 ]
stop_service

# It refuses
lab_answering "$lab/refuse.log" --verdict 2 --message "not today"
raw "Way 1" "$lab/job" >"$lab/raw.log"
check "refused: the application sees success" has "$lab/raw.log" '"ok":1'
check "refused: nothing reached the printer" [ ! -e "$lab/p/job-0006.prn" ]
check "refused: accounted" has "$lab/refuse.log" '"data":0,"lost":1000003,"bytes":1000003,"status":3'
stop_service

# It is away
raw "Way 1" "$lab/job" >"$lab/raw.log"
check "service away: bytes at the printer" cmp "$lab/job" "$lab/p/job-0006.prn"
journal_line >"$lab/journal.log"
check "service away: the journal has all" has "$lab/journal.log" '"data":1000003,"lost":0,"bytes":1000003,"status":0'
check "service away: the journal has the same bytes" [ "$(field "$lab/journal.log" fnv)" = "$(field "$lab/p/log" fnv)" ]
rm -f "$data"/journal/*
raw "Way 2" "$lab/job" >"$lab/raw.log"
check "service away, port refuses: the application sees success" has "$lab/raw.log" '"ok":1'
check "service away, port refuses: nothing reached the printer" [ ! -e "$lab/p/job-0007.prn" ]
journal_line >"$lab/journal.log"
check "service away, port refuses: accounted" has "$lab/journal.log" '"data":0,"lost":1000003,"bytes":1000003,"status":3'
rm -f "$data"/journal/*

# It is away, and the journal cannot be written
rmdir "$data/journal" && : >"$data/journal"
raw "Way 1" "$lab/job" >"$lab/raw.log"
check "journal not writable: bytes at the printer" cmp "$lab/job" "$lab/p/job-0007.prn"
check "journal not writable: the log says so" has "$data/log/monitor.log" 'error job .* not accounted'
rm -f "$data/journal" && mkdir "$data/journal"

# It dies in the middle of a job, on a slow printer
lab_answering "$lab/dies.log" --hash
lab_printer "$lab/slow" --rate 1000000
setup xcv "Platen Port" SetPort WAY1 "tcp:127.0.0.1:$printer_port" print >/dev/null
head -c 6000000 /dev/urandom >"$lab/long"
raw "Way 1" "$lab/long" >"$lab/raw.log" &
long_pid=$!
sleep 2
kill -9 "$answering_pid"
wait "$answering_pid" 2>/dev/null
wait "$long_pid"
for _ in $(seq 100); do # the printer is slow, and sockets hold what it has not read yet
    [ "$(stat -c %s "$lab/slow/job-0001.prn")" -lt 6000000 ] || break
    sleep 0.1
done
check "service dies: bytes at the printer" cmp "$lab/long" "$lab/slow/job-0001.prn"
journal_line >"$lab/journal.log"
check "service dies: the journal accounts for all" has "$lab/journal.log" '"ended":1,"bad":0.*"bytes":6000000,"status":0'
rm -f "$data"/journal/*

# The printer goes away in the middle
lab_printer "$lab/reset" --reset-after 300000
setup xcv "Platen Port" SetPort WAY1 "tcp:127.0.0.1:$printer_port" print >/dev/null
raw "Way 1" "$lab/long" >"$lab/raw.log"
journal_line >"$lab/journal.log"
check "printer resets: accounted as failed" has "$lab/journal.log" '"status":1,"error":64'
rm -f "$data"/journal/*

# GDI through wineps
lab_printer "$lab/ps"
lab_answering "$lab/gdi.log" --hash
check "a port for PostScript" lab_port WAYPS "tcp:127.0.0.1:$printer_port" print
mkdir -p "$WINEPREFIX/drive_c/lab"
cp "$top/tests/lab/lab.ppd" "$WINEPREFIX/drive_c/lab/lab.ppd"
check "a PostScript queue" setup ps "Way PS" WAYPS 'C:\lab\lab.ppd'
wine "$bin/gdiprint.exe" "Way PS" 3 "GDI document" --copies 2 --duplex long --color 1 --paper 9 >"$lab/gdiprint.log" 2>/dev/null
check "GDI: the application sees success" has "$lab/gdiprint.log" '"ok":1'
check "GDI: PostScript at the printer" has "$lab/ps/job-0001.prn" '^%!PS-Adobe'
check "GDI: three pages" has "$lab/ps/job-0001.prn" '^%%Pages: 3'
check "GDI: duplex from DEVMODE" has "$lab/ps/job-0001.prn" 'Feature: \*Duplex DuplexNoTumble'
check "GDI: A4 from DEVMODE" has "$lab/ps/job-0001.prn" 'Feature: \*PageSize A4'
check "GDI: copies from DEVMODE" has "$lab/ps/job-0001.prn" 'copies=2'
check "GDI: accounted with its name" has "$lab/gdi.log" '"document":"GDI document".*"status":0'
check "GDI: the same bytes" [ "$(field "$lab/gdi.log" fnv)" = "$(field "$lab/ps/log" fnv)" ]
gs -q -dNOPAUSE -dBATCH -sDEVICE=inkcov -o "$lab/ink.log" "$lab/ps/job-0001.prn" >/dev/null 2>&1
check "GDI: ghostscript sees three pages with colour" [ "$(awk '$1 > 0.001 || $2 > 0.001 || $3 > 0.001' "$lab/ink.log" | wc -l)" = 3 ]
check "deleted ports are gone" setup xcv "Platen Port" DeletePort WAY2
lab_verdict
