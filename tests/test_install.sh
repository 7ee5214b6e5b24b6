#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Checks that `meson install` installs all that a user needs: the command, the manual, and the
# library for programs that know nothing but pkg-config.
set -euo pipefail

if [ $# -ne 3 ]; then
    printf 'usage: tests/test_install.sh SOURCE-FOLDER BUILD-FOLDER MAN-PAGES(true|false)\n' >&2
    exit 2
fi
source_folder=$1 build_folder=$2 has_man_pages=$3
cc=${CC:-cc}

for program in meson pkg-config "$cc"; do
    if ! command -v "${program%% *}" >/dev/null; then
        printf 'skipped: there is no %s\n' "$program"
        exit 77
    fi
done

work=$(mktemp -d)
tool=
ring=test-install-$$
clean_up() {
    if [ -n "$tool" ]; then
        "$tool" rm "$ring" --force >/dev/null 2>&1 || true
    fi
    rm -rf "$work"
}
trap clean_up EXIT

fail() {
    printf 'FAILED: %s\n' "$1"
    exit 1
}

if ! DESTDIR=$work/root meson install -C "$build_folder" --no-rebuild >"$work/log" 2>&1; then
    cat "$work/log"
    fail 'meson install does not succeed'
fi

# installed END: prints the only path in the installed tree that ends like this.
installed() {
    local found
    found=$(find "$work/root" -path "*/$1")
    [ -e "$found" ] || fail "'$1' is not installed exactly once: '$found'"
    printf '%s\n' "$found"
}
tool=$(installed bin/mapring)
header=$(installed include/mapring/mapring.h)
library=$(installed libmapring.so)
archive=$(installed libmapring.a)
package=$(installed pkgconfig/mapring.pc)
if $has_man_pages; then
    for page in mapring.1 mapring-create.1 mapring-ls.1 mapring-recv.1 mapring-rm.1 \
        mapring-send.1 mapring-stat.1 mapring-view.1 mapring.7; do
        page_file=$(installed "man/man${page##*.}/$page")
        grep -q '^\.SH SEE ALSO' "$page_file" || fail "$page is not complete"
    done
fi

version=$("$tool" --version)
[ "$version" = "mapring $(PKG_CONFIG_LIBDIR=${package%/*} pkg-config --modversion mapring)" ] ||
    fail "the versions of command and library differ: $version"
[ "$(readelf -d "$library" | grep -o 'libmapring\.so\.[0-9]*')" = libmapring.so.0 ] ||
    fail 'the library is not called libmapring.so.0'
foreign=$(nm -D --defined-only "$library" | awk '$3 !~ /^mapring1?_/')
[ -z "$foreign" ] || fail "the library exports private symbols: $foreign"
foreign=$(nm -g --defined-only "$archive" | awk 'NF == 3 && $3 !~ /^mapring/ { print $3 }')
[ -z "$foreign" ] || fail "the archive has names that do not begin with mapring: $foreign"
undeclared=$(nm -D --defined-only "$library" | awk '{print $3}' | while read -r name; do
    grep -qw "$name" "${header%/*}"/*.h || printf '%s ' "$name"
done)
[ -z "$undeclared" ] || fail "no header declares these exported functions: $undeclared"

cat >"$work/program.c" <<'END'
#include <mapring/mapring.h>
#include <stdio.h>
#include <string.h>

/* The library has a private function of this name. */
int fail(void);
int fail(void)
{
    return 1;
}

int main(int argc, char **argv)
{
    mapring_producer *producer;
    mapring_consumer *consumer;
    struct mapring_record record;
    const char *name = argc > 1 ? argv[1] : "";
    if (mapring_producer_open(&producer, name, NULL) != MAPRING_OK ||
        mapring_consumer_open(&consumer, name, NULL) != MAPRING_OK ||
        mapring_producer_send(producer, "hello", 5, MAPRING_FOREVER) != MAPRING_OK ||
        mapring_consumer_next(consumer, &record, MAPRING_FOREVER) != MAPRING_OK) {
        fprintf(stderr, "%s\n", mapring_last_error()->text);
        return 1;
    }
    if (record.bytes != 5 || memcmp(record.payload, "hello", 5) != 0)
        return 2;
    mapring_consumer_close(consumer);
    mapring_producer_close(producer);
    return mapring_remove(name, MAPRING_LOCAL, false);
}
END

package_flags() {
    PKG_CONFIG_LIBDIR=${package%/*} PKG_CONFIG_SYSROOT_DIR=$work/root pkg-config "$@" mapring
}

# compile OUTPUT SOURCE FLAG...
compile() {
    # shellcheck disable=SC2086  # a compiler with its options
    $cc -std=${standard:-c11} -Wall -Wextra -Wpedantic -Werror -o "$work/$1" "$work/$2" "${@:3}" \
        >"$work/log" 2>&1 && return
    cat "$work/log"
    fail "$2 does not compile with: ${*:3}"
}
export LD_LIBRARY_PATH=${library%/*}
read -ra flags <<<"$(package_flags --cflags --libs)"
compile program program.c "${flags[@]}"
"$work/program" "$ring" || fail "the program ends with $?"
# Calls the functions instead of inlining them, in both ways, and inlines them into C++.
compile called program.c -DMAPRING_CALLED -O2 "${flags[@]}"
"$work/called" "$ring" || fail "the program that calls the functions ends with $?"
compile debug program.c -O0 "${flags[@]}"
"$work/debug" "$ring" || fail "the program without optimisation ends with $?"
if command -v c++ >/dev/null; then
    cp "$work/program.c" "$work/program.cc"
    cc='c++' standard=c++17 compile plus program.cc -O2 "${flags[@]}"
    "$work/plus" "$ring" || fail "the program in C++ ends with $?"
fi
read -ra flags <<<"$(package_flags --cflags --libs --static)"
compile static program.c -static "${flags[@]}"
env -u LD_LIBRARY_PATH "$work/static" "$ring" || fail "the static program ends with $?"

# The example in the README, with another name for the ring.
awk '/^```/ { inside = !inside && $0 == "```c" && !seen++; next } inside' \
    "$source_folder/README.md" | sed "s/\"telemetry\"/\"$ring\"/" >"$work/example.c"
grep -q "$ring" "$work/example.c" || fail 'the README has no example'
read -ra flags <<<"$(package_flags --cflags --libs)"
compile example example.c "${flags[@]}"
"$work/example" || fail "the README's example ends with $?"
received=$("$tool" recv "$ring" --timeout 30) || fail "recv ends with $?"
[ "$received" = hello ] || fail "the README's example does not send 'hello': $received"
printf 'ok\n'
