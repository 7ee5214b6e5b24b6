/* SPDX-License-Identifier: MIT */
/* Receives from several rings what mapring recv and mapring record were asked for. */
#ifndef TOOLS_RECV_SEVERAL_H
#define TOOLS_RECV_SEVERAL_H

#include "output_buffer.h"
#include "recv_settings.h"

/* `reader` is what mapring stat shows, unless this is a durable consumer. Returns an exit
 * status. */
int recv_several(struct recv_settings *settings, const char *reader, struct output *output,
                 int count, char **names);

#endif
