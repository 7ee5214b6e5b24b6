/* SPDX-License-Identifier: MIT */
/* Where a name leads to: into a scope of the system or, with MAPRING_DIR, into a directory. */
#ifndef MAPRING_BASE_H
#define MAPRING_BASE_H

#include "name.h"

/* As ring_name_parse(). With MAPRING_DIR set, a name becomes the path of a file there. */
int base_find(struct ring_name *name, const char *text, enum mapring_scope scope);

#endif
