#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Builds mapring in every configuration and runs all tests.
set -euo pipefail

usage() {
    cat <<'END'
usage: tools/test.sh [--quick]

Installs what is missing, builds, and runs the tests
  gcc      natively, warnings are errors
  clang    natively, warnings are errors
  asan     with the address and undefined-behaviour sanitizers
  tsan     with the thread sanitizer
  windows  built with mingw-w64, under Wine (prefix: $MAPRING_WINEPREFIX or
           ~/.cache/mapring-wine)
  cross    a ring shared by the gcc and the windows build
  verify   tools/verify.sh: models, crash stepping, planted bugs
  coverage what the tests run of src/, and under Wine of src/platform/windows;
           tools/coverage.py --files build-coverage says it for each file, and
           tools/coverage.py --files --windows build-coverage-windows
in build-gcc, build-clang and so on. The last line is "N passed, N failed".

  --quick  gcc and clang only
END
}

quick=false
case "${1-}" in
    '') ;;
    --quick) quick=true ;;
    -h | --help)
        usage
        exit 0
        ;;
    *)
        usage >&2
        exit 2
        ;;
esac

cd "$(dirname "${BASH_SOURCE[0]}")/.."
exec </dev/null
export HOME="${HOME:-/root}" LC_ALL=C.UTF-8

bold='' red='' plain=''
if [ -t 1 ]; then
    bold=$'\e[1m' red=$'\e[31m' plain=$'\e[0m'
fi

. tests/verify/common.sh
skipped=0

counts() {
    printf '%d passed, %d failed' "$1" "$2"
    [ "$3" -eq 0 ] || printf ', %d skipped' "$3"
}

# report NAME SECONDS PASSED FAILED SKIPPED
report() {
    passed=$((passed + $3))
    failed=$((failed + $4))
    skipped=$((skipped + $5))
    [ "$4" -eq 0 ] || printf %s "$red"
    printf '%-8s %s (%d s)%s\n' "$1" "$(counts "$3" "$4" "$5")" "$2" "$plain"
}

# Prints what the caller shows if the build fails.
build() { # FOLDER SETUP-ARGUMENT...
    set_up "$@" && meson compile -C "$1" 2>&1
}

# run_tests NAME MULTIPLIER COMMAND...: runs COMMAND, which builds in build-NAME, then
# the tests, with their time limits multiplied by MULTIPLIER.
run_tests() {
    local name=$1 multiplier=$2 start=$SECONDS log status=0 result
    local folder=build-$name
    shift 2

    if ! log=$("$@"); then
        printf '%s\n' "$log"
        report "$name" $((SECONDS - start)) 0 1 0
        return
    fi

    rm -f "$folder/meson-logs/testlog.json"
    log=$("${test_wrapper[@]}" meson test -C "$folder" --no-rebuild -t "$multiplier" 2>&1) ||
        status=$?
    if ! result=$(tools/count-tests.py "$folder/meson-logs/testlog.json" 2>&1); then
        printf '%s\n' "$log" "$result"
        report "$name" $((SECONDS - start)) 0 1 0
        return
    fi

    local counted ok bad left_out
    read -r ok bad left_out <<<"$result"
    counted=${result%%$'\n'*}
    [ "$counted" = "$result" ] || printf '%s\n' "${result#*$'\n'}"
    if [ "$status" -ne 0 ] && [ "$bad" -eq 0 ]; then
        printf '%s\n' "$log"
        bad=1
    fi
    report "$name" $((SECONDS - start)) "$ok" "$bad" "$left_out"
}

run_windows_tests() {
    export WINEPREFIX=${MAPRING_WINEPREFIX:-$HOME/.cache/mapring-wine}
    # With Wine's debugger, some programs that crash would exit with status 0. Wine's desktop, which
    # is started for the first program that needs one, would hold that program's output open.
    export WINEDEBUG=-all WINEDLLOVERRIDES='mscoree,mshtml,winedbg.exe,explorer.exe='

    # One run at a time in a prefix: its server is stopped at the end.
    mkdir -p "$(dirname "$WINEPREFIX")"
    exec {lock}>"$WINEPREFIX.lock"
    flock "$lock"
    trap stop_wine EXIT
    run_tests windows 3 build_for_windows
    run_cross_tests
    run_coverage coverage-windows 3 windows suites_of_windows --cross-file tools/mingw-w64.ini
    trap - EXIT
    stop_wine
    exec {lock}>&-
}

# Tests rings that both systems use at once; see tests/cross_system.sh.
run_cross_tests() {
    local start=$SECONDS log status=0 ok bad
    log=$(tests/cross_system.sh linux=build-gcc/tools/mapring windows=build-windows/tools/mapring.exe 2>&1) ||
        status=$?
    ok=$(grep -c '^ok ' <<<"$log") || true
    bad=$(grep -c '^FAILED ' <<<"$log") || true
    if [ "$status" -ne 0 ] && [ "$bad" -eq 0 ]; then
        bad=1
    fi
    [ "$bad" -eq 0 ] || printf '%s\n' "$log"
    report cross $((SECONDS - start)) "$ok" "$bad" 0
}

# Shows the output of tools/verify.sh only if something failed.
run_verification() {
    local start=$SECONDS log last
    log=$(tools/verify.sh 2>&1) || true
    last=${log##*$'\n'}
    if [[ ! $last =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed$ ]]; then
        printf '%s\n' "$log"
        report verify $((SECONDS - start)) 0 1 0
        return
    fi
    local good=${BASH_REMATCH[1]} bad=${BASH_REMATCH[2]}
    [ "$bad" -eq 0 ] || printf '%s\n' "$log"
    report verify $((SECONDS - start)) "$good" "$bad" 0
}

# covers ROUNDS PART FOLDER SUITE...: builds, then runs the suites until all code is covered, at most
# ROUNDS times: some of the code runs only by chance, and the counts add up.
covers() {
    local rounds=$1 part=$2 folder=$3
    shift 3
    while true; do
        meson test -C "$folder" -t 3 "$@" 2>&1 || return
        tools/coverage.py ${part:+"--$part"} "$folder" 2>&1 && return
        [ $((rounds -= 1)) -gt 0 ] || return
    done
}

# run_coverage NAME ROUNDS PART SUITES SETUP-ARGUMENT...: measures how much of src/, or of a PART of
# it, is covered in build-NAME by the suites whose names the function SUITES prints.
run_coverage() {
    local name=$1 rounds=$2 part=$3 suites=$4 start=$SECONDS log status=0 good=1 bad=0
    local folder=build-$name
    shift 4
    if ! log=$(set_up "$folder" --werror -Dbuildtype=debug -Db_coverage=true -Dman=disabled "$@"); then
        printf '%s\n' "$log"
        report "$name" $((SECONDS - start)) 0 1 0
        return
    fi
    find "$folder" -name '*.gcda' -delete
    # shellcheck disable=SC2046  # each name is one word
    log=$(covers "$rounds" "$part" "$folder" $("$suites" "$folder")) || status=$?
    if [ "$status" -ne 0 ]; then
        printf '%s\n' "$log"
        good=0 bad=1
    fi
    printf 'coverage %s\n' "${log##*$'\n'}"
    report "$name" $((SECONDS - start)) "$good" "$bad" 0
}

# The longest suites are left out: the others run the same code.
all_but_long_suites() {
    meson introspect --tests "$1" |
        python3 -c 'import json, sys; print(*(test["name"] for test in json.load(sys.stdin)), sep="\n")' |
        grep -vxE 'cli_bench|install|stress|torture'
}

# The suites that together cover src/platform/windows.
suites_of_windows() {
    printf '%s\n' platform geometry pages attach names stat removal windows files_windows words faults_windows faults
}

build_for_windows() {
    tools/cmocka-source.sh 2>&1 || return
    # Before the setup, which checks that it can run the compiler's programs.
    start_wine || {
        printf 'Wine does not start with the prefix %s\n' "$WINEPREFIX"
        return 1
    }
    build build-windows --werror --cross-file tools/mingw-w64.ini
}

# The first process of a prefix starts services that keep its output open, and a
# reader of that output would wait for them, so it is started on /dev/null.
start_wine() {
    if [ ! -f "$WINEPREFIX/mapring-ready" ]; then
        rm -rf "$WINEPREFIX"
        timeout 300 wine wineboot -i >/dev/null 2>&1 {lock}>&- || return
        timeout 60 wineserver -w >/dev/null 2>&1 {lock}>&- || return
        touch "$WINEPREFIX/mapring-ready"
    fi
    wineserver -p >/dev/null 2>&1 {lock}>&- || true
    timeout 120 wine wineboot >/dev/null 2>&1 {lock}>&-
}

stop_wine() {
    wineserver -k >/dev/null 2>&1 || true
    timeout 60 wineserver -w >/dev/null 2>&1 || true
}

if $quick; then
    tools/install-deps.sh test-quick
else
    tools/install-deps.sh test
fi

test_wrapper=(env)
export CC=gcc
run_tests gcc 1 build build-gcc --werror
export CC=clang
run_tests clang 1 build build-clang --werror

if ! $quick; then
    export ASAN_OPTIONS=detect_stack_use_after_return=1:strict_string_checks=1
    export UBSAN_OPTIONS=print_stacktrace=1
    run_tests asan 3 build build-asan -Db_sanitize=address,undefined -Db_lundef=false \
        -Dc_args=-fno-sanitize-recover=all

    # Older thread sanitizers fail under strong address randomisation.
    export TSAN_OPTIONS=die_after_fork=0
    if setarch -R true 2>/dev/null; then
        test_wrapper=(setarch -R)
    fi
    # It may put off a signal that arrives just before a read until the read returns.
    export MAPRING_LEAVE_OUT=what_is_held_ends_with_an_interrupt
    run_tests tsan 5 build build-tsan -Db_sanitize=thread -Db_lundef=false
    test_wrapper=(env)

    unset ASAN_OPTIONS UBSAN_OPTIONS TSAN_OPTIONS MAPRING_LEAVE_OUT
    export CC=gcc
    run_windows_tests
    run_verification
    run_coverage coverage 3 '' all_but_long_suites
fi

printf '%s%s%s\n' "$bold" "$(counts "$passed" "$failed" "$skipped")" "$plain"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
