/* SPDX-License-Identifier: MIT */
/*
 * Connects, in a thread of its own: the library's TLS handshake has no time limit, and its threads
 * must not get the signals that are for the main thread.
 */
#ifndef BRIDGE_NATS_DIAL_H
#define BRIDGE_NATS_DIAL_H

#include <stddef.h>

#include "library.h"

/* NATS_TIMEOUT: not done within that time, or a signal came. Otherwise the library's result, with
 * what it says in `text`. Takes the options. */
natsStatus dial(natsOptions *options, int64_t timeout_ns, natsConnection **connection, char *text,
                size_t bytes);

#endif
