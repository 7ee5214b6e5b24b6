/* SPDX-License-Identifier: MIT */
/* Every result has its text, and the last failure says what was wrong, where, and why. */
#include "actor.h"

static void every_result_has_a_text_of_its_own(void **state)
{
    (void)state;
    const char *unknown = mapring_result_text(12345);
    for (int a = MAPRING_ERROR_EVICTED; a <= MAPRING_REMOVED; a++) {
        const char *text = mapring_result_text(a);
        check(text && *text && strcmp(text, unknown) != 0);
        for (int b = MAPRING_ERROR_EVICTED; b < a; b++)
            check(strcmp(text, mapring_result_text(b)) != 0);
    }
    check_text(unknown, mapring_result_text(MAPRING_ERROR_EVICTED - 1));
    check_text(unknown, mapring_result_text(MAPRING_REMOVED + 1));
}

static void the_last_failure_names_the_ring_and_the_reason(void **state)
{
    (void)state;
    const char *name = new_ring_name();
    const struct mapring_options attach = {.how = MAPRING_ATTACH};
    mapring_ring *ring = (mapring_ring *)&ring;
    check_result(MAPRING_ERROR_NOT_THERE, mapring_open(&ring, name, &attach));
    check(ring == NULL);
    const struct mapring_error *error = mapring_last_error();
    check_number(MAPRING_ERROR_NOT_THERE, error->code);
    check_text(name, error->name);
    check(strstr(error->text, name) != NULL);
    check(error->text[strlen(error->text) - 1] != '\n');
}

static void a_failure_of_the_system_carries_its_own_words(void **state)
{
    (void)state;
    const struct mapring_options attach = {.how = MAPRING_ATTACH};
    const char *path = new_path(".ring");
    mapring_ring *ring;
    check_result(MAPRING_ERROR_NOT_THERE, mapring_open(&ring, path, &attach));
    const struct mapring_error *error = mapring_last_error();
    check(error->system != 0);
    check(strstr(error->text, ": ") != NULL);
    check(error->text[strlen(error->text) - 1] != '\n');
}

static void a_failure_that_is_not_the_systems_has_no_native_code(void **state)
{
    (void)state;
    mapring_ring *ring;
    check_result(MAPRING_ERROR_NAME, mapring_open(&ring, "no name", NULL));
    check_number(0, mapring_last_error()->system);
    check_text("no name", mapring_last_error()->name);
}

static void a_long_path_is_cut_and_nothing_overflows(void **state)
{
    (void)state;
    static char path[4000] = "/";
    const struct mapring_options attach = {.how = MAPRING_ATTACH};
    mapring_ring *ring;
    memset(path + 1, 'x', sizeof path - 2);
    check(mapring_open(&ring, path, &attach) < 0);
    const struct mapring_error *error = mapring_last_error();
    check(strlen(error->name) < sizeof error->name && strncmp(error->name, path, 100) == 0);
    check(strlen(error->text) < sizeof error->text);
}

static void success_leaves_the_last_failure_alone(void **state)
{
    (void)state;
    mapring_ring *ring;
    check_result(MAPRING_ERROR_NAME, mapring_open(&ring, "no name", NULL));
    new_ring(NULL);
    check_number(MAPRING_ERROR_NAME, mapring_last_error()->code);
}

static void fail_and_forget(void)
{
    mapring_ring *ring;
    check_result(MAPRING_ERROR_NAME, mapring_open(&ring, "no name", NULL));
}

static void check_is_last(int result, int expected)
{
    check_result(expected, result);
    const struct mapring_error *error = mapring_last_error();
    check_number(expected, error->code);
    check_number(0, error->system);
    check_text("", error->name);
    check_text(mapring_result_text(expected), error->text);
    fail_and_forget();
}

/* Otherwise a program that prints the last failure would print an old one. */
static void an_outcome_takes_the_place_of_the_last_failure(void **state)
{
    (void)state;
    static char payload[10000];
    const char *name = new_ring(&(struct mapring_options){.capacity_bytes = 65536});
    const struct mapring_buffer batch = {payload, sizeof payload};
    mapring_consumer *consumer;
    mapring_observer *observer;
    mapring_producer *producer;
    mapring_image *image;
    mapring_handle handle;
    struct mapring_record record;
    check_result(MAPRING_OK, mapring_consumer_open(&consumer, name, NULL));
    check_result(MAPRING_OK, mapring_observer_open(&observer, name, NULL));
    check_result(MAPRING_OK, mapring_image_open(&image, name, MAPRING_LOCAL));
    fail_and_forget();
    check_is_last(mapring_consumer_wait_producer(consumer, 0), MAPRING_TIMED_OUT);
    check_result(MAPRING_OK, mapring_producer_open(&producer, name, NULL));
    check_result(MAPRING_OK, mapring_producer_wait_handle(producer, &handle));
    check_result(MAPRING_OK, mapring_consumer_wait_handle(consumer, &handle));
    fail_and_forget();
    check_is_last(mapring_consumer_next(consumer, &record, 0), MAPRING_NOTHING);
    check_is_last(mapring_consumer_receive(consumer, payload, 1, &record, 1), MAPRING_TIMED_OUT);
    check_is_last(mapring_consumer_arm(consumer), MAPRING_NOTHING);
    check_is_last(mapring_observer_next(observer, &record, 0), MAPRING_NOTHING);
    check_is_last(mapring_observer_receive(observer, payload, 1, &record, 1), MAPRING_TIMED_OUT);
    check_is_last(mapring_image_next(image, &record), MAPRING_NOTHING);
    check_is_last(mapring_producer_wait_consumers(producer, 2, 0), MAPRING_TIMED_OUT);
    while (mapring_producer_send(producer, payload, sizeof payload, 0) == MAPRING_OK)
        continue;
    check_is_last(mapring_producer_send(producer, payload, sizeof payload, 0), MAPRING_NO_ROOM);
    check_is_last(mapring_producer_send_batch(producer, &batch, 1, 0), MAPRING_NO_ROOM);
    check_is_last(mapring_producer_drain(producer, 0), MAPRING_TIMED_OUT);
    check_is_last(mapring_producer_arm(producer, sizeof payload), MAPRING_NOTHING);
    check_result(MAPRING_OK, mapring_consumer_next(consumer, &record, 0));
    check_number(MAPRING_ERROR_NAME, mapring_last_error()->code);
    mapring_producer_close(producer);
    mapring_consumer_close(consumer);
    mapring_observer_close(observer);
    mapring_image_close(image);
}

static void a_failure_takes_the_place_of_the_last_outcome(void **state)
{
    (void)state;
    mapring_consumer *consumer;
    struct mapring_record record;
    check_result(MAPRING_OK, mapring_consumer_open(&consumer, new_ring(NULL), NULL));
    check_result(MAPRING_NOTHING, mapring_consumer_next(consumer, &record, 0));
    fail_and_forget();
    check_number(MAPRING_ERROR_NAME, mapring_last_error()->code);
    mapring_consumer_close(consumer);
}

static void the_version_is_told(void **state)
{
    (void)state;
    unsigned major, minor, patch;
    check_number(3, sscanf(mapring_version(), "%u.%u.%u", &major, &minor, &patch));
}

static const struct role roles[] = {ACTOR_ROLE};
static const struct CMUnitTest tests[] = {
    TEST(every_result_has_a_text_of_its_own),
    TEST(the_last_failure_names_the_ring_and_the_reason),
    TEST(a_failure_of_the_system_carries_its_own_words),
    TEST(a_failure_that_is_not_the_systems_has_no_native_code),
    TEST(a_long_path_is_cut_and_nothing_overflows),
    TEST(success_leaves_the_last_failure_alone),
    TEST(an_outcome_takes_the_place_of_the_last_failure),
    TEST(a_failure_takes_the_place_of_the_last_outcome),
    TEST(the_version_is_told),
};
TEST_MAIN(roles, tests)
