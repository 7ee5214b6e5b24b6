/* SPDX-License-Identifier: MIT */
/* mapring, in place, in a ring with times: what it costs that each record says when it was sent. The
 * cost of reading the clock is what the benchmark subtracts from every time that it measures. */
#include "references.h"
#include "ring_ops.h"

static const struct lane_ops times_ops = {ring_reserve, ring_commit, ring_nothing_held, ring_next,
                                          ring_release};
BENCH_LOOPS(times, times_ops)

const struct transport transport_mapring_times = {.name = "mapring-times",
                                                  .title = "mapring, with times",
                                                  .is_own = true,
                                                  .open_writer = ring_lane_write_times,
                                                  .open_reader = ring_lane_read,
                                                  .close_writer = ring_lane_close,
                                                  .close_reader = ring_lane_close,
                                                  .remove = ring_lane_remove,
                                                  .loops = times_loops};
