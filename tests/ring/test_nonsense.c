/* SPDX-License-Identifier: MIT */
/* Whatever the words of policies, marks, losses and cells contain, observers, durable consumers,
 * images and dropping producers answer in time, and nobody crashes. */
#include "actor.h"

#include <inttypes.h>

enum { SMALL = 65536, RECORDS = 300, ROUNDS = 90 };

#define AT(member) ((int64_t)offsetof(struct ring_header, member))
#define CELL_AT(member)                                          \
    (REGION_BYTES + (int64_t)offsetof(struct ring_cells, cell) + \
     (int64_t)offsetof(struct ring_cell, member))

/* A ring that drops, with gap records and with losses not yet reported, and with an absent durable
 * consumer. */
static const char *ring_with_everything(void)
{
    const char *path = new_path(".ring");
    struct process *writer = start_actor(), *reader = start_actor();
    expect(writer, MAPRING_OK, "producer %s create %d 16 drop", path, SMALL);
    expect(reader, MAPRING_OK, "consumer %s oldest d durable 30000", path);
    for (int i = 0; i < 3; i++) {
        expect(writer, MAPRING_OK, "flood %d 400", RECORDS);
        expect(reader, MAPRING_OK, "follow 150");
    }
    expect(writer, MAPRING_OK, "flood %d 400", RECORDS);
    process_kill(reader);
    process_kill(writer);
    return path;
}

/* Whether "COMMAND PATH MORE" gives the expected result. */
static bool tells(struct process *actor, int expected, const char *command, const char *path,
                  const char *more)
{
    tell(actor, "%s %s %s", command, path, more);
    struct reply reply = answer(actor);
    check(reply.took_ns < 10 * SECONDS);
    check(reply.result >= 0 || reply.text[0] != '\0');
    return reply.result == expected;
}

static void use(const char *path)
{
    struct process *writer = start_actor(), *reader = start_actor(), *observer = start_actor();
    mapring_image *image;
    struct mapring_record record;
    if (mapring_image_open(&image, path, MAPRING_LOCAL) == MAPRING_OK)
        for (int i = 0, result = 0; i < 5000 && (result == MAPRING_OK || result == MAPRING_LOST);
             i++)
            result = mapring_image_next(image, &record);
    mapring_image_close(image);
    if (tells(observer, MAPRING_OK, "observer", path, ""))
        tells(observer, MAPRING_NOTHING, "follow", "1000 10", "");
    if (tells(reader, MAPRING_OK, "consumer", path, "oldest d durable 30000")) {
        tells(reader, MAPRING_NOTHING, "follow", "1000 10", "");
        tells(reader, MAPRING_OK, "seek", "250", "");
        tells(reader, MAPRING_NOTHING, "follow", "20 10", "");
    }
    if (tells(writer, MAPRING_OK, "producer", path, "")) {
        tells(writer, MAPRING_OK, "flood", "50 300", "");
        tells(writer, MAPRING_OK, "batch", "9 50", "");
        tells(writer, MAPRING_OK, "drain", "10", "");
    }
    tells(observer, MAPRING_NOTHING, "close", "", "");
    tells(reader, MAPRING_NOTHING, "close", "", "");
    tells(writer, MAPRING_NOTHING, "close", "", "");
    const struct mapring_options attach = {.how = MAPRING_ATTACH};
    struct mapring_stat stat;
    mapring_ring *ring;
    if (mapring_open(&ring, path, &attach) == MAPRING_OK)
        mapring_stat(ring, &stat);
    mapring_close(ring);
    mapring_consumer_remove(path, MAPRING_LOCAL, "d");
    tell(writer, "end");
    tell(reader, "end");
    tell(observer, "end");
    process_finish(writer);
    process_finish(reader);
    process_finish(observer);
}

static void a_policy_that_is_none_is_told(void **state)
{
    (void)state;
    static const uint32_t policies[] = {0, 4, 77, UINT32_MAX};
    for (size_t i = 0; i < COUNT_OF(policies); i++) {
        const char *path = ring_with_everything();
        check(os_file_write_at(path, AT(identity.when_full), &policies[i], sizeof policies[i]));
        mapring_ring *ring;
        mapring_observer *observer;
        mapring_image *image;
        mapring_consumer *consumer;
        mapring_producer *producer;
        check_result(MAPRING_ERROR_DAMAGED, mapring_open(&ring, path, NULL));
        check_result(MAPRING_ERROR_DAMAGED, mapring_observer_open(&observer, path, NULL));
        check_result(MAPRING_ERROR_DAMAGED, mapring_image_open(&image, path, MAPRING_LOCAL));
        check_result(MAPRING_ERROR_DAMAGED, mapring_consumer_open(&consumer, path, NULL));
        check_result(MAPRING_ERROR_DAMAGED, mapring_producer_open(&producer, path, NULL));
        check(strstr(mapring_last_error()->text, "policy") != NULL);
    }
}

static void another_policy_than_it_was_crashes_nobody(void **state)
{
    (void)state;
    for (uint32_t policy = 1; policy <= 3; policy++) {
        const char *path = ring_with_everything();
        check(os_file_write_at(path, AT(identity.when_full), &policy, sizeof policy));
        use(path);
    }
}

static void nonsense_crashes_nobody(void **state)
{
    (void)state;
    static const uint64_t values[] = {0,
                                      1,
                                      7,
                                      16,
                                      65535,
                                      65536,
                                      65552,
                                      UINT32_MAX,
                                      UINT64_MAX,
                                      INT64_MAX,
                                      UINT64_C(1) << 63,
                                      5600,
                                      -UINT64_C(16),
                                      UINT64_C(1) << 46};
    const struct {
        int64_t from, bytes;
    } parts[] = {
        {AT(marks), sizeof(struct ring_mark) * MARK_COUNT},
        {AT(horizon), 96}, /* with the drops and with what is kept */
        {AT(tail), 8},
        {CELL_AT(head), offsetof(struct ring_cell, state)},
        {CELL_AT(state), sizeof(struct ring_cell) - offsetof(struct ring_cell, state)},
        {2 * REGION_BYTES, SMALL}, /* with gap records */
    };
    /* Fewer rounds where starting a process costs more. */
    const uint64_t rounds = rounds_here(ROUNDS);
    for (uint64_t round = 0; round < rounds; round++) {
        const char *path = ring_with_everything();
        size_t part = (size_t)round % COUNT_OF(parts);
        unsigned words = part == 5 ? 200 : part == 0 ? 40 : 3;
        for (unsigned i = 0; i < words; i++) {
            uint64_t random = mix(round * 1000 + i), value = values[random % COUNT_OF(values)];
            if (random >> 32 & 1)
                value = mix(random) >> (random >> 40) % 64;
            int64_t at =
                parts[part].from + (int64_t)(mix(random + 1) % (uint64_t)parts[part].bytes) / 8 * 8;
            check(os_file_write_at(path, at, &value, sizeof value));
        }
        use(path);
    }
}

static const struct role roles[] = {ACTOR_ROLE};
static const struct CMUnitTest tests[] = {
    TEST(a_policy_that_is_none_is_told),
    TEST(another_policy_than_it_was_crashes_nobody),
    TEST(nonsense_crashes_nobody),
};
TEST_MAIN(roles, tests)
