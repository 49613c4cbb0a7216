#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Generated jobs, and the corpus of $PLATEN_CORPUS when it is set, against their truth, as they are and converted. TAP.
set -uo pipefail
top=$(cd "$(dirname "$0")/../.." && pwd -P)
made=$(mktemp -d)
trap 'rm -rf "$made"' EXIT
code=0
if ! python3 "$top/tests/corpus/generate" --quick "$made"; then
    echo "not ok - the jobs could not be made"
    exit 1
fi
python3 "$top/tests/corpus/check.py" --tap "$made" || code=1
python3 "$top/tests/corpus/convert.py" --tap "$made" || code=1
if [ -n "${PLATEN_CORPUS:-}" ]; then
    python3 "$top/tests/corpus/check.py" --tap "$PLATEN_CORPUS" || code=1
else
    echo "ok - the corpus of real jobs # SKIP PLATEN_CORPUS names none"
fi
exit $code
