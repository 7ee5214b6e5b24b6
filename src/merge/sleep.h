/* SPDX-License-Identifier: MIT */
/* Waiting for any of several rings. */
#ifndef MAPRING_MERGE_SLEEP_H
#define MAPRING_MERGE_SLEEP_H

#include "merge/state.h"

/* Sleeps until something may be there, or it is `due_ns`. `naps` counts the sleeps of one call.
 * MAPRING_TIMED_OUT if the deadline has passed, otherwise MAPRING_OK. */
int merge_sleep(mapring_merge *merge, int64_t due_ns, int64_t deadline, unsigned naps);

/* Makes the ready handle unready, and arms all consumers that show nothing: each will set it. False
 * if something is there. */
bool merge_arm_lanes(mapring_merge *merge);

/* How long to sleep at most before looking again at rings that nobody tells about, given how often
 * that was done in a row. */
int64_t merge_nap(const mapring_merge *merge, unsigned naps);

/* How long it is until the time. Not longer than the grace. */
int64_t merge_until(const mapring_merge *merge, int64_t due_ns);

#endif
