#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Checks that the public headers compile without warnings in each version of C and C++ that programs
# use, with each compiler that is installed, and also as Microsoft's compiler would see them.
# Usage: tests/check_headers.sh INCLUDE-FOLDER
set -euo pipefail
include=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
echo '#include <mapring/merge.h>' | tee "$work/user.c" >"$work/user.cc"

warnings=(-Wall -Wextra -Wpedantic -Wconversion -Werror -fsyntax-only "-I$include")
echo '#include <mapring/mapring.hpp>' >"$work/wrapper.cc"
cat >"$work/logger.c" <<'EOF_LOGGER'
#include <mapring/log.h>
#include <mapring/log_reader.h>
void use(mapring_log *log, const char *text, char c, unsigned char u, long l, size_t z, float f);
void use(mapring_log *log, const char *text, char c, unsigned char u, long l, size_t z, float f)
{
    char array[4] = "abc";
    const void *pointer = text;
    const long double wide = 1;
    MAPRING_TRACE(log, "nothing");
    MAPRING_DEBUG(log, "%s %s %.*s %p", text, array, 2, text, pointer);
    if (c)
        MAPRING_INFO(log, "%c %u %ld %zu %f", c, u, l, z, f);
    else
        MAPRING_LOG(log, MAPRING_LEVEL_ERROR, "%lld %llu %d %Lf", 1LL, 2ULL, c > u, wide);
    MAPRING_FATAL(log, "%d%d%d%d%d%d%d%d%d%d%d%d%d%d%d%d", 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13,
                  14, 15, 16);
}
EOF_LOGGER
cp "$work/logger.c" "$work/logger.cc"
tried=0

# compiles COMPILER FILE OPTION...
compiles() {
    command -v "$1" >/dev/null || return 0
    "$1" "${@:3}" "${warnings[@]}" "$work/$2" || {
        printf 'the headers do not compile without warnings: %s\n' "${*:1:1} ${*:3}"
        exit 1
    }
    tried=$((tried + 1))
}

for called in -UMAPRING_CALLED -DMAPRING_CALLED; do
    for standard in c17 c2x; do
        for cc in gcc clang; do
            compiles $cc user.c -std=$standard $called
            compiles $cc logger.c -std=$standard $called
        done
        compiles clang user.c -std=$standard $called --target=x86_64-pc-windows-msvc -ffreestanding
    done
    for standard in c++17 c++20; do
        for file in user.cc wrapper.cc logger.cc; do
            compiles g++ $file -std=$standard $called -Wold-style-cast -Wuseless-cast
            compiles clang++ $file -std=$standard $called -Wold-style-cast
        done
        compiles clang++ user.cc -std=$standard $called -Wold-style-cast \
            --target=x86_64-pc-windows-msvc -ffreestanding
    done
done
[ "$tried" -gt 0 ] || {
    echo 'skipped: neither gcc nor clang is installed'
    exit 77
}
