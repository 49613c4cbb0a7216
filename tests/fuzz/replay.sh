#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Each fuzzer over its committed corpus, under the sanitizers: what was found stays found. TAP.
set -uo pipefail
top=$(cd "$(dirname "$0")/../.." && pwd -P)
bad=0
for program in "$top"/build/linux-asan/bin/*_fuzz; do
    name=$(basename "$program" _fuzz)
    files=$(find "$top/tests/fuzz/corpus/$name" -type f 2>/dev/null | wc -l)
    if [ "$files" = 0 ]; then
        echo "not ok - $name has no corpus"
        bad=1
    elif "$program" "$top/tests/fuzz/corpus/$name"; then
        echo "ok - $name: $files inputs"
    else
        echo "not ok - $name: $files inputs"
        bad=1
    fi
done
exit $bad
