/* SPDX-License-Identifier: MIT */
/* Looks at rings, and remembers what rates and histories need. */
#include "sample.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command/consumer_row.h"
#include "command/log_kind.h"
#include "command/look.h"
#include "command/names.h"
#include "command/os.h"
#include "command/stat_table.h"
#include "shared/os.h"

/* A ring that makes a look last long, such as one that nobody finishes creating, is left alone for
 * a multiple of that time. */
#define LONG_LOOK_NS INT64_C(100000000)
enum { LEAVE_ALONE = 10 };

#define STALLED_NS INT64_C(950000000)

/* ---- The readers of a ring ---- */

static enum activity activity_of(const struct sampled_reader *reader, bool has_moved, int64_t now)
{
    const struct mapring_consumer_stat *stat = &reader->stat;
    if (!stat->alive)
        return ACTIVITY_NONE;
    if (os_process_is_stopped(stat->process))
        return ACTIVITY_STOPPED;
    if (has_moved)
        return ACTIVITY_READING;
    if (stat->asleep)
        return ACTIVITY_ASLEEP;
    if (stat->pending_records == 0)
        return ACTIVITY_SPINNING;
    return now - reader->moved_ns >= STALLED_NS ? ACTIVITY_STALLED : ACTIVITY_READING;
}

static bool is_same(const struct mapring_consumer_stat *now,
                    const struct mapring_consumer_stat *before)
{
    return now->cell == before->cell && now->process == before->process &&
           now->first_sequence == before->first_sequence && strcmp(now->name, before->name) == 0;
}

static void renew_reader(struct sampled_reader *reader, const struct mapring_consumer_stat *stat,
                         int64_t now)
{
    bool has_moved = false;
    if (!is_same(stat, &reader->stat) || reader->read.count == 0)
        *reader = (struct sampled_reader){.moved_ns = now};
    else
        has_moved = stat->sequence != reader->stat.sequence;
    if (has_moved)
        reader->moved_ns = now;
    reader->stat = *stat;
    reader->activity = activity_of(reader, has_moved, now);
    meter_add(&reader->read, now, stat->read_records, stat->read_payload_bytes);
    if (!stat->alive || !os_process_command(stat->process, reader->command, sizeof reader->command))
        reader->command[0] = '\0';
}

/* Readers come in the order of their cells; what is known of one moves with it. */
static void renew_readers(struct sampled_ring *ring, unsigned before, int64_t now)
{
    static struct sampled_reader old[MAPRING_CONSUMER_LIMIT];
    memcpy(old, ring->reader, before * sizeof *old);
    for (unsigned i = 0, at = 0; i < ring->stat.consumers; i++) {
        const struct mapring_consumer_stat *stat = &ring->stat.consumer[i];
        while (at < before && old[at].stat.cell < stat->cell)
            at++;
        bool known = at < before && old[at].stat.cell == stat->cell;
        ring->reader[i] = known ? old[at] : (struct sampled_reader){.moved_ns = 0};
        renew_reader(&ring->reader[i], stat, now);
    }
}

/* ---- A ring ---- */

int sample_full(const struct sampled_ring *ring)
{
    const struct mapring_stat *stat = &ring->stat;
    if (ring->result != MAPRING_OK || !stat_knows_full(stat))
        return -1;
    return (int)(1000 * (double)stat_space_taken(stat) / (double)stat->capacity_bytes);
}

static void remember_full(struct sampled_ring *ring)
{
    int full = sample_full(ring);
    memmove(ring->history + 1, ring->history, sizeof ring->history - sizeof *ring->history);
    ring->history[0] = (uint16_t)(full > 0 ? full : 0);
    if (ring->history_count < SAMPLE_HISTORY)
        ring->history_count++;
}

/* What all of its readers have read together. A reader that comes or goes begins the sum anew. */
static void measure_out(struct sampled_ring *ring)
{
    ring->out = (struct stat_rate){0};
    for (unsigned i = 0; i < ring->stat.consumers; i++) {
        struct stat_rate rate = meter_rate(&ring->reader[i].read);
        ring->out.records += rate.records;
        ring->out.payload_bytes += rate.payload_bytes;
        if (rate.interval_ns > ring->out.interval_ns)
            ring->out.interval_ns = rate.interval_ns;
    }
    if (ring->out.interval_ns == 0)
        ring->out.interval_ns = ring->in.interval_ns;
}

static void forget(struct sampled_ring *ring)
{
    ring->in_meter.count = ring->drop_meter.count = 0;
    ring->history_count = 0;
    ring->stat.consumers = 0;
    ring->in = ring->out = ring->dropped = (struct stat_rate){0};
}

static void renew(struct sampled_ring *ring, const struct mapring_stat *stat, int64_t now)
{
    if (ring->stat.created_ns != stat->created_ns)
        forget(ring);
    unsigned before = ring->stat.consumers;
    ring->stat = *stat;
    meter_add(&ring->in_meter, now, stat->records, stat->payload_bytes);
    meter_add(&ring->drop_meter, now, stat->dropped_records, stat->dropped_payload_bytes);
    renew_readers(ring, before, now);
    ring->in = meter_rate(&ring->in_meter);
    ring->dropped = meter_rate(&ring->drop_meter);
    measure_out(ring);
    remember_full(ring);
}

static void look_at(struct sampled_ring *ring, enum mapring_scope scope)
{
    static struct mapring_stat stat;
    int64_t begun = os_now_ns();
    if (begun < ring->ready_ns)
        return;
    ring->result = look(ring->name, scope, &stat);
    ring->bridges = status_read(ring->name, scope, ring->bridge);
    int64_t now = os_now_ns();
    if (now - begun > LONG_LOOK_NS)
        ring->ready_ns = now + (now - begun) * LEAVE_ALONE;
    ring->level = 0;
    if (ring->result == MAPRING_OK) {
        renew(ring, &stat, now);
        ring->level = stat_is_log(&stat) ? look_level(ring->name, scope) : 0;
    } else {
        snprintf(ring->reason, sizeof ring->reason, "%s", mapring_last_error()->text);
        forget(ring);
    }
}

/* ---- All rings ---- */

static struct sampled_ring *find(const struct sample *sample, const char *name)
{
    for (size_t i = 0; i < sample->count; i++)
        if (strcmp(sample->ring[i]->name, name) == 0)
            return sample->ring[i];
    return NULL;
}

static struct sampled_ring *new_ring(struct sample *sample, const char *name)
{
    struct sampled_ring **larger =
        realloc(sample->ring, (sample->count + 1) * sizeof *sample->ring);
    struct sampled_ring *ring = larger ? calloc(1, sizeof *ring) : NULL;
    if (larger)
        sample->ring = larger;
    if (!ring || (ring->name = strdup(name)) == NULL) {
        free(ring);
        return NULL;
    }
    return sample->ring[sample->count++] = ring;
}

static void note(struct sample *sample, const char *name, bool is_named)
{
    struct sampled_ring *ring = find(sample, name);
    if (!ring)
        ring = new_ring(sample, name);
    if (ring) {
        ring->was_found = true;
        ring->is_named |= is_named;
    }
}

static int note_all(struct sample *sample, const char *pattern)
{
    struct names names = {NULL, 0, false};
    int result = names_find(&names, sample->scope, pattern);
    for (size_t i = 0; i < names.count; i++)
        note(sample, names.name[i], false);
    names_free(&names);
    return result;
}

static int note_wanted(struct sample *sample)
{
    int result = sample->wanted_count == 0 ? note_all(sample, NULL) : MAPRING_OK;
    for (int i = 0; i < sample->wanted_count && result == MAPRING_OK; i++) {
        if (name_is_pattern(sample->wanted[i]))
            result = note_all(sample, sample->wanted[i]);
        else
            note(sample, sample->wanted[i], true);
    }
    return result;
}

static void ring_free(struct sampled_ring *ring)
{
    free(ring->name);
    free(ring);
}

/* A ring that was only found, and is gone before it could be looked at, was never there. */
static bool stays(const struct sampled_ring *ring)
{
    return ring->was_found && (ring->is_named || ring->result != MAPRING_ERROR_NOT_THERE);
}

static void drop_those_that_went(struct sample *sample)
{
    size_t kept = 0;
    for (size_t i = 0; i < sample->count; i++) {
        struct sampled_ring *ring = sample->ring[i];
        if (stays(ring))
            sample->ring[kept++] = ring;
        else
            ring_free(ring);
    }
    sample->count = kept;
}

static int compare(const void *left, const void *right)
{
    const struct sampled_ring *const *a = left, *const *b = right;
    return strcmp((*a)->name, (*b)->name);
}

int sample_take(struct sample *sample)
{
    for (size_t i = 0; i < sample->count; i++)
        sample->ring[i]->was_found = false;
    int result = note_wanted(sample);
    for (size_t i = 0; i < sample->count && os_interrupted() == 0; i++)
        if (sample->ring[i]->was_found)
            look_at(sample->ring[i], sample->scope);
    drop_those_that_went(sample);
    if (sample->count > 0)
        qsort(sample->ring, sample->count, sizeof *sample->ring, compare);
    sample->taken_ns = os_now_ns();
    sample->time_ns = os_time_ns();
    sample->looks++;
    return result;
}

void sample_free(struct sample *sample)
{
    for (size_t i = 0; i < sample->count; i++)
        ring_free(sample->ring[i]);
    free(sample->ring);
    sample->ring = NULL;
    sample->count = 0;
}

/* ---- Words ---- */

const char *sample_reader_state(const struct sampled_reader *reader)
{
    static const char *const words[] = {
        [ACTIVITY_READING] = "reading",   [ACTIVITY_ASLEEP] = "asleep",
        [ACTIVITY_SPINNING] = "spinning", [ACTIVITY_STALLED] = "stalled",
        [ACTIVITY_STOPPED] = "stopped",
    };
    return reader->activity == ACTIVITY_NONE ? consumer_state(&reader->stat)
                                             : words[reader->activity];
}

static const char *failure_word(int result)
{
    switch (result) {
    case MAPRING_ERROR_NOT_THERE: return "missing";
    case MAPRING_ERROR_PERMISSION: return "denied";
    case MAPRING_ERROR_DAMAGED: return "damaged";
    case MAPRING_ERROR_FOREIGN: return "foreign";
    default: return "error";
    }
}

const char *sample_ring_state(const struct sampled_ring *ring)
{
    if (ring->result != MAPRING_OK)
        return failure_word(ring->result);
    return ring->stat.producer_waits ? "waits" : stat_producer_state(&ring->stat);
}

const struct sampled_reader *sample_blocking(const struct sampled_ring *ring)
{
    for (unsigned i = 0; i < ring->stat.consumers && ring->stat.producer_waits; i++)
        if ((int)ring->reader[i].stat.cell == ring->stat.blocking_cell)
            return &ring->reader[i];
    return NULL;
}
