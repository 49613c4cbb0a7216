#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Sizes: the MSI's file, and the private memory of the idle service and of the tray, running under Wine. Wine has no
# PrivateUsage that means what Windows' does, so Linux is asked: anonymous private pages of the process (Private_Dirty of mappings without a
# file), which hold Wine's own data, too. Limits: MSI 8 MiB, service 15 MiB, tray 8 MiB.
set -euo pipefail
top=$(cd "$(dirname "$0")/../.." && pwd -P)
bin=${PLATEN_BIN_WINDOWS:-$top/build/windows/bin}
json=
[ "${1:-}" != --json ] || json=1
. "$top/tests/wine/monitor_lib.sh"
lab_begin
# A screen for the tray: Wine chooses its display driver with the first process of a session.
wineserver -k 2>/dev/null || true
Xvfb -displayfd 3 -screen 0 1024x768x24 3>"$lab/display" 2>/dev/null &
lab_wait_for "$lab/display" '[0-9]'
DISPLAY=:$(cat "$lab/display")
export DISPLAY

private_kib() { # private_kib PROGRAM.exe: of the one process of that name in this box
    local p name
    for p in /proc/[0-9]*; do
        name=$(tr '\0' ' ' 2>/dev/null <"$p/cmdline" || true)
        case $name in
        *"$1"*) case $name in wine*|*/wine*) continue ;; esac
            awk '/^[0-9a-f]+-[0-9a-f]+ / { file = $6 != "" && $6 !~ /^\[/ } /^Private_Dirty:/ { if (!file) sum += $2 } END { print sum }' "$p/smaps"
            return ;;
        esac
    done
    echo "no process of $1" >&2
    return 1
}

wine "$bin/platen-service.exe" >"$lab/service.log" 2>&1 &
lab_wait_for "$lab/service.log" "works in" 60
wine "$bin/platen-tray.exe" >/dev/null 2>&1 &
sleep 6
service=$(private_kib platen-service.exe)
tray=$(private_kib platen-tray.exe)
python3 - "$(stat -c %s "$top/build/platen.msi")" "$service" "$tray" "${json:-0}" <<'PY'
import json, sys
msi, service, tray = int(sys.argv[1]) / 2**20, int(sys.argv[2]) / 1024, int(sys.argv[3]) / 1024
rows = [("MSI", msi, 8, "msi_mib"), ("service, idle, private memory", service, 15, "service_private_mib"), ("tray, private memory", tray, 8, "tray_private_mib")]
if sys.argv[4] == "1":
    print(json.dumps({key: round(value, 2) for _, value, _, key in rows}))
else:
    for name, value, limit, _ in rows:
        print("%-32s %6.2f MiB   limit %2d   %s" % (name, value, limit, "ok" if value < limit else "TOO LARGE"))
PY
