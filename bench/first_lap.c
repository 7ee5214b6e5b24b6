/* SPDX-License-Identifier: MIT */
/* Measures what a send costs in the first and in the second lap of a new ring, with and without the
 * options that touch its pages in advance:
 *     first_lap [CAPACITY-BYTES [RINGS]] */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "mapring/mapring.h"

enum { PAYLOAD_BYTES = 56, SPAN_BYTES = 64 };

struct way {
    const char *title;
    bool prefault, huge;
};

static const struct way ways[] = {
    {"no options", false, false},
    {"prefault", true, false},
    {"huge", false, true},
    {"huge and prefault", true, true},
};

static uint64_t now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

static void give_up(void)
{
    fprintf(stderr, "first_lap: %s\n", mapring_last_error()->text);
    exit(1);
}

static int compare(const void *left, const void *right)
{
    uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
    return (a > b) - (a < b);
}

/* One lap of sends, each of them timed. */
static void lap(mapring_producer *producer, uint32_t *times, size_t sends)
{
    static const unsigned char payload[PAYLOAD_BYTES];
    for (size_t i = 0; i < sends; i++) {
        uint64_t begin = now_ns();
        if (mapring_producer_send(producer, payload, sizeof payload, 0) != MAPRING_OK)
            give_up();
        uint64_t took = now_ns() - begin;
        times[i] = took < UINT32_MAX ? (uint32_t)took : UINT32_MAX;
    }
}

static void tell(const char *title, uint32_t *times, size_t sends, double open_ms)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < sends; i++)
        sum += times[i];
    qsort(times, sends, sizeof *times, compare);
    printf("%-32s %8.2f %8.1f %7u %7u %7u\n", title, open_ms, (double)sum / (double)sends,
           times[sends / 2], times[sends - sends / 100], times[sends - sends / 1000]);
}

static void run(const struct way *way, uint64_t capacity, unsigned rings)
{
    size_t sends = (size_t)(capacity / SPAN_BYTES);
    uint32_t *first = malloc(rings * sends * sizeof *first);
    uint32_t *second = malloc(rings * sends * sizeof *second);
    uint64_t opening = 0;
    if (!first || !second)
        exit(1);
    memset(first, 0, rings * sends * sizeof *first);
    memset(second, 0, rings * sends * sizeof *second);
    for (unsigned i = 0; i < rings; i++) {
        struct mapring_options options = {.capacity_bytes = capacity,
                                          .when_full = MAPRING_OVERWRITE};
        mapring_ring *ring;
        mapring_producer *producer;
        if (mapring_open(&ring, "first-lap", &options) != MAPRING_OK)
            give_up();
        options.prefault = way->prefault;
        options.huge = way->huge;
        uint64_t begin = now_ns();
        if (mapring_producer_open(&producer, "first-lap", &options) != MAPRING_OK)
            give_up();
        opening += now_ns() - begin;
        lap(producer, first + i * sends, sends);
        lap(producer, second + i * sends, sends);
        mapring_producer_close(producer);
        mapring_close(ring);
        mapring_remove("first-lap", MAPRING_LOCAL, true);
    }
    char title[64];
    snprintf(title, sizeof title, "%s, first lap", way->title);
    tell(title, first, rings * sends, (double)opening / rings / 1e6);
    snprintf(title, sizeof title, "%s, second lap", way->title);
    tell(title, second, rings * sends, (double)opening / rings / 1e6);
    free(first);
    free(second);
}

int main(int argc, char **argv)
{
    uint64_t capacity = argc > 1 ? strtoull(argv[1], NULL, 0) : 1 << 20;
    unsigned rings = argc > 2 ? (unsigned)strtoul(argv[2], NULL, 0) : 20;
    printf("%-32s %8s %8s %7s %7s %7s\n", "ns a send", "open/ms", "mean", "p50", "p99", "p99.9");
    for (size_t i = 0; i < sizeof ways / sizeof *ways && rings > 0; i++)
        run(&ways[i], capacity, rings);
    return 0;
}
