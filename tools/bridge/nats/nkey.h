/* SPDX-License-Identifier: MIT */
/* NKeys: names and secrets of users, as text. */
#ifndef BRIDGE_NATS_NKEY_H
#define BRIDGE_NATS_NKEY_H

#include <stdbool.h>

enum { NKEY_SEED_LENGTH = 58, NKEY_PUBLIC_LENGTH = 56 };

/* Stores the public key that belongs to the seed of a user ("SU..."), with a terminator. False: it
 * is no such seed. */
bool nkey_public(const char *seed, char key[NKEY_PUBLIC_LENGTH + 1]);

#endif
