/* SPDX-License-Identifier: MIT */
/* Copies a ring that overwrites. Records are fetched some at a time, so that the dictionary need not
 * be read for each of them: what a record refers to was defined before it was committed. */
#include "copy.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "beside.h"
#include "replica.h"
#include "shared/os.h"
#include "shared/thread.h"

#define SLICE_NS INT64_C(100000000)

enum { FETCHED = 64, SPARE_BYTES = 1 << 16, ALIGNMENT = 8 };

struct fetched {
    int result; /* MAPRING_OK, MAPRING_LOST, or how a run ended */
    struct mapring_record record;
};

struct copy {
    struct copy_settings settings;
    char name[BESIDE_PATH_BYTES];
    mapring_observer *observer;
    mapring_dictionary *dictionary;
    struct replica replica;
    struct status_writer untold; /* what the replica has to tell, which the bridge tells itself */
    unsigned char *payloads;
    size_t payload_bytes;
    struct fetched fetched[FETCHED];
    unsigned count;
    bool
        is_continued; /* the record before the next one was, unless a run ended or one is missing */
    bool is_removed;
    struct thread thread;
    atomic_bool stops, has_failed;
    struct trouble trouble; /* set before has_failed */
};

/* ---- Opening ---- */

/* A copy of an earlier ring of that name is of no use: what it has belongs into no stream any
 * more. */
static bool make(struct copy *copy, struct trouble *trouble)
{
    struct replica *replica = &copy->replica;
    const struct copy_settings *settings = &copy->settings;
    if (replica->producer && strcmp(replica->origin, settings->origin->id) == 0)
        return true;
    if (replica->producer) {
        replica_close(replica);
        mapring_remove(copy->name, MAPRING_LOCAL, true);
    }
    return replica_make(replica, settings->origin, settings->first_sequence, trouble);
}

static bool open_ring(struct copy *copy, struct trouble *trouble)
{
    const struct copy_settings *settings = &copy->settings;
    const struct mapring_observer_options options = {.scope = settings->scope,
                                                     .from = MAPRING_OLDEST};
    return (mapring_observer_open(&copy->observer, settings->ring, &options) == MAPRING_OK &&
            mapring_dictionary_open(&copy->dictionary, settings->ring, settings->scope) ==
                MAPRING_OK) ||
           trouble_ring(trouble);
}

static bool make_room(struct copy *copy, struct trouble *trouble)
{
    copy->payload_bytes =
        mapring_producer_record_limit(copy->replica.producer) + ALIGNMENT + SPARE_BYTES;
    copy->payloads = malloc(copy->payload_bytes);
    return copy->payloads || trouble_final(trouble, EXIT_FAILED, "not enough memory");
}

/* ---- Reading ---- */

static bool is_run_end(int result)
{
    return result == MAPRING_PRODUCER_CLOSED || result == MAPRING_PRODUCER_DIED;
}

/* Returns false when there is no more for now, or no room. */
static bool fetch_next(struct copy *copy, size_t *used, int64_t timeout_ns, int *result)
{
    struct fetched *next = &copy->fetched[copy->count];
    next->record = (struct mapring_record){0};
    *result = next->result =
        mapring_observer_receive(copy->observer, copy->payloads + *used,
                                 copy->payload_bytes - *used, &next->record, timeout_ns);
    if (next->result == MAPRING_OK)
        *used += (next->record.bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    return next->result == MAPRING_OK || next->result == MAPRING_LOST || is_run_end(next->result);
}

/* Waits for the first one only. */
static bool fetch(struct copy *copy, struct trouble *trouble)
{
    size_t used = 0;
    int result = MAPRING_OK;
    copy->count = 0;
    while (copy->count < FETCHED && used < copy->payload_bytes &&
           fetch_next(copy, &used, copy->count == 0 ? SLICE_NS : 0, &result))
        copy->count++;
    copy->is_removed = result == MAPRING_REMOVED;
    return result >= 0 || result == MAPRING_ERROR_BUFFER_TOO_SMALL || trouble_ring(trouble);
}

/* ---- Writing ---- */

static bool define(struct copy *copy, struct trouble *trouble)
{
    struct mapring_entry entry;
    int result;
    while ((result = mapring_dictionary_next(copy->dictionary, &entry)) == MAPRING_OK)
        if (!replica_add_entry(&copy->replica, &entry, trouble))
            return false;
    return result >= 0 || trouble_ring(trouble);
}

/* What is missing between the end of the copy and what the ring still has. */
static bool add_loss(struct copy *copy, const struct mapring_record *next, struct trouble *trouble)
{
    struct replica *replica = &copy->replica;
    const struct mapring_record loss = {.sequence = replica->end.sequence,
                                        .lost_records = next->sequence - replica->end.sequence,
                                        .time_ns = replica->time_ns,
                                        .lost_until_ns = next->time_ns};
    return next->sequence <= replica->end.sequence || replica_add_record(replica, &loss, trouble);
}

/* An observer is not told the ends of runs that had been followed by others when it was opened. If
 * one of these has cut something short, the next record must not continue that. */
static bool add_cut(struct copy *copy, const struct mapring_record *next, struct trouble *trouble)
{
    struct replica *replica = &copy->replica;
    bool is_cut = copy->is_continued && next->lost_records == 0 && !next->continues &&
                  next->sequence == replica->end.sequence;
    return !is_cut || replica_add_run_end(replica, replica->end.run + 1, true, trouble);
}

static bool add_record(struct copy *copy, const struct mapring_record *record,
                       struct trouble *trouble)
{
    if (!add_cut(copy, record, trouble) || !add_loss(copy, record, trouble))
        return false;
    copy->is_continued = record->lost_records == 0 && record->continued;
    return replica_add_record(&copy->replica, record, trouble);
}

/* In a ring that repeats another one, run 0 is that of the bridge that writes it. */
static bool add_run_end(struct copy *copy, const struct fetched *end, struct trouble *trouble)
{
    copy->is_continued = false;
    return end->record.run == 0 ||
           replica_add_run_end(&copy->replica, end->record.run,
                               end->result == MAPRING_PRODUCER_DIED, trouble);
}

static bool write_fetched(struct copy *copy, struct trouble *trouble)
{
    for (unsigned i = 0; i < copy->count; i++) {
        const struct fetched *next = &copy->fetched[i];
        if (!(is_run_end(next->result) ? add_run_end(copy, next, trouble)
                                       : add_record(copy, &next->record, trouble)))
            return false;
    }
    return true;
}

/* ---- The thread ---- */

static bool goes_on(void *context)
{
    const struct copy *copy = context;
    return !copy->stops && os_interrupted() == 0;
}

static bool copy_some(struct copy *copy)
{
    return fetch(copy, &copy->trouble) && define(copy, &copy->trouble) &&
           write_fetched(copy, &copy->trouble);
}

static void run(void *context)
{
    struct copy *copy = context;
    bool is_well = true;
    while (is_well && !copy->is_removed && goes_on(copy))
        is_well = copy_some(copy);
    if (copy->is_removed) {
        replica_close(&copy->replica);
        mapring_remove(copy->name, MAPRING_LOCAL, true);
    }
    copy->has_failed = !is_well && copy->trouble.kind == TROUBLE_FINAL;
}

/* ---- The whole ---- */

static bool begin(struct copy *copy, struct trouble *trouble)
{
    const struct copy_settings *settings = &copy->settings;
    beside_path(settings->ring, settings->scope, settings->stream, ".copy", copy->name);
    return replica_open(&copy->replica, trouble) && make(copy, trouble) &&
           open_ring(copy, trouble) && make_room(copy, trouble);
}

struct copy *copy_begin(const struct copy_settings *settings, struct trouble *trouble)
{
    struct copy *copy = calloc(1, sizeof *copy);
    if (!copy) {
        trouble_final(trouble, EXIT_FAILED, "not enough memory");
        return NULL;
    }
    copy->settings = *settings;
    copy->replica = (struct replica){
        .name = copy->name, .status = &copy->untold, .waits = goes_on, .context = copy};
    copy->thread = (struct thread){.run = run, .context = copy};
    if (begin(copy, trouble)) {
        if (thread_start(&copy->thread))
            return copy;
        trouble_final(trouble, EXIT_FAILED, "cannot copy the ring '%s': %s", settings->ring,
                      os_error());
    }
    copy->thread.run = NULL;
    copy_end(copy);
    return NULL;
}

const char *copy_name(const struct copy *copy)
{
    return copy->name;
}

bool copy_is_well(const struct copy *copy, struct trouble *trouble)
{
    if (copy->has_failed)
        *trouble = copy->trouble;
    return !copy->has_failed;
}

void copy_end(struct copy *copy)
{
    if (!copy)
        return;
    copy->stops = true;
    if (copy->thread.run)
        thread_join(&copy->thread);
    replica_close(&copy->replica);
    mapring_dictionary_close(copy->dictionary);
    mapring_observer_close(copy->observer);
    free(copy->payloads);
    free(copy);
}
