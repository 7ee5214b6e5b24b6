/* SPDX-License-Identifier: MIT */
/* Finds the last records of an image. */
#ifndef TOOLS_LAST_H
#define TOOLS_LAST_H

#include <stdbool.h>
#include <stdint.h>

#include "filter.h"
#include "mapring/mapring.h"

/* Reads a whole image, and narrows the filter to the last `count` records that pass it now, and to
 * what the image holds now. Takes 8 bytes of memory for each of these records. False: there is not
 * enough of it. */
bool last_narrow(mapring_image *image, uint64_t count, struct filter *filter);

#endif
