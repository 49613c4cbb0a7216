#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The USB agent's usbprint transport under Wine, in a prefix of its own: tests/e2e/usb_wine_test.py judges.
set -euo pipefail
top=$(cd "$(dirname "$0")/../.." && pwd -P)
dir=$(mktemp -d /tmp/platen-usb-wine.XXXXXX)
export WINEPREFIX=$dir/prefix WINEDEBUG=-all WINEDLLOVERRIDES="mscoree,mshtml=" XDG_RUNTIME_DIR=$dir DISPLAY=
trap 'wineserver -k 2>/dev/null || true; rm -rf "$dir"' EXIT
"$top/tools/wine-prefix" "$WINEPREFIX"
python3 "$top/tests/e2e/usb_wine_test.py"
