#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Usage: packaging/release.sh [--dry-run] FOLDER
# Makes a release of what is committed, of the version that meson.build names: runs all tests, builds the
# source archive, from that the Debian packages and the zip file for Windows, and tags the commit. FOLDER,
# which is new or empty, gets them and their checksums. Nothing is uploaded or pushed. Before, it checks what
# would go wrong, and names all of it at once; with --dry-run, it ends there. CONTRIBUTING.md says what to
# change before. With SKIP_TESTS set to something, the tests are left out, to try the rest.
set -euo pipefail
dry_run=
[ "${1-}" != --dry-run ] || { dry_run=1; shift; }
[ $# -eq 1 ] && [[ $1 != -* ]] || { sed -n '3,8s/^# //p' "$0" >&2; exit 2; }
out=$(realpath -m -- "$1")
cd "$(dirname "${BASH_SOURCE[0]}")/.."

version=$(sed -n "s/^  version: '\(.*\)',/\1/p" meson.build)
tag=v$version
tools='dpkg-buildpackage meson x86_64-w64-mingw32-gcc xz zip'

# Each prints what is wrong, or nothing.
check_tree() {
    [ -z "$(git status --porcelain)" ] || echo 'there are changes that are not committed: commit or stash them'
}
check_tag() {
    ! git rev-parse -q --verify "refs/tags/$tag" >/dev/null ||
        echo "there is a tag $tag already: change the version in meson.build, or remove the tag"
    git -c user.useConfigOnly=true var GIT_COMMITTER_IDENT >/dev/null 2>&1 ||
        echo 'git does not know who tags: set user.name and user.email'
}
check_news() {
    grep -qE "^## mapring ${version//./\\.}, [0-9]{4}-[0-9]{2}-[0-9]{2}$" NEWS.md ||
        echo "NEWS.md has no heading '## mapring $version, YYYY-MM-DD': write the date of the release there"
}
check_folder() {
    [ -z "$(ls -A "$out" 2>/dev/null)" ] || echo "$out is not empty: name a new folder"
    [[ $out/ != "$PWD"/* ]] || echo "$out is within the source: name a folder outside of it"
}
check_tools() {
    local tool
    for tool in $tools; do
        command -v "$tool" >/dev/null || echo "there is no $tool: run 'tools/install-deps.sh packages'"
    done
}

step() {
    echo "release.sh: $*" >&2
}
refuse() {
    step "$*"
    exit 1
}

problems=$(
    check_tree
    tests/check_versions.py || true
    check_tag
    check_news
    check_folder
    check_tools
)
[ -z "$problems" ] || refuse "$version is not ready:"$'\n'"$(sed 's/^/    /' <<<"$problems")"
commit=$(git rev-parse HEAD)
[ -z "$dry_run" ] || { step "$version can be released from ${commit:0:12}"; exit; }

[ -n "${SKIP_TESTS-}" ] || { step 'running all tests'; tools/test.sh --thorough >&2 || refuse 'tests fail, see above'; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
step 'packing the source'
{
    meson setup "$work/build" -Dtests=disabled && meson dist -C "$work/build" --no-tests --formats xztar
} >"$work/log" 2>&1 || { tail -n 30 "$work/log" >&2; refuse 'meson dist fails, see above'; }
mkdir "$work/out"
cp "$work/build/meson-dist/mapring-$version.tar.xz" "$work/out"

# What is built of the archive shows that nothing is missing in it.
tar -xJf "$work/out/mapring-$version.tar.xz" -C "$work"
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct "$commit")
export SOURCE_DATE_EPOCH
for package in deb windows; do
    step "packing for $package"
    "$work/mapring-$version/packaging/build-$package.sh" "$work/out" || refuse "build-$package.sh fails, see above"
done

mkdir -p "$out"
(cd "$work/out" && sha256sum -- * >"$work/sums" && mv "$work/sums" SHA256SUMS && cp -- * "$out")
git tag -a "$tag" -m "mapring $version" "$commit"
step "tagged $tag; look at what is in $out, then push the tag and publish it"
