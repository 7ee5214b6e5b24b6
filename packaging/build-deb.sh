#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Usage: packaging/build-deb.sh FOLDER
# Builds the Debian packages, and puts them into FOLDER. Needs what 'tools/install-deps.sh packages' installs,
# and the Build-Depends of packaging/debian/control. The tests are run with the packages only if TESTS is set
# to something, since tools/test.sh runs them. Outside of a repository, SOURCE_DATE_EPOCH is the time of the
# files.
set -euo pipefail
[ $# -eq 1 ] || { sed -n '3,7s/^# //p' "$0" >&2; exit 2; }
out=$(mkdir -p "$1" && cd "$1" && pwd)
cd "$(dirname "${BASH_SOURCE[0]}")/.."

version=$(sed -n "s/^  version: '\(.*\)',/\1/p" meson.build)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
tree=$work/mapring-$version

# Outside of a repository, everything but what was built.
source_files() {
    git ls-files -z 2>/dev/null ||
        find . \( -name .git -o -path './build*' -o -path './subprojects/cmocka' \) -prune -o -type f -print0
}

mkdir "$tree"
source_files | tar -c --null -T - | tar -x -C "$tree"
time=$(git log -1 --format=%ct 2>/dev/null || echo "${SOURCE_DATE_EPOCH:-$(date +%s)}")
tar -c --sort=name --mtime="@$time" --owner=0 --group=0 -C "$work" "mapring-$version" |
    xz -T0 >"$work/mapring_$version.orig.tar.xz"
cp -r packaging/debian "$tree/debian"
cd "$tree"
[ -n "${TESTS-}" ] || export DEB_BUILD_OPTIONS="nocheck ${DEB_BUILD_OPTIONS-}"
dpkg-buildpackage -us -uc >"$work/log" 2>&1 || {
    tail -n 50 "$work/log" >&2
    exit 1
}
cp "$work"/*.dsc "$work"/*.tar.* "$work"/*.buildinfo "$work"/*.changes "$work"/*.deb "$out"
