/* SPDX-License-Identifier: MIT */
/* Finds out whether mapring recv is to read a log, and with it all rings of that log. */
#include "recv_log.h"

#include "look.h"
#include "receive.h"
#include "recv_open.h"
#include "wait.h"

/* What the numbers or the space of one ring are needed for. */
static bool is_about_one_ring(const struct recv_settings *settings)
{
    return settings->ring.from == MAPRING_AT_SEQUENCE || settings->ring.wake_bytes > 0 ||
           settings->filter.since.sequence > 0 || settings->filter.until.sequence != UINT64_MAX;
}

bool recv_makes_lines(const struct recv_settings *settings)
{
    return settings->framing.kind == FRAMING_LINE;
}

/* What is wrong otherwise is told when the ring is opened. */
static bool is_missing(const struct recv_settings *settings, const char *name)
{
    static struct mapring_stat stat;
    int result = look(name, settings->ring.scope, &stat);
    return result == MAPRING_ERROR_NOT_THERE || result == MAPRING_ERROR_BEING_CREATED;
}

int recv_find_log(struct recv_settings *settings, struct output *output, const char *name,
                  bool *is_log)
{
    struct wait wait = wait_begin(settings->timeout_ns);
    *is_log = false;
    if (!recv_makes_lines(settings) || is_about_one_ring(settings))
        return EXIT_DONE;
    while (settings->wait && is_missing(settings, name)) {
        settings->has_appeared = true;
        output_idle(output);
        if (output->state != OS_WRITTEN)
            return EXIT_DONE;
        if (!wait_pause(&wait, POLL_MS))
            return recv_timed_out(settings, "no such ring appeared");
    }
    *is_log = log_lines_of(&settings->log, name);
    return EXIT_DONE;
}
