/* SPDX-License-Identifier: MIT */
/* Standard output for records: large writes, and no bytes left behind while the command waits. */
#ifndef TOOLS_OUTPUT_H
#define TOOLS_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>

#include "framing.h"
#include "mapring/mapring.h"
#include "os.h"

enum { OUTPUT_BYTES = 1 << 18 };

struct output {
    bool json; /* an object a line, instead of the framing */
    struct framing framing;
    enum os_written state; /* after anything but OS_WRITTEN, what follows is dropped */
    size_t held;
    unsigned char buffer[OUTPUT_BYTES];
};

void output_record(struct output *output, const struct mapring_record *record);

/* Says on stderr which records are missing, and in JSON also where they would stand. */
void output_lost(struct output *output, const struct mapring_record *lost);

void output_bytes(struct output *output, const void *data, size_t bytes);
void output_flush(struct output *output);

/* The two options exclude each other. Returns whether they were used so; else says what is
 * wrong. */
bool output_is_clear(bool json, enum framing_kind framing);

/* ---- output_json.c ---- */

void output_json_record(struct output *output, const struct mapring_record *record);
void output_json_lost(struct output *output, const struct mapring_record *lost);

#endif
