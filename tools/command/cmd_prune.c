/* SPDX-License-Identifier: MIT */
/* mapring prune: removes the rings that are left over. */
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "bridge/remains.h"
#include "commands.h"
#include "look.h"
#include "ring_options.h"
#include "rings.h"
#include "shared/message.h"
#include "shared/os.h"
#include "shared/plain.h"
#include "shared/quantity.h"
#include "stat_table.h"

static struct {
    enum mapring_scope scope;
    bool all;
    bool durable;
    bool yes;
    bool dry_run;
} settings;

static const struct option_row options[] = {
    {"yes", NULL, NULL, &settings.yes, "remove them without asking"},
    {"dry-run", NULL, NULL, &settings.dry_run, "only say what would be removed"},
    {"durable", NULL, NULL, &settings.durable,
     "also remove rings with durable consumers that are away"},
    {"all", NULL, NULL, &settings.all, "the rings of every scope and user"},
    OPTION_SCOPE(&settings.scope),
    {NULL, NULL, NULL, NULL, NULL},
};

static int prune(const struct os_ring *ring, unsigned flags)
{
    flags |= settings.durable ? MAPRING_PRUNE_DURABLE : 0;
    return mapring_prune(ring_path(ring), ring_scope(ring), flags);
}

/* ---- What becomes of a ring ---- */

struct leftover {
    const struct os_ring *ring;
    char why[160];
};

static bool is_used(const struct mapring_stat *stat)
{
    bool used = stat->producer_state == MAPRING_PRODUCER_IS_OPEN;
    for (unsigned i = 0; i < stat->consumers; i++)
        used = used || stat->consumer[i].alive;
    return used;
}

/* That a ring is in use is told only to somebody who asked for this ring. */
static bool is_of_interest(const struct os_ring *ring, bool asked)
{
    static struct mapring_stat stat;
    struct mapring_error error = *mapring_last_error();
    if (asked || error.code != MAPRING_ERROR_IN_USE)
        return true;
    return look(ring_path(ring), ring_scope(ring), &stat) == MAPRING_OK && !is_used(&stat);
}

/* Returns the exit status. */
static int leave(const struct os_ring *ring, bool asked)
{
    struct mapring_error error = *mapring_last_error();
    if (error.code == MAPRING_ERROR_NOT_THERE && !ring->named)
        return EXIT_DONE; /* somebody else has removed it */
    if (is_of_interest(ring, asked))
        complain("left alone: %s", error.text);
    return error.code == MAPRING_ERROR_IN_USE ? EXIT_DONE : EXIT_FAILED;
}

static void explain(struct leftover *leftover)
{
    static struct mapring_stat stat;
    const struct os_ring *ring = leftover->ring;
    if (ring->remainder) {
        snprintf(leftover->why, sizeof leftover->why, "only its second file is left");
    } else if (look(ring_path(ring), ring_scope(ring), &stat) != MAPRING_OK) {
        snprintf(leftover->why, sizeof leftover->why, "its creator died before it was ready");
    } else {
        snprintf(leftover->why, sizeof leftover->why,
                 "its producer has %s; %s, %" PRIu64 " unread record%s", stat_producer_state(&stat),
                 quantity_bytes(stat.capacity_bytes).text, stat.unread_records,
                 stat.unread_records == 1 ? "" : "s");
    }
}

static void print(const char *what, const struct leftover *leftover)
{
    const struct os_ring *ring = leftover->ring;
    printf("%s ", what);
    plain_print(stdout, ring->name);
    if (settings.all && !ring->named)
        printf(" (%s, %s)", ring->owner, ring_place(ring));
    printf(": %s\n", leftover->why);
}

/* ---- All of them ---- */

static int worse(int status, int other)
{
    return status == EXIT_DONE ? other : status;
}

static int sort_out(const struct rings *rings, bool asked, struct leftover *leftovers,
                    size_t *count)
{
    int status = EXIT_DONE;
    for (size_t i = 0; i < rings->count; i++) {
        const struct os_ring *ring = &rings->ring[i];
        if (prune(ring, MAPRING_PRUNE_LOOK) != MAPRING_OK) {
            status = worse(status, leave(ring, asked));
            continue;
        }
        leftovers[*count].ring = ring;
        explain(&leftovers[(*count)++]);
    }
    return status;
}

static int remove_all(const struct leftover *leftovers, size_t count)
{
    int status = EXIT_DONE;
    for (size_t i = 0; i < count; i++) {
        const struct os_ring *ring = leftovers[i].ring;
        if (prune(ring, 0) == MAPRING_OK) {
            print("removed", &leftovers[i]);
            remains_forget(ring_path(ring), ring_scope(ring));
        } else {
            status = worse(status, leave(ring, true));
        }
    }
    return status;
}

static bool is_agreed(size_t count)
{
    char answer[16] = "";
    fflush(stdout);
    fprintf(stderr, "Remove %s? [y/N] ", count == 1 ? "this ring" : "these rings");
    fflush(stderr);
    return fgets(answer, sizeof answer, stdin) != NULL && (answer[0] == 'y' || answer[0] == 'Y');
}

static int deal_with(const struct leftover *leftovers, size_t count)
{
    if (settings.yes && !settings.dry_run)
        return remove_all(leftovers, count);
    for (size_t i = 0; i < count; i++)
        print(settings.dry_run ? "would remove" : "left over:", &leftovers[i]);
    if (count == 0 || settings.dry_run)
        return EXIT_DONE;
    return is_agreed(count) ? remove_all(leftovers, count) : os_interrupted();
}

static int run(int count, char **arguments)
{
    bool asks = !settings.yes && !settings.dry_run;
    if (asks && !(os_is_terminal(STANDARD_INPUT) && os_is_terminal(STANDARD_ERROR)))
        return usage_error("nobody is there to be asked: give --yes to remove what is left over, "
                           "or --dry-run to see it");
    const struct rings_wanted wanted = {settings.all, settings.scope, count, arguments};
    struct rings rings = {NULL, 0, false};
    if (!rings_find(&rings, &wanted)) {
        rings_free(&rings);
        return EXIT_FAILED;
    }
    struct leftover *leftovers = calloc(rings.count + 1, sizeof *leftovers);
    size_t found = 0;
    int status = EXIT_FAILED;
    if (leftovers) {
        status = sort_out(&rings, count > 0, leftovers, &found);
        status = worse(status, deal_with(leftovers, found));
    } else {
        complain("not enough memory to list the rings");
    }
    free(leftovers);
    rings_free(&rings);
    return status;
}

const struct command command_prune = {
    .name = "prune",
    .full_name = "mapring prune",
    .arguments = "[NAME|PATTERN...] [OPTION...]",
    .summary = "remove rings that are left over",
    .help = "Removes all rings, or those that are named or match a pattern such as 'app.*', whose "
            "producer has closed or died and which have no consumers, together with their unread "
            "records; and what processes that died while they created a ring have left. A ring "
            "that somebody uses or is opening stays, and so does one whose producer has not come "
            "yet. Asks first, unless --yes is given. On Windows a ring without a file disappears "
            "with the last process that has it open: only rings in the directory of MAPRING_DIR "
            "are removed there.",
    .options = options,
    .example = "mapring prune --dry-run",
    .end = "Exit status: 0 done, even if nothing was left over; 1 failed; 2 wrong usage.",
    .most = INT16_MAX,
    .run = run,
};
