/* SPDX-License-Identifier: MIT */
/* Anything may be behind a name: a foreign ring, a damaged one, or no ring at all. */
#include "actor.h"

#include <inttypes.h>

#include "ring/feature.h"

/* A file that is at least this long can be told to be a ring. */
enum { SMALL = 65536, IDENTIFIED = offsetof(struct ring_header, state) + sizeof(uint32_t) };

static const struct mapring_options small = {.capacity_bytes = SMALL};
static const struct mapring_options attach = {.how = MAPRING_ATTACH};

static const char *closed_ring_file(void)
{
    const char *path = new_path(".ring");
    mapring_ring *ring;
    check_result(MAPRING_OK, mapring_open(&ring, path, &small));
    mapring_close(ring);
    return path;
}

static void check_answers(const char *path, int observer, int user)
{
    mapring_ring *ring;
    mapring_producer *producer;
    mapring_consumer *consumer;
    check_result(observer, mapring_open(&ring, path, &attach));
    mapring_close(ring);
    check_result(user, mapring_producer_open(&producer, path, NULL));
    mapring_producer_close(producer);
    check_result(user, mapring_consumer_open(&consumer, path, NULL));
    mapring_consumer_close(consumer);
}

#define AT(member) \
    offsetof(struct ring_identity, member), sizeof(((struct ring_identity *)0)->member)

static void rings_of_a_foreign_layout_are_refused_with_a_reason(void **state)
{
    (void)state;
    static const struct {
        size_t offset, bytes;
        uint64_t value;
        int observer, user;
        const char *reason;
    } cases[] = {
        {AT(layout_version), 2, MAPRING_ERROR_FOREIGN, MAPRING_ERROR_FOREIGN, "version 2"},
        {AT(layout_version), 0, MAPRING_ERROR_FOREIGN, MAPRING_ERROR_FOREIGN, "version 0"},
        {AT(magic), UINT64_C(0x4d415052494e4731), MAPRING_ERROR_FOREIGN, MAPRING_ERROR_FOREIGN,
         "byte order"},
        {AT(magic), UINT64_C(0x4d41505249), MAPRING_ERROR_WRONG_KIND, MAPRING_ERROR_WRONG_KIND,
         "not a ring"},
        {AT(header_bytes), 4096, MAPRING_ERROR_FOREIGN, MAPRING_ERROR_FOREIGN, "sizes"},
        {AT(cells_bytes), 4096, MAPRING_ERROR_FOREIGN, MAPRING_ERROR_FOREIGN, "sizes"},
        {AT(cell_bytes), 128, MAPRING_ERROR_FOREIGN, MAPRING_ERROR_FOREIGN, "sizes"},
        {AT(cell_count), 64, MAPRING_ERROR_FOREIGN, MAPRING_ERROR_FOREIGN, "sizes"},
        {AT(mark_count), 16, MAPRING_ERROR_FOREIGN, MAPRING_ERROR_FOREIGN, "sizes"},
        {AT(features_required), 4, MAPRING_ERROR_FOREIGN, MAPRING_ERROR_FOREIGN, "(0x4)"},
        {AT(features_read_only), 8, MAPRING_OK, MAPRING_ERROR_FOREIGN, "(0x8)"},
        {AT(features_compatible), 1, MAPRING_OK, MAPRING_OK, NULL},
        {AT(capacity_bytes), 0, MAPRING_ERROR_DAMAGED, MAPRING_ERROR_DAMAGED, "capacity"},
        {AT(capacity_bytes), 65535, MAPRING_ERROR_DAMAGED, MAPRING_ERROR_DAMAGED, "capacity"},
        {AT(capacity_bytes), UINT64_MAX, MAPRING_ERROR_DAMAGED, MAPRING_ERROR_DAMAGED, "capacity"},
        {AT(capacity_bytes), UINT64_C(1) << 46, MAPRING_ERROR_DAMAGED, MAPRING_ERROR_DAMAGED,
         "truncated"},
        {AT(slot_bytes), 0, MAPRING_ERROR_DAMAGED, MAPRING_ERROR_DAMAGED, "slots"},
        {AT(slot_bytes), 12, MAPRING_ERROR_DAMAGED, MAPRING_ERROR_DAMAGED, "slots"},
        {AT(slot_bytes), 512, MAPRING_ERROR_DAMAGED, MAPRING_ERROR_DAMAGED, "slots"},
        {AT(dictionary_bytes), 65535, MAPRING_ERROR_DAMAGED, MAPRING_ERROR_DAMAGED, "dictionary"},
        {AT(dictionary_bytes), UINT64_C(1) << 40, MAPRING_ERROR_DAMAGED, MAPRING_ERROR_DAMAGED,
         "dictionary"},
        {AT(first_position), 3, MAPRING_ERROR_DAMAGED, MAPRING_ERROR_DAMAGED, "damaged"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const char *path = closed_ring_file();
        uint32_t half = (uint32_t)cases[i].value;
        const void *word = cases[i].bytes == sizeof half ? (const void *)&half : &cases[i].value;
        check(os_file_write_at(path, (int64_t)cases[i].offset, word, cases[i].bytes));
        check_answers(path, cases[i].observer, cases[i].user);
        if (cases[i].reason)
            check(strstr(mapring_last_error()->text, cases[i].reason) != NULL);
    }
}

static void truncated_rings_are_refused(void **state)
{
    (void)state;
    static const int sizes[] = {1,          7,    8,     IDENTIFIED - 5, IDENTIFIED - 1,
                                IDENTIFIED, 2000, 65536, 131072,         131072 + SMALL - 1};
    for (size_t i = 0; i < COUNT_OF(sizes); i++) {
        const char *path = closed_ring_file();
        check(os_file_resize(path, sizes[i]));
        int result = sizes[i] < IDENTIFIED ? MAPRING_ERROR_WRONG_KIND : MAPRING_ERROR_DAMAGED;
        check_answers(path, result, result);
        check_number(sizes[i], os_file_size(path));
        if (result == MAPRING_ERROR_DAMAGED)
            check(strstr(mapring_last_error()->text, "truncated") != NULL);
    }
}

static void a_longer_file_than_needed_is_a_ring(void **state)
{
    (void)state;
    const char *path = closed_ring_file();
    check(os_file_resize(path, 1 << 20));
    check_answers(path, MAPRING_OK, MAPRING_OK);
}

static void an_empty_file_is_no_ring_but_becomes_one(void **state)
{
    (void)state;
    const char *path = new_path(".ring");
    mapring_ring *ring;
    write_file(path, "", 0);
    check_result(MAPRING_ERROR_NOT_THERE, mapring_open(&ring, path, &attach));
    check_number(0, os_file_size(path));
    check_result(MAPRING_OK, mapring_open(&ring, path, &small));
    mapring_close(ring);
    check_answers(path, MAPRING_OK, MAPRING_OK);
}

static void a_file_that_is_none_of_ours_is_left_alone(void **state)
{
    (void)state;
    static char text[200000];
    static const size_t sizes[] = {1, 5, 200, sizeof text};
    memset(text, 'x', sizeof text);
    for (size_t i = 0; i < COUNT_OF(sizes); i++) {
        const char *path = new_path(".txt");
        size_t bytes;
        write_file(path, text, sizes[i]);
        check_answers(path, MAPRING_ERROR_WRONG_KIND, MAPRING_ERROR_WRONG_KIND);
        check_result(MAPRING_ERROR_WRONG_KIND, mapring_remove(path, MAPRING_LOCAL, true));
        char *now = read_file(path, &bytes);
        check(bytes == sizes[i] && memcmp(now, text, bytes) == 0);
        free(now);
    }
}

static void a_file_of_zeros_is_left_alone(void **state)
{
    (void)state;
    static const char zeros[200000];
    const char *path = new_path(".bin");
    write_file(path, zeros, sizeof zeros);
    check_answers(path, MAPRING_ERROR_WRONG_KIND, MAPRING_ERROR_WRONG_KIND);
    check_result(MAPRING_ERROR_WRONG_KIND, mapring_remove(path, MAPRING_LOCAL, true));
}

static void a_directory_is_no_ring(void **state)
{
    (void)state;
    const char *path = new_path(".directory");
    check(os_make_directory(path));
    check_answers(path, MAPRING_ERROR_WRONG_KIND, MAPRING_ERROR_WRONG_KIND);
    check_result(MAPRING_ERROR_WRONG_KIND, mapring_remove(path, MAPRING_LOCAL, true));
}

static void a_ring_that_may_not_be_written_can_still_be_looked_at(void **state)
{
    (void)state;
    const char *path = closed_ring_file();
    struct process *actor = start_actor();
    check(os_make_read_only(path));
    if (os_file_write_at(path, 0, NULL, 0)) { /* this user may write to every file */
        tell(actor, "drop");
        if (answer(actor).result != MAPRING_OK)
            skip();
    }
    expect(actor, MAPRING_OK, "ring %s attach", path);
    struct reply reply = expect(actor, MAPRING_ERROR_PERMISSION, "producer %s", path);
    check(strlen(reply.text) > 10);
    expect(actor, MAPRING_ERROR_PERMISSION, "consumer %s", path);
}

static void a_foreign_or_damaged_ring_can_be_removed(void **state)
{
    (void)state;
    const uint32_t version = 7;
    const char *foreign = closed_ring_file(), *damaged = closed_ring_file();
    check(os_file_write_at(foreign, offsetof(struct ring_identity, layout_version), &version, 4));
    check(os_file_resize(damaged, 70000));
    check_result(MAPRING_OK, mapring_remove(foreign, MAPRING_LOCAL, false));
    check_result(MAPRING_OK, mapring_remove(damaged, MAPRING_LOCAL, false));
    check(os_file_size(foreign) == -1 && os_file_size(damaged) == -1);
}

/* The ring should have a companion for readers, but it is missing or, on Windows, not supported. */
static void a_ring_without_its_companion_can_be_observed(void **state)
{
    (void)state;
    const char *path = closed_ring_file();
    const uint32_t features = FEATURE_COMPANION;
    const uint64_t place = offsetof(struct ring_identity, features_read_only);
    check(os_file_write_at(path, (int64_t)place, &features, sizeof features));
    check_answers(path, MAPRING_OK,
                  os_names_outlive_handles() ? MAPRING_ERROR_DAMAGED : MAPRING_ERROR_FOREIGN);
    check(os_names_outlive_handles() || strstr(mapring_last_error()->text, "(companion)"));
    check(stat_of(path).consumers_hidden);
    check_result(MAPRING_OK, mapring_remove(path, MAPRING_LOCAL, false));
    check_number(-1, os_file_size(path));
}

static void features_are_named_as_far_as_they_are_known(void **state)
{
    (void)state;
    static const struct {
        enum feature_set set;
        uint32_t bits;
        const char *text;
    } cases[] = {
        {FEATURES_READ_ONLY, 0, ""},
        {FEATURES_READ_ONLY, FEATURE_COMPANION, "companion"},
        {FEATURES_READ_ONLY, FEATURE_COMPANION | 0x80, "companion, 0x80"},
        {FEATURES_REQUIRED, FEATURE_TIMES | 0x80, "times, 0x80"},
        {FEATURES_COMPATIBLE, FEATURE_TIMES, "0x1"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char text[FEATURES_TEXT_BYTES];
        features_describe(cases[i].set, cases[i].bits, text);
        check(strcmp(cases[i].text, text) == 0);
    }
    check_number(0x80, features_missing(FEATURES_REQUIRED, FEATURE_TIMES | 0x80));
    check_number(FEATURE_TIMES, features_missing(FEATURES_COMPATIBLE, FEATURE_TIMES));
}

static const struct role roles[] = {ACTOR_ROLE};
static const struct CMUnitTest tests[] = {
    TEST(a_ring_without_its_companion_can_be_observed),
    TEST(features_are_named_as_far_as_they_are_known),
    TEST(rings_of_a_foreign_layout_are_refused_with_a_reason),
    TEST(truncated_rings_are_refused),
    TEST(a_longer_file_than_needed_is_a_ring),
    TEST(an_empty_file_is_no_ring_but_becomes_one),
    TEST(a_file_that_is_none_of_ours_is_left_alone),
    TEST(a_file_of_zeros_is_left_alone),
    TEST(a_directory_is_no_ring),
    TEST(a_ring_that_may_not_be_written_can_still_be_looked_at),
    TEST(a_foreign_or_damaged_ring_can_be_removed),
};
TEST_MAIN(roles, tests)
