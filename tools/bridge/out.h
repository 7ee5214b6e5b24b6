/* SPDX-License-Identifier: MIT */
/* Carries a ring into a stream, until a signal comes, the ring is removed or, if that is wanted, the
 * run has ended and everything is stored. */
#ifndef BRIDGE_OUT_H
#define BRIDGE_OUT_H

#include <stdbool.h>

#include "connection.h"
#include "engine.h"
#include "mapring/mapring.h"

struct out_settings {
    struct connection connection;
    bool create; /* the stream, if there is none */
    struct engine_new_stream new_stream;
    const char *consumer; /* NULL: "bridge STREAM" */
    enum mapring_scope scope;
    bool compress;
    uint64_t batch_bytes;
    int64_t batch_delay_ns;
    bool until_end;
    bool anew; /* into a stream that is empty, though the ring's records were stored before */
};

/* `subject`: NULL: the stream's only one. Returns an exit status, after a message unless it is
 * EXIT_DONE or that of a signal. Several threads may do this at once. */
int out_run(const struct out_settings *settings, const char *ring, const char *stream,
            const char *subject);

#endif
