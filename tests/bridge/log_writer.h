/* SPDX-License-Identifier: MIT */
/* Writes lines of all kinds into a log, by several threads. */
#ifndef BRIDGE_LOG_WRITER_H
#define BRIDGE_LOG_WRITER_H

#include "control.h"
#include "mapring/log.h"

/* Each thread writes as many lines as are granted. `control->at` counts those of all threads.
 * Returns the exit status of the process, after a message if it is not 0. */
int log_writer_run(const char *log, struct control *control, unsigned threads,
                   const struct mapring_log_options *options);

#endif
