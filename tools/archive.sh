#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Makes the static library that is installed. Symbols that its objects share only among themselves
# get the prefix mapring0_, so that a program may have functions of its own with names like fail().
# Usage: tools/archive.sh NM OBJCOPY AR ARCHIVE OBJECT...
set -euo pipefail
nm=$1 objcopy=$2 ar=$3 archive=$4
shift 4

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$nm" -g --defined-only "$@" | awk 'NF == 3 && $3 !~ /^_?mapring/ { print $3, "mapring0_" $3 }' |
    sort -u >"$work/names"
objects=()
for object in "$@"; do
    copy=$work/${#objects[@]}-${object##*/}
    "$objcopy" --redefine-syms="$work/names" "$object" "$copy"
    objects+=("$copy")
done
rm -f "$archive"
"$ar" rcsD "$archive" "${objects[@]}"
