/* SPDX-License-Identifier: MIT */
/* mapring stat: shows what a ring holds and who uses it. */
#include <inttypes.h>
#include <stdio.h>

#include "commands.h"
#include "consumer_row.h"
#include "look.h"
#include "mapring/mapring.h"
#include "ring_options.h"
#include "shared/json.h"
#include "shared/message.h"
#include "shared/plain.h"

static struct {
    enum mapring_scope scope;
    bool json;
} settings;

static const struct option_row options[] = {
    OPTION_SCOPE(&settings.scope),
    OPTION_JSON(&settings.json),
    {NULL, NULL, NULL, NULL, NULL},
};

static const char *producer_state(const struct mapring_stat *stat)
{
    static const char *const states[] = {"never", "open", "closed", "died"};
    return states[stat->producer_state];
}

static const char *policy(const struct mapring_stat *stat)
{
    static const char *const policies[] = {"", "block", "drop", "overwrite"};
    return policies[stat->when_full];
}

static void producer_json(const struct mapring_stat *stat)
{
    json_object_begin("producer", JSON_ON_ONE_LINE);
    json_text("state", producer_state(stat));
    json_number("process", stat->producer_process);
    json_bool("alive", stat->producer_state == MAPRING_PRODUCER_IS_OPEN);
    json_end();
}

static void consumers_json(const struct mapring_stat *stat)
{
    if (stat->consumers_hidden) {
        json_null("consumers");
        return;
    }
    json_array_begin("consumers", JSON_IN_LINES);
    for (unsigned i = 0; i < stat->consumers; i++)
        consumer_json(&stat->consumer[i]);
    json_end();
}

static void print_json(const char *name, const struct mapring_stat *stat)
{
    json_object_begin(NULL, JSON_IN_LINES);
    json_text("name", name);
    json_number("capacity_bytes", stat->capacity_bytes);
    json_number("slot_bytes", stat->slot_bytes);
    json_number("layout_version", stat->layout_version);
    json_text("when_full", policy(stat));
    json_number("record_limit", stat->record_limit);
    json_number("tail", stat->tail);
    json_number("horizon", stat->horizon);
    json_number("records", stat->records);
    json_number("payload_bytes", stat->payload_bytes);
    json_number("dropped_records", stat->dropped_records);
    json_number("dropped_payload_bytes", stat->dropped_payload_bytes);
    json_number("unread_records", stat->unread_records);
    json_number("sequence", stat->sequence);
    json_bool("balanced", stat->balanced);
    producer_json(stat);
    consumers_json(stat);
    json_end();
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
    if (stat->consumers_hidden) {
        puts("consumers       shown only to users who may write");
        return;
    }
    print_row("consumers", stat->consumers);
    if (stat->consumers > 0)
        puts("\ncell  process  state             read       lost    pending     in bytes  name");
    for (unsigned i = 0; i < stat->consumers; i++) {
        const struct mapring_consumer_stat *consumer = &stat->consumer[i];
        printf("%4u %8" PRIu64 "  %-8s %13" PRIu64 " %10" PRIu64 " %10" PRIu64 " %12" PRIu64 "  ",
               consumer->cell, consumer->process, consumer_state(consumer), consumer->read_records,
               consumer->lost_records, consumer->pending_records, consumer->pending_bytes);
        json_print_text(consumer->name);
        putchar('\n');
    }
}

static void print_imbalance(const struct mapring_consumer_stat *consumer)
{
    uint64_t sent = consumer->sequence - consumer->first_sequence + consumer->pending_records;
    printf("        cell %u: of %" PRIu64 " records sent, read %" PRIu64 " + lost %" PRIu64
           " + pending %" PRIu64 "\n",
           consumer->cell, sent, consumer->read_records, consumer->lost_records,
           consumer->pending_records);
}

/* For each consumer: sent = read + lost + pending. */
static void print_ledger(const struct mapring_stat *stat)
{
    printf("ledger: %s\n", stat->balanced ? "balanced" : "does not balance");
    bool explained = stat->balanced;
    for (unsigned i = 0; i < stat->consumers; i++) {
        if (!stat->consumer[i].balanced) {
            print_imbalance(&stat->consumer[i]);
            explained = true;
        }
    }
    if (!explained)
        printf("        readers are told of %" PRIu64 " dropped records, but %" PRIu64
               " were dropped\n",
               stat->sequence - stat->records, stat->dropped_records);
}

static void print_table(const char *name, const struct mapring_stat *stat)
{
    printf("%-16s", "ring");
    plain_print(stdout, name);
    putchar('\n');
    print_row("capacity", stat->capacity_bytes);
    print_row("slot bytes", stat->slot_bytes);
    print_row("layout version", stat->layout_version);
    printf("%-16s%s\n", "when full", policy(stat));
    print_row("record limit", stat->record_limit);
    print_row("tail", stat->tail);
    print_row("horizon", stat->horizon);
    print_row("records", stat->records);
    print_row("payload bytes", stat->payload_bytes);
    print_row("dropped", stat->dropped_records);
    print_row("dropped bytes", stat->dropped_payload_bytes);
    print_producer(stat);
    print_consumers(stat);
    printf("\n");
    print_ledger(stat);
}

static int run(int count, char **arguments)
{
    (void)count;
    static struct mapring_stat stat;
    if (look(arguments[0], settings.scope, &stat) != MAPRING_OK)
        return ring_failure();
    (settings.json ? print_json : print_table)(arguments[0], &stat);
    return EXIT_DONE;
}

const struct command command_stat = {
    .name = "stat",
    .full_name = "mapring stat",
    .arguments = "NAME [OPTION...]",
    .summary = "show what a ring holds and who uses it",
    .help =
        "Shows the ring's geometry, its positions, what was sent since it was created, its "
        "producer, and for each consumer what it has read, what it has lost and what it still has "
        "to read; and whether these numbers add up. It does not disturb a running producer.",
    .options = options,
    .end = "Exit status: 0 done, 1 failed, 2 wrong usage.",
    .least = 1,
    .most = 1,
    .run = run,
};
