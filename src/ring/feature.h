/* SPDX-License-Identifier: MIT */
/* Features of a ring that not every version and system supports. */
#ifndef MAPRING_FEATURE_H
#define MAPRING_FEATURE_H

#include <stddef.h>
#include <stdint.h>

/* The sets differ in what a program may do with a ring if it does not support a feature of it. */
enum feature_set {
    FEATURES_COMPATIBLE, /* anything */
    FEATURES_READ_ONLY,  /* read it */
    FEATURES_REQUIRED    /* nothing */
};

/* Returns those of the bits that this library does not support on this system. */
uint32_t features_missing(enum feature_set set, uint32_t bits);

enum { FEATURES_TEXT_BYTES = 128 };

/* Writes the names of the bits, and one number for those without a name. */
void features_describe(enum feature_set set, uint32_t bits, char text[FEATURES_TEXT_BYTES]);

#endif
