/* SPDX-License-Identifier: MIT */
/* Reaches a server, or says why none can be reached. */
#ifndef BRIDGE_NATS_REACH_H
#define BRIDGE_NATS_REACH_H

#include "session.h"

enum engine_result reach(struct engine *engine);

#endif
