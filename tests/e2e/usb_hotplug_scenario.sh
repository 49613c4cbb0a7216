# SPDX-License-Identifier: Apache-2.0
# What usb_hotplug_test.sh has done in the emulated machine: the service runs, a printer is plugged in, pulled out in the middle of a dialogue, plugged in
# again. Nobody asks for a reading: the kernel's words are all that the service has, its next interval is at least half an hour away.
. /gadget.sh

devices() { platen devices --data /tmp/pc --json 2>/dev/null; }
outcome() { # outcome WORD: the one printer that it knows
    [ "$(devices | json outcome)" = "$1" ]
}
pages() { devices | tr -d '\n\t' | sed -n 's/.*"meter":"total","unit":"impressions","count":[^0-9]*\([0-9]*\).*/\1/p'; }
in_dialogue() { ! bound; } # the agent has put usblp aside
told() { # told WORD: a record says it
    grep -q "$1" /tmp/pc/ledger.db /tmp/pc/ledger.db-wal
}
seconds() { # seconds WHAT TENTHS COMMAND...: how long that takes
    local what=$1 began=$(cut -d. -f1 /proc/uptime)
    shift
    check "$what" wait_for "$@"
    echo "# $what: $(($(cut -d. -f1 /proc/uptime) - began)) s, in an emulated machine"
}

platen-service --data /tmp/pc --verbose >/tmp/service.log 2>&1 &
service=$!
check "the service works" wait_for 400 sh -c "platen status --data /tmp/pc >/dev/null"
check "its first round is over" wait_for 400 grep -q "printers (usb): 0 found" /tmp/service.log
check "it hears of printers that come and go" sh -c '! grep -q "at the next interval" /tmp/service.log'
same "it knows no printer" "$(devices | tr -d '\n')" "[]"

printer_begin hp-color
seconds "a printer that was plugged in is read" 400 outcome read
same "its count is the printer's" "$(pages)" "$(order truth | json pages)"
check "usblp serves it" bound

order fault stall 6000 1 >/dev/null
platen devices read --data /tmp/pc >/tmp/said 2>&1 &
asked=$!
check "a dialogue has begun" wait_for 200 in_dialogue
sleep 1
unplug
check "pulled out in the middle of it, the reading says why it is not whole" wait_for 300 told "the dialogue broke off"
seconds "then it is gone" 600 outcome gone
wait "$asked"
order clear >/dev/null
check "the service goes on" kill -0 "$service"
check "usblp serves it when it is back" plug
seconds "plugged in again it is read" 600 outcome read
check "the chain is whole" sh -c "platen verify --data /tmp/pc >/dev/null"
same "nothing was changed" "$(order truth | json forbidden)" 0
kill "$service"
wait "$service"
same "the service ends well" $? 0
printer_end
[ "$failed" = 0 ] || sed 's/^/# /' /tmp/service.log
exit $failed
