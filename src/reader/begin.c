/* SPDX-License-Identifier: MIT */
/* Finds where a reader begins: from a place to start from, it walks over commit words to the record
 * that is wanted. */
#include "reader/begin.h"

#include "reader/reader.h"
#include "ring/drop_total.h"
#include "ring/kept.h"
#include "ring/ring.h"
#include "ring/walk.h"

struct beginning begin_with(const struct ring *ring, enum mapring_from from, uint64_t sequence)
{
    struct beginning beginning = {.from = from, .sequence = sequence, .dropped = drop_total(ring)};
    if (from == MAPRING_RUN) {
        beginning.from =
            producer_lives(ring, producer_run(ring)) ? MAPRING_AT_SEQUENCE : MAPRING_NEWEST;
        beginning.sequence = load_acquire(&ring->header->run_sequence);
    }
    return beginning;
}

bool begin_start(const struct ring *ring, struct beginning *beginning)
{
    switch (beginning->from) {
    case MAPRING_NEWEST: return mark_newest(ring, &beginning->place);
    case MAPRING_AT_SEQUENCE: return kept_before(ring, beginning->sequence, &beginning->place);
    default:
        return beginning->spare ? kept_beyond(ring, beginning->spare, &beginning->place)
                                : kept_read(ring, &beginning->place);
    }
}

bool begin_is_late(const struct beginning *beginning)
{
    return beginning->from == MAPRING_OLDEST ||
           (beginning->from == MAPRING_AT_SEQUENCE &&
            ahead(beginning->place.sequence, beginning->sequence) > 0);
}

/* Drops are counted at once, and reported by a gap record later. Those that were counted before the
 * walk, but not reported by the gap records on the way, will be reported by the next gap record. */
static uint64_t untold(const struct beginning *beginning)
{
    int64_t records = ahead(beginning->dropped.records, beginning->place.dropped.records);
    return records > 0 ? (uint64_t)records : 0;
}

static void find_in_gap(struct beginning *beginning)
{
    uint64_t drops = untold(beginning);
    int64_t missing = ahead(beginning->sequence, beginning->place.sequence);
    if (beginning->from == MAPRING_AT_SEQUENCE && missing <= 0)
        return;
    if (beginning->from == MAPRING_AT_SEQUENCE && (uint64_t)missing < drops)
        drops = (uint64_t)missing;
    beginning->known_drops = drops;
    beginning->sequence = beginning->place.sequence + drops;
}

/* All committed records lie before the horizon, whereas the shared tail may lag behind. */
int begin_find(const struct ring *ring, struct beginning *beginning)
{
    struct ring_place *place = &beginning->place;
    int result = MAPRING_OK;
    switch (beginning->from) {
    case MAPRING_NEWEST: result = walk(ring, place, load_acquire(&ring->header->horizon)); break;
    case MAPRING_AT_SEQUENCE: result = walk_to_sequence(ring, place, beginning->sequence); break;
    default: beginning->sequence = place->sequence; return MAPRING_OK;
    }
    find_in_gap(beginning);
    return result;
}
