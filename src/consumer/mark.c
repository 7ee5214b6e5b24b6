/* SPDX-License-Identifier: MIT */
/* Releasing a part of what is held, up to a mark that the consumer made on its way. */
#include <inttypes.h>

#include "consumer/consumer.h"
#include "consumer/eviction.h"
#include "consumer/release.h"
#include "error.h"
#include "ring/cell.h"
#include "ring/ring.h"

/* The reserved words of a mark. */
enum { MARK_POSITION, MARK_PAYLOAD_BYTES, MARK_LOST_RECORDS, MARK_KNOWN_DROPS };

int mapring_consumer_mark(mapring_consumer *consumer, struct mapring_mark *mark)
{
    int result = consumer_check(consumer, mark);
    if (result != MAPRING_OK)
        return result;
    const struct mapring_cursor *cursor = &consumer->reader.hot.cursor;
    *mark = (struct mapring_mark){.sequence = cursor->sequence};
    mark->reserved[MARK_POSITION] = cursor->position;
    mark->reserved[MARK_PAYLOAD_BYTES] = cursor->payload_bytes;
    mark->reserved[MARK_LOST_RECORDS] = cursor->lost_records;
    mark->reserved[MARK_KNOWN_DROPS] = consumer->reader.known_drops;
    return MAPRING_OK;
}

/* The ledger counts drops from before the consumer began where the mark was made. */
static void release_to(mapring_consumer *consumer, const struct mapring_mark *mark)
{
    const struct mapring_cursor place = {
        .position = mark->reserved[MARK_POSITION],
        .sequence = mark->sequence,
        .payload_bytes = mark->reserved[MARK_PAYLOAD_BYTES],
        .lost_records = mark->reserved[MARK_LOST_RECORDS],
    };
    uint64_t known = consumer->reader.known_drops;
    consumer->reader.known_drops = mark->reserved[MARK_KNOWN_DROPS];
    consumer_give_back_to(consumer, &place);
    consumer->reader.known_drops = known;
}

/* V: what was read is good if the consumer had not been let go by then. */
int mapring_consumer_release_to(mapring_consumer *consumer, const struct mapring_mark *mark)
{
    int result = consumer_check(consumer, mark);
    if (result != MAPRING_OK)
        return result;
    const struct mapring_reader_hot *hot = &consumer->reader.hot;
    uint64_t position = mark->reserved[MARK_POSITION];
    if (ahead(position, hot->cursor.position) > 0 || ahead(mark->sequence, hot->cursor.sequence) > 0)
        return fail(MAPRING_ERROR_ARGUMENT, consumer->reader.ring.name.text,
                    "the mark before record %" PRIu64
                    " of ring '%s' is beyond what this consumer has read",
                    mark->sequence, consumer->reader.ring.name.text);
    if (ahead(position, hot->released.position) > 0)
        release_to(consumer, mark);
    return consumer_judge(consumer, MAPRING_OK);
}
