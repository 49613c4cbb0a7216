#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The Debian package for 64-bit ARM, built and tried in the root that has what this takes: deb_arm64_test.py.
set -euo pipefail
top=$(cd "$(dirname "$0")/../.." && pwd -P)
. "$top/tools/lib.sh"
if [ "${PLATEN_BOX:-}" = 1 ] && [ "${PLATEN_ROOT:-}" != arm64 ]; then
    echo "ok 1 - the package for arm64 # SKIP inside the box, from where its root cannot be entered: run this outside"
    exit
fi
if [ "${PLATEN_HOST:-}" = 1 ] && ! command -v aarch64-linux-gnu-gcc >/dev/null; then
    echo "ok 1 - the package for arm64 # SKIP this host has not the packages of tools/box.d/packages.arm64"
    exit
fi
into_root arm64 "$@"
"$top/tools/build" arm64-tests
exec python3 "$top/tests/e2e/deb_arm64_test.py" "$@"
