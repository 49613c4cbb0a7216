#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# tests/fuzz/run.sh SECONDS [NAME...]    builds the fuzzers (preset "fuzz", clang) and runs each of them, or the named ones, for so long
# tests/fuzz/run.sh --runs N [NAME...]   ... for N executions each (preset "fuzz-long", which is three times as fast), and prints the table of
#                                        docs/security.md; the inputs that the first way has collected are where it begins
# tests/fuzz/run.sh --short SECONDS      ... all of them within SECONDS altogether, as TAP; a suite of tools/test
# tests/fuzz/run.sh --list               names them: the codecs, and each page language of core/pdl/detect.c by itself (pdl_...)
#
# New inputs collect under build/fuzz/corpus/<name>/; what crashes lies in build/fuzz/found/<name>/ and ends the script
# with 1: fix it, and copy the file to tests/fuzz/corpus/<name>/ (of a page language: pdl_lang/) so that it is replayed from then on.
#
#   PLATEN_BUILD   another build folder than build/fuzz
#   PLATEN_JOBS    how many run at a time (2)
set -uo pipefail

top=$(cd "$(dirname "$0")/../.." && pwd -P)
preset=fuzz
jobs=${PLATEN_JOBS:-2}
mode=seconds
case ${1:-} in
--runs) mode=runs && preset=fuzz-long && shift ;;
--short) mode=short && shift ;;
--list) mode=list ;;
esac
build=${PLATEN_BUILD:-$top/build/$preset}
[ $mode = list ] || amount=${1:?usage: tests/fuzz/run.sh SECONDS | --runs N | --short SECONDS | --list  [NAME...]}
shift
names=("$@")
cd "$top" || exit 1

if ! tools/box bash -c 'command -v clang' >/dev/null; then
    [ $mode = short ] || { echo "the fuzzers need clang" >&2; exit 1; }
    echo "ok 1 - fuzzers # SKIP clang is not installed"
    exit 0
fi

# In build/fuzz.log.
make_fuzzers() {
    mkdir -p "$(dirname "$build")"
    tools/box cmake --preset $preset -B "$build" >"$build.log" 2>&1 || return 1
    if [ ${#names[@]} = 0 ]; then
        for f in "$top"/tests/fuzz/*_fuzz.c; do
            f=$(basename "$f" _fuzz.c)
            [ "$f" = pdl_lang ] || names+=("$f")
        done
        mapfile -t -O ${#names[@]} names <"$build/pdl_fuzzers.txt"
    fi
    [ $mode = list ] || tools/box cmake --build "$build" -j "$jobs" --target "${names[@]/%/_fuzz}" >>"$build.log" 2>&1
}
if ! make_fuzzers; then
    tail -n 40 "$build.log"
    echo "not ok - the fuzzers could not be built (log: $build.log)"
    exit 1
fi
if [ $mode = list ]; then
    printf '%s\n' "${names[@]}"
    exit 0
fi

limit=(-max_total_time="$amount")
export ASAN_OPTIONS=
if [ $mode = runs ]; then
    limit=(-runs="$amount" -reload=0)
    ASAN_OPTIONS=malloc_context_size=2:quarantine_size_mb=1:detect_stack_use_after_return=0 # a fuzzer without them says more of what it finds
fi
if [ $mode = short ]; then
    each=$((amount * jobs / ${#names[@]}))
    limit=(-seed=20261125 -max_total_time=$((each < 1 ? 1 : each > 10 ? 10 : each))) # the same way each time, as far as time allows
    echo "# ${#names[@]} fuzzers, ${limit[1]#*=} s each, $jobs at a time"
fi

# One fuzzer to its end, and one line about it.
fuzz() {
    local name=$1 new=$build/corpus/$1 found=$build/found/$1 log=$build/$1.log most=4096 dict=() seeds=() code executions rate coverage result=clean
    mkdir -p "$new" "$found"
    case $name in
    pdl | pdl_*) set -- pdl pdl_lang ;;
    esac
    if [ $mode = runs ]; then
        set -- "$@" "../../../build/fuzz/corpus/$name"
        case $name in
        pdl_pwg | pdl_cups_raster) most=4096 ;; # the heads of their pages are longer than the others' jobs need be
        *) most=1024 ;;
        esac
    fi
    for s in "$@"; do [ ! -d "tests/fuzz/corpus/$s" ] || seeds+=("tests/fuzz/corpus/$s"); done
    [ ! -e "tests/fuzz/$1.dict" ] || dict=("-dict=tests/fuzz/$1.dict")
    tools/box env ASAN_OPTIONS="$ASAN_OPTIONS" "$build/bin/${name}_fuzz" "${limit[@]}" -max_len=$most -timeout=10 -rss_limit_mb=1024 -print_final_stats=1 \
        -artifact_prefix="$found/" "${dict[@]}" "$new" "${seeds[@]}" >"$log" 2>&1
    code=$?
    executions=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
    rate=$(sed -n 's/^stat::average_exec_per_sec: *//p' "$log")
    coverage=$(sed -n 's/.* cov: \([0-9]*\) .*/\1/p' "$log" | tail -n 1)
    [ $code = 0 ] || result="FOUND: $(grep -m 1 -E 'does not hold|ERROR: |SUMMARY: |runtime error' "$log") (log: $log)"
    case $mode in
    runs) printf '| %s | %s | %s | %s | %s |\n' "$name" "${executions:--}" "${rate:--}" "${coverage:--}" "$result" ;;
    short) printf '%s - %s: %s executions, coverage %s%s\n' "$([ $code = 0 ] && echo ok || echo not ok)" "$name" "${executions:--}" "${coverage:--}" \
        "$([ $code = 0 ] || echo ", $result")" ;;
    *) printf '%-18s %12s %9s %9s  %s\n' "$name" "${executions:--}" "${rate:--}" "${coverage:--}" "$result" ;;
    esac
    return $code
}

case $mode in
runs) printf '| fuzzer | executions | per s | coverage | result |\n| --- | --- | --- | --- | --- |\n' ;;
seconds) printf '%-18s %12s %9s %9s  %s\n' fuzzer executions per-s coverage result ;;
esac
failed=0 running=0
for name in "${names[@]}"; do
    if [ $running -ge "$jobs" ]; then
        wait -n || failed=1
        running=$((running - 1))
    fi
    fuzz "$name" &
    running=$((running + 1))
done
while [ $running -gt 0 ]; do
    wait -n || failed=1
    running=$((running - 1))
done
exit $failed
