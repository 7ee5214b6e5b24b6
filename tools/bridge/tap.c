/* SPDX-License-Identifier: MIT */
/* Fetches records some at a time, so that the dictionary need not be read for each of them: what a
 * record refers to was defined before it was committed. */
#include "tap.h"

#include <stdlib.h>

enum { FETCHED = 64 };

struct tap {
    const struct tap_settings *settings;
    mapring_consumer *consumer;
    mapring_dictionary *dictionary; /* NULL: the ring has none */
    struct tap_item item[FETCHED];
    unsigned next, count;
    struct tap_item entry; /* stands before these */
    bool has_entry, looked_for_entries;
    bool shows_entry; /* that is the next item */
    bool is_removed;
};

/* ---- Opening ---- */

static bool open_both(struct tap *tap, uint64_t sequence, struct trouble *trouble)
{
    const struct tap_settings *settings = tap->settings;
    bool is_anywhere = sequence == UINT64_MAX;
    const struct mapring_consumer_options options = {
        .scope = settings->scope,
        .from = is_anywhere ? MAPRING_OLDEST : MAPRING_AT_SEQUENCE,
        .sequence = is_anywhere ? 0 : sequence,
        .name = settings->consumer,
        .durable = true,
        .every_run = true,
        .wake_bytes = settings->wake_bytes,
        .wake_delay_ns = settings->wake_delay_ns,
    };
    int result = mapring_consumer_open(&tap->consumer, settings->ring, &options);
    if (result == MAPRING_ERROR_CONSUMER_TAKEN)
        return trouble_final(trouble, EXIT_FAILED,
                             "another bridge carries the ring '%s' into that stream: its consumer "
                             "'%s' is attached",
                             settings->ring, settings->consumer);
    if (result == MAPRING_OK && settings->has_dictionary)
        result = mapring_dictionary_open(&tap->dictionary, settings->ring, settings->scope);
    return result == MAPRING_OK || trouble_ring(trouble);
}

struct tap *tap_open(const struct tap_settings *settings, uint64_t sequence,
                     struct trouble *trouble)
{
    struct tap *tap = calloc(1, sizeof *tap);
    if (!tap) {
        trouble_final(trouble, EXIT_FAILED, "not enough memory");
        return NULL;
    }
    tap->settings = settings;
    if (open_both(tap, sequence, trouble))
        return tap;
    tap_close(tap);
    return NULL;
}

void tap_close(struct tap *tap)
{
    if (!tap)
        return;
    mapring_dictionary_close(tap->dictionary);
    mapring_consumer_close(tap->consumer);
    free(tap);
}

/* ---- Items ---- */

/* In a ring that repeats another one, run 0 is that of the bridge that writes it, which is nothing
 * of the origin's. */
static bool is_item(struct tap_item *item, int result)
{
    item->died = result == MAPRING_PRODUCER_DIED;
    switch (result) {
    case MAPRING_OK:
        item->kind = TAP_RECORD;
        return true;
    case MAPRING_LOST:
        item->kind = TAP_GAP;
        return true;
    case MAPRING_PRODUCER_CLOSED:
    case MAPRING_PRODUCER_DIED:
        item->kind = TAP_RUN_END;
        return item->record.run > 0;
    default:
        return false;
    }
}

static bool is_nothing(int result)
{
    return result == MAPRING_NOTHING || result == MAPRING_TIMED_OUT;
}

/* Waits for the first one only. */
static bool fetch(struct tap *tap, int64_t timeout_ns, struct trouble *trouble)
{
    tap->next = tap->count = 0;
    tap->looked_for_entries = !tap->dictionary;
    while (tap->count < FETCHED) {
        struct tap_item *item = &tap->item[tap->count];
        if (mapring_consumer_mark(tap->consumer, &item->before) != MAPRING_OK)
            return trouble_ring(trouble);
        int result = mapring_consumer_next(tap->consumer, &item->record,
                                           tap->count == 0 ? timeout_ns : 0);
        tap->is_removed = tap->is_removed || result == MAPRING_REMOVED;
        if (is_nothing(result) || result == MAPRING_REMOVED)
            return true;
        if (result < 0)
            return trouble_ring(trouble);
        tap->count += is_item(item, result);
    }
    return true;
}

static bool fetch_entry(struct tap *tap, struct trouble *trouble)
{
    int result = mapring_dictionary_next(tap->dictionary, &tap->entry.entry);
    tap->entry.kind = TAP_ENTRY;
    tap->has_entry = result == MAPRING_OK;
    tap->looked_for_entries = !tap->has_entry;
    return result >= 0 || trouble_ring(trouble);
}

static bool comes_before(const struct tap *tap, uint64_t entry_limit)
{
    return tap->has_entry && tap->entry.entry.offset < entry_limit;
}

bool tap_waits(const struct tap *tap)
{
    return tap->next == tap->count;
}

bool tap_look(struct tap *tap, int64_t timeout_ns, uint64_t entry_limit,
              const struct tap_item **item, struct trouble *trouble)
{
    if (tap_waits(tap) && !comes_before(tap, entry_limit) && !fetch(tap, timeout_ns, trouble))
        return false;
    if (!tap->has_entry && !tap->looked_for_entries && !fetch_entry(tap, trouble))
        return false;
    tap->shows_entry = comes_before(tap, entry_limit);
    *item = NULL;
    if (tap->shows_entry)
        *item = &tap->entry;
    else if (tap->next < tap->count)
        *item = &tap->item[tap->next];
    return true;
}

void tap_take(struct tap *tap)
{
    if (tap->shows_entry)
        tap->has_entry = tap->shows_entry = false;
    else
        tap->next++;
}

/* ---- Places ---- */

bool tap_mark(struct tap *tap, struct mapring_mark *mark, struct trouble *trouble)
{
    if (tap->next < tap->count) {
        *mark = tap->item[tap->next].before;
        return true;
    }
    return mapring_consumer_mark(tap->consumer, mark) == MAPRING_OK || trouble_ring(trouble);
}

bool tap_release(struct tap *tap, const struct mapring_mark *mark, struct trouble *trouble)
{
    return mapring_consumer_release_to(tap->consumer, mark) == MAPRING_OK || trouble_ring(trouble);
}

bool tap_go_back(struct tap *tap, uint64_t sequence, struct trouble *trouble)
{
    return mapring_consumer_seek(tap->consumer, MAPRING_AT_SEQUENCE, sequence) == MAPRING_OK ||
           trouble_ring(trouble);
}

bool tap_is_removed(const struct tap *tap)
{
    return tap->is_removed && tap_waits(tap);
}
