/* SPDX-License-Identifier: MIT */
/* What mapring bench writes; the figures depend on the machine. */
#include "cli.h"

static void a_run_gives_json_and_a_page_of_its_own(void **state)
{
    (void)state;
    const char *path = new_path(".html");
    const struct ran *ran = RUN("bench", "--duration", "0.001", "--size", "8,64", "--rate", "1000",
                                "--capacity", "64K", "--json", "--html", path);
    check_text("", ran->errors);
    check_number(0, ran->code);
    check_json(ran->output, ran->bytes);
    check_begins("{\n  \"version\": \"", ran->output);
    check_contains("\n  \"rounds\": 1,\n", ran->output);
    check_contains("{\"transport\": \"baseline\", \"title\": \"baseline ring\", \"what\": ",
                   ran->output);
    char *page = read_file(path, NULL);
    check_begins("<!doctype html>\n", page);
    check_contains("<dt>baseline ring<dd>", page);
    check_contains("@media(max-width:48rem)", page);
    static const char *const outside[] = {"http", "src=", "href=", "url(", "@import"};
    for (size_t i = 0; i < COUNT_OF(outside); i++)
        if (strstr(page, outside[i]))
            check_failed(__FILE__, __LINE__, "the page needs something: %s", outside[i]);
    free(page);
}

static void a_page_that_cannot_be_written_is_told_before_measuring(void **state)
{
    (void)state;
    char path[512], complaint[600];
    snprintf(path, sizeof path, "%s/page.html", new_path(".nowhere"));
    snprintf(complaint, sizeof complaint, "mapring bench: cannot write %s: ", path);
    const struct ran *ran = RUN("bench", "--duration", "1000000", "--html", path);
    check_begins(complaint, ran->errors);
    check_number(1, ran->code);
    check_text("", ran->output);
}

static const struct role roles[] = {{"none", NULL}};
static const struct CMUnitTest tests[] = {
    TEST(a_run_gives_json_and_a_page_of_its_own),
    TEST(a_page_that_cannot_be_written_is_told_before_measuring),
};
TEST_MAIN(roles, tests)
