#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Puts the sources of cmocka into subprojects/cmocka, where Meson finds them when it
# builds for another machine, since there are no packages for that.
set -euo pipefail

usage() {
    cat <<'END'
usage: tools/cmocka-source.sh

Fetches Debian's source package of cmocka from where this system gets its
packages, and unpacks it in subprojects/cmocka. Changes nothing outside that
folder, and fetches nothing if the sources are already there. Needs dpkg-dev.
END
}

case "${1-}" in
    '') ;;
    -h | --help)
        usage
        exit 0
        ;;
    *)
        usage >&2
        exit 2
        ;;
esac

cd "$(dirname "${BASH_SOURCE[0]}")/.."
overlay=subprojects/packagefiles/cmocka
target=subprojects/cmocka

if [ -f $target/src/cmocka.c ]; then
    cmp -s $overlay/meson.build $target/meson.build || cp $overlay/meson.build $target/
    exit 0
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/sources" "$work/lists/partial" "$work/cache/archives/partial" "$work/download"

# The system's own package sources, changed to give source packages instead of binary ones.
shopt -s nullglob
lists=(/etc/apt/sources.list.d/*.list)
[ ! -f /etc/apt/sources.list ] || lists+=(/etc/apt/sources.list)
if [ ${#lists[@]} -gt 0 ]; then
    sed -nE '/cdrom:/d; s/^[[:space:]]*deb(-src)?[[:space:]]+/deb-src /p' "${lists[@]}" |
        sort -u >"$work/sources/system.list"
fi
for file in /etc/apt/sources.list.d/*.sources; do
    sed -E 's/^Types:.*/Types: deb-src/I' "$file" >"$work/sources/${file##*/}"
done

cat >"$work/apt.conf" <<END
Dir::Etc::SourceList "/dev/null";
Dir::Etc::SourceParts "$work/sources";
Dir::State::Lists "$work/lists";
Dir::Cache "$work/cache";
APT::Sandbox::User "root";
Acquire::Languages "none";
#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
END

private_apt() {
    apt-get -c "$work/apt.conf" -q "$@" </dev/null >"$work/log" 2>&1 && return
    cat "$work/log" >&2
    printf 'Cannot get the source package of cmocka\n' >&2
    return 1
}
private_apt update
(cd "$work/download" && private_apt source --download-only cmocka)

if ! dpkg-source --no-copy -x "$work"/download/cmocka_*.dsc "$work/cmocka" \
    </dev/null >"$work/log" 2>&1; then
    cat "$work/log" >&2
    exit 1
fi
cp $overlay/meson.build "$work/cmocka/"
rm -rf $target $target.new
mv "$work/cmocka" $target.new
mv $target.new $target
