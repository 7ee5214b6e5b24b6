/* SPDX-License-Identifier: MIT */
/* A merge in an event loop. The threads of its consumers set the handle, and one more thread does so
 * for observed rings, for rings that appear, and for records that were held back. While it is
 * armed, nothing of the merge changes. */
#include "error.h"
#include "merge/find.h"
#include "merge/look.h"
#include "merge/sleep.h"
#include "merge/state.h"
#include "platform.h"

enum { SEARCH_NS = 100000000, NAPS = 5 };

static bool has_news(const struct lane *lane)
{
    const struct reader *reader = lane_reader(lane);
    uint64_t position = reader->hot.cursor.position;
    uint32_t run;
    /* not covered: the producer laps it at this moment */
    return producer_end(&reader->ring, position, reader->told, true, &run) != MAPRING_NOTHING ||
           !ring_intact(&reader->ring, position);
}

static bool polls_news(const mapring_merge *merge)
{
    for (size_t i = 0; i < merge->order.count; i++) {
        const struct lane *lane = merge_lane(merge, i);
        if (lane_is_polled(lane) && lane_is_watched(lane) && has_news(lane))
            return true;
    }
    return false;
}

static int64_t sleep_ns(const mapring_merge *merge, int64_t left_ns)
{
    int64_t nap = merge_nap(merge, NAPS);
    nap = nap < SEARCH_NS ? nap : SEARCH_NS;
    return nap < left_ns ? nap : left_ns;
}

static bool search_is_due(mapring_merge *merge)
{
    int64_t now = platform_now_ns();
    bool due = now >= merge->next_search_ns;
    if (due)
        merge->next_search_ns = now + SEARCH_NS;
    return due;
}

/* What has appeared is joined by the next look, which is made due. */
static bool watch_merge(void *context)
{
    mapring_merge *merge = context;
    int64_t left_ns = merge->until_ns - platform_now_ns();
    if (left_ns <= 0 || polls_news(merge))
        return true;
    if (search_is_due(merge) && merge_has_appeared(merge)) {
        merge->next_search_ns = 0;
        return true;
    }
    /* not covered: it is called off at this moment */
    if (notifier_is_armed(merge->notifier))
        platform_signal_wait(merge->nudge, sleep_ns(merge, left_ns));
    return false;
}

static void rest_merge(void *context)
{
    const mapring_merge *merge = context;
    platform_signal_clear(merge->nudge);
}

static void kick_merge(void *context)
{
    const mapring_merge *merge = context;
    platform_signal_set(merge->nudge);
}

static int start(mapring_merge *merge)
{
    const struct watch watch = {watch_merge, rest_merge, kick_merge, merge, NULL, &merge->ready};
    int result = platform_signal_open(&merge->nudge, NULL);
    if (result != MAPRING_OK)
        return result;
    result = notifier_start(&merge->notifier, &watch);
    if (result != MAPRING_OK)
        platform_signal_close(merge->nudge);
    return result;
}

int mapring_merge_wait_handle(mapring_merge *merge, mapring_handle *handle)
{
    int result = merge_check(merge, handle);
    if (result == MAPRING_OK && !merge->notifier)
        result = start(merge);
    if (result == MAPRING_OK)
        *handle = merge->ready;
    return result;
}

/* When the item that is held back has to be handed out. */
static void arm_until(mapring_merge *merge, int64_t due_ns)
{
    int64_t until = merge_until(merge, due_ns);
    merge->until_ns = until == INT64_MAX ? INT64_MAX : platform_now_ns() + until;
    notifier_arm(merge->notifier);
}

int mapring_merge_arm(mapring_merge *merge)
{
    int64_t due_ns;
    int result = merge_check(merge, merge);
    if (result != MAPRING_OK)
        return result;
    if (!merge->notifier)
        return fail(MAPRING_ERROR_ARGUMENT, NULL,
                    "the merge has no wait handle to arm; call mapring_merge_wait_handle() first");
    notifier_pause(merge->notifier);
    merge_go_on(merge);
    merge_look(merge);
    /* not covered: something comes between the look and the arming */
    if (order_choose(&merge->order, &due_ns) || !merge_arm_lanes(merge))
        return MAPRING_OK;
    arm_until(merge, due_ns);
    return outcome(MAPRING_NOTHING);
}
