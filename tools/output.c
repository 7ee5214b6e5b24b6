/* SPDX-License-Identifier: MIT */
/* Standard output for records: large writes, and no bytes left behind while the command waits. */
#include "output.h"

#include <string.h>

#include "lost.h"
#include "message.h"

static void write_now(struct output *output, const void *data, size_t bytes)
{
    if (bytes > 0 && output->state == OS_WRITTEN)
        output->state = os_write(STANDARD_OUTPUT, data, bytes);
}

void output_flush(struct output *output)
{
    write_now(output, output->buffer, output->held);
    output->held = 0;
}

void output_bytes(struct output *output, const void *data, size_t bytes)
{
    if (bytes > OUTPUT_BYTES - output->held)
        output_flush(output);
    if (bytes > OUTPUT_BYTES) {
        write_now(output, data, bytes);
    } else if (bytes > 0) {
        memcpy(output->buffer + output->held, data, bytes);
        output->held += bytes;
    }
}

static void put_framed(struct output *output, const struct mapring_record *record)
{
    unsigned char extra[FRAMING_EXTRA];
    output_bytes(output, extra, framing_head(&output->framing, record->bytes, extra));
    output_bytes(output, record->payload, record->bytes);
    output_bytes(output, extra, framing_foot(&output->framing, extra));
}

void output_record(struct output *output, const struct mapring_record *record)
{
    (output->json ? output_json_record : put_framed)(output, record);
}

/* What was before goes out first: on a terminal both stand in their order. */
void output_lost(struct output *output, const struct mapring_record *lost)
{
    if (lost->lost_records == 0)
        return;
    if (output->json)
        output_json_lost(output, lost);
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
