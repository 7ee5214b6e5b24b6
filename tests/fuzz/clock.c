/* SPDX-License-Identifier: MIT */
/* A pause takes no time but advances the clock, because most mappings never become ready. */
#include "platform.h"

int64_t __real_platform_now_ns(void);
int64_t __wrap_platform_now_ns(void);
void __wrap_platform_pause_ns(int64_t duration_ns);

static _Thread_local int64_t paused_ns;

int64_t __wrap_platform_now_ns(void)
{
    return __real_platform_now_ns() + paused_ns;
}

void __wrap_platform_pause_ns(int64_t duration_ns)
{
    paused_ns += duration_ns;
}
