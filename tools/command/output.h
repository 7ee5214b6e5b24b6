/* SPDX-License-Identifier: MIT */
/* Standard output for records: large writes of whole records, and no bytes left behind while the
 * command waits. Records that go on are put together. */
#ifndef TOOLS_OUTPUT_H
#define TOOLS_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>

#include "framing.h"
#include "mapring/mapring.h"
#include "os.h"

enum { OUTPUT_BYTES = 1 << 18, OUTPUT_RECORDS = 8192 };

/* Most that is held in memory of a record that comes in parts, because its length stands first. */
#define OUTPUT_JOINED_LIMIT ((size_t)1 << 30)

struct output {
    bool json; /* one object per line, instead of the framing */
    struct framing framing;
    enum os_written state;  /* after anything but OS_WRITTEN, what follows is dropped */
    bool is_open;           /* the last record goes on: what it belongs to has not ended */
    uint64_t open_sequence; /* of that record */

    /* The rest is output.c's. */
    bool has_begun;
    size_t limit;                /* for one write */
    unsigned char *buffer;       /* records that are whole, and then perhaps one that is not yet */
    size_t space, held, whole;   /* bytes */
    size_t ends[OUTPUT_RECORDS]; /* of the whole ones */
    size_t records;
    unsigned char *joined; /* parts of a record with its length before it */
    size_t joined_space, joined_bytes;
};

void output_record(struct output *output, const struct mapring_record *record);

/* Says on stderr which records are missing, and in JSON also where they would stand. */
void output_lost(struct output *output, const struct mapring_record *lost);

/* No more parts come: ends what is open, and says that it is cut. */
void output_cut(struct output *output);

/* Whether there are parts that were not written, because the length of the whole stands first. */
bool output_holds_parts(const struct output *output);

void output_bytes(struct output *output, const void *data, size_t bytes);
void output_flush(struct output *output);

/* The two options exclude each other. Returns whether they were used so; else says what is
 * wrong. */
bool output_is_clear(bool json, enum framing_kind framing);

/* ---- output_json.c ---- */

void output_json_record(struct output *output, const struct mapring_record *record);
void output_json_lost(struct output *output, const struct mapring_record *lost);

#endif
