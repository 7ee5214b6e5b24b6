/* SPDX-License-Identifier: MIT */
/* Prints a ring's records and what comes on standard input, from GLib's main loop, until a run of the
 * ring has ended:
 *
 *     glib RING
 */
#include "glib_source.h"

#include <glib-unix.h>
#include <stdio.h>
#include <unistd.h>

static gboolean ring_says(int result, const struct mapring_record *record, gpointer loop)
{
    if (result == MAPRING_OK)
        printf("ring: %.*s\n", (int)record->bytes, (const char *)record->payload);
    else if (result == MAPRING_LOST)
        printf("ring: %llu records were lost\n", (unsigned long long)record->lost_records);
    else {
        printf("ring: %s\n", mapring_result_text(result));
        g_main_loop_quit(loop);
        return G_SOURCE_REMOVE;
    }
    fflush(stdout);
    return G_SOURCE_CONTINUE;
}

static gboolean input_says(gint descriptor, GIOCondition condition, gpointer data)
{
    char bytes[256];
    ssize_t got = read(descriptor, bytes, sizeof bytes);
    (void)condition;
    (void)data;
    if (got <= 0)
        return G_SOURCE_REMOVE;
    printf("input: %zd bytes\n", got);
    fflush(stdout);
    return G_SOURCE_CONTINUE;
}

int main(int argc, char **argv)
{
    mapring_consumer *consumer = NULL;
    GSource *source = NULL;
    if (argc == 2 && mapring_consumer_open(&consumer, argv[1], NULL) == MAPRING_OK)
        source = mapring_source_new(consumer);
    if (!source) {
        fprintf(stderr, "%s\n", argc == 2 ? mapring_last_error()->text : "usage: glib RING");
        mapring_consumer_close(consumer);
        return 1;
    }
    GMainLoop *loop = g_main_loop_new(NULL, FALSE);
    g_source_set_callback(source, G_SOURCE_FUNC(ring_says), loop, NULL);
    g_source_attach(source, NULL);
    g_unix_fd_add(STDIN_FILENO, G_IO_IN | G_IO_HUP, input_says, NULL);
    g_main_loop_run(loop);
    g_source_destroy(source);
    g_source_unref(source);
    g_main_loop_unref(loop);
    mapring_consumer_close(consumer);
    return 0;
}
