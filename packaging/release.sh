#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Usage: packaging/release.sh VERSION FOLDER
# Makes a release of what is committed: checks that VERSION is named everywhere and that NEWS.md no longer
# calls it unreleased, runs all tests, builds the source archive, the Debian packages and the zip file for
# Windows into FOLDER with their checksums, and tags the commit. Nothing is uploaded or pushed. CONTRIBUTING.md
# says what to change before. With SKIP_TESTS set to something, the tests are left out, to try the rest.
set -euo pipefail
[ $# -eq 2 ] || { sed -n '3,8s/^# //p' "$0" >&2; exit 2; }
version=$1
out=$(mkdir -p "$2" && cd "$2" && pwd)
cd "$(dirname "${BASH_SOURCE[0]}")/.."

refuse() {
    echo "release.sh: $*" >&2
    exit 1
}

[ -z "$(git status --porcelain)" ] || refuse 'there are changes that are not committed: commit or stash them'
grep -q "^  version: '$version'," meson.build || refuse "meson.build names another version than $version"
tests/check_versions.py || refuse 'the versions differ, see above'
! grep -q "^## mapring $version, unreleased" NEWS.md || refuse "NEWS.md calls $version unreleased: write its date there"
! git rev-parse -q --verify "refs/tags/v$version" >/dev/null || refuse "there is a tag v$version already"

[ -n "${SKIP_TESTS-}" ] || tools/test.sh || refuse 'tests fail'

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
{
    meson setup "$work/build" -Dtests=disabled && meson dist -C "$work/build" --no-tests --formats xztar
} >"$work/log" 2>&1 || { tail -n 30 "$work/log" >&2; refuse 'meson dist fails, see above'; }
cp "$work"/build/meson-dist/*.tar.xz "$out"
packaging/build-deb.sh "$out"
packaging/build-windows.sh "$out"
(cd "$out" && sha256sum -- * >"$work/sums" && mv "$work/sums" SHA256SUMS)
git tag -a "v$version" -m "mapring $version"
echo "Tagged v$version. Look at what is in $out, then push the tag and publish it." >&2
