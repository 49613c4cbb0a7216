# SPDX-License-Identifier: Apache-2.0
# Sourced by the Wine tests and benches of the print monitor, inside the box: a prefix with the monitor registered, virtual
# printers, queues. Callers set `bin` (Windows programs) and `nbin` (native ones) and call lab_begin.

lab_begin() { # makes $lab and a prefix in it, or takes PLATEN_PREFIX's as a start; everything goes when the script ends
    lab=$(mktemp -d /tmp/platen-lab.XXXXXX)
    export WINEPREFIX=${PLATEN_PREFIX:-$lab/prefix} WINEDEBUG=${WINEDEBUG:--all} WINEDLLOVERRIDES="mscoree,mshtml=" DISPLAY=
    export PLATEN_DATA='C:\ProgramData\Platen'
    data=$WINEPREFIX/drive_c/ProgramData/Platen
    system32=$WINEPREFIX/drive_c/windows/system32
    trap lab_end EXIT
    [ -e "$WINEPREFIX/system.reg" ] || "$top/tools/wine-prefix" "$WINEPREFIX"
    wineserver -p 2>/dev/null || true
    mkdir -p "$data/run" "$data/journal" "$data/log"
}

lab_end() {
    local p
    for p in $(jobs -p); do kill "$p" 2>/dev/null; done
    wineserver -k 2>/dev/null
    wait 2>/dev/null
    [ -n "${PLATEN_KEEP:-}" ] && echo "kept: $lab" || rm -rf "$lab"
}

lab_monitor() { # lab_monitor NAME DLL
    cp "$bin/$2" "$system32/$2"
    wine "$bin/setup_queue.exe" monitor "$1" "$2"
}

lab_printer() { # lab_printer DIR ARG...: a virtual printer that keeps its jobs in DIR; sets $printer_port
    local dir=$1
    shift
    mkdir -p "$dir"
    "$nbin/printer" --dir "$dir" "$@" >"$dir/log" &
    printer_pid=$!
    lab_wait_for "$dir/log" '{"port":'
    printer_port=$(sed -n '1s/{"port":\([0-9]*\)}/\1/p' "$dir/log")
}

lab_wait_for() { # lab_wait_for FILE TEXT [SECONDS]
    local n
    for n in $(seq 1 $((${3:-20} * 20))); do
        grep -q "$2" "$1" 2>/dev/null && return 0
        sleep 0.05
    done
    echo "nothing like $2 in $1" >&2
    return 1
}

lab_answering() { # lab_answering LOG ARG...: the stand-in for the service, under Wine because the pipe is
    local log=$1
    shift
    wine "$bin/answering.exe" "$@" >"$log" 2>/dev/null &
    answering_pid=$!
    lab_wait_for "$log" '{"ready"'
}

lab_port() { # lab_port PORT TARGET print|refuse
    wine "$bin/setup_queue.exe" xcv "Platen Port" AddPort "$1" "$2" "$3"
}

# What the ways of a job check.
ok=0 bad=0
check() { # check WHAT COMMAND...
    local what=$1
    shift
    if "$@" >"$lab/check.log" 2>&1; then
        ok=$((ok + 1)); echo "ok      $what"
    else
        bad=$((bad + 1)); echo "not ok  $what"; sed "s/^/# /;5q" "$lab/check.log"
    fi
}
has() { grep -q -- "$2" "$1" || { echo "no $2 in:"; tail -n 3 "$1"; false; }; }
lab_verdict() {
    echo "$ok passed, $bad failed (Wine)"
    [ "$bad" = 0 ]
}
raw() { wine "$bin/winprint_raw.exe" "$@" 2>/dev/null; }
setup() { wine "$bin/setup_queue.exe" "$@" 2>/dev/null; }
