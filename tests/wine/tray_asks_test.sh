#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# tests/wine/tray_asks_test.sh [BINDIR [PICTURES]]: what policy asks people, on a virtual screen under Wine. tray_service.exe is a double of the service that plays scenes: it decides
# nothing. Runs inside the box: tools/box bash tests/wine/tray_asks_test.sh build/windows/bin. PICTURES is a folder that keeps the screenshots.
# Prints ok, not ok and SKIP lines; exit code 1 when something is not ok.
set -u

top=$(cd "$(dirname "$0")/../.." && pwd -P)
bin=$(cd "${1:-$top/build/windows/bin}" && pwd -P)
work=$(mktemp -d /tmp/platen-asks.XXXXXX)
pictures=${2:-$work}
mkdir -p "$pictures"
. "$top/tests/wine/tray_lib.sh"
trap tray_finish EXIT
tray_option=

print=200 second=201 third=202 search=300 list=301 pin=302 remember=303 release=201 delete=202

question() { probe question state | grep -qx "$1"; } # question STATE
says() { probe question texts >"$work/question"; grep -qF -- "$1" "$work/question"; }
quiet() { absent wait_for "$1" "${@:2}"; } # quiet SECONDS COMMAND...: it does not happen
jobs_say() { probe jobs texts >"$work/jobs"; grep -qF -- "$1" "$work/jobs"; }
watched() { [ "$(tr -d '\r' <"$work/service.log" | grep -cx watch)" -ge "$1" ]; }
past_guard() { sleep 1.2; }
probe_ok() { wine "$bin/tray_probe.exe" "$@" >/dev/null 2>&1; }

start() { # start LANGUAGE FIELD...
    session "$1" state=1 queued=0 hub=https://hub.example.com "${@:2}"
    wait_for 60 watched 1
    sleep 0.3
}

left() { # seconds, as the window says them
    probe question texts | sed -nE 's/^Without an answer .* in ([0-9]+):0?([0-9]+)\.$/\1 \2/p' | awk '{ print $1 * 60 + $2 }'
}
runs() { local now; now=$(left); [ -n "$now" ] && [ "$now" -lt "$first" ]; }
focus_is() { [ "$(probe question focus)" = "$1" ]; }

long='ask|uid=1|asks=1|seconds=120|silence=1|pages=120|copies=2|sheets=120|color=14|duplex=1|cost=14.40 €|document=Quarterly report – final (äöü).docx|queue=Office, 3rd floor|message=This is a long document.|rule=long-documents'

test_warning() {
    start en
    check "no window before there is a question" question none
    scene "$long"
    check "a question comes up, without the keyboard" wait_for 20 question open
    check "with document, printer, pages, paper, colour, cost" says "Quarterly report – final (äöü).docx"
    same "all its facts" "$(grep -cxE 'Office, 3rd floor|120 pages, 2 copies|120 sheets, both sides|14 pages in colour|14.40 €|This is a long document.|Rule: long-documents' "$work/question")" 7
    check "with what happens without an answer" grep -qE '^Without an answer it is cancelled in [0-9]+:[0-9]{2}\.$' "$work/question"
    first=$(left)
    check "and when: within the two minutes that the service gave" [ "${first:-0}" -gt 0 -a "${first:-999}" -le 120 ]
    check "the time runs" wait_for 15 runs
    picture warn
    probe question press $print
    check "the click on Print answers" wait_for 15 requested "answer uid=1 answer=1 account= pin="
    check "and the window goes" wait_for 15 question hidden
    scene 'ask|uid=2|asks=1|document=Second'
    wait_for 20 question open
    past_guard
    probe question press $second
    check "Do not print answers no" wait_for 15 requested "answer uid=2 answer=0 account= pin="
}

test_keyboard() {
    start en
    scene 'ask|uid=1|asks=1|document=Keyboard'
    wait_for 20 question open
    xdotool key Return
    check "Enter, typed elsewhere, answers nothing" quiet 1 requested "answer uid=1 answer=1 account= pin="
    xdotool key ctrl+alt+shift+p
    check "the hot key gives it the keyboard" wait_for 20 question "open active"
    past_guard
    probe question key escape
    check "Escape puts it aside" wait_for 20 question hidden
    check "and answers nothing" quiet 1 grep -q '^answer' "$work/service.log"
    check "the icon brings it back, with the keyboard; Enter comes at once" probe_ok question rush enter
    check "and answers nothing: it was meant for something else" quiet 1 grep -q '^answer' "$work/service.log"
    check "the window is there" question "open active"
    past_guard
    check "the keyboard is at the main button" wait_for 10 focus_is $print
    probe question key tab
    check "Tab leads to the next one" wait_for 10 focus_is $second
    probe question key tab
    probe question key enter
    check "Enter presses the button that has the keyboard" wait_for 15 requested "answer uid=1 answer=1 account= pin="
}

test_over_and_timeout() {
    start en
    scene 'ask|uid=1|asks=1|seconds=9|silence=0|document=Timeout'
    wait_for 20 question open
    check "what the default will do" says "Without an answer it is printed in 0:0"
    check "the time is over" wait_for 25 says "The time for an answer is over."
    scene 'over|uid=1|message=timed out'
    check "OVER takes the window away" wait_for 15 question hidden
    scene 'over|uid=77'
    scene 'ask|uid=3|asks=1|document=Three' 'ask|uid=4|asks=1|document=Four'
    check "two at once: one window, the first" wait_for 15 says "Three"
    check "and says how many" wait_for 15 says "1 of 2"
    picture two
    scene 'over|uid=3'
    check "the first is over: the second follows" wait_for 15 says "Four"
    check "as the second of two" says "2 of 2"
    past_guard
    scene 'error|code=3|message=late'
    probe question press $print
    check "too late: the window goes, a notice says it" wait_for 15 question hidden
    scene 'ask|uid=5|asks=1|document=Five' 'error|code=5|message=try again'
    wait_for 15 says "Five"
    past_guard
    probe question press $print
    check "try again: the question stays and says so" wait_for 15 says "Please try again in a moment."
    probe question press $print
    check "and the next press counts" wait_for 15 question hidden
}

test_offers() {
    start en
    scene 'ask|uid=1|asks=4|document=Duplex'
    wait_for 20 says "Print on both sides?"
    past_guard
    probe question press $print
    check "both sides" wait_for 15 requested "answer uid=1 answer=1 account= pin= duplex=1"
    scene 'ask|uid=2|asks=8|document=Grey'
    wait_for 15 says "Print without colour?"
    past_guard
    probe question press $second
    check "in colour, as it is" wait_for 15 requested "answer uid=2 answer=1 account= pin= grey=0"
    scene 'ask|uid=3|asks=12|document=Both'
    wait_for 15 says "How should it be printed?"
    past_guard
    picture both
    probe question press $third
    check "grey, but not both sides" wait_for 15 requested "answer uid=3 answer=1 account= pin= duplex=0 grey=1"
}

accounts=('account|account=1001|name=Miller and Sons|kind=1|flags=2' 'account|account=1002|name=Northern Railways|kind=1|pin=1|flags=1'
    'account|account=2040|name=Harbour extension|kind=4|flags=1' 'account|account=3000|name=Zebra crossing|kind=2' 'pin|1234')

test_account() {
    start en
    scene "${accounts[@]}" 'ask|uid=1|asks=2|seconds=300|document=Contract.pdf|wanted=7|required=1|pin=1'
    check "recent and favourite accounts are there" wait_for 20 says "Miller and Sons, 1001, client, favourite"
    check "others are not, before they are searched" absent says "Zebra"
    probe icon
    wait_for 15 question "open active"
    check "the keyboard is in the search" wait_for 10 focus_is $search
    past_guard
    probe question press $print
    check "a required account must be chosen" wait_for 15 says "Please choose an account first."
    check "and the keyboard goes there" wait_for 10 focus_is $search
    past_guard
    xdotool type --delay 40 zebra
    check "typing searches" wait_for 15 says "Zebra crossing, 3000, matter"
    check "once, when the typing pauses" requested "accounts search=zebra wanted=7"
    same "and not at every letter" "$(grep -c '^accounts search=zeb\?r\? ' "$work/service.log")" 0
    probe question type $search north
    check "search for another" wait_for 15 says "Northern Railways, 1002"
    probe question key down
    sleep 0.3
    probe question key enter
    sleep 0.3
    check "Down and Enter choose it; the PIN is next" wait_for 10 focus_is $pin
    xdotool type --delay 40 9999
    picture account
    probe question key enter
    check "a wrong PIN goes to the service" wait_for 15 requested "answer uid=1 answer=1 account=1002 pin=9999"
    check "and is said in words" wait_for 15 says "The account or its PIN is not right."
    check "the PIN is typed again" wait_for 10 focus_is $pin
    xdotool type --delay 40 1234
    sleep 0.3
    probe question key enter
    check "the right PIN is taken" wait_for 15 requested "answer uid=1 answer=1 account=1002 pin=1234"
    check "and the window goes" wait_for 15 question hidden
    scene 'ask|uid=2|asks=2|document=Free.pdf|wanted=1'
    wait_for 15 says "Account (optional)"
    check "nothing is left of the account before" absent says "1234"
    past_guard
    probe question press $print
    check "an optional account may be left out" wait_for 15 requested "answer uid=2 answer=1 account= pin="
    scene 'ask|uid=3|asks=2|document=Kept.pdf|wanted=1'
    wait_for 15 says "Kept.pdf"
    wait_for 15 says "Miller and Sons"
    past_guard
    probe question pick $list 0
    check "how long it is remembered is offered" wait_for 15 says "Remember: for this job only"
    probe question press $remember &
    sleep 1
    xdotool key Down Down Return
    check "15 minutes" wait_for 15 says "Remember: for 15 minutes"
    probe question press $print
    check "and said to the service" wait_for 15 requested "answer uid=3 answer=1 account=1001 pin= minutes=15"
}

stop_service() {
    wine taskkill /f /im tray_service.exe >/dev/null 2>&1
    exec 8>&-
}

test_restart() {
    start en
    scene 'ask|uid=1|asks=1|seconds=600|document=Survives' 'ask|uid=2|asks=1|seconds=600|document=Does not'
    wait_for 20 says "1 of 2"
    past_guard
    stop_service
    check "the service is gone: the question says so and stays" wait_for 20 says "The Platen service does not answer at the moment."
    probe question press $print
    check "an answer does not get lost: it is said" wait_for 15 says "Your answer did not arrive"
    serve state=1 queued=0
    scene 'ask|uid=1|asks=1|seconds=500|document=Survives'
    check "the service is back: it goes on" wait_for 20 says "Without an answer it is printed in 8:"
    check "what it does not know any more is no question any more" wait_for 20 absent says " of 2"
    probe question press $print
    check "and the answer arrives" wait_for 15 requested "answer uid=1 answer=1 account= pin="
    check "the window goes" wait_for 15 question hidden
}

test_forged() {
    start en
    scene 'raw|030000002301504c010010' 'raw|140000002301504c0100100000000000000000000000000000000000' 'raw|00000000ee01504c' 'raw|000000002d01504c'
    check "one that lacks all but its name can be shown" wait_for 20 says "(no name)"
    scene 'over|uid=0'
    scene 'ask|uid=9|asks=255|seconds=18446744073709551615|pages=18446744073709551615|duplex=7|document=%ls%n%s|message=%ls|cost=%s'
    check "a question without sense is shown as far as it has one" wait_for 20 says "%ls%n%s"
    scene 'raw|ffffffff2301504c'
    check "a frame that is none ends the connection; another follows" wait_for 20 watched 2
    check "and the tray lives" wait_for 15 eval 'probe memory | grep -qx "trays 1"'
}

test_full_screen() {
    start en
    wine "$bin/tray_probe.exe" full 12 >/dev/null 2>&1 &
    check "something covers the screen" wait_for 20 eval 'probe front | grep -qx Static'
    scene 'ask|uid=1|asks=1|seconds=60|document=Behind the presentation'
    check "then no window comes up: the task bar's button flashes" wait_for 15 question iconic
    same "and the keyboard stays where it is" "$(probe front)" Static
    picture full
    check "when the screen is free, it comes" wait_for 15 question open
}

test_jobs() {
    start en
    scene 'job|uid=11|state=1|document=Payslip.pdf|queue=Office, 3rd floor|begun=now|pages=2|cost=0.20 €|until=now+86400|message=Confidential documents wait until you are at the printer.|rule=confidential' \
        'job|uid=12|state=1|document=Old.pdf' 'job|uid=13|state=3|document=Holiday.jpg|message=No photos on this printer.' \
        'job|uid=14|state=2|document=Big.pdf|pages=1200|copies=1' 'balance|name=This month|used=420|limit=500|unit=pages|until=now+864000' \
        'balance|name=Colour|used=12500000|limit=20000000|unit=cost'
    probe jobs-window
    check "the list: held" wait_for 20 jobs_say "Payslip.pdf, Held, Office, 3rd floor, 2 pages, 0.20 €, today"
    check "denied" grep -qF "Holiday.jpg, Denied" "$work/jobs"
    check "numbers by locale, one copy is not mentioned" grep -qx "Big.pdf, Printed, 1,200 pages" "$work/jobs"
    check "why, of the chosen one" grep -qF "Confidential documents wait" "$work/jobs"
    check "the balance in units" grep -qE '^420 of 500 pages, until ' "$work/jobs"
    check "the balance in money" grep -qE '^12.50 of 20.00$' "$work/jobs"
    picture jobs
    probe jobs press $release
    check "Print now" wait_for 15 requested "act uid=11 act=1"
    check "and the list follows" wait_for 15 jobs_say "Payslip.pdf, Printed"
    probe jobs press $delete
    check "what is printed cannot be deleted" quiet 1 requested "act uid=11 act=0"
    probe jobs pick 200 1
    probe jobs press $delete
    check "Delete asks once more" wait_for 15 jobs_say "Really delete?"
    check "and does nothing yet" absent requested "act uid=12 act=0"
    probe jobs press $delete
    check "the second press deletes" wait_for 15 requested "act uid=12 act=0"
    check "and the list follows" wait_for 15 jobs_say "Old.pdf, Cancelled"
    scene 'job|uid=15|state=3|document=New.pdf' 'notice|kind=1|document=New.pdf|message=Not today.'
    check "a notice refreshes it" wait_for 15 jobs_say "New.pdf, Denied"
    probe jobs pick 200 2
    check "why another was denied" wait_for 15 jobs_say "No photos on this printer."
    probe jobs key escape
    check "Escape closes it" wait_for 15 eval 'probe jobs state | grep -qx none'
    stop_service
    probe jobs-window
    check "without a service it says so" wait_for 20 jobs_say "the Platen service does not answer"
}

balloon() { # below the notification area; Wine waits two seconds with it
    import -window root -crop 276x70+0+52 "$work/balloon.png"
    [ "$(magick "$work/balloon.png" -format %k info:)" -gt 5 ]
}
test_notice() {
    start en
    check "no notice before there is one" absent balloon
    scene 'notice|kind=1|document=Holiday.jpg|message=No photos on this printer.'
    check "a notice comes from the icon" wait_for 15 balloon
    picture notice
}

test_languages() {
    start de
    scene "$long"
    check "German" wait_for 20 says "Dieses Dokument drucken?"
    same "its words and numbers" "$(grep -cxE '120 Seiten, 2 Exemplare|120 Blatt, beidseitig|14 Seiten in Farbe|Regel: long-documents|Drucken|Nicht drucken' "$work/question")" 6
    start fr
    scene "$long" 'job|uid=1|state=2|document=Grand.pdf|pages=1200' 'job|uid=2|state=2|document=Vide.pdf|pages=0'
    check "French" wait_for 20 eval 'says "Imprimer ce document"'
    same "its words" "$(grep -cxE '120 pages, 2 exemplaires|120 feuilles, recto verso|14 pages en couleur|Règle.: long-documents|Imprimer|Ne pas imprimer' "$work/question")" 6
    probe jobs-window
    check "a thousand in French" wait_for 20 jobs_say "Grand.pdf, Imprimé, 1"
    check "and none is singular" grep -qx "Vide.pdf, Imprimé, 0 page" "$work/jobs"
}

tray_begin
for test in ${TESTS:-warning keyboard over_and_timeout offers account restart forged full_screen jobs notice languages}; do "test_$test"; done
echo "# $passed ok, $failed not ok, $skipped skipped ($(wine --version 2>/dev/null); the service is a double)"
[ $failed = 0 ]
