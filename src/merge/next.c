/* SPDX-License-Identifier: MIT */
/* Handing out what the rings of a merge show. */
#include <inttypes.h>

#include "error.h"
#include "merge/look.h"
#include "merge/sleep.h"
#include "merge/state.h"
#include "ring/deadline.h"

enum { ITEMS_PER_LOOK = 64 }; /* handed out before rings that showed nothing are looked at again */

static int hand_out(mapring_merge *merge, struct lane *lane, struct mapring_record *record,
                    struct mapring_origin *origin)
{
    bool is_record = lane->result == MAPRING_OK;
    origin->ring = lane->name;
    origin->late =
        order_take(&merge->order, &lane->order, is_record, is_record && lane->record.continued);
    *record = lane->record;
    lane->ended = lane->result == MAPRING_PRODUCER_CLOSED || lane->result == MAPRING_PRODUCER_DIED;
    if (lane->error)
        error_restore(lane->error);
    merge->served = lane;
    merge->since_look++;
    return lane->result;
}

static struct lane *choose(mapring_merge *merge, int64_t *due_ns)
{
    struct order_lane *lane = NULL;
    if (merge->since_look < ITEMS_PER_LOOK)
        lane = order_choose(&merge->order, due_ns);
    if (!lane) {
        merge_look(merge);
        lane = order_choose(&merge->order, due_ns);
    }
    return lane ? lane_of(lane) : NULL;
}

static int next_item(mapring_merge *merge, struct mapring_record *record,
                     struct mapring_origin *origin, int64_t timeout_ns)
{
    int64_t due_ns, deadline = 0;
    int result = timeout_ns == 0 ? MAPRING_NOTHING : MAPRING_OK;
    merge_go_on(merge);
    for (unsigned naps = 0;; naps++) {
        struct lane *lane = choose(merge, &due_ns);
        if (lane)
            return hand_out(merge, lane, record, origin);
        if (naps == 0)
            deadline = deadline_after(timeout_ns);
        if (result == MAPRING_OK)
            result = merge_sleep(merge, due_ns, deadline, naps);
        if (result != MAPRING_OK)
            return result;
    }
}

static int check_next(const mapring_merge *merge, const struct mapring_record *record,
                      const struct mapring_origin *origin, int64_t timeout_ns)
{
    int result = merge_check(merge, record && origin ? record : NULL);
    if (result == MAPRING_OK && timeout_ns < MAPRING_FOREVER)
        result = fail(MAPRING_ERROR_ARGUMENT, NULL,
                      "invalid timeout_ns for a merge: %" PRId64
                      "; it must be 0, MAPRING_FOREVER, or a number of nanoseconds",
                      timeout_ns);
    return result;
}

int mapring_merge_next(mapring_merge *merge, struct mapring_record *record,
                       struct mapring_origin *origin, int64_t timeout_ns)
{
    if (origin)
        *origin = (struct mapring_origin){0};
    int result = check_next(merge, record, origin, timeout_ns);
    if (result != MAPRING_OK)
        return result;
    bool armed = notifier_pause(merge->notifier);
    result = next_item(merge, record, origin, timeout_ns);
    if (armed)
        notifier_arm(merge->notifier);
    return outcome(result);
}

/* All or nothing: what was read from several rings may have become one output. */
int mapring_merge_release(mapring_merge *merge)
{
    int result = merge_check(merge, merge);
    for (size_t i = 0; result == MAPRING_OK && i < merge->order.count; i++)
        result = lane_check(merge_lane(merge, i));
    for (size_t i = 0; result == MAPRING_OK && i < merge->order.count; i++)
        lane_release(merge_lane(merge, i));
    return result;
}

bool mapring_merge_is_valid(mapring_merge *merge)
{
    struct mapring_error before = *mapring_last_error();
    int result = merge_check(merge, merge);
    for (size_t i = 0; result == MAPRING_OK && i < merge->order.count; i++)
        result = lane_check(merge_lane(merge, i));
    error_restore(&before);
    return result == MAPRING_OK;
}

int mapring_merge_stat(const mapring_merge *merge, struct mapring_merge_stat *stat)
{
    int result = merge_check(merge, stat);
    if (result != MAPRING_OK)
        return result;
    *stat = (struct mapring_merge_stat){.late_records = merge->order.late};
    for (size_t i = 0; i < merge->order.count; i++) {
        const struct lane *lane = merge_lane(merge, i);
        stat->rings += !lane->over;
        stat->ended += lane_is_watched(lane) && lane->ended;
        stat->left_out += lane->over;
    }
    for (size_t i = 0; i < merge->wanted_count; i++)
        stat->awaited += !merge->wanted[i].found;
    return MAPRING_OK;
}
