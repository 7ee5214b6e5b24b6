#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Shares a ring in a file between Linux and Windows: the native command and the Windows one under
# Wine have it open at the same time.
# shellcheck disable=SC2317  # nothing is unreachable: check() calls its arguments
set -euo pipefail

if [ $# -ne 2 ]; then
    cat >&2 <<'END'
usage: tests/cross_system.sh MAPRING MAPRING.EXE

Wine is taken with the environment as it is; its server should be running.
A line for each test; the exit status is 1 when one failed.
END
    exit 2
fi
linux_tool=$(realpath -e -- "$1")
windows_tool=$(realpath -e -- "$2")
export LC_ALL=C.UTF-8 WINEDEBUG=-all WINEDLLOVERRIDES='mscoree,mshtml,winedbg.exe='
time_limit=30

work=$(mktemp -d)
started=()
kill_started() {
    local pid
    for pid in "${started[@]}"; do
        kill -9 "$pid" || true
        wait "$pid" || true
    done
    started=()
}
clean_up() {
    kill_started 2>/dev/null
    rm -rf "$work"
}
trap clean_up EXIT

# on SYSTEM COMMAND RING ARGUMENT...: runs mapring there, for a limited time. Paths under $work are
# given as Windows knows them.
on() {
    local system=$1
    shift
    if [ "$system" = linux ]; then
        timeout -k 1 "$time_limit" "$linux_tool" "$@"
    else
        timeout -k 1 "$time_limit" wine "$windows_tool" "${@/#"$work"/Z:$work}"
    fi
}

# begin SYSTEM COMMAND RING ARGUMENT...: the same in the background, without a limit; $pid is its
# process. (<&0: or the shell would give it /dev/null.)
begin() {
    local system=$1
    shift
    if [ "$system" = linux ]; then
        "$linux_tool" "$@" <&0 &
    else
        wine "$windows_tool" "${@/#"$work"/Z:$work}" <&0 &
    fi
    pid=$!
    started+=("$pid")
}

# ends PID STATUS: waits for it, and kills it when it takes too long.
ends() {
    local status=0 end=$((SECONDS + time_limit))
    while kill -0 "$1" 2>/dev/null; do
        [ "$SECONDS" -le "$end" ] || kill -9 "$1"
        sleep 0.02
    done
    wait "$1" || status=$?
    [ "$status" -ne "$2" ] || return 0
    printf 'a command ended with %d, not %d\n' "$status" "$2"
    return 1
}

# shows RING PATTERN: waits until stat shows it.
shows() {
    local end=$((SECONDS + time_limit))
    until "$linux_tool" stat "$1" --json 2>/dev/null | tr -d '\n' | grep -q -- "$2"; do
        if [ "$SECONDS" -gt "$end" ]; then
            printf 'stat never shows %s:\n' "$2"
            "$linux_tool" stat "$1" || true
            return 1
        fi
        sleep 0.02
    done
}

awk 'BEGIN {
    for (i = 0; i < 60000; i++)
        printf "2026-01-01 host app[%d]: record %d, %.*s\n", i % 977, i, i % 40, "环形缓冲区 naïve text of some length"
}' >"$work/log"
printf '\r\n\n\000\001\377\n' >>"$work/log"

log_passes() { # FROM TO
    begin "$2" recv "$ring" --wait >"$dir/copy"
    local receiver=$pid
    on "$1" send "$ring" "$work/log" --wait-consumers 1 --linger 30 || return
    ends "$receiver" 0 && cmp "$work/log" "$dir/copy"
}

log_passes_to_both_from() { # SYSTEM
    on linux create "$ring" --capacity 64K || return
    begin linux recv "$ring" >"$dir/linux.copy"
    local first=$pid
    begin windows recv "$ring" >"$dir/windows.copy"
    local second=$pid
    on "$1" send "$ring" "$work/log" --wait-consumers 2 || return
    ends "$first" 0 && ends "$second" 0 &&
        cmp "$work/log" "$dir/linux.copy" && cmp "$work/log" "$dir/windows.copy"
}

# Each is waited for before the next one is sent: both sides sleep in between.
single_records_pass() { # FROM TO
    local i line
    mkfifo "$dir/out"
    exec {out}<>"$dir/out"
    begin "$1" send "$ring" --capacity 64K <"$dir/in"
    begin "$2" recv "$ring" --wait --count 20 >"$dir/out"
    local receiver=$pid
    for i in {1..20}; do
        printf 'record %d\n' "$i" >&"$in"
        read -r -t "$time_limit" -u "$out" line || return
        if [ "$line" != "record $i" ]; then
            printf 'record %d is: %s\n' "$i" "$line"
            return 1
        fi
    done
    exec {out}>&-
    ends "$receiver" 0
}

stat_is_the_same_while_open() { # SENDER RECEIVER
    begin "$1" send "$ring" --capacity 128K --slot-bytes 32 <"$dir/in"
    begin "$2" recv "$ring" --wait >"$dir/copy"
    printf 'one\ntwo\n' >&"$in"
    shows "$ring" \
        '"records": 2.*"state": "open".*"alive": true.*"alive": true.*"pending_records": 0' || return
    on linux stat "$ring" --json | grep -v '"name": "/' >"$dir/linux.json" || return
    on windows stat "$ring" --json | grep -v '"name": "Z:/' >"$dir/windows.json" || return
    grep -q '"capacity_bytes": 131072' "$dir/linux.json" &&
        diff "$dir/linux.json" "$dir/windows.json"
}

death_of_the_sender_is_noticed() { # SENDER RECEIVER
    begin "$1" send "$ring" <"$dir/in"
    local sender=$pid
    begin "$2" recv "$ring" --wait >"$dir/copy" 2>"$dir/errors"
    local receiver=$pid
    printf 'one\ntwo\n' >&"$in"
    shows "$ring" '"records": 2.*"consumers": \[ *{.*"pending_records": 0' || return
    kill -9 "$sender"
    ends "$receiver" 3 || return
    printf 'one\ntwo\n' | cmp - "$dir/copy" && grep -q 'the producer died' "$dir/errors"
}

death_of_a_receiver_makes_room() { # SENDER RECEIVER
    mkfifo "$dir/stuck"
    exec {stuck}<>"$dir/stuck"
    on linux create "$ring" --capacity 64K || return
    begin "$2" recv "$ring" >"$dir/stuck"
    local receiver=$pid
    begin "$1" send "$ring" "$work/log" --wait-consumers 1
    local sender=$pid
    shows "$ring" '"state": "open".*"pending_records": [1-9]' || return
    kill -9 "$receiver"
    ends "$sender" 0 || return
    exec {stuck}>&-
}

sender_takes_over() { # FIRST SECOND
    begin "$1" send "$ring" <"$dir/in"
    local first=$pid
    printf 'one\ntwo\n' >&"$in"
    shows "$ring" '"records": 2' || return
    if on "$2" send "$ring" "$work/log"; then
        printf 'there are two senders at once\n'
        return 1
    fi
    kill -9 "$first"
    shows "$ring" '"state": "died"' || return
    printf 'three\n' | on "$2" send "$ring" || return
    on "$1" recv "$ring" >"$dir/copy" || return
    printf 'one\ntwo\nthree\n' | cmp - "$dir/copy"
}


failed=0
check() {
    local title=$*
    dir=$(mktemp -d "$work/XXXXXX")
    ring=$dir/环.ring
    mkfifo "$dir/in"
    exec {in}<>"$dir/in" # both ends: who reads it never finds its end
    # No subshell: its processes have to be known here.
    if "$@" >"$dir/log" 2>&1; then
        printf 'ok %s\n' "${title//_/ }"
    else
        printf 'FAILED %s\n' "${title//_/ }"
        sed 's/^/    /' "$dir/log"
        failed=1
    fi
    kill_started 2>/dev/null
    exec {in}>&-
}

check log_passes linux windows
check log_passes windows linux
check log_passes_to_both_from linux
check log_passes_to_both_from windows
check single_records_pass linux windows
check single_records_pass windows linux
check stat_is_the_same_while_open linux windows
check stat_is_the_same_while_open windows linux
check death_of_the_sender_is_noticed linux windows
check death_of_the_sender_is_noticed windows linux
check death_of_a_receiver_makes_room linux windows
check death_of_a_receiver_makes_room windows linux
check sender_takes_over linux windows
check sender_takes_over windows linux
exit $failed
