/* SPDX-License-Identifier: MIT */
/* The state of several rings at about one moment, taken without disturbing them. */
#include "ring_samples.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "shared/os.h"

/* Opening a ring waits for whoever is creating it. */
#define ALL_NS INT64_C(5000000000)

/* ---- Latencies ---- */

/* The library's bounds include all powers of two. */
static unsigned count_of(uint64_t bound_ns)
{
    unsigned i = 0;
    while (i < LATENCY_COUNTS - 1 && bound_ns > UINT64_C(1) << (LATENCY_FIRST_BITS + i))
        i++;
    return i;
}

static void thin_out(const struct mapring_latency *latency, struct latency_sample *sample)
{
    uint64_t from_ns = 0;
    for (unsigned i = 0; i < MAPRING_LATENCY_BUCKETS; i++) {
        uint64_t to_ns = latency->bound_ns[i];
        sample->count[count_of(to_ns)] += latency->count[i];
        if (to_ns == UINT64_MAX)
            to_ns = latency->longest_ns > from_ns ? latency->longest_ns : from_ns;
        sample->sum_ns += (double)latency->count[i] * ((double)from_ns + (double)to_ns) / 2;
        from_ns = to_ns;
    }
}

static int take_latencies(struct mapring_ring *ring, struct ring_sample *sample)
{
    struct mapring_latency latency;
    int result = MAPRING_OK;
    if (!sample->stat.times || sample->stat.consumers == 0)
        return MAPRING_OK;
    sample->latency = calloc(sample->stat.consumers, sizeof *sample->latency);
    if (!sample->latency)
        return MAPRING_ERROR_NO_MEMORY;
    for (unsigned i = 0; i < sample->stat.consumers && result == MAPRING_OK; i++) {
        result = mapring_latency(ring, sample->stat.consumer[i].cell, &latency);
        if (result == MAPRING_OK)
            thin_out(&latency, &sample->latency[i]);
    }
    return result;
}

/* ---- Rings ---- */

static int take_bridges(struct ring_sample *sample, enum mapring_scope scope)
{
    struct status status[STATUS_LIMIT];
    sample->bridges = status_read(sample->name, scope, status);
    if (sample->bridges == 0)
        return MAPRING_OK;
    sample->bridge = calloc(sample->bridges, sizeof *status);
    if (!sample->bridge)
        return MAPRING_ERROR_NO_MEMORY;
    memcpy(sample->bridge, status, sample->bridges * sizeof *status);
    return MAPRING_OK;
}

static int look_at(struct ring_sample *sample, enum mapring_scope scope)
{
    const struct mapring_options attach = {.how = MAPRING_ATTACH, .scope = scope};
    struct mapring_ring *ring = NULL;
    int result = mapring_open(&ring, sample->name, &attach);
    if (result == MAPRING_OK)
        result = mapring_stat(ring, &sample->stat);
    if (result == MAPRING_OK)
        result = take_latencies(ring, sample);
    if (result == MAPRING_OK)
        result = take_bridges(sample, scope);
    if (result == MAPRING_ERROR_NO_MEMORY)
        snprintf(sample->problem, sizeof sample->problem, "%s", mapring_result_text(result));
    else if (result != MAPRING_OK)
        snprintf(sample->problem, sizeof sample->problem, "%s", mapring_last_error()->text);
    mapring_close(ring);
    return result;
}

static void take(struct ring_sample *sample, enum mapring_scope scope, int64_t end_ns)
{
    if (os_now_ns() < end_ns) {
        sample->result = look_at(sample, scope);
        return;
    }
    sample->result = MAPRING_TIMED_OUT;
    snprintf(sample->problem, sizeof sample->problem,
             "the ring '%.100s' was not looked at, because others had taken too long",
             sample->name);
}

static void clear(struct ring_sample *sample)
{
    free(sample->latency);
    free(sample->bridge);
    memset(sample, 0, sizeof *sample);
}

static bool is_gone(int result)
{
    return result == MAPRING_ERROR_NOT_THERE || result == MAPRING_REMOVED;
}

/* ---- Names ---- */

static bool came_before(const struct names *names, size_t at)
{
    for (size_t i = 0; i < at; i++)
        if (strcmp(names->name[i], names->name[at]) == 0)
            return true;
    return false;
}

/* First those that were named, whose number is *named; then those that were found. */
static int collect_names(struct names *names, enum mapring_scope scope, size_t count, char **texts,
                         size_t *named)
{
    int result = MAPRING_OK;
    for (size_t i = 0; i < count; i++)
        if (!name_is_pattern(texts[i]))
            names_add(names, texts[i]);
    *named = names->count;
    if (count == 0)
        return names_find(names, scope, NULL);
    for (size_t i = 0; i < count && result == MAPRING_OK; i++)
        if (name_is_pattern(texts[i]))
            result = names_find(names, scope, texts[i]);
    return result;
}

int ring_samples_take(struct ring_samples *samples, enum mapring_scope scope, size_t count,
                      char **names)
{
    size_t named = 0;
    *samples = (struct ring_samples){0};
    int64_t end_ns = os_now_ns() + ALL_NS;
    int result = collect_names(&samples->names, scope, count, names, &named);
    samples->sample = calloc(samples->names.count + 1, sizeof *samples->sample);
    samples->no_memory = samples->names.no_memory || !samples->sample;
    for (size_t i = 0; i < samples->names.count && samples->sample; i++) {
        if (came_before(&samples->names, i))
            continue;
        struct ring_sample *sample = &samples->sample[samples->count];
        sample->name = samples->names.name[i];
        take(sample, scope, end_ns);
        if (i < named || !is_gone(sample->result))
            samples->count++;
        else
            clear(sample);
    }
    return result;
}

void ring_samples_free(struct ring_samples *samples)
{
    for (size_t i = 0; i < samples->count; i++)
        clear(&samples->sample[i]);
    free(samples->sample);
    names_free(&samples->names);
    *samples = (struct ring_samples){0};
}
