/* SPDX-License-Identifier: MIT */
/* Waits with WaitForMultipleObjects() for a ring's records and for the end of a process, until
 * either comes:
 *
 *     wait_for_multiple_objects RING PROCESS-ID
 */
#include <windows.h>

#include <mapring/mapring.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

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
    if (result != MAPRING_NOTHING)
        printf("ring: %s\n", mapring_result_text(result));
    fflush(stdout);
    return result == MAPRING_NOTHING;
}

static void loop(mapring_consumer *consumer, HANDLE ready, HANDLE process)
{
    HANDLE waited[] = {ready, process};
    while (read_ring(consumer)) {
        DWORD which = WaitForMultipleObjects(2, waited, FALSE, INFINITE);
        if (which == WAIT_OBJECT_0 + 1)
            puts("the process ended");
        if (which != WAIT_OBJECT_0)
            return;
    }
}

int main(int argc, char **argv)
{
    mapring_consumer *consumer = NULL;
    mapring_handle ready;
    HANDLE process =
        argc == 3 ? OpenProcess(SYNCHRONIZE, FALSE, (DWORD)strtoul(argv[2], NULL, 10)) : NULL;
    if (process == NULL) {
        fprintf(stderr, "usage: wait_for_multiple_objects RING PROCESS-ID\n");
        return 2;
    }
    if (mapring_consumer_open(&consumer, argv[1], NULL) == MAPRING_OK &&
        mapring_consumer_wait_handle(consumer, &ready) == MAPRING_OK)
        loop(consumer, (HANDLE)ready, process);
    else
        fprintf(stderr, "%s\n", mapring_last_error()->text);
    mapring_consumer_close(consumer);
    CloseHandle(process);
    return 0;
}
