#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Runs the verification methods, and plants bugs that these methods must find.
set -euo pipefail

usage() {
    cat <<'END'
usage: tools/verify.sh [--long [MINUTES]] [METHOD...]

Installs what is missing, builds in build-verify and build-fuzz, and runs the
METHODs, or all of them:
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
fuzzing=$PWD/build-fuzz

# Removes what interrupted runs have left behind, but not the rings of suites that are running.
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

# report NAME SECONDS OUTPUT STATUS: adds up the counts, which are in the last line of OUTPUT.
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

# Shows the output of a command only if it fails.
quietly() {
    local log
    log=$("$@" 2>&1) || { printf '%s\n' "$log" && return 1; }
}

build() { # FOLDER TARGET...
    quietly ninja -C "$@"
}

set_up_verify() {
    CC=gcc quietly set_up "$folder" -Dverify=enabled -Dman=disabled --werror
}

set_up_fuzz() {
    CC=clang quietly set_up "$fuzzing" -Dfuzz=enabled -Dman=disabled --werror -Doptimization=1 \
        -Db_sanitize=address,undefined -Db_lundef=false -Dc_args=-fno-sanitize-recover=all
}

# A program that still runs after this time hangs, even on a busy machine.
hang_s=600

# part PERCENT: this share of the MINUTES of --long, in seconds.
part() {
    echo $((minutes * 60 * $1 / 100))
}

# The machine must lose none with either barrier; that it loses some without one is only told.
litmus() {
    local seconds=3 way output lost status passed=0 failed=0
    $long && seconds=60
    for way in registered settled unregistered; do
        status=0
        output=$("$folder/tests/litmus" $way "$seconds") || status=$?
        if [ "$status" -eq 77 ]; then
            echo "$way: this machine has no membarrier, or one processor only"
            continue
        fi
        read -r _ lost _ <<<"$output"
        echo "$way: $output (rounds, lost, late)"
        [ $way != unregistered ] || continue
        if [ "$status" -eq 0 ] && [ "$lost" -eq 0 ]; then
            passed=$((passed + 1))
        else
            failed=$((failed + 1))
        fi
    done
    echo "$passed passed, $failed failed"
}

# copy_tree COPY: copies the sources and the builds. Ninja then rebuilds nothing, since its paths are
# relative.
copy_tree() {
    rm -rf "$1"
    mkdir "$1"
    cp -a meson.build meson_options.txt bench docs examples include src tests tools "${folder##*/}" "${fuzzing##*/}" "$1"
    rm -rf "$1/${fuzzing##*/}/tests/fuzz/found" # the corpus must find a bug, not chance
}

# Each patch says what must find it: "Caught-by: step OPERATION", "Caught-by: chaos sleep|busy
# named|file", "Caught-by: calls", "Caught-by: fuzz TARGET", "Caught-by: scribble" or "Caught-by: SUITE
# TEST". If finding it is a matter of chance and takes more time, it also says "Only-with: --long".
hunt() { # COPY TOOL ARGUMENT...
    local built=$1/${folder##*/} fuzzers=$1/${fuzzing##*/}
    case $2 in
        step) build "$built" tests/verify/step && timeout $hang_s "$built/tests/verify/step" --first "$3" ;;
        chaos) build "$built" tests/chaos && timeout $hang_s "$built/tests/chaos" 40 "${@:3}" 1 ;;
        calls) build "$built" tests/calls && timeout $hang_s "$built/tests/calls" --runs 2000 ;;
        fuzz) tests/fuzz/fuzz.sh "$fuzzers" "$3" ;;
        scribble) build "$fuzzers" fuzzers && timeout $hang_s "$fuzzers/tests/fuzz/scribble" 40 1 ;;
        *) build "$built" "tests/test_$2" && timeout $hang_s "$built/tests/test_$2" "$3" ;;
    esac
}

# Prints the problem if the bug is not found. A bug that does not compile counts as not found.
mutant() { # PATCH COPY
    local name caught status=0
    name=$(basename "$1" .patch)
    read -r -a caught < <(grep '^Caught-by:' "$1")
    if ! patch -s -d "$2" -p1 <"$1" >"$2/log" 2>&1; then
        echo "$name: cannot be planted: $(tail -1 "$2/log")"
        return
    fi
    hunt "$2" "${caught[@]:1}" >"$2/log" 2>&1 || status=$?
    if [ "$status" -ne 1 ] || grep -q '^ninja: build stopped' "$2/log"; then
        echo "$name: not found by ${caught[*]:1} (status $status): $(tail -2 "$2/log" | paste -sd" ")"
    fi
    patch -s -R -d "$2" -p1 <"$1"
}

mutants() {
    local patches=(tests/mutants/*.patch) i worker bad
    $long || mapfile -t patches < <(grep -L '^Only-with: --long' "${patches[@]}")
    build "$folder" || return # once, for all copies
    for worker in 0 1; do
        copy_tree "$PWD/build-mutant$worker"
        for ((i = worker; i < ${#patches[@]}; i += 2)); do
            mutant "${patches[i]}" "$PWD/build-mutant$worker"
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
        # shellcheck disable=SC2086 # $how is two arguments
        timeout $((seconds + hang_s)) "$folder/tests/chaos" "$seconds" $how "$RANDOM" >"$folder/chaos.out" 2>&1 &&
            good=$((good + 1))
        echo "$how: $(cat "$folder/chaos.out")"
    done
    echo "$good passed, $((${#kinds[@]} - good)) failed"
}

model() {
    local seconds=8
    $long && seconds=$(part 10)
    "$folder/tests/calls" --seed "$RANDOM$RANDOM" --calls 200 --seconds "$seconds"
}

scribble() {
    local seconds=10
    $long && seconds=$(part 20)
    timeout $((seconds + hang_s)) "$fuzzing/tests/fuzz/scribble" "$seconds" "$RANDOM"
}

if [ "$(uname -s)" != Linux ]; then
    printf 'verify.sh runs on Linux only\n0 passed, 0 failed\n'
    exit 0
fi
more=() fuzz=() steps=false
[ "$(uname -m)" != x86_64 ] || steps=true
$long && more=(--long) fuzz=(--seconds "$(part 40)")
renice -n 10 $$ >/dev/null 2>&1 || true
wants() { # METHOD...: whether at least one of them was chosen
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

! wants litmus step chaos model source mutants || set_up_verify
! wants fuzz scribble mutants || set_up_fuzz
mkdir -p "$folder"
rm -f "$folder"/*.end "$folder"/*.log
! wants litmus step chaos model mutants || build "$folder" verify
! wants source || build "$folder" models
run litmus litmus # first, and alone: it needs two processors for itself
tell litmus
grep -s ' (rounds' "$folder/litmus.log" || true
(
    run labels labels
    run wakeup tests/models/wakeup.sh "$folder/wakeup" "${more[@]}"
    run source tests/models/ring_model.sh "$folder" "${more[@]}"
    ! $steps || run step "$folder/tests/verify/step" "${more[@]}"
) &
run chaos chaos
tell chaos
grep -s 'kills' "$folder/chaos.log" || true
run model model
tell model
! wants fuzz scribble mutants || build "$fuzzing" fuzzers
run fuzz tests/fuzz/fuzz.sh "$fuzzing" "${fuzz[@]}"
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
