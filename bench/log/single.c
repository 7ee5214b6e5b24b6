/* SPDX-License-Identifier: MIT */
/* Measures single calls of a log. */
#include "single.h"

#include "core/clock.h"
#include "core/os.h"
#include "core/statistics.h"
#include "mapring/log.h"
#include "shared/message.h"

enum { PLACES = 64, TURNS = 10000000 };

#define FIRST(i)                                  \
    do {                                          \
        uint64_t begin = clock_ticks_in_order();  \
        MAPRING_INFO(log, "order %d", i);         \
        took[i] = clock_ticks_in_order() - begin; \
    } while (0)
#define FIRST_4(i)  \
    FIRST(i);       \
    FIRST((i) + 1); \
    FIRST((i) + 2); \
    FIRST((i) + 3)
#define FIRST_16(i)   \
    FIRST_4(i);       \
    FIRST_4((i) + 4); \
    FIRST_4((i) + 8); \
    FIRST_4((i) + 12)

static void measure_first(mapring_log *log, struct log_single *single)
{
    static uint64_t took[PLACES];
    double ns[PLACES];
    single->first_most = 0;
    FIRST_16(0);
    FIRST_16(16);
    FIRST_16(32);
    FIRST_16(48);
    for (int i = 0; i < PLACES; i++) {
        ns[i] = ((double)took[i] - clock_overhead()) / clock_ticks_per_ns();
        single->first_most = ns[i] > single->first_most ? ns[i] : single->first_most;
    }
    single->first_p50 = spread_of(ns, PLACES).median;
}

static double per_turn(uint64_t ticks)
{
    return (double)ticks / clock_ticks_per_ns() / TURNS;
}

static void measure_disabled(mapring_log *log, struct log_single *single)
{
    uint64_t begin = clock_ticks_in_order();
    for (int i = 0; i < TURNS; i++)
        __asm__ volatile("" : : "r"(i) : "memory");
    uint64_t middle = clock_ticks_in_order();
    for (int i = 0; i < TURNS; i++) {
        MAPRING_DEBUG(log, "order %d", i);
        __asm__ volatile("" : : "r"(i) : "memory");
    }
    single->disabled = per_turn(clock_ticks_in_order() - middle);
    single->empty = per_turn(middle - begin);
}

bool log_single_measure(const char *name, unsigned cpu, struct log_single *single)
{
    const struct mapring_log_options options = {.ring = {.prefault = true}};
    mapring_log *log;
    bench_pin(cpu);
    int result = mapring_log_open(&log, name, &options);
    if (result == MAPRING_OK)
        result = mapring_log_name_thread(log, "writer");
    if (result == MAPRING_OK) {
        MAPRING_INFO(log, "%s", "what a thread does once");
        measure_first(log, single);
        measure_disabled(log, single);
    } else {
        ring_failure();
    }
    mapring_log_close(log);
    mapring_remove(name, MAPRING_LOCAL, true);
    return result == MAPRING_OK;
}
