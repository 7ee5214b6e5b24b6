/* SPDX-License-Identifier: MIT */
/* Counts the system resources that this process holds, to compare before and after.
 * tests/support/linux/ and tests/support/windows/ implement it. */
#ifndef MAPRING_TESTS_HOLDINGS_H
#define MAPRING_TESTS_HOLDINGS_H

struct holdings {
    long handles; /* on Linux, file descriptors */
    long views;   /* mappings; under a sanitizer, which has its own, only those of rings */
    long threads;
};

struct holdings holdings_now(void);

/* Checks that no more is held than before. A thread that was joined may still be visible for a
 * moment. */
void check_holdings(struct holdings before);

/* Counts the files in shared memory, or the kernel objects on Windows, whose names contain
 * `part`. */
long holdings_names(const char *part);

#endif
