/* SPDX-License-Identifier: MIT */
/* The model: what a ring holds, where everybody stands, and what mapring.h says that calls answer. */
#ifndef MAPRING_TESTS_CALLS_WORLD_H
#define MAPRING_TESTS_CALLS_WORLD_H

#include "calls.h"

enum { CONSUMERS_MOST = 256, WORD_BYTES = 8, GAP_BYTES = 16, RUN_END_BYTES = 8, DURABLES = 4 };

enum item_kind { DATA, GAP, RUN_END };

/* What lies in the ring, one behind the other, from the first on. */
struct item {
    enum item_kind kind;
    uint64_t position;
    uint64_t sequence; /* a gap's: of the first one lost; a run end's: of the next record */
    uint64_t bytes;    /* of payload; a gap's: in what was dropped */
    uint64_t records;  /* dropped */
    uint32_t epoch;    /* of the run that ended, */
    bool died;         /* and how */
};

/* A place is the number of the item there; the end is the count of items. A reader's own sequence
 * number is another one than the item's when records before that are lost and it was not told
 * yet. */
struct reader {
    bool open;
    size_t at;
    uint64_t sequence;
    uint64_t spared_bytes; /* in a gap's records before `sequence` */
    bool lapsed;           /* those between are told before anything else */
    uint32_t told_epoch;   /* of the last run whose end it knows */
};

/* What it counted. */
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
    size_t known; /* its release up to here is known to the producer, and perhaps a later one */
    unsigned held;
    unsigned name; /* 0: ephemeral */
    uint64_t max_lag;
    bool died_behind;
    uint64_t process;                          /* its id */
    bool handled, armed, ready, perhaps_ready; /* its wait handle */
};

enum writer { NOBODY, OPEN, CLOSED, DIED };

/* A producer's wait handle; what it is armed for may be one of two spans. */
struct writer_handle {
    bool handled, armed, perhaps_ready;
    uint64_t least, most;
};

struct world {
    enum mapring_when_full when_full;
    uint64_t slot_bytes, first_position, first_sequence;
    struct item *item;
    size_t items, space;
    uint64_t position, sequence; /* of the end */
    uint64_t payload_bytes;
    uint64_t largest; /* span */
    uint64_t horizon;
    uint64_t dropped, dropped_bytes, told, told_bytes;
    enum writer writer;
    unsigned writer_process; /* which of ours */
    uint32_t epoch;
    uint64_t run_sequence, run_spared_bytes;
    bool note_due; /* of the run before: comes before the first record */
    bool note_died;
    bool reserved;
    uint64_t reserved_bytes;
    struct writer_handle writer_handle;
    bool joined;
    bool left_surely, left_perhaps; /* with records unread, since the last drain */
    bool is_used;                   /* some consumer has come */
    uint64_t far_least, far_most;   /* sequence numbers: the furthest release is between them */
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

/* Whether the process can make the call at all; then with arguments as the library wants them: what was
 * relative is absolute. */
bool world_prepare(struct world *world, struct call *call);

/* What the call has answered, and what mapring_stat() says behind it. NULL, or what is wrong. */
const char *world_follow(struct world *world, const struct call *call,
                         const struct outcome *outcome, const struct mapring_stat *stat);

/* A process is gone. */
void world_kill(struct world *world, unsigned process);

/* ---- Between the model's parts ---- */

/* Notes what is wrong; false. */
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
size_t oldest_place(const struct world *world);                /* that is kept */
bool is_kept_at(const struct world *world, size_t at);

/* Whether a place is the same for readers: nothing but the ends of runs lies between. */
bool is_same_place(const struct world *world, size_t a, size_t b);

/* Whether records lie behind it, other than notes. */
bool has_unread(const struct world *world, size_t at);

/* writer.c */
bool follow_producer(struct world *world, const struct call *call, const struct outcome *outcome,
                     const struct mapring_stat *stat);
bool producer_is_ready(const struct world *world); /* its wait handle, surely */
void watch_room(struct world *world);              /* behind each call */
bool check_horizon(struct world *world, uint64_t horizon);

/* Whose end a reader that begins now knows already. */
static inline uint32_t told_epoch_of(const struct world *world, bool waits)
{
    return world->epoch && !(waits && world->writer != OPEN) ? world->epoch - 1 : world->epoch;
}

/* reader.c: what a reader is handed out next, *result; true if that is all it may be. */
struct handed {
    int result;
    bool or_nothing;    /* a dead producer need not be noticed at once */
    bool bytes_unknown; /* of what is lost: 0 will do */
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
void bury(struct world *world, struct consumer *consumer); /* its cell is freed */
bool is_waited_for(const struct world *world, const struct consumer *consumer);

/* tally.c */
bool check_stat(struct world *world, const struct mapring_stat *stat);

#endif
