/* SPDX-License-Identifier: MIT */
/* How long to wait before the next attempt to connect. */
#include "backoff.h"

#include "shared/os.h"

enum { DOUBLINGS = 7, SLICE_MS = 100, NS_PER_MS = 1000000 };

static const int64_t shortest_ns = INT64_C(100) * NS_PER_MS;
static const int64_t longest_ns = INT64_C(10000) * NS_PER_MS;

void backoff_reset(struct backoff *backoff)
{
    backoff->attempts = 0;
}

/* Two processes that begin in the same nanosecond with the same state do the same. */
static uint64_t next_random(struct backoff *backoff)
{
    uint64_t x = backoff->random ? backoff->random : (uint64_t)os_now_ns() | 1;
    x ^= x << 13;
    x ^= x >> 7;
    x ^= x << 17;
    return backoff->random = x;
}

int64_t backoff_next_ns(struct backoff *backoff)
{
    int64_t wait_ns = shortest_ns << backoff->attempts;
    if (wait_ns > longest_ns)
        wait_ns = longest_ns;
    backoff->attempts += backoff->attempts < DOUBLINGS;
    return wait_ns - (int64_t)(next_random(backoff) % (uint64_t)(wait_ns / 2));
}

bool backoff_pause(struct backoff *backoff)
{
    int64_t end_ns = os_now_ns() + backoff_next_ns(backoff);
    for (int64_t left_ns; os_interrupted() == 0 && (left_ns = end_ns - os_now_ns()) > 0;)
        os_pause_ms(left_ns > (int64_t)SLICE_MS * NS_PER_MS ? (unsigned)SLICE_MS
                                                            : (unsigned)(left_ns / NS_PER_MS + 1));
    return os_interrupted() == 0;
}
