/* SPDX-License-Identifier: MIT */
/* Standard output for records: large writes, and no bytes left behind while the command waits. */
#include "output.h"

#include <string.h>

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

static void put(struct output *output, const void *data, size_t bytes)
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

void output_record(struct output *output, const void *payload, size_t bytes)
{
    unsigned char extra[FRAMING_EXTRA];
    put(output, extra, framing_head(&output->framing, bytes, extra));
    put(output, payload, bytes);
    put(output, extra, framing_foot(&output->framing, extra));
}
