#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# tests/wine/msi_test.sh BINDIR MSI: the Windows package, from its tables to an uninstall that leaves nothing. Runs inside the box, under Wine, in a prefix of its
# own: tools/box bash tests/wine/msi_test.sh build/windows/bin build/platen.msi. BINDIR also holds msi_probe.exe and setup_queue.exe.
# Prints ok, not ok and SKIP lines; exit code 1 when something is not ok. PLATEN_KEEP=1 keeps the logs.
set -u

[ $# = 2 ] || { echo "usage: msi_test.sh BINDIR MSI" >&2; exit 2; }
bin=$(cd "$1" && pwd -P)
msi=$(cd "$(dirname "$2")" && pwd -P)/$(basename "$2")
top=$(cd "$(dirname "$0")/../.." && pwd -P)
version=$(tr -d '[:space:]' <"$top/VERSION")
work=$(mktemp -d /tmp/platen-msi.XXXXXX)
export WINEPREFIX=$work/prefix WINEDEBUG=-all WINEDLLOVERRIDES="mscoree,mshtml=" XDG_RUNTIME_DIR=$work
c=$WINEPREFIX/drive_c
. "$top/tests/wine/tap.sh"

finish() {
    wineserver -k 2>/dev/null
    [ -n "${xvfb:-}" ] && kill "$xvfb" 2>/dev/null
    [ -n "${PLATEN_KEEP:-}" ] && echo "# kept: $work" || rm -rf "$work"
}
trap finish EXIT

# -- what the package says

cell() { # cell MSI TABLE KEY COLUMN
    msiinfo export "$1" "$2" | tr -d '\r' | awk -F'\t' -v key="$3" -v n="$4" '$1 == key { print $n }'
}
order() { cell "$msi" InstallExecuteSequence "$1" 3; }
before() { [ "$(order "$1")" -lt "$(order "$2")" ]; }

test_tables() {
    local a f
    same "Property.ProductVersion" "$(cell "$msi" Property ProductVersion 2)" "$version"
    same "RemoveExistingProducts right behind InstallInitialize" "$(order RemoveExistingProducts)" $(($(order InstallInitialize) + 1))
    for f in platen_service.exe platen_worker.exe platen_tray.exe platen.exe platen_usbagent.exe platenmon.dll; do
        same "File.Version of $f" "$(cell "$msi" File "$f" 5)" "$version.0"
    done
    same "no MsiFileHash beside versions" "$(msiinfo export "$msi" MsiFileHash | tail -n +4)" ""
    same "platenmon.dll goes to the system folder" "$(cell "$msi" Component Monitor 3)" System64Folder
    same "MsiHiddenProperties" "$(cell "$msi" Property MsiHiddenProperties 2)" "ENROLLKEY;SetupInstall"
    same "ENROLLKEY has no default" "$(cell "$msi" Property ENROLLKEY 2)" ""
    for a in HUBURL ENROLLKEY QUEUES INSTALLFOLDER KEEPDATA PREV_INSTALLFOLDER; do
        check "$a is a secure property" grep -qE "(^|;)$a(;|\$)" <<<"$(cell "$msi" Property SecureCustomProperties 2)"
    done
    same "ALLUSERS" "$(cell "$msi" Property ALLUSERS 2)" 1
    same "REBOOT" "$(cell "$msi" Property REBOOT 2)" ReallySuppress
    same "MSIRESTARTMANAGERCONTROL" "$(cell "$msi" Property MSIRESTARTMANAGERCONTROL 2)" Disable
    same "UpgradeCode" "$(cell "$msi" Property UpgradeCode 2)" "{E806FC83-23C3-42C7-98A0-42EF716C10C5}"
    same "ServiceInstall: own process, automatic, LocalSystem" "$(msiinfo export "$msi" ServiceInstall | tr -d '\r' |
        awk -F'\t' '$1 == "PlatenService" { print $4, $5, $9 }')" "16 2 LocalSystem"
    same "ServiceControl: started and stopped at install, stopped and deleted at uninstall" "$(cell "$msi" ServiceControl PlatenService 3)" 163
    # 1 DLL, 64 go on after a failure, 256 rollback, 1024 deferred, 2048 as SYSTEM; 51 sets a property, 8192 its value is not logged
    for a in SetupInstall:3073 SetupUninstall:3137 SetupPurge:3137 SetupRollback:3393 SetupRestore:3393 DataForInstall:8243; do
        same "CustomAction.Type of ${a%:*}" "$(cell "$msi" CustomAction "${a%:*}" 2)" "${a#*:}"
    done
    check "uninstall: after StopServices, before DeleteServices and RemoveFiles" eval 'before StopServices SetupUninstall && before SetupUninstall DeleteServices && before SetupUninstall RemoveFiles'
    check "install: after InstallFiles and InstallServices, before StartServices" eval 'before InstallFiles SetupInstall && before InstallServices SetupInstall && before SetupInstall StartServices'
    check "rollback actions before what they undo" eval 'before SetupRollback SetupInstall && before SetupRestore SetupUninstall'
    check "the package is smaller than 8 MB" [ "$(stat -c %s "$msi")" -lt 8000000 ]
    same "platen-setup.dll uses Windows' own libraries only" "$(x86_64-w64-mingw32ucrt-objdump -p "$bin/platen-setup.dll" | awk '/DLL Name/ { print tolower($3) }' |
        grep -vE '^(api-ms-win-crt-.*|advapi32|kernel32|msi|userenv|winspool\.drv|ws2_32)(\.dll)?$')" ""
}

# -- signing

test_signing() {
    (
        cd "$work" || exit 1
        openssl req -x509 -newkey rsa:2048 -nodes -keyout sign.key -out sign.pem -days 2 -subj "/CN=Platen test" -addext extendedKeyUsage=codeSigning
        echo secret >sign.pass
        openssl pkcs12 -export -inkey sign.key -in sign.pem -out sign.pfx -passout file:sign.pass
    ) >/dev/null 2>&1
    check "a package is built signed" env PLATEN_SIGN_PFX="$work/sign.pfx" PLATEN_SIGN_PASS_FILE="$work/sign.pass" "$top/installer/build-msi" "$bin" "$work/signed.msi"
    check "the signature of the package is valid" osslsigncode verify -CAfile "$work/sign.pem" -in "$work/signed.msi"
    (cd "$work" && mkdir -p out && msiextract -C out signed.msi) >/dev/null 2>&1
    check "the signature of the monitor in it is valid" osslsigncode verify -CAfile "$work/sign.pem" -in "$(find "$work/out" -name platenmon.dll)"
    printf 'x' | dd of="$work/signed.msi" bs=1 seek=100000 conv=notrunc 2>/dev/null
    check "a changed package is found out" absent osslsigncode verify -CAfile "$work/sign.pem" -in "$work/signed.msi"
}

# -- Wine

windows() { tr '/' '\\' <<<"Z:$1"; }
run_msi() { # run_msi LOG ARG...: msiexec's exit code, low byte; more than that no Unix process gets
    local log
    log=$(windows "$work/$1.log")
    shift
    wine msiexec "$@" /qn /norestart /l*v "$log" >/dev/null 2>&1
}
logged() { grep -qa "Platen: .*$2" "$work/$1.log"; }
value() { wine reg query "$1" /v "$2" 2>/dev/null | tr -d '\r' | awk -v n="$2" '$1 == n { sub(/^ *[^ ]+ +REG_[A-Z]+ +/, ""); print }'; }
has_key() { wine reg query "$1" >/dev/null 2>&1; }
port_of() { value "HKLM\\System\\CurrentControlSet\\Control\\Print\\Printers\\$1" Port; }
service_state() { wine sc query PlatenService 2>/dev/null | tr -d '\r' | awk '/STATE/ { print $4 }'; }
port_is() { [ "$(port_of "$1")" = "$2" ]; }
installed_products() {
    wine reg query 'HKLM\Software\Microsoft\Windows\CurrentVersion\Uninstall' /s 2>/dev/null | tr -d '\r' | grep -cE 'DisplayName +REG_SZ +Platen$'
}
snapshot() { # snapshot NAME: every file, every value below HKLM
    find "$c" -not -path '*/windows/temp/*' -not -path '*/Temp/*' | sed "s|^$c||" | sort >"$work/$1.files"
    wine reg export HKLM "$(windows "$work/$1.reg")" /y >/dev/null 2>&1
    iconv -f utf-16 -t utf-8 "$work/$1.reg" | tr -d '\r' | awk '/^\[/ { key = $0; print; next } /^ / { next } NF { print key " " $0 }' | sort >"$work/$1.values"
}
monitor=HKLM\\System\\CurrentControlSet\\Control\\Print\\Monitors\\Platen\ Port

begin_wine() {
    Xvfb -displayfd 7 -screen 0 800x600x24 7>"$work/display" 2>/dev/null &
    xvfb=$!
    sleep 2
    DISPLAY=:$(cat "$work/display")
    export DISPLAY
    "$top/tools/wine-prefix" "$WINEPREFIX"
    wineboot >/dev/null 2>&1
    wait_for 60 eval 'wine sc query Spooler 2>/dev/null | grep -q STATE'
}

test_install() {
    same "a queue is there before" "$(wine "$bin/setup_queue.exe" raw Office 'C:\office.prn' | tr -d '\r' | tail -n 1)" "AddPrinter: ok (0)"
    wine "$bin/setup_queue.exe" raw Archive 'FILE:' >/dev/null
    snapshot before
    check "install, silent, with HUBURL and ENROLLKEY: exit code 0" run_msi install /i "$msi" HUBURL=https://hub.example.invalid ENROLLKEY=PLT1-notarealkeyatall
    # At once: Wine forgets the rights of a key that nobody has open, after some seconds.
    same "only SYSTEM and administrators read the settings" "$(wine "$bin/msi_probe.exe" key 'SOFTWARE\Platen' | tr -d '\r')" "D:P(A;CI;KA;;;SY)(A;CI;KA;;;BA)"
    same "the key is in no line of the log but Wine's own dump of properties" "$(grep -a notarealkeyatall "$work/install.log" | grep -avcE '^Property\(S\): (SetupInstall|ENROLLKEY|CustomActionData) = ')" 0
    skip "the key is hidden everywhere in the log" "Wine does not know MsiHiddenProperties (asserted in the table above)"
    for f in platen-service.exe platen-worker.exe platen-tray.exe platen.exe platen-usbagent.exe; do
        check "Program Files\\Platen\\$f" cmp "$bin/$f" "$c/Program Files/Platen/$f"
    done
    check "System32\\platenmon.dll" cmp "$bin/platenmon.dll" "$c/windows/system32/platenmon.dll"
    same "the service runs" "$(service_state)" RUNNING
    same "the service is the installed one" "$(value 'HKLM\System\CurrentControlSet\Services\PlatenService' ImagePath | tr -d '"')" 'C:\Program Files\Platen\platen-service.exe'
    skip "a service that dies is started again" "Wine's service manager keeps no failure actions"
    same "the monitor is registered" "$(value "$monitor" Driver)" platenmon.dll
    same "setting HubUrl" "$(value 'HKLM\Software\Platen' HubUrl)" https://hub.example.invalid
    same "setting EnrollKey" "$(value 'HKLM\Software\Platen' EnrollKey)" PLT1-notarealkeyatall
    same "setting Queues is all by default" "$(value 'HKLM\Software\Platen' Queues)" all
    same "detection value Version" "$(value 'HKLM\Software\Platen' Version)" "$version"
    same "the tray starts with each session" "$(value 'HKLM\Software\Microsoft\Windows\CurrentVersion\Run' Platen)" '"C:\Program Files\Platen\platen-tray.exe"'
    check "Start menu shortcut" eval 'find "$c" -name Platen.lnk | grep -q .'
    same "one entry in the list of programs" "$(installed_products)" 1
    check "the service wraps the queue" wait_for 30 port_is Office Platen:C:/office.prn
    same "a queue that prints to FILE: is left alone" "$(port_of Archive)" FILE:
    check "the service answers the command-line tool" eval 'wine "C:\\Program Files\\Platen\\platen.exe" status | grep -q "^State"'
}

test_repair() {
    check "install over itself: exit code 0" run_msi repair /i "$msi"
    rm -f "$c/Program Files/Platen/platen-worker.exe"
    check "repair: exit code 0" run_msi repair2 /i "$msi" REINSTALL=ALL REINSTALLMODE=amus # Wine knows /fa for installed product codes only
    check "repair brings a missing file back" cmp "$bin/platen-worker.exe" "$c/Program Files/Platen/platen-worker.exe"
    same "the service runs again" "$(service_state)" RUNNING
    same "HubUrl stays" "$(value 'HKLM\Software\Platen' HubUrl)" https://hub.example.invalid
    same "still one entry in the list of programs" "$(installed_products)" 1
}

test_uninstall() {
    wine "C:\\Program Files\\Platen\\platen-tray.exe" >/dev/null 2>&1 &
    wait_for 20 eval 'wine "$bin/tray_probe.exe" memory | grep -q "trays 1"'
    check "uninstall, silent, while a tray runs: exit code 0" run_msi uninstall /x "$msi"
    check "the queue has its own port again" port_is Office 'C:\office.prn'
    check "the tray was ended" logged uninstall "tray program [0-9]* ended"
    check "the log names the queue" logged uninstall "queue Office: from Platen:C:/office.prn back to C:.office.prn"
    check "the log tells how much data was removed" logged uninstall "ProgramData.Platen removed: [0-9]* bytes"
    check "no service" absent has_key 'HKLM\System\CurrentControlSet\Services\PlatenService'
    check "no monitor, no port" absent has_key "$monitor"
    check "no settings" absent has_key 'HKLM\Software\Platen'
    check "no data folder" absent test -e "$c/ProgramData/Platen"
    snapshot after
    comm -13 "$work/before.files" "$work/after.files" >"$work/new.files"
    comm -13 "$work/before.values" "$work/after.values" >"$work/new.values"
    same "no file of ours is left" "$(grep -iE 'platen' "$work/new.files" | grep -viE '^/users/platen(/[^/]*)*$|\.msi$')" ""
    same "no registry value of ours is left" "$(grep -i 'platen' "$work/new.values" | grep -viE 'users\\\\?\\?platen')" ""
    sed 's/^/# new file since before the installation: /' "$work/new.files" | head -n 20
    sed 's/^/# new value since before the installation: /' "$work/new.values" | cut -c1-200 | head -n 20
}

# Wine runs the old package's removal without telling it that it is being upgraded; Windows does tell (UPGRADINGPRODUCTCODE). So: the step as Wine takes it, for order,
# places and numbers; then the same in two steps, with the property that Windows sets.
test_upgrade_at_once() {
    check "a package of version 0.0.9" "$top/installer/build-msi" --version 0.0.9 "$bin" "$work/old.msi"
    check "install 0.0.9 elsewhere" run_msi old1 /i "$work/old.msi" 'INSTALLFOLDER=C:\Tools\Print'
    same "0.0.9 is installed there" "$(value 'HKLM\Software\Platen' Version) $(test -e "$c/Tools/Print/platen-service.exe" && echo there)" "0.0.9 there"
    check "upgrade to $version without arguments: exit code 0" run_msi upgrade1 /i "$msi"
    same "version, folder" "$(value 'HKLM\Software\Platen' Version) $(test -e "$c/Tools/Print/platen-service.exe" && echo there) $(test -e "$c/Program Files/Platen" && echo elsewhere)" "$version there "
    same "the service runs" "$(service_state)" RUNNING
    same "one entry in the list of programs" "$(installed_products)" 1
    skip "an upgrade keeps settings and queues, in one step" "Wine does not set UPGRADINGPRODUCTCODE; shown in two steps below"
    check "a downgrade is refused" absent run_msi downgrade /i "$work/old.msi"
    same "and changed nothing" "$(value 'HKLM\Software\Platen' Version) $(service_state)" "$version RUNNING"
    check "uninstall: exit code 0" run_msi upgrade1x /x "$msi"
}

test_upgrade() {
    local new
    new=$(cell "$msi" Property ProductCode 2)
    check "install 0.0.9 elsewhere, QUEUES=manual" run_msi old /i "$work/old.msi" HUBURL=https://first.example.invalid QUEUES=manual 'INSTALLFOLDER=C:\Tools\Print'
    sleep 2
    same "QUEUES=manual: the queue is left alone" "$(port_of Office)" 'C:\office.prn'
    wine "C:\\Tools\\Print\\platen.exe" queues wrap Office >/dev/null 2>&1
    check "a queue is wrapped by hand" port_is Office Platen:C:/office.prn
    wine "$bin/msi_probe.exe" hold 'C:\windows\system32\platenmon.dll' >"$work/held" &
    wine "C:\\Tools\\Print\\platen-tray.exe" >/dev/null 2>&1 &
    wait_for 20 grep -q held "$work/held"
    wait_for 20 eval 'wine "$bin/tray_probe.exe" memory | grep -q "trays 1"'
    check "the old one goes, told that a new one comes, monitor and tray in use: exit code 0" run_msi upgrade /x "$work/old.msi" "UPGRADINGPRODUCTCODE=$new"
    check "the monitor in use is set aside" eval 'ls "$c"/windows/system32/platenmon.dll.*.old && logged upgrade "platenmon.dll is in use: set aside"'
    check "the tray in use is set aside" eval 'ls "$c"/Tools/Print/platen-tray.exe.*.old'
    check "no program is left at its place" absent test -e "$c/Tools/Print/platen-tray.exe" -o -e "$c/windows/system32/platenmon.dll"
    check "the monitor stays registered" has_key "$monitor"
    check "the new one comes without arguments but its folder: exit code 0" run_msi upgrade2 /i "$msi" 'INSTALLFOLDER=C:\Tools\Print'
    same "HubUrl is kept" "$(value 'HKLM\Software\Platen' HubUrl)" https://first.example.invalid
    same "Queues is kept" "$(value 'HKLM\Software\Platen' Queues)" manual
    check "the queue stays wrapped" port_is Office Platen:C:/office.prn
    check "the ledger stays" test -s "$c/ProgramData/Platen/ledger.db"
    same "the service runs" "$(service_state)" RUNNING
    check "the new monitor is in its place" cmp "$bin/platenmon.dll" "$c/windows/system32/platenmon.dll"
    check "the tray starts again as the new one" wait_for 60 new_tray
    skip "exit code 0 and not 3010 with a monitor in use, on Windows" "Wine's installer never asks for a restart"
    check "the downgrade's reason is in the package" grep -q "newer version of Platen is installed" <<<"$(msiinfo export "$work/old.msi" LaunchCondition)"
    check "what was set aside goes when Windows starts" grep -qa 'platenmon.dll.*old' <<<"$(value 'HKLM\System\CurrentControlSet\Control\Session Manager' PendingFileRenameOperations)"
    check "uninstall with KEEPDATA=1: exit code 0" run_msi keep /x "$msi" KEEPDATA=1
    check "the old tray's file and the folder are gone" absent test -e "$c/Tools/Print"
    check "KEEPDATA=1 keeps the ledger" test -s "$c/ProgramData/Platen/ledger.db"
    check "and gives the queue back" port_is Office 'C:\office.prn'
}
new_tray() { # does a tray run from the file that is there now, and none from the one that was set aside?
    local p new=1
    for p in $(pgrep -f platen-tray.exe); do
        grep -q 'platen-tray.exe.*\.old$' "/proc/$p/maps" 2>/dev/null && return 1
        grep -q 'platen-tray.exe$' "/proc/$p/maps" 2>/dev/null && new=0
    done
    return $new
}

test_refusals() {
    check "HUBURL without https is refused" absent run_msi bad1 /i "$msi" HUBURL=http://hub.example.invalid
    check "a wrong ENROLLKEY is refused" absent run_msi bad2 /i "$msi" HUBURL=https://hub.example.invalid ENROLLKEY=oops
    check "a wrong QUEUES is refused" absent run_msi bad3 /i "$msi" QUEUES=some
    check "nothing was installed" absent test -e "$c/Program Files/Platen"
}

# A package in which a step fails on demand: once more SetupInstall, with values that it does not take.
test_rollback() {
    cp "$msi" "$work/broken.msi"
    msibuild "$work/broken.msi" -q "INSERT INTO CustomAction (Action, Type, Source, Target) VALUES ('DataForBroken', 51, 'Broken', 'too|many|values|for|this')" \
        -q "INSERT INTO CustomAction (Action, Type, Source, Target) VALUES ('DataForBroken2', 51, 'Broken2', 'too|many|values|for|this')" \
        -q "INSERT INTO CustomAction (Action, Type, Source, Target) VALUES ('Broken', 3073, 'Setup', 'SetupInstall')" \
        -q "INSERT INTO CustomAction (Action, Type, Source, Target) VALUES ('Broken2', 3073, 'Setup', 'SetupInstall')" \
        -q "INSERT INTO InstallExecuteSequence (Action, Condition, Sequence) VALUES ('DataForBroken', 'BREAK = 1', 5940)" \
        -q "INSERT INTO InstallExecuteSequence (Action, Condition, Sequence) VALUES ('Broken', 'BREAK = 1', 5950)" \
        -q "INSERT INTO InstallExecuteSequence (Action, Condition, Sequence) VALUES ('DataForBroken2', 'BREAK = 2', 3590)" \
        -q "INSERT INTO InstallExecuteSequence (Action, Condition, Sequence) VALUES ('Broken2', 'BREAK = 2', 3595)"
    check "an installation that fails says so" absent run_msi broken /i "$work/broken.msi" HUBURL=https://hub.example.invalid ENROLLKEY=PLT1-notarealkeyatall BREAK=1
    check "it had come as far as the monitor" logged broken "print monitor .* registered"
    check "rolled back: no monitor" absent has_key "$monitor"
    check "rolled back: no settings, no key" absent has_key 'HKLM\Software\Platen'
    check "rolled back: no service" absent has_key 'HKLM\System\CurrentControlSet\Services\PlatenService'
    check "rolled back: the queue has its own port" port_is Office 'C:\office.prn'
    check "rolled back: data from before stays" test -s "$c/ProgramData/Platen/ledger.db"
    wine msiexec /x "$work/broken.msi" /qn >/dev/null 2>&1 # Wine leaves the product registered

    check "the same package installs when nothing fails" run_msi fine /i "$work/broken.msi" HUBURL=https://hub.example.invalid
    check "the queue is wrapped" wait_for 30 port_is Office Platen:C:/office.prn
    check "an uninstall that fails says so" absent run_msi broken2 /x "$work/broken.msi" BREAK=2
    check "it had come as far as the monitor" logged broken2 "print monitor removed"
    skip "rolled back: the files, the service and the monitor are there again" "Wine's rollback of a removal ends at the first file"
    check "rolled back: the settings are there" has_key 'HKLM\Software\Platen'
    check "rolled back: the data is there" test -s "$c/ProgramData/Platen/ledger.db"
    check "uninstall for good: exit code 0" run_msi fine2 /x "$work/broken.msi"
}

# A queue whose own port nobody knows any more: the uninstall must go on, by stopping the spooler, and give back what it can.
test_stubborn_queue() {
    check "install once more" run_msi stubborn /i "$msi"
    check "the queue is wrapped" wait_for 30 port_is Office Platen:C:/office.prn
    wine "$bin/setup_queue.exe" xcv "Platen Port" AddPort Platen:lost tcp:192.0.2.1:9100 print >/dev/null
    wine "$bin/setup_queue.exe" raw Lost Platen:lost >/dev/null
    check "uninstall with a queue that cannot be given back: exit code 0" run_msi stubborn2 /x "$msi"
    check "the log names it" logged stubborn2 "warning: queue Lost"
    check "the monitor is gone all the same" absent has_key "$monitor"
    check "the other queue has its own port again" port_is Office 'C:\office.prn'
}

test_tables
test_signing
begin_wine
test_install
test_repair
test_uninstall
test_upgrade_at_once
test_upgrade
test_refusals
test_rollback
test_stubborn_queue
echo "# package: $(stat -c %s "$msi") bytes"
echo "# $passed ok, $failed not ok, $skipped skipped (Wine $(wine --version 2>/dev/null))"
[ $failed = 0 ]
