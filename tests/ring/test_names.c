/* SPDX-License-Identifier: MIT */
/* What a ring may be called, and what its scope and a path mean. */
#include "actor.h"

enum { LONGEST = 100 };

static int open_and_remove(const char *name)
{
    mapring_ring *ring;
    int result = mapring_open(&ring, name, NULL);
    check((result == MAPRING_OK) == (ring != NULL));
    mapring_close(ring);
    if (result == MAPRING_OK)
        mapring_remove(name, MAPRING_LOCAL, false);
    return result;
}

static void letters_digits_and_some_marks_make_a_name(void **state)
{
    (void)state;
    char longest[LONGEST + 1] = {0};
    memset(longest, 'n', LONGEST);
    const char *const good[] = {"a",   "Z",  "0", "A.b_c-9", ".hidden",
                                "..a", "-x", "_", "a.",      longest};
    for (size_t i = 0; i < COUNT_OF(good); i++)
        check_result(MAPRING_OK, open_and_remove(good[i]));
}

static void other_names_are_refused_with_a_reason(void **state)
{
    (void)state;
    char longer[LONGEST + 2] = {0};
    memset(longer, 'n', LONGEST + 1);
    const char *const bad[] = {"",      ".",    "..",   "...", "a b", " ",       "a:b",
                               "a*",    "a\n",  "a\t",  "ä",   "环",  "Local!x", "a+b",
                               "a\x7f", "\xff", longer, "a@b", "a%b", "a?b",     "\"a\""};
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        check_result(MAPRING_ERROR_NAME, open_and_remove(bad[i]));
        check_number(MAPRING_ERROR_NAME, mapring_last_error()->code);
        check(strlen(mapring_last_error()->text) > 10);
        check_result(MAPRING_ERROR_NAME, mapring_remove(bad[i], MAPRING_LOCAL, true));
        check(open_and_remove(bad[i]) == MAPRING_ERROR_NAME);
    }
    check_result(MAPRING_ERROR_ARGUMENT, open_and_remove(NULL));
    check_result(MAPRING_ERROR_ARGUMENT, mapring_open(NULL, "a", NULL));
}

static void a_path_must_name_a_file(void **state)
{
    (void)state;
    static char endless[6000] = "/";
    memset(endless + 1, 'x', sizeof endless - 2);
    const char *const bad[] = {"/", "\\", "./", "some/directory/", "some\\directory\\", endless};
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        check_result(MAPRING_ERROR_NAME, open_and_remove(bad[i]));
    check_result(MAPRING_ERROR_NOT_THERE, open_and_remove(new_path("/no/such/directory.ring")));
}

static void a_path_may_have_any_characters(void **state)
{
    (void)state;
    static const char *const suffixes[] = {" with spaces", "-环形.ring", "+plus,comma", ".ä"};
    for (size_t i = 0; i < COUNT_OF(suffixes); i++) {
        const char *path = new_ring_file(NULL), *odd = new_path(suffixes[i]);
        check_result(MAPRING_OK, open_and_remove(odd));
        check(os_file_size(odd) == -1);
        check(os_file_size(path) > 0);
    }
}

static void scopes_are_apart(void **state)
{
    (void)state;
    const char *name = new_ring_name();
    mapring_ring *local, *global, *none;
    struct mapring_options options = {.scope = MAPRING_GLOBAL, .how = MAPRING_CREATE};
    check_result(MAPRING_OK, mapring_open(&global, name, &options));
    options = (struct mapring_options){.how = MAPRING_ATTACH};
    check_result(MAPRING_ERROR_NOT_THERE, mapring_open(&none, name, &options));
    options.how = MAPRING_CREATE;
    check_result(MAPRING_OK, mapring_open(&local, name, &options));
    mapring_close(global);
    mapring_close(local);
    options.scope = (enum mapring_scope)7;
    check_result(MAPRING_ERROR_ARGUMENT, mapring_open(&none, name, &options));
}

static void a_global_ring_carries_records(void **state)
{
    (void)state;
    const char *name = new_ring_name();
    const struct mapring_options options = {.scope = MAPRING_GLOBAL};
    const struct mapring_consumer_options reading = {.scope = MAPRING_GLOBAL};
    mapring_producer *producer;
    mapring_consumer *consumer;
    struct mapring_record record;
    check_result(MAPRING_OK, mapring_producer_open(&producer, name, &options));
    check_result(MAPRING_ERROR_NOT_THERE, mapring_consumer_open(&consumer, name, NULL));
    check_result(MAPRING_OK, mapring_consumer_open(&consumer, name, &reading));
    check_result(MAPRING_OK, mapring_producer_send(producer, "x", 1, 0));
    check_result(MAPRING_OK, mapring_consumer_next(consumer, &record, 0));
    mapring_producer_close(producer);
    mapring_consumer_close(consumer);
}

static void names_are_case_sensitive(void **state)
{
    (void)state;
    char lower[64], upper[64];
    snprintf(lower, sizeof lower, "%s-x", new_ring_name());
    snprintf(upper, sizeof upper, "%.*s-X", (int)strlen(lower) - 2, lower);
    mapring_ring *ring, *other;
    const struct mapring_options create = {.how = MAPRING_CREATE};
    check_result(MAPRING_OK, mapring_open(&ring, lower, &create));
    check_result(MAPRING_OK, mapring_open(&other, upper, &create));
    mapring_close(ring);
    mapring_close(other);
    mapring_remove(lower, MAPRING_LOCAL, true);
    mapring_remove(upper, MAPRING_LOCAL, true);
}

static void a_file_and_a_name_are_never_the_same_ring(void **state)
{
    (void)state;
    const char *name = new_ring(NULL);
    char path[128];
    snprintf(path, sizeof path, "./%s", name);
    const struct mapring_options attach = {.how = MAPRING_ATTACH};
    mapring_ring *ring;
    check_result(MAPRING_ERROR_NOT_THERE, mapring_open(&ring, path, &attach));
}

static void a_ring_file_carries_records_and_outlives_its_users(void **state)
{
    (void)state;
    const char *path = new_path(".ring");
    struct process *writer = start_producer(path);
    expect(writer, MAPRING_OK, "send 10 1000");
    expect(writer, MAPRING_OK, "close");
    struct process *reader = start_consumer(path, "oldest");
    check_number(10, expect(reader, MAPRING_PRODUCER_CLOSED, "read 99 forever").count);
    check_number(10, stat_of(path).records);
}

static void a_named_ring_outlives_its_users_where_the_system_has_it_so(void **state)
{
    (void)state;
    const char *name = new_ring_name();
    struct process *writer = start_producer(name), *reader = start_actor();
    expect(writer, MAPRING_OK, "send 10 100");
    expect(writer, MAPRING_OK, "close");
    if (!os_names_outlive_handles()) {
        expect(reader, MAPRING_ERROR_NOT_THERE, "consumer %s", name);
        return;
    }
    expect(reader, MAPRING_OK, "consumer %s", name);
    check_number(10, expect(reader, MAPRING_PRODUCER_CLOSED, "read 99 forever").count);
}

/* Otherwise the name would be a path in a folder of that name or, on Windows, in no folder. */
static void a_scope_in_front_of_a_name_is_refused(void **state)
{
    (void)state;
    static const char *const names[][2] = {{"Global\\app", "global"},
                                           {"global\\app", "global"},
                                           {"Local\\app", "local"},
                                           {"LOCAL\\", "local"}};
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        char scope[32];
        snprintf(scope, sizeof scope, "choose the %s scope", names[i][1]);
        check_result(MAPRING_ERROR_NAME, open_and_remove(names[i][0]));
        check(strstr(mapring_last_error()->text, scope) != NULL);
    }
    check_result(MAPRING_OK, open_and_remove("Globalapp"));
}

static void check_missing(const char *name, enum mapring_scope scope, const char *hint)
{
    const struct mapring_options options = {.how = MAPRING_ATTACH, .scope = scope};
    mapring_ring *ring;
    check_result(MAPRING_ERROR_NOT_THERE, mapring_open(&ring, name, &options));
    const char *text = mapring_last_error()->text, *end = strstr(text, " scope");
    if (!end || strcmp(end + strlen(" scope"), hint) != 0)
        check_failed(__FILE__, __LINE__, "'%s' does not end with '%s'", text, hint);
}

static void a_ring_in_the_other_scope_is_told(void **state)
{
    (void)state;
    const char *local = new_ring(NULL), *name = new_ring_name();
    mapring_ring *global;
    check_result(MAPRING_OK,
                 mapring_open(&global, name, &(struct mapring_options){.scope = MAPRING_GLOBAL}));
    check_missing(name, MAPRING_LOCAL, ", but there is one in the global scope");
    check_missing(local, MAPRING_GLOBAL, ", but there is one in the local scope");
    mapring_close(global);
    mapring_remove(name, MAPRING_GLOBAL, true);
    check_missing(name, MAPRING_LOCAL, "");
}

static void a_file_of_a_missing_rings_name_is_told(void **state)
{
    (void)state;
    char hint[200];
    const char *name = new_ring_name();
    snprintf(hint, sizeof hint, ", but there is a file './%s': give this path if you mean it",
             name);
    write_file(name, "x", 1);
    check_missing(name, MAPRING_LOCAL, hint);
    remove(name);
    check_missing(name, MAPRING_LOCAL, "");
    check(os_make_directory(name));
    check_missing(name, MAPRING_LOCAL, "");
    check(os_remove_tree(name));
}

static const struct role roles[] = {ACTOR_ROLE};
static const struct CMUnitTest tests[] = {
    TEST(letters_digits_and_some_marks_make_a_name),
    TEST(other_names_are_refused_with_a_reason),
    TEST(a_path_must_name_a_file),
    TEST(a_path_may_have_any_characters),
    TEST(a_scope_in_front_of_a_name_is_refused),
    TEST(scopes_are_apart),
    TEST(a_ring_in_the_other_scope_is_told),
    TEST(a_file_of_a_missing_rings_name_is_told),
    TEST(a_global_ring_carries_records),
    TEST(names_are_case_sensitive),
    TEST(a_file_and_a_name_are_never_the_same_ring),
    TEST(a_ring_file_carries_records_and_outlives_its_users),
    TEST(a_named_ring_outlives_its_users_where_the_system_has_it_so),
};
TEST_MAIN(roles, tests)
