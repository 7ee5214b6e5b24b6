/* SPDX-License-Identifier: MIT */
/* The log of log.h. */
#include "mapring/log.h"

#include "logger.h"
#include "shared/message.h"

static void *open_log(const struct logger_setup *setup)
{
    const struct mapring_log_options options = {
        .ring = {.when_full = setup->when_full, .prefault = true}};
    mapring_log *log;
    if (mapring_log_open(&log, setup->ring, &options) != MAPRING_OK)
        ring_failure();
    return log;
}

static void close_log(void *log)
{
    mapring_log_close(log);
}

static void *enter(void *log, unsigned thread)
{
    (void)thread;
    if (mapring_log_name_thread(log, "writer") == MAPRING_OK)
        return log;
    ring_failure();
    return NULL;
}

static void write_values(void *writer, unsigned count)
{
    mapring_log *log = writer;
    for (unsigned i = 0; i < count; i++)
        MAPRING_INFO(log, "order %d of %d at %.2f", (int)i, (int)(2 * i), 0.5 * i);
}

static void write_text(void *writer, unsigned count)
{
    mapring_log *log = writer;
    for (unsigned i = 0; i < count; i++)
        MAPRING_INFO(log, "the order is %s", logger_text);
}

static void write_plain(void *writer, unsigned count)
{
    mapring_log *log = writer;
    for (unsigned i = 0; i < count; i++)
        MAPRING_INFO(log, "the market is open");
}

const struct logger logger_mapring = {.name = "mapring-log",
                                      .title = "mapring log",
                                      .has_rings = true,
                                      .pause_ns = 3000,
                                      .open = open_log,
                                      .close = close_log,
                                      .enter = enter,
                                      .write = {write_values, write_text, write_plain}};
