/* SPDX-License-Identifier: MIT */
/* Whether a bridge has its server: what both directions tell of that, and when they try again. */
#ifndef BRIDGE_CONTACT_H
#define BRIDGE_CONTACT_H

#include <stdbool.h>
#include <stdint.h>

#include "backoff.h"
#include "engine.h"
#include "status.h"
#include "trouble.h"

struct contact {
    struct status_writer status;
    const char *ring; /* begins the messages */
    struct backoff backoff;
    int64_t away_since_ns; /* 0: connected */
    bool was_connected;
};

/* Tells that the bridge runs, and for how long it did not. */
void contact_made(struct contact *contact, const struct engine *engine);

/* If the bridge may go on after this trouble, tells so and waits; `state`: what it is meanwhile.
 * False: it cannot, or a signal came, which the trouble says then. */
bool contact_try_again(struct contact *contact, enum status_state state, struct trouble *trouble);

/* Tells why the bridge ends, unless it was to. */
void contact_end(struct contact *contact, const struct trouble *trouble);

#endif
