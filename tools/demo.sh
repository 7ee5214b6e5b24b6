#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Builds mapring and streams a real log through a ring between two processes.
set -euo pipefail

usage() {
    cat <<'END'
usage: tools/demo.sh [FILE...]

Installs what is missing, builds in build/, streams the FILEs, or the largest
text log of this machine, through a ring from one process to another, one
record a line, and compares what arrived with what was sent.
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

work=$(mktemp -d)
tool=build/tools/mapring
ring=mapring-demo-$$
receiver=
clean_up() {
    if [ -n "$receiver" ]; then
        kill "$receiver" 2>/dev/null || true
        wait "$receiver" 2>/dev/null || true
    fi
    if [ -x $tool ]; then
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

# The largest text log below a quarter of a GiB; its path, or nothing.
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
    [ -n "$log" ] || die 'no text log in /var/log: name a FILE'
    # A copy: the log itself may grow before it is compared.
    cp -- "$log" "$work/source.log"
    source_text=$log
    files=("$work/source.log")
    by_hand=("$log")
fi

# What has to arrive: every line with a newline at its end. A file whose last
# line lacks it ends in a record like any other, and recv ends each with one.
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

timeout 300 $tool recv "$ring" --wait >"$work/received" 2>"$work/recv.err" </dev/null &
receiver=$!

start=${EPOCHREALTIME/[.,]/}
sent=0
timeout 300 $tool send "$ring" "${files[@]}" --wait-consumers 1 --linger 10 \
    2>"$work/send.err" </dev/null || sent=$?
if [ $sent -ne 0 ]; then
    cat "$work/send.err" >&2
    die "send ended with $sent"
fi
received=0
wait "$receiver" || received=$?
end=${EPOCHREALTIME/[.,]/}
receiver=
if [ $received -ne 0 ]; then
    cat "$work/recv.err" >&2
    die "recv ended with $received"
fi

records=$(wc -l <"$work/received")
bytes=$(wc -c <"$work/received")
source_sum=$(expected | checksum)
received_sum=$(checksum <"$work/received")

printf '%sStreamed%s  %s\n' "$bold" "$plain" "$source_text"
printf '%sArrived%s   %d records, %d bytes with their newlines; the first ones:\n' \
    "$bold" "$plain" "$records" "$bytes"
head -n 3 "$work/received" | cut -c 1-90 | sed 's/^/            /'
printf '%sSent%s      sha256 %s\n' "$bold" "$plain" "$source_sum"
printf '%sReceived%s  sha256 %s\n' "$bold" "$plain" "$received_sum"
[ "$source_sum" = "$received_sum" ] || die 'what arrived differs from what was sent'

awk -v records="$records" -v bytes="$bytes" -v us=$((end - start)) \
    -v head="${bold}Speed${plain}    " 'BEGIN {
        s = us / 1e6
        printf "%s %.0f records/s, %.1f MB/s: %.3f s from the start of the sender\n",
            head, records / s, bytes / 1e6 / s, s
        printf "          to the end of the receiver, reading and writing files included\n"
    }'

printf '%sBy hand%s   in one terminal, then in another:\n' "$bold" "$plain"
printf '            %s recv %s --wait >received.log\n' $tool "$ring"
printf '            %s send %s%s --wait-consumers 1 --linger 10\n' $tool "$ring" \
    "$(printf ' %q' "${by_hand[@]}")"
