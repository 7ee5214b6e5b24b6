/* SPDX-License-Identifier: MIT */
/* A way to log, to be measured. */
#ifndef BENCH_LOGGER_H
#define BENCH_LOGGER_H

#ifdef __cplusplus
extern "C" {
#endif

#include "mapring/mapring.h"

enum log_line {
    LINE_VALUES, /* two ints and a double */
    LINE_TEXT,   /* a string of 20 bytes */
    LINE_PLAIN,  /* no values */
    LINE_KINDS
};

/* Unknown to the compiler, as a string usually is. */
extern const char *logger_text;

struct logger_setup {
    const char *ring;   /* of the first thread; logger_ring() says those of others */
    const char *folder; /* for files */
    enum mapring_when_full when_full;
    unsigned threads;
    unsigned spare_cpu; /* for a thread of the logger's own */
};

struct logger {
    const char *name, *title;
    bool has_rings;    /* one for each thread, which others can read */
    bool has_thread;   /* of its own */
    unsigned pause_ns; /* between two bursts */

    /* Open and close it for one slice. On failure, prints why and returns NULL. */
    void *(*open)(const struct logger_setup *setup);
    void (*close)(void *log);

    /* What a thread passes to `write`; NULL if it cannot write. */
    void *(*enter)(void *log, unsigned thread);

    void (*write[LINE_KINDS])(void *writer, unsigned count);
};

enum { LOGGER_THREADS = 2, LOGGER_RING_BYTES = 64, LOGGER_PATH_BYTES = 512 };

/* The name of a thread's ring, as that of a log. */
void logger_ring(const char *ring, unsigned thread, char name[LOGGER_RING_BYTES]);

/* Opens the file of a logger that writes one. */
void logger_path(const struct logger_setup *setup, const char *name, char path[LOGGER_PATH_BYTES]);

extern const struct logger logger_prototype, logger_mapring, logger_text_ring, logger_file,
    logger_spdlog, logger_spdlog_async;

#ifdef __cplusplus
}
#endif

#endif
