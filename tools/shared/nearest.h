/* SPDX-License-Identifier: MIT */
/* Finds the word that somebody probably meant who wrote another one. */
#ifndef TOOLS_NEAREST_H
#define TOOLS_NEAREST_H

#include <stddef.h>

struct nearest {
    const char *written; /* what was written, and its length */
    size_t written_length;
    const char *word; /* the nearest word so far, and its length; NULL: none is near enough */
    size_t length;
    unsigned distance;
};

struct nearest nearest_begin(const char *written, size_t length);

/* Compares one more word with what was written. Of words that are equally near, the first counts. */
void nearest_try(struct nearest *nearest, const char *word, size_t length);

#endif
