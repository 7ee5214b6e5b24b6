#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Runs "mapring bench" briefly and compares its ratios with those in bench/expected.txt.
set -euo pipefail

usage() {
    cat <<'END'
usage: bench/check.sh [--update] [MAPRING]

Prints the ratios that are much worse than those in bench/expected.txt, and exits with 1
if there are any. MAPRING is the command to measure; without it, an optimized one is
built in build-bench. --update rewrites bench/expected.txt, but keeps the values of
placements that the run did not see.

This is not part of the tests, because other work on the machine makes ratios worse too.
END
}

cd "$(dirname "${BASH_SOURCE[0]}")/.."
update=no
while [ $# -gt 0 ]; do
    case "$1" in
        -h | --help)
            usage
            exit 0
            ;;
        --update) update=yes ;;
        -*)
            usage >&2
            exit 2
            ;;
        *) break ;;
    esac
    shift
done
command="${1-}"
if [ -z "$command" ]; then
    [ -d build-bench ] || meson setup build-bench -Dtests=disabled -Dman=disabled >/dev/null
    ninja -C build-bench tools/mapring >/dev/null
    command=build-bench/tools/mapring
fi

result=$(mktemp)
trap 'rm -f "$result"' EXIT
"$command" bench --json --duration 25 >"$result"

python3 - "$result" bench/expected.txt "$update" <<'END'
import json
import sys

# A ratio has fallen if it is worse than expected by more than this factor.
MARGIN = 1.5

run, stored, update = json.load(open(sys.argv[1])), sys.argv[2], sys.argv[3] == "yes"
ratios = {(r["placement"], r["name"]): r for r in run["ratios"]}
expected = {}
for line in open(stored):
    if not line.startswith("#") and line.strip():
        placement, name, value = line.split()
        expected[placement, name] = float(value)

if update:
    seen = {placement for placement, _ in ratios}
    kept = {key: value for key, value in expected.items() if key[0] not in seen}
    kept.update((key, ratio["value"]) for key, ratio in ratios.items())
    with open(stored, "w") as out:
        out.write("# placement, ratio, value: see bench/check.sh. "
                  f"{run['processor']}, {run['cpus']} CPUs\n")
        for (placement, name), value in sorted(kept.items()):
            out.write(f"{placement} {name} {value:.3g}\n")
    sys.exit(0)

checked = fallen = 0
for (placement, name), wanted in expected.items():
    ratio = ratios.get((placement, name))
    if ratio is None:
        continue
    checked += 1
    value = ratio["value"]
    if ratio["wanted"] == "at least":
        bad = value * MARGIN < wanted
    else:
        bad = value > wanted * MARGIN and value > ratio["target"]
    if bad:
        fallen += 1
        print(f"{placement} {name}: {value:.3g}, expected about {wanted:.3g}")
print(f"{checked} ratios checked, {fallen} fell")
sys.exit(1 if fallen else 0)
END
