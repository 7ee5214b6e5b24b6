/* SPDX-License-Identifier: MIT */
/* The stream: whether it is there, and still the same one. Making it is declared in engine.h. */
#ifndef BRIDGE_NATS_STREAM_H
#define BRIDGE_NATS_STREAM_H

#include "session.h"

/* Looks for it on a new connection. ENGINE_MISSING: it is not there, and never was. */
enum engine_result stream_find(struct engine *engine);

#endif
