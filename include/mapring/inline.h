/* SPDX-License-Identifier: MIT */
/*
 * The hot path of mapring.h, inlined into its callers. Nothing here is part of the interface: the
 * manual is mapring.h. The names of the functions that the inlined code falls back to, mapring1_*,
 * are its version: a library with other structures has other names, so that an old program does not
 * link with it.
 */
#ifndef MAPRING_INLINE_H
#define MAPRING_INLINE_H

#ifdef __cplusplus
extern "C" {
#endif

/* What every handle begins with: whether it can be used, and the ring's geometry, which is read
 * from the mapping once, checked and kept here. The words in the mapping are not trusted later. */
struct mapring_hot {
    int broken; /* once not MAPRING_OK, the result of every call */
    int slow;   /* MAPRING_SLOW, MAPRING_TIMES */
    unsigned char *slots;
    uint64_t mask;         /* capacity - 1 */
    uint64_t slot_mask;    /* slot size - 1 */
    uint64_t record_limit; /* largest payload */
};

/* Positions and counts are those of src/layout.h. */
struct mapring_producer_hot {
    struct mapring_hot ring;
    uint64_t position; /* of the next record: the private tail */
    uint64_t sequence;
    uint64_t payload_bytes;
    uint64_t limit;         /* it may write up to here without further checks */
    uint64_t fetched;       /* more lines are fetched when it is passed */
    uint64_t reserved_span; /* of the reserved record; 0: none */
    uint64_t reserved_bytes;
    mapring_word *tail;
    uint32_t *wait_set;
    /* In a ring with times, values of the processor's counter: */
    uint64_t counter;        /* of what was written last, or dropped: never goes back */
    uint64_t counter_looked; /* when the library last looked at the system's clock */
    uint64_t counter_every;  /* counts after which it is to look again */
};

struct mapring_cursor {
    uint64_t position;
    uint64_t sequence;
    uint64_t payload_bytes; /* read so far */
    uint64_t lost_records;
};

struct mapring_reader_hot {
    struct mapring_hot ring;
    struct mapring_cursor cursor; /* the next record to hand out */
    uint64_t published;           /* the head that the producer knows */
    uint64_t publish_every;       /* released bytes after which to publish; 0: at each release */
    struct mapring_cursor released;
    /* If either is set, the inlined function calls the library. */
    bool called;           /* a loss is to be reported first, or the records have times */
    bool continues;        /* the next record continues the one handed out last */
    const uint32_t *state; /* of the consumer's cell */
};

MAPRING_API int mapring1_producer_reserve(struct mapring_producer *producer, size_t bytes,
                                          void **payload, int64_t timeout_ns);
MAPRING_API int mapring1_producer_commit(struct mapring_producer *producer, size_t bytes);
MAPRING_API void mapring1_producer_wake(struct mapring_producer *producer);
MAPRING_API int mapring1_consumer_next(struct mapring_consumer *consumer,
                                       struct mapring_record *record, int64_t timeout_ns);
MAPRING_API int mapring1_consumer_release(struct mapring_consumer *consumer);
MAPRING_API void mapring1_consumer_publish(struct mapring_consumer *consumer);

#ifdef __cplusplus
#define MAPRING_CAST(type, value) static_cast<type>(value)
#else
#define MAPRING_CAST(type, value) ((type)(value))
#endif
#define MAPRING_PRODUCER_HOT(producer) \
    MAPRING_CAST(struct mapring_producer_hot *, MAPRING_CAST(void *, producer))
#define MAPRING_READER_HOT(consumer) \
    MAPRING_CAST(struct mapring_reader_hot *, MAPRING_CAST(void *, consumer))
#define MAPRING_UNLIKELY(condition) __builtin_expect(!!(condition), 0)

/* Bits of mapring_hot.slow. The second is also the size of the counter, which records with times
 * have after the commit word. */
#define MAPRING_SLOW  1 /* every call of the producer goes to the library */
#define MAPRING_TIMES 8 /* the records have times; in the handles of readers, too */

/* The bit in *mapring_reader_hot.state that says that the consumer was let go. */
#define MAPRING_LET_GO 2u

/* A record is a commit word, which has kind, length and sequence number, and the payload after it,
 * rounded up to slots: see src/layout.h. All other code uses these functions for that. */
#define MAPRING_WORD_BYTES   8
#define MAPRING_KIND_SHIFT   62
#define MAPRING_LENGTH_SHIFT 32
#define MAPRING_LENGTH_MASK  UINT32_C(0x3fffffff)
#define MAPRING_DATA         1u /* a bit: kinds that carry data are odd */
#define MAPRING_CONTINUED    3u

MAPRING_HOT uint64_t mapring1_commit_word(unsigned kind, uint64_t bytes, uint64_t sequence)
{
    return MAPRING_CAST(uint64_t, kind) << MAPRING_KIND_SHIFT | bytes << MAPRING_LENGTH_SHIFT |
           MAPRING_CAST(uint32_t, sequence);
}

MAPRING_HOT unsigned mapring1_kind(uint64_t word)
{
    return MAPRING_CAST(unsigned, word >> MAPRING_KIND_SHIFT);
}

MAPRING_HOT uint32_t mapring1_bytes(uint64_t word)
{
    return MAPRING_CAST(uint32_t, word >> MAPRING_LENGTH_SHIFT) & MAPRING_LENGTH_MASK;
}

MAPRING_HOT uint32_t mapring1_sequence(uint64_t word)
{
    return MAPRING_CAST(uint32_t, word);
}

MAPRING_HOT uint64_t mapring1_round(const struct mapring_hot *ring, uint64_t bytes)
{
    return (bytes + ring->slot_mask) & ~ring->slot_mask;
}

/* The size of a record's header: the commit word and, with times, the counter. */
MAPRING_HOT uint64_t mapring1_header(const struct mapring_hot *ring)
{
    return MAPRING_WORD_BYTES + (MAPRING_CAST(unsigned, ring->slow) & MAPRING_TIMES);
}

MAPRING_HOT uint64_t mapring1_span(const struct mapring_hot *ring, uint64_t payload_bytes)
{
    return mapring1_round(ring, MAPRING_WORD_BYTES + payload_bytes);
}

MAPRING_HOT unsigned char *mapring1_at(const struct mapring_hot *ring, uint64_t position)
{
    return ring->slots + (position & ring->mask);
}

MAPRING_HOT mapring_word *mapring1_word(const struct mapring_hot *ring, uint64_t position)
{
    return MAPRING_CAST(mapring_word *, MAPRING_CAST(void *, mapring1_at(ring, position)));
}

MAPRING_HOT unsigned char *mapring1_payload(const struct mapring_hot *ring, uint64_t position)
{
    return mapring1_at(ring, position) + MAPRING_WORD_BYTES;
}

/* Whether the word could be the header of that record, without regard to its kind. */
MAPRING_HOT bool mapring1_fits(const struct mapring_hot *ring, uint64_t word, uint64_t sequence)
{
    if (MAPRING_UNLIKELY(mapring1_sequence(word) != MAPRING_CAST(uint32_t, sequence)))
        return false;
    return mapring1_bytes(word) <= ring->record_limit;
}

/* `continues`: the record continues the one before it. */
MAPRING_HOT void mapring1_describe(struct mapring_record *record, const void *payload,
                                   uint64_t word, uint64_t sequence, bool continues)
{
    record->payload = payload;
    record->bytes = mapring1_bytes(word);
    record->sequence = sequence;
    record->continued = mapring1_kind(word) == MAPRING_CONTINUED;
    record->continues = continues;
}

/* Hands out the record at the cursor, whose commit word is `word` and fits, and advances. `header`:
 * the size of its header. */
MAPRING_HOT void mapring1_take(const struct mapring_hot *ring, struct mapring_cursor *cursor,
                               uint64_t header, const void *payload, uint64_t word, bool continues,
                               struct mapring_record *record)
{
    mapring1_describe(record, payload, word, cursor->sequence, continues);
    cursor->position += mapring1_round(ring, header + mapring1_bytes(word));
    cursor->sequence++;
    cursor->payload_bytes += mapring1_bytes(word);
    record->time_ns = 0;
    record->time_uncertainty_ns = 0;
}

/* docs/decisions.md says what else was tried. */
#define MAPRING_LINE_BYTES  64
#define MAPRING_AHEAD_BYTES 1024
#define MAPRING_CHUNK_BYTES 256
#define MAPRING_LARGE_BYTES 2048
#define MAPRING_LONE_BYTES  512

/* Fetches the lines ahead for writing, a few at a time, so that they come from the readers' caches
 * while others are written. Large records are written faster without it. */
MAPRING_HOT void mapring1_fetch_ahead(struct mapring_producer_hot *hot, uint64_t next)
{
    uint64_t line = hot->fetched;
    if (MAPRING_CAST(int64_t, next - line) <= 0)
        return;
    if (next - line > MAPRING_LARGE_BYTES) {
        hot->fetched = next - next % MAPRING_LINE_BYTES;
        return;
    }
    for (; MAPRING_CAST(int64_t, next + MAPRING_CHUNK_BYTES - line) > 0; line += MAPRING_LINE_BYTES)
        mapring_fetch_for_writing(mapring1_at(&hot->ring, line + MAPRING_AHEAD_BYTES));
    hot->fetched = line;
}

/* Fetches all lines of a record for which none are fetched ahead, since it does not follow closely
 * upon another one. The first one comes last: a reader that waits for the record looks at it, and
 * would take it away again while the others are still on their way. */
MAPRING_HOT void mapring1_fetch_lone(const struct mapring_producer_hot *hot, uint64_t next)
{
    uint64_t bytes = next - hot->position;
    if (bytes > MAPRING_LARGE_BYTES ||
        MAPRING_CAST(int64_t, hot->fetched - next) <= MAPRING_AHEAD_BYTES)
        return;
    for (uint64_t back = 0; back <= bytes; back += MAPRING_LINE_BYTES)
        mapring_fetch_for_writing(mapring1_at(&hot->ring, next - back));
}

MAPRING_HOT int mapring_producer_reserve(struct mapring_producer *producer, size_t bytes,
                                         void **payload, int64_t timeout_ns)
{
    struct mapring_producer_hot *hot = MAPRING_PRODUCER_HOT(producer);
    if (MAPRING_UNLIKELY(!producer || !payload || hot->ring.broken ||
                         hot->ring.slow & MAPRING_SLOW || hot->reserved_span ||
                         bytes > hot->ring.record_limit))
        return mapring1_producer_reserve(producer, bytes, payload, timeout_ns);
    uint64_t header = mapring1_header(&hot->ring);
    uint64_t span = mapring1_round(&hot->ring, header + bytes);
    uint64_t next = hot->position + span;
    if (MAPRING_UNLIKELY(MAPRING_CAST(int64_t, hot->limit - next - hot->ring.slot_mask) <= 0))
        return mapring1_producer_reserve(producer, bytes, payload, timeout_ns);
    mapring_relaxed_store(mapring1_word(&hot->ring, next), 0);
    hot->reserved_span = span;
    hot->reserved_bytes = bytes;
    mapring1_fetch_ahead(hot, next);
    if (MAPRING_UNLIKELY(span > MAPRING_LONE_BYTES))
        mapring1_fetch_lone(hot, next);
    *payload = mapring1_at(&hot->ring, hot->position) + header;
    return MAPRING_OK;
}

/* Whether a record of that many bytes takes all of the reserved space. */
MAPRING_HOT bool mapring1_takes_span(const struct mapring_producer_hot *hot, size_t bytes)
{
    return bytes <= hot->reserved_bytes &&
           mapring1_round(&hot->ring, mapring1_header(&hot->ring) + bytes) == hot->reserved_span;
}

/* Writes the counter, in a ring with times. False if the library is to be called instead, which may
 * have to look at the system's clock. */
MAPRING_HOT bool mapring1_stamp(struct mapring_producer_hot *hot)
{
    uint64_t counter = mapring_ticks();
    if (MAPRING_UNLIKELY(hot->ring.slow & MAPRING_SLOW ||
                         counter - hot->counter_looked >= hot->counter_every))
        return false;
    if (MAPRING_CAST(int64_t, counter - hot->counter) > 0)
        hot->counter = counter;
    mapring_relaxed_store(mapring1_word(&hot->ring, hot->position) + 1, hot->counter);
    return true;
}

/* C, W: the record becomes visible before the producer looks for sleeping readers: see
 * src/layout.h. */
MAPRING_HOT int mapring_producer_commit(struct mapring_producer *producer, size_t bytes)
{
    struct mapring_producer_hot *hot = MAPRING_PRODUCER_HOT(producer);
    if (MAPRING_UNLIKELY(!producer || hot->ring.broken || !hot->reserved_span ||
                         (bytes != hot->reserved_bytes && !mapring1_takes_span(hot, bytes)) ||
                         (hot->ring.slow && !mapring1_stamp(hot))))
        return mapring1_producer_commit(producer, bytes);
    mapring_word *word = mapring1_word(&hot->ring, hot->position);
    hot->position += hot->reserved_span;
    hot->reserved_span = 0;
    mapring_release_store(word, mapring1_commit_word(MAPRING_DATA, bytes, hot->sequence)); /* W1 */
    hot->sequence++;
    hot->payload_bytes += bytes;
    mapring_release_store(hot->tail, hot->position);
    mapring_compiler_barrier();
    if (MAPRING_UNLIKELY(mapring_ordered_load(hot->wait_set))) /* W2 */
        mapring1_producer_wake(producer);
    return MAPRING_OK;
}

/* C: what the commit word announces can be read after it. */
MAPRING_HOT int mapring_consumer_next(struct mapring_consumer *consumer,
                                      struct mapring_record *record, int64_t timeout_ns)
{
    struct mapring_reader_hot *hot = MAPRING_READER_HOT(consumer);
    if (MAPRING_UNLIKELY(!consumer || !record || hot->ring.broken || hot->called || hot->continues))
        return mapring1_consumer_next(consumer, record, timeout_ns);
    const void *payload = mapring1_payload(&hot->ring, hot->cursor.position);
    uint64_t word = mapring_acquire_load(mapring1_word(&hot->ring, hot->cursor.position));
    if (MAPRING_UNLIKELY(mapring1_kind(word) != MAPRING_DATA ||
                         !mapring1_fits(&hot->ring, word, hot->cursor.sequence)))
        return mapring1_consumer_next(consumer, record, timeout_ns);
    mapring1_take(&hot->ring, &hot->cursor, MAPRING_WORD_BYTES, payload, word, false, record);
    return MAPRING_OK;
}

/* V: what was read is good if the consumer had not been let go by then. */
MAPRING_HOT int mapring_consumer_release(struct mapring_consumer *consumer)
{
    struct mapring_reader_hot *hot = MAPRING_READER_HOT(consumer);
    if (MAPRING_UNLIKELY(!consumer || hot->ring.broken ||
                         hot->cursor.position == hot->released.position))
        return mapring1_consumer_release(consumer);
    mapring_acquire_fence();
    if (MAPRING_UNLIKELY(mapring_relaxed_load(hot->state) & MAPRING_LET_GO))
        return mapring1_consumer_release(consumer);
    /* One by one: the load of a vector would have to wait for the recent stores to its parts. */
    hot->released.position = hot->cursor.position;
    mapring_compiler_barrier();
    hot->released.sequence = hot->cursor.sequence;
    mapring_compiler_barrier();
    hot->released.payload_bytes = hot->cursor.payload_bytes;
    mapring_compiler_barrier();
    hot->released.lost_records = hot->cursor.lost_records;
    if (MAPRING_UNLIKELY(hot->released.position - hot->published >= hot->publish_every))
        mapring1_consumer_publish(consumer);
    return MAPRING_OK;
}

#ifdef __cplusplus
}
#endif

#endif
