#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Checks that the public headers compile without warnings in each version of C and C++ that programs
# use, with each compiler that is installed, and also as Microsoft's compiler would see them.
# Usage: tests/check_headers.sh INCLUDE-FOLDER
set -euo pipefail
include=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
printf '#include <mapring/%s>\n' merge.h log_reader.h | tee "$work/user.c" >"$work/user.cc"
tee "$work/logs.c" >"$work/logs.cc" <<'END'
#include <mapring/log.h>
void logs(mapring_log *log, const char *text, const void *place, long double real);
void logs(mapring_log *log, const char *text, const void *place, long double real)
{
    MAPRING_INFO(log, "none");
    MAPRING_LOG(log, MAPRING_LEVEL_WARN, "%d %lld %.2Lf %.*s %p", true, 1LL, real, 2, text, place);
}
END

warnings=(-Wall -Wextra -Wpedantic -Wconversion -Werror -fsyntax-only "-I$include")
echo '#include <mapring/mapring.hpp>' >"$work/wrapper.cc"
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
            compiles $cc logs.c -std=$standard $called
        done
        compiles clang user.c -std=$standard $called --target=x86_64-pc-windows-msvc -ffreestanding
    done
    for standard in c++17 c++20; do
        for file in user.cc logs.cc wrapper.cc; do
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
