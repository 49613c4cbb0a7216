# SPDX-License-Identifier: Apache-2.0
# Sourced by the tray's Wine tests: a virtual screen, sessions in a language, the double of the service, the probe, pictures. Wants $top, $bin, $work and $pictures.
export WINEPREFIX=$work/prefix WINEDEBUG=-all WINEDLLOVERRIDES="mscoree,mshtml=" XDG_RUNTIME_DIR=$work LOCPATH=$work/locale
. "$top/tests/wine/tap.sh"

tray_finish() {
    wineserver -k 2>/dev/null
    [ -n "${xvfb:-}" ] && kill "$xvfb" 2>/dev/null
    rm -rf "$work"
}

probe() { wine "$bin/tray_probe.exe" "$@" 2>/dev/null | tr -d '\r'; }
texts() { probe texts >"$work/texts"; }
shows() { texts; grep -qxF -- "$1" "$work/texts"; }
picture() { import -window root "$pictures/$1.png"; }
has_colour() { magick "$pictures/$1.png" -format %c histogram:info: | grep -qi "#$2"; }

tray_begin() { # tray_begin [WIDTHxHEIGHT]
    screen=${1:-1000x700}
    Xvfb -displayfd 7 -screen 0 "${screen}x24" -dpi 96 7>"$work/display" 2>/dev/null &
    xvfb=$!
    wait_for 10 grep -q . "$work/display"
    DISPLAY=:$(cat "$work/display")
    export DISPLAY
    # Names are enough: Wine takes the language from them, and formats from its own tables.
    mkdir "$LOCPATH"
    cp -r /usr/lib/locale/C.utf8 "$LOCPATH/C.utf8"
    cp -r /usr/lib/locale/C.utf8 "$LOCPATH/fr_FR.utf8"
    cp -r /usr/lib/locale/C.utf8 "$LOCPATH/de_DE.utf8"
    "$top/tools/wine-prefix" "$WINEPREFIX"
    wine reg add 'HKCU\Control Panel\Desktop' /v FontSmoothing /d 2 /f >/dev/null 2>&1
    wine reg add 'HKCU\Control Panel\Desktop' /v FontSmoothingType /t REG_DWORD /d 2 /f >/dev/null 2>&1
}

dark() { # dark on|off
    local key='HKCU\Software\Microsoft\Windows\CurrentVersion\Themes\Personalize'
    if [ "$1" = on ]; then
        wine reg add "$key" /v AppsUseLightTheme /t REG_DWORD /d 0 /f >/dev/null 2>&1
    else
        wine reg delete "$key" /v AppsUseLightTheme /f >/dev/null 2>&1
    fi
}

resolution() { # resolution DPI: from the next session on
    wine reg add 'HKCU\Control Panel\Desktop' /v LogPixels /t REG_DWORD /d "$1" /f >/dev/null 2>&1
}

serve() { # serve FIELD...: the double, with its lines from a pipe
    rm -f "$work/scene"
    mkfifo "$work/scene"
    wine "$bin/tray_service.exe" "$@" <"$work/scene" >"$work/service.log" 2>&1 &
    exec 8>"$work/scene"
    wait_for 20 grep -q ready "$work/service.log"
}
scene() { printf '%s\n' "$@" >&8; } # scene LINE...: tells the double (tests/lab/user_double.h)
requested() { tr -d '\r' <"$work/service.log" | grep -qxF -- "$1"; }

# A new session in a language and with a service that answers so: session LANGUAGE FIELD...; "away" for no service, --silent for one that says nothing.
session() {
    local language=$1
    shift
    wineserver -k 2>/dev/null
    wineserver -w
    case $language in
    fr) export LC_ALL=fr_FR.UTF-8 ;;
    de) export LC_ALL=de_DE.UTF-8 ;;
    *) export LC_ALL=C.UTF-8 ;;
    esac
    [ "$1" = away ] || serve "$@"
    # A desktop of Wine's own has a notification area and draws the windows' frames.
    wine explorer "/desktop=platen,$screen" "$bin/platen-tray.exe" ${tray_option---show} >/dev/null 2>&1 &
}
