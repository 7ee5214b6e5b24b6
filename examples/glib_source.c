/* SPDX-License-Identifier: MIT */
#include "glib_source.h"

#include <glib-unix.h>

enum { RECORDS_AT_ONCE = 64 /* then other sources have their turn */ };

struct ring_source {
    GSource source;
    mapring_consumer *consumer;
    gpointer watch; /* of the wait handle */
};

/* Arms before the loop sleeps. Whatever is there, or is to be reported, is read at once. */
static gboolean prepare(GSource *source, gint *timeout)
{
    *timeout = -1;
    return mapring_consumer_arm(((struct ring_source *)source)->consumer) != MAPRING_NOTHING;
}

static gboolean check(GSource *source)
{
    return (g_source_query_unix_fd(source, ((struct ring_source *)source)->watch) & G_IO_IN) != 0;
}

static gboolean dispatch(GSource *source, GSourceFunc callback, gpointer data)
{
    mapring_consumer *consumer = ((struct ring_source *)source)->consumer;
    MapringSourceFunc tell = (MapringSourceFunc)(void (*)(void))callback;
    gboolean goes_on = tell ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
    for (unsigned i = 0; goes_on && i < RECORDS_AT_ONCE; i++) {
        struct mapring_record record;
        int result = mapring_consumer_next(consumer, &record, 0);
        if (result == MAPRING_NOTHING)
            break;
        goes_on = tell(result, &record, data);
        if (result == MAPRING_OK)
            mapring_consumer_release(consumer);
    }
    return goes_on;
}

GSource *mapring_source_new(mapring_consumer *consumer)
{
    static GSourceFuncs functions = {.prepare = prepare, .check = check, .dispatch = dispatch};
    mapring_handle handle;
    if (mapring_consumer_wait_handle(consumer, &handle) != MAPRING_OK)
        return NULL;
    GSource *source = g_source_new(&functions, sizeof(struct ring_source));
    struct ring_source *made = (struct ring_source *)source;
    made->consumer = consumer;
    made->watch = g_source_add_unix_fd(source, (gint)handle, G_IO_IN);
    return source;
}
