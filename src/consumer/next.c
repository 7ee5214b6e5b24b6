/* SPDX-License-Identifier: MIT */
/* The parts of reading that are not inlined: the slow paths of next and release, batches,
 * copies. */
#include "consumer/next.h"

#include "consumer/consumer.h"
#include "consumer/eviction.h"
#include "consumer/latency.h"
#include "consumer/release.h"
#include "consumer/sleep.h"
#include "copy.h"
#include "error.h"
#include "layout.h"
#include "reader/reader.h"
#include "ring/cell.h"
#include "ring/ring.h"

/* Takes what is at the cursor. */
static int take(mapring_consumer *consumer, uint64_t word, struct mapring_record *record)
{
    bool gives_back = consumer_gives_back_notes(consumer);
    int result = reader_take(&consumer->reader, word, record);
    /* not covered: it is let go while it takes the record, which is overwritten just then */
    if (result < 0 && !is_evicted(&consumer->reader.ring, consumer->cell))
        return reader_damaged(&consumer->reader, word);
    if (result == MAPRING_OK && record_has_times(&consumer->reader.hot.ring))
        consumer_latency_note(consumer, record);
    if (result != MAPRING_OK && gives_back)
        consumer_give_back(consumer);
    return result;
}

uint64_t consumer_look(mapring_consumer *consumer)
{
    bool gives_back = consumer_gives_back_notes(consumer);
    uint64_t word = reader_look(&consumer->reader);
    if (gives_back)
        consumer_give_back(consumer);
    return word;
}

/* Reports what a durable consumer lost while it was away, or what is lost of the records at which a
 * consumer asked to begin. */
static int take_lapse(mapring_consumer *consumer, struct mapring_record *record)
{
    reader_set_lapsed(&consumer->reader, false);
    reader_skip(&consumer->reader, &consumer->lapsed_to, record);
    consumer->reader.hot.released = consumer->reader.hot.cursor;
    consumer_write_ledger(consumer); /* the producer knows the place already */
    return MAPRING_LOST;
}

/* Fetches the lines of a record after its first one, and the next commit word, so that they come all
 * at once instead of one after the other as they are read. */
static void fetch_lines(const struct mapring_hot *ring, uint64_t position, uint64_t span)
{
    if (span > MAPRING_LARGE_BYTES)
        return;
    for (uint64_t done = MAPRING_LINE_BYTES; done <= span; done += MAPRING_LINE_BYTES)
        mapring_fetch_for_reading(record_at(ring, position + done));
}

/* The slow path: for everything but a single record that is already there. */
static int next(mapring_consumer *consumer, struct mapring_record *record, int64_t timeout_ns)
{
    int result = consumer_check(consumer, record);
    if (result != MAPRING_OK)
        return result;
    if (consumer->reader.lapsed)
        return take_lapse(consumer, record);
    uint64_t word = consumer_look(consumer);
    if (word == 0) {
        consumer->latency.waited = true;
        result = consumer_wait(consumer, timeout_ns);
        if (result != MAPRING_OK)
            return result;
        word = record_look(&consumer->reader.hot.ring, consumer->reader.hot.cursor.position);
        fetch_lines(&consumer->reader.hot.ring, consumer->reader.hot.cursor.position,
                    record_span(&consumer->reader.hot.ring, commit_bytes(word)));
    }
    result = consumer_judge(consumer, take(consumer, word, record));
    return result == MAPRING_NOTHING ? mapring1_consumer_next(consumer, record, timeout_ns)
                                     : result;
}

int mapring1_consumer_next(mapring_consumer *consumer, struct mapring_record *record,
                           int64_t timeout_ns)
{
    int result = next(consumer, record, timeout_ns);
    return outcome(consumer ? reader_tell_run(&consumer->reader, result, record) : result);
}

/* A program whose inlined functions do not look for it themselves learns of an eviction here. */
void mapring1_consumer_publish(mapring_consumer *consumer)
{
    consumer_publish(consumer);
    /* not covered: the inlined function of this version has looked just before */
    if (is_evicted(&consumer->reader.ring, consumer->cell))
        consumer->reader.hot.ring.broken = MAPRING_ERROR_EVICTED;
}

/* Moves the cursor from a record to the next one, expecting the record to take as much space,
 * `span`, as the one before it. So the processor looks at the next one without waiting for the
 * length of this one, as it would have to if the compiler knew that both ways give the same. */
static inline void step_expecting(struct mapring_cursor *cursor, uint64_t from, size_t *span)
{
    size_t taken = (size_t)(cursor->position - from);
    size_t expected = unknown_to_compiler(*span);
    if (MAPRING_UNLIKELY(taken != *span)) {
        *span = taken;
        expected = unknown_to_compiler(taken);
    }
    cursor->position = from + expected;
}

/* C: takes the records that are there, up to a note or damage, which are reported when they come
 * first in a batch. Uses a copy of the cursor, which the compiler can keep in registers. */
static size_t take_more(mapring_consumer *consumer, struct mapring_record *records, size_t limit)
{
    struct mapring_reader_hot *hot = &consumer->reader.hot;
    struct mapring_cursor cursor = hot->cursor;
    bool continues = hot->continues;
    uint64_t header = record_header_bytes(&hot->ring);
    size_t count = 0, span = 0;
    for (; count < limit; count++) {
        uint64_t position = cursor.position;
        const void *payload = record_at(&hot->ring, position) + header;
        uint64_t word = record_look(&hot->ring, position);
        if (!commit_is_data(word) || !mapring1_fits(&hot->ring, word, cursor.sequence))
            break;
        mapring1_take(&hot->ring, &cursor, header, payload, word, continues, &records[count]);
        step_expecting(&cursor, position, &span);
        fetch_lines(&hot->ring, position, span);
        if (header > COMMIT_WORD_BYTES) {
            reader_tell_time(&consumer->reader, position, &records[count]);
            consumer_latency_note(consumer, &records[count]);
        }
        continues = commit_kind(word) == RECORD_CONTINUED;
    }
    hot->cursor = cursor;
    hot->continues = continues;
    return count;
}

int mapring_consumer_next_batch(mapring_consumer *consumer, struct mapring_record *records,
                                size_t limit, size_t *count, int64_t timeout_ns)
{
    int result = consumer_check(consumer, count);
    if (result != MAPRING_OK)
        return result;
    *count = 0;
    if (limit == 0)
        return fail(MAPRING_ERROR_ARGUMENT, consumer->reader.ring.name.text,
                    "invalid limit for a batch of ring '%s': 0; it must be at least 1",
                    consumer->reader.ring.name.text);
    result = mapring_consumer_next(consumer, records, timeout_ns);
    if (result != MAPRING_OK)
        return result;
    *count = 1 + take_more(consumer, records + 1, limit - 1);
    return MAPRING_OK;
}

/* Always fails: the inlined function calls this only if there is nothing to release, or the consumer
 * was let go. */
int mapring1_consumer_release(mapring_consumer *consumer)
{
    int result = consumer_check(consumer, consumer);
    if (result != MAPRING_OK)
        return result;
    return fail(MAPRING_ERROR_NOTHING_HELD, consumer->reader.ring.name.text,
                "no record of ring '%s' is held, so there is nothing to release",
                consumer->reader.ring.name.text);
}

bool mapring_consumer_is_valid(const mapring_consumer *consumer)
{
    return consumer && !consumer->reader.hot.ring.broken &&
           !is_evicted(&consumer->reader.ring, consumer->cell);
}

int mapring_consumer_receive(mapring_consumer *consumer, void *buffer, size_t buffer_bytes,
                             struct mapring_record *record, int64_t timeout_ns)
{
    int result = consumer_check(consumer, record);
    if (result == MAPRING_OK)
        result = reader_check_copy(&consumer->reader, record, buffer, buffer_bytes);
    if (result != MAPRING_OK)
        return result;
    if (consumer->holds_notes)
        return fail(
            MAPRING_ERROR_ARGUMENT, consumer->reader.ring.name.text,
            "a consumer of ring '%s' that is told of every run holds what it is told of, so "
            "it cannot receive copies; read in place, and release",
            consumer->reader.ring.name.text);
    if (consumer_holds_records(consumer))
        return fail(
            MAPRING_ERROR_HELD, consumer->reader.ring.name.text,
            "records of ring '%s' are held; release them before you receive a copy (if this "
            "thread holds none, another thread is using the handle)",
            consumer->reader.ring.name.text);
    result = mapring_consumer_next(consumer, record, timeout_ns);
    if (result != MAPRING_OK)
        return result;
    if (record->bytes > buffer_bytes)
        return consumer_judge(consumer,
                              reader_step_back(&consumer->reader, &consumer->reader.hot.released,
                                               record, buffer_bytes));
    copy_payload(buffer, record->payload, record->bytes);
    record->payload = buffer;
    return mapring_consumer_release(consumer);
}
