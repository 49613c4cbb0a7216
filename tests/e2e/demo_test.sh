#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# tools/demo --once as a newcomer runs it, and that it leaves nothing running.
set -euo pipefail
top=$(cd "$(dirname "$0")/../.." && pwd -P)
out=$(mktemp -d /tmp/platen-demo.XXXXXX)
trap 'rm -rf "$out"' EXIT

t0=$SECONDS
if "$top/tools/demo" --once --data "$out/demo" --json "$out/jobs.json" >"$out/log" 2>&1; then
    echo "ok - three documents from Wine arrive whole at the hub ($((SECONDS - t0)) s)"
else
    sed 's/^/# /' "$out/log"
    for f in "$out"/demo/log/*.log; do echo "# $f"; tail -n 5 "$f" | sed 's/^/#   /'; done
    echo "not ok - three documents from Wine arrive whole at the hub"
    exit 1
fi
if [ "$(grep -c '"outcome": "printed"' "$out/jobs.json")" = 3 ]; then echo "ok - the hub's records are written"; else echo "not ok - the hub's records are written"; fi
sleep 1
left=$(ps -eo args | grep -F "$out" | grep -vc grep || true)
if [ "$left" = 0 ]; then echo "ok - nothing is left running"; else
    ps -eo pid,args | grep -F "$out" | grep -v grep | sed 's/^/# /'
    echo "not ok - nothing is left running"
fi
