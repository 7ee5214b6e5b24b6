/* SPDX-License-Identifier: MIT */
/* Turns the options of a connection into those of the library: servers, TLS, and who logs in. */
#ifndef BRIDGE_NATS_LOGIN_H
#define BRIDGE_NATS_LOGIN_H

#include "session.h"

/* ENGINE_OK, or what was wrong. natsOptions_Destroy() *options, also after a failure. */
enum engine_result login_options(struct engine *engine, natsOptions **options);

#endif
