/* SPDX-License-Identifier: MIT */
/* The places in programs that log, in a list without duplicates. */
#include "log_sites.h"

#include <stdlib.h>
#include <string.h>

static int compare_numbers(uint32_t one, uint32_t other)
{
    return (one > other) - (one < other);
}

static int compare(const void *left, const void *right)
{
    const struct log_site *one = left, *other = right;
    int result = strcmp(one->file, other->file);
    if (result == 0)
        result = compare_numbers(one->line, other->line);
    if (result == 0)
        result = strcmp(one->function, other->function);
    if (result == 0)
        result = compare_numbers(one->level, other->level);
    return result != 0 ? result : strcmp(one->format, other->format);
}

static struct log_site *find(const struct log_sites *sites, const struct log_site *site)
{
    for (size_t i = 0; i < sites->count; i++)
        if (compare(&sites->site[i], site) == 0)
            return &sites->site[i];
    return NULL;
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
    struct log_site *found = find(sites, site);
    if (found)
        return found;
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
    sites->site[sites->count] = copy;
    return &sites->site[sites->count++];
}

void log_sites_sort(struct log_sites *sites)
{
    qsort(sites->site, sites->count, sizeof *sites->site, compare);
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
