/* SPDX-License-Identifier: MIT */
#include "log/described.h"

#include <string.h>

/* What is left of a payload. */
struct rest {
    const unsigned char *at;
    size_t bytes;
};

static bool take(struct rest *rest, void *to, size_t bytes)
{
    if (rest->bytes < bytes)
        return false;
    memcpy(to, rest->at, bytes);
    rest->at += bytes;
    rest->bytes -= bytes;
    return true;
}

static bool take_text(struct rest *rest, const char **text)
{
    const unsigned char *end = rest->bytes ? memchr(rest->at, '\0', rest->bytes) : NULL;
    if (!end)
        return false;
    *text = (const char *)rest->at;
    rest->bytes -= (size_t)(end + 1 - rest->at);
    rest->at = end + 1;
    return true;
}

static bool take_types(struct rest *rest, struct described_site *site)
{
    if (rest->bytes < site->count)
        return false;
    site->types = rest->at;
    rest->at += site->count;
    rest->bytes -= site->count;
    for (size_t i = 0; i < site->count; i++)
        if (site->types[i] < MAPRING1_INT32 || site->types[i] > MAPRING1_TEXT)
            return false;
    return true;
}

bool site_read(struct described_site *site, const unsigned char *payload, size_t bytes)
{
    struct rest rest = {payload, bytes};
    unsigned char numbers[4];
    if (!take(&rest, numbers, sizeof numbers) || !take(&rest, &site->line, sizeof site->line))
        return false;
    site->level = numbers[0];
    site->count = numbers[1];
    site->long_double = numbers[2];
    return site->level > MAPRING_LEVEL_UNSET && site->level < MAPRING_LEVEL_OFF &&
           numbers[2] <= LONG_DOUBLE_BINARY128 && take_types(&rest, site) &&
           take_text(&rest, &site->format) && take_text(&rest, &site->file) &&
           take_text(&rest, &site->function);
}

bool thread_read(struct described_thread *thread, const unsigned char *payload, size_t bytes)
{
    struct rest rest = {payload, bytes};
    return take(&rest, &thread->process, sizeof thread->process) &&
           take(&rest, &thread->thread, sizeof thread->thread) &&
           take_text(&rest, &thread->program) && take_text(&rest, &thread->name);
}
