/* SPDX-License-Identifier: MIT */
#include "idle.h"

#include <stddef.h>
#include <stdint.h>

#include "os.h"

#define PERIOD_NS INT64_C(1000000000)

static bool (*ask)(void *context);
static void *asked;
static int64_t next_ns;
static bool ended;

void idle_ask(bool (*goes_on)(void *context), void *context)
{
    ask = goes_on;
    asked = context;
    next_ns = os_now_ns() + PERIOD_NS;
}

bool idle_goes_on(void)
{
    if (!ask || ended || os_now_ns() < next_ns)
        return !ended;
    next_ns = os_now_ns() + PERIOD_NS;
    ended = !ask(asked);
    return !ended;
}
