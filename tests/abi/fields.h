/* SPDX-License-Identifier: MIT */
/* Where the fields of the public structures are, as one version of the headers has them. */
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
