/* SPDX-License-Identifier: MIT */
/* Lines of text, formatted into a ring by the caller. */
#include "rings.h"

#define SAY(writer, ...) mapring_producer_printf(writer, MAPRING_FOREVER, __VA_ARGS__)

static void write_values(void *writer, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        SAY(writer, "order %d of %d at %.2f", (int)i, (int)(2 * i), 0.5 * i);
}

static void write_text(void *writer, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        SAY(writer, "the order is %s", logger_text);
}

static void write_plain(void *writer, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        SAY(writer, "the market is open");
}

const struct logger logger_text_ring = {.name = "mapring-printf",
                                        .title = "mapring_producer_printf()",
                                        .has_rings = true,
                                        .pause_ns = 3000,
                                        .open = rings_open,
                                        .close = rings_close,
                                        .enter = rings_enter,
                                        .write = {write_values, write_text, write_plain}};
