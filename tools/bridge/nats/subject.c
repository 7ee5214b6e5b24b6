/* SPDX-License-Identifier: MIT */
/* Subjects. */
#include "subject.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

static size_t word_length(const char *text)
{
    return strcspn(text, ".");
}

static bool is_word(const char *text, const char *word)
{
    return word_length(text) == strlen(word) && strncmp(text, word, strlen(word)) == 0;
}

static const char *next_word(const char *text)
{
    text += word_length(text);
    return *text == '.' ? text + 1 : NULL;
}

static bool same_word(const char *pattern, const char *subject)
{
    size_t length = word_length(subject);
    return length > 0 && (is_word(pattern, "*") || (word_length(pattern) == length &&
                                                    strncmp(pattern, subject, length) == 0));
}

bool subject_matches(const char *pattern, const char *subject)
{
    while (pattern && subject && !is_word(pattern, ">") && same_word(pattern, subject)) {
        pattern = next_word(pattern);
        subject = next_word(subject);
    }
    return pattern ? subject && *subject && is_word(pattern, ">") : !subject;
}

static bool is_pattern(const char *subject)
{
    return strpbrk(subject, "*>") != NULL;
}

static void list(char *text, size_t bytes, const char *const *subjects, int count)
{
    size_t length = 0;
    snprintf(text, bytes, "no subject at all");
    for (int i = 0; i < count && length < bytes; i++)
        length += (size_t)snprintf(text + length, bytes - length, "%s'%s'",
                                   i == 0          ? ""
                                   : i + 1 < count ? ", "
                                                   : " and ",
                                   subjects[i]);
}

struct subject_choice subject_choose(const char *const *subjects, int count, const char *wanted)
{
    struct subject_choice choice = {NULL, ""};
    list(choice.all, sizeof choice.all, subjects, count);
    if (!wanted && count == 1 && !is_pattern(subjects[0]))
        choice.subject = subjects[0];
    for (int i = 0; wanted && !is_pattern(wanted) && i < count; i++)
        if (subject_matches(subjects[i], wanted))
            choice.subject = wanted;
    return choice;
}
