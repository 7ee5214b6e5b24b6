/* SPDX-License-Identifier: MIT */
/* Sends a record and receives it, then logs a line and reads it, in C and C++, with nothing but the
 * installed headers. */
#include <mapring/log.h>
#include <mapring/log_reader.h>
#include <stdio.h>
#include <string.h>

/* The library has a private function of this name. */
int fail(void);
int fail(void)
{
    return 1;
}

static int log_and_read(const char *name)
{
    mapring_log *log;
    mapring_log_reader *reader;
    struct mapring_log_line line;
    if (mapring_log_open(&log, name, NULL) != MAPRING_OK)
        return 3;
    MAPRING_INFO(log, "order=%d at %.2f", 5, 3.2);
    if (mapring_log_reader_open(&reader, name, NULL) != MAPRING_OK ||
        mapring_log_reader_next(reader, &line, MAPRING_FOREVER) != MAPRING_OK ||
        strcmp(line.text, "order=5 at 3.20") != 0)
        return 4;
    mapring_log_reader_close(reader);
    mapring_log_close(log);
    return mapring_remove(name, MAPRING_LOCAL, false);
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
    int result = mapring_remove(name, MAPRING_LOCAL, false);
    return result == MAPRING_OK ? log_and_read(name) : result;
}
