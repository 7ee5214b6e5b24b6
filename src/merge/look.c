/* SPDX-License-Identifier: MIT */
/* The looks of a merge at its rings. */
#include "merge/look.h"

#include "merge/find.h"
#include "platform.h"

enum { SEARCH_NS = 100000000 };

/* The clock is read after the look if the item may be younger than the last reading. */
static void saw_item(mapring_merge *merge, struct lane *lane)
{
    struct order_lane *order = &lane->order;
    int64_t now_ns = merge->now_ns;
    if (order->has_times && (int64_t)lane->record.time_ns - order->offset_ns > now_ns)
        now_ns = merge_now(merge);
    order_saw_item(&merge->order, order, lane->record.time_ns, now_ns);
}

static void look_at(mapring_merge *merge, struct lane *lane)
{
    if (lane_look(lane))
        saw_item(merge, lane);
    else
        order_saw_nothing(&lane->order, merge->now_ns);
}

void merge_go_on(mapring_merge *merge)
{
    struct lane *lane = merge->served;
    merge->served = NULL;
    if (!lane || lane->over)
        return;
    if (lane->result == MAPRING_REMOVED) {
        order_leave(&merge->order, &lane->order);
        lane_free(lane);
    } else if (lane->result < 0) {
        lane_close(lane);
    } else {
        look_at(merge, lane);
    }
}

static void search_if_due(mapring_merge *merge)
{
    int64_t now = platform_now_ns();
    if (now < merge->next_search_ns)
        return;
    merge->next_search_ns = now + SEARCH_NS;
    merge_search(merge);
}

void merge_look(mapring_merge *merge)
{
    search_if_due(merge);
    merge->since_look = 0;
    merge->now_ns = merge_now(merge);
    for (size_t i = 0; i < merge->order.count; i++)
        if (lane_is_watched(merge_lane(merge, i)))
            look_at(merge, merge_lane(merge, i));
}
