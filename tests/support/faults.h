/* SPDX-License-Identifier: MIT */
/* System calls that fail when a test wants them to. The suite faults has a copy of the library whose
 * calls of the system go to functions fault_NAME(), which tests/linux/ and tests/windows/ have in
 * their fault_calls.h and faults.c: each asks fault() first, and else does what it is called after. */
#ifndef MAPRING_TESTS_FAULTS_H
#define MAPRING_TESTS_FAULTS_H

#include <stdbool.h>
#include <stddef.h>

enum { FAULT_CALL_LIMIT = 4096 }; /* that an operation makes */

struct fault_call {
    const char *name;
    const long *errors; /* each one that it can plausibly fail with, 0: done in part */
    size_t error_count;
};

/* ---- For the test: from here to faults_stop(), of the calling thread ---- */

/* Lets all calls through and counts them. */
void faults_count(void);

/* The call of that number fails once, with that error. */
void faults_fail(unsigned number, long error);

/* The next call of that name fails, in whatever thread it comes first, with the last one of its
 * errors. False: this system has no such call. */
bool faults_fail_next(const char *name);
bool faults_failed_next(void); /* it has come to that */

struct faults {
    unsigned count;
    const struct fault_call *const *calls; /* until the next start */
    bool failed;                           /* it has come to the one that was to fail */
};
struct faults faults_stop(void);

/* Whether it says that a signal came, and nothing else. */
bool fault_is_interruption(long error);

/* ---- For the system's part ---- */

/* Whether this call is to fail; its error is the system's last one then. */
bool fault(const char *name);

/* For FAULT_CALLS(): the errors of each call, and then the call with them. */
#define FAULT_ERRORS(type, name, failure, parameters, arguments, ...) \
    static const long name##_errors[] = {__VA_ARGS__};
#define FAULT_ERRORS_OF(call) call##_errors, sizeof call##_errors / sizeof *call##_errors
/* clang-format off */
#define FAULT_CALL(type, name, ...) {#name, FAULT_ERRORS_OF(name)},
/* clang-format on */

extern const struct fault_call fault_calls[];
extern const size_t fault_call_count;
void fault_set_error(long error);

#endif
