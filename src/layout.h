/* SPDX-License-Identifier: MIT */
/*
 * The shared layout, version 1. No other file knows an offset. docs/layout.md specifies the same
 * in prose.
 *
 *     0        region 0: struct ring_header    written by the producer
 *     64 KiB   region 1: struct ring_cells     written by the consumers
 *     128 KiB  region 2: the slots             written by the producer
 *     behind   region 3: the dictionary        written by the producer
 *
 * All words have the byte order of the machine; a byte-swapped magic number reveals the other one.
 * Positions count bytes of region 2. They only grow, and wrap at 2^64: compare two positions by
 * their difference.
 *
 * A record takes whole slots: one commit word, in a ring with times the counter of a clock, then the
 * payload. The commit word is 0 while there is no record, and otherwise
 *
 *     bits 0..31   the low half of the record's sequence number
 *     bits 32..61  the payload's length in bytes
 *     bits 62..63  the kind, never 0: data, data that the next record continues, or a note (that
 *                  records were dropped, or that a run ended)
 *
 * Invariant: before a record becomes visible, the commit word after it is 0.
 *
 * A consumer's loop:
 *
 *     word = load_acquire(slots + position % capacity)
 *     if word == 0: nothing is there yet
 *     use the payload: as many bytes after the word as its length says
 *     position += (8 + length) rounded up to slots; 16 + length in a ring with times
 *     now and then: cell.head = position
 *
 * Ordering edges. Both ends of each edge carry its label in the code. A label with a number is a
 * step of the model in tests/models/wakeup.pml.
 *
 *     C  publish_word(), mapring_producer_commit() and mapring1_log_show(): commit word, release
 *        record_look(), mapring_consumer_next() and take_more(): the same, acquire
 *        otherwise a consumer could read the previous lap's bytes
 *     F  consumer_publish()      cell.head, exchange   -> gate_of_cells(), sequentially consistent
 *        otherwise the producer could overwrite what is still being read
 *     J  consumer_claim()        cell.state, exchange, then horizon
 *        producer_extend()       horizon, exchange, then cell.state
 *        otherwise the producer and a joining consumer could miss each other
 *     K  kept_write()            kept, release, and then
 *        producer_extend()       horizon -> kept_read(), after that horizon was found too far ahead
 *        otherwise a reader could find only places that are already overwritten
 *     H  producer_extend()       horizon, then a release fence -> ring_intact(), acquire
 *        otherwise an observer could see a newer payload beside an older horizon
 *     M  mark_write()            position void, sequence release, position release
 *        mark_read()             position, sequence, position again, acquire
 *        otherwise a reader could pair the position of one mark with the sequence of another
 *     P  clock_write()           clock_points_made, release, and then the commit word of the record
 *        clock_view_time()       the same, acquire, after that commit word
 *        otherwise a reader could convert a counter by the point before, which is of another clock
 *     W  publish_word()          commit word, and
 *        publish_tail()          tail, then
 *        advance()               wait_set
 *        mapring_producer_commit() and mapring1_log_show(): all three, as inlined
 *        mapring_producer_close() producer_run, then wait_set
 *        announce()             the same
 *        consumer_request_wake() wait_set, then
 *        consumer_sleep()        commit word or tail, and producer_run; between them membarrier()
 *                                by the consumer, for a producer registered for it, or a short
 *                                sleep, in which what the producer stored before becomes visible
 *        wake_due(), cells_wake() wakes, after that, and
 *        consumer_sleep()        wakes, before that
 *        consumer_request_wake() wake_position, exchange, before that, and
 *        wanted_by()             wake_position, after an exchange behind that
 *        otherwise a record could arrive unnoticed just as its reader falls asleep
 *     S  producer_sleep()        producer_waits, then cell.head
 *        consumer_publish()      cell.head, or
 *        consumer_tell_joined()  joined, then
 *        consumer_wake_producer() producer_waits
 *        otherwise room could appear unnoticed just as the producer falls asleep
 *     D  append()                dictionary_used, release -> look(), a read call before others
 *        otherwise a reader could see that an entry is there before its bytes are
 *     E  mapring_producer_close() producer_run, exchange -> producer_end(), acquire
 *        otherwise a consumer could see the end of the run before the last record
 *     V  evict()                 cell.state, exchange -> gate_of_cells(), sequentially consistent,
 *        producer_extend()       then a release fence -> mapring_consumer_release() and
 *        is_evicted()            the payload, then an acquire fence, then cell.state
 *        otherwise a consumer that was let go could take an overwritten record for a good one
 *     G  evict()                 cell.state, then wait_set
 *        consumer_request_wake() wait_set, then
 *        consumer_sleep()        cell.state
 *        otherwise a consumer could be let go unnoticed just as it falls asleep
 */
#ifndef MAPRING_LAYOUT_H
#define MAPRING_LAYOUT_H

#include <assert.h>
#include <stdalign.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "atomic.h"

#define RING_MAGIC UINT64_C(0x31474e495250414d) /* "MAPRING1" in a little-endian file */

enum {
    LAYOUT_VERSION = 1,
    REGION_BYTES = 65536, /* Windows maps files at multiples of this */
    CELL_COUNT = 32,
    MARK_COUNT = 64, /* enough for four laps, with a mark about every sixteenth of the ring */
    MARKS_PER_LAP = 16,
    COMMIT_WORD_BYTES = 8,
    CELL_NAME_BYTES = 64,
    CONTENT_BYTES = 48,
    ORIGIN_BYTES = 64,
    CLOCK_POINT_COUNT = 128,
    LATENCY_BUCKET_COUNT = 240,
};

#define CAPACITY_MIN   UINT64_C(65536)
#define CAPACITY_MAX   (UINT64_C(1) << 46)
#define SLOT_BYTES_MIN 8u
#define SLOT_BYTES_MAX 256u
#define PAYLOAD_MAX    ((UINT64_C(1) << 30) - 1)
#define DICTIONARY_MAX (UINT64_C(1) << 30)

enum ring_state { RING_BLANK = 0, RING_BEING_CREATED = 1, RING_READY = 2 };
enum when_full { WHEN_FULL_BLOCK = 1, WHEN_FULL_DROP = 2, WHEN_FULL_OVERWRITE = 3 };
enum writer_state {
    WRITER_NEVER = 0,
    WRITER_OPEN = 1,
    WRITER_CLOSED = 2,
    WRITER_DIED = 3 /* as found by its successor, which has not opened its own run yet */
};
enum cell_state {
    CELL_FREE = 0,
    CELL_ACTIVE = 1, /* gates the producer */
    CELL_LAPSED = 2, /* a durable consumer that was away for too long: no longer gates */
    CELL_EVICTED = 3 /* let go while it was attached: no longer gates */
};
enum evict_reason {
    EVICT_ASKED = 0, /* somebody asked for it */
    EVICT_LAG = 1    /* it was further behind than max_lag_attached, and the ring was full */
};
enum cell_flag { CELL_DURABLE = 1 }; /* the cell stays when its consumer leaves */
enum operating_system { SYSTEM_NONE = 0, SYSTEM_LINUX = 1, SYSTEM_WINDOWS = 2 };
enum record_kind {
    RECORD_NONE = 0,
    RECORD_DATA = 1, /* all kinds that carry data are odd */
    RECORD_GAP = 2,  /* a note: by the size of its payload, a struct ring_loss (the sequence number
                        is that of the first record lost) or a struct ring_run_end (it is that of
                        the next record) */
    RECORD_CONTINUED = 3 /* data that the next record continues */
};
enum required_feature {
    FEATURE_TIMES = 1, /* the commit word is followed by the time: struct ring_clock_point */
    FEATURE_ORIGIN = 2 /* the ring repeats another one: struct ring_origin */
};
enum read_only_feature {
    FEATURE_COMPANION = 1 /* region 1 and the role locks are in a second file, for those who may
                             write */
};
enum writer_flag { WRITER_MEMBARRIER = 1 }; /* publishes with plain stores: see edge W */

/* The properties of a ring. Written once by its creator, before `state` becomes RING_READY. */
struct ring_identity {
    uint64_t magic;
    uint32_t layout_version;
    uint32_t header_bytes; /* sizeof(struct ring_header) */
    uint32_t cells_bytes;  /* sizeof(struct ring_cells) */
    uint32_t cell_bytes;   /* sizeof(struct ring_cell) */
    uint32_t cell_count;
    uint32_t mark_count;
    uint32_t features_compatible; /* unknown bits can be ignored */
    uint32_t features_read_only;  /* with unknown bits, the ring may be read but not written to */
    uint32_t features_required;   /* with unknown bits, the ring must not be used */
    uint32_t slot_bytes;
    uint64_t capacity_bytes;
    uint64_t first_position; /* where the first record begins */
    uint64_t created_ns;     /* nanoseconds since 1970 */
    uint32_t when_full;      /* enum when_full */
    uint32_t reserved0;
    uint64_t dictionary_bytes;   /* size of region 3, a multiple of 64 KiB; 0: there is none */
    char content[CONTENT_BYTES]; /* what the payloads are, terminated by zeros; empty: any bytes */
    uint64_t max_lag_attached; /* a full ring lets an attached consumer go that is more bytes behind
                                  tail; 0: none */
    uint32_t reserved[2];
};
static_assert(offsetof(struct ring_identity, dictionary_bytes) == 80, "layout");
static_assert(offsetof(struct ring_identity, content) == 88, "layout");
static_assert(offsetof(struct ring_identity, max_lag_attached) == 136, "layout");
static_assert(sizeof(struct ring_identity) == 152, "layout");

/* Which ring another one repeats. Written once by its creator, as the identity. */
struct ring_origin {
    char text[ORIGIN_BYTES]; /* terminated by zeros; empty: the ring repeats none */
    uint64_t first_sequence; /* of the first record */
};
static_assert(sizeof(struct ring_origin) == 72, "layout");

/* What was dropped: in a gap record, at that place; in the header, in total. */
struct ring_loss {
    uint64_t records;
    uint64_t payload_bytes;
};
static_assert(sizeof(struct ring_loss) == 16, "layout");

/* In a ring with times, what follows the loss in a gap record: when the first and the last record
 * was dropped, as counters like the one in the header of a record. */
struct ring_loss_times {
    uint64_t first;
    uint64_t last;
};
static_assert(sizeof(struct ring_loss_times) == 16, "layout");

/* The payload of a run end, which the next producer writes: producer_run as the earlier producer
 * left it, with WRITER_DIED if it died. In a ring with an origin, the same of the origin. */
struct ring_run_end {
    uint64_t run;
};
static_assert(sizeof(struct ring_run_end) == 8, "layout");

/* Where a record begins, and what came before it. Readers start at marks. */
struct ring_mark {
    shared_u64 position;
    shared_u64 sequence;        /* including dropped records */
    shared_u64 payload_bytes;   /* in the records before it */
    shared_u64 dropped_records; /* counted in the gap records before it */
    shared_u64 dropped_payload_bytes;
    uint64_t reserved[3];
};
static_assert(sizeof(struct ring_mark) == 64, "layout");

/* A total of what was dropped. There are two: the one not in use is written, then drops_made. */
struct ring_dropped {
    shared_u64 records;
    shared_u64 payload_bytes;
};
static_assert(sizeof(struct ring_dropped) == 16, "layout");

/* Where a record begins, and its sequence number. There are two: the one not in use is written,
 * then their count. */
struct ring_point {
    shared_u64 position;
    shared_u64 sequence;
};
static_assert(sizeof(struct ring_point) == 16, "layout");

/* How to convert the counters in the headers of records, from the one with that sequence number up
 * to the next point, into times: ns + (counter - this counter) * rate / 2^32. Points do not change,
 * so that every reader computes the same time, and no point begins before the time at which the
 * one before it ends. */
struct ring_clock_point {
    shared_u64 sequence; /* of the next record when the point was made */
    shared_u64 counter;
    shared_u64 ns;             /* since 1970 */
    shared_u64 rate;           /* nanoseconds per 2^32 counts */
    shared_u64 uncertainty_ns; /* how far ns may be from the system's clock */
    shared_u32 clock;          /* enum record_clock */
    uint32_t reserved;
};
enum record_clock {
    CLOCK_TSC = 1,
    CLOCK_CNTVCT = 2,
    CLOCK_STEADY = 3,
    CLOCK_TIME = 4 /* counters are times, as the origin of the ring has them */
};
#define CLOCK_TIME_RATE (UINT64_C(1) << 32)
static_assert(sizeof(struct ring_clock_point) == 48, "layout");

/* How often and how long the producer has waited for room because of the consumer in a cell. */
struct ring_blame {
    shared_u64 waits;
    shared_u64 wait_ns;
    shared_u64 longest_ns;
    uint64_t reserved;
};
static_assert(sizeof(struct ring_blame) == 32, "layout");

/* Region 0. Only the creator, and later the producer, writes here. */
struct ring_header {
    struct ring_identity identity;
    shared_u32 state; /* enum ring_state */
    uint32_t reserved0;
    struct ring_origin origin;
    uint64_t reserved2[3];

    alignas(128) shared_u32 producer_run; /* see run_word() */
    shared_u32 producer_flags;            /* enum writer_flag */
    shared_u32 producer_system;           /* enum operating_system */
    uint32_t reserved1;
    shared_u64 producer_process;
    shared_u64 producer_started; /* when the process started, in the system's own unit */
    shared_u64 run_sequence;     /* of the first record of its run, or of that of the origin */
    /* In a ring with an origin: */
    shared_u32 origin_run; /* the payload of the last run end; 0: there has been none */
    uint32_t reserved3;
    shared_u64 origin_run_position; /* where that run end ends; stored before its run */

    alignas(128) shared_u32 producer_waits; /* 1: sleeps until there is room, or is about to */
    shared_u32 waits_for;                   /* 1 + the cell it waits for; 1 + CELL_COUNT: for the
                                               first consumer; 0: it does not wait, or not yet
                                               for long */
    shared_u64 waits_since_ns;              /* for that one; since 1970 */

    alignas(128) shared_u64 tail; /* end of the last committed record, or somewhat before */

    alignas(128) shared_u64 horizon; /* the producer writes nothing at or after this position */
    shared_u64 marks_made;           /* the newest is marks[(marks_made - 1) % MARK_COUNT] */
    shared_u64 drops_made;           /* the total is dropped[drops_made % 2] */
    struct ring_dropped dropped[2];
    shared_u64 kept_made; /* the oldest record is at kept[kept_made % 2]; 0: at the first mark */
    struct ring_point kept[2]; /* at most one capacity behind the horizon */

    alignas(128) struct ring_mark marks[MARK_COUNT];

    alignas(128) shared_u64 dictionary_used; /* bytes of whole entries in region 3 */

    alignas(128) shared_u64 clock_points_made; /* the newest is
                                    clock_points[(clock_points_made - 1) % CLOCK_POINT_COUNT] */
    alignas(128) struct ring_clock_point clock_points[CLOCK_POINT_COUNT];

    alignas(128) struct ring_blame blame[CELL_COUNT + 1]; /* the last: for the first consumer */
};
static_assert(offsetof(struct ring_header, state) == 152, "layout");
static_assert(offsetof(struct ring_header, origin) == 160, "layout");
static_assert(offsetof(struct ring_header, producer_run) == 256, "layout");
static_assert(offsetof(struct ring_header, producer_flags) == 260, "layout");
static_assert(offsetof(struct ring_header, producer_system) == 264, "layout");
static_assert(offsetof(struct ring_header, producer_process) == 272, "layout");
static_assert(offsetof(struct ring_header, producer_started) == 280, "layout");
static_assert(offsetof(struct ring_header, run_sequence) == 288, "layout");
static_assert(offsetof(struct ring_header, origin_run) == 296, "layout");
static_assert(offsetof(struct ring_header, origin_run_position) == 304, "layout");
static_assert(offsetof(struct ring_header, producer_waits) == 384, "layout");
static_assert(offsetof(struct ring_header, waits_for) == 388, "layout");
static_assert(offsetof(struct ring_header, waits_since_ns) == 392, "layout");
static_assert(offsetof(struct ring_header, tail) == 512, "layout");
static_assert(offsetof(struct ring_header, horizon) == 640, "layout");
static_assert(offsetof(struct ring_header, marks_made) == 648, "layout");
static_assert(offsetof(struct ring_header, drops_made) == 656, "layout");
static_assert(offsetof(struct ring_header, dropped) == 664, "layout");
static_assert(offsetof(struct ring_header, kept_made) == 696, "layout");
static_assert(offsetof(struct ring_header, kept) == 704, "layout");
static_assert(offsetof(struct ring_header, marks) == 768, "layout");
static_assert(offsetof(struct ring_header, dictionary_used) == 4864, "layout");
static_assert(offsetof(struct ring_header, clock_points_made) == 4992, "layout");
static_assert(offsetof(struct ring_header, clock_points) == 5120, "layout");
static_assert(offsetof(struct ring_header, blame) == 11264, "layout");
static_assert(sizeof(struct ring_header) == 12416, "layout");
static_assert(sizeof(struct ring_header) <= REGION_BYTES, "layout");

/* How far a consumer has got, and what it has counted: sequence - first_sequence = read_records +
 * lost_records. */
struct ring_ledger {
    shared_u64 position; /* everything before it is released */
    shared_u64 sequence; /* of the next record */
    /* Of the record at the position. If more than `sequence`, the records between the two are lost,
     * and not reported yet; if less, they were dropped before the consumer attached. */
    shared_u64 next_sequence;
    shared_u64 first_sequence; /* where it began to read */
    shared_u64 read_records;
    shared_u64 read_payload_bytes;
    shared_u64 lost_records;
};
static_assert(sizeof(struct ring_ledger) == 56, "layout");

/* One consumer. Written by the consumer that owns the cell; the producer frees the cell of a dead
 * one. */
struct ring_cell {
    shared_u64 head;         /* gates the producer; at most a step behind the ledger's position */
    shared_u64 ledgers_made; /* the ledger is ledger[ledgers_made % 2], the other one is written */
    struct ring_ledger ledger[2];

    alignas(128) shared_u32 state; /* see cell_word() */
    shared_u32 flags;              /* enum cell_flag */
    shared_u32 system;             /* enum operating_system */
    uint32_t reserved;
    shared_u64 process;
    shared_u64 started;
    shared_u64 max_lag;       /* bytes behind tail at which it lapses while it is away; 0: never */
    shared_u64 wake_position; /* while it sleeps: not worth waking before tail is beyond */
    char name[CELL_NAME_BYTES];
    shared_u64 carries_made;    /* the carry is carry[carries_made % 2], the other one is written */
    struct ring_point carry[2]; /* the furthest that consumers of this cell had got before */
    shared_u64 eviction;        /* by whom and why it was let go, or nearly: see eviction_word() */
    uint64_t reserved1[12];
};
static_assert(offsetof(struct ring_cell, head) == 0, "layout");
static_assert(offsetof(struct ring_cell, ledgers_made) == 8, "layout");
static_assert(offsetof(struct ring_cell, ledger) == 16, "layout");
static_assert(offsetof(struct ring_cell, state) == 128, "layout");
static_assert(offsetof(struct ring_cell, flags) == 132, "layout");
static_assert(offsetof(struct ring_cell, system) == 136, "layout");
static_assert(offsetof(struct ring_cell, process) == 144, "layout");
static_assert(offsetof(struct ring_cell, started) == 152, "layout");
static_assert(offsetof(struct ring_cell, max_lag) == 160, "layout");
static_assert(offsetof(struct ring_cell, wake_position) == 168, "layout");
static_assert(offsetof(struct ring_cell, name) == 176, "layout");
static_assert(offsetof(struct ring_cell, carries_made) == 240, "layout");
static_assert(offsetof(struct ring_cell, carry) == 248, "layout");
static_assert(offsetof(struct ring_cell, eviction) == 280, "layout");
static_assert(sizeof(struct ring_cell) == 384, "layout");

/* A consumer's histogram of the time from the commit of a record until it is read, in a ring with
 * times. Bucket b begins at 2^(4 + b / 8) * (1 + b % 8 / 8) nanoseconds; the first one also counts
 * what is shorter, the last one what is longer. */
struct ring_latency {
    shared_u64 samples;
    shared_u64 longest_ns;
    uint64_t reserved[6];
    shared_u32 bucket[LATENCY_BUCKET_COUNT];
};
static_assert(offsetof(struct ring_latency, bucket) == 64, "layout");
static_assert(sizeof(struct ring_latency) == 1024, "layout");

/* Region 1. */
struct ring_cells {
    shared_u32 wait_set; /* bit i: the consumer in cell i is to be woken: it sleeps, or soon will */
    shared_u32 wakes;    /* counts the wake-ups of consumers, which sleep on it */

    alignas(128) shared_u32 room_wakes; /* counts the wake-ups of a producer that waits for room */
    shared_u32 joined;                  /* 1 once the first consumer has attached */
    shared_u32 left_unread; /* counts the consumers that left, or were given up, with records
                               unread */
    shared_u32 removed;     /* 1 once the ring's name has been removed */
    shared_u32 evicted;     /* counts the consumers that were let go while they were attached */
    shared_u32 log_level;   /* of a log: twice its level, plus 1 if it was set from outside */

    alignas(128) struct ring_cell cell[CELL_COUNT];

    alignas(128) struct ring_latency latency[CELL_COUNT];
};
static_assert(offsetof(struct ring_cells, wait_set) == 0, "layout");
static_assert(offsetof(struct ring_cells, room_wakes) == 128, "layout");
static_assert(offsetof(struct ring_cells, joined) == 132, "layout");
static_assert(offsetof(struct ring_cells, left_unread) == 136, "layout");
static_assert(offsetof(struct ring_cells, removed) == 140, "layout");
static_assert(offsetof(struct ring_cells, evicted) == 144, "layout");
static_assert(offsetof(struct ring_cells, log_level) == 148, "layout");
static_assert(offsetof(struct ring_cells, cell) == 256, "layout");
static_assert(offsetof(struct ring_cells, latency) == 12544, "layout");
static_assert(sizeof(struct ring_cells) == 12544 + 1024 * CELL_COUNT, "layout");
static_assert(sizeof(struct ring_cells) <= REGION_BYTES, "layout");

/* An entry of the dictionary, padded to 8 bytes. The dictionary is only appended to; what lies
 * beyond dictionary_used is nobody's. */
struct ring_entry {
    uint32_t bytes; /* of the payload, which follows */
    uint32_t kind;  /* what it describes; 0 is not used */
    uint32_t crc;   /* CRC-32C of the payload, continued from the kind */
    uint32_t reserved;
};
static_assert(sizeof(struct ring_entry) == 16, "layout");

/* The last bytes of a companion, which is a file with a region 1: they identify the ring that it
 * belongs to. */
#define COMPANION_MAGIC UINT64_C(0x2b474e495250414d) /* "MAPRING+" in a little-endian file */
struct ring_bond {
    uint64_t magic;
    uint64_t created_ns; /* as in the ring's identity */
};
#define BOND_OFFSET (REGION_BYTES - sizeof(struct ring_bond))
static_assert(sizeof(struct ring_bond) == 16, "layout");
static_assert(sizeof(struct ring_cells) <= BOND_OFFSET, "layout");

/* A role belongs to a process and ends with it. In a file, it is a lock on one byte far beyond the
 * end, at ROLE_OFFSET + role, the same on every system. If the ring has a companion, it is the
 * companion's byte that is locked, except by the creator until the ring is ready; the producer
 * locks the byte in both files. */
enum ring_role { ROLE_CREATOR = 0, ROLE_PRODUCER = 1, ROLE_CONSUMER = 2 /* + cell */ };
#define ROLE_OFFSET (INT64_C(1) << 62)

static inline uint64_t ring_file_bytes(uint64_t capacity, uint64_t dictionary)
{
    return 2 * (uint64_t)REGION_BYTES + capacity + dictionary;
}

/* The epoch of the current or last producer, counted from 1, and its state. They share one word so
 * that nobody takes the end of one run for that of another. */
static inline uint32_t run_word(uint32_t epoch, enum writer_state state)
{
    return epoch << 2 | (uint32_t)state;
}

static inline enum writer_state run_state(uint32_t run)
{
    return (enum writer_state)(run & 3);
}

static inline uint32_t run_epoch(uint32_t run)
{
    return run >> 2;
}

/* The state of a cell, and the number of its consumer, of 30 bits, which wraps. They share one word
 * so that nobody lets a consumer go in place of the one before it. */
static inline uint32_t cell_word(uint32_t number, enum cell_state state)
{
    return number << 2 | (uint32_t)state;
}

static inline enum cell_state cell_state(uint32_t word)
{
    return (enum cell_state)(word & 3);
}

static inline uint32_t cell_number(uint32_t word)
{
    return word >> 2;
}

static inline uint64_t eviction_word(uint64_t process, enum evict_reason reason)
{
    return (uint64_t)reason << 32 | (uint32_t)process;
}

/* Epochs have 30 bits and wrap. */
static inline bool run_is_later(uint32_t epoch, uint32_t than)
{
    return (int32_t)((epoch - than) << 2) > 0;
}

#endif
