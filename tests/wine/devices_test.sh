#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The service of Windows under Wine reads a farm of printers: its worker without rights, its sockets, its ledger, settings of the registry. TAP.
set -euo pipefail
top=$(cd "$(dirname "$0")/../.." && pwd -P)
. "$top/tests/wine/tap.sh"
bin=$top/build/windows/bin
dir=$(mktemp -d /tmp/platen-wine-devices.XXXXXX)
export WINEPREFIX=$dir/prefix WINEDEBUG=-all WINEDLLOVERRIDES="mscoree,mshtml=" XDG_RUNTIME_DIR=$dir DISPLAY=
farm=
trap 'wineserver -k 2>/dev/null || true; [ -z "$farm" ] || kill "$farm"; rm -rf "$dir"' EXIT
"$top/tools/wine-prefix" "$WINEPREFIX"
cd "$dir"
"$top/build/linux/bin/platen-lab" farm --devices 20 --truth "$dir/truth" >"$dir/farm" &
farm=$!
for _ in $(seq 50); do [ -s "$dir/farm" ] && break || sleep 0.1; done
port=$(sed 's/.*"port":\([0-9]*\).*/\1/' "$dir/farm")
wine reg add 'HKLM\SOFTWARE\Platen' /v Ranges /d "127.1.0.0-127.1.0.30:$port" /f >/dev/null
wine reg add 'HKLM\SOFTWARE\Platen' /v ScanRate /d 5000 /f >/dev/null
wine "$bin/platen-service.exe" --data "$dir/data" >"$dir/log" 2>&1 &

platen() { wine "$bin/platen.exe" "$1" --data "$dir/data" "${@:2}"; }
for _ in $(seq 60); do platen status >/dev/null 2>&1 && break || sleep 0.5; done

said=$(platen devices read 2>&1 || true)
same "the service has the printers read" "$(grep -c '^20 printers were read' <<<"$said")" 1
platen devices --json >"$dir/devices"
same "they are as the farm's truth says" "$(python3 - "$dir/devices" "$dir/truth" "$top" <<'END'
import json, sys
sys.path.insert(0, sys.argv[3] + "/tests/e2e")
from farm_scan_test import differences
truth = {t["address"]: t for t in map(json.loads, open(sys.argv[2]))}
found = [d for d in json.load(open(sys.argv[1])) if d["via"] == "net"]
wrong = [w for d in found for w in differences({"outcome": d["outcome"], "device": d["device"]}, truth[d["address"].split(":")[0]])]
print(len(found), wrong[:3])
END
)" "20 []"
before=$(platen status --json | sed 's/.*"records":\([0-9]*\).*/\1/')
platen devices read >/dev/null 2>&1 || true
after=$(platen status --json | sed 's/.*"records":\([0-9]*\).*/\1/')
same "a second round makes one record: they were seen" "$((after - before))" 1
same "the chain is whole" "$(platen verify --json | grep -c '"ok":true')" 1
echo "1..$((passed + failed))"
[ "$failed" = 0 ]
