/* SPDX-License-Identifier: MIT */
/* Strict parsing of the option values that describe rings, records and mappings. */
#include "ring_values.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "framing.h"
#include "input.h"
#include "mapring/mapring.h"
#include "shared/text.h"
#include "shared/values.h"
#include "timestamp.h"

/* The base-2 logarithm of the smallest valid capacity that is not less than `bytes`; 46, that is
 * 64T, if there is none. */
static unsigned capacity_bits(uint64_t bytes)
{
    unsigned bits = 16;
    while (bits < 46 && UINT64_C(1) << bits < bytes)
        bits++;
    return bits;
}

const char *value_capacity(const char *text, void *value)
{
    static char wanted[80];
    uint64_t *bytes = value;
    const char *problem = value_size(text, value);
    if (problem)
        return problem;
    unsigned bits = capacity_bits(*bytes);
    if (*bytes == UINT64_C(1) << bits)
        return NULL;
    snprintf(wanted, sizeof wanted, "a power of two from 64K to 64T, such as %u%c", 1u << bits % 10,
             "BKMGT"[bits / 10]);
    return wanted;
}

const char *value_slot(const char *text, void *value)
{
    uint64_t bytes = 0;
    bool read = read_number(text, 10, &bytes) && bytes >= 8 && bytes <= 256;
    *(uint32_t *)value = (uint32_t)bytes;
    return read ? NULL : "a power of two from 8 to 256";
}

const char *value_mode(const char *text, void *value)
{
    uint64_t mode = 0;
    bool read = read_number(text, 8, &mode) && mode > 0 && mode <= 0777;
    *(uint32_t *)value = (uint32_t)mode;
    return read ? NULL : "octal permission bits such as 0640";
}

const char *value_scope(const char *text, void *value)
{
    bool global = strcmp(text, "global") == 0;
    *(enum mapring_scope *)value = global ? MAPRING_GLOBAL : MAPRING_LOCAL;
    return global || strcmp(text, "local") == 0 ? NULL : "local or global";
}

const char *value_after_lap(const char *text, void *value)
{
    bool newest = strcmp(text, "newest") == 0;
    *(enum mapring_from *)value = newest ? MAPRING_NEWEST : MAPRING_OLDEST;
    return newest || strcmp(text, "oldest") == 0 ? NULL : "oldest or newest";
}

const char *value_sequence(const char *text, void *value)
{
    return read_number(text, 10, value) ? NULL : "a sequence number";
}

const char *value_consumer(const char *text, void *value)
{
    *(const char **)value = text;
    size_t length = strlen(text);
    return length > 0 && length < MAPRING_NAME_BYTES ? NULL : "a name of 1 to 63 bytes";
}

/* The index of the word in the list, which ends with NULL; -1: not in the list. */
static int word_number(const char *text, const char *const *words)
{
    for (int i = 0; words[i] != NULL; i++)
        if (strcmp(text, words[i]) == 0)
            return i;
    return -1;
}

const char *value_from(const char *text, void *value)
{
    static const char *const words[] = {"unread", "oldest", "newest", "run", NULL};
    static const enum mapring_from places[] = {MAPRING_UNREAD, MAPRING_OLDEST, MAPRING_NEWEST,
                                               MAPRING_RUN};
    struct mapring_consumer_options *options = value;
    int found = word_number(text, words);
    options->from = found >= 0 ? places[found] : MAPRING_AT_SEQUENCE;
    if (found >= 0 || value_sequence(text, &options->sequence) == NULL)
        return NULL;
    return "unread, oldest, newest, run or a sequence number";
}

const char *value_framing(const char *text, void *value)
{
    static const char *const words[] = {"line", "length", "block", NULL};
    int found = word_number(text, words);
    *(enum framing_kind *)value = (enum framing_kind)(found < 0 ? 0 : found);
    return found >= 0 ? NULL : "line, length or block";
}

const char *value_too_long(const char *text, void *value)
{
    static const char *const words[] = {"split", "truncate", "skip", "fail", NULL};
    int found = word_number(text, words);
    *(enum too_long *)value = (enum too_long)(found < 0 ? 0 : found);
    return found >= 0 ? NULL : "split, truncate, skip or fail";
}

const char *value_when_full(const char *text, void *value)
{
    static const char *const words[] = {"", "block", "drop", "overwrite", NULL};
    int found = word_number(text, words);
    *(enum mapring_when_full *)value = (enum mapring_when_full)(found < 0 ? 0 : found);
    return found > 0 ? NULL : "block, drop or overwrite";
}

const char *value_sync(const char *text, void *value)
{
    static const char *const words[] = {"none", "close", NULL};
    struct mapring_options *options = value;
    int found = word_number(text, words);
    uint64_t interval = 0;
    bool is_interval = read_number(text, 10, &interval) && interval > 0 && interval <= UINT32_MAX;
    options->sync_interval_ms = is_interval ? (uint32_t)interval : 0;
    options->sync =
        is_interval ? MAPRING_SYNC_INTERVAL : (enum mapring_sync)(found < 0 ? 0 : found);
    return found >= 0 || is_interval ? NULL : "none, close or a number of milliseconds";
}

const char *value_numa_node(const char *text, void *value)
{
    struct mapring_options *options = value;
    uint64_t node = 0;
    options->on_numa_node = read_number(text, 10, &node) && node <= UINT32_MAX;
    options->numa_node = (uint32_t)node;
    return options->on_numa_node ? NULL : "the number of a NUMA node, from 0 up";
}

const char *value_time_form(const char *text, void *value)
{
    static const char *const words[] = {"", "iso", "local", "epoch", "relative", NULL};
    int found = text ? word_number(text, words) : TIME_ISO;
    *(enum time_form *)value = (enum time_form)(found < 0 ? 0 : found);
    return found > 0 ? NULL : "iso, local, epoch or relative";
}

const char *value_grep(const char *text, void *value)
{
    *(const char **)value = text;
    return *text != '\0' ? NULL : "a text of at least one byte";
}

const char *value_encoding(const char *text, void *value)
{
    bool utf16 = strcmp(text, "utf-16") == 0;
    *(enum text_encoding *)value = utf16 ? TEXT_UTF_16 : TEXT_UTF_8;
    return utf16 || strcmp(text, "utf-8") == 0 ? NULL : "utf-8 or utf-16";
}
