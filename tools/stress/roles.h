/* SPDX-License-Identifier: MIT */
/* Which player has which role. */
#ifndef STRESS_ROLES_H
#define STRESS_ROLES_H

#include "plan.h"

enum role { ROLE_PRODUCER, ROLE_DURABLE, ROLE_EPHEMERAL, ROLE_OBSERVER };

unsigned roles_count(const struct plan *plan);
enum role role_of(const struct plan *plan, unsigned number);
const char *role_name(enum role role);

#endif
