# SPDX-License-Identifier: Apache-2.0
# What usb_gadget_test.py has done in the emulated machine. Lines with @ are told to it as they stand: what was read, and what was true then.
. /gadget.sh

tell() { # tell KIND STEP: the JSON on stdin
    echo "@$1 $2 $(tr -d '\n\t')"
}
reading() { # reading STEP [COMMAND]: what the agent says, and behind it what was true
    platen-usbagent "${2:-read}" --json 2>/tmp/trouble | tell read "$1"
    sed 's/^/# /' /tmp/trouble
    order truth | tell truth "$1"
}
by_file() { # by_file STEP: what usblp's device file tells without a word to the printer
    platen-usbagent list --port /dev/usb/lp0 --json | tell read "$1"
    order truth | tell truth "$1"
}
send() { # send FILE...
    platen-lab send /dev/usb/lp0 "$@"
}
kept_is() { # kept_is NUMBER FILE
    cmp -s "/tmp/kept/job-$(printf %05d "$1").prn" "$2"
}
settle() { # the printer has taken all that was sent
    wait_for 50 sh -c "[ \"\$(platen-lab order /tmp/control truth | grep -c '\"state\":\"busy\"')\" = 0 ]"
}

# -- a printer is found, read, printed on
printer_begin hp-color
check "usblp serves a printer that was plugged in" bound
reading listed list
by_file ready_file
reading ready
check "usblp serves it again after the reading" bound
send /data/first.prn >/dev/null
settle
check "a job through usblp arrives byte by byte" kept_is 1 /data/first.prn
reading printed

# -- a job is not disturbed
order state jam >/dev/null
send /data/long.prn >/tmp/sent &
sender=$!
sleep 0.5
reading jammed
order state ready >/dev/null
wait "$sender"
same "the sender of a job that was long in coming ends well" $? 0
settle
check "its bytes arrived" kept_is 2 /data/long.prn
reading after_jam

# -- the port's status, which needs no word to the printer
order state empty >/dev/null
sleep 0.2
by_file empty_file
order state ready >/dev/null

# -- readings between jobs
platen-lab send --pause 60 /dev/usb/lp0 /data/load-*.prn >/tmp/sent &
sender=$!
n=0
while kill -0 "$sender" 2>/dev/null || [ $n -lt 10 ]; do
    n=$((n + 1))
    platen-usbagent read --json 2>/dev/null | tell load $n
done
wait "$sender"
same "all jobs of the load were sent" $? 0
settle
number=2 changed=
for file in /data/load-*.prn; do
    number=$((number + 1))
    kept_is $number "$file" || changed="$changed $file"
done
same "no byte of $((number - 2)) jobs was changed by $n readings" "$changed" ""
reading after_load

# -- pulled out at every step of a dialogue
for step in 0 1 2 3; do
    order fault stall 4000 $step >/dev/null
    (sleep 1.2; unplug) &
    platen-usbagent read --json 2>/dev/null | tell pulled $step
    wait $!
    check "nothing is left of it when it was pulled out at reply $step" gone
    check "usblp serves it when it is back" plug
    order clear >/dev/null
done
wait_for 20 test -e /dev/g_printer0
sleep 0.3
reading back

# -- pulled out in the middle of a job
order state jam >/dev/null
send /data/long.prn >/tmp/sent &
sender=$!
sleep 0.5
unplug
wait "$sender"
same "the sender hears that the printer was pulled out" $? 1
order state ready >/dev/null
plug
sleep 0.3
send /data/first.prn >/dev/null
settle
reading after_pull

# -- a reading that was killed
order fault stall 3000 >/dev/null
platen-usbagent read --json >/dev/null 2>&1 &
agent=$!
sleep 0.7
kill -9 $agent
wait $agent 2>/dev/null
order clear >/dev/null
sleep 3
reading after_kill
check "usblp serves it again after the next reading" bound

# -- the port is switched off while it is read
order fault stall 4000 >/dev/null
(sleep 1; echo 0 >/sys/bus/usb/devices/1-1/authorized) &
platen-usbagent read --json 2>/dev/null | tell pulled port
wait $!
echo 1 >/sys/bus/usb/devices/1-1/authorized
check "usblp serves it when the port is on again" wait_for 50 bound
order clear >/dev/null
sleep 3
reading port_on
cat /tmp/printer.log | grep '"job"' | while read -r line; do echo "$line" | tell job .; done
printer_end

# -- a printer that would print what it is asked
printer_begin host-based
reading host_based
printer_end

# -- state in the device ID alone, changed while it is plugged in
printer_begin hp-laser-10x --id-file /tmp/id
order state busy >/dev/null
sleep 0.2
printf '%s  ' "$(cat /tmp/id)" >$gadgets/lab/functions/printer.0/pnp_string
reading id_busy
printer_end

same "the kernel had nothing to complain of" "$(dmesg | grep -E 'BUG:|WARNING:|Oops|Call Trace|hung task')" ""
exit $failed
