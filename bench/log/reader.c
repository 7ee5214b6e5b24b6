/* SPDX-License-Identifier: MIT */
/* Reads a ring in a process of its own, until it is closed. */
#include "reader.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/word.h"
#include "shared/message.h"
#include "shared/os.h"

enum { PATIENCE_MS = 10000, LINE_LIMIT = 4096 };

/* Waits until all readers have added themselves to the word. */
static bool await(struct readers *readers, const uint64_t *ready)
{
    for (unsigned waited = 0; waited < PATIENCE_MS; waited++) {
        if (word_get(ready) == readers->count)
            return true;
        for (unsigned i = 0; i < readers->count; i++)
            if (!bench_is_alive(&readers->process[i]))
                return false;
        os_pause_ms(1);
    }
    complain("a reader does not start");
    return false;
}

static bool start(struct bench_process *process, const char *ring, const char *view, unsigned cpu,
                  bool observes)
{
    char text[16];
    snprintf(text, sizeof text, "%u", cpu);
    const char *const arguments[] = {"reader", ring, view, text, observes ? "observe" : "consume",
                                     NULL};
    return bench_spawn(process, arguments);
}

bool readers_start(struct readers *readers, const struct logger_setup *setup, const unsigned *cpu)
{
    struct os_view view;
    char name[LOGGER_RING_BYTES], ring[LOGGER_RING_BYTES];
    bool started = true;
    snprintf(name, sizeof name, "%s-ready", setup->ring);
    readers->count = 0;
    if (!os_view_write(&view, name, sizeof(uint64_t), 0))
        return false;
    uint64_t *ready = (uint64_t *)(void *)view.data;
    for (unsigned i = 0; started && i < setup->threads; i++) {
        logger_ring(setup->ring, i, ring);
        started = start(&readers->process[i], ring, name, cpu[i],
                        setup->when_full == MAPRING_OVERWRITE);
        readers->count += started;
    }
    started = started && await(readers, ready);
    os_view_remove(&view);
    os_view_close(&view);
    return started;
}

void readers_wait(struct readers *readers)
{
    for (unsigned i = 0; i < readers->count; i++)
        bench_wait(&readers->process[i]);
}

/* ---- In the process of a reader ---- */

static bool tell(const char *name)
{
    struct os_view view;
    if (!os_view_write(&view, name, sizeof(uint64_t), 0))
        return false;
    __atomic_fetch_add((uint64_t *)(void *)view.data, 1, __ATOMIC_RELEASE);
    os_view_close(&view);
    return true;
}

static int consume(const char *ring, const char *view)
{
    const struct mapring_consumer_options options = {.prefault = true};
    mapring_consumer *consumer;
    struct mapring_record record;
    int result = mapring_consumer_open(&consumer, ring, &options);
    if (result != MAPRING_OK || !tell(view))
        return result;
    do {
        result = mapring_consumer_next(consumer, &record, MAPRING_FOREVER);
        if (result == MAPRING_OK)
            mapring_consumer_release(consumer);
    } while (result == MAPRING_OK || result == MAPRING_LOST);
    mapring_consumer_close(consumer);
    return result;
}

static int observe(const char *ring, const char *view)
{
    const struct mapring_observer_options options = {.prefault = true};
    mapring_observer *observer;
    struct mapring_record record;
    static char line[LINE_LIMIT];
    int result = mapring_observer_open(&observer, ring, &options);
    if (result != MAPRING_OK || !tell(view))
        return result;
    do
        result = mapring_observer_receive(observer, line, sizeof line, &record, MAPRING_FOREVER);
    while (result == MAPRING_OK || result == MAPRING_LOST);
    mapring_observer_close(observer);
    return result;
}

int reader_run(char **arguments)
{
    bench_pin((unsigned)strtoul(arguments[2], NULL, 10));
    bool observes = strcmp(arguments[3], "observe") == 0;
    int result = (observes ? observe : consume)(arguments[0], arguments[1]);
    return result < 0 ? ring_failure() : EXIT_DONE;
}
