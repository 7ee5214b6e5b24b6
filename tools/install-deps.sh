#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Installs the Debian packages that a purpose needs; prints nothing if none is missing.
set -euo pipefail

usage() {
    cat <<'END'
usage: tools/install-deps.sh demo|test-quick|test|bench|peers|verify|port-PORT

  demo        to build and run the command
  test-quick  also to run the native tests
  test        also to run the tests with sanitizers and under Wine
  bench       to build the benchmarks
  peers       also to compare with other queues
  verify      to run tools/verify.sh
  port-PORT   to run tests/verify/ports.sh for a port

Uses apt-get, with sudo if not run by root.
END
}

case "${1-}" in
    -h | --help)
        usage
        exit 0
        ;;
    demo | test-quick | test | bench | peers | verify) ;;
    port-aarch64 | port-armhf | port-i386 | port-i386-emulated | port-riscv64 | port-s390x | port-windows32) ;;
    *)
        usage >&2
        exit 2
        ;;
esac

wanted=(gcc libc6-dev meson ninja-build)
if [ "$1" = bench ] || [ "$1" = peers ]; then
    wanted+=(g++ libbenchmark-dev pkgconf)
elif [ "$1" != demo ]; then
    wanted+=(clang libcmocka-dev pkgconf python3 scdoc)
fi
if [ "$1" = peers ]; then
    wanted+=(libboost-dev libck-dev liblttng-ust-dev libnng-dev libzmq3-dev lttng-tools)
fi
if [ "$1" = test ]; then
    wanted+=(libclang-rt-dev llvm gcc-mingw-w64-x86-64 wine dpkg-dev)
fi

case $1 in
    port-*) wanted+=(dpkg-dev) ;;&
    port-aarch64) wanted+=(gcc-aarch64-linux-gnu libc6-dev-arm64-cross qemu-user-static) ;;
    port-armhf) wanted+=(gcc-arm-linux-gnueabihf libc6-dev-armhf-cross qemu-user-static) ;;
    port-i386) wanted+=(gcc-i686-linux-gnu libc6-dev-i386-cross) ;;
    port-i386-emulated) wanted+=(gcc-i686-linux-gnu libc6-dev-i386-cross qemu-user-static) ;;
    port-riscv64) wanted+=(gcc-riscv64-linux-gnu libc6-dev-riscv64-cross qemu-user-static) ;;
    port-s390x) wanted+=(gcc-s390x-linux-gnu libc6-dev-s390x-cross qemu-user-static) ;;
    port-windows32) wanted+=(gcc-mingw-w64-i686 gcc-mingw-w64-x86-64 mmdebstrap) ;;
esac

if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
    printf 'This is not a Debian system. Make sure that it has what these packages contain: %s\n' \
        "${wanted[*]}" >&2
    exit 0
fi

if [ "$1" = verify ]; then
    wanted+=(libclang-rt-dev spin patch)
fi

missing=()
for package in "${wanted[@]}"; do
    # shellcheck disable=SC2016  # ${...} is for dpkg-query
    status=$(dpkg-query -W -f '${db:Status-Status}\n' "$package" 2>/dev/null || true)
    grep -qx installed <<<"$status" || missing+=("$package")
done
[ ${#missing[@]} -gt 0 ] || exit 0

as_root=()
if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null; then
        printf 'Packages are missing, and installing them needs root or sudo: %s\n' \
            "${missing[*]}" >&2
        exit 1
    fi
    as_root=(sudo)
fi

log=$(mktemp)
trap 'rm -f "$log"' EXIT
apt_get() {
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -y \
        -o DPkg::Lock::Timeout=300 "$@" \
        </dev/null >"$log" 2>&1 && return
    cat "$log" >&2
    printf 'apt-get %s failed\n' "$1" >&2
    return 1
}

printf 'Installing %s\n' "${missing[*]}" >&2
apt_get update
apt_get install --no-install-recommends "${missing[@]}"
