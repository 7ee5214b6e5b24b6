/* SPDX-License-Identifier: MIT */
/* The private state of a merge. */
#include "merge/state.h"

#include "error.h"
#include "platform.h"

int64_t merge_now(const mapring_merge *merge)
{
    return platform_now_ns() + merge->clock_ns;
}

bool merge_is_forked(const mapring_merge *merge)
{
    for (size_t i = 0; i < merge->order.count; i++)
        if (!merge_lane(merge, i)->over)
            return lane_reader(merge_lane(merge, i))->hot.ring.broken == MAPRING_ERROR_FORKED;
    return merge->process != platform_process();
}

int merge_check(const mapring_merge *merge, const void *out)
{
    if (!merge || !out)
        return fail(MAPRING_ERROR_ARGUMENT, NULL, "%s is a null pointer",
                    merge ? "an argument that receives a result" : "the merge");
    if (merge_is_forked(merge))
        return fail(
            MAPRING_ERROR_FORKED, NULL,
            "the merge belongs to the process that this one was forked from; open another one");
    return MAPRING_OK;
}
