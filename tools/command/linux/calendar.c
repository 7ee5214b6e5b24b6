/* SPDX-License-Identifier: MIT */
/* The system's clock. */
#include <time.h>

#include "command/os.h"

uint64_t os_time_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}
