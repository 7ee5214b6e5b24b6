/* SPDX-License-Identifier: MIT */
/*
 * The ring's own source under a C11 model checker, one scenario at a time:
 *
 *     genmc --disable-estimation -- -DGENMC -D<SCENARIO> -Isrc -Iinclude tests/models/ring_genmc.c
 *
 *     SINGLE   records of one slot        BATCH    two records that become visible at once
 *     MULTI    records of two slots       TWO      two consumers
 *     FULL     more records than fit      OBSERVE  an observer that is lapped
 *     JOIN     a consumer that joins late SLEEP    both sides sleep (with --check-liveness)
 *     CLOSE    the end is seen after the last record
 *
 * Without GENMC it runs with plain threads, REPEAT times: a smoke test, and a test of the order of
 * plain accesses under the thread sanitizer. With CALLED, consumers take the long way that is behind
 * the inlined one.
 */
#if defined FULL || defined SLEEP
#define RECORDS 5
#elif defined OBSERVE || defined JOIN
#define RECORDS 6
#elif defined MULTI
#define RECORDS 4
#else
#define RECORDS 2
#endif
#ifdef MULTI
#define MODEL_CAPACITY 128
#define WORDS 3 /* and the commit word: two slots */
#else
#define MODEL_CAPACITY 64
#define WORDS 1
#endif
#define MODEL_SLOT 16
#ifndef REPEAT
#define REPEAT 1
#endif

#include "ring_source.h"

#ifdef CALLED
#define mapring_consumer_next mapring1_consumer_next
#endif

#ifdef SLEEP
#define PATIENCE MAPRING_FOREVER
#else
#define PATIENCE 0
#endif

static const struct mapring_options options = {
#ifdef OBSERVE
    .when_full = MAPRING_OVERWRITE,
#else
    .when_full = MAPRING_BLOCK,
#endif
};

/* A checker goes through all cases, also those in which it works at once. */
#ifdef GENMC
#define REPEAT_WHILE(again, result, call) assume((result = (call)) != (again))
#else
#define REPEAT_WHILE(again, result, call)  \
    while ((result = (call)) == (again))   \
        sched_yield()
#endif

static mapring_producer *producer;
static mapring_consumer consumers[2];

static uint64_t word_of(uint64_t sequence, unsigned index)
{
    return 100 * (sequence + 1) + index;
}

static void check_payload(const void *payload, uint64_t sequence)
{
    const uint64_t *words = payload;
    for (unsigned i = 0; i < WORDS; i++)
        assert(words[i] == word_of(sequence, i));
}

static void send_one(uint64_t sequence)
{
    uint64_t words[WORDS];
    for (unsigned i = 0; i < WORDS; i++)
        words[i] = word_of(sequence, i);
    int result;
    REPEAT_WHILE(MAPRING_NO_ROOM, result,
                 mapring_producer_send(producer, words, sizeof words, PATIENCE));
    assert(result == MAPRING_OK);
}

static void *produce(void *unused)
{
    (void)unused;
#ifdef BATCH
    uint64_t first = word_of(0, 0), second = word_of(1, 0);
    struct mapring_buffer records[] = {{&first, sizeof first}, {&second, sizeof second}};
    assume(mapring_producer_send_batch(producer, records, 2, 0) == MAPRING_OK);
#else
    for (uint64_t i = 0; i < RECORDS; i++)
        send_one(i);
#endif
#ifdef CLOSE
    mapring_producer_close(producer);
#endif
    return NULL;
}

static void read_all(mapring_consumer *consumer, uint64_t from)
{
    struct mapring_record record;
    for (uint64_t i = from; i < RECORDS; i++) {
        int result;
#ifdef BATCH
        if (i == 1)
            result = mapring_consumer_next(consumer, &record, 0); /* all or nothing */
        else
#endif
            REPEAT_WHILE(MAPRING_NOTHING, result,
                         mapring_consumer_next(consumer, &record, PATIENCE));
        assert(result == MAPRING_OK && record.sequence == i);
        assert(record.bytes == WORDS * sizeof(uint64_t));
        check_payload(record.payload, i);
        assert(mapring_consumer_release(consumer) == MAPRING_OK);
    }
}

static void place(mapring_consumer *consumer, unsigned cell)
{
    memset(consumer, 0, sizeof *consumer);
    struct mapring_reader_hot *hot = &consumer->reader.hot;
    ring_open(&consumer->reader.ring, &hot->ring.broken, NULL, &options, ACCESS_CONSUME);
    ring_heat(&consumer->reader.ring, &hot->ring);
    consumer->cell = consumer->watch.cell = cell;
    consumer->watch.ring = &consumer->reader.ring;
    assert(consumer_place(consumer, MAPRING_OLDEST, 0) == MAPRING_OK);
}

static void *consume(void *consumer)
{
#ifdef JOIN
    place(consumer, 0);
#endif
    read_all(consumer, ((mapring_consumer *)consumer)->reader.hot.cursor.sequence);
    return NULL;
}

static void *observe(void *unused)
{
    (void)unused;
    struct mapring_observer observer = {0};
    struct mapring_record record;
    uint64_t words[WORDS], next;
    ring_open(&observer.reader.ring, &observer.reader.hot.ring.broken, NULL, &options, ACCESS_READ);
    assert(start(&observer, MAPRING_OLDEST) == MAPRING_OK);
    next = observer.reader.hot.cursor.sequence;
    for (int i = 0; i < 3; i++) {
        int result = mapring_observer_receive(&observer, words, sizeof words, &record, 0);
        assume(result == MAPRING_OK || result == MAPRING_LOST);
        assert(record.sequence == next);
        if (result == MAPRING_OK)
            check_payload(words, next);
        next += result == MAPRING_OK ? 1 : record.lost_records;
    }
    return NULL;
}

static void set_up(void)
{
    memset(&mapping, 0, sizeof mapping);
    memset(&model_producer, 0, sizeof model_producer);
    store_relaxed(&mapping.header.marks_made, 1);
    assert(mapring_producer_open(&producer, NULL, &options) == MAPRING_OK);
#ifndef OBSERVE
    store_relaxed(&mapping.cells.joined, 1);
#ifndef JOIN
    place(&consumers[0], 0);
#endif
#ifdef TWO
    place(&consumers[1], 1);
#endif
#endif
}

static void run(void)
{
    pthread_t threads[3];
    unsigned count = 0;
    set_up();
    pthread_create(&threads[count++], NULL, produce, NULL);
#ifdef OBSERVE
    pthread_create(&threads[count++], NULL, observe, NULL);
#else
    pthread_create(&threads[count++], NULL, consume, &consumers[0]);
#endif
#ifdef TWO
    pthread_create(&threads[count++], NULL, consume, &consumers[1]);
#endif
    while (count > 0)
        pthread_join(threads[--count], NULL);
}

int main(void)
{
    for (int i = 0; i < REPEAT; i++)
        run();
    return 0;
}
