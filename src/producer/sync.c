/* SPDX-License-Identifier: MIT */
/* Writing a producer's file to its disk: on request, at the end, or at intervals by a thread. */
#include "producer/sync.h"

#include <stdlib.h>

#include "error.h"
#include "platform.h"
#include "producer/producer.h"

struct syncer {
    const struct ring *ring;
    int64_t interval_ns;
    struct platform_thread *thread;
    mapring_handle stop;
    shared_u32 failed;
};

static int sync_ring(const struct ring *ring)
{
    return platform_sync(ring->object, ring->base, ring_capacity(ring), ring->dictionary,
                         ring->dictionary_bytes);
}

static void run(void *context)
{
    struct syncer *syncer = context;
    while (!platform_signal_wait(syncer->stop, syncer->interval_ns))
        if (sync_ring(syncer->ring) != MAPRING_OK)
            store_release(&syncer->failed, 1);
}

static int start_thread(mapring_producer *producer, uint32_t interval_ms)
{
    struct syncer *syncer = calloc(1, sizeof *syncer);
    if (!syncer)
        return fail_memory(producer->ring.name.text, "a thread");
    syncer->ring = &producer->ring;
    syncer->interval_ns = (int64_t)interval_ms * 1000000;
    int result = platform_signal_open(&syncer->stop, producer->ring.name.text);
    if (result == MAPRING_OK) {
        result = platform_thread_start(&syncer->thread, producer->ring.name.text, run, syncer);
        if (result != MAPRING_OK)
            platform_signal_close(syncer->stop);
    }
    if (result == MAPRING_OK)
        producer->syncer = syncer;
    else
        free(syncer);
    return result;
}

int sync_start(mapring_producer *producer, const struct mapring_options *options)
{
    producer->sync = options->sync;
    if (options->sync == MAPRING_SYNC_INTERVAL)
        return start_thread(producer, options->sync_interval_ms);
    return MAPRING_OK;
}

static void stop_thread(struct syncer *syncer, bool forked)
{
    if (!forked) {
        platform_signal_set(syncer->stop);
        platform_thread_join(syncer->thread);
    }
    platform_signal_close(syncer->stop);
    free(syncer);
}

void sync_finish(mapring_producer *producer)
{
    bool forked = producer->hot.ring.broken == MAPRING_ERROR_FORKED;
    if (producer->syncer)
        stop_thread(producer->syncer, forked);
    if (producer->sync != MAPRING_SYNC_NONE && !forked)
        sync_ring(&producer->ring);
}

int mapring_producer_sync(mapring_producer *producer)
{
    int result = producer_check(producer);
    if (result != MAPRING_OK)
        return result;
    /* The system reports a lost page only once; the next call succeeds again. */
    if (producer->syncer && load_acquire(&producer->syncer->failed))
        return fail(MAPRING_ERROR_SYSTEM, producer->ring.name.text,
                    "an earlier write of ring '%s' to its disk failed, so the file on the disk may "
                    "have gaps",
                    producer->ring.name.text);
    return sync_ring(&producer->ring);
}
