#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Runs the proofs that the ring holds, and plants bugs that each of them must find.
set -euo pipefail

usage() {
    cat <<'END'
usage: tools/verify.sh [--long [MINUTES]] [METHOD...]

Installs what is missing, builds in build-verify, and runs the METHODs, or all of them:
  labels   both ends of each ordering edge of src/layout.h carry its label
  wakeup   the wake-up protocol in Spin, with explicit store buffers
  source   the ring's own source in a model of C11, with each order weakened in
           turn; when $GENMC is set, under that model checker too
  litmus   the wake-up's barrier on this machine
  step     a process stopped and killed at the instructions of each operation
  chaos    producer and consumers killed at random
  model    random calls, whose answers a model of the interface must allow
  fuzz     libFuzzer on attach, consumer, observer, producer and dump
  scribble a process that writes nonsense into the rings that others use
  ports    some suites on 32-bit Linux and, under qemu-user, on a big-endian machine
  mutants  the bugs of tests/mutants/, which step, chaos, model, fuzz, scribble or a test
           must find
One line for each, and "N passed, N failed" at the end. On Linux only; stepping
needs x86-64.

  --long  tries more of everything, and lets chaos, model, fuzz and scribble go on for MINUTES
          together; the default is 120. The rest takes an hour more.
END
}

usage_error() {
    printf 'tools/verify.sh: %s; see --help\n' "$1" >&2
    exit 2
}

methods='labels wakeup source litmus step chaos model fuzz scribble ports mutants'
long=false
minutes=120
case "${1-}" in
    --long)
        long=true
        shift
        if [[ ${1-} =~ ^[0-9] ]]; then
            minutes=$1
            shift
        fi
        ;;
    -h | --help)
        usage
        exit 0
        ;;
    -*) usage_error "there is no option '$1'" ;;
esac
[[ $minutes =~ ^[1-9][0-9]{0,4}$ ]] || usage_error "MINUTES is a number from 1 to 99999, not '$minutes'"
for method in "$@"; do
    [[ " $methods " == *" $method "* ]] || usage_error "there is no method '$method', only $methods"
done
chosen=" ${*:-$methods} "

cd "$(dirname "${BASH_SOURCE[0]}")/.."
exec </dev/null
export LC_ALL=C.UTF-8
tools/install-deps.sh verify
folder=$PWD/build-verify
mkdir -p "$folder"

# What runs that were broken off have left behind; suites may be running beside this.
clean_up() {
    local ring process
    rm -rf "$TMPDIR" /dev/shm/mapring-"$(id -u)"+chaos-* /dev/shm/mapring-scribble-*
    for ring in /dev/shm/mapring-"$(id -u)"+test-*; do
        process=${ring##*+test-}
        [ -d "/proc/${process%%-*}" ] || rm -f "$ring"
    done
}
TMPDIR=$(mktemp -d -t mapring-verify-XXXXXX)
export TMPDIR
chmod 755 "$TMPDIR" # some tests become another user
trap clean_up EXIT

. tests/verify/common.sh

# report NAME SECONDS OUTPUT STATUS: the last line of OUTPUT has the counts.
report() {
    local name=$1 seconds=$2 output=$3 status=$4 last good=0 bad=1
    last=${output##*$'\n'}
    [[ $last =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed$ ]] && good=${BASH_REMATCH[1]} bad=${BASH_REMATCH[2]}
    [ "$status" -eq 0 ] || [ "$bad" -gt 0 ] || bad=1
    [ "$bad" -eq 0 ] || printf '%s\n' "$output"
    passed=$((passed + good))
    failed=$((failed + bad))
    printf '%-8s %d passed, %d failed (%d s)\n' "$name" "$good" "$bad" "$seconds"
}

labels() {
    tests/verify/check_labels.py && tests/verify/check_labels.py --self-test || return
    echo '2 passed, 0 failed'
}

flags=(-O2 -g -std=gnu17 -D_GNU_SOURCE '-DMAPRING_VERSION="0"' -pthread)

# library ROOT OBJECTS [FLAG...]: the library of a tree.
library() {
    printf '%s\n' "$1"/src/{,*/,platform/linux/}*.c |
        compile "$1" "$2" gcc "${flags[@]}" "${@:3}" "-I$1/src" "-I$1/include" || return
    rm -f "$2/lib.a"
    ar rcs "$2/lib.a" "$2"/*.o
}

# With the headers of the same tree: they inline what is stepped through.
program() { # NAME ROOT OBJECTS FILE...
    gcc "${flags[@]}" -Wall -Wextra "-I$2/src" "-I$2/include" -Itests/support -o "$3/$1" "${@:4}" "$3/lib.a"
}

programs() { # ROOT OBJECTS
    library "$1" "$2" &&
        program step "$1" "$2" tests/verify/step{,_ring,_operations,_create}.c &&
        program chaos "$1" "$2" tests/verify/chaos.c tests/verify/chaos_roles.c tests/support/linux/helpers_os.c &&
        program calls "$1" "$2" tests/calls/*.c tests/support/{actor,helpers}.c tests/support/linux/helpers_os.c -lcmocka
}

suite() { # NAME ROOT OBJECTS
    if [ "$1" = faults ] || [ "$1" = moments ]; then
        [ "$3/faulty/lib.a" -nt tests/support/linux/fault_calls.h ] || rm -rf "$3/faulty"
        library "$2" "$3/faulty" -include tests/support/moment_accesses.h -include tests/support/linux/fault_calls.h &&
            program "$1" "$2" "$3/faulty" tests/*/"test_$1.c" tests/support/{faults,moments,helpers,actor}.c \
                tests/support/linux/{faults,helpers_os,holdings}.c -lcmocka &&
            cp "$3/faulty/$1" "$3"
        return
    fi
    program "$1" "$2" "$3" tests/*/"test_$1.c" \
        tests/support/{helpers,actor,golden,golden_write}.c tests/support/linux/{helpers_os,holdings}.c -lcmocka
}

# What is still there then hangs, also on a busy machine.
hang_s=600

# part PERCENT: of the time that --long is for, in seconds.
part() {
    echo $((minutes * 60 * $1 / 100))
}

litmus() {
    local seconds=3 output lost status=0
    $long && seconds=60
    program litmus . "$folder/objects" tests/verify/store_buffer_litmus.c
    output=$("$folder/objects/litmus" registered "$seconds") || status=$?
    if [ "$status" -eq 77 ]; then
        printf 'this machine has no membarrier, or one processor only\n0 passed, 0 failed\n'
        return
    fi
    read -r _ lost <<<"$output"
    echo "registered: $output (rounds, lost)"
    if [ "$status" -ne 0 ] || [ "$lost" -ne 0 ]; then
        echo '0 passed, 1 failed'
        return 1
    fi
    output=$("$folder/objects/litmus" unregistered "$seconds")
    printf 'unregistered: %s (rounds, lost)\n1 passed, 0 failed\n' "$output"
}

# plant PATCH COPY TOOL: the tree with the patch, and what finds it built from there.
plant() {
    rm -rf "$2"
    mkdir -p "$2"
    cp -rp src include "$folder/objects" "$folder/fuzz" "$2"
    rm -rf "$2/fuzz/found" # by chance and not by the corpus
    patch -s -d "$2" -p1 <"$1" || return
    case $3 in
        fuzz | scribble) tests/fuzz/build.sh "$2/fuzz" "$2" ;;
        *) programs "$2" "$2/objects" ;;
    esac
}

# Each patch says what must find it: "Caught-by: step OPERATION", "Caught-by: chaos sleep|busy named|file",
# "Caught-by: calls", "Caught-by: fuzz TARGET", "Caught-by: scribble" or "Caught-by: SUITE TEST", and perhaps "Only-with:
# --long", where finding it is a matter of chance and wants more time.
hunt() { # ROOT TOOL ARGUMENT...
    case $2 in
        step) timeout $hang_s "$1/objects/step" --first "$3" ;;
        chaos) timeout $hang_s "$1/objects/chaos" 40 "${@:3}" 1 ;;
        fuzz) tests/fuzz/fuzz.sh "$1/fuzz" "$1" "$3" ;;
        calls) timeout $hang_s "$1/objects/calls" --runs 2000 ;;
        scribble) timeout $hang_s "$1/fuzz/scribble" 40 1 ;;
        *) suite "$2" "$1" "$1/objects" && timeout $hang_s "$1/objects/$2" "$3" ;;
    esac
}

# Says what is wrong, if anything is.
mutant() { # PATCH COPY
    local name caught status=0
    name=$(basename "$1" .patch)
    read -r -a caught < <(grep '^Caught-by:' "$1")
    if ! plant "$1" "$2" "${caught[1]}" >"$2.log" 2>&1; then
        echo "$name: cannot be planted: $(tail -1 "$2.log")"
        return
    fi
    hunt "$2" "${caught[@]:1}" >"$2.log" 2>&1 || status=$?
    [ "$status" -eq 1 ] ||
        echo "$name: not found by ${caught[*]:1} (status $status): $(tail -2 "$2.log")"
}

mutants() {
    local patches=(tests/mutants/*.patch) i worker bad
    $long || mapfile -t patches < <(grep -L '^Only-with: --long' "${patches[@]}")
    suite faults . "$folder/objects" || return # once, for all of its mutants
    for worker in 0 1; do
        for ((i = worker; i < ${#patches[@]}; i += 2)); do
            mutant "${patches[i]}" "$folder/mutant$worker"
        done >"$folder/mutants.$worker" &
    done
    wait
    cat "$folder"/mutants.[01]
    bad=$(cat "$folder"/mutants.[01] | wc -l)
    echo "$((${#patches[@]} - bad)) passed, $bad failed"
    [ "$bad" -eq 0 ]
}

chaos() {
    local seconds=8 how kinds=('sleep named' 'busy file') good=0
    $long && seconds=$(part 10) kinds+=('sleep file' 'busy named')
    for how in "${kinds[@]}"; do
        # shellcheck disable=SC2086 # two arguments
        timeout $((seconds + hang_s)) "$folder/objects/chaos" "$seconds" $how "$RANDOM" >"$folder/chaos.out" 2>&1 &&
            good=$((good + 1))
        echo "$how: $(cat "$folder/chaos.out")"
    done
    echo "$good passed, $((${#kinds[@]} - good)) failed"
}

model() {
    local seconds=8
    $long && seconds=$(part 10)
    "$folder/objects/calls" --seed "$RANDOM$RANDOM" --calls 200 --seconds "$seconds"
}

scribble() {
    local seconds=10
    $long && seconds=$(part 20)
    timeout $((seconds + hang_s)) "$folder/fuzz/scribble" "$seconds" "$RANDOM"
}

if [ "$(uname -s)" != Linux ]; then
    printf 'verify.sh runs on Linux only\n0 passed, 0 failed\n'
    exit 0
fi
more=() fuzz=() steps=false
[ "$(uname -m)" != x86_64 ] || steps=true
$long && more=(--long) fuzz=(--seconds "$(part 40)")
renice -n 10 $$ >/dev/null 2>&1 || true
wants() { # METHOD...: whether one of them is chosen
    local method
    for method in "$@"; do
        [[ $chosen != *" $method "* ]] || return 0
    done
    return 1
}
run() {
    local name=$1 start=$SECONDS status=0
    wants "$name" || return 0
    shift
    (set +e; "$@") >"$folder/$name.log" 2>&1 || status=$?
    echo "$((SECONDS - start)) $status" >"$folder/$name.end"
}
tell() {
    local name=$1 seconds status
    [ -f "$folder/$name.end" ] || return 0
    read -r seconds status <"$folder/$name.end"
    report "$name" "$seconds" "$(cat "$folder/$name.log")" "$status"
}

rm -f "$folder"/*.end "$folder"/*.log
! wants litmus step chaos model mutants || programs . "$folder/objects"
run litmus litmus # first, and alone: it wants two processors for itself
tell litmus
grep -s registered "$folder/litmus.log" || true
(
    run labels labels
    run wakeup tests/models/wakeup.sh "$folder/wakeup" "${more[@]}"
    run source tests/models/ring_model.sh "$folder/source" "${more[@]}"
    ! $steps || run step "$folder/objects/step" "${more[@]}"
) &
run chaos chaos
tell chaos
grep -s 'kills' "$folder/chaos.log" || true
run model model
tell model
! wants fuzz scribble mutants || tests/fuzz/build.sh "$folder/fuzz" "$PWD"
run fuzz tests/fuzz/fuzz.sh "$folder/fuzz" "$PWD" "${fuzz[@]}"
tell fuzz
run scribble scribble
tell scribble
run ports tests/verify/ports.sh "${more[@]}"
tell ports
grep -sE 'skipped|not run' "$folder/ports.log" || true
if $steps; then
    run mutants mutants
    tell mutants
else
    printf 'step, mutants: on x86-64 only\n'
fi
wait
for name in labels wakeup source step; do
    tell "$name"
done

printf '%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
