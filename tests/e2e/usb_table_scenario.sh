# SPDX-License-Identifier: Apache-2.0
# Every personality on the gadget, read once: for usb_table.py.
. /gadget.sh
for model in /data/*.printer; do
    name=$(basename "$model" .printer)
    printer_begin "$name" || echo "# $name: no printer"
    echo "@read $name $(platen-usbagent read --json 2>/dev/null | tr -d '\n\t')"
    echo "@truth $name $(order truth)"
    printer_end
done
