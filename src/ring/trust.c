/* SPDX-License-Identifier: MIT */
/* Protection against rings of other users: the owner of a file can do anything with it. */
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
                "sent, and crash this process; to send to it anyway, set trust_owner "
                "(--trust-owner)",
                ring->name.text, owner);
}
