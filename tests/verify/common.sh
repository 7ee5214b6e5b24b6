# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# Common functions of the scripts that build and test. The last line that each method of
# tools/verify.sh prints is "N passed, N failed".
passed=0
failed=0

# count WHAT GOOD: counts a pass if GOOD is 1; otherwise, reports WHAT as a failure.
count() {
    if [ "$2" -eq 1 ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        printf 'FAILED  %s\n' "$1"
    fi
}

summary() {
    printf '%d passed, %d failed\n' "$passed" "$failed"
    [ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
}

# set_up FOLDER SETUP-ARGUMENT...: sets up FOLDER unless that was done with the same arguments.
set_up() {
    local folder=$1
    shift
    if [ ! -f "$folder/build.ninja" ] || [ "$(cat "$folder/setup" 2>/dev/null)" != "$CC $*" ]; then
        rm -rf "$folder"
        meson setup "$folder" -Dtests=enabled "$@" 2>&1 || return
        printf '%s\n' "$CC $*" >"$folder/setup"
    fi
}
