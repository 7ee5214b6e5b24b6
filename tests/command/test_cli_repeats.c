/* SPDX-License-Identifier: MIT */
/* A ring that repeats another one, as the command shows it, and what the command does not do to it. */
#include "cli.h"

static const struct mapring_options repeating = {
    .times = true, .origin = "far-away", .first_sequence = 1000};

static const char *new_repeating_ring(void)
{
    const char *name = new_ring(&repeating);
    const struct mapring_record record = {.payload = "x", .bytes = 1, .sequence = 1000};
    mapring_producer *producer;
    check_result(MAPRING_OK, mapring_producer_open(&producer, name, &repeating));
    check_result(MAPRING_OK, mapring_producer_repeat(producer, &record, 0));
    check_result(MAPRING_OK, mapring_producer_end_run(producer, 7, true, 0));
    mapring_producer_close(producer);
    return name;
}

static void nothing_is_sent_into_it(void **state)
{
    (void)state;
    const char *name = new_repeating_ring();
    const struct ran *ran = RUN("send", name, new_file("own", 3));
    check_number(1, ran->code);
    check_contains("takes no other records", ran->errors);
    check_contains(name, ran->errors);
    check_number(1, ring_stat(name).records);
}

static void stat_says_what_it_repeats(void **state)
{
    (void)state;
    const char *name = new_repeating_ring();
    const struct ran *ran = RUN("stat", name);
    check_number(0, ran->code);
    check_contains("far-away, from record 1000, past its run 7\n", ran->output);
    ran = RUN("stat", name, "--json");
    check_number(0, ran->code);
    check_contains("{\"origin\": \"far-away\", \"first_sequence\": 1000, \"run\": 7}", ran->output);
}

static void ls_says_what_it_repeats(void **state)
{
    (void)state;
    const char *name = new_repeating_ring();
    const struct ran *ran = RUN("ls", "--long", name);
    check_number(0, ran->code);
    check_contains(", repeats far-away", ran->output);
}

static void other_rings_repeat_none(void **state)
{
    (void)state;
    const char *name = new_ring(NULL);
    check(strstr(RUN("stat", name)->output, "repeats") == NULL);
    check_contains("\"repeats\": null", RUN("stat", name, "--json")->output);
}

static const struct CMUnitTest tests[] = {
    TEST(nothing_is_sent_into_it),
    TEST(stat_says_what_it_repeats),
    TEST(ls_says_what_it_repeats),
    TEST(other_rings_repeat_none),
};

static const struct role roles[] = {{NULL, NULL}};
TEST_MAIN(roles, tests)
