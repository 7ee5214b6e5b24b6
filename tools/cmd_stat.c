/* SPDX-License-Identifier: MIT */
/* mapring stat: what a ring holds and who uses it. */
#include <inttypes.h>
#include <stdio.h>

#include "command.h"
#include "json.h"
#include "mapring/mapring.h"
#include "message.h"

static struct {
    struct mapring_options ring;
    bool json;
} settings = {.ring.how = MAPRING_ATTACH};

static const struct option_row options[] = {
    OPTION_SCOPE(&settings.ring.scope),
    OPTION_JSON(&settings.json),
    {NULL, NULL, NULL, NULL, NULL},
};

static const char *producer_state(const struct mapring_stat *stat)
{
    static const char *const states[] = {"never", "open", "closed", "died"};
    return states[stat->producer_state];
}

static const char *truth(bool value)
{
    return value ? "true" : "false";
}

static void json_number(const char *key, uint64_t value)
{
    printf("  \"%s\": %" PRIu64 ",\n", key, value);
}

static void json_consumer(const struct mapring_consumer_stat *consumer, bool last)
{
    printf("    {\"cell\": %u, \"name\": ", consumer->cell);
    json_print_text(consumer->name);
    printf(", \"process\": %" PRIu64 ", \"alive\": %s, \"head\": %" PRIu64, consumer->process,
           truth(consumer->alive), consumer->head);
    printf(", \"pending_records\": %" PRIu64 ", \"pending_bytes\": %" PRIu64 "}%s\n",
           consumer->pending_records, consumer->pending_bytes, last ? "" : ",");
}

static void print_json(const char *name, const struct mapring_stat *stat)
{
    printf("{\n  \"name\": ");
    json_print_text(name);
    puts(",");
    json_number("capacity_bytes", stat->capacity_bytes);
    json_number("slot_bytes", stat->slot_bytes);
    json_number("layout_version", stat->layout_version);
    json_number("record_limit", stat->record_limit);
    json_number("tail", stat->tail);
    json_number("horizon", stat->horizon);
    json_number("records", stat->records);
    json_number("payload_bytes", stat->payload_bytes);
    printf("  \"producer\": {\"state\": \"%s\", \"process\": %" PRIu64 ", \"alive\": %s},\n",
           producer_state(stat), stat->producer_process,
           truth(stat->producer_state == MAPRING_PRODUCER_IS_OPEN));
    printf("  \"consumers\": [%s", stat->consumers > 0 ? "\n" : "");
    for (unsigned i = 0; i < stat->consumers; ++i)
        json_consumer(&stat->consumer[i], i + 1 == stat->consumers);
    printf("%s]\n}\n", stat->consumers > 0 ? "  " : "");
}

static void print_row(const char *what, uint64_t value)
{
    printf("%-16s%" PRIu64 "\n", what, value);
}

static void print_producer(const struct mapring_stat *stat)
{
    if (stat->producer_state == MAPRING_PRODUCER_NEVER) {
        puts("producer        none yet");
    } else {
        printf("producer        %s, process %" PRIu64 "\n", producer_state(stat),
               stat->producer_process);
    }
}

static void print_consumers(const struct mapring_stat *stat)
{
    print_row("consumers", stat->consumers);
    if (stat->consumers > 0)
        puts("\ncell   process  alive  pending records    pending bytes  name");
    for (unsigned i = 0; i < stat->consumers; ++i) {
        const struct mapring_consumer_stat *consumer = &stat->consumer[i];
        printf("%4u %9" PRIu64 "  %-5s %16" PRIu64 " %16" PRIu64 "  ", consumer->cell,
               consumer->process, consumer->alive ? "yes" : "no", consumer->pending_records,
               consumer->pending_bytes);
        json_print_text(consumer->name);
        putchar('\n');
    }
}

static void print_table(const char *name, const struct mapring_stat *stat)
{
    printf("%-16s%s\n", "ring", name);
    print_row("capacity", stat->capacity_bytes);
    print_row("slot bytes", stat->slot_bytes);
    print_row("layout version", stat->layout_version);
    print_row("record limit", stat->record_limit);
    print_row("tail", stat->tail);
    print_row("horizon", stat->horizon);
    print_row("records", stat->records);
    print_row("payload bytes", stat->payload_bytes);
    print_producer(stat);
    print_consumers(stat);
}

static int run(int count, char **arguments)
{
    (void)count;
    struct mapring_ring *ring = NULL;
    static struct mapring_stat stat;
    if (mapring_open(&ring, arguments[0], &settings.ring) != MAPRING_OK)
        return ring_failure();
    int status = mapring_stat(ring, &stat) == MAPRING_OK ? EXIT_DONE : ring_failure();
    mapring_close(ring);
    if (status == EXIT_DONE)
        (settings.json ? print_json : print_table)(arguments[0], &stat);
    return status;
}

const struct command command_stat = {
    .name = "stat",
    .full_name = "mapring stat",
    .arguments = "NAME [OPTION...]",
    .summary = "show what a ring holds and who uses it",
    .help = "Shows the ring's geometry, its positions, what was sent since it was made, its "
            "producer, and each consumer with what it has still to read. Disturbs nobody.",
    .options = options,
    .end = "Exit status: 0 done, 1 failed, 2 wrong usage.",
    .least = 1,
    .most = 1,
    .run = run,
};
