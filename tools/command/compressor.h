/* SPDX-License-Identifier: MIT */
/* Compresses the older files of one that is rotated, one after another, in a thread, so that the
 * ring need not wait. Only the main thread names files: a rotation may come at any time. */
#ifndef TOOLS_COMPRESSOR_H
#define TOOLS_COMPRESSOR_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "shared/thread.h"

struct compressor {
    const char *file; /* the one that is rotated */

    /* The rest is private to compressor.c. */
    struct thread thread;
    bool is_running, has_failed;
    uint64_t number; /* which older file it is about */
    int from, to;
    bool is_done;    /* written by the thread, and read after its end */
    char error[256]; /* the same */
    atomic_bool has_ended, stops;
};

/* Finishes what the thread has done, and gives it the next file. True: it has something to do. */
bool compressor_tend(struct compressor *compressor);

/* Call before a rotation, and after it. */
void compressor_make_way(struct compressor *compressor, uint64_t keep);
void compressor_shifted(struct compressor *compressor);

/* Leaves the file that it is about as it is. */
void compressor_stop(struct compressor *compressor);

#endif
