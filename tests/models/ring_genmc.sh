#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The ring's own source under GenMC ($GENMC), every scenario, and with each ordered access weakened in
# turn: each weakening must be found in one scenario at least, or be listed in ring_spare_orders.
# Without $GENMC: compiled, run with plain threads, and under the thread sanitizer with the orders of
# the payload weakened.
# Usage: tests/models/ring_genmc.sh BUILD-FOLDER [--long]
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
folder=$(mkdir -p "$1" && cd "$1" && pwd)
cd "$root"
. tests/verify/common.sh
model=tests/models/ring_genmc.c
scenarios=(SINGLE MULTI FULL JOIN BATCH TWO OBSERVE SLEEP CLOSE)
compile=("${CC:-clang}" -std=gnu17 -O1 -g -w -pthread -Isrc -Iinclude "$model")

files() { # as ring_source.h numbers them
    awk '/define MODEL_FILE/ { n = $3 } /include "..\/..\// && n {
        sub(/.*\.\.\//, ""); sub(/"/, ""); print n, $0 }' tests/models/ring_source.h
}

# Each ordered access: "SITE FILE:LINE CODE".
sites() {
    local number file
    while read -r number file; do
        grep -nE '\b(load_acquire|load_ordered|store_release|exchange32|exchange64|fetch_(or|and|add)32|fence_release|mapring_(acquire_load|ordered_load|release_store))\(' \
            "$file" | while IFS=: read -r line code; do
            printf '%d %s:%d %s\n' $((number * 10000 + line)) "${file##*/}" "$line" "$code"
        done
    done < <(files)
}

genmc() { # SCENARIO FLAG...
    local options=(--disable-estimation)
    [ "$1" != SLEEP ] || options+=(--check-liveness)
    timeout "${GENMC_SECONDS:-60}" "$GENMC" "${options[@]}" -- -w -DGENMC "-D$1" "${@:2}" -Isrc \
        -Iinclude "$model" >"$folder/genmc.log" 2>&1
}

found_by_genmc() {
    local scenario
    for scenario in "${scenarios[@]}"; do
        genmc "$scenario" "$@" || return 0
    done
    return 1
}

with_genmc() {
    local scenario site where code
    for scenario in "${scenarios[@]}"; do
        genmc "$scenario" && good=1 || good=0
        count "GenMC, $scenario: $(tail -3 "$folder/genmc.log")" "$good"
        [ "$good" = 1 ] || return 0
    done
    while read -r site where code; do
        ! grep -qxF "$code" tests/models/ring_spare_orders || continue
        found_by_genmc "-DWEAKEN=$site" || found_by_genmc "-DWEAKEN=$site" -DWEAKEN_FULLY && good=1 || good=0
        count "GenMC does not find $where weakened: $code" "$good"
    done < <(sites)
}

run_threads() { # NAME FLAG...
    "${compile[@]}" "${@:2}" -o "$folder/$1" >"$folder/$1.log" 2>&1 &&
        timeout 60 setarch -R "$folder/$1" >"$folder/$1.log" 2>&1
}

# site_of FILE PATTERN: the one access that matches.
site_of() {
    sites | awk -v file="$1:" -v pattern="$2" 'index($2, file) == 1 && index($0, pattern) { print $1; n++ }
        END { exit n != 1 }'
}

expect_race() { # WHAT SCENARIO FILE PATTERN FLAG...
    local site
    if ! site=$(site_of "$3" "$4"); then
        count "no single access '$4' in $3" 0
        return
    fi
    run_threads weak -fsanitize=thread "-D$2" -DREPEAT=400 "-DWEAKEN=$site" -DWEAKEN_FULLY "${@:5}" || true
    grep -q 'data race' "$folder/weak.log" && good=1 || good=0
    count "thread sanitizer: no race with $1" "$good"
}

with_threads() {
    local scenario
    for scenario in "${scenarios[@]}"; do
        run_threads "$scenario" "-D$scenario" -DREPEAT=2000 && good=1 || good=0
        count "threads, $scenario: $(tail -3 "$folder/$scenario.log")" "$good"
        run_threads "$scenario-tsan" -fsanitize=thread "-D$scenario" -DREPEAT=200 && good=1 || good=0
        count "thread sanitizer, $scenario: $(tail -3 "$folder/$scenario-tsan.log")" "$good"
    done
    expect_race 'edge C weakened in the inlined producer' SINGLE inline.h 'mapring_release_store(word, record)'
    expect_race 'edge C weakened in the producer' BATCH producer.c 'store_release(place, word)'
    expect_race 'edge C weakened in the inlined consumer' SINGLE inline.h 'mapring_acquire_load(place)'
    expect_race 'edge C weakened in the consumer' SINGLE ring.h 'load_acquire(ring_word' -DCALLED
    expect_race 'edge F weakened in the consumer' FULL consumer.c 'exchange64(&cell->head'
    expect_race 'edge F weakened in the producer' FULL room.c 'load_ordered(&ring->cells->cell[i].head)'
}

if [ -n "${GENMC-}" ]; then
    with_genmc
else
    printf 'GENMC is not set: plain threads and the thread sanitizer instead\n'
fi
with_threads
summary
