/* SPDX-License-Identifier: MIT */
/* The examples that use nothing but Windows' own calls, with each other and with mapring view. */
#include "cli.h"

#define TEXT "Grüße, 环形缓冲区"

static const char *new_view_name(void)
{
    static char name[80];
    snprintf(name, sizeof name, "Local\\%s", new_ring_name());
    return name;
}

static struct process *start_writer(const char *name, const char *text)
{
    struct process *writer =
        start_program(NULL, getenv("MAPRING_WIN32_WRITE"), ARGUMENTS(name, text));
    process_hear(writer, "written; press Enter to end");
    return writer;
}

static void end_writer(struct process *writer)
{
    process_say(writer, "%s", "");
    process_finish(writer);
}

static void check_reader(const char *name, const char *text)
{
    struct process *reader = start_program(NULL, getenv("MAPRING_WIN32_READ"), ARGUMENTS(name));
    check_text(text, process_line(reader));
    process_finish(reader);
}

static void what_one_writes_the_other_reads(void **state)
{
    (void)state;
    const char *name = new_view_name();
    struct process *writer = start_writer(name, TEXT);
    check_reader(name, TEXT);
    end_writer(writer);
}

static void view_reads_what_the_example_writes(void **state)
{
    (void)state;
    const char *name = new_view_name();
    struct process *writer = start_writer(name, TEXT);
    check_text(TEXT "\n", RUN("view", "read", name)->output);
    end_writer(writer);
}

static void the_example_reads_what_view_writes(void **state)
{
    (void)state;
    const char *name = new_view_name();
    struct process *writer = START(NULL, "view", "write", name, "--size", "4096", "--text", TEXT);
    check_soon(RUN("view", "read", name)->code == 0);
    check_reader(name, TEXT);
    process_close_input(writer);
    process_finish(writer);
}

static void a_mapping_that_is_not_there_is_an_error(void **state)
{
    (void)state;
    struct process *reader =
        start_program(NULL, getenv("MAPRING_WIN32_READ"), ARGUMENTS(new_view_name()));
    check_number(1, process_exit_code(reader));
}

static const struct role roles[] = {{NULL, NULL}};
static const struct CMUnitTest tests[] = {
    TEST(what_one_writes_the_other_reads),
    TEST(view_reads_what_the_example_writes),
    TEST(the_example_reads_what_view_writes),
    TEST(a_mapping_that_is_not_there_is_an_error),
};
TEST_MAIN(roles, tests)
