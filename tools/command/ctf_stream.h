/* SPDX-License-Identifier: MIT */
/* One file of a trace in the Common Trace Format: the events of one ring, in packets. */
#ifndef TOOLS_CTF_STREAM_H
#define TOOLS_CTF_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mapring/mapring.h"

struct ctf_stream {
    char *ring; /* its name */
    uint64_t number; /* of the stream in its trace */

    /* The rest is private to ctf_stream.c. */
    int file;
    unsigned char *packet; /* with room for its head, which is written last */
    size_t space, bytes;
    bool lacks_memory;
    uint64_t packets;
    uint64_t first_ns, last_ns; /* of the packet; the last one goes on to count */
};

/* All return false if they failed; ctf_stream_error() then says why. */
bool ctf_stream_open(struct ctf_stream *stream, const char *path, const char *ring,
                     uint64_t number);
bool ctf_stream_record(struct ctf_stream *stream, const struct mapring_record *record);
bool ctf_stream_lost(struct ctf_stream *stream, const struct mapring_record *lost);
bool ctf_stream_close(struct ctf_stream *stream);

const char *ctf_stream_error(const struct ctf_stream *stream);

#endif
