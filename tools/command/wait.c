/* SPDX-License-Identifier: MIT */
/* Waits in slices, because the library's waits do not end on a signal. */
#include "wait.h"

#include "shared/os.h"

#define SLICE_NS INT64_C(100000000)

struct wait wait_begin(int64_t timeout_ns)
{
    return (struct wait){timeout_ns == MAPRING_FOREVER ? MAPRING_FOREVER
                                                       : os_now_ns() + timeout_ns};
}

int64_t wait_slice(const struct wait *wait)
{
    if (wait->end_ns == MAPRING_FOREVER)
        return SLICE_NS;
    int64_t left = wait->end_ns - os_now_ns();
    return left < 0 ? 0 : left < SLICE_NS ? left : SLICE_NS;
}

bool wait_again(const struct wait *wait, int result)
{
    return result == MAPRING_TIMED_OUT && wait_slice(wait) != 0 && os_interrupted() == 0;
}

bool wait_pause(const struct wait *wait, unsigned milliseconds)
{
    if (wait_slice(wait) == 0 || os_interrupted() != 0)
        return false;
    os_pause_ms(milliseconds);
    return os_interrupted() == 0;
}
