#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Runs a command while an LTTng session records the events of bench_peers in a flight recorder of
# 1 MiB per CPU.
set -euo pipefail

case "${1-}" in
    '' | -*)
        printf 'usage: bench/peers/lttng.sh COMMAND [ARGUMENT...]\n' >&2
        exit 2
        ;;
esac
if ! command -v lttng-sessiond >/dev/null || ! command -v lttng >/dev/null; then
    printf 'lttng-tools are not installed: skipping LTTng-UST.\n' >&2
    exec "$@"
fi

LTTNG_HOME=$(mktemp -d)
export LTTNG_HOME
daemon=''
leftovers=()
# Programs with events create these files and never remove them. Remove those that are new.
for word in "/dev/shm/lttng-ust-wait-8" "/dev/shm/lttng-ust-wait-8-$(id -u)"; do
    [ -e "$word" ] || leftovers+=("$word")
done

clean_up() {
    if [ -n "$daemon" ]; then
        kill "$daemon" 2>/dev/null || true
        wait "$daemon" || true
    fi
    rm -rf "$LTTNG_HOME" "${leftovers[@]}"
}
trap clean_up EXIT

ask() {
    lttng --quiet --no-sessiond "$@" 2>"$LTTNG_HOME/errors"
}

start() {
    lttng-sessiond --no-kernel --quiet &
    daemon=$!
    until ask create mapring-bench --snapshot --output="$LTTNG_HOME/out"; do
        kill -0 "$daemon" 2>/dev/null || return 1
        sleep 0.1
    done
    ask enable-channel --userspace --overwrite --subbuf-size=256K --num-subbuf=4 records &&
        ask enable-event --userspace --channel=records mapring_bench:record &&
        ask start
}

start ||
    printf "Cannot start a session daemon (is another one running?): skipping LTTng-UST.\n" >&2
"$@"
