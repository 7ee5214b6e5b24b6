/* SPDX-License-Identifier: MIT */
/*
 * The ring's own source in one scenario at a time, under GenMC or our own explorer (explorer.h):
 *
 *     genmc --disable-estimation -- -DGENMC -D<SCENARIO> -Isrc -Iinclude tests/models/ring_model.c
 *
 *     SINGLE   records of one slot        OBSERVE  an observer is lapped
 *     MULTI    records of two slots       SLEEP    both sides sleep (with --check-liveness)
 *     FULL     more records than fit      GATHER   a consumer sleeps until there are two records
 *     FIRST    a consumer joins late      CLOSE    the end is seen after the last record
 *     JOIN     the same, not the first    STAT     somebody looks at the counts meanwhile
 *     BATCH    two records become         DROP     some records are dropped
 *              visible at once            TAKEOVER a second producer follows one that died
 *     TWO      two consumers              GAPS     an observer where some have been dropped
 *     DURABLE  a consumer dies and        PARTS    records that another one continues
 *              comes back                 COMES    a consumer waits for a producer
 *     RUNS     as TAKEOVER, after one that closed
 *     TIMES    in a ring with times, each record has a clock point of its own
 *     EVICT    a consumer is let go while it reads in place; with SLEEPS, while it sleeps, or not
 *     DEFINE   an entry of the dictionary is added before each record; somebody reads entries
 *     LEVEL    processes open a log while somebody sets its level; with ANEW, the log is made anew
 *              while other threads look at it
 *
 * With CALLED, consumers use the functions of the library in place of the inlined ones; with TAKEN,
 * they read in batches; with NEWEST, readers start at the newest record. SLEEP, GATHER and COMES
 * publish by exchange or, with MEMBARRIER, which GenMC does not know, by plain stores. In TAKEOVER,
 * the first producer publishes by exchange and the second by plain stores, and the consumer sleeps;
 * it is told of the end of the first run exactly once.
 */
#ifdef RUNS
#define TAKEOVER
#endif
#ifdef GAPS
#define OBSERVE
#endif
#if defined EVICT && defined SLEEPS
#define RECORDS 0
#elif defined EVICT
#define RECORDS 6
#elif defined FULL || defined SLEEP || defined STAT || defined GATHER
#define RECORDS 5
#elif defined DROP
#define RECORDS        10
#define RECORDS_BEFORE 5 /* the last of them is dropped */
#elif defined GAPS
#define RECORDS        14
#define RECORDS_BEFORE 5
#elif defined DURABLE
#define RECORDS 8
#elif defined OBSERVE || defined JOIN || defined FIRST
#define RECORDS 6
#elif defined MULTI || defined TAKEOVER
#define RECORDS 4
#elif defined TIMES
#define RECORDS 5
#else
#define RECORDS 2
#endif
#if defined MULTI || defined TIMES || defined DROP || defined GAPS
#define MODEL_CAPACITY 128
#else
#define MODEL_CAPACITY 64
#endif
#ifndef RECORDS_BEFORE
#define RECORDS_BEFORE 0
#endif
#ifdef TIMES
#define HEADER_WORDS 2
#else
#define HEADER_WORDS 1
#endif
#ifdef MULTI
#define WORDS 3 /* two slots, with the commit word */
#elif defined TIMES
#define WORDS 2
#else
#define WORDS 1
#endif
#define MODEL_SLOT  16
#define MODEL_CELLS 2
#define MODEL_MARKS 2
#define MODEL_POINTS 3
#define MODEL_FIRST ((uint64_t)-MODEL_CAPACITY)

#if (defined SLEEP || defined GATHER || defined TAKEOVER || defined COMES) && !defined SLEEPS
#define SLEEPS
#endif
#if defined CLOSE || defined GATHER || defined DROP || defined DURABLE
#define CLOSES
#endif

#include "ring_source.h"

#ifdef CALLED
#define mapring_consumer_next mapring1_consumer_next
#endif

#ifdef SLEEPS
#define PATIENCE MAPRING_FOREVER
#else
#define PATIENCE 0
#endif

#ifdef RUNS
#define END MAPRING_PRODUCER_CLOSED
#else
#define END MAPRING_PRODUCER_DIED
#endif

#ifdef NEWEST
#define FROM MAPRING_NEWEST
#else
#define FROM MAPRING_OLDEST
#endif

static const struct mapring_options options = {
#if defined DROP || defined GAPS
    .when_full = MAPRING_DROP,
#elif defined OBSERVE
    .when_full = MAPRING_OVERWRITE,
#else
    .when_full = MAPRING_BLOCK,
#endif
};

/* GenMC goes through all executions, among them those in which the call succeeds at once. */
#ifdef GENMC
#define REPEAT_WHILE(again, result, call) assume((result = (call)) != (again))
#else
#define REPEAT_WHILE(again, result, call) \
    while ((result = (call)) == (again))  \
    explorer_retry(HERE #call)
#endif

static mapring_producer *producer;
static mapring_consumer consumers[2];
static unsigned ends;        /* ends of runs that were told */
static uint64_t latest_time; /* that the consumer has got */

static uint64_t word_of(uint64_t sequence, unsigned index)
{
    return 100 * (sequence + 1) + index;
}

static void check_place(uint64_t position, uint64_t sequence)
{
    assert(position == MODEL_FIRST + sequence * (WORDS + HEADER_WORDS) * 8);
}

static void check_payload(const void *payload, uint64_t sequence)
{
    const uint64_t *words = payload;
    for (unsigned i = 0; i < WORDS; i++)
        assert(MODEL_READ("payload", &words[i]) == word_of(sequence, i));
}

/* ---- The producer ---- */

static void send_one(uint64_t sequence)
{
    uint64_t words[WORDS];
    for (unsigned i = 0; i < WORDS; i++)
        words[i] = word_of(sequence, i);
    int result;
#ifdef PARTS
    if (sequence % 2 == 0)
        REPEAT_WHILE(MAPRING_NO_ROOM, result,
                     mapring_producer_send_part(producer, words, sizeof words, PATIENCE));
    else
#endif
        REPEAT_WHILE(MAPRING_NO_ROOM, result,
                     mapring_producer_send(producer, words, sizeof words, PATIENCE));
#if defined DROP || defined GAPS
    assert(result == MAPRING_OK || result == MAPRING_DROPPED);
#else
    assert(result == MAPRING_OK);
#endif
}

#ifdef DEFINE
static void define_one(uint64_t sequence)
{
    uint64_t word = word_of(sequence, 0), offset;
    assert(mapring_producer_define(producer, 1, &word, sizeof word, &offset) == MAPRING_OK);
    assert(offset == sequence * ENTRY_WORDS * sizeof word);
}
#endif

static void send_batch(void)
{
    uint64_t first = word_of(0, 0), second = word_of(1, 0);
    struct mapring_buffer records[] = {{&first, sizeof first}, {&second, sizeof second}};
    int result;
    REPEAT_WHILE(MAPRING_NO_ROOM, result,
                 mapring_producer_send_batch(producer, records, 2, PATIENCE));
    assert(result == MAPRING_OK);
}

static void send_some(uint64_t from, uint64_t to)
{
    for (uint64_t i = from; i < to; i++) {
#ifdef DEFINE
        define_one(i);
#endif
        send_one(i);
    }
}

static void *produce(void *unused)
{
    (void)unused;
#ifdef COMES
    assert(mapring_producer_open(&producer, NULL, &options) == MAPRING_OK);
#endif
#ifdef BATCH
    send_batch();
#elif defined RUNS
    send_some(0, RECORDS / 2);
    mapring_producer_close(producer);
#elif defined TAKEOVER
    send_some(0, RECORDS / 2);
    platform_role_drop(NULL, ROLE_PRODUCER); /* because it died */
#else
    send_some(RECORDS_BEFORE, RECORDS);
#endif
#ifdef CLOSES
    mapring_producer_close(producer);
#endif
    return NULL;
}

/* The role is free once the first producer has ended. */
static void *take_over(void *first)
{
    wait_for(*(model_thread *)first);
    assert(mapring_producer_open(&producer, NULL, &options) == MAPRING_OK);
    assert(producer->hot.sequence == RECORDS / 2);
    send_some(RECORDS / 2, RECORDS);
    return NULL;
}

/* ---- The consumers ---- */

#ifdef DEFINE
/* The dictionary is read by calls of the system, one after the other. Returns the number of
 * entries. */
static uint64_t read_entries(void)
{
    uint64_t used = load_relaxed(&mapping.header.dictionary_used), entry = 0;
    MODEL_FENCE("the next call", __ATOMIC_ACQUIRE);
    for (; entry < used / (ENTRY_WORDS * sizeof used); entry++)
        assert(MODEL_READ("entry", &mapping.dictionary[(entry + 1) * ENTRY_WORDS - 1]) ==
               word_of(entry, 0));
    return entry;
}

static void *read_dictionary(void *unused)
{
    (void)unused;
    uint64_t before = read_entries();
    assert(read_entries() >= before);
    return NULL;
}
#endif

static void check_record(const struct mapring_record *record, uint64_t sequence)
{
#ifdef DEFINE
    assert(read_entries() > sequence);
#endif
    assert(record->sequence == sequence);
    assert(record->bytes == WORDS * sizeof(uint64_t));
#ifdef PARTS
    assert(record->continued == (sequence % 2 == 0) && record->continues == (sequence % 2 == 1));
#else
    assert(!record->continued && !record->continues);
#endif
    check_payload(record->payload, sequence);
#ifdef TIMES
    if (record->time_ns == 0) /* all points have been replaced while it looked */
        return;
    assert(record->time_ns == latest_time || model_is_time_of(sequence, record->time_ns));
    assert(record->time_ns >= latest_time);
    latest_time = record->time_ns;
#else
    assert(record->time_ns == 0);
#endif
}

#ifdef TAKEOVER
/* The end is told behind the last record of the run, and not again. */
static int next_of_runs(mapring_consumer *consumer, struct mapring_record *record,
                        uint64_t sequence)
{
    int result = mapring_consumer_next(consumer, record, PATIENCE);
    if (result == END) {
        assert(sequence == RECORDS / 2 && ends++ == 0);
        result = mapring_consumer_next(consumer, record, PATIENCE);
    }
    assert(sequence < RECORDS / 2 || ends == 1);
    return result;
}
#endif

static void read_one(mapring_consumer *consumer, uint64_t sequence)
{
    struct mapring_record record;
    int result;
#ifdef TAKEOVER
    result = next_of_runs(consumer, &record, sequence);
#else
#ifdef BATCH
    if (sequence == 1)
        result = mapring_consumer_next(consumer, &record, 0); /* both records or none */
    else
#endif
        REPEAT_WHILE(MAPRING_NOTHING, result, mapring_consumer_next(consumer, &record, PATIENCE));
#endif
    assert(result == MAPRING_OK);
    check_record(&record, sequence);
}

/* Returns the number of records. */
static uint64_t read_batch(mapring_consumer *consumer, uint64_t sequence)
{
    struct mapring_record records[2];
    size_t count;
    int result;
    REPEAT_WHILE(MAPRING_NOTHING, result,
                 mapring_consumer_next_batch(consumer, records, 2, &count, PATIENCE));
    assert(result == MAPRING_OK);
    for (size_t i = 0; i < count; i++)
        check_record(&records[i], sequence + i);
    return count;
}

static void read_until(mapring_consumer *consumer, uint64_t end)
{
    uint64_t sequence = consumer->reader.hot.cursor.sequence;
    while (sequence < end) {
#ifdef TAKEN
        sequence += read_batch(consumer, sequence);
#else
        read_one(consumer, sequence++);
#endif
        assert(mapring_consumer_release(consumer) == MAPRING_OK);
    }
}

/* Reads to the end of the run, across what was dropped. */
static void read_to_end(mapring_consumer *consumer)
{
    struct mapring_record record;
    uint64_t sequence = consumer->reader.hot.cursor.sequence;
    int result = MAPRING_OK;
    while (result != MAPRING_PRODUCER_CLOSED) {
        REPEAT_WHILE(MAPRING_NOTHING, result, mapring_consumer_next(consumer, &record, PATIENCE));
        if (result == MAPRING_OK) {
            check_record(&record, sequence++);
            assert(mapring_consumer_release(consumer) == MAPRING_OK);
        } else if (result == MAPRING_LOST) {
            assert(record.sequence == sequence);
#ifdef DROP
            assert(record.lost_bytes == 8 * record.lost_records);
#endif
            sequence += record.lost_records;
        }
    }
    assert(sequence == RECORDS);
}

static void prepare(mapring_consumer *consumer)
{
    struct mapring_reader_hot *hot = &consumer->reader.hot;
    ring_open(&consumer->reader.ring, &hot->ring, NULL, &options, ACCESS_CONSUME);
    consumer->watch.ring = &consumer->reader.ring;
#ifdef GATHER
    consumer->watch.wake_bytes = 2 * MODEL_SLOT;
    consumer->watch.wake_delay_ns = MAPRING_FOREVER;
#endif
}

static void place(mapring_consumer *consumer, unsigned cell)
{
    struct mapring_reader_hot *hot = &consumer->reader.hot;
    prepare(consumer);
    consumer->cell = consumer->watch.cell = cell;
    consumer->state = cell_word(1, CELL_ACTIVE);
    hot->state = (const uint32_t *)&mapping.cells.cell[cell].state;
    assert(platform_role_take(NULL, ROLE_CONSUMER + cell) == MAPRING_OK);
    assert(consumer_place(consumer, FROM, 0) == MAPRING_OK);
    check_place(consumer->reader.hot.cursor.position, consumer->reader.hot.cursor.sequence);
}

/* The role seems taken while the producer checks whether somebody holds it. */
static void attend(mapring_consumer *consumer)
{
    static const struct mapring_consumer_options durable = {
        .name = "durable", .durable = true, .max_lag_bytes = MODEL_CAPACITY / 2};
    int result;
    prepare(consumer);
    consumer->durable = true;
    REPEAT_WHILE(MAPRING_ERROR_CONSUMER_TAKEN, result, consumer_attend(consumer, &durable));
    assert(result == MAPRING_OK);
}

static void *read_two_and_die(void *consumer)
{
    read_until(consumer, 2);
    platform_role_drop(NULL, ROLE_CONSUMER);
    return NULL;
}

static void *come_back(void *first)
{
    wait_for(*(model_thread *)first);
    attend(&consumers[1]);
    assert(consumers[1].cell == 0 && consumers[1].reader.hot.released.sequence == 2);
    read_to_end(&consumers[1]);
    return NULL;
}

static void *consume(void *consumer)
{
#if defined JOIN || defined FIRST
    place(consumer, 0);
    consumer_tell_joined(&((mapring_consumer *)consumer)->reader.ring);
#endif
#ifdef COMES
    assert(mapring_consumer_wait_producer(consumer, PATIENCE) == MAPRING_OK);
#endif
#ifdef DROP
    read_to_end(consumer);
#else
    read_until(consumer, RECORDS);
#endif
    return NULL;
}

#ifdef EVICT
/* A record counts as good only once it is released. */
static void *consume_until_evicted(void *consumer)
{
    struct mapring_record record;
    int result = MAPRING_OK;
    for (uint64_t sequence = 0; result == MAPRING_OK && sequence < RECORDS + 1; sequence++) {
        if (sequence == RECORDS && PATIENCE == 0)
            break;
        REPEAT_WHILE(MAPRING_NOTHING, result, mapring_consumer_next(consumer, &record, PATIENCE));
        if (result != MAPRING_OK)
            break;
        uint64_t word = MODEL_LOAD("payload", (const uint64_t *)record.payload, __ATOMIC_RELAXED);
        result = mapring_consumer_release(consumer);
        assert(result != MAPRING_OK ||
               (record.sequence == sequence && word == word_of(sequence, 0)));
    }
    assert(result == MAPRING_OK || result == MAPRING_ERROR_EVICTED);
    return NULL;
}

static void *let_it_go(void *consumer)
{
    struct ring *ring = &((mapring_consumer *)consumer)->reader.ring;
    assert(cell_evict(ring, 0, load_relaxed(&mapping.cells.cell[0].state), EVICT_ASKED));
    consumer_wake_producer(ring);
    return NULL;
}
#endif

/* ---- Observers and stat ---- */

static void *observe(void *unused)
{
    (void)unused;
    struct mapring_observer observer = {0};
    struct mapring_record record;
    uint64_t words[WORDS], next;
    ring_open(&observer.reader.ring, &observer.reader.hot.ring, NULL, &options, ACCESS_READ);
    assert(start(&observer, FROM) == MAPRING_OK);
    next = observer.reader.hot.cursor.sequence;
#ifndef GAPS
    check_place(observer.reader.hot.cursor.position, next);
#endif
    for (int i = 0; i < 3 && next < RECORDS; i++) {
        int result;
        REPEAT_WHILE(MAPRING_NOTHING, result,
                     mapring_observer_receive(&observer, words, sizeof words, &record, 0));
        assert(result == MAPRING_OK || result == MAPRING_LOST);
        assert(record.sequence == next);
        if (result == MAPRING_OK)
            assert(words[0] == word_of(next, 0));
        next += result == MAPRING_OK ? 1 : record.lost_records;
        assert(next <= RECORDS);
    }
    return NULL;
}

static void check_consumer(const struct mapring_consumer_stat *consumer)
{
    assert(consumer->balanced);
    check_place(consumer->head, consumer->sequence);
    assert(consumer->read_payload_bytes == consumer->read_records * 8);
}

static void *take_stock(void *unused)
{
    (void)unused;
    struct mapring_ring handle = {0};
    struct mapring_stat stat;
    ring_open(&handle.ring, &handle.hot, NULL, &options, ACCESS_READ);
    for (int i = 0; i < 2; i++) {
        assert(mapring_stat(&handle, &stat) == MAPRING_OK);
        assert(stat.balanced && stat.dropped_payload_bytes == stat.dropped_records * 8);
        assert(stat.payload_bytes == stat.records * 8);
        assert(stat.producer_state != MAPRING_PRODUCER_HAS_CLOSED || stat.sequence == RECORDS);
#ifdef STAT
        check_place(stat.tail, stat.sequence);
        check_consumer(&stat.consumer[0]);
#endif
    }
    return NULL;
}

/* ---- The scenario ---- */

#ifndef GENMC
static void start_anew(void)
{
    memset(&mapping, 0, sizeof mapping);
    memset(model_producers, 0, sizeof model_producers);
    memset(consumers, 0, sizeof consumers);
    ends = 0;
    latest_time = model_counter = model_clock = 0;
    consumers_queue = room_queue = (struct queue){.mutex = MODEL_MUTEX};
    memset(roles, 0, sizeof roles);
    model_handles = 0;
    model_spaces_used = 0;
    memset(model_spaces, 0, sizeof model_spaces);
}
#endif

/* Leaves the ring as mapring_open() does. */
static void create(void)
{
    struct ring_header *header = &mapping.header;
    store_relaxed(&header->marks[0].position, MODEL_FIRST);
    store_relaxed(&header->marks_made, 1);
    store_relaxed(&header->kept_made, 1); /* there are too few marks to keep the first one */
    store_relaxed(&header->kept[1].position, MODEL_FIRST);
    store_relaxed(&header->horizon, MODEL_FIRST);
    store_relaxed(&header->tail, MODEL_FIRST);
}

static void set_up(void)
{
#ifndef GENMC
    start_anew();
#endif
    create();
#ifndef COMES
    assert(mapring_producer_open(&producer, NULL, &options) == MAPRING_OK);
#endif
#ifndef FIRST
    store_relaxed(&mapping.cells.joined, 1);
#endif
#ifdef DURABLE
    attend(&consumers[0]);
#elif !defined OBSERVE && !defined JOIN && !defined FIRST
    place(&consumers[0], 0);
#endif
#ifdef TWO
    place(&consumers[1], 1);
#endif
#ifdef GAPS
    place(&consumers[0], 0);
    send_some(0, RECORDS_BEFORE);
    exchange32(&mapping.cells.cell[0].state, CELL_FREE);
#endif
#ifdef DROP
    send_some(0, RECORDS_BEFORE);
    read_until(&consumers[0], RECORDS_BEFORE - 1);
#endif
}

/* ---- The level of a log ---- */

#ifdef LEVEL
static mapring_log openers[2];

static void *open_level(void *log)
{
    assert(level_open(log) == MAPRING_OK);
    assert(mapring_log_level(log) >= MAPRING_LEVEL_DEBUG);
    return NULL;
}

static void *set_level(void *unused)
{
    (void)unused;
    assert(mapring_level_set(NULL, MAPRING_LOCAL, MAPRING_LEVEL_ERROR) == MAPRING_OK);
    return NULL;
}

static void *make_level_anew(void *log)
{
    levels.made = 1;
    openers[0].level->hot.broken = MAPRING_REMOVED;
    assert(level_renew(log) == MAPRING_OK);
    return NULL;
}

/* A level that was set stays with the ring. */
static void *look_at_level(void *log)
{
    enum mapring_level first = mapring_log_level(log), second = mapring_log_level(log);
    assert(first == MAPRING_LEVEL_ERROR || first == MAPRING_LEVEL_DEBUG);
    assert(second == first || second == MAPRING_LEVEL_DEBUG);
    assert(!mapring1_log_enabled(log, MAPRING_LEVEL_TRACE));
    return NULL;
}

static void run_three(void *(*first)(void *), void *(*second)(void *), void *(*third)(void *))
{
    model_thread threads[3];
    spawn(&threads[0], first, &openers[0]);
    spawn(&threads[1], second, &openers[1]);
    spawn(&threads[2], third, &openers[0]);
    for (unsigned i = 0; i < 3; i++)
        wait_for(threads[i]);
}

static void run(void)
{
    memset(&levels, 0, sizeof levels);
    openers[0] = (mapring_log){.options = {.level = MAPRING_LEVEL_DEBUG}};
    openers[1] = (mapring_log){.name = NULL};
#ifdef ANEW
    open_level(&openers[0]);
    set_level(NULL);
    run_three(make_level_anew, open_level, look_at_level);
    assert(mapring_log_level(&openers[0]) == MAPRING_LEVEL_DEBUG);
#else
    run_three(open_level, open_level, set_level);
    assert(mapring_log_level(&openers[0]) == MAPRING_LEVEL_ERROR);
    assert(mapring_log_level(&openers[1]) == MAPRING_LEVEL_ERROR);
#endif
}
#else
static void run(void)
{
    model_thread threads[3];
    unsigned count = 0;
    set_up();
    spawn(&threads[count++], produce, NULL);
#ifdef EVICT
    spawn(&threads[count++], consume_until_evicted, &consumers[0]);
    spawn(&threads[count++], let_it_go, &consumers[0]);
#elif defined OBSERVE
    spawn(&threads[count++], observe, NULL);
#elif defined DURABLE
    spawn(&threads[count++], read_two_and_die, &consumers[0]);
    spawn(&threads[count++], come_back, &threads[1]);
#else
    spawn(&threads[count++], consume, &consumers[0]);
#endif
#ifdef TWO
    spawn(&threads[count++], consume, &consumers[1]);
#elif defined STAT || defined DROP
    spawn(&threads[count++], take_stock, NULL);
#elif defined TAKEOVER
    spawn(&threads[count++], take_over, &threads[0]);
#elif defined DEFINE
    spawn(&threads[count++], read_dictionary, NULL);
#endif
    while (count > 0)
        wait_for(threads[--count]);
}
#endif

#ifdef GENMC
int main(void)
{
    run();
    return 0;
}
#else
int main(int count, char **arguments)
{
    return explorer_main(count, arguments, run);
}
#endif
