/* SPDX-License-Identifier: MIT */
/* Collects whole records into large writes. */
#include "output_buffer.h"

#include <stdlib.h>
#include <string.h>

#include "shared/message.h"
#include "sink.h"

/* A command that was killed, or a disk that was full, may have left an incomplete line. */
static void begin(struct output *output)
{
    bool in_lines = output->json || output->framing.kind == FRAMING_LINE;
    output->has_begun = true;
    if (in_lines && sink_is_inside_line(STANDARD_OUTPUT))
        output->state = os_write(STANDARD_OUTPUT, "\n", 1);
}

/* Leaves whole records only in the file, even if the disk is full. */
static void take_back(struct output *output)
{
    size_t written = os_bytes_written(), kept = 0;
    for (size_t i = 0; i < output->records && output->ends[i] <= written; i++)
        kept = output->ends[i];
    sink_take_back(STANDARD_OUTPUT, written - kept);
}

/* What was read from a ring whose consumer was let go may be anything. It is not written; releasing
 * it then fails. */
static bool is_good(const struct output *output)
{
    return !output->is_good || output->is_good(output->source);
}

static void write_now(struct output *output, size_t bytes)
{
    bool writes = bytes > 0 && is_good(output);
    if (!output->has_begun && writes)
        begin(output);
    if (output->state == OS_WRITTEN && writes) {
        output->state = os_write(STANDARD_OUTPUT, output->buffer, bytes);
        if (output->state == OS_NOT_WRITTEN)
            take_back(output);
    }
    memmove(output->buffer, output->buffer + bytes, output->held - bytes);
    output->held -= bytes;
    output->whole = output->records = 0;
}

void output_flush(struct output *output)
{
    if (output->whole > 0)
        write_now(output, output->whole);
}

/* Makes room: writes whole records, then enlarges the buffer. If there is no memory, the record is
 * written in pieces. */
static void make_room(struct output *output, size_t bytes)
{
    if (output->held + bytes > OUTPUT_BYTES)
        output_flush(output);
    if (output->held + bytes <= output->space)
        return;
    size_t wanted = output->held + bytes < OUTPUT_BYTES ? OUTPUT_BYTES : 2 * (output->held + bytes);
    unsigned char *larger = realloc(output->buffer, wanted);
    if (larger) {
        output->buffer = larger;
        output->space = wanted;
    } else if (output->held > 0) {
        write_now(output, output->held);
    }
}

void output_bytes(struct output *output, const void *data, size_t bytes)
{
    const unsigned char *from = data;
    while (bytes > 0 && output->state == OS_WRITTEN) {
        make_room(output, bytes);
        size_t room = output->space - output->held, some = bytes < room ? bytes : room;
        if (output->space == 0) {
            complain("not enough memory to write records");
            exit(EXIT_FAILED);
        }
        memcpy(output->buffer + output->held, from, some);
        output->held += some;
        from += some;
        bytes -= some;
    }
}

/* Keeps as many records together as one write can. */
void output_end_record(struct output *output)
{
    if (output->limit == 0)
        output->limit = sink_whole_bytes(STANDARD_OUTPUT);
    if (output->held > output->limit)
        output_flush(output);
    output->whole = output->held;
    output->ends[output->records++] = output->held;
    if (output->held >= OUTPUT_BYTES || output->records == OUTPUT_RECORDS)
        output_flush(output);
}
