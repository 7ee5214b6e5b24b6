/* SPDX-License-Identifier: MIT */
/* Describes a consumer for mapring stat and mapring consumers. */
#include "consumer_row.h"

#include "shared/json.h"

const char *consumer_state(const struct mapring_consumer_stat *consumer)
{
    static const char *const states[] = {"attached", "away", "lapsed"};
    return consumer->durable || consumer->alive ? states[consumer->state] : "dead";
}

void consumer_json(const struct mapring_consumer_stat *consumer)
{
    json_object_begin(NULL, JSON_ON_ONE_LINE);
    json_number("cell", consumer->cell);
    json_text("name", consumer->name);
    json_text("state", consumer_state(consumer));
    json_bool("durable", consumer->durable);
    json_bool("alive", consumer->alive);
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
    json_end();
}
