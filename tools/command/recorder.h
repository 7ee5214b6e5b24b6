/* SPDX-License-Identifier: MIT */
/* Writes records of several rings as frames of a recording: see recording.h. */
#ifndef TOOLS_RECORDER_H
#define TOOLS_RECORDER_H

#include "mapring/mapring.h"
#include "output_buffer.h"

/* The recorder asks the rings of this scope what they are. Returns NULL if memory is exhausted. */
struct recorder *recorder_new(enum mapring_scope scope);

/* Removes what a command left incomplete that was killed while it wrote to the file. Returns an
 * exit status; unless it is EXIT_DONE, the file is not a recording, or is damaged, and a message
 * has been printed. */
int recorder_repair(struct archive *archive);

/* Writes to the output from now on. */
void recorder_attach(struct recorder *recorder, struct output *output);

/* These are about the ring output->ring. */
void recorder_put_record(struct output *output, const struct mapring_record *record);
void recorder_put_lost(struct output *output, const struct mapring_record *lost);
void recorder_put_end(struct output *output, int result);

#endif
