#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Builds for other word sizes and byte orders, and runs the tests there.
set -euo pipefail

usage() {
    cat <<'EOF'
usage: tests/verify/ports.sh [--long] [PORT...]

Installs what is missing, builds each PORT in build-PORT, and runs tests there:
  i386       32-bit Linux, natively on x86-64, or under qemu-user where the
             kernel runs no 32-bit programs
  windows32  32-bit Windows, run if there is a Wine for it, else built only;
             with --long one is made in $MAPRING_WINDOWS32 or
             ~/.cache/mapring-windows32, and rings are shared with other builds
  aarch64    64-bit ARM, under qemu-user like those below
  armhf      32-bit ARM, with 64-bit times
  riscv64    64-bit RISC-V
  s390x      IBM Z, which is big-endian
The last line is "N passed, N failed"; a port without a compiler is named.

Without PORTs: i386 and s390x. In these a few suites run, the golden rings among
them.

  --long  all suites, and without PORTs all ports
EOF
}

# The tests that qemu-user cannot run, by name.
not_emulated=(
    # The command starts itself as its workers, and the kernel cannot run such programs.
    a_run_gives_json_and_a_page_of_its_own
    # MADV_DONTFORK is ignored, so the child inherits the mapping, and with it the parent's roles.
    a_parents_death_is_noticed_though_its_child_lives
    # RLIMIT_AS has no effect.
    a_lack_of_address_space_is_told
    # Page faults, huge pages and NUMA nodes are those of the emulator.
    a_prefaulted_producer_meets_no_faults_in_the_first_lap
    a_prefaulted_consumer_meets_no_faults
    a_ring_with_huge_pages_has_them_for_everybody
    the_node_stays_with_the_ring
    # The emulator catches each signal itself, and the test checks who catches it.
    the_second_signal_ends_at_once
    # The emulator's own thread lives a moment longer than the thread that it runs.
    wait_handles_leave_nothing
)
short_suites=(golden records attach geometry)

long=false
ports=()
for argument; do
    case $argument in
        --long) long=true ;;
        -h | --help)
            usage
            exit 0
            ;;
        aarch64 | armhf | i386 | riscv64 | s390x | windows32) ports+=("$argument") ;;
        *)
            usage >&2
            exit 2
            ;;
    esac
done
if [ ${#ports[@]} -eq 0 ]; then
    ports=(i386 s390x)
    $long && ports+=(windows32 aarch64 armhf riscv64)
fi

cd "$(dirname "${BASH_SOURCE[0]}")/../.."
exec </dev/null
mkdir -p build-verify
. tests/verify/common.sh

# The compiler in a port's cross file, which gives its name or its triplet.
compiler_of() {
    sed -n "s/^triplet = '\(.*\)'/\1-gcc/p; s/^c = '\(.*\)'/\1/p" "tools/ports/$1.ini" | head -1
}

# Kernels may lack support for 32-bit programs; starting one then fails with "Exec format error".
runs_i386() {
    local program=build-verify/i386
    i686-linux-gnu-gcc -static -x c -o "$program" - <<<'int main(void) { return 0; }' && "$program"
}

# The cross files of a port; a later one overrides an earlier one.
files_of() {
    echo "tools/ports/$1.ini"
    ! $emulated || [ ! -f "tools/ports/$1-emulated.ini" ] || echo "tools/ports/$1-emulated.ini"
}

# Sets up the build again if its cross files have changed.
build() { # PORT TARGET...
    local port=$1 folder=build-$1 files
    mapfile -t files < <(files_of "$port")
    if ! cat "${files[@]}" | cmp -s - "$folder/setup"; then
        rm -rf "$folder"
        meson setup "$folder" -Dtests=enabled -Dman=disabled --werror "${files[@]/#/--cross-file=}" || return
        cat "${files[@]}" >"$folder/setup"
    fi
    ninja -C "$folder" "${@:2}"
}

# Programs compile the inlined atomic accesses themselves, so clang, the other compiler, must not
# resort to libatomic for them, which takes locks.
check_clang() {
    clang --target=i686-linux-gnu -isystem /usr/i686-linux-gnu/include -D_GNU_SOURCE -Iinclude -std=c17 -O2 \
        -Wall -Wextra -Werror -c -o build-i386/example.o examples/poll.c &&
        ! nm build-i386/example.o | grep -q __atomic
}

# Debian's Wine for amd64 contains a few files of the 32-bit half, but not this one.
has_wine32() {
    compgen -G '/usr/lib/*/wine/i386-windows/ntdll.dll' >/dev/null
}

# Starts Wine. Sets $no_wine32 to the reason why 32-bit programs cannot be run, or to nothing.
start_wine32() {
    local folder=${MAPRING_WINDOWS32:-$HOME/.cache/mapring-windows32}
    export WINEPREFIX=$folder/prefix WINEDEBUG=-all WINEDLLOVERRIDES='mscoree,mshtml,winedbg.exe,explorer.exe='
    no_wine32='there is no Wine for 32 bits; --long makes one'
    if ! has_wine32; then
        ! $long || no_wine32=$(tools/ports/wine32.sh "$folder" 2>&1) || return
        [ -x "$folder/bin/wine" ] || return
        PATH=$folder/bin:$PATH
    fi
    mkdir -p "$folder"
    exec {wine_lock}>"$folder/running" # one run at a time: its server is stopped at the end
    flock "$wine_lock"
    trap 'wineserver -k || true' EXIT
    wineserver -p >/dev/null 2>&1 {wine_lock}>&- || true
    no_wine32="Wine does not start with the prefix $WINEPREFIX"
    timeout 300 wine wineboot >/dev/null 2>&1 {wine_lock}>&- || return
    no_wine32=
}

# Without its 32-bit half, Wine exits with status 0 although it has run nothing.
check_wine32() {
    wine build-windows32/tools/mapring.exe --version 2>/dev/null | grep -q '^mapring '
}

run_suites() { # PORT SUITE...
    local port=$1 result good bad status=0
    rm -f "build-$port/meson-logs/testlog.json"
    meson test -C "build-$port" --no-rebuild -t 3 "${@:2}" >>"build-verify/$port.log" 2>&1 || status=$?
    result=$(tools/count-tests.py "build-$port/meson-logs/testlog.json") || status=1
    read -r good bad _ <<<"$result"
    [ "$status" -eq 0 ] || [ "${bad:-0}" -gt 0 ] || bad=1
    [ "${bad:-1}" -eq 0 ] || printf '%s\n' "$result"
    passed=$((passed + ${good:-0}))
    failed=$((failed + ${bad:-1}))
    printf '%s: %d passed, %d failed\n' "$port" "${good:-0}" "${bad:-1}"
}

build_command() { # FOLDER SETUP-ARGUMENT...
    [ -f "$1/build.ninja" ] || meson setup "$@" -Dtests=disabled -Dman=disabled --werror || return
    ninja -C "$1"
}

# Tests rings that 32-bit Windows and another system use at once. Programs for 64-bit Windows run in
# the same Wine.
share_rings() { # SYSTEM SUFFIX SETUP-ARGUMENT...
    local folder=build-verify/command-$1 result good bad
    if ! build_command "$folder" "${@:3}" >"$folder.log" 2>&1; then
        tail -40 "$folder.log"
        count "windows32: the command for $1" 0
        return
    fi
    result=$(tests/cross_system.sh "$1=$folder/tools/mapring$2" windows32=build-windows32/tools/mapring.exe 2>&1) || true
    good=$(grep -c '^ok ' <<<"$result") || true
    bad=$(grep -c '^FAILED ' <<<"$result") || true
    [ "$good" -gt 0 ] || [ "$bad" -gt 0 ] || bad=1
    [ "$bad" -eq 0 ] || printf '%s\n' "$result"
    passed=$((passed + good))
    failed=$((failed + bad))
    printf 'windows32 and %s: %d passed, %d failed\n' "$1" "$good" "$bad"
}

run_port() { # PORT
    local port=$1 suites=() targets=()
    if ! $long; then
        suites=("${short_suites[@]}")
        targets=(tools/mapring "${short_suites[@]/#/tests/test_}")
        [ "$port" != windows32 ] || targets=("${targets[@]/%/.exe}")
    fi
    [ "$port" != windows32 ] || start_wine32 || true # before the setup, which runs a program
    build "$port" "${targets[@]}" >"build-verify/$port.log" 2>&1 || {
        tail -40 "build-verify/$port.log"
        count "$port: the build" 0
        return
    }
    case $port in
        i386) count "i386: programs of clang take no lock" "$(check_clang >&2 && echo 1 || echo 0)" ;;
        windows32)
            if [ "$no_wine32" ]; then
                echo "windows32: built, and not run: $no_wine32"
                count 'windows32: the build' 1
                return
            fi
            if ! check_wine32; then
                count 'windows32: Wine runs 32-bit programs' 0
                return
            fi
            ;;
    esac
    ! $emulated || export MAPRING_LEAVE_OUT=${not_emulated[*]}
    run_suites "$port" "${suites[@]}"
    unset MAPRING_LEAVE_OUT
    if $long && [ "$port" = windows32 ]; then
        share_rings linux ''
        share_rings windows .exe --cross-file tools/mingw-w64.ini
    fi
}

# A name in the list that no test has any more would go unnoticed.
for name in "${not_emulated[@]}"; do
    grep -rqF "TEST($name)" tests || count "a test '$name' to be left out" 0
done
for port in "${ports[@]}"; do
    tools/install-deps.sh "port-$port" || true # a port without a compiler is skipped below
    if ! command -v "$(compiler_of "$port")" >/dev/null; then
        echo "$port: skipped, there is no $(compiler_of "$port")"
        continue
    fi
    if [ "$port" = i386 ] && [ "$(uname -m)" != x86_64 ]; then
        echo 'i386: skipped, it runs on x86-64 only'
        continue
    fi
    emulated=true
    case $port in
        windows32) emulated=false ;;
        i386) ! runs_i386 2>/dev/null || emulated=false ;;
    esac
    if $emulated && [ "$port" = i386 ]; then
        tools/install-deps.sh port-i386-emulated || true
        echo 'i386: under qemu-user, this kernel runs no 32-bit programs'
    fi
    tools/cmocka-source.sh
    run_port "$port"
done
summary
