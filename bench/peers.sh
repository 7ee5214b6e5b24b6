#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Installs the peers that Debian packages, builds everything, measures it in turns, and writes a
# table and a page.
set -euo pipefail

usage() {
    cat <<'END'
usage: bench/peers.sh [OPTION...]

Compares mapring with other ways to pass records between processes. Writes the table to
standard output and to build-peers/peers.txt, and a page of charts to
build-peers/peers.html. OPTIONs are those of "mapring bench", such as --duration 300 or
--size 64,1024. The peers that are templates are measured with 8, 48, 64, 256, 1024 and
16384 bytes and rings of 1 MiB only. Without options, it takes about five minutes. Leave the machine idle
meanwhile.
END
}

case "${1-}" in
    -h | --help)
        usage
        exit 0
        ;;
esac
cd "$(dirname "${BASH_SOURCE[0]}")/.."
tools/install-deps.sh peers

[ -d build-peers ] ||
    meson setup build-peers -Dbench=enabled -Dpeers=enabled -Dtests=disabled -Dman=disabled >/dev/null
ninja -C build-peers >/dev/null
[ $# -gt 0 ] || set -- --duration 300
bench/peers/lttng.sh build-peers/bench/peers/bench_peers --html build-peers/peers.html "$@" |
    tee build-peers/peers.txt
printf '\nThe table is in build-peers/peers.txt, the charts are in build-peers/peers.html\n' >&2
