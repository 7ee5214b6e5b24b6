/* SPDX-License-Identifier: MIT */
/* Tables of options of any length, and the words that are taken for misspelt ones. */
#include "helpers.h"

#include "shared/nearest.h"
#include "shared/options.h"

enum { ROWS = 300 };

static char names[ROWS][16];
static const char *values[ROWS];
static struct option_row rows[ROWS + 1];

static void make_rows(void)
{
    for (unsigned i = 0; i < ROWS; i++) {
        snprintf(names[i], sizeof names[i], "option-%03u", i);
        rows[i] = (struct option_row){names[i], "TEXT", value_text, &values[i], "help"};
    }
}

static void a_table_of_options_may_have_any_length(void **state)
{
    (void)state;
    char program[] = "program", first[] = "--option-000=a", late[] = "--option-100=b",
         last[] = "--option-299", text[] = "c", rest[] = "rest";
    char *arguments[] = {program, first, late, rest, last, text, NULL};
    int argument = 0;
    make_rows();
    check_number(OPTIONS_READ, options_read(rows, 6, arguments, &argument));
    check_number(5, argument);
    check_text("rest", arguments[argument]);
    check_text("a", values[0]);
    check_text("b", values[100]);
    check_text("c", values[ROWS - 1]);
    check(options_find(rows, "option-299", 10) == &rows[ROWS - 1]);
    check(options_find(rows, "option-29", 9) == NULL);
}

static const char *nearest_of(const char *written, const char *const *words)
{
    struct nearest nearest = nearest_begin(written, strlen(written));
    for (; *words; words++)
        nearest_try(&nearest, *words, strlen(*words));
    return nearest.word ? nearest.word : "none";
}

static void few_mistakes_in_a_word_are_forgiven(void **state)
{
    (void)state;
    static const char *const words[] = {"recv", "rm", "ls", "send", "consumers", NULL};
    check_text("recv", nearest_of("recv", words));
    check_text("recv", nearest_of("rcv", words));
    check_text("recv", nearest_of("revc", words));
    check_text("recv", nearest_of("receive", words));
    check_text("consumers", nearest_of("consumrs", words));
    check_text("consumers", nearest_of("cons", words));
    check_text("ls", nearest_of("lls", words));
    check_text("none", nearest_of("read", words));
    check_text("none", nearest_of("l", words));
    check_text("none", nearest_of("", words));
}

static const struct role roles[] = {{"none", NULL}};
static const struct CMUnitTest tests[] = {
    TEST(a_table_of_options_may_have_any_length),
    TEST(few_mistakes_in_a_word_are_forgiven),
};
TEST_MAIN(roles, tests)
