/* SPDX-License-Identifier: MIT */
/* Receives from several rings what mapring recv and mapring record were asked for. */
#include "recv_several.h"

#include "receive_several.h"
#include "recv_log.h"
#include "shared/message.h"
#include "shared/progress.h"

static bool is_clear_for_several(const struct recv_settings *settings)
{
    if (settings->ring.from == MAPRING_AT_SEQUENCE)
        usage_error("--from SEQUENCE applies to one ring only: each has its own numbers");
    else if (settings->ring.wake_bytes > 0)
        usage_error("--wake-bytes and --wake-delay apply to one ring only");
    else
        return filter_is_clear_for_several(&settings->filter);
    return false;
}

static struct mapring_merge_options merge_options(const struct recv_settings *settings,
                                                  const char *reader)
{
    const struct mapring_consumer_options *ring = &settings->ring;
    return (struct mapring_merge_options){
        .scope = ring->scope,
        .from = ring->from,
        .after_lap = settings->after_lap,
        .name = settings->consumer ? settings->consumer : reader,
        .max_lag_bytes = ring->max_lag_bytes,
        .durable = settings->consumer != NULL,
        .prefault = ring->prefault,
        .wait_producer = settings->wait && !settings->has_appeared,
        .observe = settings->observe,
    };
}

int recv_several(struct recv_settings *settings, const char *reader, struct output *output,
                 int count, char **names)
{
    static struct several several;
    if (!is_clear_for_several(settings))
        return EXIT_USAGE;
    several.options = merge_options(settings, reader);
    several.output = output;
    several.names = names;
    several.name_count = count;
    several.count = settings->count;
    several.timeout_ns = settings->timeout_ns;
    several.follow = settings->follow;
    several.wait = settings->wait;
    several.filter = settings->filter;
    settings->log.scope = settings->ring.scope;
    several.filter.log = recv_makes_lines(settings) ? &settings->log : NULL;
    progress_start(settings->progress);
    return log_lines_end(&settings->log, receive_several(&several));
}
