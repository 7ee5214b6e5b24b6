/* SPDX-License-Identifier: MIT */
/* The places in programs that log, in order: each line that is counted looks for its place. */
#include "log_sites.h"

#include <stdlib.h>
#include <string.h>

static int compare_numbers(uint32_t one, uint32_t other)
{
    return (one > other) - (one < other);
}

static int compare(const struct log_site *one, const struct log_site *other)
{
    int result = strcmp(one->file, other->file);
    if (result == 0)
        result = compare_numbers(one->line, other->line);
    if (result == 0)
        result = strcmp(one->function, other->function);
    if (result == 0)
        result = compare_numbers(one->level, other->level);
    return result != 0 ? result : strcmp(one->format, other->format);
}

/* The first one that does not come before it. */
static size_t find(const struct log_sites *sites, const struct log_site *site)
{
    size_t from = 0, to = sites->count;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        if (compare(&sites->site[middle], site) < 0)
            from = middle + 1;
        else
            to = middle;
    }
    return from;
}

static bool make_room(struct log_sites *sites)
{
    if (sites->count < sites->space)
        return true;
    size_t space = 2 * sites->space + 64;
    struct log_site *larger = realloc(sites->site, space * sizeof *larger);
    if (!larger)
        return false;
    sites->site = larger;
    sites->space = space;
    return true;
}

struct log_site *log_sites_add(struct log_sites *sites, const struct log_site *site)
{
    size_t place = find(sites, site);
    if (place < sites->count && compare(&sites->site[place], site) == 0)
        return &sites->site[place];
    struct log_site copy = {.level = site->level, .line = site->line};
    copy.file = strdup(site->file);
    copy.function = strdup(site->function);
    copy.format = strdup(site->format);
    if (!copy.file || !copy.function || !copy.format || !make_room(sites)) {
        free(copy.file);
        free(copy.function);
        free(copy.format);
        return NULL;
    }
    struct log_site *added = sites->site + place;
    memmove(added + 1, added, (sites->count++ - place) * sizeof *added);
    *added = copy;
    return added;
}

void log_sites_free(struct log_sites *sites)
{
    for (size_t i = 0; i < sites->count; i++) {
        free(sites->site[i].file);
        free(sites->site[i].function);
        free(sites->site[i].format);
    }
    free(sites->site);
}
