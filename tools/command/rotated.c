/* SPDX-License-Identifier: MIT */
/* The older files of one that is rotated. */
#include "rotated.h"

#include <inttypes.h>
#include <stdio.h>

#include "disk.h"

void rotated_path(char path[ROTATED_BYTES], const char *file, uint64_t number,
                  enum rotated_form form)
{
    snprintf(path, ROTATED_BYTES, "%s.%" PRIu64 "%s", file, number,
             form == ROTATED_GZIP ? ".gz" : "");
}

static bool is_there(const char *file, uint64_t number, enum rotated_form form)
{
    char path[ROTATED_BYTES];
    rotated_path(path, file, number, form);
    return disk_exists(path);
}

static bool is_taken(const char *file, uint64_t number)
{
    return is_there(file, number, ROTATED_PLAIN) || is_there(file, number, ROTATED_GZIP);
}

static uint64_t first_free(const char *file, uint64_t from)
{
    while (is_taken(file, from))
        from++;
    return from;
}

static bool remove_one(const char *file, uint64_t number, enum rotated_form form)
{
    char path[ROTATED_BYTES];
    rotated_path(path, file, number, form);
    return !disk_exists(path) || disk_remove(path);
}

static bool move_on(const char *file, uint64_t number, enum rotated_form form)
{
    char from[ROTATED_BYTES], to[ROTATED_BYTES];
    rotated_path(from, file, number, form);
    rotated_path(to, file, number + 1, form);
    return !disk_exists(from) || disk_rename(from, to);
}

/* From the highest number down, so that a kill leaves no gap below others. */
static bool remove_from(const char *file, uint64_t least)
{
    for (uint64_t number = first_free(file, least); number > least; number--)
        if (!remove_one(file, number - 1, ROTATED_PLAIN) ||
            !remove_one(file, number - 1, ROTATED_GZIP))
            return false;
    return true;
}

bool rotated_shift(const char *file, uint64_t keep)
{
    char newest[ROTATED_BYTES];
    if (keep > 0 && !remove_from(file, keep))
        return false;
    for (uint64_t number = first_free(file, 1); number > 1; number--)
        if (!move_on(file, number - 1, ROTATED_PLAIN) || !move_on(file, number - 1, ROTATED_GZIP))
            return false;
    rotated_path(newest, file, 1, ROTATED_PLAIN);
    return disk_rename(file, newest);
}

uint64_t rotated_plain(const char *file)
{
    uint64_t oldest = 0, end = first_free(file, 1);
    for (uint64_t number = 1; number < end; number++) {
        if (is_there(file, number, ROTATED_GZIP))
            remove_one(file, number, ROTATED_PLAIN);
        else
            oldest = number;
    }
    return oldest;
}
