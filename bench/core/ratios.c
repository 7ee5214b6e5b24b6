/* SPDX-License-Identifier: MIT */
/* The performance targets, and whether a run meets them. */
#include "ratios.h"

#include "statistics.h"

#define TRIP(size, limit)                                                                   \
    {                                                                                       \
        .name = "half-round-trip-" #size,                                                   \
        .meaning = "half round trip, " #size " bytes / raw line", .group = CASE_ROUND_TRIP, \
        .transport = "mapring", .bytes = size, .reference = "raw-line", .target = limit     \
    }
#define STREAM(size, limit)                                                                   \
    {                                                                                         \
        .name = "throughput-" #size, .meaning = "one at a time, " #size " bytes / baseline",  \
        .group = CASE_STREAM, .transport = "mapring", .bytes = size, .reference = "baseline", \
        .reference_bytes = size, .at_least = true, .target = limit                            \
    }
#define BATCH(size, limit)                                                                        \
    {                                                                                             \
        .name = "batch-" #size,                                                                   \
        .meaning = "batch of 32, " #size " bytes / baseline one at a time", .group = CASE_STREAM, \
        .transport = "mapring-batch", .bytes = size, .reference = "baseline",                     \
        .reference_bytes = size, .at_least = true, .target = limit                                \
    }
#define SEND(size)                                                                             \
    {                                                                                          \
        .name = "send-cost-" #size, .meaning = "one send of " #size " bytes every 500 ns, ns", \
        .group = CASE_SEND, .transport = "mapring-copy", .bytes = size, .target = 10           \
    }
#define MANY(id, what, with, limit)                                                            \
    {                                                                                          \
        .name = id, .meaning = what, .group = CASE_MANY, .transport = "mapring", .note = with, \
        .reference = "mapring", .reference_note = "1 consumer", .cpus = 3, .at_least = true,   \
        .target = limit                                                                        \
    }

const struct ratio ratios[] = {
    TRIP(8, 1.15),
    TRIP(48, 1.15),
    TRIP(64, 1.4),
    TRIP(256, 2.2),
    TRIP(1024, 3.5),
    STREAM(8, 1.1),
    STREAM(64, 1.1),
    STREAM(256, 1.2),
    STREAM(1024, 1.5),
    BATCH(8, 2.0),
    BATCH(64, 1.4),
    BATCH(256, 1.2),
    BATCH(1024, 1.5),
    {.name = "throughput-16384",
     .meaning = "16384 bytes, sent by copy / blocks handed over by memcpy",
     .group = CASE_STREAM,
     .transport = "mapring-send",
     .bytes = 16384,
     .reference = "raw-blocks",
     .reference_bytes = 16384,
     .at_least = true,
     .target = 1.1},
    {.name = "paced-64",
     .meaning = "slower producer, 64 bytes / baseline",
     .group = CASE_PACED,
     .transport = "mapring",
     .bytes = 64,
     .reference = "baseline",
     .at_least = true,
     .target = 2},
    SEND(8),
    SEND(64),
    SEND(256),
    {.name = "blocking",
     .meaning = "blocking consumer, awake / one that only tries",
     .group = CASE_MANY,
     .transport = "mapring",
     .note = "1 consumer",
     .reference = "mapring-try",
     .at_least = true,
     .target = 0.97},
    MANY("two-consumers", "two consumers / one", "2 consumers", 0.8),
    MANY("observer", "with an observer / without", "1 consumer, observed", 0.97),
    {.name = "asleep-consumer",
     .meaning = "CPU of a sleeping consumer, percent",
     .group = CASE_ASLEEP,
     .transport = "mapring",
     .note = "consumer",
     .target = 0.2},
    {.name = "asleep-producer",
     .meaning = "CPU of a sleeping producer, percent",
     .group = CASE_ASLEEP,
     .transport = "mapring",
     .note = "producer",
     .target = 0.2},
};
const size_t ratio_count = sizeof ratios / sizeof *ratios;

static bool median_of(const struct bench_case *found, enum placement placement, double *median)
{
    if (!found || found->placed[placement].count == 0)
        return false;
    *median = spread_of(found->placed[placement].value, found->placed[placement].count).median;
    return true;
}

bool ratio_value(const struct bench_cases *cases, const struct ratio *ratio,
                 enum placement placement, double *value)
{
    if (cases->cpus < ratio->cpus)
        return false;
    const struct bench_case *found =
        case_find(cases, ratio->group, ratio->transport, ratio->bytes, ratio->note);
    if (!median_of(found, placement, value))
        return false;
    if (!ratio->reference)
        return true;
    double reference;
    if (!median_of(case_find(cases, ratio->group, ratio->reference, ratio->reference_bytes,
                             ratio->reference_note),
                   placement, &reference) ||
        reference <= 0)
        return false;
    *value /= reference;
    return true;
}

bool ratio_is_met(const struct ratio *ratio, double value)
{
    return ratio->at_least ? value >= ratio->target : value <= ratio->target;
}
