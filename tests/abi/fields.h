/* SPDX-License-Identifier: MIT */
/* The offsets and sizes of the fields of public structures, according to one version of the
 * headers. */
#ifndef MAPRING_TESTS_FIELDS_H
#define MAPRING_TESTS_FIELDS_H

#include <stddef.h>

struct field {
    const char *name;
    size_t offset, bytes;
};

extern const struct field frozen_fields[], present_fields[];
extern const size_t frozen_count, present_count;

#endif
