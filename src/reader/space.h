/* SPDX-License-Identifier: MIT */
/* Memory that grows with what is read into it. */
#ifndef MAPRING_SPACE_H
#define MAPRING_SPACE_H

#include <stddef.h>

struct space {
    unsigned char *at;
    size_t bytes;
};

/* Makes the space at least that large; its contents stay. `ring` and `what` are for the message if
 * there is not enough memory. */
int space_grow(struct space *space, size_t bytes, const char *ring, const char *what);

#endif
