/* SPDX-License-Identifier: MIT */
/* Finds a text in records. The parts of one are kept in memory until the text is found, so that they
 * can be searched as one and written as one. */
#ifndef TOOLS_GREP_H
#define TOOLS_GREP_H

#include <stdbool.h>
#include <stddef.h>

#include "mapring/mapring.h"
#include "output.h"

struct grep {
    const char *text; /* plain bytes; NULL: every record will do */

    /* The rest is private to grep.c: copies of the parts so far, one payload after the other. */
    struct mapring_record *parts;
    unsigned char *payloads;
    size_t count, space;
    size_t bytes, payload_space;
};

/* Whether the text is in this record or, if it is a part, in what is kept of it by now. A part
 * without it is kept as long as another one is to come. */
bool grep_finds(struct grep *grep, const struct mapring_record *record);

/* Writes the parts that were kept before the one with the text. */
void grep_write_kept(struct grep *grep, struct output *output);

/* No more parts come. */
void grep_forget(struct grep *grep);

void grep_free(struct grep *grep);

bool grep_keeps_parts(const struct grep *grep);

#endif
