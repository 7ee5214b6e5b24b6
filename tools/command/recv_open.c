/* SPDX-License-Identifier: MIT */
/* Opens the ring that mapring recv reads, when it is there. */
#include "recv_open.h"

#include "look.h"
#include "shared/message.h"
#include "wait.h"

static bool may_appear(int result)
{
    return result == MAPRING_ERROR_NOT_THERE || result == MAPRING_ERROR_BEING_CREATED;
}

int recv_timed_out(const struct recv_settings *settings, const char *what)
{
    if (os_interrupted() != 0)
        return os_interrupted();
    complain("%s within %.9g s", what, (double)settings->timeout_ns / 1e9);
    return EXIT_TIMED_OUT;
}

/* Whether to observe instead, because the ring overwrites. Without write permission, opening a
 * consumer fails before it can find that out. */
static bool can_only_be_observed(const struct recv_settings *settings, const char *name, int result)
{
    static struct mapring_stat stat;
    if (reader_is_consumer(settings))
        return false;
    return result == MAPRING_ERROR_POLICY ||
           (result == MAPRING_ERROR_PERMISSION &&
            look(name, settings->ring.scope, &stat) == MAPRING_OK &&
            stat.when_full == MAPRING_OVERWRITE);
}

static int try_to_open(const struct recv_settings *settings, struct source *source,
                       const char *name)
{
    if (settings->observe)
        return source_observe(source, name, &settings->ring, settings->after_lap);
    int result = source_consume(source, name, &settings->ring);
    if (!can_only_be_observed(settings, name, result))
        return result;
    result = source_observe(source, name, &settings->ring, settings->after_lap);
    if (result == MAPRING_OK)
        complain(
            "the ring '%s' overwrites when it is full, so it is observed, and records may be lost",
            name);
    return result;
}

/* A quarter of the ring leaves room for the largest record. A consumer that begins at a number that
 * has not been sent yet may have to release more at once. */
static void set_hold_bytes(const struct recv_settings *settings, struct receiver *receiver,
                           const char *name)
{
    static struct mapring_stat stat;
    bool known =
        receiver->source.first == 0 && look(name, settings->ring.scope, &stat) == MAPRING_OK;
    receiver->hold_bytes = known ? stat.capacity_bytes / 4 : 0;
}

static bool wants_times(const struct recv_settings *settings)
{
    return settings->time != TIME_NONE || filter_needs_times(&settings->filter);
}

/* Why it could not be opened, and what can be done. */
static int not_opened(const struct recv_settings *settings, int result)
{
    int status = ring_failure();
    if (may_appear(result))
        complain("start its producer first, or use --wait");
    if (mapring_last_error()->system != 0 && result == MAPRING_ERROR_PERMISSION &&
        !settings->observe)
        complain("if you have read permission only, use --observe");
    return status;
}

int recv_open(struct recv_settings *settings, struct receiver *receiver, const char *name)
{
    static struct mapring_stat stat;
    struct wait wait = wait_begin(settings->timeout_ns);
    for (;;) {
        int result = wants_times(settings) ? look(name, settings->ring.scope, &stat) : MAPRING_OK;
        if (result == MAPRING_OK && wants_times(settings) && !stat.times)
            return output_lacks_times(name);
        if (!may_appear(result))
            result = try_to_open(settings, &receiver->source, name);
        if (result == MAPRING_OK) {
            log_lines_of(&settings->log, name);
            set_hold_bytes(settings, receiver, name);
            return EXIT_DONE;
        }
        /* If the ring appears during the wait, so did its producer, even if it has closed
         * already. */
        settings->ring.wait_producer = false;
        if (!may_appear(result) || !settings->wait)
            return not_opened(settings, result);
        output_idle(&receiver->output);
        if (receiver->output.state != OS_WRITTEN)
            return EXIT_DONE;
        if (!wait_pause(&wait, POLL_MS))
            return recv_timed_out(settings, "no such ring appeared");
    }
}
