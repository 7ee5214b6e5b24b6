/* SPDX-License-Identifier: MIT */
/* Writes records to standard output, and joins the parts of one. */
#include "output.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctf.h"
#include "log_json.h"
#include "output_json.h"
#include "recorder.h"
#include "shared/message.h"

enum { RING_TEXT_BYTES = 4200 };

/* Messages say which ring they are about if there is more than one. */
static void tell_ring(const struct output *output, char text[RING_TEXT_BYTES])
{
    text[0] = '\0';
    if (output->ring)
        snprintf(text, RING_TEXT_BYTES, "ring '%s': ", output->ring);
}

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

/* Parts that are too large for memory are written as several records, so that no byte is
 * missing. */
static void join(struct output *output, const struct mapring_record *record)
{
    if (record->bytes > 0 && !keep(output, record)) {
        complain("the parts up to record %" PRIu64
                 " are too large to be joined in memory, and are written as several records",
                 record->sequence);
        put_joined(output);
        if (!keep(output, record))
            put_framed(output, record->payload, record->bytes);
    }
    if (!record->continued)
        put_joined(output);
}

static void put_time(struct output *output, uint64_t time_ns)
{
    char text[TIMESTAMP_BYTES];
    if (output->first_ns == 0)
        output->first_ns = time_ns;
    output_bytes(output, text, timestamp_print(text, output->time, time_ns, output->first_ns));
    output_bytes(output, " ", 1);
}

static void put_prefix(struct output *output)
{
    output_bytes(output, output->ring, strlen(output->ring));
    output_bytes(output, ": ", 2);
}

/* With lines and blocks, a part is written as it arrives. */
static void put_part(struct output *output, const struct mapring_record *record)
{
    if (output->time != TIME_NONE && !output->is_open)
        put_time(output, record->time_ns);
    if (output->prefix && !output->is_open)
        put_prefix(output);
    output_bytes(output, record->payload, record->bytes);
    if (record->continued)
        output_end_part(output);
    else
        end_line(output);
}

static bool ends_in_cr(const struct mapring_record *record)
{
    const char *payload = record->payload;
    return !record->continued && record->bytes > 0 && payload[record->bytes - 1] == '\r';
}

static void put_json(struct output *output, const struct mapring_record *record)
{
    output_json_record(output, record);
    if (record->continued)
        output_end_part(output);
    else
        output_end_record(output);
}

static void put_traced(struct output *output, bool done)
{
    if (!done)
        output->state = OS_NOT_WRITTEN;
}

/* A line of a log is a whole, however it is framed. */
static void put_line(struct output *output)
{
    const struct mapring_log_line *line = &output->log->line;
    struct growing_text *text = &output->line;
    text->bytes = 0;
    if (output->first_ns == 0)
        output->first_ns = line->time_ns;
    if (output->json) {
        log_json_print(text, line);
    } else {
        if (output->prefix)
            put_prefix(output);
        log_pattern_print(text, &output->log_style, line, output->first_ns);
        growing_text_add(text, "\n", 1);
    }
    output_bytes(output, text->text, text->bytes);
    output_end_record(output);
}

static void put_record(struct output *output, const struct mapring_record *record)
{
    bool joins = output->framing.kind == FRAMING_LENGTH && (record->continued || output->is_open);
    if (output->ctf)
        put_traced(output, ctf_put_record(output->ctf, output->ring, record));
    else if (output->recorder)
        recorder_put_record(output, record);
    else if (output->log && output->log->is_line)
        put_line(output);
    else if (output->json)
        put_json(output, record);
    else if (joins)
        join(output, record);
    else if (output->framing.kind == FRAMING_LENGTH)
        put_framed(output, record->payload, record->bytes);
    else
        put_part(output, record);
}

void output_record(struct output *output, const struct mapring_record *record)
{
    struct mapring_record stripped = *record;
    if (output->strip_cr && ends_in_cr(record))
        stripped.bytes--;
    if (output->log && output->log->is_line)
        stripped.continued = stripped.continues = false;
    if (!stripped.continues)
        output_cut(output);
    put_record(output, &stripped);
    output->written_records += !stripped.continued;
    output->is_open = stripped.continued;
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
    if (output->recorder)
        return;
    if (output->framing.kind == FRAMING_LENGTH)
        put_joined(output);
    else if (!output->json && !output->ctf)
        end_line(output);
    output_flush(output);
    if (output->state != OS_WRITTEN)
        return;
    char ring[RING_TEXT_BYTES];
    tell_ring(output, ring);
    complain("%sthe part after record %" PRIu64 " did not arrive: the output is incomplete there",
             ring, output->open_sequence);
}

/* Earlier records go out first, so that on a terminal the message appears in the right place. */
void output_lost(struct output *output, const struct mapring_record *lost,
                 const struct loss_bounds *bounds)
{
    if (lost->lost_records == 0)
        return;
    output_cut(output);
    if (output->json) {
        output_json_lost(output, lost, bounds);
        output_end_record(output);
    }
    if (output->ctf)
        put_traced(output, ctf_put_lost(output->ctf, output->ring, lost));
    if (output->recorder)
        recorder_put_lost(output, lost);
    output_flush(output);
    char ring[RING_TEXT_BYTES];
    tell_ring(output, ring);
    lost_tell(ring, lost, bounds);
}

void output_end(struct output *output, int result)
{
    output_cut(output);
    if (output->recorder)
        recorder_put_end(output, result);
}

bool output_is_clear(bool json, enum framing_kind framing, enum time_form time)
{
    if (json && framing != FRAMING_LINE)
        usage_error("--framing length and block cannot be used with --json, which writes one "
                    "object per line");
    else if (time != TIME_NONE && framing != FRAMING_LINE)
        usage_error("--framing length and block cannot be used with --time, which begins each "
                    "line with a time");
    else if (time != TIME_NONE && json)
        usage_error("--time cannot be used with --json, which writes times whenever the ring has "
                    "them");
    else
        return true;
    return false;
}

int output_lacks_times(const char *name)
{
    complain("the records of '%s' have no times; for a ring with times, use 'mapring create "
             "--times'",
             name);
    return EXIT_FAILED;
}

bool prefix_is_clear(bool prefix, enum framing_kind framing)
{
    if (!prefix || framing == FRAMING_LINE)
        return true;
    usage_error("--framing length and block cannot be used with --prefix, which begins lines");
    return false;
}
