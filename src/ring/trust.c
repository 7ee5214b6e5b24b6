/* SPDX-License-Identifier: MIT */
/* Rings of other users: whoever has made the file can do with it as he likes. */
#include "ring/trust.h"

#include "error.h"
#include "platform.h"

int trust_check_blank(const struct ring *ring)
{
    char owner[OWNER_BYTES];
    if (platform_owner(ring->object, owner) == OWNER_SELF)
        return MAPRING_OK;
    return fail(
        MAPRING_ERROR_PERMISSION, ring->name.text,
        "the name of ring '%s' is taken by an empty or half-made file of another user (%s); "
        "choose another name",
        ring->name.text, owner);
}

int trust_check_owner(const struct ring *ring, const struct mapring_options *options)
{
    char owner[OWNER_BYTES];
    if ((options && options->trust_owner) || platform_owner(ring->object, owner) != OWNER_OTHER)
        return MAPRING_OK;
    return fail(MAPRING_ERROR_PERMISSION, ring->name.text,
                "ring '%s' belongs to another user (%s), who could read, change and lose what is "
                "sent, and end this process; trust_owner (--trust-owner) sends to it all the same",
                ring->name.text, owner);
}
