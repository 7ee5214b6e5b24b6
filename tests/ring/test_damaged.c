/* SPDX-License-Identifier: MIT */
/* Nothing in the mapping is trusted: whatever it holds, nobody crashes, hangs, or accesses anything
 * outside it. */
#include "actor.h"
#include "ring/open.h"

#include <inttypes.h>

enum { SMALL = 65536, RECORDS = 50, BYTES = 100, SPAN = 112, RANDOM_ROUNDS = 36 };

/* A ring file with some records, and a dead consumer that has read none. */
static const char *ring_with_records(void)
{
    const char *path = new_path(".ring");
    struct process *writer = start_actor();
    expect(writer, MAPRING_OK, "producer %s create %d 16", path, SMALL);
    expect(writer, MAPRING_OK, "send %d %d", RECORDS, BYTES);
    process_kill(start_consumer(path, "oldest"));
    expect(writer, MAPRING_OK, "close");
    process_kill(writer);
    return path;
}

static int64_t slot_offset(uint64_t record)
{
    return 2 * (int64_t)REGION_BYTES + (int64_t)record * SPAN;
}

static void a_word_that_is_no_header_is_told_for_good(void **state)
{
    (void)state;
    const uint64_t words[] = {
        1,                                          /* of no kind */
        commit_word(RECORD_DATA, BYTES, 4),         /* of another record */
        commit_word(RECORD_DATA, SMALL / 2 - 7, 5), /* too long */
        commit_word(RECORD_DATA, PAYLOAD_MAX, 5),   /* far too long */
        commit_word(RECORD_CONTINUED, BYTES, 4),
        commit_word(RECORD_CONTINUED, SMALL / 2 - 7, 5),
        commit_word(RECORD_GAP, BYTES, 5), /* a note of a later version */
        UINT64_MAX,
    };
    for (size_t i = 0; i < COUNT_OF(words); i++) {
        const char *path = ring_with_records();
        check(os_file_write_at(path, slot_offset(5), &words[i], sizeof words[i]));
        struct process *reader = start_consumer(path, "oldest");
        struct reply reply = expect(reader, MAPRING_ERROR_DAMAGED, "read 100");
        check_number(5, reply.count);
        check(strstr(reply.text, "560") != NULL); /* the position of the damage */
        expect(reader, MAPRING_ERROR_DAMAGED, "next 50");
        expect(reader, MAPRING_ERROR_DAMAGED, "release");
        expect(reader, MAPRING_OK, "close");
    }
}

static void a_damaged_record_in_a_batch_comes_when_it_is_the_first(void **state)
{
    (void)state;
    const char *path = ring_with_records();
    const uint64_t word = UINT64_MAX;
    mapring_consumer *consumer;
    struct mapring_record records[20];
    size_t count;
    check(os_file_write_at(path, slot_offset(5), &word, sizeof word));
    check_result(MAPRING_OK, mapring_consumer_open(&consumer, path, NULL));
    check_result(MAPRING_OK, mapring_consumer_next_batch(consumer, records, 20, &count, 0));
    check_number(5, count);
    check_result(MAPRING_ERROR_DAMAGED,
                 mapring_consumer_next_batch(consumer, records, 20, &count, 0));
    mapring_consumer_close(consumer);
}

#define AT(member) offsetof(struct ring_header, member)

/* A producer that takes over finds what makes no sense, and says so. */
static void a_producer_does_not_take_over_a_ring_that_makes_no_sense(void **state)
{
    (void)state;
    const struct {
        size_t offset;
        uint64_t value;
    } patches[] = {
        /* marks[1] is the newest */
        {AT(horizon), 0},           {AT(horizon), UINT64_C(1) << 40},
        {AT(horizon), UINT64_MAX},  {AT(marks_made), 0},
        {AT(marks[1].position), 3}, {AT(marks[1].position), 16},
        {AT(marks[1].sequence), 7}, {(size_t)slot_offset(RECORDS - 1), UINT64_MAX},
    };
    for (size_t i = 0; i < COUNT_OF(patches); i++) {
        const char *path = ring_with_records();
        struct process *actor = start_actor();
        check(os_file_write_at(path, (int64_t)patches[i].offset, &patches[i].value, 8));
        tell(actor, "producer %s", path);
        struct reply reply = answer(actor);
        if (reply.result != MAPRING_ERROR_DAMAGED)
            print_message("patch %u\n", (unsigned)i);
        check_result(MAPRING_ERROR_DAMAGED, reply.result);
        check(strstr(reply.text, "damaged") != NULL);
    }
}

/* A random value, often one that is likely to do harm. */
static uint64_t nasty(uint64_t seed)
{
    static const uint64_t values[] = {0,          1,
                                      7,          16,
                                      65535,      65536,
                                      65552,      UINT32_MAX,
                                      UINT64_MAX, UINT64_C(1) << 63,
                                      5600,       -UINT64_C(16)};
    uint64_t random = mix(seed);
    return random % 3 == 0 ? mix(random) : values[random / 3 % COUNT_OF(values)];
}

/* Damages some words in a part of the file. */
static void damage(const char *path, int64_t from, int64_t bytes, uint64_t seed)
{
    for (int i = 0; i < 8; i++) {
        uint64_t value = nasty(seed * 100 + i);
        int64_t at = from + (int64_t)(mix(seed * 200 + i) % (uint64_t)bytes) / 8 * 8;
        check(os_file_write_at(path, at, &value, sizeof value));
    }
}

/* Whatever the answers are, they come in time. */
static void use(const char *path)
{
    static const char *const reading[] = {"read 200", "next 20", "release", "receive", "close"};
    static const char *const writing[] = {"send 5 100", "reserve 30000", "abort", "batch 9 50",
                                          "wait 3 10",  "drain 10",      "close"};
    struct process *reader = start_actor(), *writer = start_actor();
    tell(reader, "consumer %s oldest", path);
    bool reads = answer(reader).result == MAPRING_OK;
    tell(writer, "producer %s", path);
    bool writes = answer(writer).result == MAPRING_OK;
    for (size_t i = 0; writes && i < COUNT_OF(writing); i++) {
        tell(writer, "%s", writing[i]);
        check(answer(writer).took_ns < 10 * SECONDS);
    }
    for (size_t i = 0; reads && i < COUNT_OF(reading); i++) {
        tell(reader, "%s", reading[i]);
        check(answer(reader).took_ns < 10 * SECONDS);
    }
    const struct mapring_options attach = {.how = MAPRING_ATTACH};
    mapring_ring *ring;
    struct mapring_stat stat;
    if (mapring_open(&ring, path, &attach) == MAPRING_OK)
        mapring_stat(ring, &stat);
    mapring_close(ring);
    tell(reader, "end");
    tell(writer, "end");
    process_finish(reader);
    process_finish(writer);
}

static void random_damage_crashes_nobody(void **state)
{
    (void)state;
    const int64_t header = sizeof(struct ring_header), cells = sizeof(struct ring_cells);
    const struct {
        int64_t from, bytes;
    } parts[] = {
        {AT(producer_run), header - (int64_t)AT(producer_run)},
        {AT(tail), (int64_t)AT(marks[1]) - (int64_t)AT(tail)},
        {REGION_BYTES, cells},
        {REGION_BYTES, 1024},
        {2 * REGION_BYTES, RECORDS * SPAN},
        {0, AT(producer_run)},
    };
    for (uint64_t seed = 0; seed < RANDOM_ROUNDS; seed++) {
        size_t part = (size_t)seed % COUNT_OF(parts);
        const char *path = ring_with_records();
        damage(path, parts[part].from, parts[part].bytes, seed + 1);
        use(path);
    }
}

/* If stat walked through a large ring a thousand times, nobody would wait for its answer. */
static void stat_answers_soon_whatever_the_horizon_says(void **state)
{
    (void)state;
    const uint64_t capacity = 32 << 20;
    const char *path = new_path(".ring");
    const struct mapring_options recorder = {
        .capacity_bytes = capacity, .slot_bytes = 8, .when_full = MAPRING_OVERWRITE};
    mapring_producer *writer;
    check_result(MAPRING_OK, mapring_producer_open(&writer, path, &recorder));
    for (uint64_t i = 0; i < capacity / 8; i++)
        check_result(MAPRING_OK, mapring_producer_send(writer, NULL, 0, 0));
    mapring_producer_close(writer);
    struct ring_header *header = header_read(path);
    store_relaxed(&header->horizon, UINT64_C(1) << 40);
    store_relaxed(&header->marks_made, load_relaxed(&header->marks_made) - 14);
    header_write(path, header);

    const struct mapring_options attach = {.how = MAPRING_ATTACH};
    struct mapring_stat stat;
    mapring_ring *ring;
    check_result(MAPRING_OK, mapring_open(&ring, path, &attach));
    int64_t start = now_ns();
    check_result(MAPRING_ERROR_DAMAGED, mapring_stat(ring, &stat));
    check(now_ns() - start < 2 * SECONDS);
    mapring_close(ring);
}

/* Plays a hostile process that makes a cell active again and again, although nobody holds it. */
static struct ring_cell *revived;
static unsigned revivals;

void __real_platform_role_drop(struct platform_object *object, unsigned role);
void __wrap_platform_role_drop(struct platform_object *object, unsigned role);

void __wrap_platform_role_drop(struct platform_object *object, unsigned role)
{
    __real_platform_role_drop(object, role);
    if (revived && ++revivals < 1000)
        exchange32(&revived->state, CELL_ACTIVE);
}

static void a_dead_consumer_that_is_revived_again_and_again_holds_nobody_up(void **state)
{
    (void)state;
    const char *path = ring_with_records();
    struct ring ring;
    struct mapring_hot hot;
    int result = MAPRING_OK;
    mapring_producer *writer;
    check_result(MAPRING_OK, mapring_producer_open(&writer, path, NULL));
    check_result(MAPRING_OK, ring_attach(&ring, &hot, path, MAPRING_LOCAL, false, ACCESS_CONSUME));
    revived = &ring.cells->cell[3];
    exchange32(&revived->state, CELL_ACTIVE);
    for (int i = 0; i < SMALL / 16 && result == MAPRING_OK; i++)
        result = mapring_producer_send(writer, "", 1, 0);
    check_result(MAPRING_NO_ROOM, result);
    check(revivals > 1 && revivals < 1000);
    revived = NULL;
    ring_close(&ring);
    mapring_producer_close(writer);
}

static const struct role roles[] = {ACTOR_ROLE};
static const struct CMUnitTest tests[] = {
    TEST(a_word_that_is_no_header_is_told_for_good),
    TEST(a_damaged_record_in_a_batch_comes_when_it_is_the_first),
    TEST(a_producer_does_not_take_over_a_ring_that_makes_no_sense),
    TEST(random_damage_crashes_nobody),
    TEST(stat_answers_soon_whatever_the_horizon_says),
    TEST(a_dead_consumer_that_is_revived_again_and_again_holds_nobody_up),
};
TEST_MAIN(roles, tests)
