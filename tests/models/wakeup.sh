#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Checks wakeup.pml with Spin: the protocol holds in each variant, and each planted bug is found.
# Usage: tests/models/wakeup.sh BUILD-FOLDER [--long]
# shellcheck disable=SC2154  # common.sh sets the counts
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
folder=$(mkdir -p "$1" && cd "$1" && pwd)
. "$here/../verify/common.sh"

# holds NAME FLAG...: returns 0 if no process can sleep for ever, 1 if one can, 2 if Spin failed.
holds() {
    local name=$1 log
    shift
    mkdir -p "$folder/$name"
    cd "$folder/$name"
    if ! log=$(spin -a "$@" "$here/wakeup.pml" 2>&1 &&
        cc -O1 -w -DSAFETY -DCOLLAPSE -DMEMLIM=1500 -o pan pan.c 2>&1 && ./pan -m1000000 2>&1); then
        printf '%s\n' "$log"
        return 2
    fi
    if ! grep -q 'State-vector' <<<"$log" || grep -qE 'max search depth|Search not completed.*mem' <<<"$log"; then
        printf '%s\n' "$log"
        return 2
    fi
    grep -q 'errors: 0' <<<"$log"
}

expect() {
    local wanted=$1 status=0
    shift
    (holds "$@") || status=$?
    count "wake-up model: $1 ($2${3+ $3}${4+ $4}${5+ $5}): expected $wanted, was $status" \
        "$((status == wanted))"
}

for variant in MEMBARRIER SETTLE; do
    expect 0 "$variant" "-D$variant"
    expect 0 "$variant-roomy" "-D$variant" -DCAPACITY=2 -DRECORDS=4
    expect 0 "$variant-two" "-D$variant" -DCONSUMERS=2 -DRECORDS=2
    if [ "${2-}" = --long ]; then
        expect 0 "$variant-two-long" "-D$variant" -DCONSUMERS=2 -DRECORDS=3 -DCAPACITY=2
    fi
done

expect 1 no-barrier -DNO_BARRIER
expect 1 no-short-sleep -DSETTLE -DBUG_NO_SHORT_SLEEP
expect 1 settled-once-awake -DSETTLE -DBUG_SETTLED_ONCE_AWAKE -DCONSUMERS=2 -DRECORDS=2
for bug in NO_LOOK_FOR_RECORD NO_COMPARISON WAKE_BEFORE_CLEAR PLAIN_PRODUCER_WAITS \
    PLAIN_HEAD NO_LOOK_FOR_ROOM NO_COUNT COUNT_READ_LATE; do
    expect 1 "$bug" -DMEMBARRIER "-DBUG_$bug"
done
expect 1 PLAIN_WAIT_SET -DSETTLE -DBUG_PLAIN_WAIT_SET
expect 1 CLEAR_ALL -DMEMBARRIER -DBUG_CLEAR_ALL -DCONSUMERS=2 -DRECORDS=2
summary
