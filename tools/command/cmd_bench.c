/* SPDX-License-Identifier: MIT */
/* mapring bench: measures the rings on this machine, and what the machine itself can do. */
#include <string.h>

#include "commands.h"
#include "core/options.h"
#include "core/references.h"
#include "shared/message.h"

static struct bench_settings settings;

static const struct option_row options[] = {
    BENCH_OPTIONS(settings),
    {NULL, NULL, NULL, NULL, NULL},
};

static const struct transport *const transports[] = {
    &transport_line,         &transport_blocks,         &transport_memcpy,
    &transport_baseline,     &transport_baseline_batch, &transport_mapring,
    &transport_mapring_send, &transport_mapring_copy,   &transport_mapring_batch,
    &transport_mapring_try,  &transport_mapring_times,  NULL,
};

static int run(int count, char **arguments)
{
    if (count > 0 && strcmp(arguments[0], "worker") == 0)
        return session_worker(count, arguments, transports);
    if (count > 0)
        return usage_error("unexpected argument '%s'", arguments[0]);
    return bench_main(transports, &settings);
}

const struct command command_bench = {
    .name = "bench",
    .full_name = "mapring bench",
    .arguments = "[OPTION...]",
    .summary = "measure the rings on this machine",
    .help = "Measures throughput, latency and the cost of sending between processes that are bound "
            "to CPUs, in short slices that take turns with references: handing over a cache line, "
            "handing over large blocks, and a plain ring of fixed slots. Takes about a minute; "
            "other work on the machine disturbs the results.",
    .options = options,
    .example = "mapring bench --quick --html bench.html",
    .end = "Exit status: 0 done, 1 failed, 2 wrong usage.",
    .most = 4,
    .run = run,
};
