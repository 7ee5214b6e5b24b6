/* SPDX-License-Identifier: MIT */
/* Where small records are assembled that are streamed into the ring, and how large these are: see
 * docs/decisions.md. */
#ifndef MAPRING_STAGE_H
#define MAPRING_STAGE_H

enum { STAGE_BYTES = 4096, STAGED_RECORD_MOST = 256 };

#endif
