/* SPDX-License-Identifier: MIT */
/* Sends a record and receives it, in C and C++, with nothing but the installed header. */
#include <mapring/mapring.h>
#include <stdio.h>
#include <string.h>

/* The library has a private function of this name. */
int fail(void);
int fail(void)
{
    return 1;
}

int main(int argc, char **argv)
{
    mapring_producer *producer;
    mapring_consumer *consumer;
    struct mapring_record record;
    const char *name = argc > 1 ? argv[1] : "";
    if (mapring_producer_open(&producer, name, NULL) != MAPRING_OK ||
        mapring_consumer_open(&consumer, name, NULL) != MAPRING_OK ||
        mapring_producer_send(producer, "hello", 5, MAPRING_FOREVER) != MAPRING_OK ||
        mapring_consumer_next(consumer, &record, MAPRING_FOREVER) != MAPRING_OK) {
        fprintf(stderr, "%s\n", mapring_last_error()->text);
        return 1;
    }
    if (record.bytes != 5 || memcmp(record.payload, "hello", 5) != 0)
        return 2;
    mapring_consumer_close(consumer);
    mapring_producer_close(producer);
    return mapring_remove(name, MAPRING_LOCAL, false);
}
