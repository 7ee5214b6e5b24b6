/* SPDX-License-Identifier: MIT */
/* Opening and closing a merge. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "error.h"
#include "merge/state.h"
#include "platform.h"
#include "ring/options.h"

enum { GRACE_NS = 10000000 };

static int check_from(enum mapring_from from, const char *field)
{
    if (from >= MAPRING_UNREAD && from <= MAPRING_RUN && from != MAPRING_AT_SEQUENCE)
        return MAPRING_OK;
    return fail(MAPRING_ERROR_ARGUMENT, NULL, "invalid options.%s for a merge: %d", field,
                (int)from);
}

static int check_name(const struct mapring_merge_options *options)
{
    if (options->name && strlen(options->name) >= MAPRING_NAME_BYTES)
        return fail(MAPRING_ERROR_ARGUMENT, NULL,
                    "invalid options.name for a merge: '%.80s'; the limit is %d bytes",
                    options->name, MAPRING_NAME_BYTES - 1);
    if (options->durable && (!options->name || !*options->name || options->observe))
        return fail(MAPRING_ERROR_ARGUMENT, NULL,
                    "a merge with options.durable needs options.name, and cannot observe");
    if (options->max_lag_bytes && !options->durable)
        return fail(MAPRING_ERROR_ARGUMENT, NULL,
                    "options.max_lag_bytes of a merge also requires options.durable");
    return MAPRING_OK;
}

static int check_options(const struct mapring_merge_options *options)
{
    int result = OPTIONS_CHECK_RESERVED(options, "*");
    if (result == MAPRING_OK && options->scope != MAPRING_LOCAL && options->scope != MAPRING_GLOBAL)
        result = fail(MAPRING_ERROR_ARGUMENT, NULL, "invalid options.scope for a merge: %d",
                      (int)options->scope);
    if (result == MAPRING_OK)
        result = check_from(options->from, "from");
    if (result == MAPRING_OK)
        result = check_from(options->after_lap, "after_lap");
    if (result == MAPRING_OK && options->grace_ns < 0)
        result = fail(MAPRING_ERROR_ARGUMENT, NULL,
                      "invalid options.grace_ns for a merge: %" PRId64, options->grace_ns);
    return result == MAPRING_OK ? check_name(options) : result;
}

static void set_up(mapring_merge *merge, const struct mapring_merge_options *options)
{
    merge->options = *options;
    snprintf(merge->consumer_name, sizeof merge->consumer_name, "%s",
             options->name ? options->name : "");
    merge->options.name = merge->consumer_name;
    merge->order.grace_ns = options->grace_ns ? options->grace_ns : GRACE_NS;
    merge->clock_ns = (int64_t)platform_wall_clock_ns() - platform_now_ns();
    merge->now_ns = merge_now(merge);
    merge->process = platform_process();
}

int mapring_merge_open(mapring_merge **out, const struct mapring_merge_options *options)
{
    static const struct mapring_merge_options defaults;
    if (!out)
        return fail(MAPRING_ERROR_ARGUMENT, NULL, "the place for the merge is a null pointer");
    *out = NULL;
    if (!options)
        options = &defaults;
    int result = check_options(options);
    if (result != MAPRING_OK)
        return result;
    mapring_merge *merge = calloc(1, sizeof *merge);
    if (!merge)
        return fail_memory(NULL, "a merge");
    set_up(merge, options);
    result = platform_signal_open(&merge->ready, NULL);
    if (result == MAPRING_OK)
        *out = merge;
    else
        free(merge);
    return result;
}

void mapring_merge_close(mapring_merge *merge)
{
    if (!merge)
        return;
    if (merge->notifier) {
        notifier_stop(merge->notifier, merge_is_forked(merge));
        platform_signal_close(merge->nudge);
    }
    for (size_t i = 0; i < merge->order.count; i++)
        lane_free(merge_lane(merge, i));
    for (size_t i = 0; i < merge->wanted_count; i++)
        free(merge->wanted[i].text);
    platform_signal_close(merge->ready);
    free(merge->order.lanes);
    free(merge->wanted);
    free(merge);
}
