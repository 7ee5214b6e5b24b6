#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Usage: packaging/build-windows.sh FOLDER
# Builds mapring for Windows with mingw-w64, packs it into FOLDER/mapring-VERSION-windows-x86_64.zip, and makes
# FOLDER/mapring.VERSION.nupkg for NuGet of that. The packages needed are those of 'tools/install-deps.sh packages'.
# Outside of a repository, SOURCE_DATE_EPOCH is the time of the files.
set -euo pipefail
[ $# -eq 1 ] || { sed -n '3,6s/^# //p' "$0" >&2; exit 2; }
out=$(mkdir -p "$1" && cd "$1" && pwd)
cd "$(dirname "${BASH_SOURCE[0]}")/.."

version=$(sed -n "s/^  version: '\(.*\)',/\1/p" meson.build)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
name=mapring-$version-windows-x86_64
tree=$work/$name

{
    meson setup "$work/build" --cross-file tools/mingw-w64.ini --prefix / --libdir lib --bindir bin \
        -Dbuildtype=release -Dtests=disabled -Dman=disabled -Dpkgconfig.relocatable=true --strip &&
        DESTDIR="$tree" meson install -C "$work/build"
} >"$work/log" 2>&1 || { tail -n 40 "$work/log" >&2; exit 1; }

# Microsoft's linker takes an import library under this name.
{
    echo 'LIBRARY mapring.dll'
    echo EXPORTS
    x86_64-w64-mingw32-nm -g --defined-only "$tree/lib/mapring.dll.a" | sed -n 's/.* T /    /p' | sort
} >"$tree/lib/mapring.def"
x86_64-w64-mingw32-dlltool --def "$tree/lib/mapring.def" --output-lib "$tree/lib/mapring.lib"

mkdir "$tree/doc" "$tree/nuget"
cp packaging/nuget/{README.md,mapring.targets} "$tree/nuget"
cp NEWS.md docs/windows.md "$tree/doc"
cp LICENSE "$tree/LICENSE.txt"
cp packaging/windows/README.txt "$tree"
sed -i 's/$/\r/' "$tree/LICENSE.txt" "$tree/README.txt" "$tree/lib/mapring.def"
time=$(git log -1 --format=%ct 2>/dev/null || echo "${SOURCE_DATE_EPOCH:-$(date +%s)}")
find "$tree" -exec touch -d "@$time" {} +
(cd "$work" && find "$name" -type f | sort | zip -q -X "$out/$name.zip" -@)
packaging/nuget/pack.py "$tree" "$version" "$out"
