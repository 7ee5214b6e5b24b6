/* SPDX-License-Identifier: MIT */
/* What was published and is not answered yet: answers come to a subject of this connection. */
#ifndef BRIDGE_NATS_FLIGHT_H
#define BRIDGE_NATS_FLIGHT_H

#include "session.h"

natsStatus flight_listen(struct engine *engine);

/* Takes all answers that are there. */
void flight_collect(struct engine *engine);

/* Waits for an answer. False: the time is over, or something failed. */
bool flight_await(struct engine *engine, int64_t end_ns);

#endif
