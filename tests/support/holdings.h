/* SPDX-License-Identifier: MIT */
/* What this process has of the system, to be counted before and after. tests/linux/ and
 * tests/windows/ provide it. */
#ifndef MAPRING_TESTS_HOLDINGS_H
#define MAPRING_TESTS_HOLDINGS_H

struct holdings {
    long handles; /* descriptors, on Linux */
    long views;   /* of memory; under a sanitizer, which has its own, those of rings only */
    long threads;
};

struct holdings holdings_now(void);

/* The files in shared memory, on Windows the kernel objects, with that in their names. */
long holdings_names(const char *part);

#endif
