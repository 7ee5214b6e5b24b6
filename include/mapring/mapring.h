/* SPDX-License-Identifier: MIT */
/*
 * mapring: a lock-free single-producer ring buffer in a named shared-memory mapping.
 *
 * One producer process writes records, up to 32 consumer processes each read every record, in
 * order and without a copy, and any number of observers look on without being waited for. A ring is
 * found by its NAME (1 to 100 of A-Z a-z 0-9 . _ -) in a scope, or by a path (anything with '/' or
 * '\'), which makes it a file that outlives crashes and reboots. Strings are UTF-8.
 *
 * Results. 0 is success, positive values are outcomes that are no failures, negative values are
 * failures; mapring_last_error() then says what was wrong, where, and what to do. What an existing
 * ring has is never changed by asking for something else: MAPRING_ERROR_GEOMETRY_DIFFERS.
 *
 * Runs. The time of one producer is a run. Another one may follow, in the same ring and with the
 * next sequence numbers; readers are told once where one ended, and how.
 *
 * Waiting. Every call that can wait takes timeout_ns: 0 tries once, MAPRING_FOREVER waits without
 * limit, anything else is a limit in nanoseconds (resolution about 50 us); a call that has to wait
 * refuses other negative ones: MAPRING_ERROR_ARGUMENT. A wait spins for some
 * 30 us, or hardly at all once that has often been in vain, then sleeps in the kernel, and looks
 * every 100 ms whether its peer is alive. Signals do not end a wait. No call installs a signal
 * handler, writes output, or leaves one of the descriptors 0, 1 and 2 to a ring.
 *
 * Threads and processes. A handle is used by one thread at a time; different handles are
 * independent. A forked child must open handles of its own: those it inherited answer
 * MAPRING_ERROR_FORKED and can only be closed, and records that they handed out are not mapped. All
 * functions are available since version 0.1.0.
 *
 * Growth. Later versions put their fields where structures have `reserved` now, so a program runs with
 * a later library than it was compiled for. In what a program fills in, reserved words must be 0;
 * what the library fills in says nothing there.
 *
 * Inlined. mapring_producer_reserve(), mapring_producer_commit(), mapring_consumer_next() and
 * mapring_consumer_release() are compiled into their callers by gcc and clang, in C and C++: see
 * inline.h. With MAPRING_CALLED defined, and by other compilers, they are called like all
 * others. */
#ifndef MAPRING_H
#define MAPRING_H

#if !defined MAPRING_CALLED && \
    (!defined __GNUC__ || (defined __GNUC_GNU_INLINE__ && !defined __cplusplus))
#define MAPRING_CALLED
#endif

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifndef MAPRING_API
#define MAPRING_API
#endif
#if !defined MAPRING_HOT && defined MAPRING_CALLED
#define MAPRING_HOT MAPRING_API
#elif !defined MAPRING_HOT
#define MAPRING_HOT inline /* the library has it as well */
#endif

#ifdef __cplusplus
extern "C" {
#endif

#define MAPRING_FOREVER        (-1)
#define MAPRING_CONSUMER_LIMIT 32
#define MAPRING_NAME_BYTES     64 /* a consumer's name, with its terminator */

enum mapring_result {
    MAPRING_OK = 0,

    MAPRING_NOTHING = 1,         /* no record is there */
    MAPRING_NO_ROOM = 2,         /* the ring is full */
    MAPRING_TIMED_OUT = 3,       /* the time limit passed first */
    MAPRING_PRODUCER_CLOSED = 4, /* all is read, and the producer has closed: told once */
    MAPRING_PRODUCER_DIED = 5,   /* all that it committed is read, and the producer is gone: once */
    MAPRING_CONSUMER_GONE = 6,   /* a consumer left or died before it had read all */
    MAPRING_LOST = 7,            /* records are missing here; the record says which */
    MAPRING_DROPPED = 8,         /* no room: the record was not written, and counted */
    MAPRING_REMOVED = 9,         /* the ring's name was taken away: nobody finds it any more */

    MAPRING_ERROR_ARGUMENT = -1,          /* a null pointer or a value out of range */
    MAPRING_ERROR_NAME = -2,              /* not a name that a ring can have */
    MAPRING_ERROR_GEOMETRY = -3,          /* capacity or slot size that no ring can have */
    MAPRING_ERROR_GEOMETRY_DIFFERS = -4,  /* the ring exists with another geometry */
    MAPRING_ERROR_NOT_THERE = -5,         /* no ring of that name */
    MAPRING_ERROR_EXISTS = -6,            /* the ring is there already */
    MAPRING_ERROR_BEING_CREATED = -7,     /* another process is still creating it */
    MAPRING_ERROR_WRONG_KIND = -8,        /* the name belongs to something that is not a ring */
    MAPRING_ERROR_FOREIGN = -9,           /* a layout that this library does not read */
    MAPRING_ERROR_DAMAGED = -10,          /* truncated, or contents that make no sense */
    MAPRING_ERROR_PERMISSION = -11,       /* refused by the system */
    MAPRING_ERROR_NO_SPACE = -12,         /* no storage for the ring */
    MAPRING_ERROR_NO_MEMORY = -13,        /* no memory or address space in this process */
    MAPRING_ERROR_PRODUCER_TAKEN = -14,   /* the ring has a live producer */
    MAPRING_ERROR_CONSUMERS_FULL = -15,   /* the ring has 32 live consumers */
    MAPRING_ERROR_RECORD_TOO_LARGE = -16, /* more than the ring's record limit */
    MAPRING_ERROR_BUFFER_TOO_SMALL = -17, /* the record does not fit; it stays in the ring */
    MAPRING_ERROR_NOTHING_HELD = -18,     /* nothing reserved to commit, or read to release */
    MAPRING_ERROR_HELD = -19,             /* a reservation or records are still held */
    MAPRING_ERROR_FORKED = -20,           /* the handle belongs to the parent process */
    MAPRING_ERROR_IN_USE = -21,           /* a producer or a consumer is using the ring */
    MAPRING_ERROR_SYSTEM = -22,           /* any other failure of the system */
    MAPRING_ERROR_CONSUMER_TAKEN = -23,   /* a durable consumer of that name is attached */
    MAPRING_ERROR_POLICY = -24            /* not possible with what the ring does when full */
};

struct mapring_error {
    int code;       /* enum mapring_result */
    long system;    /* errno or GetLastError() behind it, or 0 */
    char name[160]; /* the ring, as it was given; long paths are cut */
    char text[512]; /* one sentence, with the system's own message where there is one */
    uint64_t reserved[4];
};

/* What a result means, in a few words. Never NULL; any thread. */
MAPRING_API const char *mapring_result_text(int result);

/* The last failure of the calling thread, or the outcome other than MAPRING_OK that came after it:
 * `code` is that outcome then, `text` what it means, and nothing else is set. MAPRING_OK leaves it as
 * it is. Never NULL; valid until this thread's next call of a function of the library. */
MAPRING_API const struct mapring_error *mapring_last_error(void);

/* The version of the library in use, "0.1.0". */
MAPRING_API const char *mapring_version(void);

/* ---- The ring itself ------------------------------------------------------------------------ */

enum mapring_how { MAPRING_CREATE_OR_ATTACH, MAPRING_CREATE, MAPRING_ATTACH };
enum mapring_scope { MAPRING_LOCAL, MAPRING_GLOBAL }; /* this user, or the whole machine */

enum mapring_when_full {
    MAPRING_UNSPECIFIED, /* block, or what exists */
    MAPRING_BLOCK,       /* the producer waits for its consumers */
    MAPRING_DROP,        /* new records are dropped and counted; readers are told: MAPRING_LOST */
    MAPRING_OVERWRITE    /* old records are overwritten; every reader is an observer */
};

/* What is on the disk when the machine fails; a process that dies loses nothing anyway. */
enum mapring_sync {
    MAPRING_SYNC_NONE,     /* whatever the system happened to write */
    MAPRING_SYNC_ON_CLOSE, /* everything up to the last orderly close */
    MAPRING_SYNC_INTERVAL  /* everything older than sync_interval_ms, and as above */
};

/* All zero means: create when absent, 1 MiB, slots of 16 bytes, for this user only. */
struct mapring_options {
    enum mapring_how how;
    enum mapring_scope scope;
    uint64_t capacity_bytes; /* a power of two from 64 KiB; 0: 1 MiB, or what exists */
    uint32_t slot_bytes;     /* a power of two from 8 to 256; 0: 16, or what exists */
    uint32_t mode;           /* permission bits, as for chmod; 0: 0600, or what exists (which
                                Windows does not say). Where some may read and not write, the ring
                                has a second file for those who may */
    enum mapring_when_full when_full;
    enum mapring_sync sync;    /* of a file-backed ring; asked of each producer anew */
    uint32_t sync_interval_ms; /* at least 1 with MAPRING_SYNC_INTERVAL */
    bool prefault;             /* maps all pages now: takes longer to open, and the first lap is as
                                  fast as the others. Never a failure; for each process that opens */
    bool huge;          /* has the slots moved into pages of 2 MiB, for all that open the ring
                                  then. Never a failure: where there are none it goes on without */
    bool on_numa_node;  /* a new ring's memory is to lie on numa_node while that has room; */
    uint32_t numa_node; /* MAPRING_ERROR_ARGUMENT when the machine has no such node */
    bool trust_owner;   /* a producer also opens a ring of another user who is not root (or an
                                  administrator): he can read, change and lose what is sent, and
                                  have this process crash. Otherwise MAPRING_ERROR_PERMISSION */
    uint64_t reserved[8];
};

struct mapring_ring;
typedef struct mapring_ring mapring_ring;

/* Creates or attaches a ring without taking a role in it: to create it ahead of time, to keep it
 * alive (on Windows a named ring lives as long as a handle to it), to look at it. NULL options are
 * all zero. On failure nothing is created and *ring is NULL. Waits up to 2 s for another process
 * that is creating the same ring. */
MAPRING_API int mapring_open(mapring_ring **ring, const char *name,
                             const struct mapring_options *options);
MAPRING_API void mapring_close(mapring_ring *ring); /* NULL is accepted */

enum mapring_producer_state {
    MAPRING_PRODUCER_NEVER,
    MAPRING_PRODUCER_IS_OPEN,
    MAPRING_PRODUCER_HAS_CLOSED,
    MAPRING_PRODUCER_HAS_DIED
};

enum mapring_consumer_state {
    MAPRING_CONSUMER_ATTACHED,
    MAPRING_CONSUMER_AWAY,  /* durable: its place is kept, and gates */
    MAPRING_CONSUMER_LAPSED /* durable, away for too long: gates no more */
};

/* A consumer's ledger, as last published, counts from where it began to read:
 * what was sent since then = read_records + lost_records + pending_records. */
struct mapring_consumer_stat {
    unsigned cell;                 /* 0 to 31 */
    char name[MAPRING_NAME_BYTES]; /* empty when it gave none */
    enum mapring_consumer_state state;
    bool durable;
    bool alive;
    bool balanced;               /* the ledger adds up */
    uint64_t process;            /* its process id, the last one's when it is away */
    uint64_t head;               /* its position: released up to here */
    uint64_t sequence;           /* of the record there */
    uint64_t first_sequence;     /* where it began to read */
    uint64_t read_records;       /* released */
    uint64_t read_payload_bytes; /* in them */
    uint64_t lost_records;       /* told to be lost: dropped, or overwritten while it was away */
    uint64_t pending_records;    /* sent and not released */
    uint64_t pending_bytes;      /* the space that they take, headers included */
    uint64_t max_lag_bytes;      /* 0: none */
    uint64_t reserved[16];
};

struct mapring_stat {
    uint64_t capacity_bytes;
    uint32_t slot_bytes;
    uint32_t layout_version;
    enum mapring_when_full when_full;
    uint64_t record_limit;    /* largest payload in bytes */
    uint64_t tail, horizon;   /* positions: they only grow */
    uint64_t sequence;        /* of the next record: committed and told to be dropped */
    uint64_t records;         /* committed since creation */
    uint64_t payload_bytes;   /* in them */
    uint64_t dropped_records; /* since creation, also those that no reader was told of yet */
    uint64_t dropped_payload_bytes;
    uint64_t unread_records; /* sent, and released by no consumer, living or gone */
    bool balanced; /* sequence = records + dropped and told, and every consumer's ledger */
    enum mapring_producer_state producer_state;
    uint64_t producer_process; /* its process id, 0 before the first */
    bool consumers_hidden;     /* only who may write sees them, and consumers is 0 */
    unsigned consumers;
    uint64_t reserved[16];
    struct mapring_consumer_stat consumer[MAPRING_CONSUMER_LIMIT];
};

/* What the ring holds and who uses it, read beside a running producer and without disturbing it.
 * Does not block. */
MAPRING_API int mapring_stat(mapring_ring *ring, struct mapring_stat *stat);

/* Removes a ring: nobody finds it any more, and whoever has it open is told: MAPRING_REMOVED. Refused
 * with MAPRING_ERROR_IN_USE while a producer or consumer is alive, unless forced, or while it is being
 * made for longer than 2 s; needs write permission then. By force, whatever regular file has the name
 * of a ring is removed, but no path that leads to something else. On Windows a named
 * ring cannot be removed, it goes with its last handle: MAPRING_ERROR_IN_USE says who has it. */
MAPRING_API int mapring_remove(const char *name, enum mapring_scope scope, bool force);

/* Calls `found` with the name of each named ring of the scope, until it returns false: in the local
 * scope this user's own ones. */
MAPRING_API int mapring_list(enum mapring_scope scope,
                             bool (*found)(const char *name, void *context), void *context);

/* ---- Producer ------------------------------------------------------------------------------- */

struct mapring_producer;
typedef struct mapring_producer mapring_producer;

/* Becomes the ring's producer. When an earlier one has closed or died, goes on behind its last
 * committed record with the next sequence number. MAPRING_ERROR_PRODUCER_TAKEN while one lives. */
MAPRING_API int mapring_producer_open(mapring_producer **producer, const char *name,
                                      const struct mapring_options *options);

/* Tells the consumers, drops an uncommitted reservation, writes the file to its disk if that was
 * asked for (who must know whether it worked calls mapring_producer_sync() before), frees the
 * handle. NULL is accepted. */
MAPRING_API void mapring_producer_close(mapring_producer *producer);

/* Largest payload in bytes: half of the capacity less 8, at most 2^30 - 1. */
MAPRING_API size_t mapring_producer_record_limit(const mapring_producer *producer);

/* Reserves a record of up to `bytes` and points *payload at its place in the mapping (aligned to 8
 * bytes). Nobody sees it before the commit. One reservation at a time: MAPRING_ERROR_HELD, also
 * when it is another thread's that uses this handle against the rules.
 * MAPRING_NO_ROOM or MAPRING_TIMED_OUT when the slowest consumer leaves no room. A ring that drops
 * never waits: MAPRING_DROPPED, and the record is counted. A ring that overwrites always has room.
 * No system call while there is room. */
MAPRING_HOT int mapring_producer_reserve(mapring_producer *producer, size_t bytes, void **payload,
                                         int64_t timeout_ns);

/* Makes the reserved record visible with its first `bytes` bytes. When these are more than were
 * reserved: MAPRING_ERROR_ARGUMENT, and the reservation stays as it was.
 * Never blocks; a system call only when a consumer sleeps. MAPRING_ERROR_NOTHING_HELD. */
MAPRING_HOT int mapring_producer_commit(mapring_producer *producer, size_t bytes);

/* The same, and the next record, whichever it is, goes on with this one: readers are told. For what
 * is longer than the record limit, or than what is known of it so far. The end of this producer in
 * between leaves readers with something that is cut: the next record does not continue it. */
MAPRING_API int mapring_producer_commit_part(mapring_producer *producer, size_t bytes);

/* Gives the reservation back as if it had never been. MAPRING_ERROR_NOTHING_HELD. */
MAPRING_API int mapring_producer_abort(mapring_producer *producer);

/* Reserves, copies, commits. `data` may be NULL when bytes is 0. */
MAPRING_API int mapring_producer_send(mapring_producer *producer, const void *data, size_t bytes,
                                      int64_t timeout_ns);

/* Sends a part of something that the next record goes on with, as mapring_producer_commit_part()
 * does; mapring_producer_send() sends the last one. In a ring that drops, when a part is dropped so
 * are those behind it and the last one, or what is left would look like a whole; what is reserved
 * or sent as a batch begins anew. */
MAPRING_API int mapring_producer_send_part(mapring_producer *producer, const void *data,
                                           size_t bytes, int64_t timeout_ns);

struct mapring_buffer {
    const void *data;
    size_t bytes;
};

/* Sends `count` records that become visible all at once or, when it fails or this process dies,
 * not at all. Together they may take as much space as one record of the largest size. */
MAPRING_API int mapring_producer_send_batch(mapring_producer *producer,
                                            const struct mapring_buffer *records, size_t count,
                                            int64_t timeout_ns);

/* Waits until at least `count` consumers are attached. MAPRING_TIMED_OUT. */
MAPRING_API int mapring_producer_wait_consumers(mapring_producer *producer, unsigned count,
                                                int64_t timeout_ns);

/* Waits until all that was committed is read: the consumers that are attached have released it, and
 * one at least has, be it gone now. So when none is there it waits for one. For observers it does not
 * wait. A consumer makes its releases known each eighth of the ring, when it looks for the next
 * record, and when it closes; what it leaves out by seeking counts as read. MAPRING_CONSUMER_GONE when
 * those that are attached have read all, but since the open, or since this was told last, one closed
 * or died with records unread that were there by then, and as long as a durable one is away that has
 * not read all. MAPRING_TIMED_OUT. */
MAPRING_API int mapring_producer_drain(mapring_producer *producer, int64_t timeout_ns);

/* While quiet, commits wake nobody; sleeping consumers learn of records from
 * mapring_producer_wake() or, at the latest, when they look by themselves after 100 ms. Not
 * blocking. */
MAPRING_API int mapring_producer_quiet(mapring_producer *producer, bool quiet);

/* Wakes all sleeping consumers, also those that wait for more bytes. Not blocking. MAPRING_REMOVED: nobody
 * finds the ring any more. Every call that may wait answers so, for good, within a second of the removal. A
 * producer that always has room learns of mapring_remove() at its second record; when the system took the
 * file away, it learns of it here, in mapring_producer_drain() and in mapring_producer_wait_consumers(). */
MAPRING_API int mapring_producer_wake(mapring_producer *producer);

/* Writes a file-backed ring to its disk. Fails, too, when writing at intervals has failed before.
 * Blocks for as long as the disk takes. */
MAPRING_API int mapring_producer_sync(mapring_producer *producer);

/* ---- Consumer ------------------------------------------------------------------------------- */

struct mapring_consumer;
typedef struct mapring_consumer mapring_consumer;

/* Where a reader begins, or goes on. What was asked for by UNREAD, AT_SEQUENCE or RUN may no longer
 * be kept: then MAPRING_LOST comes first, and says what is missing up to the oldest record. */
enum mapring_from {
    MAPRING_UNREAD,      /* behind the furthest that any consumer, living or gone, is known to have
                            got; before the first one, and for observers, the oldest */
    MAPRING_OLDEST,      /* the oldest record still kept: not overwritten, nor about to be */
    MAPRING_NEWEST,      /* the next one to come; drops before it came are not told */
    MAPRING_AT_SEQUENCE, /* a given one; when it is still to come, the next one */
    MAPRING_RUN          /* the first one of the producer that is open, else of the next one: then
                            nothing is told of how the last one ended */
};

struct mapring_consumer_options {
    enum mapring_scope scope;
    enum mapring_from from; /* all zero: one reader after the other sees each record once */
    uint64_t sequence;      /* with MAPRING_AT_SEQUENCE */
    const char *name;       /* shown by mapring_stat; NULL for none */
    bool durable; /* keeps its place, found again by its name; `from` is for the first time */
    uint64_t max_lag_bytes; /* durable: how far behind it may be while away before the producer
                               overtakes it and it is told what it lost; 0: without limit */
    uint64_t wake_bytes;    /* once asleep, is woken when so many bytes are there, or the ring is
                               full ... */
    int64_t wake_delay_ns;  /* ... or so long after the first one came, but no longer than a call's
                               time limit, or until the producer is gone; 0: at the first one */
    bool prefault;          /* as in struct mapring_options */
    bool wait_producer;     /* with no producer there, waits for the next one: is not told how the
                               last one ended */
    uint64_t reserved[8];
};

struct mapring_record {
    const void *payload; /* aligned to 8 bytes when it points into the ring */
    size_t bytes;
    uint64_t sequence; /* counts from 0 at the ring's creation, the dropped ones included */
    bool continued;    /* the next record goes on with this one: a part of something longer */
    bool continues;    /* goes on with the record handed out before by this handle; false where
                          records were lost between them, or a producer ended */
    /* With MAPRING_LOST only, where `sequence` is that of the first one lost: */
    uint64_t lost_records;
    uint64_t lost_bytes; /* payload bytes in them, 0 when unknown */
    uint64_t reserved[4];
};

/* Takes one of the 32 cells of an existing ring. From here on the producer waits for this consumer
 * when the ring is full. The slots are mapped read-only. A durable consumer goes on behind its last
 * release, so that it gets everything at least once; each of its releases is published at once.
 * MAPRING_ERROR_CONSUMERS_FULL, MAPRING_ERROR_CONSUMER_TAKEN, MAPRING_ERROR_POLICY. */
MAPRING_API int mapring_consumer_open(mapring_consumer **consumer, const char *name,
                                      const struct mapring_consumer_options *options);

/* Gives the cell back, and with it what was not released; a durable consumer's cell stays, and
 * gives that again to whoever opens it next. NULL is accepted. */
MAPRING_API void mapring_consumer_close(mapring_consumer *consumer);

/* The next record, in place: valid until released. May be called again before a release; the
 * records then are held together. MAPRING_NOTHING or MAPRING_TIMED_OUT. MAPRING_PRODUCER_CLOSED or
 * MAPRING_PRODUCER_DIED once for each producer, behind its last record: called again, it waits for
 * the next producer's records as for any. Of a producer that sent nothing it may be told together with
 * another one. Who attaches when no producer is there is told how the last one ended, unless it
 * waits for the next one (wait_producer). MAPRING_LOST where records are missing: nothing is held for
 * that, call again for the next record.
 * MAPRING_ERROR_DAMAGED for good when the ring's contents make no sense.
 * No system call while records are there. Where records keep coming at once, a call that may wait
 * lets them gather for 4 us when it finds none: both sides are faster then. */
MAPRING_HOT int mapring_consumer_next(mapring_consumer *consumer, struct mapring_record *record,
                                      int64_t timeout_ns);

/* As many records as are there, at least 1 and at most `limit`, with *count set to how many. Waits
 * for the first only. Results as above. */
MAPRING_API int mapring_consumer_next_batch(mapring_consumer *consumer,
                                            struct mapring_record *records, size_t limit,
                                            size_t *count, int64_t timeout_ns);

/* Gives back all records held. MAPRING_ERROR_NOTHING_HELD when there are none. Does not block. */
MAPRING_HOT int mapring_consumer_release(mapring_consumer *consumer);

/* Copies the next record into `buffer` and releases it; record->payload is `buffer`. When it does
 * not fit: MAPRING_ERROR_BUFFER_TOO_SMALL, record->bytes says what it needs, the record stays.
 * MAPRING_ERROR_HELD while records are held. Other results as above. */
MAPRING_API int mapring_consumer_receive(mapring_consumer *consumer, void *buffer,
                                         size_t buffer_bytes, struct mapring_record *record,
                                         int64_t timeout_ns);

/* Waits until a producer has the ring open and lives, also when what an earlier one sent is still
 * to be read. MAPRING_TIMED_OUT. */
MAPRING_API int mapring_consumer_wait_producer(mapring_consumer *consumer, int64_t timeout_ns);

/* Goes on elsewhere, with a ledger that begins there, and without a word of what lies between. What
 * the consumer has not read is kept for it until it goes beyond that: the oldest record is never
 * behind its next one. MAPRING_ERROR_HELD while records are held. Does not block. */
MAPRING_API int mapring_consumer_seek(mapring_consumer *consumer, enum mapring_from from,
                                      uint64_t sequence);

/* Forgets a durable consumer and frees its cell. MAPRING_ERROR_NOT_THERE, and while it is attached
 * MAPRING_ERROR_CONSUMER_TAKEN. */
MAPRING_API int mapring_consumer_remove(const char *name, enum mapring_scope scope,
                                        const char *consumer);

/* ---- Observer ------------------------------------------------------------------------------- */

struct mapring_observer;
typedef struct mapring_observer mapring_observer;

struct mapring_observer_options {
    enum mapring_scope scope;
    enum mapring_from from;      /* any but MAPRING_AT_SEQUENCE */
    enum mapring_from after_lap; /* where to go on after records were lost, the same; when lapped
                                    there before it has read one, a quarter of the ring further */
    bool prefault;               /* as in struct mapring_options */
    bool wait_producer;          /* as in struct mapring_consumer_options */
    uint64_t reserved[8];
};

/* Looks on without a cell: the ring is opened and mapped read-only, nobody waits for an observer,
 * and there may be any number of them. Read permission is enough. */
MAPRING_API int mapring_observer_open(mapring_observer **observer, const char *name,
                                      const struct mapring_observer_options *options);
MAPRING_API void mapring_observer_close(mapring_observer *observer); /* NULL is accepted */

/* Copies the next record. MAPRING_LOST when the producer has overwritten it: `record` says from
 * which one on, and exactly how many; the next call goes on behind them. Otherwise as
 * mapring_consumer_receive(). Nobody wakes an observer: a wait is a poll, first every 50 us, then
 * less and less often down to every 2 ms. */
MAPRING_API int mapring_observer_receive(mapring_observer *observer, void *buffer,
                                         size_t buffer_bytes, struct mapring_record *record,
                                         int64_t timeout_ns);

/* The next record in place. It may be overwritten while it is looked at: whatever was concluded
 * from it holds only if mapring_observer_is_valid() says so afterwards. */
MAPRING_API int mapring_observer_next(mapring_observer *observer, struct mapring_record *record,
                                      int64_t timeout_ns);
MAPRING_API bool mapring_observer_is_valid(const mapring_observer *observer);

/* ---- Image: what a ring holds, post mortem -------------------------------------------------- */

struct mapring_image;
typedef struct mapring_image mapring_image;

/* Reads a ring without mapping it, needs nobody alive and modifies nothing: the file of a ring, a
 * copy of one, also from another system or truncated, or a raw dump of the mapping. Of a running
 * ring: what is there now. */
MAPRING_API int mapring_image_open(mapring_image **image, const char *name,
                                   enum mapring_scope scope);
MAPRING_API void mapring_image_close(mapring_image *image); /* NULL is accepted */

/* The next record, from the oldest on; its payload is valid until the next call. MAPRING_LOST where
 * records were dropped; MAPRING_NOTHING at the end; MAPRING_ERROR_DAMAGED with the offset in the
 * file of a place that makes no sense. Does not block. */
MAPRING_API int mapring_image_next(mapring_image *image, struct mapring_record *record);

/* Where the last record read ends: its offset in the file. */
MAPRING_API uint64_t mapring_image_offset(const mapring_image *image);

/* ---- Event loops ---------------------------------------------------------------------------- */

/* A file descriptor for poll(), epoll and their like, or on Windows an event HANDLE for
 * WaitForMultipleObjects(). It belongs to the producer or consumer and is closed with it. */
typedef intptr_t mapring_handle;

/* The handle becomes ready once after each mapring_consumer_arm() that answered MAPRING_NOTHING:
 * when a record is there, a run has ended, or a producer has come. The protocol: arm; if the answer
 * is MAPRING_OK, there is something to read or to be told: read until nothing is there and arm
 * again; if MAPRING_NOTHING, wait for the handle, then read. Other calls leave an armed handle as it
 * is: it becomes ready also when what came is read before. Who waits for a producer arms and then
 * calls mapring_consumer_wait_producer() with a timeout of 0. Arming consumes an earlier readiness.
 * The producer pays for a wake-up only while the handle is armed. The handle is served by a thread
 * of the library that sleeps meanwhile. */
MAPRING_API int mapring_consumer_wait_handle(mapring_consumer *consumer, mapring_handle *handle);
MAPRING_API int mapring_consumer_arm(mapring_consumer *consumer);

/* The same for a producer: ready when a record of `bytes` bytes, as armed for last, has room, or may
 * have. */
MAPRING_API int mapring_producer_wait_handle(mapring_producer *producer, mapring_handle *handle);
MAPRING_API int mapring_producer_arm(mapring_producer *producer, size_t bytes);

#ifdef __cplusplus
}
#endif

#ifndef MAPRING_CALLED
#include <mapring/atomic.h>
#include <mapring/inline.h> /* the functions marked MAPRING_HOT */
#endif

#endif
