/* SPDX-License-Identifier: MIT */
/*
 * Writes records as JSON, one object per line: UTF-8 text as a string, anything else in base64.
 * Only the escaping is that of shared/json.h: its writer prints to stdout member by member, but
 * these objects go into the buffer of whole records, with one formatted call for each record.
 */
#include "output_json.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "shared/json.h"
#include "shared/text.h"
#include "timestamp.h"

static void put_text(struct output *output, const char *text)
{
    output_bytes(output, text, strlen(text));
}

static void put_string(struct output *output, const unsigned char *bytes, size_t left)
{
    char escaped[JSON_CHARACTER_BYTES];
    uint32_t character;
    for (size_t length; left > 0; bytes += length, left -= length) {
        length = text_decode(bytes, left, &character);
        output_bytes(output, escaped, json_escape(character, bytes, length, escaped));
    }
}

static void put_base64(struct output *output, const unsigned char *bytes, size_t left)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    while (left > 0) {
        size_t length = left < 3 ? left : 3;
        uint32_t group = (uint32_t)bytes[0] << 16;
        group |= length > 1 ? (uint32_t)bytes[1] << 8 : 0;
        group |= length > 2 ? (uint32_t)bytes[2] : 0;
        char four[4] = {digits[group >> 18], digits[group >> 12 & 63], '=', '='};
        if (length > 1)
            four[2] = digits[group >> 6 & 63];
        if (length > 2)
            four[3] = digits[group & 63];
        output_bytes(output, four, sizeof four);
        bytes += length;
        left -= length;
    }
}

/* Members of an object, unless the time is unknown. */
static void put_time(struct output *output, const char *key, uint64_t time_ns)
{
    char time[TIMESTAMP_BYTES], members[TIMESTAMP_BYTES + 64];
    if (time_ns == 0)
        return;
    timestamp_print(time, TIME_ISO, time_ns, 0);
    snprintf(members, sizeof members, ", \"%s_ns\": %" PRIu64 ", \"%s\": \"%s\"", key, time_ns, key,
             time);
    put_text(output, members);
}

static void put_begin(struct output *output)
{
    put_text(output, "{");
    if (!output->ring)
        return;
    put_text(output, "\"ring\": \"");
    put_string(output, (const unsigned char *)output->ring, strlen(output->ring));
    put_text(output, "\", ");
}

void output_json_record(struct output *output, const struct mapring_record *record)
{
    char head[128];
    const unsigned char *payload = record->payload;
    bool text = text_is_string(payload, record->bytes);
    put_begin(output);
    snprintf(head, sizeof head, "\"sequence\": %" PRIu64, record->sequence);
    put_text(output, head);
    put_time(output, "time", record->time_ns);
    snprintf(head, sizeof head, ", \"bytes\": %zu, %s%s\"%s\": \"", record->bytes,
             record->continues ? "\"continues\": true, " : "",
             record->continued ? "\"continued\": true, " : "", text ? "payload" : "base64");
    put_text(output, head);
    (text ? put_string : put_base64)(output, payload, record->bytes);
    put_text(output, "\"}\n");
}

void output_json_lost(struct output *output, const struct mapring_record *lost,
                      const struct loss_bounds *bounds)
{
    char text[128], bytes[24] = "null";
    if (lost->lost_bytes > 0)
        snprintf(bytes, sizeof bytes, "%" PRIu64, lost->lost_bytes);
    put_begin(output);
    snprintf(text, sizeof text,
             "\"lost\": {\"first\": %" PRIu64 ", \"records\": %" PRIu64 ", \"bytes\": %s",
             lost->sequence, lost->lost_records, bytes);
    put_text(output, text);
    put_time(output, "time", lost->time_ns);
    put_time(output, "until", lost->lost_until_ns);
    put_time(output, "after", lost_is_untimed(lost) ? bounds->after_ns : 0);
    put_time(output, "before", lost_is_untimed(lost) ? bounds->before_ns : 0);
    put_text(output, "}}\n");
}
