/* SPDX-License-Identifier: MIT */
/* Writes a golden file from a ring; see golden.h. */
#ifndef MAPRING_TESTS_GOLDEN_WRITE_H
#define MAPRING_TESTS_GOLDEN_WRITE_H

#include <stddef.h>
#include <stdint.h>

void golden_write(const char *path, const char *ring, size_t bytes);

/* Reads a word of 1, 4 or 8 bytes in this machine's byte order. */
uint64_t golden_word(const char *at, size_t width);

#endif
