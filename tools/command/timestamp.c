/* SPDX-License-Identifier: MIT */
/* Times of records as text. */
#include "timestamp.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "os.h"

#define SECOND_NS UINT64_C(1000000000)

/* The last second that was printed: successive records are often of the same one. */
static struct second {
    uint64_t second;
    bool is_known, local;
    char clock[80], zone[32];
} printed;

static void print_zone(struct second *second, const struct tm *calendar)
{
    int64_t ahead = os_calendar_seconds(calendar, false) - (int64_t)second->second;
    int minutes = (int)(ahead / 60);
    snprintf(second->zone, sizeof second->zone, "%c%02d:%02d", minutes < 0 ? '-' : '+',
             abs(minutes) / 60, abs(minutes) % 60);
}

static bool print_second(struct second *second)
{
    struct tm at;
    if (!os_calendar((int64_t)second->second, second->local, &at))
        return false; /* not covered: a 32-bit system whose C library ends in 2038 */
    snprintf(second->clock, sizeof second->clock, "%04d-%02d-%02dT%02d:%02d:%02d",
             at.tm_year + 1900, at.tm_mon + 1, at.tm_mday, at.tm_hour, at.tm_min, at.tm_sec);
    if (second->local)
        print_zone(second, &at);
    else
        snprintf(second->zone, sizeof second->zone, "Z");
    return true;
}

static int print_seconds(char *text, const char *sign, uint64_t time_ns)
{
    return snprintf(text, TIMESTAMP_BYTES, "%s%" PRIu64 ".%09u", sign, time_ns / SECOND_NS,
                    (unsigned)(time_ns % SECOND_NS));
}

static int print_calendar(char *text, bool local, uint64_t time_ns)
{
    struct second wanted = {.second = time_ns / SECOND_NS, .is_known = true, .local = local};
    if (!printed.is_known || printed.second != wanted.second || printed.local != local) {
        if (!print_second(&wanted)) {
            /* not covered: a 32-bit system whose C library ends in 2038 */
            return print_seconds(text, "@", time_ns);
        }
        printed = wanted;
    }
    return snprintf(text, TIMESTAMP_BYTES, "%s.%09u%s", printed.clock,
                    (unsigned)(time_ns % SECOND_NS), printed.zone);
}

static int print_relative(char *text, uint64_t time_ns, uint64_t first_ns)
{
    bool before = time_ns < first_ns;
    return print_seconds(text, before ? "-" : "+",
                         before ? first_ns - time_ns : time_ns - first_ns);
}

size_t timestamp_print(char text[TIMESTAMP_BYTES], enum time_form form, uint64_t time_ns,
                       uint64_t first_ns)
{
    int length;
    if (time_ns == 0)
        length = snprintf(text, TIMESTAMP_BYTES, "-");
    else if (form == TIME_EPOCH)
        length = print_seconds(text, "", time_ns);
    else if (form == TIME_RELATIVE)
        length = print_relative(text, time_ns, first_ns);
    else
        length = print_calendar(text, form == TIME_LOCAL, time_ns);
    return (size_t)length;
}
