#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Shares rings between two builds of the command, for different systems or word sizes, which have
# the rings open at the same time. Builds for Windows run under Wine.
# shellcheck disable=SC2317  # nothing is unreachable: check() calls its arguments
set -euo pipefail

if [ $# -ne 2 ] || [[ $1 != ?*=?* ]] || [[ $2 != ?*=?* ]]; then
    cat >&2 <<'END'
usage: tests/cross_system.sh NAME=MAPRING NAME=MAPRING

A MAPRING that ends in .exe runs under Wine in the present environment, and the Wine
server should already be running. The rings are in files; if both builds are for
Windows, named rings follow. Prints a line for each test. The exit status is 1 if a
test failed.
END
    exit 2
fi
first=${1%%=*}
second=${2%%=*}
declare -A tools
tools[$first]=$(realpath -e -- "${1#*=}")
tools[$second]=$(realpath -e -- "${2#*=}")
export LC_ALL=C.UTF-8 WINEDEBUG=-all WINEDLLOVERRIDES='mscoree,mshtml,winedbg.exe,explorer.exe='
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

# command_of SYSTEM COMMAND RING ARGUMENT...: sets $command to the command line that runs mapring
# there. Wine gets paths under $work as Windows spells them.
command_of() {
    local tool=${tools[$1]}
    shift
    command=("$tool" "$@")
    [[ $tool != *.exe ]] || command=(wine "$tool" "${@/#"$work"/Z:$work}")
}

# on SYSTEM COMMAND RING ARGUMENT...: runs mapring there, with a time limit.
on() {
    command_of "$@"
    timeout -k 1 "$time_limit" "${command[@]}"
}

# begin SYSTEM COMMAND RING ARGUMENT...: the same in the background and without a time limit; sets
# $pid. (Without <&0, the shell would give it /dev/null as standard input.)
begin() {
    command_of "$@"
    "${command[@]}" <&0 &
    pid=$!
    started+=("$pid")
}

# ends PID STATUS: waits for the process to end with that status, and kills it if it takes too long.
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

# shows RING PATTERN: waits until stat shows the pattern.
shows() {
    local end=$((SECONDS + time_limit))
    until on "$first" stat "$1" --json 2>/dev/null | tr -d '\n' | grep -q -- "$2"; do
        if [ "$SECONDS" -gt "$end" ]; then
            printf 'stat never shows %s:\n' "$2"
            on "$first" stat "$1" || true
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
    on "$first" create "$ring" --capacity 64K || return
    begin "$first" recv "$ring" >"$dir/first.copy"
    local receiver=$pid
    begin "$second" recv "$ring" >"$dir/second.copy"
    on "$1" send "$ring" "$work/log" --wait-consumers 2 || return
    ends "$receiver" 0 && ends "$pid" 0 &&
        cmp "$work/log" "$dir/first.copy" && cmp "$work/log" "$dir/second.copy"
}

# Each record must arrive before the next one is sent, so that both sides sleep in between.
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
    on "$first" stat "$ring" --json | sed 's|"name": "Z:/|"name": "/|' >"$dir/first.json" || return
    on "$second" stat "$ring" --json | sed 's|"name": "Z:/|"name": "/|' >"$dir/second.json" || return
    grep -q '"capacity_bytes": 131072' "$dir/first.json" &&
        diff "$dir/first.json" "$dir/second.json"
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
    on "$first" create "$ring" --capacity 64K || return
    begin "$2" recv "$ring" >"$dir/stuck"
    local receiver=$pid
    begin "$1" send "$ring" "$work/log" --wait-consumers 1
    local sender=$pid
    shows "$ring" '"state": "open".*"pending_records": [1-9]' || return
    kill -9 "$receiver"
    ends "$sender" 0 || return
    exec {stuck}>&-
}

sender_takes_over() { # FROM TO
    begin "$1" send "$ring" <"$dir/in"
    local sender=$pid
    printf 'one\ntwo\n' >&"$in"
    shows "$ring" '"records": 2' || return
    if on "$2" send "$ring" "$work/log"; then
        printf 'there are two senders at once\n'
        return 1
    fi
    kill -9 "$sender"
    shows "$ring" '"state": "died"' || return
    printf 'three\n' | on "$2" send "$ring" || return
    on "$1" recv "$ring" >"$dir/copy" || return
    printf 'one\ntwo\nthree\n' | cmp - "$dir/copy"
}

failed=0
check() { # [named] TEST SYSTEM...
    local title=$*
    dir=$(mktemp -d "$work/XXXXXX")
    ring=$dir/环.ring
    if [ "$1" = named ]; then
        ring=cross-$$-${dir##*/}
        shift
    fi
    mkfifo "$dir/in"
    exec {in}<>"$dir/in" # opened at both ends, so that a reader never sees the end
    # Not in a subshell, because the processes that it starts must be known here.
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
both_ways() { # [named] TEST
    check "$@" "$first" "$second"
    check "$@" "$second" "$first"
}

both_ways log_passes
check log_passes_to_both_from "$first"
check log_passes_to_both_from "$second"
both_ways single_records_pass
both_ways stat_is_the_same_while_open
both_ways death_of_the_sender_is_noticed
both_ways death_of_a_receiver_makes_room
both_ways sender_takes_over
# On Windows, a name lasts only while somebody has it open, so the other tests cannot use one.
if [[ ${tools[$first]} = *.exe && ${tools[$second]} = *.exe ]]; then
    both_ways named log_passes
    both_ways named single_records_pass
    both_ways named stat_is_the_same_while_open
    both_ways named death_of_the_sender_is_noticed
fi
exit $failed
