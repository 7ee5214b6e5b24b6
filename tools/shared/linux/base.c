/* SPDX-License-Identifier: MIT */
/* The directory of MAPRING_DIR. */
#include <stdlib.h>

#include "shared/os.h"

const char *os_base(void)
{
    const char *base = secure_getenv("MAPRING_DIR");
    return base && *base ? base : NULL;
}
