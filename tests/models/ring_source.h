/* SPDX-License-Identifier: MIT */
/*
 * The ring's own source as one unit, over a mapping that is a variable. Replaced are the atomic
 * accesses, the system (a futex by a mutex and a flag), the reporting of errors, and the copying of
 * payloads, which model checkers need in whole words. Names and the buffer for batches are small,
 * and there are few cells and marks, because checkers look at each of them.
 */
#include "model_atomic.h"

#define MODEL_FILE 0
#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* src/name.h and src/producer/stage.h */
#define MAPRING_NAME_H
enum { PATH_LIMIT = 8 };
struct ring_name {
    char text[PATH_LIMIT];
};
#define MAPRING_STAGE_H
enum { STAGE_BYTES = 128, STAGED_RECORD_MOST = 64 };

#include "../../src/layout.h"
#define CELL_COUNT MODEL_CELLS
#define MARK_COUNT MODEL_MARKS
#define CLOCK_POINT_COUNT MODEL_POINTS

#ifndef GENMC /* must come after the last <assert.h> */
#undef assert
#define assert(condition) ((condition) ? (void)0 : explorer_fail(HERE, #condition))
#endif

/* The inlined functions have a file number of their own. */
#define MAPRING_CALLED
#define MAPRING_HOT static inline
#include "../../include/mapring/mapring.h"
#undef MAPRING_CALLED
#undef MODEL_FILE
#define MODEL_FILE 14
#include "../../include/mapring/inline.h"

#undef MODEL_FILE
#define MODEL_FILE 28
#include "../../src/record.h"
#undef MODEL_FILE
#define MODEL_FILE 1
#include "../../src/ring/ring.h"
#undef MODEL_FILE
#define MODEL_FILE 0
#include "../../src/counter.h"
#include "../../src/ring/clock.h"
#undef MODEL_FILE
#define MODEL_FILE 2
#include "../../src/reader/reader.h"
#undef MODEL_FILE
#define MODEL_FILE 0
#include "../../src/consumer/attend.h"
#include "../../src/consumer/consumer.h"
#include "../../src/consumer/distance.h"
#include "../../src/consumer/eviction.h"
#include "../../src/consumer/join.h"
#include "../../src/consumer/latency.h"
#include "../../src/consumer/next.h"
#include "../../src/consumer/release.h"
#include "../../src/consumer/sleep.h"
#include "../../src/event/notifier.h"
#include "../../src/log/content.h"
#include "../../src/log/level.h"
#include "../../src/producer/blame.h"
#include "../../src/producer/cells.h"
#include "../../src/producer/define.h"
#include "../../src/producer/horizon.h"
#include "../../src/producer/note.h"
#include "../../src/producer/producer.h"
#include "../../src/producer/room.h"
#include "../../src/producer/send.h"
#include "../../src/producer/stamp.h"
#include "../../src/producer/sync.h"
#include "../../src/producer/wake.h"
#include "../../src/reader/begin.h"
#include "../../src/ring/deadline.h"
#include "../../src/ring/cell.h"
#include "../../src/ring/drop_total.h"
#include "../../src/ring/kept.h"
#include "../../src/ring/ledger.h"
#include "../../src/ring/left_unread.h"
#include "../../src/ring/entry.h"
#include "../../src/ring/find_end.h"
#include "../../src/ring/open.h"
#include "../../src/ring/patience.h"
#include "../../src/ring/stat_latency.h"
#include "../../src/ring/stat_waits.h"
#include "../../src/ring/trust.h"
#include "model_platform.h"

#define MAPRING_COPY_H
#define copy_payload(to, from, bytes) model_copy(to, from, bytes)

/* Here, copies past the caches are copies like all others. */
#define MAPRING_STREAM_H
enum { CAN_STREAM = 0 };
enum { STREAM_LINE_BYTES = MAPRING_LINE_BYTES };
#define stream_copy(to, from, bytes) model_copy(to, from, bytes)
#define stream_fence()               ((void)0)

#include "../../src/producer/way.c"

#undef MODEL_FILE
#define MODEL_FILE 3
#define advance    walk_advance
#include "../../src/ring/walk.c"
#undef advance
#undef MODEL_FILE
#define MODEL_FILE 18
#include "../../src/ring/kept.c"
#undef MODEL_FILE
#define MODEL_FILE 29
#include "../../src/ring/clock.c"
#undef MODEL_FILE
#define MODEL_FILE 19
#include "../../src/ring/ledger.c"
#undef MODEL_FILE
#define MODEL_FILE 20
#include "../../src/producer/horizon.c"
#undef MODEL_FILE
#define MODEL_FILE 21
#define untold     begin_untold
#include "../../src/reader/begin.c"
#undef untold
#undef MODEL_FILE
#define MODEL_FILE 4
#include "../../src/reader/reader.c"
#undef MODEL_FILE
#define MODEL_FILE 22
#include "../../src/ring/left_unread.c"
#undef MODEL_FILE
#define MODEL_FILE 31
#include "../../src/ring/cell.c"
#undef MODEL_FILE
#define MODEL_FILE 24
#include "../../src/producer/cells.c"
#undef MODEL_FILE
#define MODEL_FILE 5
#include "../../src/producer/room.c"
#undef MODEL_FILE
#define MODEL_FILE 25
#include "../../src/ring/drop_total.c"
#undef MODEL_FILE
#define MODEL_FILE 30
#include "../../src/producer/stamp.c"
#undef MODEL_FILE
#define MODEL_FILE 6
#include "../../src/producer/drop.c"
#undef MODEL_FILE
#define MODEL_FILE 23
#include "../../src/producer/note.c"
#undef MODEL_FILE
#define MODEL_FILE 26
#include "../../src/producer/producer.c"
#undef MODEL_FILE
#define MODEL_FILE 7
#include "../../src/producer/send.c"
#undef MODEL_FILE
#define MODEL_FILE 17
#include "../../src/producer/batch.c"
#undef MODEL_FILE
#define MODEL_FILE 8
#include "../../src/producer/wake.c"
#undef MODEL_FILE
#define MODEL_FILE           9
#define calloc(count, bytes) model_handle()
#define free(handle)         ((void)(handle))
#include "../../src/producer/takeover.c"
#undef calloc
#undef free
#undef MODEL_FILE
#define MODEL_FILE           36
#define calloc(count, bytes) model_space((count) * (bytes))
#define free(space)          ((void)(space))
#define check                define_check
#define find                 define_find
#define prepare              define_prepare
#include "../../src/producer/define.c"
#undef calloc
#undef free
#undef check
#undef find
#undef prepare
#undef MODEL_FILE
#define MODEL_FILE 27
#include "../../src/consumer/release.c"
#undef MODEL_FILE
#define MODEL_FILE 32
#include "../../src/consumer/eviction.c"
#undef MODEL_FILE
#define MODEL_FILE 10
#include "../../src/consumer/next.c"
#undef MODEL_FILE
#define MODEL_FILE 11
#include "../../src/consumer/sleep.c"
#undef MODEL_FILE
#define MODEL_FILE 12
#include "../../src/consumer/join.c"
#undef MODEL_FILE
#define MODEL_FILE 13
#define take       observer_take
#define too_small  observer_too_small
#include "../../src/reader/observer.c"
#undef take
#undef too_small
#undef MODEL_FILE
#define MODEL_FILE 33
#include "../../src/ring/find_end.c"
#undef MODEL_FILE
#define MODEL_FILE 34
#include "../../src/producer/repeat.c"
#undef MODEL_FILE
#define MODEL_FILE 15
#undef memcpy /* copies a name, which no scenario looks at */
#define memcpy(to, from, bytes) ((void)0)
#include "../../src/ring/stat.c"
#undef MODEL_FILE
#define MODEL_FILE 35
#include "../../src/ring/repetition.c"
#undef memcpy
#undef MODEL_FILE
#define MODEL_FILE 16
#define is_durable attend_is_durable
#include "../../src/consumer/attend.c"
#undef is_durable
#undef MODEL_FILE
#define MODEL_FILE 0
#ifdef LEVEL
#undef MODEL_FILE
#define MODEL_FILE           37
#define calloc(count, bytes) model_level()
#define free(level)          ((void)(level))
#define word_of              level_word
#define begin                level_begin
#define adopt                level_adopt
#define attach               level_attach
#define check_times          level_check_times
#include "../../src/log/level.c"
#undef calloc
#undef free
#undef word_of
#undef begin
#undef adopt
#undef check_times
#undef attach
#undef MODEL_FILE
#define MODEL_FILE 0
#endif
