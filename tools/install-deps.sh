#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Installs the Debian packages that a purpose needs; prints nothing if none is missing.
set -euo pipefail

usage='usage: tools/install-deps.sh demo|demo-bridge|test-quick|test|packages|site|bench|peers|verify|port-PORT

  demo        to build and run the command
  demo-bridge also to carry rings over a NATS server
  test-quick  also to run the native tests
  test        also to run the tests with sanitizers and under Wine
  packages    to build packages for Debian and Windows, and to try them
  site        to make a site of the pages (docs/build_site.py)
  bench       to build the benchmarks
  peers       also to compare with other queues
  verify      to run tools/verify.sh
  port-PORT   to run tests/verify/ports.py for a port

Uses apt-get, with sudo if not run by root.'

wanted='gcc libc6-dev libncurses-dev meson ninja-build pkgconf'
benches='g++ libbenchmark-dev libspdlog-dev'
tests='abigail-tools babeltrace2 clang cmake curl jq libcmocka-dev libmicrohttpd-dev lnav logrotate nginx-light
    procps prometheus python3 rsyslog scdoc sqlite3 systemd-journal-remote tmux zlib1g-dev zstd'
shells='fish zsh'
packages='debhelper git lintian mmdebstrap zip'
carriers='libnats-dev libzstd-dev nats-server'
servers="$carriers openssl"
languages='cargo g++ golang-go libglib2.0-dev libspdlog-dev mono-mcs mono-runtime mypy node-typescript nodejs
    python3-build python3-setuptools python3-wheel rustc'
# Other packages of node bring its headers along.
[ -e /usr/include/node/node_api.h ] || languages+=' libnode-dev'
emulated='dpkg-dev qemu-user-static'
i386='dpkg-dev gcc-i686-linux-gnu libc6-dev-i386-cross'
case ${1-} in
    -h | --help) echo "$usage" && exit ;;
    demo) ;;
    demo-bridge) wanted+=" $carriers" ;;
    test-quick) wanted+=" $tests $shells $servers $languages" ;;
    test) wanted+=" $tests $shells $servers $languages libclang-rt-dev libstd-rust-dev-windows llvm g++-mingw-w64-x86-64-posix gcc-mingw-w64-x86-64 libz-mingw-w64-dev wine dpkg-dev $packages" ;;
    packages) wanted+=" $packages gcc-mingw-w64-x86-64 libcmocka-dev libmicrohttpd-dev libnats-dev libzstd-dev scdoc zlib1g-dev" ;;
    verify) wanted+=" $tests libclang-rt-dev spin patch" ;;
    site) wanted='git mandoc mkdocs mkdocs-material python3 scdoc' ;;
    bench) wanted+=" $benches $carriers python3" ;;
    peers) wanted+=" $benches libboost-dev libck-dev liblttng-ust-dev libnng-dev libzmq3-dev lttng-tools" ;;
    port-aarch64) wanted+=" $tests $emulated gcc-aarch64-linux-gnu libc6-dev-arm64-cross" ;;
    port-armhf) wanted+=" $tests $emulated gcc-arm-linux-gnueabihf libc6-dev-armhf-cross" ;;
    port-i386) wanted+=" $tests $i386" ;;
    port-i386-emulated) wanted+=" $tests $i386 $emulated" ;;
    port-riscv64) wanted+=" $tests $emulated gcc-riscv64-linux-gnu libc6-dev-riscv64-cross" ;;
    port-s390x) wanted+=" $tests $emulated gcc-s390x-linux-gnu libc6-dev-s390x-cross" ;;
    port-windows32) wanted+=" $tests dpkg-dev gcc-mingw-w64-i686 gcc-mingw-w64-x86-64 mmdebstrap" ;;
    *) echo "$usage" >&2 && exit 2 ;;
esac

if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
    echo "This is not a Debian system. Make sure that it has what these packages contain: $wanted" >&2
    exit 0
fi

missing=()
for package in $wanted; do
    # shellcheck disable=SC2016  # ${...} is for dpkg-query
    status=$(dpkg-query -W -f '${db:Status-Status}\n' "$package" 2>/dev/null || true)
    grep -qx installed <<<"$status" || missing+=("$package")
done
[ ${#missing[@]} -gt 0 ] || exit 0

as_root=()
if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || {
        echo "Packages are missing, and installing them needs root or sudo: ${missing[*]}" >&2
        exit 1
    }
    as_root=(sudo)
fi

apt_get() {
    local log
    log=$("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300 "$@" \
        </dev/null 2>&1) && return
    printf '%s\napt-get %s failed\n' "$log" "$1" >&2
    return 1
}

echo "Installing ${missing[*]}" >&2
apt_get update
apt_get install --no-install-recommends "${missing[@]}"
