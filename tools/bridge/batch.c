/* SPDX-License-Identifier: MIT */
/* The headers of a message: what the ring is, and where the message is in it. */
#include "batch.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "shared/message.h"

#define FORMAT "1"

#define PIECE_TOTAL_LIMIT (UINT64_C(1) << 30) /* no record and no entry is larger */

bool batch_positions_equal(const struct batch_position *a, const struct batch_position *b)
{
    return a->sequence == b->sequence && a->run == b->run && a->dictionary == b->dictionary &&
           a->piece_bytes == b->piece_bytes &&
           (a->piece_bytes == 0 || a->piece_is_entry == b->piece_is_entry);
}

uint64_t batch_entry_end(uint64_t offset, uint64_t bytes)
{
    return offset + ((bytes + 16 + 7) & ~UINT64_C(7));
}

/* ---- Writing ---- */

static void add(struct batch_headers *headers, const char *name, const char *text)
{
    char *value = headers->text + headers->used;
    snprintf(value, sizeof headers->text - headers->used, "%s", text);
    headers->used += strlen(value) + 1;
    headers->header[headers->count++] = (struct engine_header){.name = name, .value = value};
}

__attribute__((format(__MINGW_PRINTF_FORMAT, 3, 4))) static void
print(struct batch_headers *headers, const char *name, const char *format, ...)
{
    char text[160];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    add(headers, name, text);
}

/* As in a URL: a header must not contain line ends, and loses spaces at its ends. */
static void add_text(struct batch_headers *headers, const char *name, const char *text)
{
    char value[3 * BATCH_NAME_BYTES], *at = value;
    for (; *text; text++) {
        unsigned char byte = (unsigned char)*text;
        if (byte <= ' ' || byte == '%' || byte == 127)
            at += sprintf(at, "%%%02X", byte);
        else
            *at++ = (char)byte;
    }
    *at = '\0';
    add(headers, name, value);
}

static void add_origin(struct batch_headers *headers, const struct batch_origin *origin)
{
    add(headers, "Mapring-Format", FORMAT);
    add_text(headers, "Mapring-Ring", origin->id);
    add_text(headers, "Mapring-Name", origin->name);
    print(headers, "Mapring-Shape",
          "capacity=%" PRIu64 " slot=%" PRIu32 " times=%d dictionary=%" PRIu64,
          origin->capacity_bytes, origin->slot_bytes, origin->times, origin->dictionary_bytes);
    if (*origin->content)
        add_text(headers, "Mapring-Content", origin->content);
}

void batch_write_head(struct batch_headers *headers, const struct batch_head *head)
{
    headers->count = 0;
    headers->used = 0;
    add_origin(headers, &head->origin);
    print(headers, "Mapring-First", "%" PRIu64, head->first);
    print(headers, "Mapring-Next", "%" PRIu64, head->end.sequence);
    print(headers, "Mapring-Run", "%" PRIu64, head->end.run);
    if (head->origin.dictionary_bytes > 0)
        print(headers, "Mapring-Dictionary", "%" PRIu64, head->end.dictionary);
    if (head->time_ns != 0)
        print(headers, "Mapring-Time", "%" PRIu64, head->time_ns);
    if (head->uncertainty_ns != 0)
        print(headers, "Mapring-Uncertainty", "%" PRIu64, head->uncertainty_ns);
    if (head->piece.total > 0)
        print(headers, "Mapring-Part", "%s %" PRIu64 "+%" PRIu64 "/%" PRIu64,
              head->piece.is_entry ? "entry" : "record", head->piece.offset, head->piece.bytes,
              head->piece.total);
    if (head->is_compressed)
        add(headers, "Mapring-Encoding", "zstd");
    print(headers, "Mapring-Crc", "%08" PRIx32, head->checksum);
}

void batch_write_longest(struct batch_headers *headers, const struct batch_origin *origin)
{
    const struct batch_head head = {
        .origin = *origin,
        .first = UINT64_MAX,
        .end = {.sequence = UINT64_MAX, .run = UINT64_MAX, .dictionary = UINT64_MAX},
        .time_ns = UINT64_MAX,
        .uncertainty_ns = UINT64_MAX,
        .piece = {.offset = UINT64_MAX, .bytes = UINT64_MAX, .total = UINT64_MAX},
        .is_compressed = true,
    };
    batch_write_head(headers, &head);
}

/* ---- Reading ---- */

struct look {
    const struct engine_message *message;
    char *problem;
};

static bool wrong(const struct look *look, const char *name, const char *value)
{
    if (value)
        snprintf(look->problem, BATCH_PROBLEM_BYTES,
                 "message %" PRIu64 " has an invalid header %s: '%.64s'", look->message->number,
                 name, value);
    else
        snprintf(look->problem, BATCH_PROBLEM_BYTES,
                 "message %" PRIu64 " was not written by mapring bridge out: it has no header %s",
                 look->message->number, name);
    return false;
}

static const char *find(const struct look *look, const char *name)
{
    const struct engine_message *message = look->message;
    for (unsigned i = 0; i < message->header_count; i++)
        if (strcmp(message->headers[i].name, name) == 0)
            return message->headers[i].value;
    return NULL;
}

static bool read_digits(const char **at, uint64_t *number)
{
    const char *start = *at;
    for (*number = 0; **at >= '0' && **at <= '9'; ++*at) {
        unsigned digit = (unsigned)(**at - '0');
        if (*number > (UINT64_MAX - digit) / 10)
            return false;
        *number = *number * 10 + digit;
    }
    return *at > start;
}

static bool read_count(const struct look *look, const char *name, bool is_needed, uint64_t *number)
{
    const char *value = find(look, name), *at = value;
    *number = 0;
    if (!value)
        return !is_needed || wrong(look, name, NULL);
    return (read_digits(&at, number) && *at == '\0') || wrong(look, name, value);
}

static int digit_of(char character)
{
    static const char digits[] = "0123456789ABCDEF";
    const char *at = character ? strchr(digits, character) : NULL;
    return at ? (int)(at - digits) : -1;
}

/* Text that it does not take as it was written cannot have been written by a bridge. */
static bool read_text(const struct look *look, const char *name, char *text, size_t bytes)
{
    const char *value = find(look, name), *at = value;
    size_t count = 0;
    for (; at && *at && count + 1 < bytes; at++, count++) {
        text[count] = *at;
        if (*at != '%')
            continue;
        int high = digit_of(at[1]), low = high < 0 ? -1 : digit_of(at[2]);
        if (low < 0 || high + low == 0)
            return wrong(look, name, value);
        text[count] = (char)(high << 4 | low);
        at += 2;
    }
    text[count] = '\0';
    return !value || *at == '\0' || wrong(look, name, value);
}

/* Reads "name=number", and the space before it unless it is the first. */
static bool read_part(const char **at, const char *name, uint64_t *number)
{
    size_t length = strlen(name);
    if (strncmp(*at, name, length) != 0)
        return false;
    *at += length;
    return read_digits(at, number);
}

static bool is_power(uint64_t number)
{
    return number != 0 && (number & (number - 1)) == 0;
}

static bool read_shape(const struct look *look, struct batch_origin *origin)
{
    const char *value = find(look, "Mapring-Shape"), *at = value;
    uint64_t slot, times;
    if (!value)
        return wrong(look, "Mapring-Shape", NULL);
    if (!read_part(&at, "capacity=", &origin->capacity_bytes) || !read_part(&at, " slot=", &slot) ||
        !read_part(&at, " times=", &times) ||
        !read_part(&at, " dictionary=", &origin->dictionary_bytes) || *at != '\0' ||
        !is_power(origin->capacity_bytes) || !is_power(slot) || slot > 256 || times > 1)
        return wrong(look, "Mapring-Shape", value);
    origin->slot_bytes = (uint32_t)slot;
    origin->times = times == 1;
    return true;
}

static bool read_origin(const struct look *look, struct batch_origin *origin)
{
    const char *format = find(look, "Mapring-Format");
    if (!format)
        return wrong(look, "Mapring-Format", NULL);
    if (strcmp(format, FORMAT) != 0) {
        snprintf(look->problem, BATCH_PROBLEM_BYTES,
                 "message %" PRIu64 " has format %.32s, which a later mapring wrote; this one "
                 "reads format " FORMAT,
                 look->message->number, format);
        return false;
    }
    return read_text(look, "Mapring-Ring", origin->id, sizeof origin->id) &&
           read_text(look, "Mapring-Name", origin->name, sizeof origin->name) &&
           read_text(look, "Mapring-Content", origin->content, sizeof origin->content) &&
           (*origin->id || wrong(look, "Mapring-Ring", find(look, "Mapring-Ring"))) &&
           read_shape(look, origin);
}

static bool is_possible(const struct batch_piece *piece)
{
    return piece->total <= PIECE_TOTAL_LIMIT && piece->offset < piece->total && piece->bytes > 0 &&
           piece->bytes <= piece->total - piece->offset;
}

static bool read_piece(const struct look *look, struct batch_piece *piece)
{
    const char *value = find(look, "Mapring-Part"), *at = value;
    if (!value)
        return true;
    piece->is_entry = strncmp(value, "entry ", 6) == 0;
    at += piece->is_entry ? 6 : 7;
    if ((!piece->is_entry && strncmp(value, "record ", 7) != 0) ||
        !read_digits(&at, &piece->offset) || *at++ != '+' || !read_digits(&at, &piece->bytes) ||
        *at++ != '/' || !read_digits(&at, &piece->total) || *at != '\0' || !is_possible(piece))
        return wrong(look, "Mapring-Part", value);
    return true;
}

/* After the last piece, the position is that of the next item. */
static void end_in_piece(struct batch_head *head)
{
    uint64_t end = head->piece.offset + head->piece.bytes;
    head->end.piece_bytes = end < head->piece.total ? end : 0;
    head->end.piece_is_entry = head->end.piece_bytes > 0 && head->piece.is_entry;
}

static bool read_checksum(const struct look *look, uint32_t *checksum)
{
    const char *value = find(look, "Mapring-Crc");
    char *end;
    if (!value)
        return wrong(look, "Mapring-Crc", NULL);
    *checksum = (uint32_t)strtoul(value, &end, 16);
    return (strlen(value) == 8 && *end == '\0' && strspn(value, "0123456789abcdef") == 8) ||
           wrong(look, "Mapring-Crc", value);
}

static bool read_encoding(const struct look *look, struct batch_head *head)
{
    const char *value = find(look, "Mapring-Encoding");
    head->is_compressed = value != NULL;
    return !value || strcmp(value, "zstd") == 0 || wrong(look, "Mapring-Encoding", value);
}

bool batch_read_head(const struct engine_message *message, struct batch_head *head,
                     char problem[BATCH_PROBLEM_BYTES])
{
    const struct look look = {.message = message, .problem = problem};
    *head = (struct batch_head){0};
    if (!read_origin(&look, &head->origin) ||
        !read_count(&look, "Mapring-First", true, &head->first) ||
        !read_count(&look, "Mapring-Next", true, &head->end.sequence) ||
        !read_count(&look, "Mapring-Run", true, &head->end.run) ||
        !read_count(&look, "Mapring-Dictionary", false, &head->end.dictionary) ||
        !read_count(&look, "Mapring-Time", false, &head->time_ns) ||
        !read_count(&look, "Mapring-Uncertainty", false, &head->uncertainty_ns) || !read_piece(&look, &head->piece) ||
        !read_encoding(&look, head) || !read_checksum(&look, &head->checksum))
        return false;
    end_in_piece(head);
    return head->first <= head->end.sequence ||
           wrong(&look, "Mapring-Next", find(&look, "Mapring-Next"));
}
