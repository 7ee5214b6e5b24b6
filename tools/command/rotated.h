/* SPDX-License-Identifier: MIT */
/*
 * The older files of one that is rotated: FILE.1, the newest, FILE.2 and so on; those that are
 * compressed end in .gz. The names are all there is to know, so that it does not matter at which
 * moment a command was killed: it leaves at most a number that is free, which the next rotation
 * fills, or both forms of one file, of which the compressed one is whole.
 */
#ifndef TOOLS_ROTATED_H
#define TOOLS_ROTATED_H

#include <stdbool.h>
#include <stdint.h>

enum { ROTATED_BYTES = 4096 }; /* of a path */

enum rotated_form { ROTATED_PLAIN, ROTATED_GZIP };

/* Writes the path of an older file. */
void rotated_path(char path[ROTATED_BYTES], const char *file, uint64_t number,
                  enum rotated_form form);

/* FILE becomes FILE.1, after each older file has moved on by one, as far as there is no free number
 * between them. At most `keep` are kept; 0: all. False: os_error() says why. */
bool rotated_shift(const char *file, uint64_t keep);

/* The oldest file that is not compressed; 0: there is none. Removes files that were compressed, but
 * not removed yet. */
uint64_t rotated_plain(const char *file);

#endif
