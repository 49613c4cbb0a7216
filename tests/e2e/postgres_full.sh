#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# tests/e2e/postgres_full.sh: postgres_faults_test.py --full with the server in a file system of 400 MB.
set -euo pipefail
top=$(cd "$(dirname "$0")/../.." && pwd -P)
at=$(mktemp -d /tmp/platen-full.XXXXXX)
if ! mount -t tmpfs -o size=400m,mode=755 none "$at" 2>/dev/null; then
    rmdir "$at"
    echo "1..0 # SKIP a small disk cannot be mounted here"
    exit 0
fi
code=0
PLATEN_POSTGRES_PARENT=$at "$top/tests/lab/with_postgres.sh" python3 "$top/tests/e2e/postgres_faults_test.py" --full "$@" || code=$?
umount -l "$at"
rmdir "$at"
exit $code
