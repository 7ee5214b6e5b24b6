/* SPDX-License-Identifier: MIT */
/*
 * Rings as text, byte for byte: tests/golden/NAME.hex. Each line is
 *
 *     OFFSET: GROUP...  # comment
 *
 * in hexadecimal. A group of two digits is a byte; one of 8 or 16 digits is a word as a number, which
 * lies in the ring in the byte order of the machine: so one file holds for both orders, and a ring of
 * a machine of the other order can be made of it. x instead of digits: differs from run to run and is
 * not compared. What no line names is zero. The last line has an offset only, that of the end.
 */
#ifndef MAPRING_TESTS_GOLDEN_H
#define MAPRING_TESTS_GOLDEN_H

#include <stdbool.h>

enum golden_order { GOLDEN_NATIVE, GOLDEN_SWAPPED };

/* Fails with the first differences between the ring's file and the golden one, which is written anew
 * instead with MAPRING_GOLDEN_WRITE=1. */
void golden_check(const char *name, const char *ring_path);

/* The ring's file, as this machine writes it or one of the other byte order. What differs from run to
 * run is zero. */
void golden_make(const char *name, enum golden_order order, const char *ring_path);

#endif
