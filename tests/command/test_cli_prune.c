/* SPDX-License-Identifier: MIT */
/* mapring prune: what is left over is removed, and nothing else. The rings are in a directory of
 * MAPRING_DIR, so that other tests that run at the same time do not lose theirs. */
#include <inttypes.h>

#include "cli.h"

static bool is_there(const char *name)
{
    return os_file_size(file_of(name)) >= 0;
}

static void leave_closed(const char *name)
{
    check_number(0, RUN("send", name, new_file("one\ntwo\n", 8))->code);
}

static void leave_dead(const char *name)
{
    struct process *sender = START(NULL, "send", name);
    await_producer(name, MAPRING_PRODUCER_IS_OPEN);
    process_kill(sender);
}

static void what_nobody_uses_is_removed(void **state)
{
    (void)state;
    use_directory();
    leave_closed("closed");
    leave_dead("dead");
    const struct ran *ran = RUN("prune", "--yes");
    check_text("", ran->errors);
    check_text("removed closed: its producer has closed; 1.0 MiB, 2 unread records\n"
               "removed dead: its producer has died; 1.0 MiB, 0 unread records\n",
               ran->output);
    check_number(0, ran->code);
    check(!is_there("closed") && !is_there("dead"));
    ran = RUN("prune", "--yes");
    check_number(0, ran->code);
    check_text("", ran->output);
    check_text("", ran->errors);
}

static void what_somebody_uses_stays(void **state)
{
    (void)state;
    use_directory();
    leave_closed("read");
    struct process *sender = START(NULL, "send", "written");
    struct process *reader = START(NULL, "recv", "read", "--wait", "--follow");
    await_producer("written", MAPRING_PRODUCER_IS_OPEN);
    await_consumers("read", 1);
    const struct ran *ran = RUN("prune", "--yes");
    check_text("", ran->output);
    check_text("", ran->errors);
    check_number(0, ran->code);
    check(is_there("read") && is_there("written"));
    ran = RUN("prune", "--yes", "r*", "written");
    check_contains("left alone: ring '", ran->errors);
    check_contains("has a live consumer\n", ran->errors);
    check_contains("has a live producer\n", ran->errors);
    process_kill(sender);
    process_kill(reader);
    ran = RUN("prune", "--yes");
    check_contains("removed read: ", ran->output);
    check_contains("removed written: its producer has died", ran->output);
}

static void a_ring_whose_producer_has_not_come_stays(void **state)
{
    (void)state;
    use_directory();
    check_number(0, RUN("create", "early")->code);
    const struct ran *ran = RUN("prune", "--yes");
    check_number(0, ran->code);
    check_text("", ran->output);
    check_contains("was created for a producer that has not come yet", ran->errors);
    check(is_there("early"));
}

static void the_place_of_a_durable_consumer_is_kept_unless_told_otherwise(void **state)
{
    (void)state;
    use_directory();
    leave_closed("app");
    check_text("one\n", RUN("recv", "app", "--consumer", "log", "--count", "1")->output);
    const struct ran *ran = RUN("prune", "--yes");
    check_number(0, ran->code);
    check_text("", ran->output);
    check_contains("keeps a place for the durable consumer 'log', which is away", ran->errors);
    check(is_there("app"));
    ran = RUN("prune", "--yes", "--durable");
    check_text("removed app: its producer has closed; 1.0 MiB, 1 unread record\n", ran->output);
    check(!is_there("app"));
}

static void the_place_of_a_consumer_that_was_removed_is_free(void **state)
{
    (void)state;
    use_directory();
    leave_closed("app");
    check_text("one\n", RUN("recv", "app", "--consumer", "log", "--count", "1")->output);
    check_number(0, RUN("consumer", "rm", "app", "log")->code);
    check_number(0, RUN("prune", "--yes")->code);
    check(!is_there("app"));
}

static void only_what_is_meant_is_removed(void **state)
{
    (void)state;
    use_directory();
    leave_closed("app.one");
    leave_closed("app.two");
    leave_closed("other");
    check_contains("removed app.two: ", RUN("prune", "--yes", "app.t*")->output);
    check_contains("removed other: ", RUN("prune", "--yes", "other")->output);
    check_text("app.one\n", RUN("ls")->output);
    const struct ran *ran = RUN("prune", "--yes", "other");
    check_number(1, ran->code);
    check_contains("left alone: there is no ring file", ran->errors);
    check_number(0, RUN("prune", "--yes", "other.*")->code);
    const char *path = new_path(".ring");
    leave_closed(path);
    check_contains("removed ", RUN("prune", "--yes", path)->output);
    check_number(-1, os_file_size(path));
}

static void a_dry_run_removes_nothing(void **state)
{
    (void)state;
    use_directory();
    leave_closed("app");
    const struct ran *ran = RUN("prune", "--dry-run", "--yes");
    check_text("would remove app: its producer has closed; 1.0 MiB, 2 unread records\n",
               ran->output);
    check_number(0, ran->code);
    check(is_there("app"));
}

static void without_a_terminal_nothing_is_removed_unless_told_to(void **state)
{
    (void)state;
    use_directory();
    leave_closed("app");
    const struct ran *ran = RUN("prune");
    check_number(2, ran->code);
    check_text("", ran->output);
    check_contains("nobody is there to be asked: give --yes", ran->errors);
    check(is_there("app"));
}

static void what_is_half_made_is_removed(void **state)
{
    (void)state;
    use_directory();
    write_file(file_of("empty"), "", 0);
    const struct ran *ran = RUN("prune", "--yes");
    check_text("removed empty: its creator died before it was ready\n", ran->output);
    check(!is_there("empty"));
}

static void what_is_no_ring_stays(void **state)
{
    (void)state;
    static char junk[200000];
    use_directory();
    memset(junk, 'x', sizeof junk);
    write_file(file_of("junk"), junk, sizeof junk);
    leave_closed("app");
    const struct ran *ran = RUN("prune", "--yes");
    check_number(1, ran->code);
    check_contains("removed app: ", ran->output);
    check_contains("left alone: ", ran->errors);
    check_contains("is not a ring", ran->errors);
    check_file(file_of("junk"), junk, sizeof junk);
}

static void a_damaged_ring_stays(void **state)
{
    (void)state;
    use_directory();
    leave_closed("app");
    check(os_file_resize(file_of("app"), 150000));
    const struct ran *ran = RUN("prune", "--yes");
    check_number(1, ran->code);
    check_contains("is truncated", ran->errors);
    check(is_there("app"));
}

/* Where names vanish with their last process, prune can only say so. */
static void a_name_without_a_file_is_pruned_where_it_can_be(void **state)
{
    (void)state;
    const char *name = new_ring(NULL);
    leave_closed(name);
    const struct ran *ran = RUN("prune", "--yes", name);
    check_number(0, ran->code);
    if (os_names_outlive_handles())
        check_contains("removed ", ran->output);
    else
        check_contains("a named ring vanishes with its last handle", ran->errors);
}

static const struct role roles[] = {{"none", NULL}};
static const struct CMUnitTest tests[] = {
    TEST(what_nobody_uses_is_removed),
    TEST(what_somebody_uses_stays),
    TEST(a_ring_whose_producer_has_not_come_stays),
    TEST(the_place_of_a_durable_consumer_is_kept_unless_told_otherwise),
    TEST(the_place_of_a_consumer_that_was_removed_is_free),
    TEST(only_what_is_meant_is_removed),
    TEST(a_dry_run_removes_nothing),
    TEST(without_a_terminal_nothing_is_removed_unless_told_to),
    TEST(what_is_half_made_is_removed),
    TEST(what_is_no_ring_stays),
    TEST(a_damaged_ring_stays),
    TEST(a_name_without_a_file_is_pruned_where_it_can_be),
};
TEST_MAIN(roles, tests)
