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

# compile ROOT OBJECTS COMMAND... <FILES: compiles the files of standard input, which lie below ROOT, as
# far as they, or headers of the library there, are newer than their objects.
compile() {
    local root=$1 objects=$2 file object
    shift 2
    mkdir -p "$objects"
    # shellcheck disable=SC2016  # $0 and $1 are for sh
    while read -r file; do
        object=${file#"$root"/}
        object=$objects/${object//\//_}.o
        if [ ! "$object" -nt "$file" ] || [ -n "$(find "$root/src" "$root/include" -name '*.h' -newer "$object" -print -quit)" ]; then
            printf '%s\0' "$file" "$object"
        fi
    done | xargs -0 -r -n 2 -P "$(nproc)" sh -c 'file=$0 object=$1; exec '"${*@Q}"' -c -o "$object" "$file"'
}
