/* SPDX-License-Identifier: MIT */
/* The system's error texts in another language than English: under Wine, the build makes it speak
 * German. */
#include "helpers.h"

#include <windows.h>

#include "platform.h"

enum { LAST_ERROR = 200, WORDS_BYTES = 800, MOST_OF_A_CHARACTER = 3 };

static bool is_utf8(const char *text)
{
    return MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, text, -1, NULL, 0) > 0;
}

static bool is_ascii(const char *text)
{
    while (*text && !(*text & 0x80))
        text++;
    return *text == '\0';
}

static void words_are_cut_between_characters(void **state)
{
    (void)state;
    unsigned foreign = 0;
    for (long native = 1; native < LAST_ERROR; native++) {
        char whole[WORDS_BYTES], cut[WORDS_BYTES];
        platform_error_text(native, whole, sizeof whole);
        foreign += !is_ascii(whole);
        for (size_t room = 1; room <= strlen(whole); room++) {
            platform_error_text(native, cut, room);
            check(is_utf8(cut) && strncmp(whole, cut, strlen(cut)) == 0);
            check(strlen(cut) < room && strlen(cut) + MOST_OF_A_CHARACTER >= room);
        }
    }
    if (foreign == 0)
        skip(); /* the system speaks English only */
}

static const struct role roles[] = {{NULL, NULL}};
static const struct CMUnitTest tests[] = {TEST(words_are_cut_between_characters)};

int main(int argc, char **argv)
{
    return test_main(argc, argv, roles, 0, tests, COUNT_OF(tests));
}
