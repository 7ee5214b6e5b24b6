/* SPDX-License-Identifier: MIT */
/* The handle of a ring that is opened without a role in it. */
#ifndef MAPRING_HANDLE_H
#define MAPRING_HANDLE_H

#include "ring/ring.h"

struct mapring_ring {
    struct mapring_hot hot;
    struct ring ring;
};

#endif
