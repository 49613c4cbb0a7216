#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The Windows side of the OS seams under Wine, in a prefix of its own. TAP from the program itself.
set -euo pipefail
top=$(cd "$(dirname "$0")/../.." && pwd -P)
dir=$(mktemp -d /tmp/platen-os.XXXXXX)
export WINEPREFIX=$dir/prefix WINEDEBUG=-all WINEDLLOVERRIDES="mscoree,mshtml=" XDG_RUNTIME_DIR=$dir DISPLAY=
trap 'wineserver -k 2>/dev/null || true; rm -rf "$dir"' EXIT
"$top/tools/wine-prefix" "$WINEPREFIX"
cd "$dir"
wine "$top/build/windows/bin/os_windows_test.exe"
