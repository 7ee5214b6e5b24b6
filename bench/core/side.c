/* SPDX-License-Identifier: MIT */
/* One side's part of a job: opens its ends of the channels, runs its loop, closes them. */
#include <stdio.h>
#include <string.h>

#include "clock.h"
#include "session.h"

static bool goes_both_ways(const struct job *job)
{
    return job->kind == JOB_ROUND_TRIP;
}

static bool note_failure(struct side *side)
{
    if (side->result->error[0] == '\0')
        snprintf(side->result->error, sizeof side->result->error, "%s cannot be opened",
                 side->transport->title);
    side->result->failed = 1;
    return false;
}

/* The receiving side opens its reader first, because the sender's writer may wait for it. */
static bool open_lanes(struct side *side)
{
    bool sends = side->number == 0, both = goes_both_ways(side->job);
    const struct channel *out = &side->channel[sends ? 0 : 1], *in = &side->channel[sends ? 1 : 0];
    if (!sends && (side->reader = side->transport->open_reader(in, side->result)) == NULL)
        return false;
    if ((sends || both) && (side->writer = side->transport->open_writer(out, side->result)) == NULL)
        return false;
    if (sends && both && (side->reader = side->transport->open_reader(in, side->result)) == NULL)
        return false;
    return true;
}

bool side_open(struct side *side, struct session *session, const struct job *job, unsigned number)
{
    struct meeting *meeting = session->meeting;
    *side = (struct side){.transport = session->transports[job->transport],
                          .job = job,
                          .result = &meeting->result[number],
                          .number = number};
    for (unsigned i = 0; i < AREA_COUNT; i++) {
        struct channel *channel = &side->channel[i];
        *channel =
            (struct channel){.job = job, .number = i, .observes = number > 1 + job->consumers};
        channel->area = (unsigned char *)(meeting + 1) + (size_t)i * AREA_BYTES;
        snprintf(channel->name, sizeof channel->name, "%s-%u", job->name, i);
    }
    return open_lanes(side) || note_failure(side);
}

static void slice_pause(const struct job *job)
{
    os_pause_ms((unsigned)((double)job->slice_ticks / clock_ticks_per_ns() / 1e6));
}

static void run_sender(struct side *side)
{
    const struct loops *loops = side->transport->loops(side->job);
    switch (side->job->kind) {
    case JOB_STREAM: loops->stream_out(side->writer, side->job, side->result); break;
    case JOB_ROUND_TRIP: loops->ping(side->writer, side->reader, side->job, side->result); break;
    case JOB_PACED: loops->paced_out(side->writer, side->job, side->result); break;
    case JOB_READER_SLEEPS:
        slice_pause(side->job);
        loops->send_end(side->writer, side->job, side->result);
        break;
    case JOB_WRITER_SLEEPS: loops->idle_out(side->writer, side->job, side->result); break;
    case JOB_QUIT: break;
    }
}

static void run_receiver(struct side *side)
{
    const struct loops *loops = side->transport->loops(side->job);
    switch (side->job->kind) {
    case JOB_STREAM: loops->stream_in(side->reader, side->job, side->result); break;
    case JOB_ROUND_TRIP: loops->pong(side->writer, side->reader, side->job, side->result); break;
    case JOB_PACED: loops->paced_in(side->reader, side->job, side->result); break;
    case JOB_WRITER_SLEEPS:
        slice_pause(side->job);
        loops->idle_in(side->reader, side->job, side->result);
        break;
    case JOB_READER_SLEEPS: loops->idle_in(side->reader, side->job, side->result); break;
    case JOB_QUIT: break;
    }
}

void side_run(struct side *side)
{
    if (side->number == 0)
        run_sender(side);
    else
        run_receiver(side);
}

void side_close(struct side *side)
{
    if (side->writer)
        side->transport->close_writer(side->writer);
    if (side->reader)
        side->transport->close_reader(side->reader);
    for (unsigned i = 0; side->number == 0 && i < AREA_COUNT; i++)
        if (side->transport->remove && (i == 0 || goes_both_ways(side->job)))
            side->transport->remove(&side->channel[i]);
}
