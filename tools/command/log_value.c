/* SPDX-License-Identifier: MIT */
/* The values of lines of logs as text. */
#include "log_value.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

/* As few digits as tell it from all others. */
static void print_real(double real, char text[LOG_NUMBER_BYTES])
{
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(text, LOG_NUMBER_BYTES, "%.*g", digits, real);
        if (strtod(text, NULL) == real)
            return;
    }
}

const char *log_number_text(const struct mapring_log_value *value, char text[LOG_NUMBER_BYTES])
{
    switch (value->type) {
    case MAPRING_LOG_INTEGER:
        snprintf(text, LOG_NUMBER_BYTES, "%" PRId64, value->is.integer);
        break;
    case MAPRING_LOG_REAL: print_real(value->is.real, text); break;
    case MAPRING_LOG_POINTER:
        snprintf(text, LOG_NUMBER_BYTES, "0x%" PRIx64, value->is.natural);
        break;
    default: snprintf(text, LOG_NUMBER_BYTES, "%" PRIu64, value->is.natural); break;
    }
    return text;
}
