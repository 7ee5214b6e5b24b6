/* SPDX-License-Identifier: MIT */
/* The buffer before standard output: collects whole records into large writes. It is flushed before
 * the command waits. */
#ifndef TOOLS_OUTPUT_BUFFER_H
#define TOOLS_OUTPUT_BUFFER_H

#include <stdbool.h>
#include <stddef.h>

#include "framing.h"
#include "shared/os.h"
#include "timestamp.h"

enum { OUTPUT_BYTES = 1 << 18, OUTPUT_RECORDS = 8192 };

struct output {
    bool json; /* one object per line, instead of the framing */
    struct framing framing;
    enum time_form time;      /* what each line begins with */
    const char *ring;         /* the name that records are written with, or NULL */
    bool prefix;              /* each line begins with it; with JSON it is a member in any case */
    enum os_written state;    /* after anything but OS_WRITTEN, further output is discarded */
    bool is_open;             /* the last record is to be continued by another part */
    uint64_t open_sequence;   /* sequence number of that record */
    uint64_t written_records; /* written; all parts of one count once */

    bool (*is_good)(const void *source); /* whether what was read from the source is whole; NULL:
                                            it always is */
    const void *source;

    /* The rest is private to output_buffer.c and output.c. */
    bool has_begun;
    uint64_t first_ns;           /* time of the first record; 0: not known yet */
    size_t limit;                /* most bytes of one write */
    unsigned char *buffer;       /* whole records, and then perhaps an incomplete one */
    size_t space, held, whole;   /* bytes */
    size_t ends[OUTPUT_RECORDS]; /* where each whole record ends */
    size_t records;
    unsigned char *joined; /* parts that are joined before the length is written */
    size_t joined_space, joined_bytes;
};

void output_bytes(struct output *output, const void *data, size_t bytes);

/* Ends a record, which is everything since the last call. */
void output_end_record(struct output *output);

void output_flush(struct output *output);

#endif
