#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Builds everything, and compares the bridge with plain publishing to JetStream.
set -euo pipefail

usage() {
    cat <<'END'
usage: bench/bridge.sh [OPTION...]

Measures how fast "mapring bridge out" carries records of 128, 1024 and 65536 bytes to
a NATS server with JetStream and to a cluster of three, in turns with a program that
publishes each record as a message, and how long a record takes from ring to ring.
Writes a table to standard output. OPTIONs are those of bench/bridge/measure.py. Takes
about three minutes without any. Leave the machine idle meanwhile.
END
}

case "${1-}" in
    -h | --help)
        usage
        exit 0
        ;;
esac
cd "$(dirname "${BASH_SOURCE[0]}")/.."
tools/install-deps.sh bench

[ -d build-bench ] ||
    meson setup build-bench -Dbuildtype=release -Dbench=enabled -Dnats=enabled -Dtests=disabled -Dman=disabled >/dev/null
ninja -C build-bench tools/mapring bench/bridge/jetstream_plain >/dev/null
bench/bridge/measure.py build-bench/tools/mapring build-bench/bench/bridge/jetstream_plain "$@"
