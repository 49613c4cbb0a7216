#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# tests/browser/run.sh [FILE...]: builds the console and runs its browser tests in the box, all of them or
# the named ones. They run against a double of the hub (double.mjs). Exit code 0: every test passed.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd -P)
top=$(cd "$here/../.." && pwd -P)
if [ "${PLATEN_BOX:-}" != 1 ] && [ "${PLATEN_HOST:-}" != 1 ]; then
    exec "$top/tools/box" "$here/run.sh" "$@"
fi

"$top/tools/build" console
"$top/tools/packages" "$here"
cd "$here"
[ $# -gt 0 ] || set -- *.test.mjs
exec node --test --test-concurrency=1 --test-reporter="${PLATEN_REPORTER:-spec}" "$@"
