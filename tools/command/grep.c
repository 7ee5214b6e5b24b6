/* SPDX-License-Identifier: MIT */
/* Finds a text in records and, across their boundaries, in the parts of one. */
#include "grep.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "shared/message.h"

enum { FIRST_SPACE = 16 };

static bool contains(const unsigned char *data, size_t bytes, const char *text)
{
    size_t length = strlen(text);
    while (bytes >= length) {
        const unsigned char *found = memchr(data, text[0], bytes - length + 1);
        if (!found)
            return false;
        if (memcmp(found, text, length) == 0)
            return true;
        bytes -= (size_t)(found + 1 - data);
        data = found + 1;
    }
    return false;
}

static bool make_room(struct grep *grep, size_t bytes)
{
    if (grep->count == grep->space) {
        size_t space = grep->space == 0 ? FIRST_SPACE : 2 * grep->space;
        struct mapring_record *parts = realloc(grep->parts, space * sizeof *parts);
        if (!parts)
            return false; /* not covered: no memory */
        grep->parts = parts;
        grep->space = space;
    }
    if (bytes > grep->payload_space) {
        unsigned char *payloads = realloc(grep->payloads, 2 * bytes);
        if (!payloads)
            return false; /* not covered: no memory */
        grep->payloads = payloads;
        grep->payload_space = 2 * bytes;
    }
    return true;
}

static bool keep(struct grep *grep, const struct mapring_record *part)
{
    size_t bytes = grep->bytes + part->bytes;
    if (bytes > OUTPUT_JOINED_LIMIT || !make_room(grep, bytes))
        return false; /* not covered: more than 1 GiB, or no memory */
    if (part->bytes > 0)
        memcpy(grep->payloads + grep->bytes, part->payload, part->bytes);
    grep->parts[grep->count++] = *part;
    grep->bytes = bytes;
    return true;
}

/* Parts that are too large for memory are searched, and written, without those before. */
static void keep_or_start_again(struct grep *grep, const struct mapring_record *part)
{
    if (keep(grep, part))
        return;
    /* not covered: parts of more than 1 GiB, or no memory for them */
    complain("the parts up to record %" PRIu64
             " are too large to be searched together, and are searched as several records",
             part->sequence);
    grep_forget(grep);
    keep(grep, part);
}

/* Searches the new part, and the end of those before it. */
static bool is_in_parts(struct grep *grep, size_t new_bytes)
{
    size_t before = grep->bytes - new_bytes, overlap = strlen(grep->text) - 1;
    size_t from = before > overlap ? before - overlap : 0;
    return contains(grep->payloads + from, grep->bytes - from, grep->text);
}

bool grep_finds(struct grep *grep, const struct mapring_record *record)
{
    if (grep->count == 0 && contains(record->payload, record->bytes, grep->text))
        return true;
    if (grep->count == 0 && !record->continued)
        return false;
    keep_or_start_again(grep, record);
    if (grep->count > 0 && is_in_parts(grep, record->bytes)) {
        grep->count--;
        return true;
    }
    if (!record->continued)
        grep_forget(grep);
    return false;
}

void grep_write_kept(struct grep *grep, struct output *output)
{
    const unsigned char *payload = grep->payloads;
    for (size_t i = 0; i < grep->count; i++) {
        grep->parts[i].payload = payload;
        payload += grep->parts[i].bytes;
        output_record(output, &grep->parts[i]);
    }
    grep_forget(grep);
}

void grep_forget(struct grep *grep)
{
    grep->count = grep->bytes = 0;
}

void grep_free(struct grep *grep)
{
    free(grep->parts);
    free(grep->payloads);
}

bool grep_keeps_parts(const struct grep *grep)
{
    return grep->count > 0;
}
