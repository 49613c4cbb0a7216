#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The service hears of USB printers from a real kernel: an emulated machine with a printer gadget (docs/lab.md), usb_hotplug_scenario.sh in it. TAP.
set -euo pipefail
top=$(cd "$(dirname "$0")/../.." && pwd -P)
bin=${PLATEN_BIN:-$top/build/linux/bin}
"$top/tests/lab/qemu/boot.sh" --seconds 250 "$top/tests/e2e/usb_hotplug_scenario.sh" "$bin"/platen{,-service,-usbagent,-lab} "$top/tests/lab/printers/hp-color.printer"
