/* SPDX-License-Identifier: MIT */
/* Writes records as a trace in the Common Trace Format 1.8: a folder with the file "metadata", and a file
 * "stream-N" for each ring. */
#ifndef TOOLS_CTF_H
#define TOOLS_CTF_H

#include <stdbool.h>
#include <stddef.h>

#include "ctf_stream.h"
#include "mapring/mapring.h"

struct ctf {
    const char *folder;
    bool made_folder;
    bool failed;
    struct ctf_stream *streams; /* in the order in which the rings come */
    size_t count;
};

/* Makes the folder, which must be empty if it is there, and the metadata. Returns the exit status; on
 * failure nothing is left, and a message has been printed. */
int ctf_begin(struct ctf *ctf, const char *folder);

/* False: a message has been printed. The ring's name must stay until the end. */
bool ctf_put_record(struct ctf *ctf, const char *ring, const struct mapring_record *record);
bool ctf_put_lost(struct ctf *ctf, const char *ring, const struct mapring_record *lost);

/* Completes the trace, or removes it if it is incomplete: it could not be written, a signal came, or
 * `status` is a failure and there is no event. Returns the exit status. */
int ctf_end(struct ctf *ctf, int status);

#endif
