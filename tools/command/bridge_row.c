/* SPDX-License-Identifier: MIT */
/* Describes the bridges of a ring for mapring stat. What a bridge tells is not trusted. */
#include "bridge_row.h"

#include <inttypes.h>
#include <stdio.h>

#include "shared/os.h"
#include "shared/plain.h"
#include "shared/quantity.h"

static struct quantity age(uint64_t since_ns)
{
    uint64_t now = os_time_ns();
    return quantity_duration(now > since_ns ? now - since_ns : 0);
}

/* ---- For people ---- */

static void print_detail(const char *label)
{
    printf("    %-9s", label);
}

static void print_amount(uint64_t records, uint64_t bytes)
{
    printf("%" PRIu64 " records, %s", records, quantity_bytes(bytes).text);
}

static void print_behind(const struct status *status)
{
    print_detail("behind");
    if (status->lag_records == 0 && status->lag_messages == 0 && status->in_flight == 0) {
        puts("nothing");
        return;
    }
    printf("%s", status->direction == STATUS_IN ? "about " : "");
    print_amount(status->lag_records, status->lag_bytes);
    if (status->lag_messages > 0)
        printf(" in %" PRIu64 " messages", status->lag_messages);
    if (status->lag_ns > 0)
        printf(", %s", quantity_duration(status->lag_ns).text);
    if (status->in_flight > 0)
        printf("; %" PRIu64 " messages in flight", status->in_flight);
    printf("\n");
}

static void print_errors(const struct status *status)
{
    if (status->errors == 0)
        return;
    print_detail("errors");
    printf("%" PRIu64 ", and %" PRIu64 " new connections\n", status->errors, status->reconnects);
    print_detail("last");
    printf("%s ago: ", age(status->last_error_ns).text);
    plain_print(stdout, status->last_error);
    printf("\n");
}

static void print_bridge(const struct status *status, bool verbose)
{
    printf("\nbridge %s: stream ", status_direction(status));
    json_print_text(status->stream);
    printf(" of ");
    plain_print(stdout, status->server);
    printf("\n    %s for %s, process %" PRIu64 "\n", status_state(status),
           age(status_is_alive(status) ? status->state_since_ns : status->updated_ns).text,
           status->process);
    print_behind(status);
    print_detail("carried");
    print_amount(status->records, status->bytes);
    printf(", %" PRIu64 " messages\n", status->messages);
    if (status->lost > 0) {
        print_detail("lost");
        printf("%" PRIu64 " records before the bridge had them\n", status->lost);
    }
    print_errors(status);
    if (verbose) {
        print_detail("next");
        printf("%" PRIu64 ", told %s ago\n", status->next_sequence, age(status->updated_ns).text);
    }
}

void bridges_print(const struct status *status, unsigned count, bool verbose)
{
    for (unsigned i = 0; i < count; i++)
        print_bridge(&status[i], verbose);
}

/* ---- JSON ---- */

static void error_json(const struct status *status)
{
    if (status->errors == 0) {
        json_null("last_error");
        return;
    }
    json_object_begin("last_error", JSON_ON_ONE_LINE);
    json_number("time_ns", status->last_error_ns);
    json_text("text", status->last_error);
    json_end();
}

static void bridge_json(const struct status *status)
{
    json_object_begin(NULL, JSON_ON_ONE_LINE);
    json_text("direction", status_direction(status));
    json_text("state", status_state(status));
    json_bool("alive", status_is_alive(status));
    json_number("process", status->process);
    json_text("server", status->server);
    json_text("stream", status->stream);
    json_number("started_ns", status->started_ns);
    json_number("state_since_ns", status->state_since_ns);
    json_number("updated_ns", status->updated_ns);
    json_number("records", status->records);
    json_number("payload_bytes", status->bytes);
    json_number("messages", status->messages);
    json_number("lost_records", status->lost);
    json_number("in_flight_messages", status->in_flight);
    json_number("next_sequence", status->next_sequence);
    json_number("lag_records", status->lag_records);
    json_number("lag_bytes", status->lag_bytes);
    json_number("lag_messages", status->lag_messages);
    json_number("lag_ns", status->lag_ns);
    json_number("reconnects", status->reconnects);
    json_number("errors", status->errors);
    error_json(status);
    json_end();
}

void bridges_json(const struct status *status, unsigned count, enum json_layout layout)
{
    json_array_begin("bridges", layout);
    for (unsigned i = 0; i < count; i++)
        bridge_json(&status[i]);
    json_end();
}
