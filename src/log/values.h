/* SPDX-License-Identifier: MIT */
/* The values of a line. */
#ifndef MAPRING_LOG_VALUES_H
#define MAPRING_LOG_VALUES_H

#include "log/described.h"
#include "mapring/log_reader.h"

enum { VALUES_MOST = UINT8_MAX }; /* as many as a site can have */

struct values {
    size_t count;
    const unsigned char *types; /* enum mapring1_log_type */
    struct mapring_log_value value[VALUES_MOST];
    long double long_double[VALUES_MOST];
};

/* As which type a value is handed out. */
enum mapring_log_type values_type(unsigned char type);

/* Unpacks the values of a site, in place: strings are moved, to make room for their terminators.
 * Returns whether they are exactly what is packed there; if not, those before the first one that
 * does not fit. */
bool values_unpack(struct values *values, const struct described_site *site, unsigned char *packed,
                   size_t bytes);

#endif
