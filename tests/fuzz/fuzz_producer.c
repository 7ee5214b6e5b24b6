/* SPDX-License-Identifier: MIT */
/* A producer takes over a hostile mapping and goes on writing, beside hostile consumers. */
#include <string.h>

#include "hostile.h"

enum { ROUNDS = 60 };

/* The meanings of the bits in the choices. */
enum { WAITS = 1, LARGE = 2, QUIET = 4, REPEATS = 8 };

static const unsigned char data[30000];

static bool write_some(mapring_producer *producer, size_t bytes, int64_t timeout_ns)
{
    const struct mapring_buffer batch[] = {{data, bytes / 3}, {data, 0}, {data, 40}};
    void *payload;
    int result = checked(mapring_producer_reserve(producer, bytes, &payload, timeout_ns));
    if (result == MAPRING_OK) {
        memset(payload, 1, bytes);
        checked(bytes % 5 ? mapring_producer_commit(producer, bytes / 2)
                          : mapring_producer_abort(producer));
    }
    checked(mapring_producer_send_batch(producer, batch, 3, timeout_ns));
    checked(mapring_producer_send_part(producer, data, bytes / 2, timeout_ns));
    checked(mapring_producer_send(producer, data, bytes, timeout_ns));
    return result == MAPRING_OK || result == MAPRING_DROPPED;
}

/* Goes on where the ring is said to be, as a bridge does. */
static uint64_t next_sequence(const char *path)
{
    mapring_ring *ring;
    struct mapring_repetition repetition = {0};
    if (checked(mapring_open(&ring, path, NULL)) != MAPRING_OK)
        return 0;
    checked(mapring_repetition(ring, &repetition));
    mapring_close(ring);
    return repetition.sequence;
}

static void repeat_some(mapring_producer *producer, struct mapring_record record,
                        int64_t timeout_ns)
{
    for (unsigned i = 0; i < ROUNDS; i++) {
        record.time_ns = i % 7 * UINT64_C(1000000);
        record.lost_records = i % 9 == 3;
        record.bytes = i * 7;
        if (i % 8 == 5)
            checked(mapring_producer_end_run(producer, i, i % 3, timeout_ns));
        else if (checked(mapring_producer_repeat(producer, &record, timeout_ns)) == MAPRING_OK)
            record.sequence++;
        else
            return;
    }
}

void fuzz(const char *path, unsigned choices)
{
    const int64_t timeout_ns = choices & WAITS ? 1000 : 0;
    const struct mapring_options *options = choices & REPEATS ? &hostile_repetition : NULL;
    mapring_producer *producer;
    if (checked(mapring_producer_open(&producer, path, options)) != MAPRING_OK)
        return;
    checked(mapring_producer_quiet(producer, choices & QUIET));
    if (choices & REPEATS)
        repeat_some(producer,
                    (struct mapring_record){.payload = data, .sequence = next_sequence(path)},
                    timeout_ns);
    for (size_t i = 0; i < ROUNDS; i++)
        if (!write_some(producer, choices & LARGE ? i * 499 : i * 7, timeout_ns))
            break;
    checked(mapring_producer_wake(producer));
    checked(mapring_producer_wait_consumers(producer, 2, timeout_ns));
    checked(mapring_producer_drain(producer, timeout_ns));
    mapring_producer_close(producer);
}
