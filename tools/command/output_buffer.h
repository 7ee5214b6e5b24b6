/* SPDX-License-Identifier: MIT */
/* What is on its way to standard output: large writes of whole records, and no bytes left behind while
 * the command waits. */
#ifndef TOOLS_OUTPUT_BUFFER_H
#define TOOLS_OUTPUT_BUFFER_H

#include <stdbool.h>
#include <stddef.h>

#include "framing.h"
#include "os.h"

enum { OUTPUT_BYTES = 1 << 18, OUTPUT_RECORDS = 8192 };

struct output {
    bool json; /* one object per line, instead of the framing */
    struct framing framing;
    enum os_written state;  /* after anything but OS_WRITTEN, what follows is dropped */
    bool is_open;           /* the last record goes on: what it belongs to has not ended */
    uint64_t open_sequence; /* of that record */

    /* The rest is private to output_buffer.c and output.c. */
    bool has_begun;
    size_t limit;                /* for one write */
    unsigned char *buffer;       /* records that are whole, and then perhaps one that is not yet */
    size_t space, held, whole;   /* bytes */
    size_t ends[OUTPUT_RECORDS]; /* of the whole ones */
    size_t records;
    unsigned char *joined; /* parts of a record with its length before it */
    size_t joined_space, joined_bytes;
};

void output_bytes(struct output *output, const void *data, size_t bytes);

/* What was put out up to here belongs together. */
void output_end_record(struct output *output);

void output_flush(struct output *output);

#endif
