/* SPDX-License-Identifier: MIT */
/* mapring, records sent by copy and read in place, as in a program whose data is elsewhere. */
#include "references.h"
#include "ring_ops.h"

static const struct lane_ops send_ops = {ring_buffer, ring_send, ring_nothing_held, ring_next,
                                         ring_release};
BENCH_LOOPS(send, send_ops)

const struct transport transport_mapring_send = {.name = "mapring-send",
                                                 .title = "mapring, sent by copy",
                                                 .is_own = true,
                                                 .open_writer = ring_lane_write,
                                                 .open_reader = ring_lane_read,
                                                 .close_writer = ring_lane_close,
                                                 .close_reader = ring_lane_close,
                                                 .remove = ring_lane_remove,
                                                 .loops = send_loops};
