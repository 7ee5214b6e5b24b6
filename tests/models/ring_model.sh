#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Runs the ring's own source in every scenario of ring_model.c under our own explorer (explorer.h),
# then again with each ordered access weakened in turn: each weakening must be found in at least one
# scenario, or be listed in ring_spare_orders. The explorer itself has to pass litmus.c. If $GENMC
# names that model checker, it has to give the same results.
# Usage: tests/models/ring_model.sh BUILD-FOLDER [--long], once the target models is built there
# shellcheck disable=SC2154  # common.sh sets the counts
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
programs=$(cd "$1/tests/models" && pwd)
folder=$programs/found
mkdir -p "$folder"
long=${2-}
cd "$root"
. tests/verify/common.sh
models=tests/models
spare=$models/ring_spare_orders

# The scenarios that meson.build lists.
mapfile -t scenarios < <(sed -n "s/^  '\([A-Z-]*\)',$/\1/p" $models/meson.build)

definitions() { # SCENARIO
    printf -- '-D%s' "${1//-/ -D}"
}

files() { # as ring_source.h numbers them
    awk '/define MODEL_FILE/ { n = $3 } /include "..\/..\// && n {
        sub(/.*\.\.\//, ""); sub(/"/, ""); print n, $0 }' $models/ring_source.h
}

# Each ordered access: "SITE FILE:LINE FILE FUNCTION CODE".
sites() {
    local number file
    while read -r number file; do
        awk -v number="$number" -v file="${file##*/}" '
            /^[a-zA-Z].*\(/ && !/;$/ { name = $0; sub(/\(.*/, "", name); sub(/.*[ *]/, "", name) }
            /(^|[^a-z0-9_])(load_acquire|load_ordered|store_release|exchange32|exchange64|fetch_(or|and|add)32|fence_release|mapring_(acquire_load|ordered_load|release_store))\(/ {
                code = $0; sub(/^ */, "", code)
                print number * 10000 + FNR, file ":" FNR, file, name, code }' "$file"
    done < <(files)
}

# Writes the accesses that are not listed as spare to $folder/sites.
choose_sites() {
    local site where access
    sites >"$folder/all-sites"
    while read -r site where access; do
        if ! grep -qxF "$access" $spare; then
            echo "$site $where $access"
        fi
    done <"$folder/all-sites" >"$folder/sites"
    cut -d' ' -f3- "$folder/all-sites" >"$folder/accesses"
    while read -r access; do
        count "listed in $spare, but the code does not contain exactly one such access: $access" \
            "$(($(grep -cxF "$access" "$folder/accesses") == 1))"
    done < <(grep -v '^#' $spare)
}

# ---- Our own explorer ----

litmus() {
    local output
    output=$("$programs/explorer_litmus") && good=1 || good=0
    count "$output" "$good"
}

explore() { # FLAG...
    local scenario output
    for scenario in "${scenarios[@]}"; do
        output=$("$programs/$scenario" "$@") && good=1 || good=0
        echo "$scenario: $output"
        count "$scenario: see above" "$good"
    done
}

# Weakens the sites on standard input in one scenario after the other; prints those that none finds.
hunt() { # FLAG...
    local scenario left=$folder/left
    cat >"$left"
    for scenario in "${scenarios[@]}"; do
        [ -s "$left" ] || break
        "$programs/$scenario" "$@" --weaken "$(cut -d' ' -f1 "$left" | paste -sd,)" >"$folder/weakened"
        sed "s/^/$scenario /" "$folder/weakened" >>"$folder/weakened.log"
        awk 'FNR == NR { if ($2 == "found") found[$1] = 1; next } !($1 in found)' \
            "$folder/weakened" "$left" >"$left.new"
        mv "$left.new" "$left"
    done
    cat "$left"
}

# Tries the sites that are not found yet with more and more executions.
weaken() {
    local all site where access
    : >"$folder/weakened.log"
    hunt --deviations 1 --executions 500 <"$folder/sites" >"$folder/not-found-1"
    hunt --deviations 1 --executions 5000 <"$folder/not-found-1" >"$folder/not-found-2"
    hunt --deviations 1 --executions 50000 <"$folder/not-found-2" >"$folder/not-found"
    all=$(wc -l <"$folder/sites")
    while read -r site where access; do
        count "no scenario finds $where weakened: $access" 0
    done <"$folder/not-found"
    passed=$((passed + all - $(wc -l <"$folder/not-found")))
}

# Checks that no scenario finds an access that is listed as spare.
look_for_needed() {
    local site where access
    grep -vxFf "$folder/sites" "$folder/all-sites" >"$folder/spare"
    hunt "$@" <"$folder/spare" >"$folder/spare-not-found"
    while read -r site where access; do
        count "listed in $spare, but needed: $where $access" \
            "$(grep -c "^$site " "$folder/spare-not-found" || true)"
    done <"$folder/spare"
}

with_explorer() {
    litmus
    if [ "$long" = --long ]; then
        explore --deviations 3 --executions 300000 --seed "$RANDOM"
        weaken
        look_for_needed --deviations 1 --executions 20000 --seed "$RANDOM"
    else
        explore
        weaken
    fi
}

# ---- GenMC ----

genmc() { # SCENARIO FLAG...
    local options=(--disable-estimation) flags
    read -r -a flags < <(definitions "$1")
    timeout "${GENMC_SECONDS:-60}" "$GENMC" "${options[@]}" -- -w -DGENMC "${flags[@]}" "${@:2}" -Isrc \
        -Iinclude $models/ring_model.c </dev/null >"$folder/genmc.log" 2>&1
}

# GenMC supports neither membarrier() nor strings, and takes what stat.c fills for some thousand
# accesses.
genmc_can() {
    [[ ! $1 =~ MEMBARRIER|SLEEP|GATHER|TAKEOVER|RUNS|COMES|STAT|DROP|DURABLE ]]
}

# GenMC has to find each weakening that our explorer has found, in the same scenario.
with_genmc() {
    local scenario site result status
    for scenario in "${scenarios[@]}"; do
        genmc_can "$scenario" || continue
        genmc "$scenario" && good=1 || good=0
        count "GenMC, $scenario: $(tail -3 "$folder/genmc.log")" "$good"
    done
    while read -r scenario site result _; do
        if [ "$result" != found ] || ! genmc_can "$scenario"; then
            continue
        fi
        status=0
        genmc "$scenario" "-DWEAKEN=$site" || status=$?
        count "GenMC, $scenario, does not find $site weakened (status $status)" \
            "$((status != 0 && status != 124))"
    done <"$folder/weakened.log"
}

choose_sites
with_explorer
if [ -n "${GENMC-}" ]; then
    with_genmc
fi
summary
