# SPDX-License-Identifier: Apache-2.0
# Sourced by scenarios in the emulated machine: TAP lines, printers that are made, plugged in, pulled out and unmade, orders to them.
gadgets=/sys/kernel/config/usb_gadget
failed=0

check() { # check WHAT COMMAND...: ok when the command succeeds
    local what=$1
    shift
    if "$@"; then
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
wait_for() { # wait_for TENTHS COMMAND...
    local n=$1
    shift
    while ! "$@" 2>/dev/null; do
        n=$((n - 1))
        [ "$n" -gt 0 ] || return 1
        sleep 0.1
    done
}

# One value of a flat JSON object on stdin.
json() { # json NAME
    tr -d '\n\t' | sed -n -e "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p" -e "s/.*\"$1\":\(-\{0,1\}[0-9][0-9]*\).*/\1/p" | head -n 1
}

# A printer with this personality, plugged in, and the virtual printer behind it.
printer_begin() { # printer_begin PERSONALITY [OPTION...]
    local model=/data/$1.printer g=$gadgets/lab
    shift
    truth=$(platen-lab printer --personality "$model" --truth) || return 1
    usb=$(echo "$truth" | json usb)
    mkdir -p $g/strings/0x409 $g/configs/c.1 $g/functions/printer.0
    echo "0x${usb%:*}" >$g/idVendor
    echo "0x${usb#*:}" >$g/idProduct
    echo "$truth" | json maker >$g/strings/0x409/manufacturer
    echo "$truth" | json product >$g/strings/0x409/product
    echo "$truth" | json serial >$g/strings/0x409/serialnumber
    # The kernel's gadget sends its length in front, and then two letters less than the text has.
    printf '%s  ' "$(echo "$truth" | json id)" >$g/functions/printer.0/pnp_string
    ln -s $g/functions/printer.0 $g/configs/c.1
    plug || return 1
    rm -rf /tmp/kept
    mkdir /tmp/kept
    platen-lab printer --personality "$model" --gadget /dev/g_printer0 --control /tmp/control --keep /tmp/kept "$@" >/tmp/printer.log 2>&1 &
    printer=$!
    wait_for 50 test -S /tmp/control
}
printer_end() {
    order quit >/dev/null
    wait "$printer"
    unplug
    rm -f $gadgets/lab/configs/c.1/printer.0 /tmp/control
    rmdir $gadgets/lab/functions/printer.0 $gadgets/lab/configs/c.1 $gadgets/lab/strings/0x409 $gadgets/lab
}
plug() {
    ls /sys/class/udc >$gadgets/lab/UDC && wait_for 50 bound
}
unplug() {
    echo >$gadgets/lab/UDC
    wait_for 50 gone
}
order() { # order WORD...: one line to the printer, its answer on stdout
    platen-lab order /tmp/control "$@"
}
bound() { ls /sys/bus/usb/drivers/usblp/*:1.0 >/dev/null 2>&1 && [ -e /dev/usb/lp0 ]; }
gone() { ! ls /dev/usb/lp* >/dev/null 2>&1; }
