#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Usage: packaging/build-deb.sh FOLDER
# Builds the Debian packages from what is committed, and puts them into FOLDER. Needs the packages
# debhelper and git, and the Build-Depends of packaging/debian/control. The tests run with the packages
# only if TESTS is set, as tools/test.sh has run them.
set -euo pipefail
[ $# -eq 1 ] || { sed -n '3,6s/^# //p' "$0" >&2; exit 2; }
out=$(mkdir -p "$1" && cd "$1" && pwd)
cd "$(dirname "${BASH_SOURCE[0]}")/.."

version=$(sed -n "s/^  version: '\(.*\)',/\1/p" meson.build)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
tree=$work/mapring-$version
git archive --prefix="mapring-$version/" HEAD | tar -x -C "$work"
tar -c --sort=name --mtime="@$(git log -1 --format=%ct)" --owner=0 --group=0 -C "$work" "mapring-$version" |
    xz -T0 >"$work/mapring_$version.orig.tar.xz"
cp -r packaging/debian "$tree/debian"
cd "$tree"
DEB_BUILD_OPTIONS="${TESTS:-nocheck} ${DEB_BUILD_OPTIONS-}" dpkg-buildpackage -us -uc >"$work/log" 2>&1 ||
    { tail -n 50 "$work/log" >&2; exit 1; }
cp "$work"/mapring_"$version"* "$work"/*.deb "$out"
