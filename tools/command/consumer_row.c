/* SPDX-License-Identifier: MIT */
/* Describes a consumer for mapring stat and mapring consumers. */
#include "consumer_row.h"

#include "shared/json.h"

const char *consumer_state(const struct mapring_consumer_stat *consumer)
{
    static const char *const states[] = {"attached", "away", "lapsed", "evicted"};
    return consumer->durable || consumer->alive ? states[consumer->state] : "dead";
}

void consumer_json_members(const struct mapring_consumer_stat *consumer)
{
    json_number("cell", consumer->cell);
    json_text("name", consumer->name);
    json_text("state", consumer_state(consumer));
    json_bool("durable", consumer->durable);
    json_bool("alive", consumer->alive);
    json_bool("asleep", consumer->asleep);
    json_number("process", consumer->process);
    json_number("head", consumer->head);
    json_number("sequence", consumer->sequence);
    json_number("first_sequence", consumer->first_sequence);
    json_number("read_records", consumer->read_records);
    json_number("read_payload_bytes", consumer->read_payload_bytes);
    json_number("lost_records", consumer->lost_records);
    json_number("pending_records", consumer->pending_records);
    json_number("pending_bytes", consumer->pending_bytes);
    json_number("max_lag_bytes", consumer->max_lag_bytes);
    json_bool("balanced", consumer->balanced);
    json_number("lag_ns", consumer->lag_ns);
    json_number("latency_samples", consumer->latency_samples);
    json_number("latency_p50_ns", consumer->latency_p50_ns);
    json_number("latency_p99_ns", consumer->latency_p99_ns);
    json_number("latency_p999_ns", consumer->latency_p999_ns);
    json_number("latency_max_ns", consumer->latency_max_ns);
    json_number("blocked_count", consumer->blocked_count);
    json_number("blocked_ns", consumer->blocked_ns);
    json_number("blocked_longest_ns", consumer->blocked_longest_ns);
}

void consumer_json(const struct mapring_consumer_stat *consumer)
{
    json_object_begin(NULL, JSON_ON_ONE_LINE);
    consumer_json_members(consumer);
    json_end();
}

void consumers_json(const struct mapring_stat *stat)
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
