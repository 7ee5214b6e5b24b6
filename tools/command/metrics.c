/* SPDX-License-Identifier: MIT */
/* The metrics of rings: tables of families, each of which walks through all rings, because all
 * samples of a family come together. */
#include "metrics.h"

#include <stdio.h>

#include "metrics_bridge.h"
#include "shared/os.h"
#include "stat_table.h"

/* ---- Values that are no field of the statistics ---- */

static uint64_t since(uint64_t then_ns)
{
    uint64_t now = os_time_ns();
    return now > then_ns ? now - then_ns : 0;
}

static uint64_t is_up(const struct mapring_stat *stat)
{
    return stat->producer_state == MAPRING_PRODUCER_IS_OPEN;
}

static uint64_t has_died(const struct mapring_stat *stat)
{
    return stat->producer_state == MAPRING_PRODUCER_HAS_DIED;
}

static uint64_t waits(const struct mapring_stat *stat)
{
    return stat->producer_waits;
}

static uint64_t waits_for_ns(const struct mapring_stat *stat)
{
    return stat->producer_waits ? since(stat->blocked_since_ns) : 0;
}

static uint64_t consumers(const struct mapring_stat *stat)
{
    return stat->consumers;
}

static uint64_t is_balanced(const struct mapring_stat *stat)
{
    return stat->balanced;
}

static uint64_t consumer_is_up(const struct mapring_stat *stat,
                               const struct mapring_consumer_stat *consumer)
{
    (void)stat;
    return consumer->alive;
}

static uint64_t has_lapsed(const struct mapring_stat *stat,
                           const struct mapring_consumer_stat *consumer)
{
    (void)stat;
    return consumer->state == MAPRING_CONSUMER_LAPSED;
}

static uint64_t blocks(const struct mapring_stat *stat,
                       const struct mapring_consumer_stat *consumer)
{
    return stat->producer_waits && stat->blocking_cell == (int)consumer->cell;
}

/* ---- What applies to which rings and consumers ---- */

static bool consumers_show(const struct mapring_stat *stat)
{
    return !stat->consumers_hidden;
}

static bool has_times(const struct mapring_stat *stat)
{
    return stat->times;
}

static bool has_dictionary(const struct mapring_stat *stat)
{
    return stat->dictionary_bytes > 0;
}

static bool is_limited(const struct mapring_consumer_stat *consumer)
{
    return consumer->max_lag_bytes > 0;
}

/* ---- The families ---- */

enum unit { NUMBER, SECONDS };

/* The value is a field of the structure, a uint64_t, or what the function returns. */
struct ring_family {
    const char *name, *help;
    enum prometheus_type type;
    enum unit unit;
    bool (*applies)(const struct mapring_stat *stat); /* NULL: to all */
    uint64_t (*value)(const struct mapring_stat *stat);
    size_t field;
};

#define OF_RING(name) NULL, offsetof(struct mapring_stat, name)

static const struct ring_family ring_families[] = {
    {"mapring_ring_created_timestamp_seconds", "When the ring was created, since 1970.",
     PROMETHEUS_GAUGE, SECONDS, NULL, OF_RING(created_ns)},
    {"mapring_ring_capacity_bytes", "Space for records, headers included.", PROMETHEUS_GAUGE,
     NUMBER, NULL, OF_RING(capacity_bytes)},
    {"mapring_ring_used_bytes",
     "Space that the producer must not reuse yet, because the slowest consumer has not read it.",
     PROMETHEUS_GAUGE, NUMBER, stat_knows_full, stat_space_taken, 0},
    {"mapring_ring_unread_records", "Records that no consumer, attached or gone, has read yet.",
     PROMETHEUS_GAUGE, NUMBER, stat_knows_full, OF_RING(unread_records)},
    {"mapring_ring_dictionary_capacity_bytes", "Space for definitions.", PROMETHEUS_GAUGE, NUMBER,
     has_dictionary, OF_RING(dictionary_bytes)},
    {"mapring_ring_dictionary_used_bytes", "Space taken by definitions.", PROMETHEUS_GAUGE, NUMBER,
     has_dictionary, OF_RING(dictionary_used_bytes)},
    {"mapring_ring_consumers", "Consumers, attached or away.", PROMETHEUS_GAUGE, NUMBER,
     consumers_show, consumers, 0},
    {"mapring_ring_balanced",
     "1 if the records sent are the sum of those read, lost and pending for each consumer.",
     PROMETHEUS_GAUGE, NUMBER, NULL, is_balanced, 0},
    {"mapring_sent_records_total", "Records sent.", PROMETHEUS_COUNTER, NUMBER, NULL,
     OF_RING(records)},
    {"mapring_sent_bytes_total", "Payload of the records sent.", PROMETHEUS_COUNTER, NUMBER, NULL,
     OF_RING(payload_bytes)},
    {"mapring_dropped_records_total", "Records dropped because the ring was full.",
     PROMETHEUS_COUNTER, NUMBER, NULL, OF_RING(dropped_records)},
    {"mapring_dropped_bytes_total", "Payload of the records dropped.", PROMETHEUS_COUNTER, NUMBER,
     NULL, OF_RING(dropped_payload_bytes)},
    {"mapring_producer_up", "1 while a live producer has the ring open.", PROMETHEUS_GAUGE, NUMBER,
     NULL, is_up, 0},
    {"mapring_producer_died", "1 if the last producer died without closing the ring.",
     PROMETHEUS_GAUGE, NUMBER, NULL, has_died, 0},
    {"mapring_producer_blocked",
     "1 while the producer waits for room; mapring_consumer_blocking says for whom.",
     PROMETHEUS_GAUGE, NUMBER, NULL, waits, 0},
    {"mapring_producer_blocked_current_seconds",
     "For how long the producer has been waiting for the present consumer, 0 if it is not.",
     PROMETHEUS_GAUGE, SECONDS, NULL, waits_for_ns, 0},
    {"mapring_producer_waits_total", "Times that producers had to wait for room.",
     PROMETHEUS_COUNTER, NUMBER, NULL, OF_RING(blocked_count)},
    {"mapring_producer_blocked_seconds_total", "Time that producers have waited for room.",
     PROMETHEUS_COUNTER, SECONDS, NULL, OF_RING(blocked_ns)},
};

struct consumer_family {
    const char *name, *help;
    enum prometheus_type type;
    enum unit unit;
    bool (*applies)(const struct mapring_stat *stat);
    bool (*applies_to)(const struct mapring_consumer_stat *consumer);
    uint64_t (*value)(const struct mapring_stat *stat,
                      const struct mapring_consumer_stat *consumer);
    size_t field;
};

#define OF_CONSUMER(name) NULL, offsetof(struct mapring_consumer_stat, name)

static const struct consumer_family consumer_families[] = {
    {"mapring_consumer_up", "1 while the consumer's process is alive, 0 while it is away.",
     PROMETHEUS_GAUGE, NUMBER, NULL, NULL, consumer_is_up, 0},
    {"mapring_consumer_lapsed",
     "1 if a durable consumer was away for so long that the producer no longer waits for it.",
     PROMETHEUS_GAUGE, NUMBER, NULL, NULL, has_lapsed, 0},
    {"mapring_consumer_read_records_total", "Records that the consumer has read.",
     PROMETHEUS_COUNTER, NUMBER, NULL, NULL, OF_CONSUMER(read_records)},
    {"mapring_consumer_read_bytes_total", "Payload of the records read.", PROMETHEUS_COUNTER,
     NUMBER, NULL, NULL, OF_CONSUMER(read_payload_bytes)},
    {"mapring_consumer_lost_records_total",
     "Records that were dropped or overwritten before the consumer could read them.",
     PROMETHEUS_COUNTER, NUMBER, NULL, NULL, OF_CONSUMER(lost_records)},
    {"mapring_consumer_lag_records", "Records that the consumer has still to read.",
     PROMETHEUS_GAUGE, NUMBER, NULL, NULL, OF_CONSUMER(pending_records)},
    {"mapring_consumer_lag_bytes", "Space that they take in the ring, headers included.",
     PROMETHEUS_GAUGE, NUMBER, NULL, NULL, OF_CONSUMER(pending_bytes)},
    {"mapring_consumer_lag_seconds",
     "Age of the next record that the consumer has to read, 0 if it has read everything.",
     PROMETHEUS_GAUGE, SECONDS, has_times, NULL, OF_CONSUMER(lag_ns)},
    {"mapring_consumer_max_lag_bytes",
     "How far a durable consumer may be behind before the producer no longer waits for it.",
     PROMETHEUS_GAUGE, NUMBER, NULL, is_limited, OF_CONSUMER(max_lag_bytes)},
    {"mapring_consumer_blocking", "1 while the producer waits for this consumer.", PROMETHEUS_GAUGE,
     NUMBER, NULL, NULL, blocks, 0},
    {"mapring_consumer_waits_total",
     "Times that producers had to wait for the consumer in this cell.", PROMETHEUS_COUNTER, NUMBER,
     NULL, NULL, OF_CONSUMER(blocked_count)},
    {"mapring_consumer_blocked_seconds_total",
     "Time that producers have waited for the consumer in this cell.", PROMETHEUS_COUNTER, SECONDS,
     NULL, NULL, OF_CONSUMER(blocked_ns)},
    {"mapring_consumer_blocked_longest_seconds",
     "The longest that a producer has waited for the consumer in this cell.", PROMETHEUS_GAUGE,
     SECONDS, NULL, NULL, OF_CONSUMER(blocked_longest_ns)},
    {"mapring_consumer_latency_longest_seconds",
     "The longest measured time from the commit of a record until the consumer had it.",
     PROMETHEUS_GAUGE, SECONDS, has_times, NULL, OF_CONSUMER(latency_max_ns)},
};

/* ---- Samples ---- */

static void label_number(struct prometheus *page, const char *key, uint64_t value)
{
    char text[24];
    snprintf(text, sizeof text, "%llu", (unsigned long long)value);
    prometheus_label(page, key, text);
}

static void label_consumer(struct prometheus *page, const char *ring,
                           const struct mapring_consumer_stat *consumer)
{
    prometheus_label(page, "ring", ring);
    prometheus_label(page, "consumer", consumer->name);
    label_number(page, "cell", consumer->cell);
}

static void write_value(struct prometheus *page, enum unit unit, uint64_t value)
{
    (unit == SECONDS ? prometheus_seconds : prometheus_number)(page, value);
}

static uint64_t field_at(const void *structure, size_t field)
{
    return *(const uint64_t *)(const void *)((const char *)structure + field);
}

static void write_ring(struct prometheus *page, const struct ring_family *family,
                       const struct ring_sample *ring)
{
    const struct mapring_stat *stat = &ring->stat;
    if (family->applies && !family->applies(stat))
        return;
    prometheus_sample(page, "");
    prometheus_label(page, "ring", ring->name);
    write_value(page, family->unit,
                family->value ? family->value(stat) : field_at(stat, family->field));
}

static void write_consumers(struct prometheus *page, const struct consumer_family *family,
                            const struct ring_sample *ring)
{
    const struct mapring_stat *stat = &ring->stat;
    if (family->applies && !family->applies(stat))
        return;
    for (unsigned i = 0; i < stat->consumers; i++) {
        const struct mapring_consumer_stat *consumer = &stat->consumer[i];
        if (family->applies_to && !family->applies_to(consumer))
            continue;
        prometheus_sample(page, "");
        label_consumer(page, ring->name, consumer);
        write_value(page, family->unit,
                    family->value ? family->value(stat, consumer)
                                  : field_at(consumer, family->field));
    }
}

static const char *yes_or_no(bool value)
{
    return value ? "yes" : "no";
}

static void write_info(struct prometheus *page, const struct ring_sample *ring)
{
    const struct mapring_stat *stat = &ring->stat;
    prometheus_sample(page, "");
    prometheus_label(page, "ring", ring->name);
    prometheus_label(page, "content", stat->content);
    prometheus_label(page, "when_full", stat_when_full(stat));
    prometheus_label(page, "times", yes_or_no(stat->times));
    label_number(page, "layout", stat->layout_version);
    label_number(page, "slot_bytes", stat->slot_bytes);
    prometheus_number(page, 1);
}

static void write_durable(struct prometheus *page, const struct ring_sample *ring)
{
    for (unsigned i = 0; i < ring->stat.consumers; i++) {
        prometheus_sample(page, "");
        label_consumer(page, ring->name, &ring->stat.consumer[i]);
        prometheus_label(page, "durable", yes_or_no(ring->stat.consumer[i].durable));
        prometheus_number(page, 1);
    }
}

/* ---- Latencies ---- */

static void write_bucket(struct prometheus *page, const struct ring_sample *ring, unsigned i,
                         unsigned bucket, uint64_t count)
{
    char bound[24] = "+Inf";
    if (bucket < LATENCY_COUNTS - 1) {
        uint64_t ns = UINT64_C(1) << (LATENCY_FIRST_BITS + bucket);
        snprintf(bound, sizeof bound, "%u.%09u", (unsigned)(ns / 1000000000),
                 (unsigned)(ns % 1000000000));
    }
    prometheus_sample(page, "_bucket");
    label_consumer(page, ring->name, &ring->stat.consumer[i]);
    prometheus_label(page, "le", bound);
    prometheus_number(page, count);
}

static void write_histogram(struct prometheus *page, const struct ring_sample *ring, unsigned i)
{
    uint64_t count = 0;
    for (unsigned bucket = 0; bucket < LATENCY_COUNTS; bucket++) {
        count += ring->latency[i].count[bucket];
        write_bucket(page, ring, i, bucket, count);
    }
    prometheus_sample(page, "_sum");
    label_consumer(page, ring->name, &ring->stat.consumer[i]);
    prometheus_real(page, ring->latency[i].sum_ns / 1e9);
    prometheus_sample(page, "_count");
    label_consumer(page, ring->name, &ring->stat.consumer[i]);
    prometheus_number(page, count);
}

static void write_latencies(struct prometheus *page, const struct ring_sample *ring)
{
    for (unsigned i = 0; ring->latency && i < ring->stat.consumers; i++)
        write_histogram(page, ring, i);
}

/* ---- All rings ---- */

static void each_ring(struct prometheus *page, const struct ring_samples *samples,
                      void (*write)(struct prometheus *page, const struct ring_sample *ring))
{
    for (size_t i = 0; i < samples->count; i++)
        if (samples->sample[i].result == MAPRING_OK)
            write(page, &samples->sample[i]);
}

static const char *reason(int result)
{
    switch (result) {
    case MAPRING_ERROR_NAME: return "name";
    case MAPRING_ERROR_NOT_THERE:
    case MAPRING_REMOVED: return "not_there";
    case MAPRING_ERROR_BEING_CREATED: return "being_created";
    case MAPRING_ERROR_WRONG_KIND: return "wrong_kind";
    case MAPRING_ERROR_FOREIGN: return "foreign";
    case MAPRING_ERROR_DAMAGED: return "damaged";
    case MAPRING_ERROR_PERMISSION: return "permission";
    case MAPRING_ERROR_NO_MEMORY: return "no_memory";
    case MAPRING_TIMED_OUT: return "timed_out";
    default: return "system";
    }
}

static void write_errors(struct prometheus *page, const struct ring_samples *samples)
{
    prometheus_family(page, "mapring_ring_error", PROMETHEUS_GAUGE,
                      "1: the ring has no other metrics, for this reason.");
    for (size_t i = 0; i < samples->count; i++) {
        if (samples->sample[i].result == MAPRING_OK)
            continue;
        prometheus_sample(page, "");
        prometheus_label(page, "ring", samples->sample[i].name);
        prometheus_label(page, "reason", reason(samples->sample[i].result));
        prometheus_number(page, 1);
    }
}

static void write_build(struct prometheus *page, const struct ring_samples *samples)
{
    prometheus_family(page, "mapring_build_info", PROMETHEUS_GAUGE,
                      "The version of mapring that wrote this.");
    prometheus_sample(page, "");
    prometheus_label(page, "version", mapring_version());
    prometheus_number(page, 1);
    prometheus_family(page, "mapring_rings", PROMETHEUS_GAUGE,
                      "Rings that were looked at, with success or not.");
    prometheus_sample(page, "");
    prometheus_number(page, samples->count);
}

static void write_families(struct prometheus *page, const struct ring_samples *samples)
{
    for (size_t f = 0; f < sizeof ring_families / sizeof *ring_families; f++) {
        const struct ring_family *family = &ring_families[f];
        prometheus_family(page, family->name, family->type, family->help);
        for (size_t i = 0; i < samples->count; i++)
            if (samples->sample[i].result == MAPRING_OK)
                write_ring(page, family, &samples->sample[i]);
    }
    for (size_t f = 0; f < sizeof consumer_families / sizeof *consumer_families; f++) {
        const struct consumer_family *family = &consumer_families[f];
        prometheus_family(page, family->name, family->type, family->help);
        for (size_t i = 0; i < samples->count; i++)
            if (samples->sample[i].result == MAPRING_OK)
                write_consumers(page, family, &samples->sample[i]);
    }
}

void metrics_write(struct prometheus *page, const struct ring_samples *samples)
{
    write_build(page, samples);
    write_errors(page, samples);
    prometheus_family(page, "mapring_ring_info", PROMETHEUS_GAUGE, "What the ring was created as.");
    each_ring(page, samples, write_info);
    prometheus_family(page, "mapring_consumer_info", PROMETHEUS_GAUGE,
                      "Whether the consumer is durable.");
    each_ring(page, samples, write_durable);
    write_families(page, samples);
    prometheus_family(page, "mapring_consumer_latency_seconds", PROMETHEUS_HISTOGRAM,
                      "Time from the commit of a record until the consumer had it; the sum is "
                      "estimated.");
    each_ring(page, samples, write_latencies);
    metrics_write_bridges(page, samples);
}
