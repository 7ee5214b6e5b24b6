/* SPDX-License-Identifier: MIT */
/* Reads what any number of producers send, one after another, until the ring is removed:
 *
 *     follow RING
 */
#include <mapring/mapring.h>
#include <stdio.h>

/* Returns the result that ended it. Each end of a run is reported once, and the next call waits for
 * the next run. */
static int follow(mapring_consumer *consumer)
{
    for (;;) {
        struct mapring_record record;
        int result = mapring_consumer_next(consumer, &record, MAPRING_FOREVER);
        switch (result) {
        case MAPRING_OK:
            printf("%.*s\n", (int)record.bytes, (const char *)record.payload);
            mapring_consumer_release(consumer);
            break;
        case MAPRING_LOST:
            fprintf(stderr, "%llu records were lost\n", (unsigned long long)record.lost_records);
            break;
        case MAPRING_PRODUCER_CLOSED:
        case MAPRING_PRODUCER_DIED:
            fprintf(stderr, "%s, waiting for the next one\n", mapring_result_text(result));
            fflush(stdout);
            break;
        default: return result;
        }
    }
}

int main(int argc, char **argv)
{
    const struct mapring_consumer_options options = {.name = "follow", .wait_producer = true};
    mapring_ring *ring = NULL; /* made by whoever comes first, the reader or the producer */
    mapring_consumer *consumer = NULL;
    if (argc != 2) {
        fprintf(stderr, "usage: follow RING\n");
        return 2;
    }
    if (mapring_open(&ring, argv[1], NULL) == MAPRING_OK &&
        mapring_consumer_open(&consumer, argv[1], &options) == MAPRING_OK)
        follow(consumer);
    fprintf(stderr, "%s\n", mapring_last_error()->text);
    mapring_consumer_close(consumer);
    mapring_close(ring);
    return 1;
}
