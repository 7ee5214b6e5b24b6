/* SPDX-License-Identifier: MIT */
/* `mapring view`: texts in named mappings, exchanged between copies of it, and with another program
 * that uses only plain system calls. */
#include "cli.h"
#include "plain_view.h"

#define TEXT "Grüße, 环形缓冲区 😀"
#define TEXT_UTF16 \
    "G\0r\0\xfc\0\xdf\0e\0,\0 \0\xaf\x73\x62\x5f\x13\x7f\xb2\x51\x3a\x53 \0\x3d\xd8\x00\xde\0"

/* The texts include their terminators. */
static const struct {
    const char *encoding;
    const void *text;
    size_t bytes;
} texts[] = {{"utf-8", TEXT, sizeof TEXT}, {"utf-16", TEXT_UTF16, sizeof TEXT_UTF16}};

/* The other program as a writer. Arguments: name, size of the mapping, offset, index of the
 * text. */
static int role_writer(int argc, char **argv)
{
    check_number(4, argc);
    int text = atoi(argv[3]);
    unsigned char *view = plain_view_create(argv[0], (size_t)atoi(argv[1]));
    check(view != NULL);
    if (text >= 0)
        memcpy(view + atoi(argv[2]), texts[text].text, texts[text].bytes);
    role_say("written");
    role_line();
    return 0;
}

/* The other program as a reader. Arguments: name, offset, index of the text. */
static int role_reader(int argc, char **argv)
{
    check_number(3, argc);
    int text = atoi(argv[2]);
    check_soon(plain_view_has(argv[0], (size_t)atoi(argv[1]), texts[text].text, texts[text].bytes));
    return 0;
}

static char *names[64];
static size_t name_count;

static const char *new_view_name(void)
{
    check(name_count < COUNT_OF(names));
    char *name = names[name_count++] = malloc(80);
    snprintf(name, 80, "Local\\映射 %s", new_ring_name());
    return name;
}

static int remove_views(void **state)
{
    test_teardown(state);
    for (; name_count > 0; free(names[name_count]))
        plain_view_remove(names[--name_count]);
    return 0;
}

static const char *text_of(size_t number)
{
    static char text[16];
    snprintf(text, sizeof text, "%zu", number);
    return text;
}

/* It holds the mapping until it is stopped, also on Linux. */
static struct process *start_writing(const char *name, size_t text, const char *offset)
{
    struct process *writer =
        START(NULL, "view", "write", name, "--size", "128K", "--offset", offset, "--text", TEXT,
              "--encoding", texts[text].encoding, "--hold");
    check_soon(plain_view_has(name, (size_t)atoi(offset), texts[text].text, texts[text].bytes));
    return writer;
}

static void check_read(const char *expected, const struct ran *ran)
{
    check_text("", ran->errors);
    check_number(0, ran->code);
    check_text(expected, ran->output);
}

static void texts_pass_at_every_offset_in_every_encoding(void **state)
{
    (void)state;
    static const char *const offsets[] = {"0", "1", "4095", "4096", "65535", "65536", "70001"};
    for (size_t i = 0; i < COUNT_OF(offsets); i++) {
        for (size_t text = 0; text < COUNT_OF(texts); text++) {
            const char *name = new_view_name();
            struct process *writer = start_writing(name, text, offsets[i]);
            check_read(TEXT "\n", RUN("view", "read", name, "--offset", offsets[i], "--encoding",
                                      texts[text].encoding));
            process_close_input(writer);
            process_finish(writer);
            check(!plain_view_exists(name));
        }
    }
}

static void the_usual_encoding_is_the_default(void **state)
{
    (void)state;
    const char *name = new_view_name();
    size_t usual = on_windows() ? 1 : 0;
    struct process *writer =
        START(NULL, "view", "write", name, "--size", "4096", "--text", TEXT, "--hold");
    check_soon(plain_view_has(name, 0, texts[usual].text, texts[usual].bytes));
    check_read(TEXT "\n", RUN("view", "read", name));
    check_read(TEXT "\n", RUN("view", "read", name, "--encoding", texts[usual].encoding));
    process_close_input(writer);
    process_finish(writer);
}

static void another_program_writes_and_view_reads(void **state)
{
    (void)state;
    for (size_t text = 0; text < COUNT_OF(texts); text++) {
        const char *name = new_view_name();
        struct process *other = start_role("writer", name, "100000", "65541", text_of(text), NULL);
        process_hear(other, "written");
        check_read(TEXT "\n", RUN("view", "read", name, "--offset", "65541", "--encoding",
                                  texts[text].encoding));
    }
}

static void view_writes_and_another_program_reads(void **state)
{
    (void)state;
    for (size_t text = 0; text < COUNT_OF(texts); text++) {
        const char *name = new_view_name();
        start_writing(name, text, "12345");
        process_finish(start_role("reader", name, "12345", text_of(text), NULL));
    }
}

/* Without --hold, because the other program has the mapping open. */
static void view_writes_into_the_mapping_of_another_program(void **state)
{
    (void)state;
    for (size_t text = 0; text < COUNT_OF(texts); text++) {
        const char *name = new_view_name();
        struct process *other = start_role("writer", name, "8192", "0", "-1", NULL);
        process_hear(other, "written");
        check_read("", RUN("view", "write", name, "--size", "8192", "--offset", "4099", "--text",
                           TEXT, "--encoding", texts[text].encoding));
        process_finish(start_role("reader", name, "4099", text_of(text), NULL));
        const struct ran *ran = RUN("view", "write", name, "--size", "64K", "--text", TEXT);
        check_number(1, ran->code);
        check_contains("' already exists and has only 8192 bytes\n", ran->errors);
    }
}

static void a_bare_name_is_the_local_one(void **state)
{
    (void)state;
    const char *name = new_view_name();
    start_writing(name, 0, "0");
    check_read(TEXT "\n", RUN("view", "read", name + strlen("Local\\"), "--encoding", "utf-8"));
}

static void length_limits_what_is_read(void **state)
{
    (void)state;
    const char *name = new_view_name();
    start_writing(name, 0, "0");
    check_read("Gr\n", RUN("view", "read", name, "--length", "2", "--encoding", "utf-8"));
    check_read("Grü\n", RUN("view", "read", name, "--length", "4", "--encoding", "utf-8"));
    check_read(TEXT "\n", RUN("view", "read", name, "--length", "1G", "--encoding", "utf-8"));
    check_read("\n", RUN("view", "read", name, "--offset", "4000", "--encoding", "utf-8"));
    const struct ran *ran = RUN("view", "read", name, "--length", "3", "--encoding", "utf-8");
    check_number(1, ran->code);
    check_begins("mapring view read: the text is not valid UTF-8 at byte 2", ran->errors);
}

static void without_a_terminator_the_text_ends_with_the_mapping(void **state)
{
    (void)state;
    char expected[4097];
    const char *name = new_view_name();
    unsigned char *view = plain_view_create(name, 4096);
    check(view != NULL);
    memset(view, 'x', 4096);
    memset(expected, 'x', 4096);
    expected[4095 - 89] = '\n';
    expected[4095 - 88] = '\0';
    check_read(expected, RUN("view", "read", name, "--offset", "90", "--encoding", "utf-8"));
    static const char *const offsets[] = {"4096", "4097", "65536", "70000", "1T"};
    for (size_t i = 0; i < COUNT_OF(offsets); i++) {
        const struct ran *ran = RUN("view", "read", name, "--offset", offsets[i]);
        check_number(1, ran->code);
        check_number(0, ran->bytes);
        check_contains("', which has 4096 bytes\n", ran->errors);
    }
}

static void a_name_of_another_kind_is_told(void **state)
{
    (void)state;
    const char *name = new_view_name();
    const char *told = on_windows() ? "belongs to an object of another kind"
                                    : "is a directory or a device, not a mapping";
    check(plain_view_squat(name));
    const struct ran *ran = RUN("view", "write", name, "--size", "4K", "--text", TEXT);
    check_number(1, ran->code);
    check_contains(told, ran->errors);
    ran = RUN("view", "read", name);
    check_number(1, ran->code);
    check_contains(told, ran->errors);
}

static void rm_removes_a_mapping_where_names_stay(void **state)
{
    (void)state;
    const char *name = new_view_name();
    struct process *writer = start_writing(name, 0, "0");
    const struct ran *ran = RUN("view", "rm", name);
    if (on_windows()) {
        check_number(1, ran->code);
        check_contains("on Windows a mapping disappears with the last process", ran->errors);
        return;
    }
    check_read("", ran);
    check(!plain_view_exists(name));
    ran = RUN("view", "rm", name);
    check_number(1, ran->code);
    check_begins("mapring view rm: cannot remove the mapping ", ran->errors);
    process_close_input(writer);
    process_finish(writer);
    ran = RUN("view", "rm", "mapring-0+app");
    check_number(1, ran->code);
    check_text("mapring view rm: 'mapring-0+app' is a ring: use 'mapring rm app'\n", ran->errors);
}

static void files_and_standard_input_are_written(void **state)
{
    (void)state;
    const char *name = new_view_name(), *file = new_path("-文.txt");
    write_file(file, TEXT "\n", sizeof TEXT);
    struct process *writer = START(NULL, "view", "write", name, "--size", "4096", "--file", file,
                                   "--encoding", "utf-8", "--hold");
    check_soon(plain_view_has(name, 0, TEXT "\n", sizeof TEXT + 1));
    check_read("", RUN("view", "write", name, "--size", "4096", "--encoding", "utf-8", "--file",
                       new_file("", 0)));
    check_read("\n", RUN("view", "read", name, "--encoding", "utf-8"));
    struct process *second =
        START(NULL, "view", "write", name, "--size", "9", "--encoding", "utf-8", "--file", "-");
    process_write(second, "from in", 7);
    process_close_input(second);
    process_finish(second);
    check_read("from in\n", RUN("view", "read", name, "--encoding", "utf-8"));
    process_close_input(writer);
    process_finish(writer);
}

static void refuse(const char *name, const struct ran *ran, const char *message)
{
    check_number(1, ran->code);
    check_number(0, ran->bytes);
    check_begins("mapring view write: ", ran->errors);
    check_contains(message, ran->errors);
    check(!plain_view_exists(name));
}

static void what_does_not_fit_is_refused(void **state)
{
    (void)state;
    const char *name = new_view_name(), *too_long = "does not fit";
    refuse(name,
           RUN("view", "write", name, "--size", "5", "--text", "12345", "--encoding", "utf-8"),
           too_long);
    refuse(name, RUN("view", "write", name, "--size", "7", "--text", "123", "--encoding", "utf-16"),
           too_long);
    refuse(name, RUN("view", "write", name, "--size", "4K", "--offset", "4K", "--text", ""),
           too_long);
    refuse(name, RUN("view", "write", name, "--size", "4K", "--offset", "15728640G", "--text", ""),
           "offset");
}

static void what_fits_exactly_is_written(void **state)
{
    (void)state;
    const char *name = new_view_name();
    START(NULL, "view", "write", name, "--size", "4096", "--offset", "4090", "--text", "12345",
          "--encoding", "utf-8", "--hold");
    check_soon(plain_view_has(name, 4090, "12345", 6));
}

static void texts_that_are_none_are_refused(void **state)
{
    (void)state;
    const char *name = new_view_name();
    refuse(name, RUN("view", "write", name, "--size", "99", "--file", new_file("a\0b", 3)),
           "has a NUL at byte 1");
    refuse(name, RUN("view", "write", name, "--size", "99", "--file", new_file("ab\xff", 3)),
           "is not valid UTF-8 at byte 2");
    refuse(name, RUN("view", "write", name, "--size", "99", "--file", new_path(".missing")),
           "cannot open ");
}

static void a_mapping_that_is_not_there_is_an_error(void **state)
{
    (void)state;
    const char *name = new_view_name();
    const struct ran *ran = RUN("view", "read", name);
    check_number(1, ran->code);
    check_number(0, ran->bytes);
    check_begins("mapring view read: cannot open the mapping ", ran->errors);
}

static void what_is_held_ends_with_an_interrupt(void **state)
{
    (void)state;
    have_console();
    const char *name = new_view_name();
    struct process *writer = start_writing(name, 0, "0");
    check(process_interrupt(writer));
    process_finish(writer);
    check(!plain_view_exists(name));
}

static void what_is_not_held_stays_where_names_do(void **state)
{
    (void)state;
    const char *name = new_view_name();
    check_read("", RUN("view", "write", name, "--size", "99", "--text", TEXT));
    check(plain_view_exists(name) == os_names_outlive_handles());
}

#define VIEW_TEST(function)                                 \
    {                                                       \
#function, function, test_setup, remove_views, NULL \
    }
static const struct role roles[] = {{"writer", role_writer}, {"reader", role_reader}};
static const struct CMUnitTest tests[] = {
    VIEW_TEST(texts_pass_at_every_offset_in_every_encoding),
    VIEW_TEST(the_usual_encoding_is_the_default),
    VIEW_TEST(another_program_writes_and_view_reads),
    VIEW_TEST(view_writes_and_another_program_reads),
    VIEW_TEST(view_writes_into_the_mapping_of_another_program),
    VIEW_TEST(a_bare_name_is_the_local_one),
    VIEW_TEST(length_limits_what_is_read),
    VIEW_TEST(without_a_terminator_the_text_ends_with_the_mapping),
    VIEW_TEST(a_name_of_another_kind_is_told),
    VIEW_TEST(rm_removes_a_mapping_where_names_stay),
    VIEW_TEST(files_and_standard_input_are_written),
    VIEW_TEST(what_does_not_fit_is_refused),
    VIEW_TEST(what_fits_exactly_is_written),
    VIEW_TEST(texts_that_are_none_are_refused),
    VIEW_TEST(a_mapping_that_is_not_there_is_an_error),
    VIEW_TEST(what_is_held_ends_with_an_interrupt),
    VIEW_TEST(what_is_not_held_stays_where_names_do),
};
TEST_MAIN(roles, tests)
