# SPDX-License-Identifier: Apache-2.0
# Sourced by the Wine tests: TAP lines and their counts.
failed=0 passed=0 skipped=0

check() { # check WHAT COMMAND...: ok when the command succeeds
    local what=$1
    shift
    if "$@" >/dev/null 2>&1; then
        passed=$((passed + 1))
        echo "ok - $what"
    else
        failed=$((failed + 1))
        echo "not ok - $what"
    fi
}
same() { # same WHAT HAS WANTED
    check "$1" [ "$2" = "$3" ]
    [ "$2" = "$3" ] || printf '#   has:    %s\n#   wanted: %s\n' "$2" "$3"
}
skip() { # skip WHAT WHY
    skipped=$((skipped + 1))
    echo "ok - $1 # SKIP $2"
}
absent() { ! "$@"; }
wait_for() { # wait_for SECONDS COMMAND...
    local until=$((SECONDS + $1))
    shift
    while [ $SECONDS -le $until ]; do
        "$@" && return 0
        sleep 0.2
    done
    return 1
}
