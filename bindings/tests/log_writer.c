/* SPDX-License-Identifier: MIT */
/*
 * Writes to a log what the tests of the bindings read:
 *
 *     log_writer NAME values   a line of each type and level
 *     log_writer NAME hold     two lines; says so, and waits to be killed
 *     log_writer NAME many     more lines than its ring of 64 KiB keeps
 */
#include <mapring/log.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void write_values(mapring_log *log)
{
    const char *nobody = NULL;
    MAPRING_TRACE(log, "trace");
    MAPRING_INFO(log, "order=%d of %s at %.2f, total=%llu", -5, "alice", 2.5,
                 18446744073709551615ULL);
    MAPRING_WARN(log, "%s %p %lld", nobody, (void *)(uintptr_t)4096, -9007199254740993LL);
    MAPRING_ERROR(log, "not UTF-8: \xff");
    MAPRING_FATAL(log, "%s", "a string that is longer than what is kept");
}

static void hold(mapring_log *log)
{
    MAPRING_INFO(log, "first");
    MAPRING_WARN(log, "last");
    puts("written");
    fflush(stdout);
    getchar();
}

static void write_many(mapring_log *log)
{
    for (int i = 0; i < 10000; i++)
        MAPRING_INFO(log, "line=%d", i);
}

int main(int argc, char **argv)
{
    mapring_log *log;
    struct mapring_log_options options = {.level = MAPRING_LEVEL_DEBUG, .text_limit = 20};
    if (argc != 3)
        return EXIT_FAILURE;
    options.ring.capacity_bytes = 65536;
    if (mapring_log_open(&log, argv[1], &options) != MAPRING_OK) {
        fprintf(stderr, "%s\n", mapring_last_error()->text);
        return EXIT_FAILURE;
    }
    mapring_log_name_thread(log, "writer");
    if (strcmp(argv[2], "values") == 0)
        write_values(log);
    else if (strcmp(argv[2], "hold") == 0)
        hold(log);
    else if (strcmp(argv[2], "many") == 0)
        write_many(log);
    mapring_log_close(log);
    return EXIT_SUCCESS;
}
