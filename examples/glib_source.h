/* SPDX-License-Identifier: MIT */
/* A source of records for GLib's main loop. */
#ifndef MAPRING_GLIB_SOURCE_H
#define MAPRING_GLIB_SOURCE_H

#include <glib.h>
#include <mapring/mapring.h>

/* Gets a record if `result` is MAPRING_OK, and otherwise why there is none: MAPRING_LOST, the end of a
 * run, MAPRING_REMOVED, or a failure. Returns G_SOURCE_CONTINUE or G_SOURCE_REMOVE. Records are
 * released afterwards. */
typedef gboolean (*MapringSourceFunc)(int result, const struct mapring_record *record,
                                      gpointer data);

/* Makes a source that reads the consumer, which must live longer. Set its callback with
 * g_source_set_callback() and G_SOURCE_FUNC(). NULL if there is no wait handle. */
GSource *mapring_source_new(mapring_consumer *consumer);

#endif
