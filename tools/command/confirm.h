/* SPDX-License-Identifier: MIT */
/* Tells the program that writes the input which of its records are in the ring, so that it can keep
 * and repeat the others. */
#ifndef TOOLS_CONFIRM_H
#define TOOLS_CONFIRM_H

#include "input.h"

/* Both write lines "OK" to standard output, and return an exit status, after a message if it is not
 * EXIT_DONE. */

/* That the ring is open. */
int confirm_ready(void);

/* One for each record of a batch that was sent; one for all parts of a record. */
int confirm_batch(const struct batch *batch);

#endif
