/* SPDX-License-Identifier: MIT */
/*
 * Rings as text, byte for byte, in tests/golden/NAME.hex. Each line is
 *
 *     OFFSET: GROUP...  # comment
 *
 * in hexadecimal. A group of two digits is a byte. A group of 8 or 16 digits is a word, written as
 * a number and stored in the ring in the machine's byte order, so that one file serves both byte
 * orders and a ring of the other order can be made from it. A group of x instead of digits differs
 * from run to run and is not compared. Bytes that no line gives are zero. The last line has only an
 * offset, which is the size of the ring.
 */
#ifndef MAPRING_TESTS_GOLDEN_H
#define MAPRING_TESTS_GOLDEN_H

#include <stdbool.h>

enum golden_order { GOLDEN_NATIVE, GOLDEN_SWAPPED };

/* Compares the ring's file with the golden file and fails with the first differences. With
 * MAPRING_GOLDEN_WRITE=1 it writes the golden file anew instead. */
void golden_check(const char *name, const char *ring_path);

/* Makes a ring's file from a golden file, in this machine's byte order or the other one. What
 * differs from run to run is zero. */
void golden_make(const char *name, enum golden_order order, const char *ring_path);

#endif
