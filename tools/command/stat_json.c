/* SPDX-License-Identifier: MIT */
/* Writes everything that is known about a ring as JSON. */
#include "stat_json.h"

#include "bridge_row.h"
#include "consumer_row.h"
#include "log_level.h"
#include "shared/json.h"

enum { RATE_DECIMALS = 3 };

static void producer_json(const struct mapring_stat *stat)
{
    json_object_begin("producer", JSON_ON_ONE_LINE);
    json_text("state", stat_producer_state(stat));
    json_number("process", stat->producer_process);
    json_bool("alive", stat->producer_state == MAPRING_PRODUCER_IS_OPEN);
    json_end();
}

static void wait_json(const struct mapring_stat *stat)
{
    json_object_begin("blocked", JSON_ON_ONE_LINE);
    json_bool("now", stat->producer_waits);
    if (stat->blocking_cell >= 0)
        json_number("cell", (uint64_t)stat->blocking_cell);
    else
        json_null("cell");
    if (stat->producer_waits)
        json_number("since_ns", stat->blocked_since_ns);
    else
        json_null("since_ns");
    json_number("count", stat->blocked_count);
    json_number("total_ns", stat->blocked_ns);
    json_end();
}

void stat_json_rate(const char *key, const struct stat_rate *rate)
{
    if (rate->interval_ns == 0) {
        json_null(key);
        return;
    }
    json_object_begin(key, JSON_ON_ONE_LINE);
    json_number("interval_ns", rate->interval_ns);
    json_fixed("records_per_second", stat_per_second(rate, rate->records), RATE_DECIMALS);
    json_fixed("payload_bytes_per_second", stat_per_second(rate, rate->payload_bytes),
               RATE_DECIMALS);
    json_end();
}

void stat_json_members(const struct mapring_stat *stat, const struct stat_rate *rate)
{
    json_number("capacity_bytes", stat->capacity_bytes);
    json_number("slot_bytes", stat->slot_bytes);
    json_number("layout_version", stat->layout_version);
    json_text("when_full", stat_when_full(stat));
    json_number("record_limit", stat->record_limit);
    json_number("created_ns", stat->created_ns);
    json_text("content", stat->content);
    json_bool("times", stat->times);
    json_number("dictionary_bytes", stat->dictionary_bytes);
    json_number("dictionary_used_bytes", stat->dictionary_used_bytes);
    json_number("tail", stat->tail);
    json_number("horizon", stat->horizon);
    json_number("records", stat->records);
    json_number("payload_bytes", stat->payload_bytes);
    json_number("dropped_records", stat->dropped_records);
    json_number("dropped_payload_bytes", stat->dropped_payload_bytes);
    json_number("unread_records", stat->unread_records);
    json_number("max_lag_attached_bytes", stat->max_lag_attached_bytes);
    json_number("evicted_count", stat->evicted_count);
    json_number("sequence", stat->sequence);
    json_bool("balanced", stat->balanced);
    stat_json_rate("rate", rate);
    producer_json(stat);
    wait_json(stat);
}

static void repetition_json(const struct mapring_repetition *repetition)
{
    if (repetition->origin[0] == '\0') {
        json_null("repeats");
        return;
    }
    json_object_begin("repeats", JSON_ON_ONE_LINE);
    json_text("origin", repetition->origin);
    json_number("first_sequence", repetition->first_sequence);
    json_number("run", repetition->run);
    json_end();
}

void stat_json(const struct stat_shown *shown)
{
    json_object_begin(NULL, JSON_IN_LINES);
    json_text("name", shown->name);
    stat_json_members(shown->stat, shown->rate);
    if (shown->level != 0)
        json_text("level", log_level_text(shown->level));
    else
        json_null("level");
    repetition_json(shown->repetition);
    consumers_json(shown->stat);
    bridges_json(shown->bridges, shown->bridge_count, JSON_IN_LINES);
    json_end();
}
