/* SPDX-License-Identifier: MIT */
/* Waits with poll() for a ring's records and for standard input, until either ends:
 *
 *     poll RING
 */
#include <mapring/mapring.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <unistd.h>

/* Reads until nothing is there and the handle is armed. False: no more records will come. */
static bool read_ring(mapring_consumer *consumer)
{
    struct mapring_record record;
    int result;
    do {
        while ((result = mapring_consumer_next(consumer, &record, 0)) == MAPRING_OK) {
            printf("ring: %.*s\n", (int)record.bytes, (const char *)record.payload);
            mapring_consumer_release(consumer);
        }
        if (result == MAPRING_LOST)
            printf("ring: %llu records were lost\n", (unsigned long long)record.lost_records);
        else if (result == MAPRING_NOTHING)
            result = mapring_consumer_arm(consumer); /* MAPRING_OK: something came meanwhile */
    } while (result == MAPRING_OK || result == MAPRING_LOST);
    fflush(stdout);
    if (result != MAPRING_NOTHING)
        printf("ring: %s\n", mapring_result_text(result));
    return result == MAPRING_NOTHING;
}

static bool read_input(void)
{
    char bytes[256];
    ssize_t got = read(STDIN_FILENO, bytes, sizeof bytes);
    if (got > 0)
        printf("input: %zd bytes\n", got);
    fflush(stdout);
    return got > 0;
}

static void loop(mapring_consumer *consumer, int handle)
{
    struct pollfd waited[] = {{handle, POLLIN, 0}, {STDIN_FILENO, POLLIN, 0}};
    while (read_ring(consumer)) {
        if (poll(waited, 2, -1) < 0)
            return;
        if (waited[1].revents != 0 && !read_input())
            return;
    }
}

int main(int argc, char **argv)
{
    mapring_consumer *consumer = NULL;
    mapring_handle handle;
    if (argc != 2 || mapring_consumer_open(&consumer, argv[1], NULL) != MAPRING_OK ||
        mapring_consumer_wait_handle(consumer, &handle) != MAPRING_OK) {
        fprintf(stderr, "%s\n", argc == 2 ? mapring_last_error()->text : "usage: poll RING");
        mapring_consumer_close(consumer);
        return 1;
    }
    loop(consumer, (int)handle);
    mapring_consumer_close(consumer);
    return 0;
}
