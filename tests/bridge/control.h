/* SPDX-License-Identifier: MIT */
/* The few words that the harness and a process of the load share, in a mapped file that the harness
 * has made: load.py knows their order. */
#ifndef BRIDGE_CONTROL_H
#define BRIDGE_CONTROL_H

#include <stdatomic.h>
#include <stdint.h>

struct control {
    _Atomic uint64_t granted; /* set by the harness: records may be sent up to this number */
    _Atomic uint64_t finish;  /* set by the harness: end, once there is nothing more to do */
    _Atomic uint64_t at;      /* set by the load: the number of the next record */
    _Atomic uint64_t run;     /* set by the load: the last one whose end was sent, or seen */
    _Atomic uint64_t dropped; /* set by the sender: the last record so far was dropped */
};

struct control *control_map(const char *path); /* ends the process on failure */

#endif
