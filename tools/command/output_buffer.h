/* SPDX-License-Identifier: MIT */
/* The buffer before standard output or a file: collects whole records into large writes. It is
 * flushed before the command waits. */
#ifndef TOOLS_OUTPUT_BUFFER_H
#define TOOLS_OUTPUT_BUFFER_H

#include <stdbool.h>
#include <stddef.h>

#include "archive.h"
#include "framing.h"
#include "growing_text.h"
#include "log_lines.h"
#include "log_pattern.h"
#include "shared/os.h"
#include "timestamp.h"

enum { OUTPUT_BYTES = 1 << 18, OUTPUT_RECORDS = 8192 };

/* Where something in the buffer ends that a failed write leaves whole: a record or, if not
 * `is_whole`, a part of one, after which the file must not be rotated. */
struct output_end {
    size_t bytes;
    bool is_whole;
};

struct output {
    struct archive archive; /* the file; without a path, standard output */
    bool json;              /* one object per line, instead of the framing */
    struct framing framing;
    enum time_form time;       /* what each line begins with */
    const char *ring;          /* the name that records are written with, or NULL */
    bool strip_cr;             /* a CR at the end of a record is left out */
    bool prefix;               /* each line begins with it; with JSON it is a member in any case */
    const struct log_lines *log; /* records of logs are written as the lines that it has made of
                                    them; NULL: as they are */
    struct log_style log_style;
    struct ctf *ctf;           /* of ctf.c: writes a trace in a folder, instead of all that */
    struct recorder *recorder; /* of recorder.c: writes a recording, instead of the framing */
    size_t (*preface)(void *context, bool is_new, const unsigned char **data); /* or NULL: what a
                                 file begins with, or what is appended to it first */
    void *preface_context;
    enum os_written state;    /* after anything but OS_WRITTEN, further output is discarded */
    bool is_open;             /* the last record is to be continued by another part */
    uint64_t open_sequence;   /* sequence number of that record */
    uint64_t written_records; /* written; all parts of one count once */

    bool (*is_good)(const void *source); /* whether what was read from the source is whole; NULL:
                                            it always is */
    const void *source;

    /* The rest is private to output_buffer.c and output.c. */
    bool has_begun;        /* something was written to this file */
    bool is_inside;        /* the file ends with a part of a record */
    uint64_t first_ns;     /* time of the first record; 0: not known yet */
    size_t limit;          /* most bytes of one write */
    unsigned char *buffer; /* whole records, and then perhaps an incomplete one */
    size_t space, held;    /* bytes */
    struct output_end ends[OUTPUT_RECORDS];
    size_t records;
    unsigned char *joined; /* parts that are joined before the length is written */
    size_t joined_space, joined_bytes;
    struct growing_text line; /* of a log */
};

void output_bytes(struct output *output, const void *data, size_t bytes);

/* Ends a record, or a part of one, which is everything since the last call. */
void output_end_record(struct output *output);
void output_end_part(struct output *output);

void output_flush(struct output *output);

/* Call about ten times a second while nothing arrives: finds out that the reader of the output is
 * gone, and whether the file is to be rotated or opened again. */
void output_idle(struct output *output);

/* Opens the file, if one was asked for. Returns an exit status; on failure a message has been
 * printed. */
int output_open(struct output *output);
void output_close(struct output *output);

#endif
