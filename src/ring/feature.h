/* SPDX-License-Identifier: MIT */
/* What a ring may have that not every version and system can deal with. */
#ifndef MAPRING_FEATURE_H
#define MAPRING_FEATURE_H

#include <stddef.h>
#include <stdint.h>

/* By what a program may do with a ring that has one which it does not know. */
enum feature_set {
    FEATURES_COMPATIBLE, /* all */
    FEATURES_READ_ONLY,  /* read it */
    FEATURES_REQUIRED    /* nothing */
};

/* Those of the bits that this library cannot deal with on this system. */
uint32_t features_missing(enum feature_set set, uint32_t bits);

enum { FEATURES_TEXT_BYTES = 128 };

/* Writes the names of the bits, and a number for those that have none. */
void features_describe(enum feature_set set, uint32_t bits, char text[FEATURES_TEXT_BYTES]);

#endif
