/* SPDX-License-Identifier: MIT */
/* Shows a ring to people: who uses it, how full it is, how far behind its consumers are, and who
 * keeps its producer waiting. What is zero and of no interest is left out. */
#include "stat_table.h"

#include <inttypes.h>
#include <stdio.h>

#include "bridge_row.h"
#include "consumer_row.h"
#include "log_level.h"
#include "shared/json.h"
#include "shared/os.h"
#include "shared/plain.h"
#include "shared/quantity.h"

const char *stat_producer_state(const struct mapring_stat *stat)
{
    static const char *const states[] = {"never", "open", "closed", "died"};
    return states[stat->producer_state];
}

const char *stat_when_full(const struct mapring_stat *stat)
{
    static const char *const policies[] = {"", "block", "drop", "overwrite"};
    return policies[stat->when_full];
}

double stat_per_second(const struct stat_rate *rate, uint64_t amount)
{
    return (double)amount * 1e9 / (double)rate->interval_ns;
}

static struct quantity age(uint64_t since_ns)
{
    uint64_t now = os_time_ns();
    return quantity_duration(now > since_ns ? now - since_ns : 0);
}

/* ---- The ring ---- */

static void print_label(const char *label)
{
    printf("%-16s", label);
}

static void print_number(const char *label, uint64_t value)
{
    print_label(label);
    printf("%" PRIu64 "\n", value);
}

static void print_plainly(const char *label, const char *text)
{
    print_label(label);
    plain_print(stdout, text);
    putchar('\n');
}

static void print_amount(const char *label, uint64_t records, uint64_t bytes)
{
    print_label(label);
    printf("%" PRIu64 " records, %s\n", records, quantity_bytes(bytes).text);
}

bool stat_knows_full(const struct mapring_stat *stat)
{
    return !stat->consumers_hidden && stat->when_full != MAPRING_OVERWRITE;
}

uint64_t stat_space_taken(const struct mapring_stat *stat)
{
    uint64_t taken = 0;
    for (unsigned i = 0; i < stat->consumers; i++) {
        const struct mapring_consumer_stat *consumer = &stat->consumer[i];
        if (consumer->state != MAPRING_CONSUMER_LAPSED && consumer->pending_bytes > taken)
            taken = consumer->pending_bytes;
    }
    bool is_first_lap = stat->tail < stat->capacity_bytes;
    if (stat->consumers == 0 && stat->unread_records == stat->records)
        taken = is_first_lap ? stat->tail : stat->capacity_bytes;
    return taken < stat->capacity_bytes ? taken : stat->capacity_bytes;
}

static void print_fill(const struct mapring_stat *stat)
{
    struct quantity capacity = quantity_bytes(stat->capacity_bytes);
    if (!stat_knows_full(stat)) {
        print_label("capacity");
        printf("%s\n", capacity.text);
        return;
    }
    uint64_t taken = stat_space_taken(stat);
    print_label("full");
    printf("%.0f %%, %s of %s\n", 100 * (double)taken / (double)stat->capacity_bytes,
           quantity_bytes(taken).text, capacity.text);
}

static void print_rate(const struct stat_rate *rate)
{
    double bytes = stat_per_second(rate, rate->payload_bytes);
    print_label("rate");
    printf("%.0f records/s, %s/s, over %s\n", stat_per_second(rate, rate->records),
           quantity_bytes((uint64_t)bytes).text, quantity_duration(rate->interval_ns).text);
}

static void print_contents(const struct mapring_stat *stat, const struct stat_rate *rate)
{
    print_amount("sent", stat->records, stat->payload_bytes);
    if (rate->interval_ns > 0)
        print_rate(rate);
    if (stat->dropped_records > 0 || stat->when_full == MAPRING_DROP)
        print_amount("dropped", stat->dropped_records, stat->dropped_payload_bytes);
    if (stat_knows_full(stat)) {
        print_label("unread");
        printf("%" PRIu64 " records\n", stat->unread_records);
    }
    if (stat->dictionary_bytes > 0) {
        print_label("dictionary");
        printf("%s of %s\n", quantity_bytes(stat->dictionary_used_bytes).text,
               quantity_bytes(stat->dictionary_bytes).text);
    }
}

static void print_repetition(const struct mapring_repetition *repetition)
{
    if (repetition->origin[0] == '\0')
        return;
    print_label("repeats");
    plain_print(stdout, repetition->origin);
    printf(", from record %" PRIu64, repetition->first_sequence);
    if (repetition->run)
        printf(", past its run %" PRIu64, repetition->run);
    printf("\n");
}

static void print_ring(const struct stat_shown *shown)
{
    const struct mapring_stat *stat = shown->stat;
    print_plainly("ring", shown->name);
    if (stat->content[0] != '\0')
        print_plainly("content", stat->content);
    if (shown->level != 0)
        print_plainly("level", log_level_text(shown->level));
    print_label("created");
    printf("%s ago\n", age(stat->created_ns).text);
    print_label("when full");
    puts(stat_when_full(stat));
    print_fill(stat);
}

static void print_internals(const struct mapring_stat *stat)
{
    print_number("capacity", stat->capacity_bytes);
    print_number("slot bytes", stat->slot_bytes);
    print_number("record limit", stat->record_limit);
    if (stat->max_lag_attached_bytes > 0)
        print_number("attached lag", stat->max_lag_attached_bytes);
    print_number("layout version", stat->layout_version);
    print_label("times");
    puts(stat->times ? "yes" : "no");
    print_number("tail", stat->tail);
    print_number("horizon", stat->horizon);
    print_number("next sequence", stat->sequence);
}

/* ---- The producer ---- */

static void print_waits(uint64_t count, uint64_t total_ns)
{
    if (count == 1)
        printf("once, ");
    else
        printf("%" PRIu64 " times, ", count);
    printf("%s in all", quantity_duration(total_ns).text);
}

const struct mapring_consumer_stat *stat_consumer_in(const struct mapring_stat *stat, int cell)
{
    for (unsigned i = 0; i < stat->consumers; i++)
        if ((int)stat->consumer[i].cell == cell)
            return &stat->consumer[i];
    return NULL;
}

static void print_wait(const struct mapring_stat *stat)
{
    const struct mapring_consumer_stat *consumer = stat_consumer_in(stat, stat->blocking_cell);
    print_label("waits");
    printf("for %s", age(stat->blocked_since_ns).text);
    if (stat->blocking_cell < 0)
        printf(" so far, for the first consumer");
    else
        printf(" so far, for consumer %d", stat->blocking_cell);
    if (consumer) {
        printf(", ");
        json_print_text(consumer->name);
    }
    printf("\n");
}

static void print_producer(const struct mapring_stat *stat)
{
    print_label("producer");
    if (stat->producer_state == MAPRING_PRODUCER_NEVER)
        puts("none yet");
    else
        printf("%s, process %" PRIu64 "\n", stat_producer_state(stat), stat->producer_process);
    if (stat->producer_waits)
        print_wait(stat);
    if (stat->blocked_count > 0) {
        print_label("has waited");
        print_waits(stat->blocked_count, stat->blocked_ns);
        printf("\n");
    }
}

/* ---- The consumers ---- */

static void print_detail(const char *label)
{
    printf("    %-9s", label);
}

static void print_behind(const struct mapring_consumer_stat *consumer)
{
    print_detail("behind");
    if (consumer->pending_records == 0) {
        puts("nothing");
        return;
    }
    printf("%" PRIu64 " records, %s", consumer->pending_records,
           quantity_bytes(consumer->pending_bytes).text);
    if (consumer->lag_ns > 0)
        printf(", %s", quantity_duration(consumer->lag_ns).text);
    printf("\n");
}

static void print_latency(const struct mapring_consumer_stat *consumer)
{
    print_detail("latency");
    printf("50 %% %s, ", quantity_duration(consumer->latency_p50_ns).text);
    printf("99 %% %s, ", quantity_duration(consumer->latency_p99_ns).text);
    printf("99.9 %% %s, ", quantity_duration(consumer->latency_p999_ns).text);
    printf("longest %s\n", quantity_duration(consumer->latency_max_ns).text);
}

static void print_blame(const struct mapring_consumer_stat *consumer)
{
    print_detail("blocked");
    printf("the producer ");
    print_waits(consumer->blocked_count, consumer->blocked_ns);
    printf(", longest %s\n", quantity_duration(consumer->blocked_longest_ns).text);
}

static void print_ledger_of(const struct mapring_consumer_stat *consumer)
{
    print_detail("ledger");
    printf("from %" PRIu64 " to %" PRIu64 ", head %" PRIu64, consumer->first_sequence,
           consumer->sequence, consumer->head);
    if (consumer->durable)
        printf(", max lag %" PRIu64, consumer->max_lag_bytes);
    printf("\n");
}

static void print_consumer(const struct mapring_consumer_stat *consumer, bool verbose)
{
    printf("\nconsumer %u: ", consumer->cell);
    json_print_text(consumer->name);
    printf("\n    %s%s, process %" PRIu64 "\n", consumer_state(consumer),
           consumer->durable ? ", durable" : "", consumer->process);
    print_behind(consumer);
    print_detail("read");
    printf("%" PRIu64 " records, %s\n", consumer->read_records,
           quantity_bytes(consumer->read_payload_bytes).text);
    if (consumer->lost_records > 0) {
        print_detail("lost");
        printf("%" PRIu64 " records\n", consumer->lost_records);
    }
    if (consumer->latency_samples > 0)
        print_latency(consumer);
    if (consumer->blocked_count > 0)
        print_blame(consumer);
    if (verbose)
        print_ledger_of(consumer);
}

static void print_consumers(const struct mapring_stat *stat, bool verbose)
{
    if (stat->consumers_hidden)
        puts("consumers       shown only to users who may write");
    else
        print_number("consumers", stat->consumers);
    if (stat->evicted_count > 0)
        print_number("evicted", stat->evicted_count);
    for (unsigned i = 0; i < stat->consumers; i++)
        print_consumer(&stat->consumer[i], verbose);
}

/* ---- The ledger ---- */

static void print_imbalance(const struct mapring_consumer_stat *consumer)
{
    uint64_t sent = consumer->sequence - consumer->first_sequence + consumer->pending_records;
    printf("        consumer %u: of %" PRIu64 " records sent, read %" PRIu64 " + lost %" PRIu64
           " + pending %" PRIu64 "\n",
           consumer->cell, sent, consumer->read_records, consumer->lost_records,
           consumer->pending_records);
}

/* For each consumer: sent = read + lost + pending. */
static void print_ledger(const struct mapring_stat *stat)
{
    printf("\nledger: %s\n", stat->balanced ? "balanced" : "does not balance");
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

void stat_print(const struct stat_shown *shown, bool verbose)
{
    const struct mapring_stat *stat = shown->stat;
    print_ring(shown);
    print_repetition(shown->repetition);
    print_contents(stat, shown->rate);
    if (verbose)
        print_internals(stat);
    print_producer(stat);
    print_consumers(stat, verbose);
    bridges_print(shown->bridges, shown->bridge_count, verbose);
    print_ledger(stat);
}
