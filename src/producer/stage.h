/* SPDX-License-Identifier: MIT */
/* How much of a batch is assembled before it is copied into the ring, and up to which size its
 * records are: see docs/decisions.md. */
#ifndef MAPRING_STAGE_H
#define MAPRING_STAGE_H

enum { STAGE_BYTES = 32768, STAGED_RECORD_MOST = 8192 };

#endif
