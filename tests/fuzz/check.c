/* SPDX-License-Identifier: MIT */
/* What must hold whatever the mapping contains. */
#include <stdio.h>
#include <stdlib.h>

#include "hostile.h"

_Noreturn void must_have(const char *in, int line, const char *condition)
{
    fprintf(stderr, "%s:%d: does not hold: %s; last error: %s\n", in, line, condition,
            mapring_last_error()->text);
    abort();
}

int checked(int result)
{
    const struct mapring_error *error = mapring_last_error();
    must(result >= MAPRING_ERROR_EVICTED && result <= MAPRING_REMOVED);
    must(result >= 0 || (error->code == result && error->text[0] != '\0'));
    return result;
}

void check_payload(const struct mapring_record *record)
{
    const volatile unsigned char *payload = record->payload;
    must(record->bytes < CAPACITY / 2);
    for (size_t i = 0; i < record->bytes; i += 64)
        (void)payload[i];
    if (record->bytes > 0)
        (void)payload[record->bytes - 1];
}
