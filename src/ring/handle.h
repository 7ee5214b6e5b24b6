/* SPDX-License-Identifier: MIT */
/* A handle of a ring without a role in it. */
#ifndef MAPRING_HANDLE_H
#define MAPRING_HANDLE_H

#include "ring/ring.h"

struct mapring_ring {
    struct mapring_hot hot;
    struct ring ring;
};

#endif
