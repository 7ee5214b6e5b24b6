/* SPDX-License-Identifier: MIT */
/* Options as an object of JavaScript: the names of mapring.h, in camel case. Words are numbers
 * here; lib/options.js translates them. */
#ifndef OPTIONS_H
#define OPTIONS_H

#include <mapring/log_reader.h>
#include <mapring/merge.h>
#include <node_api.h>
#include <stdbool.h>

enum { OPTIONS_TEXTS = 4 };

struct options {
    struct mapring_options ring;
    struct mapring_consumer_options consumer;
    struct mapring_observer_options observer;
    struct mapring_merge_options merge;
    struct mapring_log_reader_options log_reader;
    char *texts[OPTIONS_TEXTS]; /* that the options point to */
    unsigned texts_count;
};

enum options_kind {
    OPTIONS_RING,
    OPTIONS_CONSUMER,
    OPTIONS_OBSERVER,
    OPTIONS_MERGE,
    OPTIONS_LOG_READER
};

/* Fills in one of them; throws, and returns false, at an unknown option or an invalid value. */
bool options_read(napi_env env, napi_value object, enum options_kind kind, struct options *options);
void options_free(struct options *options);

#endif
