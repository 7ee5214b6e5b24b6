/* SPDX-License-Identifier: MIT */
/* Waiting for any of several rings: each consumer has a thread that sleeps on its ring, and they all
 * set one handle. Nobody wakes observers, so they are polled, ever less often. */
#include "merge/sleep.h"

#include "consumer/wait_handle.h"
#include "error.h"
#include "platform.h"
#include "ring/deadline.h"

enum {
    NAP_FIRST_EXPONENT = 16, /* 65 us, */
    NAP_LAST_EXPONENT = 21,  /* and 2 ms */
    SHORT_NS = 1000000,      /* a shorter sleep is not worth arming anybody */
};

static int64_t lesser(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* As long as a line is incomplete, only its own ring matters. */
static bool is_waited_for(const mapring_merge *merge, const struct lane *lane)
{
    return lane_is_watched(lane) && (!merge->order.line || merge->order.line == &lane->order);
}

static bool is_armed(const struct lane *lane)
{
    return lane->consumer->notifier && notifier_is_armed(lane->consumer->notifier);
}

/* Without a thread, the ring is polled. False if something is there. */
static bool arm_lane(mapring_merge *merge, const struct lane *lane)
{
    const struct mapring_error before = *mapring_last_error();
    if (is_armed(lane))
        return true;
    if (consumer_start_notifier(lane->consumer, &merge->ready) == MAPRING_OK)
        return mapring_consumer_arm(lane->consumer) == MAPRING_NOTHING;
    error_restore(&before);
    return true;
}

/* Those that are armed still have told nothing since the handle was cleared. */
bool merge_arm_lanes(mapring_merge *merge)
{
    platform_signal_clear(merge->ready);
    for (size_t i = 0; i < merge->order.count; i++) {
        const struct lane *lane = merge_lane(merge, i);
        if (lane->consumer && is_waited_for(merge, lane) && !arm_lane(merge, lane))
            return false;
    }
    return true;
}

int64_t merge_nap(const mapring_merge *merge, unsigned naps)
{
    unsigned exponent = NAP_FIRST_EXPONENT + naps;
    for (size_t i = 0; i < merge->order.count; i++) {
        const struct lane *lane = merge_lane(merge, i);
        if (lane_is_polled(lane) && is_waited_for(merge, lane))
            return INT64_C(1) << (exponent < NAP_LAST_EXPONENT ? exponent : NAP_LAST_EXPONENT);
    }
    return INT64_MAX;
}

int64_t merge_until(const mapring_merge *merge, int64_t due_ns)
{
    return due_ns == ORDER_NEVER ? INT64_MAX
                                 : lesser(due_ns - merge_now(merge), merge->order.grace_ns);
}

int merge_sleep(mapring_merge *merge, int64_t due_ns, int64_t deadline, unsigned naps)
{
    int64_t limit = sleep_limit(deadline, SYSTEM_NONE);
    if (limit == 0)
        return MAPRING_TIMED_OUT;
    limit = lesser(limit, merge_until(merge, due_ns));
    /* not covered: the record is due since the last look at the clock */
    if (limit <= 0 || (limit >= SHORT_NS && !merge_arm_lanes(merge)))
        return MAPRING_OK;
    limit = lesser(limit, merge_nap(merge, naps));
    if (limit < SHORT_NS)
        platform_pause_ns(limit);
    else
        platform_signal_wait(merge->ready, limit);
    return MAPRING_OK;
}
