#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The service of Windows reads a local printer, under Wine in a prefix of its own: tests/e2e/usb_service_wine_test.py judges.
set -euo pipefail
top=$(cd "$(dirname "$0")/../.." && pwd -P)
dir=$(mktemp -d /tmp/platen-usb-service.XXXXXX)
export WINEPREFIX=$dir/prefix WINEDEBUG=-all WINEDLLOVERRIDES="mscoree,mshtml=" XDG_RUNTIME_DIR=$dir DISPLAY=
trap 'wineserver -k 2>/dev/null || true; rm -rf "$dir"' EXIT
"$top/tools/wine-prefix" "$WINEPREFIX"
PLATEN_BIN=$top/build/linux/bin python3 "$top/tests/e2e/usb_service_wine_test.py" "$dir"
