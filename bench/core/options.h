/* SPDX-License-Identifier: MIT */
/* The options that "mapring bench" and the comparison with peers have in common. */
#ifndef BENCH_OPTIONS_H
#define BENCH_OPTIONS_H

#include "command/options.h"
#include "cases.h"

/* Sizes with commas between them, into a struct bench_settings. */
const char *bench_value_sizes(const char *text, void *settings);

/* Within what the loops and their shared memory can do. */
const char *bench_value_rate(const char *text, void *value);
const char *bench_value_duration(const char *text, void *value);
const char *bench_value_capacity(const char *text, void *value);

#define BENCH_OPTIONS(settings)                                                                 \
    OPTION_JSON(&(settings).json),                                                              \
        {"html", "FILE", value_text, &(settings).html, "write a page with charts as well"},     \
        {"size", "BYTES[,...]", bench_value_sizes, &(settings),                                 \
         "payload sizes, from 8 bytes on, instead of the usual ones"},                          \
        {"rate", "N", bench_value_rate, &(settings).rate,                                       \
         "begin N round trips a second, and count each from when it was due; send N records a " \
         "second where the cost of a send is measured (default 2000000)"},                      \
        {"duration", "SECONDS", bench_value_duration, &(settings).duration_ns,                  \
         "go on with rounds for so long (default: 11 rounds)"},                                 \
        {"consumers", "N", value_consumers, &(settings).consumers,                              \
         "measure N consumers beside one (default 2)"},                                         \
        {"observers", "N", value_consumers, &(settings).observers,                              \
         "measure N observers beside none (default 1)"},                                        \
        {"capacity", "SIZE", bench_value_capacity, &(settings).capacity_bytes,                  \
         "bytes in each ring: a power of two from 64K to 2M (default 1M)"},                     \
    {                                                                                           \
        "quick", NULL, NULL, &(settings).quick, "3 rounds only: a first look"                   \
    }

#endif
