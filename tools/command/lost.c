/* SPDX-License-Identifier: MIT */
/* Reports records that a reader has lost: MAPRING_LOST. */
#include "lost.h"

#include <inttypes.h>
#include <stdio.h>

#include "shared/message.h"
#include "timestamp.h"

enum { WHEN_BYTES = 2 * TIMESTAMP_BYTES + 16 };

/* ", at TIME", ", from TIME to TIME" or nothing, as far as it is known. */
static void print_when(char text[WHEN_BYTES], uint64_t from_ns, uint64_t until_ns)
{
    char from[TIMESTAMP_BYTES], until[TIMESTAMP_BYTES];
    timestamp_print(from, TIME_ISO, from_ns, 0);
    timestamp_print(until, TIME_ISO, until_ns, 0);
    text[0] = '\0';
    if (from_ns != 0 && until_ns > from_ns)
        snprintf(text, WHEN_BYTES, ", from %s to %s", from, until);
    else if (from_ns != 0)
        snprintf(text, WHEN_BYTES, ", %s %s", until_ns != 0 ? "at" : "from", from);
    else if (until_ns != 0)
        snprintf(text, WHEN_BYTES, ", until %s", until);
}

/* ", between TIME and TIME", ", after TIME", ", before TIME" or nothing. */
static void print_bounds(char text[WHEN_BYTES], const struct loss_bounds *bounds)
{
    char after[TIMESTAMP_BYTES], before[TIMESTAMP_BYTES];
    timestamp_print(after, TIME_ISO, bounds->after_ns, 0);
    timestamp_print(before, TIME_ISO, bounds->before_ns, 0);
    text[0] = '\0';
    if (bounds->after_ns != 0 && bounds->before_ns != 0)
        snprintf(text, WHEN_BYTES, ", between %s and %s", after, before);
    else if (bounds->after_ns != 0)
        snprintf(text, WHEN_BYTES, ", after %s", after);
    else if (bounds->before_ns != 0)
        snprintf(text, WHEN_BYTES, ", before %s", before);
}

bool lost_is_untimed(const struct mapring_record *lost)
{
    return lost->time_ns == 0 && lost->lost_until_ns == 0;
}

void lost_tell(const char *before, const struct mapring_record *lost,
               const struct loss_bounds *bounds)
{
    uint64_t first = lost->sequence, count = lost->lost_records;
    char bytes[40] = "", when[WHEN_BYTES];
    if (lost_is_untimed(lost))
        print_bounds(when, bounds);
    else
        print_when(when, lost->time_ns, lost->lost_until_ns);
    if (lost->lost_bytes > 0)
        snprintf(bytes, sizeof bytes, " (%" PRIu64 " bytes)", lost->lost_bytes);
    if (count == 1) {
        complain("%slost 1 record%s, number %" PRIu64 "%s", before, bytes, first, when);
    } else {
        complain("%slost %" PRIu64 " records%s, numbers %" PRIu64 " to %" PRIu64 "%s", before,
                 count, bytes, first, first + count - 1, when);
    }
}

bool record_since(int result, struct mapring_record *record, uint64_t first)
{
    if (record->sequence >= first)
        return true;
    uint64_t before = first - record->sequence;
    if (result != MAPRING_LOST || record->lost_records <= before)
        return false;
    record->sequence = first;
    record->lost_records -= before;
    record->lost_bytes = 0;
    record->time_ns = 0;
    return true;
}
