/* SPDX-License-Identifier: MIT */
/* mapring doctor: each problem is told with what to do, and a healthy ring with nothing. The rings
 * are in a directory of MAPRING_DIR, so that those of other tests are not examined. */
#include <inttypes.h>
#include <stddef.h>

#include "cli.h"
#include "layout.h"

/* The output without line breaks, which depend on the length of names. */
static const char *unwrapped(const struct ran *ran)
{
    for (char *at = ran->output; *at; at++)
        if (*at == '\n')
            *at = ' ';
    return ran->output;
}

static const char *trouble(const char *name)
{
    const struct ran *ran = RUN("doctor", name);
    check_text("", ran->errors);
    check_number(1, ran->code);
    return unwrapped(ran);
}

static void leave_closed(const char *name)
{
    check_number(0, RUN("send", name, new_file("one\ntwo\n", 8))->code);
}

/* What is told once the producer has waited longer than anybody would call busy. The producer waits
 * in slices: a look between two of them may see nothing. */
static const char *trouble_of_waiting(const char *name, const char *start)
{
    const struct ran *ran = NULL;
    check_soon(ring_stat(name).producer_waits);
    int64_t since = now_ns();
    check_soon(now_ns() - since > 1100 * MILLISECONDS);
    for (int i = 0; i < 10 && (!ran || strncmp(ran->output, start, strlen(start)) != 0); i++)
        ran = RUN("doctor", name);
    check_begins(start, ran->output);
    check_number(1, ran->code);
    return unwrapped(ran);
}

static void a_healthy_ring_is_not_worth_a_word(void **state)
{
    (void)state;
    use_directory();
    leave_closed("app");
    const struct ran *ran = RUN("doctor");
    check_text("", ran->output);
    check_text("", ran->errors);
    check_number(0, ran->code);
    check_number(0, RUN("doctor", "app", "no*")->code);
    ran = RUN("doctor", "app", "--verbose");
    check_number(0, ran->code);
    check_contains("Checked, and nothing found:\n", ran->output);
    check_contains("  producer       no producer has died\n", ran->output);
}

static void a_missing_ring_is_told(void **state)
{
    (void)state;
    use_directory();
    const char *text = trouble("app");
    check_begins("error: there is no ring file '", text);
    check_contains("mapring create app", text);
}

static void a_damaged_ring_is_told(void **state)
{
    (void)state;
    use_directory();
    leave_closed("app");
    check(os_file_resize(file_of("app"), 150000));
    const char *text = trouble("app");
    check_begins("error: ring '", text);
    check_contains("is truncated: it has 150000 bytes", text);
    check_contains("mapring rm --force app", text);
}

static void a_half_made_ring_is_told(void **state)
{
    (void)state;
    use_directory();
    write_file(file_of("app"), "", 0);
    const char *text = trouble("app");
    check_begins("warning: ring 'app' is half-made: its creator died", text);
    check_contains("mapring prune app", text);
}

static void a_ring_of_a_foreign_layout_is_told(void **state)
{
    (void)state;
    const uint32_t version = 99;
    use_directory();
    leave_closed("app");
    check(os_file_write_at(file_of("app"), offsetof(struct ring_identity, layout_version), &version,
                           sizeof version));
    const char *text = trouble("app");
    check_contains("has layout version 99", text);
    check_contains("Update mapring here", text);
}

static void what_is_no_ring_is_told(void **state)
{
    (void)state;
    static char junk[200000];
    use_directory();
    memset(junk, 'x', sizeof junk);
    write_file(file_of("app"), junk, sizeof junk);
    check_contains("is not a ring. Something else has the name of a ring", trouble("app"));
}

static void a_dead_producer_is_told(void **state)
{
    (void)state;
    char process[96];
    use_directory();
    struct process *sender = START(NULL, "send", "app");
    await_producer("app", MAPRING_PRODUCER_IS_OPEN);
    check_number(0, RUN("doctor")->code);
    snprintf(process, sizeof process, "(process %" PRIu64 ") died", process_id(sender));
    process_kill(sender);
    const char *text = trouble("app");
    check_begins("warning: the producer of ring 'app' (process ", text);
    check_contains(process, text);
    check_contains("mapring prune app", text);
}

static void a_consumer_that_blocks_is_told(void **state)
{
    (void)state;
    size_t bytes, lines;
    char *log = make_log(300000, &bytes, &lines);
    use_directory();
    check_number(0, RUN("create", "app", "--capacity", "64K")->code);
    struct process *reader = START(NULL, "recv", "app", "--wait");
    await_consumers("app", 1);
    process_pause(reader);
    struct process *sender = START(NULL, "send", "app", new_file(log, bytes));
    const char *text = trouble_of_waiting("app", "error: consumer '");
    check_contains(" of ring 'app' ", text);
    check_contains("the producer has waited for it for ", text);
    check_contains(on_windows() ? "does not read" : "kill -CONT", text);
    process_kill(reader);
    process_kill(sender);
    free(log);
}

static void a_producer_that_waits_for_its_first_consumer_is_told(void **state)
{
    (void)state;
    size_t bytes, lines;
    char *log = make_log(300000, &bytes, &lines);
    use_directory();
    check_number(0, RUN("create", "app", "--capacity", "64K")->code);
    struct process *sender = START(NULL, "send", "app", new_file(log, bytes));
    check_contains("waited for its first consumer", trouble_of_waiting("app", "warning: "));
    process_kill(sender);
    free(log);
}

static void a_durable_consumer_that_holds_the_ring_is_told(void **state)
{
    (void)state;
    size_t bytes, lines;
    char *log = make_log(300000, &bytes, &lines);
    use_directory();
    leave_closed("app");
    check_text("one\n", RUN("recv", "app", "--consumer", "log", "--count", "1")->output);
    const struct ran *ran = RUN("doctor", "app");
    check_number(0, ran->code);
    check_text("", ran->output);
    ran = RUN("doctor", "app", "--verbose");
    check_begins("note: the durable consumer 'log' of ring 'app' is away", unwrapped(ran));
    check_number(0, RUN("create", "small", "--capacity", "64K")->code);
    check_number(0, RUN("send", "small", new_file("one\ntwo\n", 8))->code);
    check_number(0, RUN("recv", "small", "--consumer", "log", "--count", "1")->code);
    struct process *sender = START(NULL, "send", "small", new_file(log, bytes));
    const char *text = trouble_of_waiting("small", "error: the durable consumer 'log'");
    check_contains("The producer waits for it now", text);
    check_contains("mapring consumer rm small log", text);
    process_kill(sender);
    free(log);
}

static void a_directory_that_cannot_be_used_is_told(void **state)
{
    (void)state;
    const char *missing = new_path("-missing");
    os_set_environment("MAPRING_DIR", missing);
    const struct ran *ran = RUN("doctor");
    check_number(1, ran->code);
    check_text("", ran->errors);
    check_contains("which MAPRING_DIR names; create it", unwrapped(ran));
    os_set_environment("MAPRING_DIR", "some/where");
    check_contains("is not an absolute path", unwrapped(RUN("doctor")));
}

static void json_says_the_same(void **state)
{
    (void)state;
    use_directory();
    const struct ran *ran = RUN("doctor", "--json");
    check_text("[]\n", ran->output);
    check_number(0, ran->code);
    write_file(file_of("app"), "", 0);
    ran = RUN("doctor", "--json");
    check_number(1, ran->code);
    check_json(ran->output, ran->bytes);
    static const char *const parts[] = {"\"check\": \"ring\"", "\"level\": \"warning\"",
                                        "\"ring\": \"app\"", "\"text\": \"ring 'app' is half-made",
                                        "\"advice\": \"Remove it (mapring prune app)"};
    for (size_t i = 0; i < COUNT_OF(parts); i++)
        check_contains(parts[i], ran->output);
}

static void a_wrong_name_is_wrong_usage(void **state)
{
    (void)state;
    use_directory();
    const struct ran *ran = RUN("doctor", "a b");
    check_number(2, ran->code);
    check_contains("invalid ring name 'a b'", ran->errors);
    check_number(2, RUN("doctor", "--wrong")->code);
}

static const struct role roles[] = {{"none", NULL}};
static const struct CMUnitTest tests[] = {
    TEST(a_healthy_ring_is_not_worth_a_word),
    TEST(a_missing_ring_is_told),
    TEST(a_damaged_ring_is_told),
    TEST(a_half_made_ring_is_told),
    TEST(a_ring_of_a_foreign_layout_is_told),
    TEST(what_is_no_ring_is_told),
    TEST(a_dead_producer_is_told),
    TEST(a_consumer_that_blocks_is_told),
    TEST(a_producer_that_waits_for_its_first_consumer_is_told),
    TEST(a_durable_consumer_that_holds_the_ring_is_told),
    TEST(a_directory_that_cannot_be_used_is_told),
    TEST(json_says_the_same),
    TEST(a_wrong_name_is_wrong_usage),
};
TEST_MAIN(roles, tests)
