/* SPDX-License-Identifier: MIT */
/* The name under which mapring recv appears in mapring stat, if it is not a durable consumer. */
#ifndef TOOLS_LABEL_H
#define TOOLS_LABEL_H

/* Returns the wanted label or, if it is NULL, one that says where the output goes; cut to what a
 * consumer's name can take. */
const char *label_of(const char *wanted);

#endif
