/* SPDX-License-Identifier: MIT */
/* The model: what a ring holds, where everybody is, and what mapring.h says that calls answer. */
#ifndef MAPRING_TESTS_CALLS_WORLD_H
#define MAPRING_TESTS_CALLS_WORLD_H

#include "calls.h"

enum { CONSUMERS_MOST = 256, WORD_BYTES = 8, GAP_BYTES = 16, RUN_END_BYTES = 8, DURABLES = 4 };

enum item_kind { DATA, GAP, RUN_END };

/* The items of a ring, from the first one that was ever written. */
struct item {
    enum item_kind kind;
    uint64_t position;
    uint64_t sequence; /* a gap's: of the first record lost; a run end's: of the next record */
    uint64_t bytes;    /* of the payload; a gap's: of all that was dropped */
    uint64_t records;  /* a gap's: how many were dropped */
    uint32_t epoch;    /* a run end's: which run ended */
    bool died;         /* a run end's: how it ended */
};

/* A place is the index of an item; the end is the number of items. A reader's own sequence
 * number differs from that of its item when records before it are lost and the loss has not
 * been reported. */
struct reader {
    bool open;
    size_t at;
    uint64_t sequence;
    uint64_t spared_bytes; /* of records that a gap counts, but which come before `sequence` */
    bool lapsed;         /* the records up to that item are reported as lost before anything else */
    uint32_t told_epoch; /* of the last run whose end it knows */
};

/* What a consumer has counted. */
struct tally {
    size_t at;
    uint64_t sequence, read, bytes, lost;
};

enum consumer_is { GONE, ATTACHED, AWAY, LAPSED, DEAD, BURIED };

struct consumer {
    enum consumer_is is;
    struct reader reader;
    struct tally cursor, released;
    uint64_t first_sequence;
    size_t known; /* releases up to here are known to the producer, and perhaps later ones */
    unsigned held;
    unsigned name; /* 0: ephemeral */
    uint64_t max_lag;
    bool died_behind;
    uint64_t process;                          /* its id */
    bool handled, armed, ready, perhaps_ready; /* its wait handle */
};

enum writer { NOBODY, OPEN, CLOSED, DIED };

/* A producer's wait handle. What it is armed for may be one of two spans. */
struct writer_handle {
    bool handled, armed, perhaps_ready;
    uint64_t least, most;
};

struct world {
    enum mapring_when_full when_full;
    uint64_t slot_bytes, first_position, first_sequence;
    struct item *item;
    size_t items, space;
    uint64_t position, sequence; /* at the end */
    uint64_t payload_bytes;
    uint64_t largest; /* the largest span */
    uint64_t horizon;
    uint64_t dropped, dropped_bytes, told, told_bytes;
    enum writer writer;
    unsigned writer_process; /* index of the process */
    uint32_t epoch;
    uint64_t run_sequence, run_spared_bytes;
    bool note_due; /* the end of the run before must be written before the first record */
    bool note_died;
    bool reserved;
    uint64_t reserved_bytes;
    struct writer_handle writer_handle;
    bool joined;
    bool left_surely, left_perhaps; /* with records unread, since the last drain */
    bool is_used;                   /* some consumer has come */
    /* the sequence number of the furthest release is between them */
    uint64_t far_least, far_most;
    struct consumer consumer[CONSUMERS_MOST];
    size_t consumers;
    struct consumer *of[PROCESSES];
    struct reader observer[PROCESSES];
    enum mapring_from after_lap[PROCESSES];
    uint64_t process_id[PROCESSES];
    char complaint[1024];
};

void world_begin(struct world *world, const struct script *script);
void world_end(struct world *world);

/* Whether the process can make this call at all. If so, turns relative arguments into the absolute
 * ones that the library expects. */
bool world_prepare(struct world *world, struct call *call);

/* Checks what the call answered and what mapring_stat() reports after it. Returns NULL, or what is
 * wrong. */
const char *world_follow(struct world *world, const struct call *call,
                         const struct outcome *outcome, const struct mapring_stat *stat);

/* A process was killed. */
void world_kill(struct world *world, unsigned process);

/* ---- Between the model's parts ---- */

/* Records what is wrong, and returns false. */
__attribute__((format(printf, 2, 3))) bool complain(struct world *world, const char *format, ...);
bool expect_result(struct world *world, const struct outcome *outcome, int result);

static inline int64_t ahead_of(uint64_t a, uint64_t b)
{
    return (int64_t)(a - b);
}

static inline uint64_t span_of(const struct world *world, uint64_t bytes)
{
    return (WORD_BYTES + bytes + world->slot_bytes - 1) & ~(world->slot_bytes - 1);
}

uint64_t position_at(const struct world *world, size_t at);
uint64_t sequence_at(const struct world *world, size_t at);
size_t place_of(const struct world *world, uint64_t position); /* SIZE_MAX: no item begins there */
size_t oldest_place(const struct world *world);                /* of those that are kept */
bool is_kept_at(const struct world *world, size_t at);

/* Whether two places are the same for readers: only ends of runs are between them. */
bool is_same_place(const struct world *world, size_t a, size_t b);

/* Whether there are records at or after the place, apart from notes. */
bool has_unread(const struct world *world, size_t at);

/* writer.c */
bool follow_producer(struct world *world, const struct call *call, const struct outcome *outcome,
                     const struct mapring_stat *stat);
bool producer_is_ready(const struct world *world); /* whether its wait handle must be ready */
void watch_room(struct world *world);              /* after each call */
bool check_horizon(struct world *world, uint64_t horizon);

/* The last run whose end a reader that begins now already knows. */
static inline uint32_t told_epoch_of(const struct world *world, bool waits)
{
    return world->epoch && !(waits && world->writer != OPEN) ? world->epoch - 1 : world->epoch;
}

/* reader.c: what a reader gets next. */
struct handed {
    int result;
    bool or_nothing;     /* a producer's death need not be noticed at once */
    uint32_t told_epoch; /* of the reader before, in that case */
    bool bytes_unknown;  /* those of a loss, which may also be reported as 0 */
    uint64_t sequence, bytes, lost_records, lost_bytes;
};
struct handed reader_next(const struct world *world, struct reader *reader);
bool check_reading(struct world *world, const struct outcome *outcome, const struct handed *last,
                   uint64_t count, uint64_t first, uint64_t hash, uint64_t limit_ms);
bool follow_observer(struct world *world, const struct call *call, const struct outcome *outcome);

/* consumers.c */
bool follow_consumer(struct world *world, const struct call *call, const struct outcome *outcome,
                     const struct mapring_stat *stat);
void consumer_dies(struct world *world, struct consumer *consumer);
void bury(struct world *world, struct consumer *consumer); /* its cell has been freed */
bool is_waited_for(const struct world *world, const struct consumer *consumer);

/* tally.c */
bool check_stat(struct world *world, const struct mapring_stat *stat);

#endif
