# SPDX-License-Identifier: Apache-2.0
# What deb_arm64_test.py has done in the emulated machine: the package's programs on a real kernel for arm64. The parsing children are under seccomp there,
# which QEMU's emulation of single programs does not have. What was read is told as JSON, and judged outside.
. /gadget.sh
printers=20
users="--v3 reader:sha256:aes256"
export PLATEN_SNMP_AUTH="a right password" PLATEN_SNMP_PRIV="another right one"

tell() { # tell KIND: a line each for those on stdin
    sed "s/^/@$1 /"
}
unit() { # unit NAME: all cases of a unit test
    CMOCKA_MESSAGE_OUTPUT=TAP "$1" >/tmp/unit 2>&1
    local code=$? cases=$(grep -c '^ *ok ' /tmp/unit)
    check "$1 here: $cases cases" [ "$code" = 0 -a "$cases" -gt 0 ]
    [ "$code" = 0 ] || sed 's/^/# /' /tmp/unit
}
farm_begin() { # farm_begin NAME OPTION...: printers, and their truth
    local name=$1
    shift
    platen-lab farm --devices $printers --truth /tmp/$name.truth "$@" >/tmp/$name.farm 2>&1 &
    farm=$!
    check "printers to read ($name)" wait_for 200 grep -q port /tmp/$name.farm
    port=$(json port </tmp/$name.farm)
    range=127.1.0.0-127.1.0.$((printers - 1))
}
farm_end() {
    kill "$farm"
    wait "$farm"
}
confined() { # a parsing child that the kernel holds
    local p
    for p in $(pidof platen-worker); do
        grep -q '^NoNewPrivs:[[:space:]]*1' /proc/$p/status && grep -q '^Seccomp:[[:space:]]*2' /proc/$p/status && return
    done
    return 1
}

ip link set lo up
same "the kernel" "$(uname -m)" aarch64
sed -n 's/^KernelPageSize: *\([0-9]*\) kB/\1/p' /proc/self/smaps | head -n 1 | tell pages
for name in sandbox_test usb_test hotplug_test udp_test; do unit $name; done

printf '\033%%-12345X@PJL ENTER LANGUAGE=PCL\r\n\033E\033&l2Xa\fb\f\033E\033%%-12345X' >/tmp/job
same "pages are counted behind seccomp" "$(platen analyze /tmp/job --json | grep -o '"pages":[0-9]*,"copies":[0-9]*')" '"pages":2,"copies":2'

farm_begin community --delay 150 # long enough to look at the worker
platen scan $range --port "$port" --rate 0 --json >/tmp/scan 2>/tmp/said &
scan=$!
check "the worker of a scan is under seccomp" wait_for 100 confined
wait $scan
same "a scan ends well" $? 0
tell scan </tmp/scan
sed 's/^/# /' /tmp/said

mkdir /tmp/pc
echo "Ranges = $range:$port" >/tmp/pc/platen.conf
platen-service --data /tmp/pc --verbose >/tmp/service.log 2>&1 &
service=$!
check "the service works" wait_for 400 sh -c "platen status --data /tmp/pc >/dev/null"
check "its worker is under seccomp" wait_for 200 confined
check "its first round is over" wait_for 600 grep -q "printers (net):" /tmp/service.log
check "the chain is whole" sh -c "platen verify --data /tmp/pc >/dev/null"
platen payload --all --data /tmp/pc | tell record
check "it told its people" sh -c '[ "$(platen devices --data /tmp/pc | wc -l)" -gt '$printers' ]'
kill $service
wait $service
same "the service ends well" $? 0
tell truth </tmp/community.truth
farm_end

farm_begin user $users
platen scan $range --port "$port" --rate 0 --json $users >/tmp/scan 2>/tmp/said
same "a scan by version 3 ends well" $? 0
tell scan3 </tmp/scan
tell truth3 </tmp/user.truth
farm_end
[ "$failed" = 0 ] || sed 's/^/# /' /tmp/service.log /tmp/said
[ "$failed" = 0 ] # how many failed stands in the lines
