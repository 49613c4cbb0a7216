#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# The tray under Wine on an X server of its own: each state's words in its window, keys, memory. The service is played by tray_service
# (every state can be had from it); the demo shows the tray with the real one.
set -euo pipefail
top=$(cd "$(dirname "$0")/../.." && pwd -P)
bin=${PLATEN_BIN_WINDOWS:-$top/build/windows/bin}
dir=$(mktemp -d /tmp/platen-tray.XXXXXX)
export WINEPREFIX=$dir/prefix WINEDEBUG=-all WINEDLLOVERRIDES="mscoree,mshtml=" XDG_RUNTIME_DIR=$dir
service=
finish() {
    wineserver -k 2>/dev/null || true
    [ -z "${xvfb:-}" ] || kill "$xvfb" 2>/dev/null || true
    wait 2>/dev/null || true
    rm -rf "$dir"
}
trap finish EXIT

bad=0
check() { # check WHAT COMMAND...
    local what=$1
    shift
    if "$@" >"$dir/check" 2>&1; then echo "ok - $what"; else
        echo "not ok - $what"
        sed 's/^/# /;10q' "$dir/check"
        bad=1
    fi
}

Xvfb -displayfd 3 -screen 0 1024x768x24 3>"$dir/display" >/dev/null 2>&1 &
xvfb=$!
for _ in $(seq 100); do [ ! -s "$dir/display" ] || break; sleep 0.1; done
DISPLAY=:$(cat "$dir/display")
export DISPLAY
"$top/tools/wine-prefix" "$WINEPREFIX"
wineserver -p
wineboot

probe() { wine "$bin/tray_probe.exe" "$@" 2>/dev/null | tr -d '\r'; }
texts_have() { # texts_have TEXT...: within the tray's polling time
    local text n
    for text; do
        for n in $(seq 40); do
            probe texts >"$dir/texts" || true
            if grep -qF -- "$text" "$dir/texts"; then continue 2; fi
            sleep 0.3
        done
        echo "no '$text' among:"
        cat "$dir/texts"
        return 1
    done
}
play() { # play FIELD=VALUE...: the service in another state
    if [ -n "$service" ]; then
        kill "$service" 2>/dev/null || true
        wait "$service" 2>/dev/null || true
    fi
    wine "$bin/tray_service.exe" "$@" >"$dir/service" 2>/dev/null &
    service=$!
    for _ in $(seq 100); do ! grep -q ready "$dir/service" || return 0; sleep 0.1; done
}
no_window() { ! probe texts >/dev/null; }

play state=1 hub=https://hub.example:8443 lastsync=now "document=Café menu" "queue=Office 3" outcome=printed pages=12 ended=now
wine "$bin/platen-tray.exe" --show >/dev/null 2>&1 &
check "connected: state, hub, last job" texts_have "Connected" "https://hub.example:8443" "Café menu" "Office 3" "12"
play state=1 hub=https://hub.example:8443 lastsync=now "document=Plan" queue=Office outcome=printed ended=now
check "pages that are not known are not shown as 0" texts_have "Plan" "nknown"
play state=2 queued=7 hub=https://hub.example:8443 "message=The hub cannot be reached."
check "the hub away: how many records wait" texts_have "7"
play state=0 "message=Not enrolled: install with HUBURL and ENROLLKEY."
check "not enrolled is said" texts_have "nrolled"
probe key escape >/dev/null || true
sleep 1
check "Escape closes the window" no_window
probe show >/dev/null || true
check "a second start opens it again" texts_have "nrolled"
memory=$(probe memory | grep -oE '[0-9]+' | head -n 1)
if [ "${memory:-0}" -gt 0 ]; then echo "# private bytes as Wine counts them: $memory"; fi
exit $bad
