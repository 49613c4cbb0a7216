#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# solution.sln is what CMake's targets make, and it builds: xbuild reads the solution and its projects as Visual Studio would,
# tools/solution.d/vctargets stands in for Visual Studio's own build files and has MinGW do the compiling, and one of the
# programs runs under Wine. What this says about Visual Studio, and what not: docs/building-on-windows.md.
set -euo pipefail
top=$(cd "$(dirname "$0")/../.." && pwd -P)
. "$top/tools/lib.sh"
into_box "$@"
cd "$top"

out=$top/build/solution
bin=$out/bin/Release
PLATEN_DEPS=$(tools/deps windows | tail -n 1)
export PLATEN_DEPS
version=$(cat VERSION)
mkdir -p "$out"

code=0
check() { # check NAME: the lines on stdin are what is wrong
    local lines
    lines=$(cat)
    if [ -z "$lines" ]; then
        echo "ok - $1"
    else
        echo "not ok - $1"
        sed 's/^/#   /' <<<"$lines"
        code=1
    fi
}

tools/solution --check || code=1

# -- the solution is built

xbuild_of() { # xbuild_of CONFIGURATION FILE: into the step's log
    step "solution-$1" "build $(basename "$2") with xbuild ($1)" xbuild /nologo "/p:Configuration=$1" /p:Platform=x64 \
        "/p:VCTargetsPath=$top/tools/solution.d/vctargets" "/p:PlatenBuild=$out/" "$2"
}

# xbuild leaves C++ projects aside by the type they have in a solution, so its copy calls them by another one.
sed -e 's/8BC9CEB8-8B4A-11D0-8D11-00A0C91BC942/FAE04EC0-301F-11D3-BF4B-00C04F79EFBC/' -e 's/"msvc\\/"..\\..\\msvc\\/' \
    solution.sln >"$out/solution.sln"
if ! xbuild_of Release "$out/solution.sln" 2>/dev/null; then
    echo "not ok - xbuild builds solution.sln (Release|x64); its log: $logs/solution-Release.log"
    { grep -E ' error: |mingw.py: error: |undefined reference' "$logs/solution-Release.log" || true; } | awk '!seen[$0]++' | cut -c1-300 | head -n 20 | sed 's/^[[:space:]]*/#   /'
    exit 1
fi
{ grep -E ' (warning|error): ' "$logs/solution-Release.log" || true; } | check "xbuild builds solution.sln (Release|x64) without a compiler's warning"

# The other configuration, by one project that brings along what it refers to.
rm -f "$out/bin/Debug/platen-worker.exe"
{ xbuild_of Debug msvc/platen-worker.vcxproj 2>&1 | grep FAILED || [ -s "$out/bin/Debug/platen-worker.exe" ] || echo "no platen-worker.exe"; } |
    check "xbuild builds one program alone with what it refers to (Debug|x64)"

# -- every project left its binary; programs and DLLs say who they are

binary() { # binary PROJECT-FILE: the name of what it makes
    local kind=.exe name
    name=$(sed -nE 's|.*<TargetName>(.*)</TargetName>.*|\1|p' "$1")
    case $(sed -nE 's|.*<ConfigurationType>(.*)</ConfigurationType>.*|\1|p' "$1") in
    StaticLibrary) kind=.lib ;;
    DynamicLibrary) kind=.dll ;;
    esac
    echo "${name:-$(basename "$1" .vcxproj)}$kind"
}

mapfile -t projects < <(sed -nE 's|^Project.*"msvc\\([^"]+\.vcxproj)".*|msvc/\1|p' solution.sln)
for p in "${projects[@]}"; do
    f=$bin/$(binary "$p")
    [ -s "$f" ] || echo "$p made no $f"
    case $f in *.lib) continue ;; esac
    x86_64-w64-mingw32ucrt-windres -i "$f" -O rc -o "$out/version.txt" || echo "$f: its resources cannot be read"
    for want in "\"OriginalFilename\", \"$(basename "$f")\"" "\"ProductVersion\", \"$version\"" "FILEVERSION ${version//./, }, 0"; do
        grep -qF "$want" "$out/version.txt" || echo "$f has no $want in its VERSIONINFO"
    done
done 2>&1 | check "all ${#projects[@]} projects have made their binaries, programs and DLLs with VERSIONINFO"

for p in "${projects[@]}"; do
    def=$(sed -nE 's|.*<None Include="\.\.\\(.*\.def)".*|\1|p' "$p" | tr '\\' /)
    [ -n "$def" ] || continue
    diff <(sed -n '/EXPORTS/,$p' "$def" | sed 1d | awk 'NF { print $1 }' | sort) \
        <(x86_64-w64-mingw32ucrt-objdump -p "$bin/$(binary "$p")" | sed -nE 's/^[[:space:]]*\[.*\] \+base\[.*\] +[0-9a-f]{4} //p' | sort) |
        head -n 20 | sed "s|^|$(binary "$p"): |" || true
done | check "DLLs export what their .def files name"

# -- what no MinGW can tell: Microsoft's compiler has none of these headers

sources=$(sed -nE 's|.*<ClCompile Include="\.\.\\(.*)".*|\1|p' msvc/*.vcxproj | tr '\\' / | sort -u)
for at in $sources $(xargs -n 1 dirname <<<"$sources" | sort -u); do
    [ -f "$at" ] || at=$at/*.h
    grep -HnE '#[[:space:]]*include[[:space:]]*<(unistd|getopt|strings|pthread|dirent|libgen|sys/(time|socket|wait|mman|epoll))\.h>' $at 2>/dev/null || true
done | check "no source of the solution includes a header that Visual Studio lacks"

# -- one of them runs

prefix=$(mktemp -d)
trap 'wineserver -k 2>/dev/null || true; rm -rf "$prefix"' EXIT
export WINEPREFIX=$prefix WINEDEBUG=-all WINEDLLOVERRIDES="mscoree,mshtml="
said=$(timeout 120 wine "$bin/platen.exe" --version 2>/dev/null | tr -d '\r') || true
{ [ "$said" = "platen $version" ] || echo "it said: $said"; } | check "platen.exe of the solution says its version under Wine"

exit $code
