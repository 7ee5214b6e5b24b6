#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Builds mapring and streams a real log through a ring between two processes.
set -euo pipefail

usage() {
    cat <<'END'
usage: tools/demo.sh [FILE...]

Installs what is missing and builds in build/. Then streams the FILEs, or the
largest text log of this machine, through a ring from one process to another, one
record per line, compares what arrived with what was sent, and measures the speed.
END
}

case "${1-}" in
    -h | --help)
        usage
        exit 0
        ;;
    -?*)
        usage >&2
        exit 2
        ;;
esac

bold='' plain=''
if [ -t 1 ]; then
    bold=$'\e[1m' plain=$'\e[0m'
fi

die() {
    printf 'demo: %s\n' "$1" >&2
    exit 1
}

files=()
for file in "$@"; do
    if [ ! -f "$file" ] || [ ! -r "$file" ]; then
        die "cannot read $file"
    fi
    files+=("$(realpath -- "$file")")
done
cd "$(dirname "${BASH_SOURCE[0]}")/.."

tools/install-deps.sh demo

speed_bytes=$((1 << 30))
arguments_limit=20000

work=$(mktemp -d)
tool=build/tools/mapring
ring=mapring-demo-$$
receiver=
clean_up() {
    if [ -n "$receiver" ]; then
        kill "$receiver" 2>/dev/null || true
        wait "$receiver" 2>/dev/null || true
    fi
    if [ -x "$tool" ]; then
        $tool rm "$ring" --force >/dev/null 2>&1 || true
    fi
    rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

build() {
    if [ ! -f build/build.ninja ]; then
        rm -rf build
        meson setup build -Dbuildtype=release || return
    fi
    meson compile -C build tools/mapring:executable
}
if ! build >"$work/build.log" 2>&1 </dev/null; then
    cat "$work/build.log" >&2
    die 'cannot build mapring'
fi

# Prints the path of the largest text log smaller than 256 MiB, or nothing.
largest_log() {
    local path
    find /var/log -xdev -type f -readable -size +0 -size -262144k \
        \( -name '*.log' -o -name syslog -o -name messages \) -printf '%s\t%p\n' \
        2>/dev/null | sort -rn | cut -f 2- >"$work/logs" || true
    while IFS= read -r path; do
        if grep -Iq . "$path" 2>/dev/null; then
            printf '%s\n' "$path"
            return
        fi
    done <"$work/logs"
}

if [ ${#files[@]} -gt 0 ]; then
    source_text="${files[*]}"
    by_hand=("${files[@]}")
else
    log=$(largest_log)
    [ -n "$log" ] || die 'there is no text log in /var/log; name a FILE'
    # Copies the log, which may grow before it is compared.
    cp -- "$log" "$work/source.log"
    source_text=$log
    files=("$work/source.log")
    by_hand=("$log")
fi

# Prints what must arrive: every line with a newline at its end. A last line without
# a newline is a record like any other, and recv ends each record with a newline.
expected() {
    local file
    for file in "${files[@]}"; do
        cat -- "$file"
        if [ -n "$(tail -c 1 -- "$file" | tr -d '\n' | tr '\0' 0)" ]; then
            echo
        fi
    done
}

checksum() {
    local sum
    sum=$(sha256sum)
    printf '%s\n' "${sum%% *}"
}

# stream OUTPUT FILE...: sends the files through the ring from one process to another, and sets
# $microseconds to the time from the start of the sender to the end of both.
stream() {
    local start sent=0 received=0
    timeout 300 $tool recv "$ring" --wait >"$1" 2>"$work/recv.err" </dev/null &
    receiver=$!
    start=${EPOCHREALTIME/[.,]/}
    timeout 300 $tool send "$ring" "${@:2}" --wait-consumers 1 --linger 10 \
        2>"$work/send.err" </dev/null || sent=$?
    if [ $sent -ne 0 ]; then
        cat "$work/send.err" >&2
        die "send ended with $sent"
    fi
    wait "$receiver" || received=$?
    microseconds=$((${EPOCHREALTIME/[.,]/} - start))
    receiver=
    if [ $received -ne 0 ]; then
        cat "$work/recv.err" >&2
        die "recv ended with $received"
    fi
    $tool rm "$ring"
}

row() {
    printf '%s%-10s%s%s\n' "$bold" "$1" "$plain" "$2"
}

stream "$work/received" "${files[@]}"
records=$(wc -l <"$work/received")
bytes=$(wc -c <"$work/received")
source_sum=$(expected | checksum)
received_sum=$(checksum <"$work/received")

row Streamed "$source_text"
row '' 'from one process to another, each line as a record'
row Arrived "$records records, $bytes bytes with newlines; the first records:"
head -n 3 "$work/received" | cut -c 1-90 | tr -d '\000-\010\013-\037\177' | sed 's/^/            /'
row Sent "sha256 $source_sum"
row Received "sha256 $received_sum"
[ "$source_sum" = "$received_sum" ] || die 'what arrived differs from what was sent'

# A single log is over almost before both processes have started, so the files are sent many times.
# The speed of files that are too small even for that is not measured.
if [ "$bytes" -gt 65536 ]; then
    times=$((speed_bytes / bytes + 1))
    [ $((times * ${#files[@]})) -le $arguments_limit ] ||
        times=$((arguments_limit / ${#files[@]} + 1))
    many=()
    for ((i = 0; i < times; i++)); do
        many+=("${files[@]}")
    done
    stream /dev/null "${many[@]}"
    row Speed "$(awk -v records=$((records * times)) -v bytes=$((bytes * times)) -v times="$times" \
        -v us="$microseconds" 'BEGIN {
            s = us / 1e6
            printf "%.2f million records/s, %.0f MB/s: sent %d times in a row, %.0f MB in %.2f s",
                records / s / 1e6, bytes / 1e6 / s, times, bytes / 1e6, s
        }')"
fi

tool=$PWD/$tool
row 'By hand' 'in one terminal:'
printf '            %q recv demo --wait >/tmp/received.log\n' "$tool"
row '' 'in another one:'
printf '            %q send demo%s --wait-consumers 1 --linger 10\n' "$tool" \
    "$(printf ' %q' "${by_hand[@]}")"
if [ ${#by_hand[@]} -eq 1 ] && cmp -s "${by_hand[0]}" "$work/received"; then
    printf '            cmp /tmp/received.log %q && echo the same\n' "${by_hand[0]}"
fi
printf '            %q stat demo\n' "$tool"
printf '            %q rm demo\n' "$tool"
