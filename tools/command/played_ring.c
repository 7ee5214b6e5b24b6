/* SPDX-License-Identifier: MIT */
/* A ring into which mapring play sends what was recorded from another. */
#include "played_ring.h"

#include <inttypes.h>

#include "look.h"
#include "shared/message.h"
#include "shared/os.h"
#include "wait.h"

/* ---- Opening ---- */

/* What a recording says may be anything: what no ring can have is left to the library's
 * defaults. */
static void take_over(struct mapring_options *options, const struct recorded_ring *recorded)
{
    uint64_t capacity = recorded->capacity_bytes;
    bool is_power = capacity > 0 && (capacity & (capacity - 1)) == 0;
    if (options->capacity_bytes == 0 && is_power && capacity >= 65536 && capacity >> 46 == 0)
        options->capacity_bytes = capacity;
    if (options->slot_bytes == 0 && recorded->slot_bytes <= 256)
        options->slot_bytes = recorded->slot_bytes;
    if (options->when_full == MAPRING_UNSPECIFIED && recorded->when_full <= MAPRING_OVERWRITE)
        options->when_full = recorded->when_full;
    if (options->dictionary_bytes == 0 && recorded->dictionary_bytes <= 1 << 30)
        options->dictionary_bytes = recorded->dictionary_bytes;
    if (!options->content && recorded->content[0] != '\0')
        options->content = recorded->content;
    options->times = options->times || recorded->times;
}

int played_open(struct played_ring *ring, const struct mapring_options *options,
                const struct recorded_ring *recorded)
{
    static struct mapring_stat stat;
    ring->options = *options;
    if (look(ring->name, options->scope, &stat) == MAPRING_ERROR_NOT_THERE)
        take_over(&ring->options, recorded);
    int result = mapring_producer_open(&ring->producer, ring->name, &ring->options);
    if (result != MAPRING_OK)
        return ring_failure();
    ring->options = (struct mapring_options){.how = MAPRING_ATTACH, .scope = options->scope};
    ring->blocked = (struct blocked){.name = ring->name, .scope = options->scope};
    return mapring_open(&ring->kept, ring->name, &ring->options) == MAPRING_OK ? EXIT_DONE
                                                                               : ring_failure();
}

/* ---- Sending ---- */

static int removed(const struct played_ring *ring)
{
    complain("the ring '%s' was removed: no process can find it any more", ring->name);
    return EXIT_PEER_DIED;
}

static int not_sent(const struct played_ring *ring, int result)
{
    if (result == MAPRING_REMOVED)
        return removed(ring);
    if (result < 0)
        return ring_failure();
    if (os_interrupted() != 0)
        return os_interrupted();
    blocked_tell(&ring->blocked, ring->timeout_ns);
    return EXIT_TIMED_OUT;
}

static int send_one(struct played_ring *ring, const void *data, size_t bytes, bool continued)
{
    struct wait wait = wait_begin(ring->timeout_ns);
    int result;
    blocked_begin(&ring->blocked);
    do {
        result = (continued ? mapring_producer_send_part : mapring_producer_send)(
            ring->producer, data, bytes, wait_slice(&wait));
        blocked_look(&ring->blocked, result);
    } while (wait_again(&wait, result));
    if (result != MAPRING_OK && result != MAPRING_DROPPED)
        return not_sent(ring, result);
    ++*(result == MAPRING_OK ? &ring->records : &ring->dropped);
    ring->bytes += bytes;
    ring->is_open = continued;
    return EXIT_DONE;
}

/* A ring that has smaller records gets them in parts. */
int played_send(struct played_ring *ring, const struct mapring_record *record)
{
    const char *data = record->payload;
    size_t left = record->bytes, limit = mapring_producer_record_limit(ring->producer);
    int status = !record->continues && ring->is_open ? played_cut(ring) : EXIT_DONE;
    for (; left > limit && status == EXIT_DONE; left -= limit, data += limit)
        status = send_one(ring, data, limit, true);
    return status == EXIT_DONE ? send_one(ring, data, left, record->continued) : status;
}

/* Only the end of a producer ends what it began. */
int played_cut(struct played_ring *ring)
{
    if (!ring->is_open)
        return EXIT_DONE;
    mapring_producer_close(ring->producer);
    ring->producer = NULL;
    ring->is_open = false;
    return mapring_producer_open(&ring->producer, ring->name, &ring->options) == MAPRING_OK
               ? EXIT_DONE
               : ring_failure();
}

/* Records may refer to entries by their offsets. */
int played_define(struct played_ring *ring, const struct recording_frame *entry)
{
    uint64_t offset = 0;
    int result = mapring_producer_define(ring->producer, entry->head.detail, entry->body,
                                         entry->bytes, &offset);
    if (result < 0)
        return ring_failure();
    if (result != MAPRING_OK && !ring->told_full)
        complain("the dictionary of '%s' has no room for what is defined in the recording; use a "
                 "new ring, or a larger --dictionary",
                 ring->name);
    else if (result == MAPRING_OK && offset != entry->head.sequence && !ring->told_offsets)
        complain("the dictionary of '%s' already had other entries: records that refer to entries "
                 "by their offsets cannot be read; use a new ring",
                 ring->name);
    ring->told_full = ring->told_full || result != MAPRING_OK;
    ring->told_offsets = ring->told_offsets || offset != entry->head.sequence;
    return EXIT_DONE;
}

/* ---- Consumers ---- */

int played_wait_consumers(struct played_ring *ring, unsigned count)
{
    struct wait wait = wait_begin(ring->timeout_ns);
    int result;
    do
        result = mapring_producer_wait_consumers(ring->producer, count, wait_slice(&wait));
    while (wait_again(&wait, result));
    if (result == MAPRING_OK)
        return EXIT_DONE;
    if (result == MAPRING_REMOVED || result < 0 || os_interrupted() != 0)
        return not_sent(ring, result);
    complain("fewer than %u consumers of '%s' attached within %.9g s", count, ring->name,
             (double)ring->timeout_ns / 1e9);
    return EXIT_TIMED_OUT;
}

int played_linger(struct played_ring *ring, int64_t linger_ns)
{
    struct wait wait = wait_begin(linger_ns);
    int result;
    do
        result = mapring_producer_drain(ring->producer, wait_slice(&wait));
    while (wait_again(&wait, result));
    if (result == MAPRING_OK)
        return EXIT_DONE;
    if (result == MAPRING_REMOVED || result < 0 || os_interrupted() != 0)
        return not_sent(ring, result);
    if (result == MAPRING_CONSUMER_GONE) {
        complain("a consumer of '%s' went away before it had read everything", ring->name);
        return EXIT_PEER_DIED;
    }
    complain("not all records of '%s' were read within %.9g s", ring->name,
             (double)linger_ns / 1e9);
    return EXIT_TIMED_OUT;
}

void played_close(struct played_ring *ring)
{
    mapring_producer_close(ring->producer);
    mapring_close(ring->kept);
    if (ring->dropped > 0)
        complain("dropped %" PRIu64 " records because the ring '%s' was full", ring->dropped,
                 ring->name);
}
