/* SPDX-License-Identifier: MIT */
/*
 * Peer: LTTng-UST, writer only. A record is one event in a flight recorder that nobody reads;
 * lttng.sh creates the session that enables it.
 */
#define LTTNG_UST_TRACEPOINT_CREATE_PROBES
#define LTTNG_UST_TRACEPOINT_DEFINE
#include "lttng_event.h"

#include <stdio.h>

#include "core/loops.h"
#include "peer_lane.h"

static void *open_writer(const struct channel *channel, struct result *result)
{
    if (lttng_ust_tracepoint_enabled(mapring_bench, record))
        return peer_lane_make(channel);
    snprintf(result->error, sizeof result->error,
             "no session has the event enabled: run this with bench/peers/lttng.sh");
    return NULL;
}

static void *open_reader(const struct channel *channel, struct result *result)
{
    (void)result;
    return peer_lane_make(channel);
}

static inline void commit(void *context, size_t bytes)
{
    struct peer_lane *lane = context;
    lttng_ust_do_tracepoint(mapring_bench, record, lane->buffer, bytes);
}

static inline const void *no_next(void *lane, size_t bytes)
{
    (void)lane;
    (void)bytes;
    return NULL;
}

static const struct lane_ops event_ops = {peer_lane_reserve, commit, peer_lane_nothing, no_next,
                                          peer_lane_nothing};
BENCH_LOOPS(event, event_ops)

static void write_alone(void *lane, const struct job *job, struct result *result)
{
    enum { HANDFUL = 64 };
    uint64_t begin = clock_ticks();
    while ((result->ticks = clock_ticks() - begin) < job->slice_ticks)
        for (unsigned i = 0; i < HANDFUL; i++)
            loop_send(&event_ops, lane, job->bytes, ++result->records);
}

static void read_nothing(void *lane, const struct job *job, struct result *result)
{
    (void)lane;
    (void)job;
    (void)result;
}

/* Measures the cost of one event, at a fixed rate and back to back. */
static const struct loops *loops_alone(const struct job *job)
{
    static struct loops table;
    bool is_for_two = job->kind == JOB_ROUND_TRIP || job->delay > 0;
    table = *event_loops(job);
    table.stream_out = write_alone;
    table.stream_in = table.paced_in = read_nothing;
    return is_for_two ? NULL : &table;
}

const struct transport transport_lttng = {.name = "lttng-ust",
                                          .title = "LTTng-UST, the writer alone",
                                          .open_writer = open_writer,
                                          .open_reader = open_reader,
                                          .close_writer = peer_lane_free,
                                          .close_reader = peer_lane_free,
                                          .loops = loops_alone};
