/* SPDX-License-Identifier: MIT */
/* The reference: what a call has to do at least to put a time, the numbers of a site and a thread,
 * and the values into a ring of this library. It knows one log, one thread, and each format. */
#include <string.h>

#include "core/clock.h"
#include "rings.h"

struct head {
    uint64_t counter;
    uint32_t site, thread;
};

struct values {
    struct head head;
    int first, second;
    double third;
};

struct text {
    struct head head;
    uint32_t bytes;
    char text[];
};

static volatile int level;

/* NULL if the level is too low or there is no room. */
static inline void *begin(void *writer, uint32_t site, size_t bytes)
{
    void *payload;
    if (level > 0 || mapring_producer_reserve(writer, bytes, &payload, MAPRING_FOREVER) != 0)
        return NULL;
    struct head *head = payload;
    head->counter = clock_ticks();
    head->site = site;
    head->thread = 1;
    return payload;
}

static void write_values(void *writer, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        struct values *line = begin(writer, 1, sizeof *line);
        if (!line)
            continue;
        line->first = (int)i;
        line->second = (int)(2 * i);
        line->third = 0.5 * i;
        mapring_producer_commit(writer, sizeof *line);
    }
}

static void write_text(void *writer, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        size_t length = strlen(logger_text), bytes = sizeof(struct text) + length;
        struct text *line = begin(writer, 2, bytes);
        if (!line)
            continue;
        line->bytes = (uint32_t)length;
        memcpy(line->text, logger_text, length);
        mapring_producer_commit(writer, bytes);
    }
}

static void write_plain(void *writer, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        if (begin(writer, 3, sizeof(struct head)))
            mapring_producer_commit(writer, sizeof(struct head));
}

const struct logger logger_prototype = {.name = "prototype",
                                        .title = "prototype",
                                        .has_rings = true,
                                        .pause_ns = 3000,
                                        .open = rings_open,
                                        .close = rings_close,
                                        .enter = rings_enter,
                                        .write = {write_values, write_text, write_plain}};
