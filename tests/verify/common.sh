# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# Counts what the methods of tools/verify.sh check. The last line of each method is "N passed, N
# failed".
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
