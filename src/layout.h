/* SPDX-License-Identifier: MIT */
/*
 * The shared layout, version 1: the only file that knows an offset. docs/layout.md tells the same
 * in prose.
 *
 *     0        region 0: struct ring_header    written by the producer
 *     64 KiB   region 1: struct ring_cells     written by the consumers
 *     128 KiB  region 2: the slots             written by the producer
 *
 * All words have the byte order of the machine; the magic number tells a foreign one. Positions
 * count bytes of region 2, only grow, and wrap at 2^64: compare them by their difference.
 *
 * A record takes whole slots: one commit word, then the payload. The commit word is 0 while there
 * is no record, and otherwise
 *
 *     bits 0..31   the record's sequence number, low half
 *     bits 32..61  the payload's length in bytes
 *     bits 62..63  the kind, never 0: data, data that the next record goes on with, or a note: of
 *                  records that were dropped, or of the end of a run
 *
 * Invariant: whatever is visible at a position, the commit word behind it was 0 before.
 *
 * A consumer's loop:
 *
 *     word = load_acquire(slots + position % capacity)
 *     if word == 0: nothing is there
 *     the payload is the word's length of bytes behind it; use it
 *     position += (8 + length) rounded up to slots
 *     now and then: cell.head = position
 *
 * Ordering edges. Both ends carry the label; with a number, it is a step of the model in
 * tests/models/wakeup.pml.
 *
 *     C  publish_word() and mapring_producer_commit(): commit word, release
 *        record_look(), mapring_consumer_next() and take_more(): the same, acquire
 *        otherwise a consumer could read the previous lap's bytes
 *     F  consumer_publish()      cell.head, exchange   -> gate_of_cells(), sequentially consistent
 *        otherwise the producer could overwrite what is still being read
 *     J  consumer_claim()        cell.state, exchange, then horizon
 *        producer_extend()       horizon, exchange, then cell.state
 *        otherwise producer and joining consumer could both miss each other
 *     K  kept_write()            kept, release, and then
 *        producer_extend()       horizon -> kept_read(), by who has found that horizon too far
 *        otherwise a reader could find only places that are overwritten already
 *     H  producer_extend()       horizon, then a release fence -> ring_intact(), acquire
 *        otherwise an observer could see a newer payload beside an older horizon
 *     M  mark_write()            position void, sequence release, position release
 *        mark_read()             position, sequence, position again, acquire
 *        otherwise a reader could pair the position of one mark with the sequence of another
 *     W  publish_word()          commit word, and
 *        publish_tail()          tail, then
 *        advance()               wait_set
 *        mapring_producer_commit() all three, as inlined
 *        mapring_producer_close() producer_run, then wait_set
 *        announce()             the same
 *        consumer_call()         wait_set, then
 *        consumer_sleep()        commit word or tail, and producer_run; a full barrier between
 *                                on both sides, or membarrier() by the consumer for a producer
 *                                registered for it
 *        otherwise a record could arrive just when its reader falls asleep
 *     S  producer_sleep()        producer_waits, then cell.head
 *        consumer_publish()      cell.head, or
 *        consumer_tell_joined()  joined, then
 *        consumer_wake_producer() producer_waits
 *        otherwise room could come just when the producer falls asleep
 *     E  mapring_producer_close() producer_run, exchange -> producer_end(), acquire
 *        otherwise a consumer could take the end for earlier than the last record
 */
#ifndef MAPRING_LAYOUT_H
#define MAPRING_LAYOUT_H

#include <assert.h>
#include <stdalign.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "atomic.h"

#define RING_MAGIC UINT64_C(0x31474e495250414d) /* "MAPRING1" in the file, if little-endian */

enum {
    LAYOUT_VERSION = 1,
    REGION_BYTES = 65536, /* Windows maps at multiples of this */
    CELL_COUNT = 32,
    MARK_COUNT = 64, /* four laps of them: a mark is made each sixteenth of the ring */
    MARKS_PER_LAP = 16,
    COMMIT_WORD_BYTES = 8,
    CELL_NAME_BYTES = 64,
};

#define CAPACITY_MIN   UINT64_C(65536)
#define CAPACITY_MAX   (UINT64_C(1) << 46)
#define SLOT_BYTES_MIN 8u
#define SLOT_BYTES_MAX 256u
#define PAYLOAD_MAX    ((UINT64_C(1) << 30) - 1)

enum ring_state { RING_BLANK = 0, RING_BEING_CREATED = 1, RING_READY = 2 };
enum when_full { WHEN_FULL_BLOCK = 1, WHEN_FULL_DROP = 2, WHEN_FULL_OVERWRITE = 3 };
enum writer_state {
    WRITER_NEVER = 0,
    WRITER_OPEN = 1,
    WRITER_CLOSED = 2,
    WRITER_DIED = 3 /* as its successor found it, which is not yet open itself */
};
enum cell_state {
    CELL_FREE = 0,
    CELL_ACTIVE = 1, /* gates the producer */
    CELL_LAPSED = 2  /* a durable consumer that was away for too long: gates no more */
};
enum cell_flag { CELL_DURABLE = 1 }; /* stays when its consumer goes */
enum operating_system { SYSTEM_NONE = 0, SYSTEM_LINUX = 1, SYSTEM_WINDOWS = 2 };
enum record_kind {
    RECORD_NONE = 0,
    RECORD_DATA = 1, /* odd, as all kinds that carry data */
    RECORD_GAP = 2,  /* a note, told by the size of its payload: a struct ring_loss (the sequence is
                       the first one lost), or a struct ring_run_end (it is the next record's) */
    RECORD_CONTINUED = 3 /* data, and the next record goes on with it */
};
enum read_only_feature {
    FEATURE_COMPANION = 1 /* region 1 and the roles are in a file of those who may write */
};
enum writer_flag { WRITER_MEMBARRIER = 1 }; /* publishes with plain stores: see edge W */

/* What a ring is. Written once by its creator, before `state` becomes RING_READY. */
struct ring_identity {
    uint64_t magic;
    uint32_t layout_version;
    uint32_t header_bytes; /* sizeof(struct ring_header) */
    uint32_t cells_bytes;  /* sizeof(struct ring_cells) */
    uint32_t cell_bytes;   /* sizeof(struct ring_cell) */
    uint32_t cell_count;
    uint32_t mark_count;
    uint32_t features_compatible; /* unknown bits may be ignored */
    uint32_t features_read_only;  /* unknown bits: may be read, not written */
    uint32_t features_required;   /* unknown bits: may not be touched */
    uint32_t slot_bytes;
    uint64_t capacity_bytes;
    uint64_t first_position; /* where the first record begins */
    uint64_t created_ns;     /* since 1970 */
    uint32_t when_full;      /* enum when_full */
    uint32_t reserved[7];
};
static_assert(sizeof(struct ring_identity) == 104, "layout");

/* What a gap record says, and what the producer has dropped in all. */
struct ring_loss {
    uint64_t records;
    uint64_t payload_bytes;
};
static_assert(sizeof(struct ring_loss) == 16, "layout");

/* A run is the time of one producer. The next one notes how it ended: producer_run as it was left,
 * with WRITER_DIED when its producer died. */
struct ring_run_end {
    uint64_t run;
};
static_assert(sizeof(struct ring_run_end) == 8, "layout");

/* Where a record begins, and how many came before it: the entry points of readers. */
struct ring_mark {
    shared_u64 position;
    shared_u64 sequence;        /* counts the dropped ones too */
    shared_u64 payload_bytes;   /* in the records before it */
    shared_u64 dropped_records; /* told by gap records before it */
    shared_u64 dropped_payload_bytes;
    uint64_t reserved[3];
};
static_assert(sizeof(struct ring_mark) == 64, "layout");

/* A total of what was dropped; the other one of two is written, then their count. */
struct ring_dropped {
    shared_u64 records;
    shared_u64 payload_bytes;
};
static_assert(sizeof(struct ring_dropped) == 16, "layout");

/* Where a record begins, and its number; the other one of two is written, then their count. */
struct ring_point {
    shared_u64 position;
    shared_u64 sequence;
};
static_assert(sizeof(struct ring_point) == 16, "layout");

/* Region 0. Everything here is written by the creator and then by the producer only. */
struct ring_header {
    struct ring_identity identity;
    shared_u32 state; /* enum ring_state */
    uint32_t reserved0[5];

    alignas(128) shared_u32 producer_run; /* see run_word() */
    shared_u32 producer_flags;            /* enum writer_flag */
    shared_u32 producer_system;           /* enum operating_system */
    uint32_t reserved1;
    shared_u64 producer_process;
    shared_u64 producer_started; /* the process's start in the system's own unit */
    shared_u64 run_sequence;     /* of the first record of its run */

    alignas(128) shared_u32 producer_waits; /* 1: sleeps for room, or is about to */

    alignas(128) shared_u64 tail; /* behind the last committed record, or some records short */

    alignas(128) shared_u64 horizon; /* up to here the producer may be writing */
    shared_u64 marks_made;           /* the newest is marks[(marks_made - 1) % MARK_COUNT] */
    shared_u64 drops_made;           /* the total is dropped[drops_made % 2] */
    struct ring_dropped dropped[2];
    shared_u64 kept_made; /* what is kept begins at kept[kept_made % 2]; 0: at the first mark */
    struct ring_point kept[2]; /* at most one capacity behind the horizon */

    alignas(128) struct ring_mark marks[MARK_COUNT];
};
static_assert(offsetof(struct ring_header, state) == 104, "layout");
static_assert(offsetof(struct ring_header, producer_run) == 128, "layout");
static_assert(offsetof(struct ring_header, producer_flags) == 132, "layout");
static_assert(offsetof(struct ring_header, producer_system) == 136, "layout");
static_assert(offsetof(struct ring_header, producer_process) == 144, "layout");
static_assert(offsetof(struct ring_header, producer_started) == 152, "layout");
static_assert(offsetof(struct ring_header, run_sequence) == 160, "layout");
static_assert(offsetof(struct ring_header, producer_waits) == 256, "layout");
static_assert(offsetof(struct ring_header, tail) == 384, "layout");
static_assert(offsetof(struct ring_header, horizon) == 512, "layout");
static_assert(offsetof(struct ring_header, marks_made) == 520, "layout");
static_assert(offsetof(struct ring_header, drops_made) == 528, "layout");
static_assert(offsetof(struct ring_header, dropped) == 536, "layout");
static_assert(offsetof(struct ring_header, kept_made) == 568, "layout");
static_assert(offsetof(struct ring_header, kept) == 576, "layout");
static_assert(offsetof(struct ring_header, marks) == 640, "layout");
static_assert(sizeof(struct ring_header) == 640 + 64 * MARK_COUNT, "layout");
static_assert(sizeof(struct ring_header) <= REGION_BYTES, "layout");

/* Where a consumer stands, and what it counted: sequence - first_sequence = read + lost. */
struct ring_ledger {
    shared_u64 position; /* everything before it is released */
    shared_u64 sequence; /* of the next record */
    shared_u64
        next_sequence; /* of the record at the position. Those from sequence to it are lost, and
                                  not told yet; those from it to sequence were dropped before it came */
    shared_u64 first_sequence; /* where it began to read */
    shared_u64 read_records;
    shared_u64 read_payload_bytes;
    shared_u64 lost_records;
};
static_assert(sizeof(struct ring_ledger) == 56, "layout");

/* One consumer. Written by the consumer that owns the cell; a dead one's cell is freed by the
 * producer. */
struct ring_cell {
    shared_u64 head;         /* gates the producer; at most a step behind the ledger's position */
    shared_u64 ledgers_made; /* the ledger is ledger[ledgers_made % 2], the other one is written */
    struct ring_ledger ledger[2];

    alignas(128) shared_u32 state; /* enum cell_state */
    shared_u32 flags;              /* enum cell_flag */
    shared_u32 system;             /* enum operating_system */
    uint32_t reserved;
    shared_u64 process;
    shared_u64 started;
    shared_u64 max_lag;       /* bytes behind tail at which it lapses while it is away; 0: never */
    shared_u64 wake_position; /* while it sleeps: not worth waking before tail is here */
    char name[CELL_NAME_BYTES];
    shared_u64 carries_made;    /* the carry is carry[carries_made % 2], the other one is written */
    struct ring_point carry[2]; /* the furthest that consumers of this cell had got before */
    uint64_t reserved1[13];
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
static_assert(sizeof(struct ring_cell) == 384, "layout");

/* Region 1. */
struct ring_cells {
    shared_u32 wait_set; /* bit i: the consumer in cell i sleeps, or is about to */

    alignas(128) shared_u32 room_wakes; /* counts wake-ups of a producer that waits for room */
    shared_u32 joined;                  /* 1 once the first consumer has come */
    shared_u32 left_unread; /* counts consumers that went with records unread that were there */
    shared_u32 removed;     /* 1 once the ring's name was taken away */

    alignas(128) struct ring_cell cell[CELL_COUNT];
};
static_assert(offsetof(struct ring_cells, wait_set) == 0, "layout");
static_assert(offsetof(struct ring_cells, room_wakes) == 128, "layout");
static_assert(offsetof(struct ring_cells, joined) == 132, "layout");
static_assert(offsetof(struct ring_cells, left_unread) == 136, "layout");
static_assert(offsetof(struct ring_cells, removed) == 140, "layout");
static_assert(offsetof(struct ring_cells, cell) == 256, "layout");
static_assert(sizeof(struct ring_cells) == 256 + 384 * CELL_COUNT, "layout");
static_assert(sizeof(struct ring_cells) <= REGION_BYTES, "layout");

/* The end of a companion, which is a region 1 in a file of its own: whose it is. */
#define COMPANION_MAGIC UINT64_C(0x2b474e495250414d) /* "MAPRING+" in the file, if little-endian */
struct ring_bond {
    uint64_t magic;
    uint64_t created_ns; /* of the ring's identity */
};
#define BOND_OFFSET (REGION_BYTES - sizeof(struct ring_bond))
static_assert(sizeof(struct ring_bond) == 16, "layout");
static_assert(sizeof(struct ring_cells) <= BOND_OFFSET, "layout");

/* Roles are owned by processes, and die with them. On files a role is a locked byte far behind the
 * end, at ROLE_OFFSET + role, the same on every system; of the companion where there is one, but for
 * the creator's, until the ring is ready, and the producer's, which is locked in both. */
enum ring_role { ROLE_CREATOR = 0, ROLE_PRODUCER = 1, ROLE_CONSUMER = 2 /* + cell */ };
#define ROLE_OFFSET (INT64_C(1) << 62)

static inline uint64_t ring_file_bytes(uint64_t capacity)
{
    return 2 * (uint64_t)REGION_BYTES + capacity;
}

/* Which producer the present or last one is, counted from 1, and its state: in one word, so that
 * nobody takes the end of one run for that of another. */
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

/* Epochs have 30 bits, and wrap. */
static inline bool run_is_later(uint32_t epoch, uint32_t than)
{
    return (int32_t)((epoch - than) << 2) > 0;
}

#endif
