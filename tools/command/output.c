/* SPDX-License-Identifier: MIT */
/* Standard output for records: large writes of whole records, and no bytes left behind while the
 * command waits. Records that go on are put together. */
#include "output.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "lost.h"
#include "message.h"
#include "sink.h"

/* ---- Writing ---- */

/* A command that was killed, or a disk that was full, may have left a part of a line. */
static void begin(struct output *output)
{
    bool in_lines = output->json || output->framing.kind == FRAMING_LINE;
    output->has_begun = true;
    if (in_lines && sink_is_inside_line(STANDARD_OUTPUT))
        output->state = os_write(STANDARD_OUTPUT, "\n", 1);
}

/* A file ends with a whole record, also on a disk that is full. */
static void take_back(struct output *output)
{
    size_t written = os_bytes_written(), kept = 0;
    for (size_t i = 0; i < output->records && output->ends[i] <= written; ++i)
        kept = output->ends[i];
    sink_take_back(STANDARD_OUTPUT, written - kept);
}

static void write_now(struct output *output, size_t bytes)
{
    if (!output->has_begun && bytes > 0)
        begin(output);
    if (output->state == OS_WRITTEN && bytes > 0) {
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

/* Room for more of a record: whole ones go out, then the buffer grows, and where there is no memory
 * a record is written in pieces. */
static void make_room(struct output *output, size_t bytes)
{
    if (output->held + bytes > OUTPUT_BYTES)
        output_flush(output);
    if (output->held + bytes <= output->space)
        return;
    size_t wanted = output->held + bytes < OUTPUT_BYTES ? OUTPUT_BYTES : 2 * (output->held + bytes);
    unsigned char *larger = realloc(output->buffer, wanted);
    if (larger != NULL) {
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
            complain("no memory to write records");
            exit(EXIT_FAILED);
        }
        memcpy(output->buffer + output->held, from, some);
        output->held += some;
        from += some;
        bytes -= some;
    }
}

/* As many as one write keeps together. */
static void end_record(struct output *output)
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

/* ---- Records ---- */

static void put_framed(struct output *output, const void *payload, size_t bytes)
{
    unsigned char extra[FRAMING_EXTRA];
    output_bytes(output, extra, framing_head(&output->framing, bytes, extra));
    output_bytes(output, payload, bytes);
    end_record(output);
}

static void end_line(struct output *output)
{
    unsigned char extra[FRAMING_EXTRA];
    output_bytes(output, extra, framing_foot(&output->framing, extra));
    if (output->held > 0)
        end_record(output);
}

static void put_joined(struct output *output)
{
    put_framed(output, output->joined, output->joined_bytes);
    output->joined_bytes = 0;
}

static bool keep(struct output *output, const struct mapring_record *record)
{
    size_t bytes = output->joined_bytes + record->bytes;
    if (bytes > OUTPUT_JOINED_LIMIT)
        return false;
    if (bytes > output->joined_space) {
        unsigned char *larger = realloc(output->joined, 2 * bytes);
        if (larger == NULL)
            return false;
        output->joined = larger;
        output->joined_space = 2 * bytes;
    }
    memcpy(output->joined + output->joined_bytes, record->payload, record->bytes);
    output->joined_bytes = bytes;
    return true;
}

/* What is too large to be held comes as several, so that no byte is missing. */
static void join(struct output *output, const struct mapring_record *record)
{
    if (record->bytes > 0 && !keep(output, record)) {
        complain("what goes on to record %" PRIu64 " is too large to be held in memory, and is "
                 "written as several records",
                 record->sequence);
        put_joined(output);
        if (!keep(output, record))
            put_framed(output, record->payload, record->bytes);
    }
    if (!record->continued)
        put_joined(output);
}

/* In lines and blocks, a part is written as it comes. */
static void put_part(struct output *output, const struct mapring_record *record)
{
    output_bytes(output, record->payload, record->bytes);
    if (record->continued)
        end_record(output);
    else
        end_line(output);
}

void output_record(struct output *output, const struct mapring_record *record)
{
    if (!record->continues)
        output_cut(output);
    bool joins = output->framing.kind == FRAMING_LENGTH && (record->continued || output->is_open);
    if (output->json) {
        output_json_record(output, record);
        end_record(output);
    } else if (joins) {
        join(output, record);
    } else if (output->framing.kind == FRAMING_LENGTH) {
        put_framed(output, record->payload, record->bytes);
    } else {
        put_part(output, record);
    }
    output->is_open = record->continued;
    output->open_sequence = record->sequence;
}

bool output_holds_parts(const struct output *output)
{
    return output->joined_bytes > 0;
}

void output_cut(struct output *output)
{
    if (!output->is_open)
        return;
    output->is_open = false;
    if (output->framing.kind == FRAMING_LENGTH)
        put_joined(output);
    else if (!output->json)
        end_line(output);
    output_flush(output);
    if (output->state != OS_WRITTEN)
        return;
    complain("the rest of what record %" PRIu64 " is a part of did not come: it is cut there",
             output->open_sequence);
}

/* What was before goes out first: on a terminal both stand in their order. */
void output_lost(struct output *output, const struct mapring_record *lost)
{
    if (lost->lost_records == 0)
        return;
    output_cut(output);
    if (output->json) {
        output_json_lost(output, lost);
        end_record(output);
    }
    output_flush(output);
    lost_tell(lost);
}

bool output_is_clear(bool json, enum framing_kind framing)
{
    if (!json || framing == FRAMING_LINE)
        return true;
    usage_error("--json writes one JSON object per line, --framing does not apply to it");
    return false;
}
