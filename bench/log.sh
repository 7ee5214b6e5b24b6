#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Builds everything, measures what a log call costs, and says which targets are met.
set -euo pipefail

usage() {
    cat <<'END'
usage: bench/log.sh [OPTION...]

Measures a log call beside a minimal one over the same ring, the prototype, beside text
printed into the ring, fprintf() and spdlog, in turns. Writes a table and the targets to
standard output. OPTIONs are those of bench_log, such as --rounds 21. Takes about a minute.
Leave the machine idle meanwhile.
END
}

case "${1-}" in
    -h | --help)
        usage
        exit 0
        ;;
esac
cd "$(dirname "${BASH_SOURCE[0]}")/.."
tools/install-deps.sh bench

[ -d build-bench ] ||
    meson setup build-bench -Dbuildtype=release -Dtests=disabled -Dman=disabled >/dev/null
meson configure build-bench -Dbench=enabled
ninja -C build-bench bench/log/bench_log >/dev/null
folder=$(mktemp -d -p /dev/shm)
trap 'rm -rf "$folder"' EXIT
build-bench/bench/log/bench_log --folder "$folder" "$@" >"$folder/result"
cat "$folder/result"
case " $* " in *" --json "*) exit 0 ;; esac
# Of each line and number of threads, the first case of a log overwrites and has no reader. From the
# right, the columns are calls, ratio, p99.9, p95, p50 and middle.
awk '
    function judge(met, what) { printf "%s  %s\n", met ? "met   " : "missed", what }
    { name = $1 ", " $2 " thread" ($2 > 1 ? "s" : "") }
    / mapring log / && !(name in ratio) {
        order[++count] = name
        ratio[name] = $(NF - 1)
        last[name] = $(NF - 2)
        middle[name] = $(NF - 5)
    }
    / spdlog  / { spdlog[name] = $(NF - 5) }
    END {
        print "\nTargets, of a log that overwrites and is not read:"
        for (i = 1; i <= count; i++) {
            name = order[i]
            judge(ratio[name] <= 1.05,
                  sprintf("%s: %.2f times the prototype, at most 1.05", name, ratio[name]))
            judge(last[name] < 100, sprintf("%s: p99.9 %.0f ns, below 100", name, last[name]))
            if (name in spdlog)
                judge(spdlog[name] >= 10 * middle[name],
                      sprintf("%s: spdlog takes %.1f times as long, at least 10", name,
                              spdlog[name] / middle[name]))
        }
    }' "$folder/result"
