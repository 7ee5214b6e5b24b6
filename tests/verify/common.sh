# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# What the scripts that build and test have in common. The last line of each method of tools/verify.sh
# is "N passed, N failed".
passed=0
failed=0

# count WHAT GOOD: GOOD is 1, or WHAT is told as a failure.
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

# set_up FOLDER SETUP-ARGUMENT...: anew if it was set up in another way before.
set_up() {
    local folder=$1
    shift
    if [ ! -f "$folder/build.ninja" ] || [ "$(cat "$folder/setup" 2>/dev/null)" != "$CC $*" ]; then
        rm -rf "$folder"
        meson setup "$folder" -Dtests=enabled "$@" 2>&1 || return
        printf '%s\n' "$CC $*" >"$folder/setup"
    fi
}
