#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Opens and uses hostile mappings: first those in tests/fuzz/corpus, then new ones for some time.
# Usage: tests/fuzz/fuzz.sh BUILD-FOLDER [--seconds N | --keep | TARGET], with -Dfuzz=enabled there
#   --seconds N  fuzzes all targets at once for N seconds, starting from earlier findings as well
#   --keep       adds those earlier findings to the corpus that reach new code
#   TARGET       fuzzes only this target, until it finds a bug, for at most 20 s
set -euo pipefail
build=$(cd "$1" && pwd) how=${2-}
folder=$build/tests/fuzz
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
. tests/verify/common.sh
ninja -C "$build" fuzzers >"$build/build.log" || {
    cat "$build/build.log"
    exit 2
}

targets=(attach consumer dump observer producer)
seconds=6 # all targets run at once
case $how in
    --seconds) seconds=$3 ;;
    --keep | '') ;;
    *) targets=("$how") seconds=20 ;;
esac
# A small quarantine lets freed memory be reused, so that it need not be mapped again each time.
export ASAN_OPTIONS=quarantine_size_mb=1:malloc_context_size=3
# A hang of more than 2 s is a failure. The output of the command is discarded.
options=(-timeout=2 -close_fd_mask=3 -max_len=100 -len_control=0)

fuzz() { # TARGET OPTION... FOLDER...
    "$folder/$1" "${options[@]}" "-artifact_prefix=$folder/$1-" "${@:2}" >"$folder/$1.log" 2>&1
}

hunt() { # TARGET: prints "GOOD WHAT" lines, the arguments of count()
    local corpus=tests/fuzz/corpus/$1 good=0
    [ "$how" = --seconds ] || rm -rf "$folder/found/$1" # reading old findings would take all the time
    mkdir -p "$folder/found/$1"
    fuzz "$1" -runs=0 "$corpus" && good=1
    echo "$good $1, the corpus: $folder/$1.log"
    [ "$good" -eq 1 ] || return 0
    fuzz "$1" "-max_total_time=$seconds" -use_value_profile=1 "$folder/found/$1" "$corpus" || good=0
    echo "$good $1, $(sed -n 's/^#\([0-9]*\).*DONE.*/\1/p' "$folder/$1.log") mappings: $folder/$1.log"
}

keep() { # TARGET
    "$folder/$1" "${options[@]}" -use_counters=0 -set_cover_merge=1 "tests/fuzz/corpus/$1" "$folder/found/$1" \
        >"$folder/$1.log" 2>&1
}

if [ "$how" = --keep ]; then
    for target in "${targets[@]}"; do keep "$target"; done
    exit
fi
for target in "${targets[@]}"; do
    hunt "$target" >"$folder/$target.found" &
done
wait
while read -r good what; do
    printf '%s\n' "$what"
    count "$what" "$good"
done < <(cd "$folder" && cat "${targets[@]/%/.found}")
summary
