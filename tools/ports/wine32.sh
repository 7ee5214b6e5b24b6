#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Makes a Wine for 32-bit and 64-bit Windows programs, where the packages of i386 that it takes do not fit
# beside those of the system.
set -euo pipefail

usage() {
    cat <<'END'
usage: tools/ports/wine32.sh FOLDER

Makes FOLDER/root, a small Debian with Wine, from where this system gets its
packages, and in FOLDER/bin the commands wine and wineserver, for which /usr and
/etc are those of that Debian and all else is as it is. Takes a minute and 1.7 GB;
does nothing when it is there. Needs mmdebstrap, and root, also for the commands.
END
}

case "${1-}" in
    -h | --help)
        usage
        exit 0
        ;;
    '' | -*)
        usage >&2
        exit 2
        ;;
esac

give_up() {
    printf '%s\n' "$*" >&2
    exit 1
}

[ "$(uname -m)" = x86_64 ] || give_up 'Wine for 32 bits runs on x86-64 only'
[ "$(id -u)" -eq 0 ] || give_up 'only root can make and run a Debian with a Wine for 32 bits'
unshare -m true 2>/dev/null || give_up 'a Debian with a Wine for 32 bits needs mounts of its own, which are refused here'

mkdir -p "$1"
folder=$(realpath "$1")
exec {lock}>"$folder/making"
flock "$lock"
[ ! -x "$folder/bin/wine" ] || exit 0

command -v mmdebstrap >/dev/null || give_up 'there is no mmdebstrap to make a Debian with a Wine for 32 bits'
# Of the main archive alone, both architectures are always the same.
# shellcheck disable=SC2016  # $(...) is for apt-get
read -r mirror release < <(apt-get indextargets --format '$(REPO_URI) $(CODENAME)' 'Created-By: Packages' \
    'Origin: Debian' 'Label: Debian' 'Component: main' | grep -v -- '-[a-z]*$') || true
[ -n "${release-}" ] || give_up 'apt-get knows no Debian archive to take a Wine for 32 bits from'

rm -rf "$folder/root"
mmdebstrap --variant=essential --architectures=amd64,i386 --include='wine wine64 wine32:i386' \
    "$release" "$folder/root" "deb $mirror $release main" >"$folder/log" 2>&1 {lock}>&- ||
    give_up "mmdebstrap cannot make a Debian with a Wine for 32 bits, see $folder/log: $(tail -1 "$folder/log")"

rm -rf "$folder/bin.new"
mkdir "$folder/bin.new"
for program in wine wineserver; do
    cat >"$folder/bin.new/$program" <<END
#!/bin/bash
exec unshare -m sh -ec 'mount --bind "\$0/etc" /etc; mount --bind "\$0/usr" /usr; exec "\$@"' ${folder@Q}/root /usr/bin/$program "\$@"
END
    chmod +x "$folder/bin.new/$program"
done
mv "$folder/bin.new" "$folder/bin"
