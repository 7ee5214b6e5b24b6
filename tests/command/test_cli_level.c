/* SPDX-License-Identifier: MIT */
/* mapring level. */
#include "cli.h"
#include "mapring/log.h"

static mapring_log *open_log(const char *name)
{
    mapring_log *log;
    check_result(MAPRING_OK, mapring_log_open(&log, name, NULL));
    return log;
}

static void a_level_is_shown_and_set(void **state)
{
    (void)state;
    const char *name = new_ring_name();
    mapring_log *log = open_log(name);
    check_text("INFO\n", RUN("level", name)->output);
    const struct ran *ran = RUN("level", name, "Debug");
    check_number(0, ran->code);
    check_text("DEBUG\n", ran->output);
    check_text("", ran->errors);
    check_number(MAPRING_LEVEL_DEBUG, mapring_log_level(log));
    check_text("OFF\n", RUN("level", name, "off")->output);
    check_number(MAPRING_LEVEL_OFF, mapring_log_level(log));
    mapring_log_close(log);
}

static void a_level_is_written_as_json(void **state)
{
    (void)state;
    char text[200];
    const char *name = new_ring_name();
    mapring_log *log = open_log(name);
    snprintf(text, sizeof text, "{\"name\": \"%s\", \"level\": \"WARN\"}\n", name);
    check_text(text, RUN("level", name, "warn", "--json")->output);
    mapring_log_close(log);
}

static void a_level_that_was_set_is_that_of_later_programs(void **state)
{
    (void)state;
    use_directory();
    mapring_log_close(open_log("app"));
    check_number(0, RUN("level", "app", "error")->code);
    mapring_log *log = open_log("app");
    check_number(MAPRING_LEVEL_ERROR, mapring_log_level(log));
    mapring_log_close(log);
    use_no_directory();
}

static void what_has_no_level_is_refused(void **state)
{
    (void)state;
    const struct ran *ran = RUN("level", new_ring_name());
    check_number(1, ran->code);
    check_contains("there is no ring", ran->errors);
    check_contains("start the program that logs first", ran->errors);
    ran = RUN("level", new_ring(&(struct mapring_options){.content = "text/plain"}), "debug");
    check_number(1, ran->code);
    check_contains("is not a log: its records are text/plain", ran->errors);
    ran = RUN("level", new_ring(NULL));
    check_number(1, ran->code);
    check_contains("is not a log: nothing says what its records are", ran->errors);
}

static void what_is_no_level_is_refused(void **state)
{
    (void)state;
    const char *name = new_ring_name();
    mapring_log *log = open_log(name);
    const struct ran *ran = RUN("level", name, "loud");
    check_number(2, ran->code);
    check_contains("'loud' is not a level: trace, debug, info, warn, error, fatal or off",
                   ran->errors);
    check_number(2, RUN("level", name, "")->code);
    check_number(2, RUN("level", name, "warning")->code);
    check_number(MAPRING_LEVEL_INFO, mapring_log_level(log));
    mapring_log_close(log);
}

static void levels_and_rings_are_completed(void **state)
{
    (void)state;
    const char *name = new_ring_name();
    mapring_log *log = open_log(name);
    check_text("warn\t\n", RUN("complete", "--", "level", name, "w")->output);
    check_contains(name, RUN("complete", "--", "level", name)->output);
    mapring_log_close(log);
}

static void stat_and_ls_show_the_level(void **state)
{
    (void)state;
    const char *name = new_ring_name();
    mapring_log *log = open_log(name);
    check_contains("\nlevel           INFO\n", RUN("stat", name)->output);
    check_contains("\"level\": \"INFO\"", RUN("stat", name, "--json")->output);
    check_contains("application/vnd.mapring.log, level INFO\n", RUN("ls", "--long", name)->output);
    check_contains("\"level\": \"INFO\"", RUN("ls", "--long", "--json", name)->output);
    const char *other = new_ring(NULL);
    check_contains("\"level\": null", RUN("stat", other, "--json")->output);
    check_contains("\"level\": null", RUN("ls", "--long", "--json", other)->output);
    mapring_log_close(log);
}

static const struct role roles[] = {{"none", NULL}};
static const struct CMUnitTest tests[] = {
    TEST(a_level_is_shown_and_set),
    TEST(a_level_is_written_as_json),
    TEST(a_level_that_was_set_is_that_of_later_programs),
    TEST(what_has_no_level_is_refused),
    TEST(what_is_no_level_is_refused),
    TEST(levels_and_rings_are_completed),
    TEST(stat_and_ls_show_the_level),
};
TEST_MAIN(roles, tests)
