/* SPDX-License-Identifier: MIT */
/* The lines that a ring of a log holds. */
#ifndef MAPRING_TESTS_LINES_H
#define MAPRING_TESTS_LINES_H

#include "helpers.h"
#include "log_text.h"
#include "mapring/log.h"

struct lines {
    mapring_image *image;
    mapring_dictionary *dictionary;
    struct log_text last;
};

static inline void lines_open(struct lines *lines, const char *ring)
{
    check_result(MAPRING_OK, mapring_image_open(&lines->image, ring, MAPRING_LOCAL));
    check_result(MAPRING_OK, mapring_dictionary_open(&lines->dictionary, ring, MAPRING_LOCAL));
}

static inline void lines_close(struct lines *lines)
{
    mapring_image_close(lines->image);
    mapring_dictionary_close(lines->dictionary);
}

/* The next line, or NULL at the end. */
static inline const char *lines_next(struct lines *lines)
{
    struct mapring_record record;
    int result = mapring_image_next(lines->image, &record);
    if (result == MAPRING_NOTHING)
        return NULL;
    check_result(MAPRING_OK, result);
    check(record.time_ns != 0);
    const char *wrong = log_text_decode(&lines->last, lines->dictionary, &record);
    check_text("", wrong ? wrong : "");
    return lines->last.text;
}

#endif
