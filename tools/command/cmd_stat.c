/* SPDX-License-Identifier: MIT */
/* mapring stat: shows what a ring holds and who uses it. */
#include <inttypes.h>

#include "bridge/status.h"
#include "commands.h"
#include "look.h"
#include "mapring/mapring.h"
#include "ring_options.h"
#include "shared/message.h"
#include "shared/os.h"
#include "stat_json.h"
#include "stat_prometheus.h"
#include "stat_table.h"
#include "wait.h"

static struct {
    enum mapring_scope scope;
    int64_t interval_ns;
    bool json, verbose, prometheus;
} settings;

static const struct option_row options[] = {
    {"interval", "SECONDS", value_seconds, &settings.interval_ns,
     "look on for that long, and show how much is sent per second"},
    {"verbose", NULL, NULL, &settings.verbose,
     "also show positions, sequence numbers, and how the ring is laid out"},
    OPTION_JSON(&settings.json),
    {"prometheus", NULL, NULL, &settings.prometheus,
     "write metrics for Prometheus, of one or several NAMEs or patterns; of all rings without any"},
    OPTION_SCOPE(&settings.scope),
    {NULL, NULL, NULL, NULL, NULL},
};

/* Looks a second time after the interval. The ring stays open: it may be removed in between, but the
 * numbers are not those of another one. */
static int look_twice(const char *name, struct mapring_stat *stat, struct stat_rate *rate)
{
    const struct mapring_options attach = {.how = MAPRING_ATTACH, .scope = settings.scope};
    static struct mapring_stat before;
    struct mapring_ring *ring = NULL;
    int result = mapring_open(&ring, name, &attach);
    if (result == MAPRING_OK)
        result = mapring_stat(ring, &before);
    int64_t since_ns = os_now_ns();
    struct wait wait = wait_begin(settings.interval_ns);
    while (result == MAPRING_OK && wait_pause(&wait, (unsigned)(wait_slice(&wait) / 1000000 + 1)))
        continue;
    if (result == MAPRING_OK)
        result = mapring_stat(ring, stat);
    rate->interval_ns = (uint64_t)(os_now_ns() - since_ns);
    rate->records = stat->records - before.records;
    rate->payload_bytes = stat->payload_bytes - before.payload_bytes;
    mapring_close(ring);
    return result;
}

/* A bridge tells about itself before it has made the ring. */
static int not_there(const char *name)
{
    struct status bridges[STATUS_LIMIT];
    int status = ring_failure();
    unsigned count = status_read(name, settings.scope, bridges);
    for (unsigned i = 0; i < count; i++)
        complain("a bridge is to make it from the stream '%s' of %s: %s (process %" PRIu64 ")%s%s",
                 bridges[i].stream, bridges[i].server, status_state(&bridges[i]),
                 bridges[i].process, bridges[i].errors > 0 ? "; " : "", bridges[i].last_error);
    return status;
}

static int run_prometheus(int count, char **arguments)
{
    if (settings.json || settings.verbose || settings.interval_ns > 0)
        return usage_error("--prometheus excludes --json, --verbose and --interval");
    return stat_prometheus(settings.scope, count, arguments);
}

static int run(int count, char **arguments)
{
    if (settings.prometheus)
        return run_prometheus(count, arguments);
    if (count == 0)
        return usage_error("NAME is missing");
    if (count > 1)
        return usage_error("unexpected argument '%s'", arguments[1]);
    static struct mapring_stat stat;
    struct stat_rate rate = {0};
    int result = settings.interval_ns > 0 ? look_twice(arguments[0], &stat, &rate)
                                          : look(arguments[0], settings.scope, &stat);
    if (result != MAPRING_OK)
        return not_there(arguments[0]);
    if (os_interrupted() != 0)
        return os_interrupted();
    struct status bridges[STATUS_LIMIT];
    const struct mapring_repetition repetition = look_repetition(arguments[0], settings.scope);
    const struct stat_shown shown = {
        .name = arguments[0],
        .stat = &stat,
        .repetition = &repetition,
        .level = look_level(arguments[0], settings.scope),
        .rate = &rate,
        .bridges = bridges,
        .bridge_count = status_read(arguments[0], settings.scope, bridges),
    };
    if (settings.json)
        stat_json(&shown);
    else
        stat_print(&shown, settings.verbose);
    return EXIT_DONE;
}

const struct command command_stat = {
    .name = "stat",
    .full_name = "mapring stat",
    .arguments = "NAME [OPTION...] | --prometheus [NAME...]",
    .summary = "show what a ring holds and who uses it",
    .help = "Shows what was sent since the ring was created, how full it is, its producer, and for "
            "each consumer what it has read, what it has lost and how far behind it is; for whom "
            "the producer waits, and has waited; and whether the numbers add up. In a ring with "
            "times, also how old the next record of each consumer is, and how long records take "
            "until a consumer has them. It does not disturb a running producer.",
    .options = options,
    .example = "mapring stat log --interval 1",
    .end = "Exit status: 0 done, 1 failed, 2 wrong usage.",
    .most = INT16_MAX,
    .run = run,
};
