/* SPDX-License-Identifier: MIT */
/*
 * mapring: a lock-free single-producer ring buffer in a named shared-memory mapping.
 *
 * One producer process writes records. Up to 32 consumer processes each read every record, in order
 * and without copying it. Any number of observers can watch; nobody waits for them. A ring is
 * identified by its NAME (1 to 100 characters from A-Z a-z 0-9 . _ -) in a scope, or by a path
 * (anything that contains '/' or '\'), which makes it a file that survives crashes and reboots. If
 * the environment variable MAPRING_DIR names a directory, NAME means the file NAME.ring there, in
 * either scope. Strings are UTF-8.
 *
 * Results. 0 is success, a positive value is an outcome that is not a failure, and a negative value
 * is a failure; mapring_last_error() then says what was wrong, where, and what to do. Asking for
 * something else never changes the properties of an existing ring: MAPRING_ERROR_GEOMETRY_DIFFERS.
 *
 * Runs. A run is the time from the opening of one producer to its end. Another producer can follow
 * in the same ring and continues the sequence numbers. Each reader is told once that a run has
 * ended, and how.
 *
 * Waiting. Every call that can wait takes timeout_ns: 0 tries once, MAPRING_FOREVER waits without
 * limit, and any other value is a limit in nanoseconds (resolution about 50 us). A call that has to
 * wait refuses other negative values: MAPRING_ERROR_ARGUMENT. A wait spins for about 30 us, or
 * hardly at all after waits most of which were longer, then sleeps in the kernel and checks every
 * 100 ms whether its peer is alive. Signals do not end a wait. No call installs a signal
 * handler, writes output, or uses one of the descriptors 0, 1 and 2 for a ring.
 *
 * Times. In a ring made with options.times, each record says when it was committed, by the clock of
 * its producer's system, and each loss when it began and ended. A processor's counter is read for
 * each record (once for a batch, before it is copied), and compared with the system's clock about
 * once a second. All readers get the same times, also later and on other machines. Times never go
 * back, even if the system's clock does; what they differ from it is part of time_uncertainty_ns.
 *
 * Repetition. A ring made with options.origin repeats another ring, its origin, in another place:
 * the records have the sequence numbers and times that they have there, and runs are those of the
 * origin. Its producer writes by mapring_producer_repeat() and mapring_producer_end_run(), and sends
 * nothing of its own. Whoever follows it asks mapring_repetition() where to go on.
 *
 * Removal. Within a second after a ring was removed, every call that may wait begins to return
 * MAPRING_REMOVED, for good; readers first get the records that are left.
 *
 * Threads and processes. A handle may be used by one thread at a time; different handles are
 * independent. A forked child must open its own handles: those it inherits return
 * MAPRING_ERROR_FORKED and can only be closed, and records obtained through them are not mapped in
 * the child. All functions are available since version 0.1.0.
 *
 * Growth. Later versions put new fields where the structures have `reserved` now, so a program runs
 * with a later library than the one it was compiled for. In structures that the program fills in,
 * reserved words must be 0; in structures that the library fills in, they mean nothing.
 *
 * Inlined. mapring_producer_reserve(), mapring_producer_commit(), mapring_consumer_next() and
 * mapring_consumer_release() are compiled into their callers by gcc and clang, in C and C++: see
 * inline.h. With MAPRING_CALLED defined, and with other compilers, they are called like all other
 * functions. */
#ifndef MAPRING_H
#define MAPRING_H

#if !defined MAPRING_CALLED && \
    (!defined __GNUC__ || (defined __GNUC_GNU_INLINE__ && !defined __cplusplus))
#define MAPRING_CALLED
#endif

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Makes the compiler check formats. The library formats as C17 says, on Windows, too. */
#if defined __MINGW32__ && defined __GNUC__ && !defined __clang__
#define MAPRING_PRINTF(text, values) __attribute__((format(gnu_printf, text, values)))
#elif defined __GNUC__
#define MAPRING_PRINTF(text, values) __attribute__((format(printf, text, values)))
#else
#define MAPRING_PRINTF(text, values)
#endif

#ifndef MAPRING_API
#define MAPRING_API
#endif
#if !defined MAPRING_HOT && defined MAPRING_CALLED
#define MAPRING_HOT MAPRING_API
#elif !defined MAPRING_HOT
#define MAPRING_HOT inline /* the library contains a copy, too */
#endif

#ifdef __cplusplus
extern "C" {
#endif

#define MAPRING_FOREVER         (-1)
#define MAPRING_CONSUMER_LIMIT  32
#define MAPRING_NAME_BYTES      64 /* a consumer's name, including its terminator */
#define MAPRING_CONTENT_BYTES   48 /* what the payloads are, including its terminator */
#define MAPRING_ORIGIN_BYTES    64 /* which ring another one repeats, including its terminator */
#define MAPRING_LATENCY_BUCKETS 240

enum mapring_result {
    MAPRING_OK = 0,

    MAPRING_NOTHING = 1,         /* there is no record */
    MAPRING_NO_ROOM = 2,         /* the ring is full */
    MAPRING_TIMED_OUT = 3,       /* the time limit passed first */
    MAPRING_PRODUCER_CLOSED = 4, /* all records read, and the producer closed: reported once */
    MAPRING_PRODUCER_DIED = 5,   /* all records read, and the producer died: reported once */
    MAPRING_CONSUMER_GONE = 6,   /* a consumer left or died with records unread */
    MAPRING_LOST = 7,            /* records are missing here; the record says which ones */
    MAPRING_DROPPED = 8,         /* no room: the record was counted and not written */
    MAPRING_REMOVED = 9,         /* the ring was removed: nobody can find it any more */

    MAPRING_ERROR_ARGUMENT = -1,          /* a null pointer or a value out of range */
    MAPRING_ERROR_NAME = -2,              /* not a valid name for a ring */
    MAPRING_ERROR_GEOMETRY = -3,          /* invalid capacity or slot size */
    MAPRING_ERROR_GEOMETRY_DIFFERS = -4,  /* the ring exists with other properties */
    MAPRING_ERROR_NOT_THERE = -5,         /* there is no such ring */
    MAPRING_ERROR_EXISTS = -6,            /* the ring already exists */
    MAPRING_ERROR_BEING_CREATED = -7,     /* another process is still creating it */
    MAPRING_ERROR_WRONG_KIND = -8,        /* the name belongs to something that is not a ring */
    MAPRING_ERROR_FOREIGN = -9,           /* a layout that this library cannot read */
    MAPRING_ERROR_DAMAGED = -10,          /* the ring is truncated, or its contents are invalid */
    MAPRING_ERROR_PERMISSION = -11,       /* not permitted */
    MAPRING_ERROR_NO_SPACE = -12,         /* not enough storage for the ring */
    MAPRING_ERROR_NO_MEMORY = -13,        /* not enough memory or address space in this process */
    MAPRING_ERROR_PRODUCER_TAKEN = -14,   /* the ring has a live producer */
    MAPRING_ERROR_CONSUMERS_FULL = -15,   /* the ring has 32 live consumers */
    MAPRING_ERROR_RECORD_TOO_LARGE = -16, /* larger than the ring's record limit */
    MAPRING_ERROR_BUFFER_TOO_SMALL = -17, /* the record does not fit; it stays in the ring */
    MAPRING_ERROR_NOTHING_HELD = -18,     /* nothing is reserved, or no records are held */
    MAPRING_ERROR_HELD = -19,             /* a reservation or records are still held */
    MAPRING_ERROR_FORKED = -20,           /* the handle belongs to the parent process */
    MAPRING_ERROR_IN_USE = -21,           /* a producer or a consumer is using the ring */
    MAPRING_ERROR_SYSTEM = -22,           /* any other failure of the system */
    MAPRING_ERROR_CONSUMER_TAKEN = -23,   /* a durable consumer of that name is attached */
    MAPRING_ERROR_POLICY = -24,           /* not possible with the ring's when_full or origin */
    MAPRING_ERROR_EVICTED = -25           /* the consumer was let go */
};

struct mapring_error {
    int code;       /* enum mapring_result */
    long system;    /* the underlying errno or GetLastError(), or 0 */
    char name[160]; /* the ring, as it was named by the caller, or its path in the directory of
                       MAPRING_DIR; long paths are cut */
    char text[512]; /* one sentence, including the system's own message if there is one */
    uint64_t reserved[4];
};

/* Returns what a result means, in a few words. Never NULL. Any thread may call it. */
MAPRING_API const char *mapring_result_text(int result);

/* Returns the last failure of the calling thread or, if there was one since, its last outcome other
 * than MAPRING_OK: `code` is then that outcome, `text` says what it means, and nothing else is set.
 * MAPRING_OK changes nothing. Never NULL; valid until this thread next calls a function of the
 * library. */
MAPRING_API const struct mapring_error *mapring_last_error(void);

/* Returns the version of the library in use, such as "0.1.0". */
MAPRING_API const char *mapring_version(void);

/* ---- The ring itself ------------------------------------------------------------------------ */

enum mapring_how { MAPRING_CREATE_OR_ATTACH, MAPRING_CREATE, MAPRING_ATTACH };
enum mapring_scope { MAPRING_LOCAL, MAPRING_GLOBAL }; /* for this user, or for the whole machine */

enum mapring_when_full {
    MAPRING_UNSPECIFIED, /* MAPRING_BLOCK, or what an existing ring does */
    MAPRING_BLOCK,       /* the producer waits for its consumers */
    MAPRING_DROP,        /* new records are dropped and counted; readers get MAPRING_LOST */
    MAPRING_OVERWRITE    /* old records are overwritten; only observers can read */
};

/* What is on the disk after the machine has failed. A process that dies loses nothing in any
 * case. */
enum mapring_sync {
    MAPRING_SYNC_NONE,     /* whatever the system happens to have written */
    MAPRING_SYNC_ON_CLOSE, /* everything up to the last time a producer closed */
    MAPRING_SYNC_INTERVAL  /* also everything older than sync_interval_ms */
};

/* All zero means: create the ring if it does not exist, with 1 MiB and slots of 16 bytes, for this
 * user only. */
struct mapring_options {
    enum mapring_how how;
    enum mapring_scope scope;
    uint64_t capacity_bytes; /* a power of two from 64 KiB to 64 TiB; 0: 1 MiB, or that of an
                                existing ring */
    uint32_t slot_bytes;     /* a power of two from 8 to 256; 0: 16, or that of an existing ring */
    uint32_t mode;           /* permission bits, as for chmod; 0: 0600, or those of an existing ring
                                (which Windows does not report). If some users may read but not
                                write, a second file holds what only writers may open */
    enum mapring_when_full when_full;
    enum mapring_sync sync;    /* for a file-backed ring; each producer sets its own */
    uint32_t sync_interval_ms; /* at least 1 with MAPRING_SYNC_INTERVAL */
    bool prefault;             /* maps all pages now, for this process: opening takes longer, and
                                  the first lap is as fast as later ones. Never causes a failure */
    bool huge;          /* moves the slots into pages of 2 MiB, for every process that opens the
                           ring from then on. Never causes a failure: without such pages, the ring
                           works as usual */
    bool on_numa_node;  /* places a new ring's memory on numa_node while that has room; */
    uint32_t numa_node; /* MAPRING_ERROR_ARGUMENT if the machine has no such node */
    bool trust_owner;   /* lets a producer open a ring of another user who is not root (or an
                           administrator): that user can read, change and lose what is sent, and
                           crash this process. Otherwise MAPRING_ERROR_PERMISSION */
    uint64_t dictionary_bytes; /* how much a new ring can take of what its producers define: up to
                                  1 GiB, rounded up to 64 KiB; 0: nothing, or what an existing ring
                                  can take */
    union {
        const char *content; /* what the payloads of a new ring are, such as "text/plain": up to 47
                                bytes of UTF-8; NULL: not said, or that of an existing ring */
        uint64_t reserved_content;
    };
    bool times; /* each record of a new ring says when it was committed, and takes 8 bytes more; an
                   existing ring must do so */
    uint8_t reserved_bytes[7];
    uint64_t max_lag_attached_bytes; /* for a new ring that blocks: how far behind an attached
                                        consumer may be; one that is further behind when the
                                        producer would have to wait for it is let go instead, as by
                                        mapring_consumer_evict(); 0: none, or what an existing ring
                                        does */
    union {
        const char *group; /* the group, by name or number, that a new ring belongs to: the mode is
                              then 0660 unless it is given, and the ring must be global or a file.
                              An existing ring must belong to it. NULL: the system decides. Not on
                              Windows: MAPRING_ERROR_ARGUMENT */
        uint64_t reserved_group;
    };
    union {
        const char *origin; /* which ring a new one repeats, by a text of 1 to 63 bytes of UTF-8; it
                               must block or overwrite. An existing ring must repeat the same one.
                               NULL: none; an existing one may repeat any, but not be written to:
                               MAPRING_ERROR_POLICY */
        uint64_t reserved_origin;
    };
    uint64_t first_sequence; /* sequence number of the first record of a new ring with an origin */
    uint64_t reserved[1];
};

struct mapring_ring;
typedef struct mapring_ring mapring_ring;

/* Creates or attaches a ring without becoming its producer or a consumer: to create it ahead of
 * time, to keep it alive (on Windows a named ring lives as long as a handle to it), or to call
 * mapring_stat(). NULL options are all zero. On failure nothing is created and *ring is NULL. Waits
 * up to 2 s for another process that is creating the same ring, then fails:
 * MAPRING_ERROR_BEING_CREATED. */
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
    MAPRING_CONSUMER_AWAY,   /* durable: its place is kept, and the producer waits for it */
    MAPRING_CONSUMER_LAPSED, /* durable, away for too long: the producer no longer waits for it */
    MAPRING_CONSUMER_EVICTED /* let go, and not closed yet: the same. It has its cell until then */
};

/* A consumer's ledger, as last published. It counts from where the consumer began to read: what was
 * sent since then = read_records + lost_records + pending_records. */
struct mapring_consumer_stat {
    unsigned cell;                 /* 0 to 31 */
    char name[MAPRING_NAME_BYTES]; /* empty if it gave none */
    enum mapring_consumer_state state;
    bool durable;
    bool alive;
    bool balanced;               /* the ledger adds up */
    bool asleep;                 /* it waits for records without using the processor */
    uint64_t process;            /* its process id; the last one, if it is away */
    uint64_t head;               /* its position: everything before it is released */
    uint64_t sequence;           /* sequence number of the record there */
    uint64_t first_sequence;     /* sequence number at which it began to read */
    uint64_t read_records;       /* records that it has released */
    uint64_t read_payload_bytes; /* payload bytes in them */
    uint64_t lost_records;       /* reported as lost: dropped, or overwritten while it was away; if
                                    it was let go and is not durable, all that it had not read */
    uint64_t pending_records;    /* records sent and not yet released */
    uint64_t pending_bytes;      /* the space that they take, including headers */
    uint64_t max_lag_bytes;      /* 0: no limit */
    uint64_t lag_ns;             /* age of the next record, in a ring with times; 0: has read all */
    /* From the commit of a record until it is read, in a ring with times: */
    uint64_t latency_samples;
    uint64_t latency_p50_ns, latency_p99_ns, latency_p999_ns; /* accurate to an eighth */
    uint64_t latency_max_ns;
    /* How often the producer has waited for this consumer, or an earlier one in the same cell: */
    uint64_t blocked_count;
    uint64_t blocked_ns;         /* in total */
    uint64_t blocked_longest_ns; /* the longest time */
    uint64_t reserved[7];
};

struct mapring_stat {
    uint64_t capacity_bytes;
    uint32_t slot_bytes;
    uint32_t layout_version;
    enum mapring_when_full when_full;
    uint64_t record_limit;    /* largest payload in bytes */
    uint64_t tail, horizon;   /* positions: they only grow */
    uint64_t sequence;        /* of the next record, or of the drops to be reported before it */
    uint64_t records;         /* committed since creation */
    uint64_t payload_bytes;   /* in them */
    uint64_t dropped_records; /* since creation, including those not yet reported to readers */
    uint64_t dropped_payload_bytes;
    uint64_t unread_records; /* sent, and not yet released by any consumer, attached or gone */
    bool balanced;           /* the counts agree, and every consumer's ledger adds up */
    enum mapring_producer_state producer_state;
    uint64_t producer_process; /* its process id, 0 before the first */
    bool consumers_hidden;     /* only users who may write see them; consumers is 0 */
    unsigned consumers;
    uint64_t created_ns;                 /* nanoseconds since 1970 */
    uint64_t dictionary_bytes;           /* size of the dictionary, 0: none */
    uint64_t dictionary_used_bytes;      /* by whole entries */
    char content[MAPRING_CONTENT_BYTES]; /* what the payloads are; empty: not said */
    bool times;                          /* the records have times */
    bool producer_waits;                 /* for room, or for the first consumer */
    int16_t blocking_cell;               /* the cell of the consumer it waits for, or -1 */
    uint32_t reserved_word;
    uint64_t blocked_since_ns;       /* since when it waits: nanoseconds since 1970 */
    uint64_t blocked_count;          /* how often any producer has waited, since creation */
    uint64_t blocked_ns;             /* in total */
    uint64_t evicted_count;          /* consumers that were let go while they were attached */
    uint64_t max_lag_attached_bytes; /* see struct mapring_options */
    uint64_t run; /* number of the producer that has the ring open, or of the last one: they count
                     from 1; 0 before the first */
    struct mapring_consumer_stat consumer[MAPRING_CONSUMER_LIMIT];
};

/* Reports what the ring holds and who uses it, without disturbing a running producer. Does not
 * block. */
MAPRING_API int mapring_stat(mapring_ring *ring, struct mapring_stat *stat);

/* Which ring another one repeats, and how far it has come. */
struct mapring_repetition {
    char origin[MAPRING_ORIGIN_BYTES]; /* as options.origin; empty: it repeats none */
    uint64_t first_sequence;           /* sequence number with which it began */
    uint64_t sequence;                 /* of what is to be repeated next */
    uint64_t run; /* number of the last run of the origin whose end was repeated; 0: none */
    uint64_t reserved[8];
};

/* Reports how far a ring repeats another one, without disturbing a running producer. Does not
 * block. */
MAPRING_API int mapring_repetition(mapring_ring *ring, struct mapring_repetition *repetition);

/* How long it took a consumer from the commit of a record until it had it. Bucket i counts times
 * below bound_ns[i], and not below the bound before it. */
struct mapring_latency {
    uint64_t samples; /* since the consumer began: the sum of the counts, or more */
    uint64_t longest_ns;
    uint64_t bound_ns[MAPRING_LATENCY_BUCKETS]; /* in the last one, UINT64_MAX */
    uint64_t count[MAPRING_LATENCY_BUCKETS];
    uint64_t reserved[6];
};

/* Reports the latencies of the consumer in a cell (0 to 31; mapring_stat() says which cells are in
 * use), of a ring with times. A consumer notes them for the first record after a wait and for one
 * in 64 otherwise, of those that were committed after it attached. A new consumer begins anew; a
 * durable one continues when it comes back. Before a count exceeds 32 bits, all counts are halved.
 * Does not block. */
MAPRING_API int mapring_latency(mapring_ring *ring, unsigned cell, struct mapring_latency *latency);

/* Removes a ring: nobody can find it any more, and those who have it open get MAPRING_REMOVED.
 * Without `force`, needs write permission, and fails with MAPRING_ERROR_IN_USE while a producer or
 * consumer is alive, or if another process is still creating the ring after 2 s. With `force`, also
 * removes any other regular file that has the name of a named ring, but never a file that was given
 * as a path and is not a ring. On Windows a named ring cannot be removed, since it vanishes with
 * its last handle: MAPRING_ERROR_IN_USE. */
MAPRING_API int mapring_remove(const char *name, enum mapring_scope scope, bool force);

enum mapring_prune {
    MAPRING_PRUNE_DURABLE = 1, /* also if a durable consumer is away, which loses its place */
    MAPRING_PRUNE_LOOK = 2     /* removes nothing: only says whether it would */
};

/* Removes a ring if it is left over: its producer has closed or died, or its creator died before it
 * was ready, and it has no consumers; or if all that is left of it is its second file. Records that
 * were not read are lost. Otherwise fails as mapring_remove() does, and with MAPRING_ERROR_IN_USE
 * if there has been no producer yet, or a durable consumer is away; the error text says which. All
 * of this is checked while nobody can open the ring. */
MAPRING_API int mapring_prune(const char *name, enum mapring_scope scope, unsigned flags);

/* Calls `found` with the name of each named ring in the scope until it returns false. In the local
 * scope, these are the user's own rings. A ring that is there all the while is found once, whatever
 * is made or removed meanwhile, in `found` or elsewhere; one that comes or goes may be found or not.
 * Fails with MAPRING_ERROR_NO_MEMORY, or as the system does. Does not block. */
MAPRING_API int mapring_list(enum mapring_scope scope,
                             bool (*found)(const char *name, void *context), void *context);

/* ---- Producer ------------------------------------------------------------------------------- */

struct mapring_producer;
typedef struct mapring_producer mapring_producer;

/* Creates or attaches a ring as the options say (NULL: all zero) and becomes its producer. If an
 * earlier producer has closed or died, continues after its last committed record, with the next
 * sequence number. Fails with MAPRING_ERROR_PRODUCER_TAKEN while another producer is alive, and
 * otherwise as mapring_open(). On failure *producer is NULL. */
MAPRING_API int mapring_producer_open(mapring_producer **producer, const char *name,
                                      const struct mapring_options *options);

/* Ends the run: discards an uncommitted reservation, reports the end to the readers, writes the
 * file to its disk if options.sync asked for that (call mapring_producer_sync() first to learn
 * whether it succeeds), and frees the handle. NULL is accepted. */
MAPRING_API void mapring_producer_close(mapring_producer *producer);

/* Returns the largest payload of a record in bytes: half of the capacity less 8, or less 16 in a
 * ring with times, and less than 2^30. */
MAPRING_API size_t mapring_producer_record_limit(const mapring_producer *producer);

/* Reserves a record of up to `bytes` bytes and points *payload to its place in the mapping (aligned
 * to 8 bytes). Nobody sees the record before the commit. Only one reservation can be open at a
 * time: MAPRING_ERROR_HELD (also if another thread uses this handle against the rules).
 * MAPRING_ERROR_RECORD_TOO_LARGE if `bytes` exceeds the record limit. If the slowest consumer
 * leaves no room, MAPRING_NO_ROOM with a timeout of 0, otherwise MAPRING_TIMED_OUT. A ring that
 * drops never waits: it counts the record and returns MAPRING_DROPPED. A ring that overwrites
 * always has room. Makes no system call while there is room. */
MAPRING_HOT int mapring_producer_reserve(mapring_producer *producer, size_t bytes, void **payload,
                                         int64_t timeout_ns);

/* Makes the reserved record visible, with the first `bytes` bytes that were reserved. If `bytes` is
 * more than that, MAPRING_ERROR_ARGUMENT, and the reservation stays as it was.
 * MAPRING_ERROR_NOTHING_HELD if nothing is reserved. Never blocks; makes a system call only if a
 * consumer sleeps. */
MAPRING_HOT int mapring_producer_commit(mapring_producer *producer, size_t bytes);

/* As mapring_producer_commit(), and marks the record as continued by the next one, whichever that
 * is. For data that is longer than the record limit, or whose end is not known yet. If this
 * producer ends before the next record, the data is cut short: the next producer's first record
 * does not continue it. */
MAPRING_API int mapring_producer_commit_part(mapring_producer *producer, size_t bytes);

/* Cancels the reservation. MAPRING_ERROR_NOTHING_HELD if nothing is reserved. Does not block. */
MAPRING_API int mapring_producer_abort(mapring_producer *producer);

/* Reserves, copies and commits a record of `bytes` bytes. `data` may be NULL if `bytes` is 0.
 * Results as for mapring_producer_reserve(). */
MAPRING_API int mapring_producer_send(mapring_producer *producer, const void *data, size_t bytes,
                                      int64_t timeout_ns);

/* Sends a record of text as printf() would write it, without the terminator. It is formatted in its
 * place in the ring; text of 256 bytes or more, and text that may have no room, is first formatted
 * to learn its length. The text must be shorter than the record limit: it is never cut or split, so
 * MAPRING_ERROR_RECORD_TOO_LARGE. MAPRING_ERROR_ARGUMENT if it cannot be formatted, such as a wide
 * character that the locale does not have. Other results as for mapring_producer_send(). */
MAPRING_API int mapring_producer_printf(mapring_producer *producer, int64_t timeout_ns,
                                        const char *format, ...) MAPRING_PRINTF(3, 4);
MAPRING_API int mapring_producer_vprintf(mapring_producer *producer, int64_t timeout_ns,
                                         const char *format, va_list values) MAPRING_PRINTF(3, 0);

/* Sends a record that the next one continues, as mapring_producer_commit_part() does;
 * mapring_producer_send() sends the last part. In a ring that drops, once a part is dropped, the
 * parts after it and the last one are dropped, too; otherwise, what is left would look like a
 * whole. A record that is reserved, and a batch, always begin something new. */
MAPRING_API int mapring_producer_send_part(mapring_producer *producer, const void *data,
                                           size_t bytes, int64_t timeout_ns);

struct mapring_buffer {
    const void *data;
    size_t bytes;
};

/* Sends `count` records (at least 1), which become visible all at once or, if the call fails or
 * this process dies, not at all. Together they may take as much space as one record of the largest
 * size: MAPRING_ERROR_RECORD_TOO_LARGE. Other results as for mapring_producer_reserve(). */
MAPRING_API int mapring_producer_send_batch(mapring_producer *producer,
                                            const struct mapring_buffer *records, size_t count,
                                            int64_t timeout_ns);

struct mapring_record;

/* In a ring with an origin, writes a record or, if record->lost_records is not 0, a loss, as it was
 * read from the origin: payload, bytes, continued, time_ns, time_uncertainty_ns; or lost_bytes and
 * lost_until_ns, too. Readers get exactly these times, except that one before that of an earlier
 * record is raised to that. record->sequence must be that of the next record, and times must be
 * below 2^63: otherwise MAPRING_ERROR_ARGUMENT, and nothing is written. MAPRING_ERROR_POLICY if the
 * ring has no origin, just as a ring with one refuses what is sent in other ways. Other results as
 * for mapring_producer_send(); it does not drop. Call with a timeout of 0 if you must not wait. */
MAPRING_API int mapring_producer_repeat(mapring_producer *producer,
                                        const struct mapring_record *record, int64_t timeout_ns);

/* In a ring with an origin, writes that its run with that number, from 1 to 2^30 - 1, ended here:
 * readers report MAPRING_PRODUCER_DIED or MAPRING_PRODUCER_CLOSED. Returns MAPRING_OK without
 * writing anything if the end of this run, or a later one, is in the ring already, whoever wrote it;
 * so call it again if you do not know whether it succeeded. Ends of runs with nothing between them
 * may be reported as one, with the first number. Other results as for mapring_producer_repeat(). */
MAPRING_API int mapring_producer_end_run(mapring_producer *producer, uint64_t run, bool died,
                                         int64_t timeout_ns);

/* Waits until at least `count` consumers (at most 32) are attached. MAPRING_TIMED_OUT if they are
 * not. */
MAPRING_API int mapring_producer_wait_consumers(mapring_producer *producer, unsigned count,
                                                int64_t timeout_ns);

/* Waits until everything committed has been read: all attached consumers have released it, and at
 * least one consumer, attached or gone, has done so. If there has been none, waits for one. Does
 * not wait for observers; in a ring that overwrites, returns MAPRING_OK at once. A consumer
 * publishes its releases after each eighth of the ring, when it looks for the next record, and when
 * it closes; what it skips by seeking counts as read.
 *
 * MAPRING_CONSUMER_GONE if the attached consumers have read everything, but another one closed or
 * died with records unread after this producer opened the ring, or after this was last reported;
 * also as long as a durable consumer is away and has not read everything. MAPRING_TIMED_OUT if the
 * time limit passes first. */
MAPRING_API int mapring_producer_drain(mapring_producer *producer, int64_t timeout_ns);

/* While quiet, commits wake nobody. Sleeping consumers notice records when mapring_producer_wake()
 * is called or, at the latest, when they look again after 100 ms. Does not block. */
MAPRING_API int mapring_producer_quiet(mapring_producer *producer, bool quiet);

/* Wakes all sleeping consumers, including those that wait for more bytes. Does not block.
 * MAPRING_REMOVED if the ring has been removed. A producer that always has room learns of
 * mapring_remove() at its second record after it; if the file was removed in another way, only from
 * this call, mapring_producer_drain() and mapring_producer_wait_consumers(). */
MAPRING_API int mapring_producer_wake(mapring_producer *producer);

/* Adds an entry to the ring's dictionary, or finds the same one: of that kind (not 0) and with the
 * same `bytes` bytes. *offset is then where it is, as long as the ring exists. Unlike records,
 * entries are never overwritten: they hold what records refer to, such as formats, names and
 * schemas. The entries of earlier producers stay. MAPRING_NO_ROOM if the dictionary is full, or the
 * ring has none (options.dictionary_bytes); an entry takes 16 bytes more than its payload, rounded
 * up to 8. Does not block. */
MAPRING_API int mapring_producer_define(mapring_producer *producer, uint32_t kind,
                                        const void *payload, size_t bytes, uint64_t *offset);

/* Writes a file-backed ring to its disk. Also fails if an earlier write at intervals has failed.
 * Blocks for as long as the disk takes. */
MAPRING_API int mapring_producer_sync(mapring_producer *producer);

/* ---- Consumer ------------------------------------------------------------------------------- */

struct mapring_consumer;
typedef struct mapring_consumer mapring_consumer;

/* Where a reader begins, or continues. If what MAPRING_UNREAD, MAPRING_AT_SEQUENCE or MAPRING_RUN
 * asks for is no longer kept, MAPRING_LOST comes first and says what is missing before the oldest
 * record. */
enum mapring_from {
    MAPRING_UNREAD,      /* after the last record that any consumer, attached or gone, is known to
                            have released; the oldest if there has been no consumer, and for
                            observers */
    MAPRING_OLDEST,      /* the oldest record that is neither overwritten nor about to be */
    MAPRING_NEWEST,      /* the next record to come; earlier drops are not reported */
    MAPRING_AT_SEQUENCE, /* the record with a given number; if it is not there yet, the next record
                            to come */
    MAPRING_RUN          /* the first record of the producer that is open or, if there is none, of
                            the next one; the end of the last run is then not reported */
};

struct mapring_consumer_options {
    enum mapring_scope scope;
    enum mapring_from from; /* with all options zero, successive consumers read each record once */
    uint64_t sequence;      /* with MAPRING_AT_SEQUENCE */
    const char *name;       /* shown by mapring_stat(), at most 63 bytes; NULL: none */
    bool durable; /* keeps its place, to be found again by name; `from` applies to the first time
                     only */
    uint64_t max_lag_bytes; /* for a durable consumer: how far behind it may be while away before
                               the producer overtakes it and the loss is reported to it; 0: without
                               limit */
    uint64_t wake_bytes;    /* once asleep, wakes when this many bytes are there, or the ring is
                               full ... */
    int64_t wake_delay_ns;  /* ... or this long after the first record came, but no later than the
                               call's time limit or the end of the producer; 0: at the first
                               record */
    bool prefault;          /* as in struct mapring_options */
    bool wait_producer;     /* if no producer is there, waits for the next one: the end of the last
                               run is not reported */
    bool every_run;         /* also reports the ends of earlier runs that lie in what it will read:
                               record.run says which. A consumer begins with the end of the latest
                               run otherwise, and a durable one that comes back may be told of that
                               again. Not together with wait_producer */
    uint8_t reserved_bytes[7];
    uint64_t reserved[7];
};

struct mapring_record {
    const void *payload; /* aligned to 8 bytes when it points into the ring */
    size_t bytes;
    uint64_t sequence; /* counts from 0 at the ring's creation, including dropped records */
    bool continued;    /* the next record continues this one: a part of something longer */
    bool continues;    /* continues the previous record that this handle returned; false where
                          records were lost between the two, or a run ended */
    /* With MAPRING_LOST only; `sequence` is then that of the first lost record: */
    uint64_t lost_records;
    uint64_t lost_bytes; /* payload bytes in them, 0 when unknown */
    /* In a ring with times, otherwise 0: */
    uint64_t time_ns; /* when the record was committed, or the first one lost: nanoseconds since
                         1970; never before that of an earlier record; 0 when unknown */
    uint64_t time_uncertainty_ns; /* how far that may be from the system's clock */
    uint64_t lost_until_ns; /* with MAPRING_LOST: when the last one was lost; 0 when unknown */
    uint64_t
        run; /* with MAPRING_PRODUCER_CLOSED and MAPRING_PRODUCER_DIED only: which run ended, as
                     in struct mapring_stat; in a ring with an origin, which one of the origin, or 0
                     if its own producer ended */
};

/* Becomes a consumer of an existing ring and takes one of its 32 cells. From then on, the producer
 * waits for this consumer when the ring is full. The slots are mapped read-only. NULL options are
 * all zero. A durable consumer continues after its last release, so that it gets every record at
 * least once; each of its releases is published at once. MAPRING_ERROR_CONSUMERS_FULL if all cells
 * are taken, MAPRING_ERROR_CONSUMER_TAKEN if a durable consumer of that name is attached,
 * MAPRING_ERROR_POLICY if the ring overwrites. On failure *consumer is NULL. */
MAPRING_API int mapring_consumer_open(mapring_consumer **consumer, const char *name,
                                      const struct mapring_consumer_options *options);

/* Frees the cell and the handle; records that were not released count as unread. The cell of a
 * durable consumer stays, and the next one to open it gets these records again. NULL is
 * accepted. */
MAPRING_API void mapring_consumer_close(mapring_consumer *consumer);

/* Returns the next record, in place and valid until it is released. May be called again before a
 * release; all of these records are then held. If there is none, MAPRING_NOTHING with a timeout of
 * 0, otherwise MAPRING_TIMED_OUT. MAPRING_LOST where records are missing: nothing is held for that,
 * so call again for the next record. MAPRING_ERROR_DAMAGED, for good, if the ring's contents are
 * invalid.
 *
 * MAPRING_PRODUCER_CLOSED or MAPRING_PRODUCER_DIED comes once for each producer, after its last
 * record; the next call waits for the records of the next producer. The end of a producer that sent
 * nothing may be reported together with that of another one. A consumer that attaches when no
 * producer is there is told how the last one ended, unless it waits for the next one
 * (wait_producer).
 *
 * Makes no system call while records are there. While records keep coming without a pause, a call
 * that may wait and finds none first lets them gather for 4 us, which makes both sides faster. */
MAPRING_HOT int mapring_consumer_next(mapring_consumer *consumer, struct mapring_record *record,
                                      int64_t timeout_ns);

/* Returns the records that are there, at least 1 and at most `limit` (not 0), and sets *count to
 * their number. Waits for the first one only. Results as for mapring_consumer_next(). */
MAPRING_API int mapring_consumer_next_batch(mapring_consumer *consumer,
                                            struct mapring_record *records, size_t limit,
                                            size_t *count, int64_t timeout_ns);

/* Releases all records held. MAPRING_ERROR_NOTHING_HELD if there are none. MAPRING_ERROR_EVICTED if
 * this consumer was let go (mapring_consumer_evict(), options.max_lag_attached_bytes): what was held
 * may have been overwritten while it was read. Does not block. */
MAPRING_HOT int mapring_consumer_release(mapring_consumer *consumer);

/* A place that a consumer has come to, up to which it can release later. */
struct mapring_mark {
    uint64_t sequence; /* of the record after it, or of the drops to be reported before that */
    uint64_t reserved[7];
};

/* For consumers that have several things in progress: mapring_consumer_mark() stores where the
 * consumer is, behind what it was told last, and mapring_consumer_release_to() releases everything
 * before that place; what it was told since stays held. With options.every_run, that includes losses
 * and ends of runs.
 *
 * A mark that lies before what is held releases nothing. MAPRING_ERROR_ARGUMENT if it lies beyond
 * where the consumer is, as another consumer's may. mapring_consumer_seek() makes marks void. Other
 * results as for mapring_consumer_release(). Do not block. */
MAPRING_API int mapring_consumer_mark(mapring_consumer *consumer, struct mapring_mark *mark);
MAPRING_API int mapring_consumer_release_to(mapring_consumer *consumer,
                                            const struct mapring_mark *mark);

/* Copies the next record into `buffer` and releases it; record->payload is then `buffer`. If it
 * does not fit, MAPRING_ERROR_BUFFER_TOO_SMALL: record->bytes is the size required, and the record
 * stays in the ring. MAPRING_ERROR_HELD while records are held. Other results as for
 * mapring_consumer_next(). */
MAPRING_API int mapring_consumer_receive(mapring_consumer *consumer, void *buffer,
                                         size_t buffer_bytes, struct mapring_record *record,
                                         int64_t timeout_ns);

/* Waits until a live producer has the ring open, whether or not records of an earlier one are still
 * unread. MAPRING_TIMED_OUT if there is none. */
MAPRING_API int mapring_consumer_wait_producer(mapring_consumer *consumer, int64_t timeout_ns);

/* Continues elsewhere, with a ledger that begins there; what is skipped is not reported. Until the
 * consumer moves past them, the records that it has not read are kept for it: MAPRING_OLDEST is
 * never after its next record. MAPRING_ERROR_HELD while records are held. Does not block. */
MAPRING_API int mapring_consumer_seek(mapring_consumer *consumer, enum mapring_from from,
                                      uint64_t sequence);

/* Removes a durable consumer and frees its cell. MAPRING_ERROR_NOT_THERE if the ring has no durable
 * consumer of that name, MAPRING_ERROR_CONSUMER_TAKEN while it is attached. Waits up to 2 s for a
 * process that creates the ring, opens or removes a durable consumer, or removes the ring. */
MAPRING_API int mapring_consumer_remove(const char *name, enum mapring_scope scope,
                                        const char *consumer);

/* Lets the attached consumer in a cell (0 to 31; mapring_stat() says which ones are in use) go, for
 * example because its process is stuck: the producer no longer waits for it. What it has not read
 * is lost to it, and counts as left unread for mapring_producer_drain(). A durable consumer that was
 * let go has lapsed: when it is opened again, it continues where it was, or with MAPRING_LOST.
 *
 * The consumer learns of it from MAPRING_ERROR_EVICTED, which its next call returns, except that
 * mapring_consumer_next() and mapring_consumer_next_batch() may still return what looks like records
 * until it releases them; one that waits is woken, and its wait handle becomes ready. From then on
 * all its calls fail so, and it can only be closed. It has its cell, and a durable one its name, until it is closed or its process ends.
 *
 * What it reads in place meanwhile may be overwritten while it reads. It is never outside of the
 * ring, but it may be a mixture of old and new records, or anything. What was read is good if
 * mapring_consumer_release() then returns MAPRING_OK, or mapring_consumer_is_valid() true, for the
 * whole of what was held; if not, none of it can be relied on, although some of it may have been
 * read before. mapring_consumer_receive() returns only what is good.
 *
 * MAPRING_ERROR_NOT_THERE if no consumer is attached in that cell, MAPRING_ERROR_EVICTED if it was
 * let go before, MAPRING_ERROR_ARGUMENT if `cell` is too large. Needs write permission; any process
 * may call it at any time, also several at once. Does not block. */
MAPRING_API int mapring_consumer_evict(const char *name, enum mapring_scope scope, unsigned cell);

/* Returns whether what was read of the records that are held is good: false if the consumer was let
 * go, or cannot be used for another reason. Does not block. */
MAPRING_API bool mapring_consumer_is_valid(const mapring_consumer *consumer);

/* ---- Observer ------------------------------------------------------------------------------- */

struct mapring_observer;
typedef struct mapring_observer mapring_observer;

struct mapring_observer_options {
    enum mapring_scope scope;
    enum mapring_from from;      /* any but MAPRING_AT_SEQUENCE */
    enum mapring_from after_lap; /* where to continue after records were lost, as `from`; if it is
                                    lapped there before it has read a record, a quarter of the ring
                                    further on */
    bool prefault;               /* as in struct mapring_options */
    bool wait_producer;          /* as in struct mapring_consumer_options */
    uint64_t reserved[8];
};

/* Opens a ring to read it without a cell: the ring is opened and mapped read-only, nobody waits for
 * an observer, and there may be any number of them. Read permission is enough. NULL options are all
 * zero. On failure *observer is NULL. */
MAPRING_API int mapring_observer_open(mapring_observer **observer, const char *name,
                                      const struct mapring_observer_options *options);
MAPRING_API void mapring_observer_close(mapring_observer *observer); /* NULL is accepted */

/* Copies the next record. MAPRING_LOST if the producer has overwritten it: `record` says exactly
 * which records are missing, and the next call continues after them. Other results as for
 * mapring_consumer_receive(). Nobody wakes an observer, so a wait polls: at first every 50 us, then
 * less and less often, down to every 2 ms. */
MAPRING_API int mapring_observer_receive(mapring_observer *observer, void *buffer,
                                         size_t buffer_bytes, struct mapring_record *record,
                                         int64_t timeout_ns);

/* Returns the next record in place. It may be overwritten while it is being read: what was read can
 * be relied on only if mapring_observer_is_valid() returns true afterwards. */
MAPRING_API int mapring_observer_next(mapring_observer *observer, struct mapring_record *record,
                                      int64_t timeout_ns);
MAPRING_API bool mapring_observer_is_valid(const mapring_observer *observer);

/* ---- Image: what a ring holds, post mortem -------------------------------------------------- */

struct mapring_image;
typedef struct mapring_image mapring_image;

/* Opens a ring to read it without mapping or modifying it, whether or not anybody uses it: the file
 * of a ring, a copy of one, even from another system or truncated, or a raw dump of the mapping. Of
 * a running ring, reads what is there now. On failure *image is NULL. */
MAPRING_API int mapring_image_open(mapring_image **image, const char *name,
                                   enum mapring_scope scope);
MAPRING_API void mapring_image_close(mapring_image *image); /* NULL is accepted */

/* Returns the next record, beginning with the oldest; its payload is valid until the next call.
 * MAPRING_LOST where records were dropped, MAPRING_NOTHING at the end, MAPRING_ERROR_DAMAGED at an
 * invalid place; the error text then gives its offset in the file. Does not block. */
MAPRING_API int mapring_image_next(mapring_image *image, struct mapring_record *record);

/* Returns the offset in the file at which the last record read ends. */
MAPRING_API uint64_t mapring_image_offset(const mapring_image *image);

/* ---- Dictionary: what producers have defined ------------------------------------------------ */

struct mapring_dictionary;
typedef struct mapring_dictionary mapring_dictionary;

struct mapring_entry {
    const void *payload;
    size_t bytes;
    uint32_t kind;
    uint64_t offset; /* in the dictionary */
    uint64_t reserved[4];
};

/* Opens a ring to read its dictionary, without mapping or modifying it, whether or not anybody uses
 * the ring: it can be the same as for mapring_image_open(). Read permission is enough. A ring
 * without a dictionary has an empty one. On failure *dictionary is NULL. */
MAPRING_API int mapring_dictionary_open(mapring_dictionary **dictionary, const char *name,
                                        enum mapring_scope scope);
MAPRING_API void mapring_dictionary_close(mapring_dictionary *dictionary); /* NULL is accepted */

/* Return the next entry, beginning with the first one, or the one at an offset. Its payload is a
 * copy, valid until the next call. MAPRING_NOTHING if there is none there yet: it may be called
 * again, and finds what has been added since. MAPRING_ERROR_DAMAGED if no valid entry is there. Do
 * not block. */
MAPRING_API int mapring_dictionary_next(mapring_dictionary *dictionary,
                                        struct mapring_entry *entry);
MAPRING_API int mapring_dictionary_at(mapring_dictionary *dictionary, uint64_t offset,
                                      struct mapring_entry *entry);

/* ---- Event loops ---------------------------------------------------------------------------- */

/* A file descriptor for poll(), epoll and the like or, on Windows, an event HANDLE for
 * WaitForMultipleObjects(). It belongs to the producer or consumer and is closed with it. */
typedef intptr_t mapring_handle;

/* mapring_consumer_wait_handle() creates the handle, and a thread that serves it.
 * mapring_consumer_arm() returns MAPRING_OK if there is something to read or report: then read
 * until nothing is there, and arm again. It returns MAPRING_NOTHING otherwise: then wait for the
 * handle, and read. The handle becomes ready once after each MAPRING_NOTHING, when a record is
 * there, a run has ended, or a producer has come.
 *
 * Arming clears an earlier readiness. Other calls leave an armed handle as it is: it also becomes
 * ready if they have already read what came. To wait for a producer, arm and then call
 * mapring_consumer_wait_producer() with a timeout of 0. The producer makes the system call of a
 * wake-up only while the handle is armed; the thread sleeps in the meantime. To arm without a
 * handle is MAPRING_ERROR_ARGUMENT. */
MAPRING_API int mapring_consumer_wait_handle(mapring_consumer *consumer, mapring_handle *handle);
MAPRING_API int mapring_consumer_arm(mapring_consumer *consumer);

/* The same for a producer: the handle becomes ready when a record of `bytes` bytes, as armed for
 * last, has room or may have room. mapring_producer_arm() returns MAPRING_OK if there is room now,
 * MAPRING_NOTHING otherwise, MAPRING_REMOVED if the ring has been removed, and
 * MAPRING_ERROR_ARGUMENT if `bytes` exceeds the record limit. */
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
