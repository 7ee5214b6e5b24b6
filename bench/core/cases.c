/* SPDX-License-Identifier: MIT */
/* Builds the list of cases. */
#include "cases.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "loops.h"

enum {
    WARM_MS = 4,
    STREAM_MS = 50,
    TRIP_MS = 50,
    WAKE_MS = 120,
    ASLEEP_MS = 400,
    ASLEEP_EVERY = 4, /* these slices are long and vary little */
    MANY_BYTES = 64,
    ASLEEP_BYTES = 4096,
    WAKE_RATE = 1000, /* records per second: slow enough for the reader to be asleep */
    CPU_RATE = 10000,
    SEND_RATE = 2000000,
    CAPACITY_BYTES = 1 << 20,
    PACE_NS = 12, /* work of the slower side between two records */
};

static const uint32_t stream_sizes[] = {8, 64, 256, 1024, 16384};
static const uint32_t trip_sizes[] = {8, 48, 64, 256, 1024};
static const uint32_t send_sizes[] = {8, 64, 256};
static const uint32_t wake_sizes[] = {8};
static const uint32_t line_payload = 56; /* what fits beside the flag in one cache line */

const char *const case_group_names[CASE_GROUPS] = {
    "throughput",   "paced-throughput", "drained-throughput",
    "many-readers", "half-round-trip",  "half-round-trip-asleep",
    "send-cost",    "wake-up",          "asleep",
    "cpu-used"};

const char *const case_group_titles[CASE_GROUPS] = {
    "Throughput, million records a second",
    "Throughput with a slower producer, million records a second",
    "Throughput with a slower consumer, million records a second",
    "Throughput with more readers, million records a second",
    "Half round trip, both sides spinning, ns",
    "Half round trip, the other side asleep, ns",
    "Cost of one send at a fixed rate, ns",
    "From send to a sleeping reader running, ns",
    "CPU used by a side that sleeps, percent",
    "CPU used by the reader at a fixed rate, percent",
};

bool case_wants_more(enum case_group group)
{
    return group <= CASE_MANY;
}

bool case_is_cpu(enum case_group group)
{
    return group == CASE_ASLEEP || group == CASE_CPU;
}

bool case_has_times(enum case_group group)
{
    return group >= CASE_ROUND_TRIP && group <= CASE_WAKE;
}

double case_times_ns(enum case_group group, double ticks)
{
    double ns = ticks / clock_ticks_per_ns();
    if (group == CASE_SEND) {
        double overhead = clock_overhead() / clock_ticks_per_ns();
        return ns > overhead ? ns - overhead : 0;
    }
    return group == CASE_ROUND_TRIP || group == CASE_SLEEPY ? ns / 2 : ns;
}

static uint64_t ticks_of_ms(unsigned ms)
{
    return (uint64_t)(clock_ticks_per_ns() * 1e6 * ms);
}

/* How many units of work take so many nanoseconds. */
static uint32_t delay_of_ns(double ns)
{
    enum { UNITS = 1000000 };
    uint64_t begin = clock_ticks();
    loop_delay(UNITS);
    double unit_ns = (double)(clock_ticks() - begin) / clock_ticks_per_ns() / UNITS;
    return (uint32_t)(ns / unit_ns) + 1;
}

static enum job_kind kind_of(enum case_group group)
{
    static const enum job_kind kinds[CASE_GROUPS] = {
        JOB_STREAM,     JOB_STREAM, JOB_STREAM, JOB_STREAM,        JOB_ROUND_TRIP,
        JOB_ROUND_TRIP, JOB_PACED,  JOB_PACED,  JOB_READER_SLEEPS, JOB_PACED};
    return kinds[group];
}

static unsigned slice_ms(enum case_group group)
{
    static const unsigned ms[CASE_GROUPS] = {STREAM_MS, STREAM_MS, STREAM_MS, STREAM_MS, TRIP_MS,
                                             WAKE_MS,   TRIP_MS,   WAKE_MS,   ASLEEP_MS, WAKE_MS};
    return ms[group];
}

static uint64_t rate_of(enum case_group group, const struct bench_settings *settings)
{
    if (group == CASE_SLEEPY || group == CASE_WAKE)
        return WAKE_RATE;
    if (group == CASE_SEND || group == CASE_CPU) {
        uint64_t usual = group == CASE_SEND ? SEND_RATE : CPU_RATE;
        return settings->rate > 0 ? settings->rate : usual;
    }
    return group == CASE_ROUND_TRIP ? settings->rate : 0;
}

static struct bench_case *add(struct bench_cases *cases, enum case_group group, unsigned transport,
                              uint32_t bytes, const struct bench_settings *settings)
{
    struct bench_case *made = &cases->list[cases->count];
    cases->count += cases->count < CASE_LIMIT - 1;
    *made = (struct bench_case){.group = group, .transport = transport, .every = 1};
    made->job = (struct job){
        .kind = kind_of(group),
        .transport = transport,
        .bytes = bytes,
        .rate = rate_of(group, settings),
        .warm_ticks = ticks_of_ms(WARM_MS),
        .slice_ticks = ticks_of_ms(slice_ms(group)),
        .capacity_bytes = settings->capacity_bytes > 0 ? settings->capacity_bytes : CAPACITY_BYTES};
    return made;
}

static bool is_named(const struct bench_cases *cases, unsigned transport, const char *name)
{
    return strcmp(cases->transports[transport]->name, name) == 0;
}

/* Whether this transport is of interest in this group. */
static bool wants(const struct bench_cases *cases, enum case_group group, unsigned transport,
                  uint32_t bytes)
{
    const struct transport *each = cases->transports[transport];
    bool streams_only = each->single || !strcmp(each->name, "mapring-send");
    if (each->one_at_most)
        return group == CASE_ROUND_TRIP && bytes <= line_payload;
    if (strcmp(each->name, "raw-blocks") == 0 || strcmp(each->name, "raw-memcpy") == 0)
        return group == CASE_STREAM && bytes >= 4096;
    if (group == CASE_STREAM)
        return strcmp(each->name, "mapring-try") != 0;
    if (strcmp(each->name, "mapring-try") == 0)
        return false;
    if (strcmp(each->name, "mapring-times") == 0)
        return group == CASE_SEND;
    if (group == CASE_PACED || group == CASE_DRAINED)
        return strcmp(each->name, "mapring-copy") != 0;
    if (group == CASE_ROUND_TRIP)
        return !streams_only && strcmp(each->name, "mapring-copy") != 0;
    if (group == CASE_SEND)
        return !streams_only;
    return each->sleeps;
}

static void add_group(struct bench_cases *cases, enum case_group group, const uint32_t *sizes,
                      size_t count, const struct bench_settings *settings)
{
    for (size_t s = 0; s < count; s++)
        for (unsigned t = 0; cases->transports[t] != NULL; t++)
            if (wants(cases, group, t, sizes[s]))
                add(cases, group, t, sizes[s], settings);
}

static void add_sizes(struct bench_cases *cases, enum case_group group, const uint32_t *usual,
                      size_t count, const struct bench_settings *settings)
{
    bool given = settings->sizes > 0;
    add_group(cases, group, given ? settings->size : usual, given ? settings->sizes : count,
              settings);
}

/* One side does some other work between two records. */
static void add_slower(struct bench_cases *cases, enum case_group group,
                       const struct bench_settings *settings)
{
    static const uint32_t sizes[] = {MANY_BYTES};
    size_t first = cases->count;
    uint32_t delay = delay_of_ns(PACE_NS);
    add_sizes(cases, group, sizes, 1, settings);
    for (size_t i = first; i < cases->count; i++) {
        struct job *job = &cases->list[i].job;
        *(group == CASE_PACED ? &job->delay : &job->read_delay) = delay;
    }
}

/* Adds a case with more readers. The case with none more is the reference for the others. */
static void add_readers(struct bench_cases *cases, unsigned transport, unsigned consumers,
                        unsigned observers, const struct bench_settings *settings)
{
    uint32_t bytes = settings->sizes > 0 ? settings->size[0] : MANY_BYTES;
    struct bench_case *made = add(cases, CASE_MANY, transport, bytes, settings);
    made->job.consumers = consumers;
    made->job.observers = observers;
    if (is_named(cases, transport, "mapring-try"))
        snprintf(made->note, sizeof made->note, "no blocking calls");
    else
        snprintf(made->note, sizeof made->note, "%u consumer%s%s", consumers + 1,
                 consumers > 0 ? "s" : "", observers > 0 ? ", observed" : "");
}

static void add_many(struct bench_cases *cases, const struct bench_settings *settings)
{
    unsigned consumers = settings->consumers > 0 ? settings->consumers - 1 : 1;
    unsigned observers = settings->observers > 0 ? (unsigned)settings->observers : 1;
    for (unsigned t = 0; cases->transports[t] != NULL; t++) {
        if (is_named(cases, t, "mapring-try"))
            add_readers(cases, t, 0, 0, settings);
        if (!is_named(cases, t, "mapring"))
            continue;
        add_readers(cases, t, 0, 0, settings);
        if (consumers > 0)
            add_readers(cases, t, consumers, 0, settings);
        add_readers(cases, t, 0, observers, settings);
    }
}

static void add_asleep(struct bench_cases *cases, const struct bench_settings *settings)
{
    for (unsigned t = 0; cases->transports[t] != NULL; t++) {
        if (!is_named(cases, t, "mapring"))
            continue;
        for (int writer = 0; writer < 2; writer++) {
            struct bench_case *made = add(cases, CASE_ASLEEP, t, ASLEEP_BYTES, settings);
            made->job.kind = writer ? JOB_WRITER_SLEEPS : JOB_READER_SLEEPS;
            made->every = ASLEEP_EVERY;
            snprintf(made->note, sizeof made->note, "%s", writer ? "producer" : "consumer");
        }
    }
}

static void add_cpu_used(struct bench_cases *cases, const struct bench_settings *settings)
{
    static const uint32_t sizes[] = {MANY_BYTES};
    size_t first = cases->count;
    add_sizes(cases, CASE_CPU, sizes, 1, settings);
    for (size_t i = first; i < cases->count; i++) {
        struct bench_case *made = &cases->list[i];
        snprintf(made->note, sizeof made->note, "%.0f a second", (double)made->job.rate);
    }
}

#define COUNT(array) (sizeof(array) / sizeof *(array))

bool cases_make(struct bench_cases *cases, const struct transport *const *transports,
                const struct bench_settings *settings)
{
    *cases = (struct bench_cases){.transports = transports};
    cases->list = calloc(CASE_LIMIT, sizeof *cases->list);
    if (!cases->list)
        return false;
    add_sizes(cases, CASE_STREAM, stream_sizes, COUNT(stream_sizes), settings);
    add_sizes(cases, CASE_ROUND_TRIP, trip_sizes, COUNT(trip_sizes), settings);
    add_sizes(cases, CASE_SEND, send_sizes, COUNT(send_sizes), settings);
    add_slower(cases, CASE_PACED, settings);
    add_slower(cases, CASE_DRAINED, settings);
    add_many(cases, settings);
    add_sizes(cases, CASE_SLEEPY, wake_sizes, COUNT(wake_sizes), settings);
    add_sizes(cases, CASE_WAKE, wake_sizes, COUNT(wake_sizes), settings);
    add_asleep(cases, settings);
    add_cpu_used(cases, settings);
    return true;
}

void cases_free(struct bench_cases *cases)
{
    for (size_t i = 0; i < cases->count; i++) {
        for (int p = 0; p < PLACEMENT_COUNT; p++) {
            free(cases->list[i].placed[p].value);
            free(cases->list[i].placed[p].times);
        }
    }
    free(cases->list);
}

const struct bench_case *case_find(const struct bench_cases *cases, enum case_group group,
                                   const char *transport, uint32_t bytes, const char *note)
{
    for (size_t i = 0; i < cases->count; i++) {
        const struct bench_case *each = &cases->list[i];
        if (each->group == group && is_named(cases, each->transport, transport) &&
            (bytes == 0 || each->job.bytes == bytes) && (!note || strcmp(each->note, note) == 0))
            return each;
    }
    return NULL;
}

const struct transport *case_batched(const struct bench_cases *cases, unsigned transport)
{
    for (unsigned t = 0; cases->transports[t] != NULL; t++)
        if (cases->transports[t]->single == cases->transports[transport])
            return cases->transports[t];
    return NULL;
}

unsigned cases_most_workers(const struct bench_cases *cases)
{
    unsigned most = 1;
    for (size_t i = 0; i < cases->count; i++) {
        unsigned wanted = 1 + cases->list[i].job.consumers + cases->list[i].job.observers;
        most = wanted > most ? wanted : most;
    }
    return most;
}
