/* SPDX-License-Identifier: MIT */
/* Records as they go to standard output, and the parts of one put together. */
#include "output.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "lost.h"
#include "message.h"
#include "output_json.h"

static void put_framed(struct output *output, const void *payload, size_t bytes)
{
    unsigned char extra[FRAMING_EXTRA];
    output_bytes(output, extra, framing_head(&output->framing, bytes, extra));
    output_bytes(output, payload, bytes);
    output_end_record(output);
}

static void end_line(struct output *output)
{
    unsigned char extra[FRAMING_EXTRA];
    output_bytes(output, extra, framing_foot(&output->framing, extra));
    if (output->held > 0)
        output_end_record(output);
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
        if (!larger)
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
        output_end_record(output);
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
        output_end_record(output);
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
        output_end_record(output);
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
