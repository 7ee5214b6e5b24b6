#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Installs the peers that Debian has, builds, measures all in turns, writes table and page.
set -euo pipefail

usage() {
    cat <<'END'
usage: bench/peers.sh [OPTION...]

Compares mapring with other ways to pass records between processes. The table goes to
standard output and, with the page of charts, into build-peers: peers.txt, peers.html.
OPTIONs are those of "mapring bench", such as --duration 300 or --size 64,1024; the
templates are made for 8, 48, 64, 256, 1024 and 16384 bytes and left out with others.
Without any, it takes about five minutes. Leave the machine alone meanwhile.
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
printf '\nAlso in build-peers/peers.txt; charts in build-peers/peers.html\n' >&2
