/* SPDX-License-Identifier: MIT */
/* Moves records from a ring to the output until something ends it. */
#include "receive.h"

#include "shared/progress.h"
#include "wait.h"

/* Large enough to make a write worthwhile; the producer gets the room back only after it. */
enum { WRITE_BYTES = 1 << 15 };

/* Most bytes that a record takes in the ring besides its payload: the header, and the unused end of
 * a slot. */
enum { RECORD_SPACE = 264 };

static bool holds_parts(const struct receiver *receiver)
{
    return output_holds_parts(&receiver->output) || grep_keeps_parts(&receiver->filter.grep);
}

/* Releases records only once they are written. Parts that are held in memory are not released
 * either, as long as the producer has room. */
static int write_out(struct receiver *receiver)
{
    output_flush(&receiver->output);
    receiver->unwritten = 0;
    if (!receiver->holds || receiver->output.state != OS_WRITTEN ||
        (holds_parts(receiver) && receiver->unreleased < receiver->hold_bytes))
        return MAPRING_OK;
    receiver->holds = false;
    receiver->unreleased = 0;
    return source_release(&receiver->source);
}

/* With --follow, the end of a producer only ends the record that it left incomplete; otherwise it
 * is treated like an idle time. */
static bool is_followed(struct receiver *receiver, int result)
{
    bool ended = result == MAPRING_PRODUCER_CLOSED || result == MAPRING_PRODUCER_DIED;
    if (!ended || !receiver->follow)
        return false;
    filter_cut(&receiver->filter, &receiver->output);
    return true;
}

static int next_or_pause(struct receiver *receiver, size_t limit, size_t *count,
                         const struct wait *wait)
{
    int result = source_next(&receiver->source, limit, count, wait_slice(wait));
    if (!is_followed(receiver, result))
        return result;
    wait_pause(wait, POLL_MS);
    return MAPRING_TIMED_OUT;
}

static void idle(struct receiver *receiver)
{
    filter_tell_losses(&receiver->filter, &receiver->output);
    output_idle(&receiver->output);
}

/* Writes what was read before the command sleeps. */
static int next_records(struct receiver *receiver, size_t limit, size_t *count)
{
    int result = source_next(&receiver->source, limit, count, 0);
    if (result != MAPRING_NOTHING && !is_followed(receiver, result))
        return result;
    *count = 0;
    result = write_out(receiver);
    if (result != MAPRING_OK || receiver->output.state != OS_WRITTEN)
        return result;
    struct wait wait = wait_begin(receiver->timeout_ns);
    do {
        progress_show(receiver->total, receiver->bytes);
        result = next_or_pause(receiver, limit, count, &wait);
        if (result == MAPRING_TIMED_OUT)
            idle(receiver);
    } while (receiver->output.state == OS_WRITTEN && wait_again(&wait, result));
    return result;
}

/* What comes after the end is to be left for the next reader. A release releases everything that
 * was read, so what came before has to be written and released first. */
static bool reads_one_by_one(const struct receiver *receiver)
{
    return filter_ends(&receiver->filter) && receiver->source.consumer;
}

static int write_records(struct receiver *receiver, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct mapring_record *record = &receiver->source.records[i];
        filter_record(&receiver->filter, record, &receiver->output);
        if (receiver->filter.has_ended) {
            receiver->holds = false; /* this record is not released, nor are parts before it */
            return MAPRING_OK;
        }
        receiver->bytes += record->bytes;
        receiver->unwritten += record->bytes + 1;
        receiver->unreleased += record->bytes + RECORD_SPACE;
    }
    receiver->total += count;
    receiver->holds = true;
    progress_show(receiver->total, receiver->bytes);
    bool waits = receiver->unwritten < WRITE_BYTES && !reads_one_by_one(receiver);
    return waits ? MAPRING_OK : write_out(receiver);
}

static int receive_some(struct receiver *receiver)
{
    uint64_t left = receiver->count - receiver->output.written_records;
    size_t count = 0, limit = reads_one_by_one(receiver) ? 1 : SOURCE_LIMIT;
    int result = next_records(receiver, left < limit ? (size_t)left : limit, &count);
    if (result == MAPRING_OK)
        return write_records(receiver, count);
    if (result != MAPRING_LOST)
        return result;
    filter_lost(&receiver->filter, &receiver->source.records[0], &receiver->output);
    return MAPRING_OK;
}

int receive(struct receiver *receiver)
{
    int result = MAPRING_OK;
    while (result == MAPRING_OK && receiver->output.written_records < receiver->count &&
           !receiver->filter.has_ended && os_interrupted() == 0 &&
           receiver->output.state == OS_WRITTEN)
        result = receive_some(receiver);
    filter_cut(&receiver->filter, &receiver->output);
    filter_tell_losses(&receiver->filter, &receiver->output);
    int written = write_out(receiver);
    return written == MAPRING_OK ? result : written;
}
