/* SPDX-License-Identifier: MIT */
/* Touching the pages of a ring beforehand changes nothing but the time that accesses take. */
#include "actor.h"
#include "cli.h"

enum { LAP = 700, KEPT = 500, SENT = 2 * LAP + KEPT };

static const char *new_ring_of_kind(size_t kind, const struct mapring_options *options)
{
    return kind == 0 ? new_ring(options) : new_ring_file(options);
}

/* Sends two laps, so that every slot has been written. The last records are still there. */
static void fill(const char *name)
{
    struct process *writer = start_producer(name), *reader = start_consumer(name, "oldest");
    for (int lap = 0; lap < 2; lap++) {
        expect(writer, MAPRING_OK, "send %d 64", LAP);
        expect(reader, MAPRING_OK, "read %d", LAP);
    }
    expect(writer, MAPRING_OK, "send %d 64", KEPT);
    expect(writer, MAPRING_OK, "close");
    expect(reader, MAPRING_OK, "close");
}

static void check_consumer(const char *name)
{
    const struct mapring_consumer_options options = {.prefault = true};
    mapring_consumer *consumer;
    struct mapring_record record;
    check_result(MAPRING_OK, mapring_consumer_open(&consumer, name, &options));
    for (int i = 0; i < KEPT; i++) {
        check_result(MAPRING_OK, mapring_consumer_next(consumer, &record, 0));
        check_number(64, record.bytes);
    }
    mapring_consumer_close(consumer);
}

static void check_observer(const char *name)
{
    const struct mapring_observer_options options = {.prefault = true};
    mapring_observer *observer;
    struct mapring_record record;
    unsigned char buffer[64];
    check_result(MAPRING_OK, mapring_observer_open(&observer, name, &options));
    check_result(MAPRING_OK, mapring_observer_receive(observer, buffer, sizeof buffer, &record, 0));
    check_number(64, record.bytes);
    mapring_observer_close(observer);
}

static void check_producer(const char *name)
{
    const struct mapring_options options = {.prefault = true};
    mapring_producer *producer;
    check_result(MAPRING_OK, mapring_producer_open(&producer, name, &options));
    check_result(MAPRING_OK, mapring_producer_send(producer, "one more", 8, 0));
    mapring_producer_close(producer);
}

static void prefaulting_leaves_what_is_in_the_ring(void **state)
{
    (void)state;
    for (size_t kind = 0; kind < 2; kind++) {
        const char *name =
            new_ring_of_kind(kind, &(struct mapring_options){.capacity_bytes = 65536});
        fill(name);
        struct process *reader = start_actor();
        expect(reader, MAPRING_OK, "consumer %s %d", name, 2 * LAP);
        check_producer(name);
        check_consumer(name);
        check_observer(name);
        expect_records(reader, 2 * LAP, KEPT);
        check_number(SENT + 1, stat_of(name).records);
        expect(reader, MAPRING_OK, "close");
    }
}

static void prefaulting_does_not_disturb_those_who_run(void **state)
{
    (void)state;
    const char *name = new_ring(&(struct mapring_options){.capacity_bytes = 1 << 18});
    struct process *writer = start_producer(name), *reader = start_consumer(name, "oldest");
    tell(reader, "read 50000 20000");
    tell(writer, "send 50000 200 20000");
    for (int i = 0; i < 20; i++) {
        const struct mapring_consumer_options options = {.from = MAPRING_NEWEST, .prefault = true};
        mapring_consumer *consumer;
        check_result(MAPRING_OK, mapring_consumer_open(&consumer, name, &options));
        mapring_consumer_close(consumer);
    }
    check_result(MAPRING_OK, answer(writer).result);
    struct reply reply = answer(reader);
    check_result(MAPRING_OK, reply.result);
    check(reply.intact);
}

static void a_new_ring_is_prefaulted_by_whoever_opens_it(void **state)
{
    (void)state;
    const struct mapring_options options = {.capacity_bytes = 1 << 22, .prefault = true};
    const char *names[] = {new_ring(&options), new_ring_file(&options)};
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        check_producer(names[i]);
        check_number(1, stat_of(names[i]).records);
    }
}

static void huge_pages_under_those_who_run_change_nothing(void **state)
{
    (void)state;
    for (size_t kind = 0; kind < 2; kind++) {
        const char *name =
            new_ring_of_kind(kind, &(struct mapring_options){.capacity_bytes = 1 << 23});
        struct process *writer = start_producer(name), *reader = start_consumer(name, "oldest");
        tell(reader, "read 20000 20000");
        tell(writer, "send 20000 2000 20000");
        for (int i = 0; i < 5; i++) {
            const struct mapring_options options = {.how = MAPRING_ATTACH, .huge = true};
            mapring_ring *ring;
            check_result(MAPRING_OK, mapring_open(&ring, name, &options));
            mapring_close(ring);
        }
        check_result(MAPRING_OK, answer(writer).result);
        struct reply reply = answer(reader);
        check_result(MAPRING_OK, reply.result);
        check(reply.intact);
    }
}

static void huge_pages_are_no_condition(void **state)
{
    (void)state;
    for (uint64_t capacity = 65536; capacity <= 1 << 24; capacity *= 16) {
        const struct mapring_options options = {
            .capacity_bytes = capacity, .huge = true, .prefault = true};
        for (size_t kind = 0; kind < 2; kind++) {
            const char *name = new_ring_of_kind(kind, &options);
            mapring_producer *producer;
            check_result(MAPRING_OK, mapring_producer_open(&producer, name, &options));
            check_result(MAPRING_OK, mapring_producer_send(producer, "huge", 5, 0));
            mapring_producer_close(producer);
            check_text("huge", RUN("recv", name, "--framing", "block")->output);
        }
    }
}

static void a_ring_may_be_placed_on_a_node(void **state)
{
    (void)state;
    const struct mapring_options options = {.capacity_bytes = 65536, .on_numa_node = true};
    for (size_t kind = 0; kind < 2; kind++) {
        const char *name = new_ring_of_kind(kind, &options);
        check_producer(name);
        check_number(1, stat_of(name).records);
    }
}

static void a_node_that_is_not_there_is_told_and_leaves_nothing(void **state)
{
    (void)state;
    static const uint32_t nodes[] = {1000, 1024, 99999, UINT32_MAX};
    const struct mapring_options attach = {.how = MAPRING_ATTACH};
    for (size_t i = 0; i < COUNT_OF(nodes); i++) {
        const struct mapring_options options = {.on_numa_node = true, .numa_node = nodes[i]};
        const char *names[] = {new_ring_name(), new_path(".ring")};
        for (size_t n = 0; n < COUNT_OF(names); n++) {
            mapring_ring *ring;
            check_result(MAPRING_ERROR_ARGUMENT, mapring_open(&ring, names[n], &options));
            check(strstr(mapring_last_error()->text, "NUMA node") != NULL);
            check_result(MAPRING_ERROR_NOT_THERE, mapring_open(&ring, names[n], &attach));
        }
    }
}

static void a_ring_that_is_there_stays_where_it_is(void **state)
{
    (void)state;
    struct mapring_options options = {.on_numa_node = true};
    const char *name = new_ring(NULL);
    mapring_ring *ring;
    check_result(MAPRING_OK, mapring_open(&ring, name, &options));
    mapring_close(ring);
    options.numa_node = 99999;
    check_result(MAPRING_ERROR_ARGUMENT, mapring_open(&ring, name, &options));
}

static void the_commands_place_rings(void **state)
{
    (void)state;
    const char *path = new_path(".ring");
    const struct ran *ran = RUN("create", path, "--numa-node", "99999");
    check_number(1, ran->code);
    check_contains("no such node", ran->errors);
    check_number(2, RUN("create", path, "--numa-node", "-1")->code);
    check_number(2, RUN("create", path, "--numa-node", "none")->code);
    check_number(0, RUN("create", path, "--numa-node", "0", "--huge")->code);
    check_number(0, RUN("send", path, new_file("here\n", 5), "--numa-node", "0")->code);
    check_text("here\n", RUN("recv", path)->output);
}

static void the_commands_prefault(void **state)
{
    (void)state;
    const char *path = new_path(".ring"), *input = new_file("first\nsecond\n", 13);
    const struct ran *ran = RUN("send", path, input, "--capacity", "4M", "--prefault", "--huge");
    check_text("", ran->errors);
    check_number(0, ran->code);
    check_text("first\nsecond\n", RUN("recv", path, "--observe", "--prefault")->output);
    check_text("first\nsecond\n", RUN("recv", path, "--prefault")->output);
}

static const struct role roles[] = {ACTOR_ROLE};
static const struct CMUnitTest tests[] = {
    TEST(prefaulting_leaves_what_is_in_the_ring),
    TEST(prefaulting_does_not_disturb_those_who_run),
    TEST(a_new_ring_is_prefaulted_by_whoever_opens_it),
    TEST(huge_pages_under_those_who_run_change_nothing),
    TEST(huge_pages_are_no_condition),
    TEST(a_ring_may_be_placed_on_a_node),
    TEST(a_node_that_is_not_there_is_told_and_leaves_nothing),
    TEST(a_ring_that_is_there_stays_where_it_is),
    TEST(the_commands_prefault),
    TEST(the_commands_place_rings),
};
TEST_MAIN(roles, tests)
