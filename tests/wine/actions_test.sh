#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# tests/wine/actions_test.sh [CASE...]: every policy action from a print under Wine to the hub's console, in a prefix of its own:
# tests/e2e/actions_wine_test.py judges. Its pictures of the screen are in build/actions. Run inside the box.
set -euo pipefail
top=$(cd "$(dirname "$0")/../.." && pwd -P)
dir=$(mktemp -d /tmp/platen-actions.XXXXXX)
export WINEPREFIX=$dir/prefix WINEDEBUG=-all WINEDLLOVERRIDES="mscoree,mshtml=" XDG_RUNTIME_DIR=$dir LC_ALL=C.UTF-8 PLATEN_DATA='C:\ProgramData\Platen'
trap 'wineserver -k 2>/dev/null || true; wineserver -w 2>/dev/null || true; [ -n "${PLATEN_KEEP:-}" ] && echo "# kept: $dir" || rm -rf "$dir"' EXIT
"$top/tools/wine-prefix" "$WINEPREFIX"
PLATEN_BIN=${PLATEN_BIN_LINUX:-$top/build/linux/bin} python3 "$top/tests/e2e/actions_wine_test.py" "$dir" "$@"
