/* SPDX-License-Identifier: MIT */
/* Whether a bridge has its server. */
#include "contact.h"

#include <stdio.h>

#include "shared/message.h"
#include "shared/os.h"
#include "shared/quantity.h"

void contact_made(struct contact *contact, const struct engine *engine)
{
    struct status *now = &contact->status.now;
    snprintf(now->server, sizeof now->server, "%s", engine_server(engine));
    now->reconnects += contact->was_connected;
    contact->was_connected = true;
    if (contact->away_since_ns != 0)
        complain("ring '%s': connected to %s again, after %s", contact->ring, now->server,
                 quantity_duration((uint64_t)(os_now_ns() - contact->away_since_ns)).text);
    contact->away_since_ns = 0;
    status_set(&contact->status, STATUS_RUNNING);
    status_tell(&contact->status);
}

static void tell_away(struct contact *contact, enum status_state state,
                      const struct trouble *trouble)
{
    if (contact->away_since_ns == 0) {
        complain("ring '%s': %s; trying again", contact->ring, trouble->text);
        contact->away_since_ns = os_now_ns();
    }
    contact->status.now.in_flight = 0;
    status_set(&contact->status,
               state == STATUS_AWAY && !contact->was_connected ? STATUS_CONNECTING : state);
    status_error(&contact->status, trouble->text);
}

bool contact_try_again(struct contact *contact, enum status_state state, struct trouble *trouble)
{
    if (trouble->kind != TROUBLE_AGAIN)
        return false;
    tell_away(contact, state, trouble);
    return backoff_pause(&contact->backoff) || trouble_ended(trouble, os_interrupted());
}

void contact_end(struct contact *contact, const struct trouble *trouble)
{
    if (trouble->kind != TROUBLE_FINAL)
        return;
    complain("%s", trouble->text);
    status_error(&contact->status, trouble->text);
}
