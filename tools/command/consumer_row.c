/* SPDX-License-Identifier: MIT */
/* Prints a consumer for mapring stat and mapring consumers. */
#include "consumer_row.h"

#include <inttypes.h>
#include <stdio.h>

#include "shared/json.h"

const char *consumer_state(const struct mapring_consumer_stat *consumer)
{
    static const char *const states[] = {"attached", "away", "lapsed"};
    return consumer->durable || consumer->alive ? states[consumer->state] : "dead";
}

static void number(const char *key, uint64_t value)
{
    printf(", \"%s\": %" PRIu64, key, value);
}

static void truth(const char *key, bool value)
{
    printf(", \"%s\": %s", key, value ? "true" : "false");
}

void consumer_json(const struct mapring_consumer_stat *consumer, int indent, bool last)
{
    printf("%*s{\"cell\": %u, \"name\": ", indent, "", consumer->cell);
    json_print_text(consumer->name);
    printf(", \"state\": \"%s\"", consumer_state(consumer));
    truth("durable", consumer->durable);
    truth("alive", consumer->alive);
    number("process", consumer->process);
    number("head", consumer->head);
    number("sequence", consumer->sequence);
    number("first_sequence", consumer->first_sequence);
    number("read_records", consumer->read_records);
    number("read_payload_bytes", consumer->read_payload_bytes);
    number("lost_records", consumer->lost_records);
    number("pending_records", consumer->pending_records);
    number("pending_bytes", consumer->pending_bytes);
    number("max_lag_bytes", consumer->max_lag_bytes);
    truth("balanced", consumer->balanced);
    printf("}%s\n", last ? "" : ",");
}
