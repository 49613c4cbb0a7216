#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# tests/wine/tray_test.sh [BINDIR [PICTURES]]: the tray program on a virtual screen under Wine, with tray_service.exe playing the service: every state in every language, keyboard,
# menu, clipboard, a silent service, memory. Runs inside the box: tools/box bash tests/wine/tray_test.sh build/windows/bin. PICTURES is a folder that keeps the screenshots.
# Prints ok, not ok and SKIP lines; exit code 1 when something is not ok.
set -u

top=$(cd "$(dirname "$0")/../.." && pwd -P)
bin=$(cd "${1:-$top/build/windows/bin}" && pwd -P)
work=$(mktemp -d /tmp/platen-tray.XXXXXX)
pictures=${2:-$work}
mkdir -p "$pictures"
. "$top/tests/wine/tray_lib.sh"
trap tray_finish EXIT

colours() { magick "$pictures/$1.png" -crop 420x440+576+256 -format %k info:; }

job=(agent=7f3a version=0.1.0 records=512 lastsync=now ended=now hub=https://hub.example.com:8443 "document=Quarterly report – final (äöü).docx" "queue=Office, 3rd floor" outcome=printed pages=14)
state() { # state NAME LANGUAGE HEADLINE TEXT COLOUR FIELD...
    local name=$1 language=$2 headline=$3 text=$4 colour=$5
    shift 5
    session "$language" "$@"
    check "$name: says \"$headline\"" wait_for 60 shows "$headline"
    check "$name: explains it" grep -qF -- "$text" "$work/texts"
    sleep 1
    picture "$name"
    check "$name: the dot has its colour" has_colour "$name" "$colour"
    check "$name: the picture is not empty" [ "$(colours "$name")" -gt 15 ]
}

good=1D8A52 waiting=E39A12 problem=C4262E
test_states() {
    state en-connected en "Connected" "recorded and sent to the hub" $good state=1 queued=0 "${job[@]}"
    check "en-connected: the last job, with its pages" grep -qx 14 "$work/texts"
    check "en-connected: names outside ASCII" grep -qF "Quarterly report – final (äöü).docx" "$work/texts"
    check "en-connected: no other language" absent grep -qE "Drucker|Imprimante" "$work/texts"
    state fr-connected fr "Connecté" "envoyés au hub" $good state=1 queued=0 "${job[@]}"
    check "fr-connected: labels" grep -qx Imprimante "$work/texts"
    check "fr-connected: the date is French" grep -qE "^aujourd’hui, [0-9]{2}:[0-9]{2}$" "$work/texts"
    state de-connected de "Verbunden" "an den Hub gesendet" $good state=1 queued=0 "${job[@]}"
    check "de-connected: labels" grep -qx Drucker "$work/texts"
    state en-sending en "Connected, sending" "on their way" $waiting state=1 queued=37 "${job[@]}"
    state en-unreachable en "Hub not reached" "Printing goes on" $waiting state=2 queued=37 "${job[@]}"
    state fr-unreachable fr "Hub injoignable" "dès que le hub répond" $waiting state=2 queued=12 lastsync=1700000000000 hub=https://hub.example.com ended=now outcome=cancelled document=Rapport.pdf queue=Accueil
    check "fr-unreachable: pages that nobody knows are unknown, not 0" grep -qx inconnu "$work/texts"
    state de-unreachable de "Hub nicht erreichbar" "sobald der Hub antwortet" $waiting state=2 queued=37 lastsync=0 hub=https://hub.example.com ended=now outcome=aborted \
        "document=Ein sehr langer Dokumentname, der nicht in die Zeile passt und deshalb abgekürzt wird.docx" "queue=Empfang"
    check "de-unreachable: never" grep -qx nie "$work/texts"
    state en-refused en "Refused by the hub" "tell your administrator" $problem state=3 queued=3 hub=https://hub.example.com "message=The certificate was revoked."
    check "en-refused: nothing printed yet" grep -q "not printed from this computer" "$work/texts"
    state fr-refused fr "Refusé par le hub" "Prévenez votre administrateur" $problem state=3 queued=3 hub=https://hub.example.com lastsync=0
    state de-not-enrolled de "Nicht registriert" "Ein Administrator registriert ihn" $problem state=0 queued=2
    state en-not-enrolled en "Not enrolled" "on this computer only" $problem state=0 queued=2
    state fr-away fr "Service arrêté" "ne répond pas" $problem away
    state de-away de "Dienst läuft nicht" "antwortet nicht" $problem away
    dark on
    state de-dark de "Verbunden" "an den Hub gesendet" 4CC585 state=1 queued=0 "${job[@]}"
    check "de-dark: the window is dark" has_colour de-dark 171D20
    dark off
}

icon_there() { # in the corner where Wine's desktop has its notification area
    import -window root -crop 165x50+0+0 "$work/corner.png"
    magick "$work/corner.png" -format %c histogram:info: | grep -qi '#0C6470'
}
balloon() { # below the notification area; Wine waits two seconds with it
    import -window root -crop 276x70+0+52 "$work/balloon.png"
    [ "$(magick "$work/balloon.png" -format %k info:)" -gt 5 ]
}
dropped() { ! probe texts | grep -q .; }
opened() { probe texts | grep -q .; }
test_handling() {
    session en state=1 queued=0 "${job[@]}"
    wait_for 60 shows "Connected"
    check "there is an icon" icon_there
    wine "$bin/tray_probe.exe" unicon
    check "the icon can be lost" wait_for 5 absent icon_there
    wine "$bin/tray_probe.exe" taskbar
    check "and is there again when Explorer has started anew" wait_for 5 icon_there
    session en state=3 queued=3 hub=https://hub.example.com agent=7f3a version=0.1.0 "message=The certificate was revoked."
    wait_for 60 shows "Refused by the hub"
    probe copy >"$work/copied"
    check "Copy details: state, hub, reason, agent" [ "$(grep -cE '^(Platen: Refused by the hub|Hub: https://hub.example.com|Message: The certificate was revoked.|Agent: 7f3a)$' "$work/copied")" = 4 ]
    sleep 0.5
    picture copied
    check "and the link says so" shows Copied
    wine "$bin/tray_probe.exe" key tab 2>/dev/null
    wine "$bin/tray_probe.exe" key enter 2>/dev/null
    check "Tab leads from the link to Close, Enter closes" wait_for 5 dropped
    wine "$bin/tray_probe.exe" show
    check "the icon's click opens the window again" wait_for 5 opened
    wine "$bin/tray_probe.exe" key escape 2>/dev/null
    check "Escape closes it" wait_for 5 dropped
    wine explorer /desktop=platen,1000x700 "$bin/platen-tray.exe" --show >/dev/null 2>&1 &
    check "a second start shows the first one's window" wait_for 15 opened
    sleep 1
    check "and leaves one tray" grep -qx "trays 1" <<<"$(probe memory)"
    wine "$bin/tray_probe.exe" key escape 2>/dev/null
    scene "printers|state=0|printers=2|busy=1"
    wine "$bin/tray_probe.exe" menu
    sleep 1
    picture menu
    xdotool mousemove 648 332 click 1
    check "Read printers now, from the menu, asks the service" wait_for 5 requested read
    check "and a notice says what came of it" wait_for 15 balloon
    picture read
    scene soon
    wine "$bin/tray_probe.exe" menu
    sleep 1
    xdotool mousemove 648 332 click 1
    check "and again, though it is too soon" wait_for 5 eval '[ "$(tr -d "\r" <"$work/service.log" | grep -cx read)" = 2 ]'
    wine "$bin/tray_probe.exe" menu
    sleep 1
    xdotool mousemove 648 364 click 1
    check "About, from the menu" wait_for 5 shows "Version $(tr -d '[:space:]' <"$top/VERSION")"
    same "hub and agent stand there to be read" "$(grep -cxE 'https://hub.example.com|7f3a' "$work/texts")" 2
    sleep 0.5
    picture about
    wine "$bin/tray_probe.exe" key escape 2>/dev/null
    wait_for 5 dropped
    wine "$bin/tray_probe.exe" menu
    sleep 1
    xdotool mousemove 628 389 click 1
    check "Quit, from the menu" wait_for 8 eval 'probe memory | grep -qx "trays 0"'
}

test_silent_service() {
    local start
    session en --silent
    check "a service that says nothing: the window opens all the same" wait_for 20 opened
    start=$(date +%s%N)
    texts
    check "and the window answers within a second while the question waits" [ $((($(date +%s%N) - start) / 1000000)) -lt 1500 ]
    check "it is called away in the end" wait_for 40 shows "Service not running"
    wine taskkill /f /im tray_service.exe >/dev/null 2>&1
    serve state=1 queued=0 "${job[@]}"
    check "and connected as soon as it speaks" wait_for 60 shows "Connected"
}

anonymous_of() { # KiB that no other process shares
    local p
    for p in $(pgrep -f "$1"); do
        [ "$(tr -d '\0' <"/proc/$p/comm" 2>/dev/null | cut -c1-8)" = "${2:0:8}" ] || continue
        awk '/^Private_(Dirty|Clean)/ { n += $2 } END { print n }' "/proc/$p/smaps"
    done | sort -n | tail -n 1
}
test_memory() {
    local tray empty
    session en state=1 queued=0 "${job[@]}"
    wait_for 60 shows "Connected"
    wine "$bin/msi_probe.exe" idle >/dev/null 2>&1 &
    sleep 12
    tray=$(anonymous_of 'platen-tray.exe' platen-tray)
    empty=$(anonymous_of 'msi_probe.exe idle' msi_probe)
    echo "# private memory of the tray with its window open: $tray KiB, of a program with one empty window: $empty KiB (Wine's own libraries are in both)"
    check "the tray adds less than 8 MB to an empty window" [ $((${tray:-99999} - ${empty:-0})) -lt 8000 ]
    skip "private bytes as Windows counts them are below 8 MB" "Wine counts no private bytes"
}

tray_begin
test_states
test_handling
test_silent_service
test_memory
echo "# $passed ok, $failed not ok, $skipped skipped ($(wine --version 2>/dev/null))"
[ $failed = 0 ]
