/* SPDX-License-Identifier: MIT */
/* Finds the last records of an image. */
#include "last.h"

#include <stddef.h>
#include <stdlib.h>

#include "shared/os.h"

enum { FIRST_SPACE = 1024 };

/* The sequence numbers of the last records; from `limit` on, the oldest is overwritten. */
struct last {
    uint64_t limit, count;
    uint64_t *sequences;
    size_t space;
};

static bool make_room(struct last *last)
{
    if (last->count < last->space || last->space >= last->limit)
        return true;
    size_t space = last->space == 0 ? FIRST_SPACE : 2 * last->space;
    uint64_t *larger = realloc(last->sequences, space * sizeof *larger);
    if (!larger)
        return false; /* not covered: no memory */
    last->sequences = larger;
    last->space = space;
    return true;
}

static bool add(struct last *last, uint64_t sequence)
{
    if (!make_room(last))
        return false; /* not covered: no memory */
    last->sequences[last->count++ % last->limit] = sequence;
    return true;
}

/* If there are none, nothing is to be written. */
static uint64_t first_of(const struct last *last)
{
    if (last->count == 0)
        return UINT64_MAX;
    return last->sequences[last->count > last->limit ? last->count % last->limit : 0];
}

/* Only records that are whole count. Sets *seen to the last sequence number in the image. */
static bool find(mapring_image *image, struct last *last, struct filter *filter, uint64_t *seen)
{
    struct mapring_record record;
    while (os_interrupted() == 0 && !filter->has_ended) {
        int result = mapring_image_next(image, &record);
        if (result != MAPRING_OK && result != MAPRING_LOST)
            break;
        *seen = record.sequence + (result == MAPRING_LOST ? record.lost_records - 1 : 0);
        bool passes = result == MAPRING_OK && filter_passes(filter, &record);
        if (passes && filter->is_whole && !add(last, filter->begun))
            return false; /* not covered: no memory */
    }
    return true;
}

bool last_narrow(mapring_image *image, uint64_t count, struct filter *filter)
{
    struct last last = {.limit = count};
    struct filter finder = *filter;
    uint64_t seen = 0;
    bool found = find(image, &last, &finder, &seen);
    uint64_t first = first_of(&last);
    if (first > filter->since.sequence)
        filter->since.sequence = first;
    if (seen < filter->until.sequence)
        filter->until.sequence = seen;
    grep_free(&finder.grep);
    free(last.sequences);
    return found;
}
