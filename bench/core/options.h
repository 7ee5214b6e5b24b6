/* SPDX-License-Identifier: MIT */
/* The options that "mapring bench" and the comparison with peers have in common. */
#ifndef BENCH_OPTIONS_H
#define BENCH_OPTIONS_H

#include "cases.h"
#include "shared/options.h"

/* Reads sizes separated by commas into a struct bench_settings. */
const char *bench_value_sizes(const char *text, void *settings);

/* Accept only what the loops and their shared memory can handle. */
const char *bench_value_rate(const char *text, void *value);
const char *bench_value_duration(const char *text, void *value);
const char *bench_value_capacity(const char *text, void *value);

#define BENCH_OPTIONS(settings)                                                                 \
    OPTION_JSON(&(settings).json),                                                              \
        {"html", "FILE", value_text, &(settings).html,                                          \
         "also write a page with charts and all tables"},                                       \
        {"size", "BYTES[,...]", bench_value_sizes, &(settings),                                 \
         "payload sizes from 8 to 65536, instead of the usual ones"},                           \
        {"rate", "N", bench_value_rate, &(settings).rate,                                       \
         "begin N round trips a second, and time each from the moment it was due; also send N " \
         "records a second where the cost of a send (default 2000000) and the CPU used by the " \
         "reader (default 10000) are measured"},                                                \
        {"duration", "SECONDS", bench_value_duration, &(settings).duration_ns,                  \
         "keep starting rounds for that long (default: 11 rounds)"},                            \
        {"consumers", "N", value_consumers, &(settings).consumers,                              \
         "measure with N consumers as well as with one (default 2)"},                           \
        {"observers", "N", value_consumers, &(settings).observers,                              \
         "measure with N observers as well as with none (default 1)"},                          \
        {"capacity", "SIZE", bench_value_capacity, &(settings).capacity_bytes,                  \
         "bytes in each ring: a power of two from 64K to 2M (default 1M)"},                     \
    {                                                                                           \
        "quick", NULL, NULL, &(settings).quick, "run 3 rounds only"                             \
    }

#endif
