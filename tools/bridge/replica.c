/* SPDX-License-Identifier: MIT */
/* The ring that repeats another one. */
#include "replica.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "shared/os.h"

#define SLICE_NS INT64_C(100000000)

enum { ENTRY_HEADER = 16, ENTRY_UNIT = 8 };

/* ---- Opening ---- */

static bool read_state(struct replica *replica, const struct mapring_repetition *state,
                       struct trouble *trouble)
{
    if (state->origin[0] == '\0')
        return trouble_final(trouble, EXIT_FAILED,
                             "the ring '%s' exists and repeats no other ring: choose another name, "
                             "or remove it: mapring rm %s",
                             replica->name, replica->name);
    snprintf(replica->origin, sizeof replica->origin, "%s", state->origin);
    replica->first_sequence = state->first_sequence;
    replica->end = (struct batch_position){.sequence = state->sequence, .run = state->run};
    return true;
}

/* What the ring has may be asked only by its producer: another one could be ahead meanwhile. */
static bool take_over(struct replica *replica, mapring_ring *ring, struct trouble *trouble)
{
    struct mapring_stat stat;
    struct mapring_repetition state;
    struct mapring_options options = replica->options;
    options.how = MAPRING_ATTACH;
    options.origin = replica->origin;
    if (mapring_producer_open(&replica->producer, replica->name, &options) != MAPRING_OK ||
        mapring_repetition(ring, &state) != MAPRING_OK || mapring_stat(ring, &stat) != MAPRING_OK)
        return trouble_ring(trouble);
    if (!read_state(replica, &state, trouble))
        return false;
    replica->end.dictionary = stat.dictionary_used_bytes;
    replica->status->now.next_sequence = state.sequence;
    return true;
}

static bool open_existing(struct replica *replica, mapring_ring *ring, struct trouble *trouble)
{
    struct mapring_repetition state;
    if (mapring_repetition(ring, &state) != MAPRING_OK)
        return trouble_ring(trouble);
    return read_state(replica, &state, trouble) && take_over(replica, ring, trouble);
}

bool replica_open(struct replica *replica, struct trouble *trouble)
{
    const struct mapring_options attach = {.how = MAPRING_ATTACH, .scope = replica->options.scope};
    mapring_ring *ring = NULL;
    int result = mapring_open(&ring, replica->name, &attach);
    if (result == MAPRING_ERROR_NOT_THERE)
        return true;
    if (result != MAPRING_OK)
        return trouble_ring(trouble);
    bool opened = open_existing(replica, ring, trouble);
    mapring_close(ring);
    return opened;
}

bool replica_make(struct replica *replica, const struct batch_origin *origin,
                  uint64_t first_sequence, struct trouble *trouble)
{
    struct mapring_options options = replica->options;
    options.how = MAPRING_CREATE;
    options.origin = origin->id;
    options.first_sequence = first_sequence;
    options.times = origin->times;
    options.content = origin->content[0] != '\0' ? origin->content : NULL;
    if (options.capacity_bytes == 0)
        options.capacity_bytes = origin->capacity_bytes;
    if (options.slot_bytes == 0)
        options.slot_bytes = origin->slot_bytes;
    if (options.dictionary_bytes == 0)
        options.dictionary_bytes = origin->dictionary_bytes;
    if (mapring_producer_open(&replica->producer, replica->name, &options) != MAPRING_OK)
        return trouble_ring(trouble);
    snprintf(replica->origin, sizeof replica->origin, "%s", origin->id);
    replica->first_sequence = first_sequence;
    replica->end = (struct batch_position){.sequence = first_sequence};
    replica->status->now.next_sequence = first_sequence;
    return true;
}

void replica_close(struct replica *replica)
{
    mapring_producer_close(replica->producer);
    replica->producer = NULL;
}

static bool tell_removed(const struct replica *replica, struct trouble *trouble)
{
    return trouble_final(trouble, EXIT_PEER_DIED,
                         "the ring '%s' was removed: no process can find it any more",
                         replica->name);
}

bool replica_is_there(struct replica *replica, struct trouble *trouble)
{
    return mapring_producer_wake(replica->producer) != MAPRING_REMOVED ||
           tell_removed(replica, trouble);
}

/* ---- Writing ---- */

/* Whether to try again after a slice of waiting. */
static bool waits_on(struct replica *replica, int result)
{
    if (result != MAPRING_TIMED_OUT || os_interrupted() != 0)
        return false;
    status_set(replica->status, STATUS_FULL);
    return replica->waits(replica->context);
}

static bool finish(struct replica *replica, int result, struct trouble *trouble)
{
    if (result == MAPRING_OK) {
        status_set(replica->status, STATUS_RUNNING);
        return true;
    }
    if (result == MAPRING_REMOVED)
        return tell_removed(replica, trouble);
    if (result == MAPRING_TIMED_OUT)
        return trouble_ended(trouble, os_interrupted());
    return trouble_ring(trouble);
}

static bool tell_too_large(const struct replica *replica, const struct mapring_record *record,
                           struct trouble *trouble)
{
    return trouble_final(trouble, EXIT_FAILED,
                         "record %" PRIu64
                         " has %zu bytes, and the ring '%s' takes at most %zu: remove the ring and "
                         "make it anew with a larger --capacity",
                         record->sequence, record->bytes, replica->name,
                         mapring_producer_record_limit(replica->producer));
}

/* False: the ring has all of it. Of a loss in which the ring ends, only the rest is new. */
static bool cut(struct mapring_record *record, uint64_t end)
{
    uint64_t records = record->lost_records > 0 ? record->lost_records : 1;
    if (record->sequence + records <= end)
        return false;
    if (record->sequence < end) {
        record->lost_records -= end - record->sequence;
        record->lost_bytes = 0;
        record->sequence = end;
    }
    return true;
}

static bool add_record(struct replica *replica, const struct mapring_record *record,
                       struct trouble *trouble)
{
    int result;
    do
        result = mapring_producer_repeat(replica->producer, record, SLICE_NS);
    while (waits_on(replica, result));
    if (result == MAPRING_ERROR_RECORD_TOO_LARGE)
        return tell_too_large(replica, record, trouble);
    if (!finish(replica, result, trouble))
        return false;
    bool is_loss = record->lost_records > 0;
    replica->end.sequence += is_loss ? record->lost_records : 1;
    replica->time_ns = is_loss ? record->lost_until_ns : record->time_ns;
    replica->status->now.next_sequence = replica->end.sequence;
    replica->status->now.records += !is_loss;
    replica->status->now.lost += record->lost_records;
    replica->status->now.bytes += is_loss ? 0 : record->bytes;
    return true;
}

bool replica_add_record(struct replica *replica, const struct mapring_record *record,
                        struct trouble *trouble)
{
    struct mapring_record rest = *record;
    return !cut(&rest, replica->end.sequence) || add_record(replica, &rest, trouble);
}

bool replica_add_run_end(struct replica *replica, uint64_t run, bool died, struct trouble *trouble)
{
    int result;
    do
        result = mapring_producer_end_run(replica->producer, run, died, SLICE_NS);
    while (waits_on(replica, result));
    if (!finish(replica, result, trouble))
        return false;
    if (run > replica->end.run)
        replica->end.run = run;
    return true;
}

static bool is_in_place(struct replica *replica, const struct mapring_entry *entry,
                        struct trouble *trouble)
{
    if (entry->offset == replica->end.dictionary)
        return true;
    return trouble_final(trouble, EXIT_FAILED,
                         "the stream has no longer what the dictionary holds from %" PRIu64
                         " to %" PRIu64 ", and the records that follow need it",
                         replica->end.dictionary, entry->offset);
}

bool replica_add_entry(struct replica *replica, const struct mapring_entry *entry,
                       struct trouble *trouble)
{
    uint64_t offset = 0;
    if (entry->offset < replica->end.dictionary)
        return true;
    if (!is_in_place(replica, entry, trouble))
        return false;
    int result = mapring_producer_define(replica->producer, entry->kind, entry->payload,
                                         entry->bytes, &offset);
    if (result == MAPRING_NO_ROOM)
        return trouble_final(trouble, EXIT_FAILED,
                             "the dictionary of the ring '%s' is full: remove the ring and make it "
                             "anew with a larger --dictionary",
                             replica->name);
    if (result != MAPRING_OK)
        return trouble_ring(trouble);
    if (offset != entry->offset)
        return trouble_final(trouble, EXIT_FAILED,
                             "an entry that the origin's dictionary has at %" PRIu64
                             " is at %" PRIu64 " in that of the ring '%s': the stream is not that "
                             "of its origin",
                             entry->offset, offset, replica->name);
    uint64_t bytes = ENTRY_HEADER + entry->bytes;
    replica->end.dictionary = offset + (bytes + ENTRY_UNIT - 1) / ENTRY_UNIT * ENTRY_UNIT;
    return true;
}
