#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# tests/fuzz/run.sh SECONDS [NAME...]    builds the fuzzers (preset "fuzz", clang) and runs each of them, or the named ones, for so long
# tests/fuzz/run.sh --runs N [NAME...]   ... for N executions each (preset "fuzz-long", which is three times as fast), and prints the table of
#                                        docs/security.md; the inputs that the first way has collected are where it begins
# tests/fuzz/run.sh --table N [NAME...] ... to N executions each, in the idle class and by slices: it may be ended at any time and goes on where it
#                                        was. Coverage without sanitizers (preset "fuzz-bulk") for the N, then all that was collected and N / 100
#                                        more under the sanitizers. A row for each that is done goes to build/fuzz-table.md
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
--table) mode=table && preset=fuzz-bulk && shift ;;
--short) mode=short && shift ;;
--list) mode=list ;;
esac
build=${PLATEN_BUILD:-$top/build/$preset}
checked=$top/build/fuzz-long # of --table
table=$top/build/fuzz-table.md
[ $mode = list ] || amount=${1:?usage: tests/fuzz/run.sh SECONDS | --runs N | --table N | --short SECONDS | --list  [NAME...]}
shift
names=("$@")
cd "$top" || exit 1

if ! tools/box bash -c 'command -v clang' >/dev/null; then
    [ $mode = short ] || { echo "the fuzzers need clang" >&2; exit 1; }
    echo "ok 1 - fuzzers # SKIP clang is not installed"
    exit 0
fi

idle=()
if [ $mode = table ]; then
    idle=(nice -n 19)
    ! command -v chrt >/dev/null || idle+=(chrt -i 0)
fi

# make_fuzzers PRESET FOLDER; in FOLDER.log
make_fuzzers() {
    local preset=$1 build=$2
    mkdir -p "$(dirname "$build")"
    tools/box cmake --preset "$preset" -B "$build" >"$build.log" 2>&1 || return 1
    if [ ${#names[@]} = 0 ]; then
        for f in "$top"/tests/fuzz/*_fuzz.c; do
            f=$(basename "$f" _fuzz.c)
            [ "$f" = pdl_lang ] || names+=("$f")
        done
        mapfile -t -O ${#names[@]} names <"$build/pdl_fuzzers.txt"
    fi
    [ $mode = list ] || "${idle[@]}" tools/box cmake --build "$build" -j "$jobs" --target "${names[@]/%/_fuzz}" >>"$build.log" 2>&1
}
if ! make_fuzzers $preset "$build" || { [ $mode = table ] && ! make_fuzzers fuzz-long "$checked"; }; then
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
if [ $mode = runs ] || [ $mode = table ]; then
    limit=(-runs="$amount" -reload=0)
    ASAN_OPTIONS=malloc_context_size=2:quarantine_size_mb=1:detect_stack_use_after_return=0 # a fuzzer without them says more of what it finds
fi
if [ $mode = short ]; then
    each=$((amount * jobs / ${#names[@]}))
    limit=(-seed=20261125 -max_total_time=$((each < 1 ? 1 : each > 10 ? 10 : each))) # the same way each time, as far as time allows
    echo "# ${#names[@]} fuzzers, ${limit[1]#*=} s each, $jobs at a time"
fi

# run FOLDER NAME OPTION...: one fuzzer of that build until its limit, in FOLDER/NAME.log; sets code, executions, rate, coverage and result.
run() {
    local folder=$1 name=$2 most=4096 dict=() seeds=() options=("${@:3}")
    local new=$build/corpus/$name found=$folder/found/$name log=$folder/$name.log # collected in one place for both builds of --table
    set -- "$name"
    case $name in
    pdl | pdl_*) set -- pdl pdl_lang ;;
    esac
    if [ $mode = runs ] || [ $mode = table ]; then
        set -- "$@" "../../../build/fuzz/corpus/$name"
        case $name in
        pdl_pwg | pdl_cups_raster) most=4096 ;; # the heads of their pages are longer than the others' jobs need be
        *) most=1024 ;;
        esac
    fi
    mkdir -p "$new" "$found"
    for s in "$@"; do [ ! -d "tests/fuzz/corpus/$s" ] || seeds+=("tests/fuzz/corpus/$s"); done
    [ ! -e "tests/fuzz/$1.dict" ] || dict=("-dict=tests/fuzz/$1.dict")
    "${idle[@]}" tools/box env ASAN_OPTIONS="$ASAN_OPTIONS" "$folder/bin/${name}_fuzz" "${options[@]}" -max_len=$most -timeout=10 -rss_limit_mb=1024 \
        -print_final_stats=1 -artifact_prefix="$found/" "${dict[@]}" "$new" "${seeds[@]}" >"$log" 2>&1
    code=$?
    executions=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
    rate=$(sed -n 's/^stat::average_exec_per_sec: *//p' "$log")
    coverage=$(sed -n 's/.* cov: \([0-9]*\) .*/\1/p' "$log" | tail -n 1)
    result=clean
    [ $code = 0 ] || result="FOUND: $(grep -m 1 -E 'does not hold|ERROR: |SUMMARY: |runtime error' "$log") $(grep -m 1 '^Base64: ' "$log") (log: $log)" # the input, where it is a small one
}

# One fuzzer to its end, and one line about it.
fuzz() {
    local name=$1
    run "$build" "$name" "${limit[@]}"
    case $mode in
    runs) printf '| %s | %s | %s | %s | %s |\n' "$name" "${executions:--}" "${rate:--}" "${coverage:--}" "$result" ;;
    short) printf '%s - %s: %s executions, coverage %s%s\n' "$([ $code = 0 ] && echo ok || echo not ok)" "$name" "${executions:--}" "${coverage:--}" \
        "$([ $code = 0 ] || echo ", $result")" ;;
    *) printf '%-18s %12s %9s %9s  %s\n' "$name" "${executions:--}" "${rate:--}" "${coverage:--}" "$result" ;;
    esac
    return $code
}

# The same to the full number by slices: what was done stands in build/fuzz-bulk/done/NAME. Nothing is done again for what is clean in the table.
slices() {
    local name=$1 slice=1000000 file=$build/done/$1 did edges=- bulk
    mkdir -p "$build/done"
    did=$(cat "$file" 2>/dev/null || echo 0)
    ! awk -F ' *[|] *' -v name="$name" -v n="$amount" '$2 == name && $3 >= n && $8 == "clean" { found = 1 } END { exit !found }' "$table" || return 0
    code=0
    while [ "$did" -lt "$amount" ] && [ $code = 0 ]; do
        run "$build" "$name" -runs=$((amount - did < slice ? amount - did : slice)) -reload=0
        did=$((did + ${executions:-0}))
        edges=${coverage:-$edges}
        echo "$did" >"$file"
    done
    executions=0
    [ $code != 0 ] || { bulk=${rate:-} && run "$checked" "$name" -runs=$((amount / 100)) -reload=0; }
    printf '| %s | %s | %s | %s | %s | %s | %s |\n' "$name" "$did" "${bulk:--}" "${executions:-0}" "$edges" "$(git rev-parse --short HEAD)" "$result" | tee -a "$table"
    return $code
}

case $mode in
table) [ -s "$table" ] || printf '| fuzzer | executions | per s | under sanitizers | coverage | commit | result |\n| --- | --- | --- | --- | --- | --- | --- |\n' >"$table" ;;
runs) printf '| fuzzer | executions | per s | coverage | result |\n| --- | --- | --- | --- | --- |\n' ;;
seconds) printf '%-18s %12s %9s %9s  %s\n' fuzzer executions per-s coverage result ;;
esac
failed=0 running=0
for name in "${names[@]}"; do
    if [ $running -ge "$jobs" ]; then
        wait -n || failed=1
        running=$((running - 1))
    fi
    if [ $mode = table ]; then slices "$name" & else fuzz "$name" & fi
    running=$((running + 1))
done
while [ $running -gt 0 ]; do
    wait -n || failed=1
    running=$((running - 1))
done
exit $failed
