/* SPDX-License-Identifier: MIT */
/* mapring bridge in: what is refused without asking a server. tests/bridge/ has the rest. */
#include "cli.h"

static bool has_engine(void)
{
    return strcmp(getenv("MAPRING_NATS"), "yes") == 0;
}

static void a_ring_that_drops_is_refused(void **state)
{
    (void)state;
    const struct ran *ran = RUN("bridge", "in", new_ring_name(), "--when-full", "drop");
    check_number(2, ran->code);
    check_contains("--when-full: 'drop' is not block or overwrite", ran->errors);
}

static void a_wrong_beginning_is_refused(void **state)
{
    (void)state;
    static const char *const wrong[] = {"last", "-1", "", "2026-13-01", "12x"};
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        const struct ran *ran = RUN("bridge", "in", new_ring_name(), "--from", wrong[i]);
        check_number(2, ran->code);
        check_contains("is not first, new, a sequence number, or a time such as ", ran->errors);
    }
}

static void only_a_ring_in_a_file_is_written_to_a_disk(void **state)
{
    (void)state;
    const struct ran *ran = RUN("bridge", "in", new_ring_name(), "--sync", "close");
    check_number(2, ran->code);
    check_contains("--sync applies only to a ring in a file", ran->errors);
}

static void one_ring_is_named(void **state)
{
    (void)state;
    check_number(2, RUN("bridge", "in")->code);
    check_number(2, RUN("bridge", "in", "one", "two")->code);
}

static void a_path_is_no_name_of_a_stream(void **state)
{
    (void)state;
    if (!has_engine())
        skip();
    const struct ran *ran = RUN("bridge", "in", new_path(".ring"));
    check_number(2, ran->code);
    check_contains("--stream is missing, and '", ran->errors);
}

static void a_ring_with_records_of_its_own_is_left_alone(void **state)
{
    (void)state;
    if (!has_engine())
        skip();
    const char *name = new_ring_file(NULL);
    const struct ran *ran = RUN("bridge", "in", name, "--stream", "S");
    check_number(1, ran->code);
    check_contains("exists and repeats no other ring: choose another name", ran->errors);
    check_number(0, ring_stat(name).records);
}

static const struct CMUnitTest tests[] = {
    TEST(a_ring_that_drops_is_refused),
    TEST(a_wrong_beginning_is_refused),
    TEST(only_a_ring_in_a_file_is_written_to_a_disk),
    TEST(one_ring_is_named),
    TEST(a_path_is_no_name_of_a_stream),
    TEST(a_ring_with_records_of_its_own_is_left_alone),
};

static const struct role roles[] = {{NULL, NULL}};
TEST_MAIN(roles, tests)
