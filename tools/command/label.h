/* SPDX-License-Identifier: MIT */
/* The name under which mapring recv appears in mapring stat, if it is not a durable consumer. */
#ifndef TOOLS_LABEL_H
#define TOOLS_LABEL_H

/* Returns the wanted label or, if it is NULL, one that says where the output goes: to the file
 * `path` or, if that is NULL, to standard output. It is cut to what a consumer's name can take. */
const char *label_of(const char *wanted, const char *path);

#endif
