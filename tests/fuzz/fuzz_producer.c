/* SPDX-License-Identifier: MIT */
/* A producer takes over a hostile mapping and goes on writing, beside hostile consumers. */
#include <string.h>

#include "hostile.h"

enum { ROUNDS = 60 };

/* The meanings of the bits in the choices. */
enum { WAITS = 1, LARGE = 2, QUIET = 4 };

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

void fuzz(const char *path, unsigned choices)
{
    const int64_t timeout_ns = choices & WAITS ? 1000 : 0;
    mapring_producer *producer;
    if (checked(mapring_producer_open(&producer, path, NULL)) != MAPRING_OK)
        return;
    checked(mapring_producer_quiet(producer, choices & QUIET));
    for (size_t i = 0; i < ROUNDS; i++)
        if (!write_some(producer, choices & LARGE ? i * 499 : i * 7, timeout_ns))
            break;
    checked(mapring_producer_wake(producer));
    checked(mapring_producer_wait_consumers(producer, 2, timeout_ns));
    checked(mapring_producer_drain(producer, timeout_ns));
    mapring_producer_close(producer);
}
