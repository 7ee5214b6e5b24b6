/* SPDX-License-Identifier: MIT */
/* mapring consumers: lists the consumers of a ring and how far behind each one is. */
#include <inttypes.h>
#include <stdio.h>

#include "commands.h"
#include "consumer_row.h"
#include "look.h"
#include "mapring/mapring.h"
#include "ring_options.h"
#include "shared/json.h"
#include "shared/message.h"

static struct {
    enum mapring_scope scope;
    bool json;
} settings;

static const struct option_row options[] = {
    OPTION_SCOPE(&settings.scope),
    OPTION_JSON(&settings.json),
    {NULL, NULL, NULL, NULL, NULL},
};

static void print_json(const struct mapring_stat *stat)
{
    json_array_begin(NULL, JSON_IN_LINES);
    for (unsigned i = 0; i < stat->consumers; i++)
        consumer_json(&stat->consumer[i]);
    json_end();
}

static void print_limit(const struct mapring_consumer_stat *consumer)
{
    if (consumer->max_lag_bytes > 0)
        printf(" %12" PRIu64, consumer->max_lag_bytes);
    else
        printf(" %12s", consumer->durable ? "none" : "-");
}

static void print_table(const struct mapring_stat *stat)
{
    if (stat->consumers > 0)
        puts("cell  state      process   lag records     lag bytes      max lag  durable  name");
    for (unsigned i = 0; i < stat->consumers; i++) {
        const struct mapring_consumer_stat *consumer = &stat->consumer[i];
        printf("%4u  %-8s %9" PRIu64 " %13" PRIu64 " %13" PRIu64, consumer->cell,
               consumer_state(consumer), consumer->process, consumer->pending_records,
               consumer->pending_bytes);
        print_limit(consumer);
        printf("  %-7s  ", consumer->durable ? "yes" : "no");
        json_print_text(consumer->name);
        putchar('\n');
    }
}

static int run(int count, char **arguments)
{
    (void)count;
    static struct mapring_stat stat;
    if (look(arguments[0], settings.scope, &stat) != MAPRING_OK)
        return ring_failure();
    if (stat.consumers_hidden) {
        complain("the consumers of the ring '%s' are shown only to users who may write to it",
                 arguments[0]);
        return EXIT_FAILED;
    }
    (settings.json ? print_json : print_table)(&stat);
    return EXIT_DONE;
}

const struct command command_consumers = {
    .name = "consumers",
    .full_name = "mapring consumers",
    .arguments = "NAME [OPTION...]",
    .summary = "list a ring's consumers",
    .help = "Lists the consumers that have a place in the ring, one per line: its state, how far "
            "behind it is, and its name. A consumer is attached, away (durable and not attached; "
            "the ring keeps its place), lapsed (away, and the producer no longer waits for it), "
            "evicted (let go, although its process has not closed it) or dead (not durable, and "
            "died).",
    .options = options,
    .example = "mapring consumers log",
    .end = "Exit status: 0 done, even if there are none; 1 failed; 2 wrong usage.",
    .least = 1,
    .most = 1,
    .run = run,
};
