/* SPDX-License-Identifier: MIT */
/* mapring consumer evict: lets an attached consumer go. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "look.h"
#include "mapring/mapring.h"
#include "ring_options.h"
#include "shared/message.h"

static enum mapring_scope scope;

static const struct option_row options[] = {
    OPTION_SCOPE(&scope),
    {NULL, NULL, NULL, NULL, NULL},
};

static bool is_number(const char *text)
{
    return *text != '\0' && text[strspn(text, "0123456789")] == '\0';
}

/* Whether the consumer has the name, and can be let go. */
static bool is_called(const struct mapring_consumer_stat *consumer, const char *name)
{
    return consumer->alive && consumer->state != MAPRING_CONSUMER_EVICTED &&
           strcmp(consumer->name, name) == 0;
}

static int tell_choice(const struct mapring_stat *stat, const char *ring, const char *name)
{
    complain("several attached consumers of the ring '%s' are called '%s'; give the cell of one of "
             "them:",
             ring, name);
    for (unsigned i = 0; i < stat->consumers; i++)
        if (is_called(&stat->consumer[i], name))
            complain("cell %u: process %" PRIu64 ", %" PRIu64 " records behind",
                     stat->consumer[i].cell, stat->consumer[i].process,
                     stat->consumer[i].pending_records);
    return EXIT_FAILED;
}

/* Finds the cell of the only attached consumer of that name. */
static int find_cell(const char *ring, const char *name, unsigned *cell)
{
    static struct mapring_stat stat;
    unsigned found = 0;
    if (look(ring, scope, &stat) != MAPRING_OK)
        return ring_failure();
    for (unsigned i = 0; i < stat.consumers; i++)
        if (is_called(&stat.consumer[i], name)) {
            *cell = stat.consumer[i].cell;
            found++;
        }
    if (found > 1)
        return tell_choice(&stat, ring, name);
    if (found == 1)
        return EXIT_DONE;
    complain("no consumer that is attached to the ring '%s' is called '%s'; 'mapring consumers %s' "
             "lists them",
             ring, name, ring);
    return EXIT_FAILED;
}

static int run(int count, char **arguments)
{
    (void)count;
    unsigned cell = 0;
    int status = EXIT_DONE;
    if (is_number(arguments[1]))
        cell = strlen(arguments[1]) > 4 ? 9999 : (unsigned)strtoul(arguments[1], NULL, 10);
    else
        status = find_cell(arguments[0], arguments[1], &cell);
    if (status != EXIT_DONE)
        return status;
    int result = mapring_consumer_evict(arguments[0], scope, cell);
    return result == MAPRING_OK ? EXIT_DONE : ring_failure();
}

const struct command command_consumer_evict = {
    .name = "evict",
    .full_name = "mapring consumer evict",
    .arguments = "NAME CELL|CONSUMER [OPTION...]",
    .summary = "let an attached consumer go",
    .help = "Lets the consumer go that is attached to the ring NAME in the cell CELL, or under the "
            "name CONSUMER if only one is, for example because its process is stuck: the producer "
            "no longer waits for it, and it loses what it has not read. Its process is told of it "
            "when it goes on; it is not ended. 'mapring consumers' shows the cells.",
    .options = options,
    .example = "mapring consumer evict log 3",
    .end = "Exit status: 0 done, 1 failed, 2 wrong usage.",
    .least = 2,
    .most = 2,
    .run = run,
};
