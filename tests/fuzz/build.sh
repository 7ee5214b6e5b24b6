#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Builds the fuzzers and the scribbler with the library of a tree, with the address and
# undefined-behaviour sanitizers, as far as something is newer than it was.
# Usage: tests/fuzz/build.sh BUILD-FOLDER LIBRARY-ROOT
set -euo pipefail
folder=$1 library=$2
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
. tests/verify/common.sh

# shellcheck disable=SC2054  # the commas are clang's
compiler=(clang -O1 -gline-tables-only -std=gnu17 -D_GNU_SOURCE '-DMAPRING_VERSION="0"' -pthread
    -fno-sanitize-recover=all -fsanitize=address,undefined "-I$library/src" "-I$library/include")
tool=(cmd_dump cmd_stat consumer_row framing json look lost message output output_buffer output_json progress text
    values plain idle linux/interrupt linux/sink linux/stream)

wraps() { # FUNCTION...
    printf -- '-Wl,--wrap=%s ' "$@"
}

printf '%s\n' "$library"/src/{,*/,platform/linux/}*.c |
    compile "$library" "$folder/library" "${compiler[@]}" -fsanitize=fuzzer-no-link \
        -include "$PWD/tests/fuzz/hostile_atomic.h"
{
    printf "$PWD/tests/fuzz/%s\n" check.c clock.c guard.c hostile.c rings.c script.c views.c \
        fuzz_{attach,consumer,dump,observer,producer}.c ../verify/scribble.c
    printf "$PWD/tools/command/%s.c\n" "${tool[@]}"
} | compile "$PWD" "$folder/harness" "${compiler[@]}" -Wall -Wextra -Itools/command -Itests/fuzz \
    -fsanitize=fuzzer-no-link

own=("$folder"/harness/tests_fuzz_{check,guard,script}.c.o)
command=("$folder"/harness/tools_command_*.o)
for target in attach consumer dump observer producer; do
    # shellcheck disable=SC2046
    "${compiler[@]}" -fsanitize=fuzzer -o "$folder/$target" "${own[@]}" \
        "$folder"/harness/tests_fuzz_{clock,hostile,rings,views,"fuzz_$target"}.c.o \
        $(wraps mmap munmap platform_map platform_unmap platform_now_ns platform_pause_ns) \
        $([ "$target" != dump ] || { wraps platform_read && printf '%s ' "${command[@]}"; }) \
        "$folder"/library/*.o
done
# shellcheck disable=SC2046
"${compiler[@]}" -o "$folder/scribble" "${own[@]}" "$folder"/harness/*scribble.c.o \
    $(wraps mmap munmap) "${command[@]}" "$folder"/library/*.o
