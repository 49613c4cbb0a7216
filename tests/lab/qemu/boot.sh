#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# tests/lab/qemu/boot.sh [--machine NAME] [--seconds N] [--console FILE] SCENARIO FILE...
#
# Boots the box's own Debian kernel in QEMU (emulated, no network, no disk) with an initramfs of busybox, init.sh, gadget.sh and, for amd64, the printer
# gadget's modules, and runs SCENARIO, a shell script, in it. Programs among the FILEs are found by their names, with
# the shared libraries that they need; other files are in /data. What the scenario writes comes out on stdout as it is written; the
# kernel's own messages go to the console file. Ends with the scenario's exit code, 124 when the time was over, 125 when the
# machine did not come up.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd -P)
machine=amd64
seconds=120
console=
while [ $# -gt 0 ]; do
    case $1 in
        --machine) machine=$2; shift 2 ;;
        --seconds) seconds=$2; shift 2 ;;
        --console) console=$2; shift 2 ;;
        *) break ;;
    esac
done
scenario=$1
shift

# What differs: the kernel, the machine, the name of its serial lines, what names a program's libraries.
case $machine in
    amd64)
        kernel=amd64
        emulator=(qemu-system-x86_64 -machine pc)
        serial=ttyS
        modules=(dummy_hcd usb_f_printer usblp)
        libraries() { ldd "$1"; }
        ;;
    arm64 | arm64-16k) # pages of 4 KiB, or of 16
        kernel=cloud-arm64 cpu=cortex-a72
        [ "$machine" = arm64 ] || kernel=arm64-16k cpu=cortex-a76
        emulator=(qemu-system-aarch64 -machine virt -cpu $cpu)
        serial=ttyAMA
        modules=()
        libraries() { qemu-aarch64 /lib/ld-linux-aarch64.so.1 --list "$1"; }
        ;;
    *) echo "boot.sh: knows no machine '$machine'" >&2; exit 2 ;;
esac
kernel=$(printf '%s\n' /boot/vmlinuz-*-"$kernel" | sort -V | tail -n 1)
version=${kernel#/boot/vmlinuz-}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
root=$work/root
[ -n "$console" ] || console=$work/console

# A program or library at the path where it is expected, once.
put() { # FROM TO
    [ -e "$root$2" ] || install -D -m 755 "$1" "$root$2"
}

mkdir -p "$root"/{bin,data,dev,proc,sys,tmp,modules}
put "$(command -v busybox)" /bin/busybox
put "$here/init.sh" /init
put "$scenario" /scenario.sh
put "$here/gadget.sh" /gadget.sh
for file in "$@"; do
    if [ ! -x "$file" ]; then
        put "$file" "/data/$(basename "$file")"
        continue
    fi
    put "$file" "/bin/$(basename "$file")"
    libraries "$file" | awk '$2 == "=>" { print $3 } $1 ~ /^\// { print $1 }' | while read -r library; do put "$library" "$library"; done
done

# The modules unpacked, named in the order in which they must be loaded.
number=100
for module in ${modules[@]+"${modules[@]}"}; do modprobe --show-depends --set-version "$version" "$module"; done |
    awk '$1 == "insmod" && !seen[$2]++ { print $2 }' | while read -r file; do
        number=$((number + 1))
        name=$(basename "$file")
        case $file in
            *.xz) xz -dc "$file" ;;
            *.zst) zstd -qdc "$file" ;;
            *) cat "$file" ;;
        esac >"$root/modules/$number-${name%%.ko*}.ko"
    done

(cd "$root" && find . -print0 | cpio --null --create --format=newc --quiet) >"$work/initramfs"

# The first serial line is the kernel's, the second the scenario's: init finds its name in the variable `out`.
set +e
timeout --signal=KILL "$seconds" "${emulator[@]}" -nodefaults -no-user-config -accel tcg -m 512 -smp 1 \
    -display none -no-reboot -kernel "$kernel" -initrd "$work/initramfs" -append "console=${serial}0 quiet panic=-1 random.trust_cpu=on out=${serial}1" \
    -serial "file:$console" -serial stdio </dev/null 2>"$work/qemu" | tee "$work/out" | grep --line-buffered -v '^@exit '
code=${PIPESTATUS[0]}
set -e
if ended=$(grep '^@exit ' "$work/out"); then exit "${ended#@exit }"; fi
cat "$work/qemu" >&2
if [ $code = 137 ]; then
    echo "boot.sh: the scenario was not done after $seconds s" >&2
    exit 124
fi
echo "boot.sh: the machine ended without a result; its messages: $(tail -n 3 "$console" | tr '\n' ' ')" >&2
exit 125
