# SPDX-License-Identifier: Apache-2.0
# What the scripts in tools/ share. Sourced after `top` is set: progress lines, logs, failures that say which step, why and where the log is.

cache=${PLATEN_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/platen}
logs=$top/build/log
began=$SECONDS

say() { printf '%s\n' "$*" >&2; }
die() { printf 'error: %s\n' "$*" >&2; exit 1; }

# Runs this script again inside the box, or inside the root NAME.
into_box() { into_root "" "$@"; }
into_root() { # into_root NAME ARG...
    local name=$1
    shift
    [ "${PLATEN_BOX:-}" = 1 ] && [ "${PLATEN_ROOT:-}" = "$name" ] || exec "$top/tools/box" ${name:+--root "$name"} "$0" "$@"
}

# step NAME WHAT CMD...: runs CMD with its output in the step's log; says how long it took, or which step failed, why, and where its log is.
step() {
    local name=$1 what=$2 t0=$SECONDS
    shift 2
    mkdir -p "$logs"
    if "$@" >"$logs/$name.log" 2>&1; then
        [ $((SECONDS - t0)) -lt 1 ] || say "  $what: $((SECONDS - t0)) s"
        return 0
    fi
    say "FAILED: $what, after $((SECONDS - t0)) s. The end of its log:"
    tail -n 25 "$logs/$name.log" | sed 's/^/    /' >&2
    say "The whole log: $logs/$name.log"
    return 1
}

jobs_wanted() { echo "${PLATEN_JOBS:-$(nproc)}"; }
