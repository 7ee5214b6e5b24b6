/* SPDX-License-Identifier: MIT */
/* What the library itself does with dictionaries, apart from what mapring.h declares. */
#ifndef MAPRING_DICTIONARY_H
#define MAPRING_DICTIONARY_H

#include "ring/ring.h"

/* Makes a dictionary of a ring that another handle has open, which must be open at each call. */
int dictionary_of(mapring_dictionary **dictionary, const struct ring *ring);

/* It is that of the same ring as before, which another handle has open. */
void dictionary_turn_to(mapring_dictionary *dictionary, const struct ring *ring);

/* Whether it can be used in this process. */
int dictionary_check(const mapring_dictionary *dictionary);

const struct ring *dictionary_ring(const mapring_dictionary *dictionary);

/* When mapring_dictionary_next() has found a damaged entry: goes on after it or, if where it ends is
 * not known, with what is added later. */
void dictionary_skip(mapring_dictionary *dictionary);

#endif
