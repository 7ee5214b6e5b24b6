#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Runs "mapring bench" briefly and judges what it measures.
set -euo pipefail

usage() {
    cat <<'HELP'
usage: bench/check.sh [--update] [MAPRING]

Prints the ratios of "mapring bench" beside their targets, and exits with 1 if any is much
worse than in bench/expected.txt. MAPRING is the command to measure; without it, an
optimized one is built in build-bench. --update rewrites bench/expected.txt, but keeps the
values that the run did not measure.

This is not part of the tests, because other work on the machine makes ratios worse too.
HELP
}

update=()
case "${1-}" in
    -h | --help)
        usage
        exit 0
        ;;
    --update)
        update=(--update)
        shift
        ;;
esac
case "$#/${1-}" in
    0/ | 1/[!-]*) ;;
    *)
        usage >&2
        exit 2
        ;;
esac
bench=$(dirname "${BASH_SOURCE[0]}")
build=$bench/../build-bench
if [ $# = 0 ]; then
    [ -d "$build" ] || meson setup "$build" "$bench/.." -Dtests=disabled -Dman=disabled >/dev/null
    ninja -C "$build" tools/mapring >/dev/null
fi
result=$("${1-$build/tools/mapring}" bench --json --duration 25)
"$bench/check.py" "${update[@]}" "$bench/expected.txt" <<<"$result"
