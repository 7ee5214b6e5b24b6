/* SPDX-License-Identifier: MIT */
/* Why writing records to standard output has ended. */
#ifndef TOOLS_OUTPUT_FAILURE_H
#define TOOLS_OUTPUT_FAILURE_H

#include "output_buffer.h"

/* Tells why the output takes no more, and returns the exit status for it. `comes_again`: what was
 * not written will be read again. */
int output_failure(const struct output *output, bool comes_again);

#endif
