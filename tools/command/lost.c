/* SPDX-License-Identifier: MIT */
/* Reports records that a reader has lost: MAPRING_LOST. */
#include "lost.h"

#include <inttypes.h>
#include <stdio.h>

#include "shared/message.h"

void lost_tell(const char *before, const struct mapring_record *lost)
{
    uint64_t first = lost->sequence, count = lost->lost_records;
    char bytes[40] = "";
    if (lost->lost_bytes > 0)
        snprintf(bytes, sizeof bytes, " (%" PRIu64 " bytes)", lost->lost_bytes);
    if (count == 1) {
        complain("%slost 1 record%s, number %" PRIu64, before, bytes, first);
    } else {
        complain("%slost %" PRIu64 " records%s, numbers %" PRIu64 " to %" PRIu64, before, count,
                 bytes, first, first + count - 1);
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
    return true;
}
