/* SPDX-License-Identifier: MIT */
/* Which rings are shown, and in which order. */
#include "order.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command/names.h"
#include "mapring/merge.h"

static bool passes(const char *name, const char *filter)
{
    return name_is_pattern(filter) ? mapring_name_matches(name, filter)
                                   : strstr(name, filter) != NULL;
}

static double blocked(const struct sampled_ring *ring)
{
    return ring->stat.producer_waits ? -(double)ring->stat.blocked_since_ns : -1e30;
}

static double value_of(const struct sampled_ring *ring, enum order order)
{
    if (ring->result != MAPRING_OK)
        return -1e31;
    double records = ring->in.interval_ns > 0 ? stat_per_second(&ring->in, ring->in.records) : 0;
    switch (order) {
    case ORDER_FULL: return sample_full(ring);
    case ORDER_IN: return records;
    case ORDER_IN_BYTES:
        return ring->in.interval_ns > 0 ? stat_per_second(&ring->in, ring->in.payload_bytes) : 0;
    case ORDER_OUT:
        return ring->out.interval_ns > 0 ? stat_per_second(&ring->out, ring->out.records) : 0;
    case ORDER_DROPPED: return (double)ring->stat.dropped_records;
    default: return blocked(ring);
    }
}

static enum order wanted;
static int sense; /* -1: reversed */

bool order_is_falling(enum order order)
{
    return order != ORDER_NAME && order != ORDER_STATE;
}

static int compare(const void *left, const void *right)
{
    const struct sampled_ring *a = *(const struct sampled_ring *const *)left;
    const struct sampled_ring *b = *(const struct sampled_ring *const *)right;
    int difference;
    if (wanted == ORDER_NAME) {
        difference = strcmp(a->name, b->name);
    } else if (wanted == ORDER_STATE) {
        difference = strcmp(sample_ring_state(a), sample_ring_state(b));
    } else {
        double first = value_of(a, wanted), second = value_of(b, wanted);
        difference = (first < second) - (first > second);
    }
    return difference != 0 ? sense * difference : strcmp(a->name, b->name);
}

bool rows_select(struct rows *rows, const struct sample *sample, const char *filter,
                 enum order order, bool reverse)
{
    const struct sampled_ring **larger =
        realloc(rows->ring, (sample->count + 1) * sizeof *rows->ring);
    if (!larger)
        return false;
    *rows = (struct rows){.ring = larger};
    for (size_t i = 0; i < sample->count; i++)
        if (passes(sample->ring[i]->name, filter))
            rows->ring[rows->count++] = sample->ring[i];
    wanted = order;
    sense = reverse ? -1 : 1;
    qsort(rows->ring, rows->count, sizeof *rows->ring, compare);
    return true;
}

void rows_free(struct rows *rows)
{
    free(rows->ring);
    *rows = (struct rows){.ring = NULL};
}

const char *value_order(const char *text, void *value)
{
    static const char *const names[ORDER_COUNT] = {"name",  "state", "full",    "in",
                                                   "bytes", "out",   "dropped", "blocked"};
    for (int i = 0; i < ORDER_COUNT; i++) {
        if (strcmp(text, names[i]) == 0) {
            *(enum order *)value = (enum order)i;
            return NULL;
        }
    }
    return "name, state, full, in, bytes, out, dropped or blocked";
}
