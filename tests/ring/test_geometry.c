/* SPDX-License-Identifier: MIT */
/* Making rings: every valid geometry works, every invalid one is refused, and a failure leaves
 * nothing behind. */
#include "actor.h"

#include <inttypes.h>

#include "platform.h"

enum { SMALL = 65536, RACERS = 8 };

static const struct mapring_options small = {.capacity_bytes = SMALL};
static const struct mapring_options attach = {.how = MAPRING_ATTACH};

static void capacities_and_slot_sizes_that_can_be_are_made(void **state)
{
    (void)state;
    for (uint64_t capacity = SMALL; capacity <= UINT64_C(64) << 20; capacity *= 4)
        for (uint32_t slot = 8; slot <= 256; slot *= 2) {
            const struct mapring_options options = {.capacity_bytes = capacity, .slot_bytes = slot};
            const char *name = new_ring_name();
            mapring_ring *ring;
            struct mapring_stat stat;
            check_result(MAPRING_OK, mapring_open(&ring, name, &options));
            check_result(MAPRING_OK, mapring_stat(ring, &stat));
            check_number(capacity, stat.capacity_bytes);
            check_number(slot, stat.slot_bytes);
            check_number(capacity / 2 - 8, stat.record_limit);
            mapring_close(ring);
            if (os_names_outlive_handles())
                check_result(MAPRING_OK, mapring_remove(name, MAPRING_LOCAL, false));
        }
}

static void without_wishes_a_ring_has_1_mib_and_slots_of_16_bytes(void **state)
{
    (void)state;
    struct mapring_stat stat = stat_of(new_ring(NULL));
    check_number(1 << 20, stat.capacity_bytes);
    check_number(16, stat.slot_bytes);
    check_number(1, stat.layout_version);
    check_number(0, stat.records);
}

static void check_refused(int result, struct mapring_options options)
{
    const char *names[] = {new_ring_name(), new_path(".ring")};
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        mapring_ring *ring;
        check_result(result, mapring_open(&ring, names[i], &options));
        check(ring == NULL && strlen(mapring_last_error()->text) > 10);
        check_result(MAPRING_ERROR_NOT_THERE, mapring_open(&ring, names[i], &attach));
    }
}

static void capacities_and_slot_sizes_that_cannot_be_are_refused(void **state)
{
    (void)state;
    static const uint64_t capacities[] = {1,
                                          4096,
                                          32768,
                                          65535,
                                          65537,
                                          98304,
                                          3 << 20,
                                          (UINT64_C(1) << 40) + 1,
                                          UINT64_C(1) << 47,
                                          UINT64_C(1) << 63,
                                          UINT64_MAX};
    static const uint32_t slots[] = {1, 2, 4, 7, 12, 24, 257, 512, UINT32_C(1) << 31, UINT32_MAX};
    for (size_t i = 0; i < COUNT_OF(capacities); i++)
        check_refused(MAPRING_ERROR_GEOMETRY,
                      (struct mapring_options){.capacity_bytes = capacities[i]});
    for (size_t i = 0; i < COUNT_OF(slots); i++)
        check_refused(MAPRING_ERROR_GEOMETRY, (struct mapring_options){.slot_bytes = slots[i]});
}

static void options_that_mean_nothing_are_refused(void **state)
{
    (void)state;
    check_refused(MAPRING_ERROR_ARGUMENT, (struct mapring_options){.how = (enum mapring_how)3});
    check_refused(MAPRING_ERROR_ARGUMENT, (struct mapring_options){.how = (enum mapring_how) - 1});
    check_refused(MAPRING_ERROR_ARGUMENT, (struct mapring_options){.mode = 01000});
}

static void another_geometry_than_the_rings_is_refused(void **state)
{
    (void)state;
    const char *name =
        new_ring(&(struct mapring_options){.capacity_bytes = 1 << 17, .slot_bytes = 64});
    struct process *actor = start_actor();
    struct reply reply =
        expect(actor, MAPRING_ERROR_GEOMETRY_DIFFERS, "producer %s either 65536", name);
    check(strstr(reply.text, "131072") != NULL);
    expect(actor, MAPRING_ERROR_GEOMETRY_DIFFERS, "producer %s either 131072 16", name);
    expect(actor, MAPRING_ERROR_GEOMETRY_DIFFERS, "ring %s attach 262144", name);
    expect(actor, MAPRING_OK, "producer %s either 131072 64", name);
    expect(actor, MAPRING_OK, "close");
    expect(actor, MAPRING_OK, "producer %s either", name);
    check_number(64, stat_of(name).slot_bytes);
}

static void creating_what_exists_is_refused_and_harms_nothing(void **state)
{
    (void)state;
    const char *names[] = {new_ring(&small), new_ring_file(&small)};
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        struct process *writer = start_producer(names[i]), *other = start_actor();
        expect(writer, MAPRING_OK, "send 5 10");
        expect(other, MAPRING_ERROR_EXISTS, "ring %s create", names[i]);
        expect(other, MAPRING_ERROR_EXISTS, "producer %s create 65536 16", names[i]);
        expect_records(start_consumer(names[i], "oldest"), 0, 5);
    }
}

static void attaching_what_is_not_there_makes_nothing(void **state)
{
    (void)state;
    const char *names[] = {new_ring_name(), new_path(".ring")};
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        struct process *actor = start_actor();
        expect(actor, MAPRING_ERROR_NOT_THERE, "ring %s attach", names[i]);
        expect(actor, MAPRING_ERROR_NOT_THERE, "producer %s attach", names[i]);
        expect(actor, MAPRING_ERROR_NOT_THERE, "consumer %s", names[i]);
        expect(actor, MAPRING_OK, "ring %s create", names[i]);
    }
}

static void many_creators_at_once_make_one_ring(void **state)
{
    (void)state;
    const char *names[] = {new_ring_name(), new_path(".ring")};
    for (size_t n = 0; n < COUNT_OF(names); n++)
        for (int round = 0; round < 2; round++) {
            const char *how = round ? "create" : "either";
            struct process *racers[RACERS];
            int made = 0;
            for (int i = 0; i < RACERS; i++)
                racers[i] = start_actor();
            for (int i = 0; i < RACERS; i++)
                tell(racers[i], "ring %s %s 65536", names[n], how);
            for (int i = 0; i < RACERS; i++) {
                struct reply reply = answer(racers[i]);
                if (reply.result != MAPRING_OK && !(round && reply.result == MAPRING_ERROR_EXISTS))
                    check_failed(__FILE__, __LINE__, "%d: %s", reply.result, reply.text);
                made += reply.result == MAPRING_OK;
            }
            check_number(round ? 1 : RACERS, made);
            for (int i = 0; i < RACERS; i++)
                process_kill(racers[i]);
            mapring_remove(names[n], MAPRING_LOCAL, true);
        }
}

/* A creator that stops half-way, says so, and stays alive. */
static int role_half_creator(int argc, char **argv)
{
    struct ring_name name;
    struct platform_object *object;
    check_number(2, argc);
    check_result(MAPRING_OK, ring_name_parse(&name, argv[0], MAPRING_LOCAL));
    check_result(MAPRING_OK, platform_create(&object, &name, 0600, 0));
    struct ring_header header = {.identity.magic = RING_MAGIC, .state = {RING_BEING_CREATED}};
    if (strcmp(argv[1], "stamped") == 0)
        check_result(MAPRING_OK,
                     platform_stamp(object, &header, offsetof(struct ring_header, state) + 4));
    if (strcmp(argv[1], "reserved") == 0) {
        check_result(MAPRING_OK,
                     platform_stamp(object, &header, offsetof(struct ring_header, state) + 4));
        check_result(MAPRING_OK, platform_reserve(object, ring_file_bytes(SMALL, 0)));
    }
    role_say("ready");
    role_hear("done");
    return 0;
}

static void what_a_dead_creator_left_is_made_anew(void **state)
{
    (void)state;
    static const char *const stages[] = {"empty", "stamped", "reserved"};
    for (size_t i = 0; i < 2 * COUNT_OF(stages); i++) {
        const char *name = i % 2 ? new_ring_name() : new_path(".ring");
        struct process *creator = start_role("half_creator", name, stages[i / 2], NULL);
        process_hear(creator, "ready");
        process_kill(creator);
        struct process *actor = start_actor();
        expect(actor, MAPRING_ERROR_NOT_THERE, "ring %s attach", name);
        expect(actor, MAPRING_OK, "producer %s create 65536", name);
        expect(actor, MAPRING_OK, "send 3 10");
        expect_records(start_consumer(name, "oldest"), 0, 3);
    }
}

static void a_ring_is_being_created_while_its_creator_lives(void **state)
{
    (void)state;
    const char *name = new_path(".ring"), *named = new_ring_name();
    struct process *creators[] = {start_role("half_creator", name, "stamped", NULL),
                                  start_role("half_creator", named, "stamped", NULL)};
    struct process *actors[] = {start_actor(), start_actor(), start_actor()};
    for (size_t i = 0; i < COUNT_OF(creators); i++)
        process_hear(creators[i], "ready");
    tell(actors[0], "ring %s attach", name);
    tell(actors[1], "ring %s either", name);
    tell(actors[2], "ring %s either", named);
    for (size_t i = 0; i < COUNT_OF(actors); i++) {
        struct reply reply = answer(actors[i]);
        check_result(MAPRING_ERROR_BEING_CREATED, reply.result);
        check(strstr(reply.text, "being created") != NULL);
        check(reply.took_ns < 10 * SECONDS);
    }
}

/* The second creator waits for the first, and takes over when the first one dies. */
static void who_waits_for_a_creator_that_dies_creates_the_ring(void **state)
{
    (void)state;
    const char *name = new_path(".ring");
    struct process *creator = start_role("half_creator", name, "reserved", NULL);
    process_hear(creator, "ready");
    struct process *actor = start_actor();
    tell(actor, "producer %s create 65536", name);
    process_kill(creator);
    check_result(MAPRING_OK, answer(actor).result);
    expect(actor, MAPRING_OK, "send 1 10");
}

static bool is_our_name(const char *name, void *wanted)
{
    const char **text = wanted;
    if (strcmp(name, *text) == 0)
        *text = NULL;
    return true;
}

static bool is_listed(const char *name)
{
    const char *wanted = name;
    check_result(MAPRING_OK, mapring_list(MAPRING_LOCAL, is_our_name, &wanted));
    return wanted == NULL;
}

static void a_ring_without_space_is_refused_and_nothing_is_left(void **state)
{
    (void)state;
    const struct mapring_options endless = {.capacity_bytes = UINT64_C(1) << 46};
    const char *names[] = {new_ring_name(), new_path(".ring")};
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        mapring_ring *ring;
        int result = mapring_open(&ring, names[i], &endless);
        if (result == MAPRING_OK) { /* a system with that much memory */
            mapring_close(ring);
            continue;
        }
        check(result == MAPRING_ERROR_NO_SPACE || result == MAPRING_ERROR_NO_MEMORY);
        check(ring == NULL && strlen(mapring_last_error()->text) > 10);
        check_result(MAPRING_ERROR_NOT_THERE, mapring_open(&ring, names[i], &attach));
        check(!is_listed(names[i]));
    }
    check(os_file_size(names[1]) == -1);
}

/* A ring too large to be made here: the header of a small one is changed, over a file that is
 * mostly a hole. */
static const char *huge_ring(uint64_t capacity)
{
    const uint64_t start = capacity - 4096;
    const char *path = new_path(".ring");
    mapring_ring *ring;
    check_result(MAPRING_OK, mapring_open(&ring, path, &small));
    mapring_close(ring);
    if (!os_file_resize(path, (int64_t)ring_file_bytes(capacity, 0)))
        skip();
    struct ring_header *header = header_read(path);
    header->identity.capacity_bytes = capacity;
    header->identity.first_position = start;
    store_relaxed(&header->tail, start);
    store_relaxed(&header->horizon, start);
    store_relaxed(&header->marks[0].position, start);
    header_write(path, header);
    return path;
}

static void a_ring_of_64_gib_goes_round(void **state)
{
    (void)state;
    uint64_t capacity = UINT64_C(64) << 30;
    const char *path = huge_ring(capacity);
    struct process *writer = start_actor();
    tell(writer, "producer %s", path);
    if (answer(writer).result == MAPRING_ERROR_NO_MEMORY) {
        /* Wine on a smaller machine, or a 32-bit processor */
        capacity = sizeof(void *) > 4 ? UINT64_C(16) << 30 : UINT64_C(256) << 20;
        print_message("64 GiB cannot be mapped here; using %u MiB\n", (unsigned)(capacity >> 20));
        path = huge_ring(capacity);
        expect(writer, MAPRING_OK, "producer %s", path);
    }
    struct process *reader = start_consumer(path, "oldest");
    expect(writer, MAPRING_OK, "send 100 1000");
    expect(writer, MAPRING_OK, "send 1 1000000");
    expect_records(reader, 0, 101);
    process_kill(writer);
    writer = start_producer(path);
    expect(writer, MAPRING_OK, "send 3 10");
    expect(reader, MAPRING_PRODUCER_DIED, "next");
    expect_records(reader, 101, 3);
    struct mapring_stat stat = stat_of(path);
    const uint64_t most = (UINT64_C(1) << 30) - 1, half = capacity / 2 - 8;
    check_number(half < most ? half : most, stat.record_limit);
    check(stat.tail > capacity && stat.records == 104);
}

static const struct role roles[] = {ACTOR_ROLE, {"half_creator", role_half_creator}};
static const struct CMUnitTest tests[] = {
    TEST(capacities_and_slot_sizes_that_can_be_are_made),
    TEST(without_wishes_a_ring_has_1_mib_and_slots_of_16_bytes),
    TEST(capacities_and_slot_sizes_that_cannot_be_are_refused),
    TEST(options_that_mean_nothing_are_refused),
    TEST(another_geometry_than_the_rings_is_refused),
    TEST(creating_what_exists_is_refused_and_harms_nothing),
    TEST(attaching_what_is_not_there_makes_nothing),
    TEST(many_creators_at_once_make_one_ring),
    TEST(what_a_dead_creator_left_is_made_anew),
    TEST(a_ring_is_being_created_while_its_creator_lives),
    TEST(who_waits_for_a_creator_that_dies_creates_the_ring),
    TEST(a_ring_without_space_is_refused_and_nothing_is_left),
    TEST(a_ring_of_64_gib_goes_round),
};
TEST_MAIN(roles, tests)
