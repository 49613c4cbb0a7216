#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Each fuzzer over its committed corpus, under the sanitizers: what was found stays found. pdl_lang stands for the fuzzers of the single page
# languages, which share the seeds of the whole analysis. TAP.
set -uo pipefail
top=$(cd "$(dirname "$0")/../.." && pwd -P)
bad=0
for program in "$top"/build/linux-asan/bin/*_fuzz; do
    name=$(basename "$program" _fuzz)
    folders=()
    for f in "$name" "${name/#pdl_lang/pdl}"; do
        [ ! -d "$top/tests/fuzz/corpus/$f" ] || [ "${folders[*]-}" = "$top/tests/fuzz/corpus/$f" ] || folders+=("$top/tests/fuzz/corpus/$f")
    done
    files=$([ ${#folders[@]} = 0 ] || find "${folders[@]}" -type f | wc -l)
    if [ "${files:-0}" = 0 ]; then
        echo "not ok - $name has no corpus"
        bad=1
    elif "$program" "${folders[@]}"; then
        echo "ok - $name: $files inputs"
    else
        echo "not ok - $name: $files inputs"
        bad=1
    fi
done
exit $bad
