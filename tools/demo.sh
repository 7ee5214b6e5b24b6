#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Builds mapring and streams a real log through a ring between two processes.
set -euo pipefail

usage='usage: tools/demo.sh [--bridge] [FILE...]

Installs what is missing and builds in build/. Then streams the FILEs, or the
largest text log of this machine, through a ring from one process to another, one
record per line, compares what arrived with what was sent, and measures the speed.

With --bridge, there are two rings, as on two machines: a bridge carries the first
one to a NATS server with JetStream, and another bridge from there to the second one.'

bridge=
if [ "${1-}" = --bridge ]; then bridge=yes && shift; fi
case ${1-} in
    -h | --help) echo "$usage" && exit ;;
    -?*) echo "$usage" >&2 && exit 2 ;;
esac

# Ends the demo; shows what the failed command has said, too.
die() {
    [ -z "${work-}" ] || cat "$work/log" >&2
    printf 'demo: %s\n' "$1" >&2
    exit 1
}

row() { # TITLE TEXT
    local bold='' plain=''
    [ ! -t 1 ] || bold=$'\e[1m' plain=$'\e[0m'
    printf '%s%-10s%s%s\n' "$bold" "$1" "$plain" "$2"
}

files=()
for file in "$@"; do
    if [ ! -f "$file" ] || [ ! -r "$file" ]; then die "cannot read $file"; fi
    files+=("$(realpath -- "$file")")
done
cd "$(dirname "${BASH_SOURCE[0]}")/.."
tools/install-deps.sh "demo${bridge:+-bridge}"

work=$(mktemp -d)
tool=$PWD/build/tools/mapring
ring=mapring-demo-$$
arrival=$ring${bridge:+-there}
receiver='' server='' outward='' inward=''
clean_up() {
    for process in $receiver $inward $outward $server; do kill "$process" 2>/dev/null || true; done
    wait
    for name in "$ring" "$arrival"; do
        [ ! -x "$tool" ] || "$tool" rm "$name" --force >/dev/null 2>&1 || true
    done
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
    # A build that found no library for bridges looks again.
    [ -z "$bridge" ] || meson configure build -Dnats=enabled || return
    meson compile -C build tools/mapring:executable
}
build >"$work/log" 2>&1 </dev/null || die 'cannot build mapring'
: >"$work/log"

# Prints the path of the largest text log smaller than 256 MiB, or nothing.
largest_log() {
    find /var/log -xdev -type f -readable -size +0 -size -262144k \
        \( -name '*.log' -o -name syslog -o -name messages \) -printf '%s\t%p\n' 2>/dev/null |
        sort -rn | cut -f 2- | while IFS= read -r path; do
            if grep -Iq . "$path" 2>/dev/null; then printf '%s\n' "$path" && break; fi
        done
}

by_hand=("${files[@]}")
if [ ${#files[@]} -eq 0 ]; then
    by_hand=("$(largest_log || true)")
    [ -n "${by_hand[0]}" ] || die 'there is no text log in /var/log; name a FILE'
    files=("$work/source.log")
    cp -- "${by_hand[0]}" "${files[0]}" # the log may grow before it is compared
fi

# Prints what must arrive: a last line without a newline is a record like any other, and recv ends
# each record with a newline.
expected() {
    local file
    for file in "${files[@]}"; do
        cat -- "$file"
        [ -z "$(tail -c 1 -- "$file" | tr -d '\n' | tr '\0' 0)" ] || echo
    done
}

# soon COMMAND...: waits until it succeeds.
soon() {
    local tries
    for ((tries = 0; tries < 300; tries++)); do
        ! "$@" >/dev/null 2>&1 || return 0
        sleep 0.1
    done
    die "waited in vain: $*"
}

# Sets $url. The server chooses a free port and writes it down.
start_server() {
    mkdir "$work/server"
    nats-server --jetstream --addr 127.0.0.1 --port -1 --store_dir "$work/server" \
        --ports_file_dir "$work" >"$work/server.log" 2>&1 &
    server=$!
    soon grep -q 'nats://' "$work/nats-server_$server.ports"
    url=$(grep -o 'nats://[0-9.:]*' "$work/nats-server_$server.ports" | head -n 1)
}

is_read() { "$tool" stat "$ring" --json | grep -q '"durable": true'; }

# A stream belongs to one ring, so each ring gets a new one.
start_bridges() {
    stream=demo$((${stream#demo} + 1))
    "$tool" create "$ring" --times --capacity 16M
    "$tool" bridge out "$ring" --url "$url" --stream "$stream" --create 2>>"$work/log" </dev/null &
    outward=$!
    soon is_read
    "$tool" bridge in "$arrival" --url "$url" --stream "$stream" --until-end 2>>"$work/log" </dev/null &
    inward=$!
}

end_bridges() {
    wait "$inward" || die "bridge in ended with $?"
    inward=
    kill "$outward"
    wait "$outward" || true
    outward=
    "$tool" rm "$arrival"
}

# stream OUTPUT FILE...: sends the files through the ring from one process to another, and sets
# $microseconds to the time from the start of the sender to the end of both.
stream() {
    local start status=0
    [ -z "$bridge" ] || start_bridges
    timeout 300 "$tool" recv "$arrival" --wait >"$1" 2>>"$work/log" </dev/null &
    receiver=$!
    start=${EPOCHREALTIME/[.,]/}
    timeout 300 "$tool" send "$ring" "${@:2}" --wait-consumers 1 --linger 10 </dev/null 2>>"$work/log" ||
        die "send ended with $?"
    wait "$receiver" || status=$?
    microseconds=$((${EPOCHREALTIME/[.,]/} - start))
    receiver=
    [ $status -eq 0 ] || die "recv ended with $status"
    [ -z "$bridge" ] || end_bridges
    "$tool" rm "$ring"
}

url='' stream=demo0
[ -z "$bridge" ] || start_server
stream "$work/received" "${files[@]}"
records=$(wc -l <"$work/received")
bytes=$(wc -c <"$work/received")
source_sum=$(expected | sha256sum)
received_sum=$(sha256sum <"$work/received")

row Streamed "${by_hand[*]}"
if [ -n "$bridge" ]; then
    row '' "over $url to a second ring, each line as a record"
else
    row '' 'from one process to another, each line as a record'
fi
row Arrived "$records records, $bytes bytes with newlines; the first records:"
head -n 3 "$work/received" | cut -c 1-90 | tr -d '\000-\010\013-\037\177' | sed 's/^/            /'
row Sent "sha256 ${source_sum%% *}"
row Received "sha256 ${received_sum%% *}"
[ "$source_sum" = "$received_sum" ] || die 'what arrived differs from what was sent'

# A single log is over almost before both processes have started, so 1 GiB of it is sent (256 MiB over
# the server), in 20000 arguments at most. The speed of files that are too small even for that is not measured.
if [ "$bytes" -gt 65536 ]; then
    enough=$((1 << 30))
    [ -z "$bridge" ] || enough=$((1 << 28))
    times=$((enough / bytes + 1))
    [ $((times * ${#files[@]})) -le 20000 ] || times=$((20000 / ${#files[@]} + 1))
    many=()
    for ((i = 0; i < times; i++)); do many+=("${files[@]}"); done
    stream /dev/null "${many[@]}"
    row Speed "$(awk -v records="$records" -v bytes="$bytes" -v times="$times" -v us="$microseconds" 'BEGIN {
        printf "%.2f million records/s, %.0f MB/s: sent %d times in a row, %.0f MB in %.2f s",
            records * times / us, bytes * times / us, times, bytes * times / 1e6, us / 1e6
    }')"
fi

quoted=$(printf ' %q' "${by_hand[@]}")
if [ -n "$bridge" ]; then
    row 'By hand' 'each in a terminal of its own:'
    printf '            nats-server --jetstream --store_dir /tmp/jetstream\n'
    printf '            %q create demo --times\n' "$tool"
    printf '            %q bridge out demo --create\n' "$tool"
    printf '            %q bridge in there --stream demo\n' "$tool"
    printf '            %q recv there --wait >/tmp/received.log\n' "$tool"
    printf '            %q send demo%s\n' "$tool" "$quoted"
else
    row 'By hand' 'in one terminal:'
    printf '            %q recv demo --wait >/tmp/received.log\n' "$tool"
    row '' 'in another one:'
    printf '            %q send demo%s --wait-consumers 1 --linger 10\n' "$tool" "$quoted"
fi
if [ ${#by_hand[@]} -eq 1 ] && cmp -s "${by_hand[0]}" "$work/received"; then
    printf '            cmp /tmp/received.log %q && echo the same\n' "${by_hand[0]}"
fi
printf '            %q stat demo\n' "$tool"
printf '            %q rm demo%s\n' "$tool" "${bridge:+ there}"
