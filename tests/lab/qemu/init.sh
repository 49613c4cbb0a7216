#!/bin/busybox sh
# SPDX-License-Identifier: Apache-2.0
# The first and only process of the emulated machine: loads the modules, runs the scenario on the second serial line, turns off. `out` is the
# line's name, from the kernel's command line.
/bin/busybox --install -s /bin
export PATH=/bin HOME=/tmp LC_ALL=C
mount -t devtmpfs dev /dev
mount -t proc proc /proc
mount -t sysfs sys /sys
for module in $(ls /modules); do insmod "/modules/$module" || echo "init: cannot load $module"; done
mount -t configfs config /sys/kernel/config
stty -F "/dev/$out" raw
sh /scenario.sh </dev/null >"/dev/$out" 2>&1
echo "@exit $?" >"/dev/$out"
sleep 0.2
poweroff -f
