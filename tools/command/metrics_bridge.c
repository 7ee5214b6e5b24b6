/* SPDX-License-Identifier: MIT */
/* The metrics of bridges, from what they tell about themselves. */
#include "metrics_bridge.h"

#include <inttypes.h>
#include <stdio.h>

#include "shared/os.h"

/* ---- Values that are no field of the status ---- */

static uint64_t is_up(const struct status *status)
{
    return status_is_alive(status);
}

static uint64_t is_connected(const struct status *status)
{
    return status->state == STATUS_RUNNING || status->state == STATUS_FULL;
}

static uint64_t is_blocked(const struct status *status)
{
    return status->state == STATUS_FULL;
}

static uint64_t silent_ns(const struct status *status)
{
    uint64_t now = os_time_ns();
    return now > status->updated_ns ? now - status->updated_ns : 0;
}

/* ---- The families ---- */

enum unit { NUMBER, SECONDS };

/* The value is a field of the structure, a uint64_t, or what the function returns. */
struct family {
    const char *name, *help;
    enum prometheus_type type;
    enum unit unit;
    uint64_t (*value)(const struct status *status);
    size_t field;
};

#define FIELD(name) NULL, offsetof(struct status, name)

static const struct family families[] = {
    {"mapring_bridge_up", "1 while the process of the bridge runs.", PROMETHEUS_GAUGE, NUMBER,
     is_up, 0},
    {"mapring_bridge_connected",
     "1 while the bridge works; 0 if it has failed or died, or cannot reach the server.",
     PROMETHEUS_GAUGE, NUMBER, is_connected, 0},
    {"mapring_bridge_blocked", "1 while the stream (out) or the ring (in) has no room.",
     PROMETHEUS_GAUGE, NUMBER, is_blocked, 0},
    {"mapring_bridge_silent_seconds",
     "Time since the bridge last told about itself, which it does once a second.", PROMETHEUS_GAUGE,
     SECONDS, silent_ns, 0},
    {"mapring_bridge_records_total", "Records acknowledged by the server (out) or written (in).",
     PROMETHEUS_COUNTER, NUMBER, FIELD(records)},
    {"mapring_bridge_bytes_total", "Payload of these records.", PROMETHEUS_COUNTER, NUMBER,
     FIELD(bytes)},
    {"mapring_bridge_messages_total", "Messages that carried them.", PROMETHEUS_COUNTER, NUMBER,
     FIELD(messages)},
    {"mapring_bridge_lost_records_total",
     "Records that went on as lost, since they were gone before the bridge had them.",
     PROMETHEUS_COUNTER, NUMBER, FIELD(lost)},
    {"mapring_bridge_in_flight_messages", "Messages published and not yet acknowledged.",
     PROMETHEUS_GAUGE, NUMBER, FIELD(in_flight)},
    {"mapring_bridge_next_sequence",
     "Sequence number up to which all records are acknowledged or written.", PROMETHEUS_GAUGE,
     NUMBER, FIELD(next_sequence)},
    {"mapring_bridge_lag_messages", "Messages that the stream has and the ring has not.",
     PROMETHEUS_GAUGE, NUMBER, FIELD(lag_messages)},
    {"mapring_bridge_lag_records",
     "Records not yet acknowledged or written; in: estimated from the messages.", PROMETHEUS_GAUGE,
     NUMBER, FIELD(lag_records)},
    {"mapring_bridge_lag_bytes", "What they take in the ring (out) or in the stream (in).",
     PROMETHEUS_GAUGE, NUMBER, FIELD(lag_bytes)},
    {"mapring_bridge_lag_seconds", "How late the bridge is, in a ring with times.",
     PROMETHEUS_GAUGE, SECONDS, FIELD(lag_ns)},
    {"mapring_bridge_reconnects_total", "Connections after the first one.", PROMETHEUS_COUNTER,
     NUMBER, FIELD(reconnects)},
    {"mapring_bridge_errors_total", "Errors, whether or not the bridge could go on.",
     PROMETHEUS_COUNTER, NUMBER, FIELD(errors)},
};

static void begin_sample(struct prometheus *page, const struct ring_sample *ring,
                         const struct status *status)
{
    prometheus_sample(page, "");
    prometheus_label(page, "ring", ring->name);
    prometheus_label(page, "direction", status_direction(status));
    prometheus_label(page, "stream", status->stream);
}

static void write_family(struct prometheus *page, const struct family *family,
                         const struct ring_sample *ring)
{
    for (unsigned i = 0; i < ring->bridges; i++) {
        const struct status *status = &ring->bridge[i];
        uint64_t value = family->value ? family->value(status)
                                       : *(const uint64_t *)((const char *)status + family->field);
        begin_sample(page, ring, status);
        if (family->unit == SECONDS)
            prometheus_seconds(page, value);
        else
            prometheus_number(page, value);
    }
}

static void write_info(struct prometheus *page, const struct ring_sample *ring)
{
    for (unsigned i = 0; i < ring->bridges; i++) {
        const struct status *status = &ring->bridge[i];
        begin_sample(page, ring, status);
        prometheus_label(page, "server", status->server);
        prometheus_label(page, "state", status_state(status));
        prometheus_number(page, 1);
    }
}

void metrics_write_bridges(struct prometheus *page, const struct ring_samples *samples)
{
    prometheus_family(page, "mapring_bridge_info", PROMETHEUS_GAUGE,
                      "The server of the bridge, and what the bridge does.");
    for (size_t i = 0; i < samples->count; i++)
        write_info(page, &samples->sample[i]);
    for (size_t f = 0; f < sizeof families / sizeof *families; f++) {
        prometheus_family(page, families[f].name, families[f].type, families[f].help);
        for (size_t i = 0; i < samples->count; i++)
            write_family(page, &families[f], &samples->sample[i]);
    }
}
