/* SPDX-License-Identifier: MIT */
/*
 * The ring's own source as one unit, over a mapping that is a variable. What is replaced: atomic
 * accesses, the system (a futex by a mutex and a flag), the reporting of errors, and the copying of
 * payloads, which model checkers want in whole words. Names and what batches are put together in are
 * small, and there are few cells and marks: checkers look at each.
 */
#include "model_atomic.h"

#define MODEL_FILE 0
#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* src/name.h and src/stage.h */
#define MAPRING_NAME_H
struct ring_name {
    char text[8];
};
#define MAPRING_STAGE_H
enum { STAGE_BYTES = 128, STAGED_RECORD_BYTES = 64 };

#include "../../src/layout.h"
#define CELL_COUNT MODEL_CELLS
#define MARK_COUNT MODEL_MARKS

#ifndef GENMC /* behind the last <assert.h> */
#undef assert
#define assert(condition) ((condition) ? (void)0 : explorer_fail(HERE, #condition))
#endif

/* The inlined functions, under their own number. */
#define MAPRING_CALLED
#define MAPRING_HOT static inline
#include "../../include/mapring/mapring.h"
#undef MAPRING_CALLED
#undef MODEL_FILE
#define MODEL_FILE 14
#include "../../include/mapring/inline.h"

#undef MODEL_FILE
#define MODEL_FILE 1
#include "../../src/ring.h"
#undef MODEL_FILE
#define MODEL_FILE 2
#include "../../src/reader.h"
#undef MODEL_FILE
#define MODEL_FILE 0
#include "../../src/begin.h"
#include "../../src/consumer.h"
#include "../../src/horizon.h"
#include "../../src/kept.h"
#include "../../src/ledger.h"
#include "../../src/left_unread.h"
#include "../../src/note.h"
#include "../../src/producer.h"
#include "../../src/room.h"
#include "../../src/sync.h"
#include "../../src/waker.h"
#include "model_platform.h"

#define MAPRING_COPY_H
#define copy_payload(to, from, bytes) model_copy(to, from, bytes)

#undef MODEL_FILE
#define MODEL_FILE 3
#define advance    walk_advance
#include "../../src/walk.c"
#undef advance
#undef MODEL_FILE
#define MODEL_FILE 18
#include "../../src/kept.c"
#undef MODEL_FILE
#define MODEL_FILE 19
#include "../../src/ledger.c"
#undef MODEL_FILE
#define MODEL_FILE 20
#include "../../src/horizon.c"
#undef MODEL_FILE
#define MODEL_FILE 21
#define untold begin_untold
#include "../../src/begin.c"
#undef untold
#undef MODEL_FILE
#define MODEL_FILE 4
#include "../../src/reader.c"
#undef MODEL_FILE
#define MODEL_FILE 22
#include "../../src/left_unread.c"
#undef MODEL_FILE
#define MODEL_FILE 5
#include "../../src/room.c"
#undef MODEL_FILE
#define MODEL_FILE 6
#include "../../src/drop.c"
#undef MODEL_FILE
#define MODEL_FILE 23
#include "../../src/note.c"
#undef MODEL_FILE
#define MODEL_FILE 7
#include "../../src/producer.c"
#undef MODEL_FILE
#define MODEL_FILE 17
#include "../../src/batch.c"
#undef MODEL_FILE
#define MODEL_FILE 8
#include "../../src/wakeup.c"
#undef MODEL_FILE
#define MODEL_FILE           9
#define calloc(count, bytes) model_handle()
#define free(handle)         ((void)(handle))
#include "../../src/takeover.c"
#undef calloc
#undef free
#undef MODEL_FILE
#define MODEL_FILE 10
#include "../../src/consumer.c"
#undef MODEL_FILE
#define MODEL_FILE 11
#include "../../src/consumer_wait.c"
#undef MODEL_FILE
#define MODEL_FILE 12
#include "../../src/join.c"
#undef MODEL_FILE
#define MODEL_FILE 13
#define take       observer_take
#define too_small  observer_too_small
#include "../../src/observer.c"
#undef take
#undef too_small
#undef MODEL_FILE
#define MODEL_FILE 15
#undef memcpy /* of a name, which nobody looks at */
#define memcpy(to, from, bytes) ((void)0)
#include "../../src/stat.c"
#undef memcpy
#undef MODEL_FILE
#define MODEL_FILE 16
#define is_kept    attend_is_kept
#include "../../src/attend.c"
#undef is_kept
#undef MODEL_FILE
#define MODEL_FILE 0
