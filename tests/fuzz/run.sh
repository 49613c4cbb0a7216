#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# tests/fuzz/run.sh SECONDS [NAME...]: builds the fuzzers (preset "fuzz", clang) and runs each of them, or the named ones, for so
# long. New inputs collect under build/fuzz/corpus/<name>/; what crashes lies in build/fuzz/found/<name>/ and ends the script
# with 1: fix it, and copy the file to tests/fuzz/corpus/<name>/ so that it is replayed from then on.
#
#   PLATEN_BUILD   another build folder than build/fuzz
set -uo pipefail

top=$(cd "$(dirname "$0")/../.." && pwd -P)
seconds=${1:?usage: tests/fuzz/run.sh SECONDS [NAME...]}
shift
build=${PLATEN_BUILD:-$top/build/fuzz}
names=("$@")
if [ ${#names[@]} = 0 ]; then
    for f in "$top"/tests/fuzz/*_fuzz.c; do names+=("$(basename "$f" _fuzz.c)"); done
fi
cd "$top" || exit 1
tools/box cmake --preset fuzz -B "$build" >"$build.log" 2>&1 || { tail -n 20 "$build.log"; exit 1; }
tools/box cmake --build "$build" -j "${PLATEN_JOBS:-2}" --target "${names[@]/%/_fuzz}" >>"$build.log" 2>&1 || { tail -n 40 "$build.log"; exit 1; }

failed=0
printf '%-10s %12s %9s %9s  %s\n' fuzzer executions per-s coverage result
for name in "${names[@]}"; do
    new=$build/corpus/$name found=$build/found/$name log=$build/$name.log
    mkdir -p "$new" "$found"
    dict=()
    [ ! -e "tests/fuzz/$name.dict" ] || dict=("-dict=tests/fuzz/$name.dict")
    tools/box "$build/bin/${name}_fuzz" -max_total_time="$seconds" -max_len=4096 -timeout=10 -rss_limit_mb=1024 -print_final_stats=1 \
        -artifact_prefix="$found/" "${dict[@]}" "$new" "tests/fuzz/corpus/$name" >"$log" 2>&1
    code=$?
    executions=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
    rate=$(sed -n 's/^stat::average_exec_per_sec: *//p' "$log")
    coverage=$(sed -n 's/.* cov: \([0-9]*\) .*/\1/p' "$log" | tail -n 1)
    result=clean
    if [ $code != 0 ]; then
        result="FOUND: $(grep -m 1 -E 'does not hold|ERROR: |SUMMARY: |runtime error' "$log") (log: $log)"
        failed=1
    fi
    printf '%-10s %12s %9s %9s  %s\n' "$name" "${executions:--}" "${rate:--}" "${coverage:--}" "$result"
done
exit $failed
