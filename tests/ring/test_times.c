/* SPDX-License-Identifier: MIT */
/*
 * Rings with times: each record says when it was committed, by whichever clock its producer had.
 * The counter and the system's clock are those of the test: both follow the steady clock, until the
 * test lets time pass, sets one of them, or takes another one.
 */
#include "actor.h"

#include <inttypes.h>

#include "counter.h"
#include "ring/clock.h"

enum {
    SMALL = 65536,
    COUNTS_PER_NS = 3,
    LOOK = 20 * 1000 * 1000, /* after so many ns, a producer looks at the clock */
};

#define MINUTE (60 * SECONDS)
#define HOUR   (60 * MINUTE)

static const struct mapring_options timed = {.capacity_bytes = SMALL, .times = true};

/* ---- The clocks ---- */

static struct {
    uint64_t passed_ns;
    uint64_t set_ns; /* how much the system's clock was set forward */
    uint64_t moved;  /* how much the counter was */
    unsigned per_ns;
    enum record_clock clock;
} fake = {.set_ns = UINT64_C(1700000000) * SECONDS,
          .moved = UINT64_C(1) << 50,
          .per_ns = COUNTS_PER_NS,
          .clock = CLOCK_TSC};

enum record_clock __wrap_counter_clock(void);
bool __wrap_counter_is_inlined(enum record_clock clock);
uint64_t __wrap_counter_now(enum record_clock clock);
uint64_t __wrap_platform_wall_clock_ns(void);

static uint64_t steady_ns(void)
{
    return (uint64_t)now_ns() + fake.passed_ns;
}

enum record_clock __wrap_counter_clock(void)
{
    return fake.clock;
}

bool __wrap_counter_is_inlined(enum record_clock clock)
{
    (void)clock;
    return false;
}

uint64_t __wrap_counter_now(enum record_clock clock)
{
    check_number(fake.clock, clock);
    return steady_ns() * fake.per_ns + fake.moved;
}

uint64_t __wrap_platform_wall_clock_ns(void)
{
    return steady_ns() + fake.set_ns;
}

static uint64_t wall_ns(void)
{
    return __wrap_platform_wall_clock_ns();
}

static int set_up(void **state)
{
    static bool known;
    static uint64_t set_ns, moved;
    if (!known) {
        set_ns = fake.set_ns;
        moved = fake.moved;
        known = true;
    }
    fake.passed_ns = 0;
    fake.set_ns = set_ns;
    fake.moved = moved;
    fake.per_ns = COUNTS_PER_NS;
    fake.clock = CLOCK_TSC;
    return test_setup(state);
}

/* ---- Rings ---- */

static mapring_producer *open_producer(const char *name, const struct mapring_options *options)
{
    mapring_producer *producer;
    check_result(MAPRING_OK, mapring_producer_open(&producer, name, options));
    return producer;
}

static mapring_observer *open_observer(const char *name)
{
    mapring_observer *observer;
    check_result(MAPRING_OK, mapring_observer_open(&observer, name, NULL));
    return observer;
}

static mapring_consumer *open_consumer(const char *name)
{
    mapring_consumer *consumer;
    check_result(MAPRING_OK, mapring_consumer_open(&consumer, name, NULL));
    return consumer;
}

static void send_one(mapring_producer *producer)
{
    check_result(MAPRING_OK, mapring_producer_send(producer, "payload", 7, 0));
}

static struct mapring_record observe(mapring_observer *observer, int result)
{
    struct mapring_record record;
    memset(&record, 0xA5, sizeof record);
    check_result(result, mapring_observer_next(observer, &record, 0));
    return record;
}

static void check_between(uint64_t from, uint64_t to, uint64_t ns, uint64_t uncertainty_ns)
{
    if (ns + uncertainty_ns < from || ns > to + uncertainty_ns)
        check_failed(__FILE__, __LINE__,
                     "%" PRIu64 " (+- %" PRIu64 ") is not between %" PRIu64 " and %" PRIu64, ns,
                     uncertainty_ns, from, to);
}

/* Sends a record, and checks that the observer gets the system's time. Returns the uncertainty. */
static uint64_t check_now(mapring_producer *producer, mapring_observer *observer)
{
    uint64_t before = wall_ns();
    send_one(producer);
    uint64_t after = wall_ns();
    struct mapring_record record = observe(observer, MAPRING_OK);
    check_between(before, after, record.time_ns, record.time_uncertainty_ns);
    return record.time_uncertainty_ns;
}

/* Lets the producer learn the rate of the counter. */
static void settle(mapring_producer *producer, mapring_observer *observer)
{
    for (int i = 0; i < 10; i++) {
        check_now(producer, observer);
        fake.passed_ns += SECONDS;
    }
}

static uint64_t points_made(const char *path)
{
    struct ring_header *header = header_read(path);
    uint64_t made = load_relaxed(&header->clock_points_made);
    free(header);
    return made;
}

/* Reads everything that is kept. The times must not go back. Returns the number of records. */
static unsigned read_times(const char *name, uint64_t *times, unsigned limit)
{
    mapring_observer *observer = open_observer(name);
    struct mapring_record record;
    unsigned count = 0;
    uint64_t latest = 0;
    while (mapring_observer_next(observer, &record, 0) == MAPRING_OK) {
        check(record.time_ns >= latest && record.time_ns > 0);
        latest = record.time_ns;
        if (count < limit)
            times[count] = record.time_ns;
        count++;
    }
    mapring_observer_close(observer);
    return count;
}

/* ---- What readers are told ---- */

static void each_record_says_when_it_was_committed(void **state)
{
    (void)state;
    enum { COUNT = 8 };
    uint64_t before[COUNT], after[COUNT];
    char buffer[16];
    struct mapring_record record, batch[2];
    size_t got;
    const char *name = new_ring_file(&timed);
    mapring_producer *producer = open_producer(name, NULL);
    mapring_consumer *consumer = open_consumer(name);
    mapring_observer *observer = open_observer(name);
    mapring_image *image;
    for (int i = 0; i < COUNT; i++) {
        before[i] = wall_ns();
        send_one(producer);
        after[i] = wall_ns();
    }
    check_result(MAPRING_OK, mapring_image_open(&image, name, MAPRING_LOCAL));
    for (int i = 0; i < COUNT; i++) {
        check_result(MAPRING_OK, mapring_image_next(image, &record));
        check_between(before[i], after[i], record.time_ns, record.time_uncertainty_ns);
        uint64_t time_ns = record.time_ns;
        check_result(MAPRING_OK,
                     mapring_observer_receive(observer, buffer, sizeof buffer, &record, 0));
        check_number(time_ns, record.time_ns);
        check(memcmp(buffer, "payload", 7) == 0);
        if (i % 4 == 0)
            check_result(MAPRING_OK, mapring_consumer_next(consumer, &record, 0));
        if (i % 4 == 1)
            check_result(MAPRING_OK, mapring_consumer_next_batch(consumer, batch, 2, &got, 0));
        if (i % 4 == 3)
            check_result(MAPRING_ERROR_BUFFER_TOO_SMALL,
                         mapring_consumer_receive(consumer, buffer, 1, &record, 0));
        if (i % 4 == 3)
            check_result(MAPRING_OK,
                         mapring_consumer_receive(consumer, buffer, sizeof buffer, &record, 0));
        else if (i % 4 != 1)
            check_result(MAPRING_OK, mapring_consumer_release(consumer));
        if (i % 4 == 1 || i % 4 == 2)
            record = batch[i % 4 - 1];
        check_number(i, record.sequence);
        check_number(time_ns, record.time_ns);
        check(record.time_uncertainty_ns > 0);
    }
    mapring_image_close(image);
    mapring_observer_close(observer);
    mapring_consumer_close(consumer);
    mapring_producer_close(producer);
}

static void without_times_records_have_none(void **state)
{
    (void)state;
    const char *name = new_ring(NULL);
    struct mapring_record record;
    mapring_producer *producer = open_producer(name, NULL);
    mapring_observer *observer = open_observer(name);
    mapring_consumer *consumer = open_consumer(name);
    send_one(producer);
    record = observe(observer, MAPRING_OK);
    check_number(0, record.time_ns);
    check_number(0, record.time_uncertainty_ns);
    memset(&record, 0xA5, sizeof record);
    check_result(MAPRING_OK, mapring_consumer_next(consumer, &record, 0));
    check_number(0, record.time_ns);
    check_number(0, record.time_uncertainty_ns);
    mapring_consumer_close(consumer);
    mapring_observer_close(observer);
    mapring_producer_close(producer);
}

static void whoever_asks_for_times_gets_a_ring_with_times(void **state)
{
    (void)state;
    const char *with = new_ring(&timed), *without = new_ring(NULL);
    mapring_ring *ring;
    mapring_producer *producer;
    check_result(MAPRING_ERROR_GEOMETRY_DIFFERS, mapring_open(&ring, without, &timed));
    const struct mapring_options only_times = {.times = true};
    check_result(MAPRING_ERROR_GEOMETRY_DIFFERS,
                 mapring_producer_open(&producer, without, &only_times));
    check(strstr(mapring_last_error()->text, "without times"));
    producer = open_producer(with, &only_times);
    check_number(SMALL / 2 - 16, mapring_producer_record_limit(producer));
    mapring_producer_close(producer);
    producer = open_producer(with, NULL);
    mapring_observer *observer = open_observer(with);
    check_now(producer, observer);
    mapring_observer_close(observer);
    mapring_producer_close(producer);
}

static void a_largest_record_fits(void **state)
{
    (void)state;
    static unsigned char payload[SMALL / 2];
    struct mapring_record record;
    for (uint32_t slot = 8; slot <= 256; slot *= 2) {
        const struct mapring_options options = {
            .capacity_bytes = SMALL, .slot_bytes = slot, .times = true};
        const char *name = new_ring(&options);
        mapring_producer *producer = open_producer(name, NULL);
        mapring_consumer *consumer = open_consumer(name);
        size_t limit = mapring_producer_record_limit(producer);
        check_result(MAPRING_ERROR_RECORD_TOO_LARGE,
                     mapring_producer_send(producer, payload, limit + 1, 0));
        for (uint64_t i = 0; i < 300; i++) {
            size_t bytes = i % 3 == 2 ? limit : (size_t)(i * 7 % 500);
            record_fill(payload, bytes, i);
            check_result(MAPRING_OK, mapring_producer_send(producer, payload, bytes, 0));
            check_result(MAPRING_OK, mapring_consumer_next(consumer, &record, 0));
            check_number(bytes, record.bytes);
            check(record_is_intact(record.payload, record.bytes, i));
            check(record.time_ns > 0);
            check_result(MAPRING_OK, mapring_consumer_release(consumer));
        }
        mapring_consumer_close(consumer);
        mapring_producer_close(producer);
    }
}

static void the_records_of_a_batch_have_one_time(void **state)
{
    (void)state;
    static const unsigned char large[3000];
    const struct mapring_buffer batch[] = {{"a", 1}, {large, sizeof large}, {NULL, 0}, {"bcd", 3}};
    const char *name = new_ring(&timed);
    mapring_producer *producer = open_producer(name, NULL);
    mapring_observer *observer = open_observer(name);
    uint64_t before = wall_ns(), time_ns = 0;
    check_result(MAPRING_OK, mapring_producer_send_batch(producer, batch, COUNT_OF(batch), 0));
    uint64_t after = wall_ns();
    for (size_t i = 0; i < COUNT_OF(batch); i++) {
        struct mapring_record record = observe(observer, MAPRING_OK);
        check_number(batch[i].bytes, record.bytes);
        check(memcmp(batch[i].data ? batch[i].data : "", record.payload, record.bytes) == 0);
        check_between(before, after, record.time_ns, record.time_uncertainty_ns);
        check(i == 0 || record.time_ns == time_ns);
        time_ns = record.time_ns;
    }
    mapring_observer_close(observer);
    mapring_producer_close(producer);
}

/* ---- Losses ---- */

static const struct mapring_options dropping = {
    .capacity_bytes = SMALL, .when_full = MAPRING_DROP, .times = true};

/* Sends until a record is dropped. */
static void fill(mapring_producer *producer)
{
    static const unsigned char payload[1000];
    while (mapring_producer_send(producer, payload, sizeof payload, 0) == MAPRING_OK)
        continue;
}

static struct mapring_record read_to_loss(mapring_consumer *consumer)
{
    struct mapring_record record;
    int result;
    memset(&record, 0xA5, sizeof record);
    while ((result = mapring_consumer_next(consumer, &record, 0)) == MAPRING_OK)
        check_result(MAPRING_OK, mapring_consumer_release(consumer));
    check_result(MAPRING_LOST, result);
    return record;
}

static void read_some(mapring_consumer *consumer, int count)
{
    struct mapring_record record;
    while (count-- > 0) {
        check_result(MAPRING_OK, mapring_consumer_next(consumer, &record, 0));
        check_result(MAPRING_OK, mapring_consumer_release(consumer));
    }
    check_result(MAPRING_ERROR_BUFFER_TOO_SMALL, /* publishes what it has released */
                 mapring_consumer_receive(consumer, NULL, 0, &record, 0));
}

static void a_loss_says_when_it_began_and_ended(void **state)
{
    (void)state;
    struct mapring_record record;
    const char *name = new_ring_file(&dropping);
    mapring_producer *producer = open_producer(name, NULL);
    mapring_consumer *consumer = open_consumer(name);
    mapring_observer *observer = open_observer(name);
    mapring_image *image;
    settle(producer, observer);
    uint64_t before = wall_ns();
    fill(producer);
    uint64_t began = wall_ns();
    fake.passed_ns += 5 * SECONDS;
    uint64_t last = wall_ns();
    fill(producer);
    uint64_t ended = wall_ns();
    fake.passed_ns += 5 * SECONDS;
    read_some(consumer, 20);
    send_one(producer);
    check_result(MAPRING_OK, mapring_image_open(&image, name, MAPRING_LOCAL));
    record = read_to_loss(consumer);
    check_number(2, record.lost_records);
    check_between(before, began, record.time_ns, record.time_uncertainty_ns);
    check_between(last, ended, record.lost_until_ns, record.time_uncertainty_ns);
    struct mapring_record in_image;
    while (mapring_image_next(image, &in_image) == MAPRING_OK)
        continue;
    check_number(record.time_ns, in_image.time_ns);
    check_number(record.lost_until_ns, in_image.lost_until_ns);
    check_result(MAPRING_OK, mapring_consumer_next(consumer, &record, 0));
    check_between(ended + 5 * SECONDS, wall_ns(), record.time_ns, record.time_uncertainty_ns);
    mapring_image_close(image);
    mapring_observer_close(observer);
    mapring_consumer_close(consumer);
    mapring_producer_close(producer);
}

/* The next loss has times of its own. */
static void each_loss_has_its_own_times(void **state)
{
    (void)state;
    const char *name = new_ring(&dropping);
    mapring_producer *producer = open_producer(name, NULL);
    mapring_consumer *consumer = open_consumer(name);
    for (int i = 0; i < 3; i++) {
        uint64_t before = wall_ns();
        fill(producer);
        uint64_t after = wall_ns();
        fake.passed_ns += HOUR;
        read_some(consumer, 20);
        send_one(producer);
        struct mapring_record record = read_to_loss(consumer);
        check_between(before, after, record.time_ns, record.time_uncertainty_ns);
        check_number(record.time_ns, record.lost_until_ns);
    }
    mapring_consumer_close(consumer);
    mapring_producer_close(producer);
}

/* A consumer that begins among the dropped records is told only of those after. */
static void when_a_part_of_a_loss_began_is_unknown(void **state)
{
    (void)state;
    const struct mapring_consumer_options newest = {.from = MAPRING_NEWEST};
    const char *name = new_ring(&dropping);
    mapring_producer *producer = open_producer(name, NULL);
    mapring_consumer *first = open_consumer(name), *late;
    fill(producer);
    check_result(MAPRING_OK, mapring_consumer_open(&late, name, &newest));
    uint64_t before = wall_ns();
    fill(producer);
    uint64_t after = wall_ns();
    read_some(first, 20);
    send_one(producer);
    struct mapring_record record = read_to_loss(late);
    check_number(1, record.lost_records);
    check_number(0, record.time_ns);
    check_between(before, after, record.lost_until_ns, record.time_uncertainty_ns);
    mapring_consumer_close(late);
    mapring_consumer_close(first);
    mapring_producer_close(producer);
}

/* ---- Clocks that do not go evenly ---- */

static void a_clock_that_is_set_forward_is_followed(void **state)
{
    (void)state;
    const char *name = new_ring(&timed);
    mapring_producer *producer = open_producer(name, NULL);
    mapring_observer *observer = open_observer(name);
    check_now(producer, observer);
    uint64_t times[2];
    check_number(1, read_times(name, times, 1));
    fake.set_ns += HOUR;
    fake.passed_ns += LOOK;
    check(check_now(producer, observer) < 100000);
    check_number(2, read_times(name, times + 1, 1));
    check_number(times[0], times[1]); /* what is told of the first record has not changed */
    mapring_observer_close(observer);
    mapring_producer_close(producer);
}

static void times_do_not_go_back_with_the_clock(void **state)
{
    (void)state;
    const struct mapring_options overwriting = {
        .capacity_bytes = SMALL, .when_full = MAPRING_OVERWRITE, .times = true};
    const char *name = new_ring(&overwriting);
    mapring_producer *producer = open_producer(name, NULL);
    mapring_observer *observer = open_observer(name);
    check_now(producer, observer);
    fake.set_ns -= 2 * MILLISECONDS;
    fake.passed_ns += LOOK;
    send_one(producer);
    uint64_t latest = observe(observer, MAPRING_OK).time_ns;
    fake.set_ns -= 10 * SECONDS;
    fake.passed_ns += LOOK;
    uint64_t uncertainty = 0, lead = 10 * SECONDS;
    for (int i = 0; i < 30000 && lead > 0; i++) {
        send_one(producer);
        struct mapring_record record = observe(observer, MAPRING_OK);
        check(record.time_ns >= latest);
        latest = record.time_ns;
        uncertainty = record.time_uncertainty_ns;
        uint64_t now = wall_ns();
        check(latest < now || latest - now <= uncertainty); /* it is said how far off they are */
        check(latest <= now || latest - now <= lead + SECONDS); /* it may have been interrupted */
        lead = latest > now ? latest - now : 0;
        fake.passed_ns += SECONDS;
    }
    check_number(0, lead); /* they go more slowly, until the clock has caught up */
    check(check_now(producer, observer) < 100000);
    check_now(producer, observer);
    mapring_observer_close(observer);
    mapring_producer_close(producer);
}

/* The counter stands still, the clock does not. */
static void times_go_on_after_a_suspension(void **state)
{
    (void)state;
    const char *name = new_ring(&timed);
    mapring_producer *producer = open_producer(name, NULL);
    mapring_observer *observer = open_observer(name);
    for (int i = 0; i < 5; i++) {
        check_now(producer, observer);
        fake.set_ns += HOUR;
        fake.passed_ns += SECONDS;
        check(check_now(producer, observer) < 100000);
    }
    check_number(10, read_times(name, NULL, 0));
    mapring_observer_close(observer);
    mapring_producer_close(producer);
}

/* The process continues on another machine, whose counter is behind, ahead, or counts faster. */
static void times_go_on_on_another_machine(void **state)
{
    (void)state;
    const char *name = new_ring(&timed);
    mapring_producer *producer = open_producer(name, NULL);
    mapring_observer *observer = open_observer(name);
    static const int64_t moves[] = {-HOUR, HOUR, -1000000, -(INT64_C(1) << 49), INT64_C(1) << 48};
    for (size_t i = 0; i < COUNT_OF(moves); i++) {
        check_now(producer, observer);
        fake.moved += (uint64_t)moves[i];
        fake.passed_ns += LOOK;
        check_now(producer, observer);
    }
    fake.per_ns = 4;
    for (int i = 0; i < 5; i++) {
        fake.passed_ns += LOOK;
        check_now(producer, observer); /* the new rate is known after a few looks */
    }
    check_number(2 * COUNT_OF(moves) + 5, read_times(name, NULL, 0));
    mapring_observer_close(observer);
    mapring_producer_close(producer);
}

static void a_counter_that_steps_back_a_little_is_held(void **state)
{
    (void)state;
    const char *name = new_ring(&timed);
    mapring_producer *producer = open_producer(name, NULL);
    mapring_observer *observer = open_observer(name);
    for (int i = 0; i < 100; i++) {
        check_now(producer, observer);
        fake.moved -= i % 2 ? -300 : 300; /* as on two processors that do not agree quite */
    }
    check_number(100, read_times(name, NULL, 0));
    mapring_observer_close(observer);
    mapring_producer_close(producer);
}

static void a_clock_that_drifts_is_followed(void **state)
{
    (void)state;
    const char *name = new_ring_file(&timed);
    mapring_producer *producer = open_producer(name, NULL);
    mapring_observer *observer = open_observer(name);
    for (int i = 0; i < 1000; i++) {
        fake.passed_ns += SECONDS;
        fake.set_ns += 20000; /* 20 ppm */
        check(check_now(producer, observer) < 200000);
    }
    check(points_made(name) < 20); /* once the rate is known, hardly any are needed */
    mapring_observer_close(observer);
    mapring_producer_close(producer);
}

/* More often than there are points to say so. */
static void a_clock_that_is_set_all_the_time_is_followed(void **state)
{
    (void)state;
    enum { TIMES = 400 };
    static uint64_t told[TIMES], told_again[TIMES];
    const char *name = new_ring_file(&timed);
    mapring_producer *producer = open_producer(name, NULL);
    mapring_observer *observer = open_observer(name);
    for (int i = 0; i < TIMES; i++) {
        fake.passed_ns += SECONDS;
        fake.set_ns += (uint64_t)(mix((uint64_t)i) % 1000 * 1000);
        uint64_t before = wall_ns();
        send_one(producer);
        struct mapring_record record = observe(observer, MAPRING_OK);
        check_between(before, wall_ns(), record.time_ns, record.time_uncertainty_ns);
        told[i] = record.time_ns;
    }
    check(points_made(name) > CLOCK_POINT_COUNT / 2 && points_made(name) < TIMES);
    check_number(TIMES, read_times(name, told_again, TIMES));
    for (int i = TIMES / 2; i < TIMES; i++)
        check_number(told[i], told_again[i]);
    mapring_observer_close(observer);
    mapring_producer_close(producer);
}

static void whoever_goes_back_gets_the_same_times(void **state)
{
    (void)state;
    struct mapring_record record;
    const char *name = new_ring(&timed);
    mapring_producer *producer = open_producer(name, NULL);
    mapring_observer *observer = open_observer(name);
    mapring_consumer *consumer = open_consumer(name);
    uint64_t times[50];
    for (size_t i = 0; i < COUNT_OF(times); i++) {
        send_one(producer);
        times[i] = observe(observer, MAPRING_OK).time_ns;
        fake.passed_ns += SECONDS;
        fake.set_ns += i % 10 == 0 ? (uint64_t)SECONDS : 0;
    }
    for (uint64_t i = COUNT_OF(times); i-- > 0;) {
        check_result(MAPRING_OK, mapring_consumer_seek(consumer, MAPRING_AT_SEQUENCE, i));
        check_result(MAPRING_OK, mapring_consumer_next(consumer, &record, 0));
        check_number(times[i], record.time_ns);
        check_result(MAPRING_OK, mapring_consumer_release(consumer));
    }
    mapring_consumer_close(consumer);
    mapring_observer_close(observer);
    mapring_producer_close(producer);
}

/* ---- One producer after the other ---- */

/* writer NAME COUNT PASSED SET MOVED CLOCK close|die: sends COUNT records as a process whose clocks
 * differ from the test's as it says. */
static int writer(int argc, char **argv)
{
    (void)argc;
    fake.passed_ns = strtoull(argv[2], NULL, 10);
    fake.set_ns += strtoull(argv[3], NULL, 10);
    fake.moved += strtoull(argv[4], NULL, 10);
    fake.clock = (enum record_clock)atoi(argv[5]);
    mapring_producer *producer = open_producer(argv[0], NULL);
    uint64_t before = wall_ns();
    for (int i = atoi(argv[1]); i > 0; i--)
        send_one(producer);
    role_say("%" PRIu64 " %" PRIu64, before, wall_ns());
    if (strcmp(argv[6], "close") == 0)
        mapring_producer_close(producer);
    else
        role_hear("die");
    return 0;
}

static const char *number(int64_t value)
{
    static char text[8][24];
    static unsigned next;
    char *place = text[next++ % COUNT_OF(text)];
    snprintf(place, sizeof *text, "%" PRIu64, (uint64_t)value);
    return place;
}

/* Returns the time at which it was ready. */
static uint64_t write_by_another(const char *name, int count, int64_t set_ns, int64_t moved,
                                 enum record_clock clock, bool dies)
{
    uint64_t before, after;
    struct process *process =
        start_role("writer", name, number(count), number((int64_t)fake.passed_ns), number(set_ns),
                   number(moved), number((int64_t)clock), dies ? "die" : "close", NULL);
    check(sscanf(process_line(process), "%" SCNu64 " %" SCNu64, &before, &after) == 2);
    if (dies)
        process_kill(process);
    else
        process_finish(process);
    return after;
}

/* Checks the times of the last records, between the two. */
static void check_last(const char *name, unsigned count, unsigned all, uint64_t from, uint64_t to)
{
    static uint64_t times[1000];
    check_number(all, read_times(name, times, COUNT_OF(times)));
    for (unsigned i = all - count; i < all; i++)
        check_between(from, to, times[i], 100000);
}

static void the_next_producer_continues_with_the_same_clock(void **state)
{
    (void)state;
    const char *name = new_ring_file(&timed);
    unsigned all = 0;
    for (int i = 0; i < 20; i++) {
        uint64_t before = wall_ns();
        uint64_t after = write_by_another(name, 5, 0, 0, CLOCK_TSC, i % 2);
        check_last(name, 5, all += 5, before, after);
        fake.passed_ns += MINUTE;
    }
    check(points_made(name) < 10); /* most of them need none of their own */
}

static void the_next_producer_may_have_another_clock(void **state)
{
    (void)state;
    const char *name = new_ring_file(&timed);
    static const struct {
        int64_t set_ns, moved;
        enum record_clock clock;
    } next[] = {
        {0, 0, CLOCK_TSC},
        {0, 0, CLOCK_STEADY},                      /* another system on the same machine */
        {HOUR, -(INT64_C(1) << 49), CLOCK_STEADY}, /* after a reboot */
        {2 * HOUR, -(INT64_C(1) << 49) - HOUR, CLOCK_STEADY},
        {3 * HOUR, INT64_C(1) << 52, CLOCK_CNTVCT},
        {4 * HOUR, 0, CLOCK_TSC},
    };
    unsigned all = 0;
    for (size_t i = 0; i < COUNT_OF(next); i++) {
        uint64_t before = wall_ns() + (uint64_t)next[i].set_ns;
        uint64_t after =
            write_by_another(name, 3, next[i].set_ns, next[i].moved, next[i].clock, i % 2);
        check_last(name, 3, all += 3, before, after);
    }
}

/* Its times begin where those of the previous one ended. */
static void the_next_producer_may_be_behind_in_time(void **state)
{
    (void)state;
    const char *name = new_ring_file(&timed);
    uint64_t latest = write_by_another(name, 3, HOUR, 0, CLOCK_TSC, true);
    write_by_another(name, 3, 0, -HOUR, CLOCK_TSC, false);
    check_last(name, 3, 6, latest - SECONDS, latest + 10 * SECONDS);
    write_by_another(name, 0, 0, 0, CLOCK_STEADY, false);
    write_by_another(name, 3, 0, 0, CLOCK_STEADY, false);
    check_last(name, 3, 9, latest - SECONDS, latest + 20 * SECONDS);
}

/* A mark is right behind the last record: its counter is found from the oldest record on. */
static void the_last_time_is_found_where_a_mark_is_made_last(void **state)
{
    (void)state;
    const char *name = new_ring_file(&timed);
    uint64_t before = wall_ns();
    for (unsigned count = 1; count < 200; count += 13) {
        check_result(MAPRING_OK, mapring_remove(name, MAPRING_LOCAL, true));
        name = new_ring_file(&timed);
        fake.passed_ns += HOUR;
        mapring_producer *producer = open_producer(name, NULL);
        for (unsigned i = 0; i < count; i++) {
            fake.passed_ns += 1000; /* before it looks at the clock */
            check_result(MAPRING_OK, mapring_producer_send(producer, "payload", 7, 0));
        }
        fake.passed_ns -= 1000 * count / 2;
        mapring_producer_close(producer);
        fake.clock = CLOCK_STEADY;
        producer = open_producer(name, NULL);
        send_one(producer);
        check_number(count + 1, read_times(name, NULL, 0));
        mapring_producer_close(producer);
        fake.clock = CLOCK_TSC;
    }
    check(wall_ns() > before);
}

static void what_a_dead_producer_dropped_has_no_times(void **state)
{
    (void)state;
    struct process *writer = start_actor();
    const char *name = new_ring(&dropping);
    mapring_consumer *consumer = open_consumer(name);
    expect(writer, MAPRING_OK, "producer %s", name);
    expect(writer, MAPRING_OK, "flood 100 1000");
    process_kill(writer);
    read_some(consumer, 20);
    mapring_producer *producer = open_producer(name, NULL);
    send_one(producer);
    struct mapring_record record;
    int result;
    while ((result = mapring_consumer_next(consumer, &record, 0)) != MAPRING_LOST)
        check(result == MAPRING_OK || result == MAPRING_PRODUCER_DIED);
    check_number(0, record.time_ns);
    mapring_consumer_close(consumer);
    mapring_producer_close(producer);
}

/* ---- Arithmetic ---- */

static void any_point_gives_some_time(void **state)
{
    (void)state;
    const uint64_t most = UINT64_MAX, half = UINT64_C(1) << 63, one = UINT64_C(1) << 32;
    check_number(0, clock_time(&(struct clock_point){0, 0, 0, 0, 0, 0}, 0));
    check(clock_time(&(struct clock_point){0, 0, most, one, 0, 0}, 5) == most);
    check(clock_time(&(struct clock_point){0, 0, 0, most, 0, 0}, half - 1) == most);
    check(clock_time(&(struct clock_point){0, 0, 0, most, 0, 0}, one) == most);
    check(clock_time(&(struct clock_point){0, 1, 10, one, 0, 0}, 0) == 9);
    check(clock_time(&(struct clock_point){0, half, 10, most, 0, 0}, 1) == 0);
    check(clock_time(&(struct clock_point){0, 0, 7, one / 2, 0, 0}, 5) == 9);
    check(clock_ns(one * 5 + 3, one * 3 + 1) == 15 * one + 9 + 5);
}

/* Readers of a damaged ring get some time or other, and nothing worse. */
static void damaged_points_give_some_time(void **state)
{
    (void)state;
    const char *path = new_ring_file(&timed);
    mapring_producer *producer = open_producer(path, NULL);
    for (int i = 0; i < 10; i++)
        send_one(producer);
    mapring_producer_close(producer);
    for (uint64_t i = 0; i < 200; i++) {
        struct ring_header *header = header_read(path);
        unsigned char *points = (unsigned char *)header->clock_points;
        store_relaxed(&header->clock_points_made, i % 3 ? mix(i) : i);
        for (size_t at = 0; at < sizeof header->clock_points; at++)
            points[at] = (unsigned char)(i % 5 ? mix(i * 10000 + at) : 0xff);
        header_write(path, header);
        mapring_observer *observer = open_observer(path);
        for (int k = 0; k < 10; k++)
            observe(observer, MAPRING_OK);
        mapring_observer_close(observer);
        producer = open_producer(path, NULL);
        mapring_producer_close(producer);
    }
}

static const struct role roles[] = {ACTOR_ROLE, {"writer", writer}};

#undef TEST
/* clang-format off */
#define TEST(function) {#function, function, set_up, test_teardown, NULL}
/* clang-format on */

static const struct CMUnitTest tests[] = {
    TEST(each_record_says_when_it_was_committed),
    TEST(without_times_records_have_none),
    TEST(whoever_asks_for_times_gets_a_ring_with_times),
    TEST(a_largest_record_fits),
    TEST(the_records_of_a_batch_have_one_time),
    TEST(a_loss_says_when_it_began_and_ended),
    TEST(each_loss_has_its_own_times),
    TEST(when_a_part_of_a_loss_began_is_unknown),
    TEST(a_clock_that_is_set_forward_is_followed),
    TEST(times_do_not_go_back_with_the_clock),
    TEST(times_go_on_after_a_suspension),
    TEST(times_go_on_on_another_machine),
    TEST(a_counter_that_steps_back_a_little_is_held),
    TEST(a_clock_that_drifts_is_followed),
    TEST(a_clock_that_is_set_all_the_time_is_followed),
    TEST(whoever_goes_back_gets_the_same_times),
    TEST(the_next_producer_continues_with_the_same_clock),
    TEST(the_next_producer_may_have_another_clock),
    TEST(the_next_producer_may_be_behind_in_time),
    TEST(the_last_time_is_found_where_a_mark_is_made_last),
    TEST(what_a_dead_producer_dropped_has_no_times),
    TEST(any_point_gives_some_time),
    TEST(damaged_points_give_some_time),
};

TEST_MAIN(roles, tests)
