/* SPDX-License-Identifier: MIT */
/* What JetStream answers to a message that was published. */
#include "answer.h"

#include <stdlib.h>
#include <string.h>

enum { ANSWER_MOST = 1000 };

/* What follows a key, or NULL. */
static const char *value_of(const char *text, const char *key)
{
    const char *found = strstr(text, key);
    if (!found)
        return NULL;
    found += strlen(key);
    return found + strspn(found, ": ");
}

static void read_description(const char *text, struct answer *answer)
{
    const char *value = value_of(text, "\"description\"");
    size_t length = value && *value == '"' ? strcspn(++value, "\"") : 0;
    if (length >= sizeof answer->description)
        length = sizeof answer->description - 1;
    memcpy(answer->description, value ? value : "", length);
    answer->description[length] = '\0';
}

bool answer_read(struct answer *answer, const char *text, size_t bytes)
{
    char copy[ANSWER_MOST + 1];
    if (bytes > ANSWER_MOST)
        return false;
    memcpy(copy, text, bytes);
    copy[bytes] = '\0';
    *answer = (struct answer){0};
    const char *number = value_of(copy, "\"seq\""), *code = value_of(copy, "\"err_code\"");
    if (number)
        answer->number = strtoull(number, NULL, 10);
    if (code)
        answer->code = (unsigned)strtoul(code, NULL, 10);
    read_description(copy, answer);
    return answer->code > 0 || (answer->number > 0 && !strstr(copy, "\"error\""));
}
