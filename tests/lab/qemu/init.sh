#!/bin/busybox sh
# SPDX-License-Identifier: Apache-2.0
# The first and only process of the emulated machine: loads the modules, runs the scenario on the second serial line, turns off.
/bin/busybox --install -s /bin
export PATH=/bin HOME=/tmp LC_ALL=C
mount -t devtmpfs dev /dev
mount -t proc proc /proc
mount -t sysfs sys /sys
for module in /modules/*; do insmod "$module" || echo "init: cannot load $module"; done
mount -t configfs config /sys/kernel/config
stty -F /dev/ttyS1 raw
sh /scenario.sh </dev/null >/dev/ttyS1 2>&1
echo "@exit $?" >/dev/ttyS1
sleep 0.2
poweroff -f
