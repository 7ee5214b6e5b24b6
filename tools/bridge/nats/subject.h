/* SPDX-License-Identifier: MIT */
/* Subjects: words with dots between them, in a pattern also "*" for one word and ">" for the rest. */
#ifndef BRIDGE_NATS_SUBJECT_H
#define BRIDGE_NATS_SUBJECT_H

#include <stdbool.h>

bool subject_matches(const char *pattern, const char *subject);

struct subject_choice {
    const char *subject; /* one of those passed; NULL: none fits, or it is not clear which */
    char all[300];       /* those of the stream, for a message: "'a' and 'b.*'" */
};

/* What to publish to a stream that takes these subjects; wanted: NULL: the only one. */
struct subject_choice subject_choose(const char *const *subjects, int count, const char *wanted);

#endif
