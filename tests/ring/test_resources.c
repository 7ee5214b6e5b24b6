/* SPDX-License-Identifier: MIT */
/* A process that has opened and closed rings thousands of times, was refused, or outlived thousands
 * of others, holds no more system resources than before. */
#include "actor.h"

#include "holdings.h"

enum { SMALL = 65536, CYCLES = 500, KILLS = 50, WARM = 5 };

static const struct mapring_options small = {.capacity_bytes = SMALL};
static const struct mapring_options attach = {.how = MAPRING_ATTACH};
static const struct mapring_consumer_options newest = {.from = MAPRING_NEWEST,
                                                       .wait_producer = true};
static const struct mapring_consumer_options durable = {.name = "durable", .durable = true};

/* Natively, some 14,000 rings are opened and closed, and 10,000 openings are refused. Under Wine
 * and with sanitizers this would take ten times as long, so it is a tenth of that. */
static int part_of(int count)
{
    return os_names_outlive_handles() && !os_is_sanitized() ? count : count / 10;
}

static void check_no_role_is_held(const char *name)
{
    struct ring_name parsed;
    struct platform_object *object;
    check_result(MAPRING_OK, ring_name_parse(&parsed, name, MAPRING_LOCAL));
    check_result(MAPRING_OK, platform_attach(&object, &parsed, true));
    for (unsigned role = ROLE_CREATOR; role < ROLE_CONSUMER + CELL_COUNT; role++)
        check(!platform_role_held(object, role));
    platform_detach(object);
}

/* What happens for the first time may keep something, such as memory of the C library. */
static void check_nothing_grows(void (*cycle)(const char *name), const char *name)
{
    for (int i = 0; i < WARM; i++)
        cycle(name);
    struct holdings before = holdings_now();
    long names = holdings_names(name);
    for (int i = 0; i < part_of(CYCLES); i++)
        cycle(name);
    check_holdings(before);
    check_number(names, holdings_names(name));
}

/* Runs the cycle with a named ring and with a file, which exist before and after. */
static void check_cycle(void (*cycle)(const char *name))
{
    const char *const rings[] = {new_ring(&small), new_ring_file(&small)};
    for (size_t i = 0; i < COUNT_OF(rings); i++) {
        check_nothing_grows(cycle, rings[i]);
        check_no_role_is_held(rings[i]);
    }
}

/* ---- Opened and closed ---- */

static void open_producer(const char *name)
{
    mapring_producer *producer;
    check_result(MAPRING_OK, mapring_producer_open(&producer, name, NULL));
    mapring_producer_close(producer);
}

static void producers_leave_nothing(void **state)
{
    (void)state;
    check_cycle(open_producer);
}

static void open_consumer(const char *name)
{
    mapring_consumer *consumer;
    check_result(MAPRING_OK, mapring_consumer_open(&consumer, name, NULL));
    mapring_consumer_close(consumer);
}

static void consumers_leave_nothing(void **state)
{
    (void)state;
    check_cycle(open_consumer);
}

static void open_durable(const char *name)
{
    mapring_consumer *consumer;
    for (int i = 0; i < 2; i++) { /* the second time, it finds its place again */
        check_result(MAPRING_OK, mapring_consumer_open(&consumer, name, &durable));
        mapring_consumer_close(consumer);
    }
    check_result(MAPRING_OK, mapring_consumer_remove(name, MAPRING_LOCAL, durable.name));
}

static void durable_consumers_leave_nothing(void **state)
{
    (void)state;
    check_cycle(open_durable);
}

static void look_on(const char *name)
{
    mapring_observer *observer;
    mapring_ring *ring;
    struct mapring_stat stat;
    check_result(MAPRING_OK, mapring_observer_open(&observer, name, NULL));
    mapring_observer_close(observer);
    check_result(MAPRING_OK, mapring_open(&ring, name, &attach));
    check_result(MAPRING_OK, mapring_stat(ring, &stat));
    mapring_close(ring);
}

static void observers_leave_nothing(void **state)
{
    (void)state;
    check_cycle(look_on);
}

static void take_image(const char *name)
{
    mapring_image *image;
    struct mapring_record record;
    check_result(MAPRING_OK, mapring_image_open(&image, name, MAPRING_LOCAL));
    check_result(MAPRING_NOTHING, mapring_image_next(image, &record));
    mapring_image_close(image);
}

static void images_leave_nothing(void **state)
{
    (void)state;
    check_cycle(take_image);
}

static void wait_by_handle(const char *name)
{
    mapring_producer *producer;
    mapring_consumer *consumer;
    mapring_handle handle;
    check_result(MAPRING_OK, mapring_producer_open(&producer, name, NULL));
    check_result(MAPRING_OK, mapring_consumer_open(&consumer, name, NULL));
    check_result(MAPRING_OK, mapring_producer_wait_handle(producer, &handle));
    check_result(MAPRING_OK, mapring_consumer_wait_handle(consumer, &handle));
    check_result(MAPRING_NOTHING, mapring_consumer_arm(consumer));
    check_result(MAPRING_OK, mapring_producer_arm(producer, 8));
    mapring_consumer_close(consumer);
    mapring_producer_close(producer);
}

static void wait_handles_leave_nothing(void **state)
{
    (void)state;
    check_cycle(wait_by_handle);
}

static void pass_a_record(const char *name)
{
    mapring_producer *producer;
    mapring_consumer *consumer;
    struct mapring_record record;
    check_result(MAPRING_OK, mapring_consumer_open(&consumer, name, &newest));
    check_result(MAPRING_OK, mapring_producer_open(&producer, name, NULL));
    check_result(MAPRING_OK, mapring_producer_send(producer, "x", 1, 0));
    check_result(MAPRING_OK, mapring_consumer_next(consumer, &record, 0));
    mapring_producer_close(producer);
    mapring_consumer_close(consumer);
}

static void records_leave_nothing(void **state)
{
    (void)state;
    check_cycle(pass_a_record);
}

/* On Windows, the named ring has gone with its last handle. */
static void make_and_remove(const char *name)
{
    const struct mapring_options create = {.how = MAPRING_CREATE, .capacity_bytes = SMALL};
    mapring_ring *ring;
    check_result(MAPRING_OK, mapring_open(&ring, name, &create));
    mapring_close(ring);
    mapring_remove(name, MAPRING_LOCAL, false);
    check_result(MAPRING_ERROR_NOT_THERE, mapring_open(&ring, name, &attach));
}

static void rings_made_and_removed_leave_nothing(void **state)
{
    (void)state;
    const char *name = new_ring_name(), *path = new_path(".ring");
    check_nothing_grows(make_and_remove, name);
    check_number(0, holdings_names(name));
    check_nothing_grows(make_and_remove, path);
    check_number(-1, os_file_size(path));
}

/* ---- Refused ---- */

static const char *changed_ring(size_t offset, uint64_t value)
{
    const char *path = new_path(".ring");
    mapring_ring *ring;
    check_result(MAPRING_OK, mapring_open(&ring, path, &small));
    mapring_close(ring);
    check(os_file_write_at(path, (int64_t)offset, &value, sizeof value));
    return path;
}

static const char *cut_off_ring(void)
{
    const char *path = changed_ring(0, RING_MAGIC);
    check(os_file_resize(path, 2 * REGION_BYTES));
    return path;
}

static const char *directory(void)
{
    const char *path = new_path(".directory");
    check(os_make_directory(path));
    return path;
}

static const char *ring_with_all_consumers(mapring_consumer *consumers[CELL_COUNT])
{
    const char *path = new_ring_file(&small);
    for (unsigned i = 0; i < CELL_COUNT; i++)
        check_result(MAPRING_OK, mapring_consumer_open(&consumers[i], path, i ? NULL : &durable));
    return path;
}

static int as_ring(const char *name, const void *options)
{
    mapring_ring *ring;
    return mapring_open(&ring, name, options);
}

/* Only now and then, because an attempt waits for a creator that may still come. */
static int as_half_made_ring(const char *name, const void *options)
{
    static unsigned times;
    return times++ % 50 == 0 ? as_ring(name, options) : MAPRING_ERROR_NOT_THERE;
}

static int as_producer(const char *name, const void *options)
{
    mapring_producer *producer;
    return mapring_producer_open(&producer, name, options);
}

static int as_consumer(const char *name, const void *options)
{
    mapring_consumer *consumer;
    return mapring_consumer_open(&consumer, name, options);
}

static struct refusal {
    int result;
    int (*open)(const char *name, const void *options);
    const char *name;
    const void *options;
} refusals[32];
static size_t refusal_count;

static void refuse(int result, int (*open)(const char *name, const void *options), const char *name,
                   const void *options)
{
    check(refusal_count < COUNT_OF(refusals));
    refusals[refusal_count++] = (struct refusal){result, open, name, options};
}

static void be_refused(const char *name)
{
    (void)name;
    for (size_t i = 0; i < refusal_count; i++)
        check_result(refusals[i].result, refusals[i].open(refusals[i].name, refusals[i].options));
}

static void who_is_refused_keeps_nothing(void **state)
{
    (void)state;
    static const struct mapring_options create = {.how = MAPRING_CREATE},
                                        larger = {.capacity_bytes = 2 * SMALL},
                                        endless = {.how = MAPRING_CREATE,
                                                   .capacity_bytes = UINT64_C(1) << 46},
                                        overwriting = {.capacity_bytes = SMALL,
                                                       .when_full = MAPRING_OVERWRITE};
    static const struct mapring_consumer_options any = {.from = MAPRING_OLDEST},
                                                 nameless = {.durable = true};
    mapring_consumer *consumers[CELL_COUNT];
    const char *ring = new_ring(&small), *busy = ring_with_all_consumers(consumers);
    const char *foreign = changed_ring(offsetof(struct ring_identity, layout_version), 7);
    const char *damaged = changed_ring(offsetof(struct ring_header, horizon), 4 * SMALL);
    const char *half_made = changed_ring(offsetof(struct ring_header, state), RING_BEING_CREATED);
    const char *cut_off = cut_off_ring(), *folder = directory(), *recorder = new_ring(&overwriting);
    mapring_producer *producer;
    check_result(MAPRING_OK, mapring_producer_open(&producer, ring, NULL));

    refuse(MAPRING_ERROR_NAME, as_producer, "no name", NULL);
    refuse(MAPRING_ERROR_NOT_THERE, as_consumer, "not-there", &any);
    refuse(MAPRING_ERROR_NOT_THERE, as_ring, new_path(".ring"), &attach);
    refuse(MAPRING_ERROR_NOT_THERE, as_ring, new_path("/not/there.ring"), &create);
    refuse(MAPRING_ERROR_EXISTS, as_ring, ring, &create);
    refuse(MAPRING_ERROR_EXISTS, as_ring, busy, &create);
    refuse(MAPRING_ERROR_GEOMETRY_DIFFERS, as_ring, ring, &larger);
    refuse(MAPRING_ERROR_GEOMETRY_DIFFERS, as_producer, busy, &larger);
    refuse(MAPRING_ERROR_NO_SPACE, as_ring, new_path(".ring"), &endless);
    refuse(MAPRING_ERROR_WRONG_KIND, as_ring, folder, &small);
    refuse(MAPRING_ERROR_WRONG_KIND, as_consumer, folder, &any);
    refuse(MAPRING_ERROR_FOREIGN, as_producer, foreign, NULL);
    refuse(MAPRING_ERROR_NOT_THERE, as_half_made_ring, half_made, &attach);
    refuse(MAPRING_ERROR_DAMAGED, as_ring, cut_off, &attach);
    refuse(MAPRING_ERROR_DAMAGED, as_producer, cut_off, NULL);
    refuse(MAPRING_ERROR_DAMAGED, as_producer, damaged, NULL);
    refuse(MAPRING_ERROR_DAMAGED, as_consumer, damaged, &any);
    refuse(MAPRING_ERROR_PRODUCER_TAKEN, as_producer, ring, NULL);
    refuse(MAPRING_ERROR_CONSUMERS_FULL, as_consumer, busy, &any);
    refuse(MAPRING_ERROR_POLICY, as_consumer, recorder, &any);
    refuse(MAPRING_ERROR_ARGUMENT, as_consumer, ring, &nameless);
    check_nothing_grows(be_refused, ring);
    for (unsigned i = 0; i < CELL_COUNT; i++)
        mapring_consumer_close(consumers[i]);
    mapring_producer_close(producer);
    check_no_role_is_held(ring);
    check_no_role_is_held(damaged);
}

/* ---- Killed ---- */

static void a_reader_outlives_killed_producers_with_what_it_had(void **state)
{
    (void)state;
    const char *const rings[] = {new_ring(&small), new_ring_file(&small)};
    for (size_t i = 0; i < COUNT_OF(rings); i++) {
        mapring_consumer *consumer;
        struct mapring_record record;
        struct holdings before = {0};
        check_result(MAPRING_OK, mapring_consumer_open(&consumer, rings[i], NULL));
        long names = holdings_names(rings[i]);
        for (int kills = 0; kills < part_of(KILLS) + WARM; kills++) {
            if (kills == WARM)
                before = holdings_now();
            struct process *writer = start_producer(rings[i]);
            expect(writer, MAPRING_OK, "send 1 100");
            expect(writer, MAPRING_OK, "reserve 100");
            process_kill(writer);
            if (kills > 0) /* that is the end of the previous run */
                check_result(MAPRING_PRODUCER_DIED, mapring_consumer_next(consumer, &record, 0));
            check_result(MAPRING_OK, mapring_consumer_next(consumer, &record, 0));
            check_result(MAPRING_OK, mapring_consumer_release(consumer));
        }
        check_holdings(before);
        check_soon(holdings_names(rings[i]) == names); /* the system may not have finished yet */
        mapring_consumer_close(consumer);
        check_no_role_is_held(rings[i]);
    }
}

static void fill_up(mapring_producer *producer)
{
    static const char payload[1000];
    for (size_t bytes = 0; bytes < 2 * SMALL; bytes += sizeof payload)
        check_result(MAPRING_OK,
                     mapring_producer_send(producer, payload, sizeof payload, MAPRING_FOREVER));
}

static void a_producer_outlives_killed_readers_with_what_it_had(void **state)
{
    (void)state;
    const char *const rings[] = {new_ring(&small), new_ring_file(&small)};
    for (size_t i = 0; i < COUNT_OF(rings); i++) {
        mapring_producer *producer;
        struct holdings before = {0};
        long names = 0;
        check_result(MAPRING_OK, mapring_producer_open(&producer, rings[i], NULL));
        for (int kills = 0; kills < part_of(KILLS) + WARM; kills++) {
            if (kills == WARM) {
                before = holdings_now();
                names = holdings_names(rings[i]);
            }
            struct process *reader = start_consumer(rings[i], "newest");
            tell(reader, "next forever");
            await_sleeping_consumer(rings[i], 0);
            process_kill(reader);
            fill_up(producer);
        }
        check_holdings(before);
        check_soon(holdings_names(rings[i]) == names); /* the system may not have finished yet */
        mapring_producer_close(producer);
        check_no_role_is_held(rings[i]);
        check_number(0, stat_of(rings[i]).consumers);
    }
}

static const struct role roles[] = {ACTOR_ROLE};
static const struct CMUnitTest tests[] = {
    TEST(producers_leave_nothing),
    TEST(consumers_leave_nothing),
    TEST(durable_consumers_leave_nothing),
    TEST(observers_leave_nothing),
    TEST(images_leave_nothing),
    TEST(wait_handles_leave_nothing),
    TEST(records_leave_nothing),
    TEST(rings_made_and_removed_leave_nothing),
    TEST(who_is_refused_keeps_nothing),
    TEST(a_reader_outlives_killed_producers_with_what_it_had),
    TEST(a_producer_outlives_killed_readers_with_what_it_had),
};
TEST_MAIN(roles, tests)
