/* SPDX-License-Identifier: MIT */
/* Which records of a batch are assembled before they are copied into the ring, and how much at once:
 * see docs/decisions.md. */
#ifndef MAPRING_STAGE_H
#define MAPRING_STAGE_H

enum { STAGE_BYTES = 32768, STAGED_RECORD_LEAST = 256, STAGED_RECORD_MOST = 8192 };

#endif
