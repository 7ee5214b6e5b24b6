/* SPDX-License-Identifier: MIT */
/* Which of several rings a record belongs to. */
#include "shard_key.h"

#include <string.h>

#include "shared/checksum.h"
#include "shared/values.h"

/* ---- The option ---- */

enum { NUMBER_BYTES = 21 };

/* Reads the number in the first `length` bytes, which is at least 1. */
static bool read_position(const char *text, size_t length, uint64_t *position)
{
    char digits[NUMBER_BYTES] = "";
    if (length == 0 || length >= sizeof digits)
        return false;
    memcpy(digits, text, length);
    return read_number(digits, 10, position) && *position > 0;
}

/* What follows "field:K,": one character, or \t for a tab. */
static bool read_separator(const char *text, int *separator)
{
    *separator = strcmp(text, "\\t") == 0 ? '\t' : (unsigned char)text[0];
    return *separator == '\t' || (text[0] > ' ' && text[0] <= '~' && text[1] == '\0') ||
           strcmp(text, " ") == 0;
}

static bool read_field(const char *text, struct shard_key *key)
{
    size_t digits = strcspn(text, ",");
    key->kind = SHARD_KEY_FIELD;
    key->separator = SHARD_KEY_BLANKS;
    return read_position(text, digits, &key->first) &&
           (text[digits] == '\0' || read_separator(text + digits + 1, &key->separator));
}

/* N, N-M, N- or -M, as for cut -b. */
static bool read_range(const char *text, struct shard_key *key)
{
    size_t digits = strcspn(text, "-");
    const char *end = text[digits] == '-' ? text + digits + 1 : text;
    key->kind = SHARD_KEY_BYTES;
    key->first = 1;
    key->last = UINT64_MAX;
    if (strcmp(text, "-") == 0 || (digits > 0 && !read_position(text, digits, &key->first)))
        return false;
    if (*end != '\0' && !read_position(end, strlen(end), &key->last))
        return false;
    return text[0] != '\0' && key->first <= key->last;
}

const char *value_shard_key(const char *text, void *value)
{
    static const char field[] = "field:", range[] = "bytes:";
    struct shard_key key = {.kind = SHARD_KEY_NONE};
    if (strncmp(text, field, sizeof field - 1) == 0 && read_field(text + sizeof field - 1, &key)) {
        *(struct shard_key *)value = key;
        return NULL;
    }
    if (strncmp(text, range, sizeof range - 1) == 0 && read_range(text + sizeof range - 1, &key)) {
        *(struct shard_key *)value = key;
        return NULL;
    }
    return "field:K for the field number K of a line, field:K,C if the character C separates the "
           "fields (\\t: a tab), or a range of bytes: bytes:FROM-TO, bytes:FROM-, bytes:-TO; all "
           "count from 1";
}

const char *value_shards(const char *text, void *value)
{
    uint64_t count;
    if (!read_number(text, 10, &count) || count == 0 || count > SHARD_LIMIT)
        return "a number of rings from 1 to 1000";
    *(unsigned *)value = (unsigned)count;
    return NULL;
}

/* ---- The key ---- */

static const unsigned char *skip_blanks(const unsigned char *at, const unsigned char *end)
{
    while (at < end && (*at == ' ' || *at == '\t'))
        at++;
    return at;
}

static const unsigned char *skip_word(const unsigned char *at, const unsigned char *end)
{
    while (at < end && *at != ' ' && *at != '\t')
        at++;
    return at;
}

/* Blanks before the first word belong to no field. */
static bool find_word(uint64_t number, const unsigned char *at, const unsigned char *end,
                      struct mapring_buffer *key)
{
    at = skip_blanks(at, end);
    for (uint64_t i = 1; i < number && at < end; i++)
        at = skip_blanks(skip_word(at, end), end);
    *key = (struct mapring_buffer){at, (size_t)(skip_word(at, end) - at)};
    return at < end;
}

static bool find_field(const struct shard_key *by, const unsigned char *at,
                       const unsigned char *end, struct mapring_buffer *key)
{
    for (uint64_t i = 1;; i++) {
        const unsigned char *next = at < end ? memchr(at, by->separator, (size_t)(end - at)) : NULL;
        if (i == by->first) {
            *key = (struct mapring_buffer){at, (size_t)((next ? next : end) - at)};
            return true;
        }
        if (!next)
            return false;
        at = next + 1;
    }
}

static bool find_range(const struct shard_key *by, const unsigned char *record, size_t bytes,
                       struct mapring_buffer *key)
{
    if (bytes < by->first)
        return false;
    size_t last = bytes < by->last ? bytes : (size_t)by->last;
    *key = (struct mapring_buffer){record + by->first - 1, last - (size_t)by->first + 1};
    return true;
}

bool shard_key_find(const struct shard_key *by, const void *record, size_t bytes,
                    struct mapring_buffer *key)
{
    const unsigned char *start = record;
    *key = (struct mapring_buffer){NULL, 0};
    switch (by->kind) {
    case SHARD_KEY_FIELD:
        return by->separator == SHARD_KEY_BLANKS ? find_word(by->first, start, start + bytes, key)
                                                 : find_field(by, start, start + bytes, key);
    case SHARD_KEY_BYTES: return find_range(by, start, bytes, key);
    default: return false;
    }
}

unsigned shard_of(const struct mapring_buffer *key, unsigned shards)
{
    return checksum(0, key->data, key->bytes) % shards;
}
