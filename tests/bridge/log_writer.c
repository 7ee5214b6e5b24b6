/* SPDX-License-Identifier: MIT */
#include "log_writer.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

enum { THREADS_MOST = 16 };

struct writer {
    mapring_log *log;
    struct control *control;
    unsigned thread;
};

/* The lines of a thread of a process are numbered. */
static void write_line(const struct writer *writer, uint64_t number)
{
    mapring_log *log = writer->log;
    unsigned thread = writer->thread;
    long process = (long)getpid();
    switch (number % 4) {
    case 0: MAPRING_INFO(log, "line=%" PRIu64 " of=%u in=%ld", number, thread, process); break;
    case 1:
        MAPRING_WARN(log, "line=%" PRIu64 " of=%u in=%ld at %.2f", number, thread, process,
                     (double)number / 4);
        break;
    case 2:
        MAPRING_TRACE(log, "line=%" PRIu64 " of=%u in=%ld for %s", number, thread, process,
                      "a text of which nothing must be missing");
        break;
    default:
        MAPRING_FATAL(log, "line=%" PRIu64 " of=%u in=%ld: %c %p %llx", number, thread, process,
                      'x', (void *)log, ~0ULL);
    }
}

/* Returns false when there is nothing more to write. */
static bool await_grant(const struct control *control, uint64_t number)
{
    const struct timespec pause = {.tv_nsec = 500 * 1000};
    while (number >= atomic_load(&control->granted)) {
        if (atomic_load(&control->finish))
            return false;
        nanosleep(&pause, NULL);
    }
    return true;
}

static void *write_lines(void *context)
{
    const struct writer *writer = context;
    char name[32];
    snprintf(name, sizeof name, "writer %u", writer->thread);
    mapring_log_name_thread(writer->log, name);
    for (uint64_t number = 0; await_grant(writer->control, number); number++) {
        write_line(writer, number);
        atomic_fetch_add(&writer->control->at, 1);
    }
    return NULL;
}

static int end(mapring_log *log)
{
    struct mapring_log_stat stat;
    mapring_log_stat(log, &stat);
    mapring_log_close(log);
    if (stat.unwritten_lines == 0)
        return 0;
    fprintf(stderr, "%" PRIu64 " lines were not written: %s\n", stat.unwritten_lines,
            stat.error.text);
    return 1;
}

int log_writer_run(const char *name, struct control *control, unsigned threads,
                   const struct mapring_log_options *options)
{
    struct writer writer[THREADS_MOST];
    pthread_t thread[THREADS_MOST];
    mapring_log *log;
    if (threads > THREADS_MOST || mapring_log_open(&log, name, options) != MAPRING_OK) {
        fprintf(stderr, "open: %s\n", mapring_last_error()->text);
        return 1;
    }
    for (unsigned i = 0; i < threads; i++) {
        writer[i] = (struct writer){.log = log, .control = control, .thread = i};
        if (pthread_create(&thread[i], NULL, write_lines, &writer[i]) != 0)
            return 1;
    }
    for (unsigned i = 0; i < threads; i++)
        pthread_join(thread[i], NULL);
    return end(log);
}
