/* SPDX-License-Identifier: MIT */
/* What mapring top --json writes. */
#include "frame_json.h"

#include "command/bridge_row.h"
#include "command/consumer_row.h"
#include "command/log_level.h"
#include "command/stat_json.h"
#include "mapring/mapring.h"
#include "shared/json.h"

static void text_or_null(const char *key, const char *text)
{
    if (text[0] != '\0')
        json_text(key, text);
    else
        json_null(key);
}

static void reader_json(const struct sampled_reader *reader)
{
    struct stat_rate rate = meter_rate(&reader->read);
    json_object_begin(NULL, JSON_ON_ONE_LINE);
    consumer_json_members(&reader->stat);
    text_or_null("activity", reader->activity != ACTIVITY_NONE ? sample_reader_state(reader) : "");
    text_or_null("command", reader->command);
    stat_json_rate("read_rate", &rate);
    json_end();
}

static void readers_json(const struct sampled_ring *ring)
{
    if (ring->stat.consumers_hidden) {
        json_null("consumers");
        return;
    }
    json_array_begin("consumers", JSON_ON_ONE_LINE);
    for (unsigned i = 0; i < ring->stat.consumers; i++)
        reader_json(&ring->reader[i]);
    json_end();
}

static void full_json(const struct sampled_ring *ring)
{
    if (!stat_knows_full(&ring->stat))
        json_null("full_bytes");
    else
        json_number("full_bytes", stat_space_taken(&ring->stat));
}

static void ring_json(const struct sampled_ring *ring)
{
    json_object_begin(NULL, JSON_ON_ONE_LINE);
    json_text("name", ring->name);
    text_or_null("error", ring->result != MAPRING_OK ? ring->reason : "");
    if (ring->result == MAPRING_OK) {
        stat_json_members(&ring->stat, &ring->in);
        stat_json_rate("read_rate", &ring->out);
        stat_json_rate("dropped_rate", &ring->dropped);
        full_json(ring);
        text_or_null("level", ring->level > 0 ? log_level_text(ring->level) : "");
        readers_json(ring);
        bridges_json(ring->bridge, ring->bridges, JSON_ON_ONE_LINE);
    }
    json_end();
}

void frame_json(const struct sample *sample, const struct rows *rows)
{
    json_object_begin(NULL, JSON_ON_ONE_LINE);
    json_number("time_ns", sample->time_ns);
    json_array_begin("rings", JSON_ON_ONE_LINE);
    for (size_t i = 0; i < rows->count; i++)
        ring_json(rows->ring[i]);
    json_end();
    json_end();
}
