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
# The last columns of a case are always there: middle, p50, p95, p99.9, ratio and calls.
awk '
    function judge(met, what) { printf "%s  %s\n", met ? "met   " : "missed", what }
    / mapring log / { log_ratio[$1 $2, ++n[$1 $2]] = $(NF - 1); middle[$1 $2, n[$1 $2]] = $(NF - 5)
                      last[$1 $2, n[$1 $2]] = $(NF - 2) }
    / spdlog  / { spdlog[$1 $2] = $(NF - 5) }
    END {
        print "\nTargets, of a log that overwrites and is not read:"
        for (line in n) {
            judge(log_ratio[line, 1] <= 1.05, sprintf("%s: %.2f times the prototype, at most 1.05",
                                                      line, log_ratio[line, 1]))
            judge(last[line, 1] < 100, sprintf("%s: p99.9 %.0f ns, below 100", line, last[line, 1]))
            if (line in spdlog)
                judge(spdlog[line] >= 10 * middle[line, 1],
                      sprintf("%s: spdlog takes %.1f times as long, at least 10", line,
                              spdlog[line] / middle[line, 1]))
        }
    }' "$folder/result"
