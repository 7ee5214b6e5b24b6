/* SPDX-License-Identifier: MIT */
/* System calls that fail when a test wants them to. The suite faults has a copy of the library
 * whose system calls go to functions fault_NAME(), which fault_calls.h and faults.c in
 * tests/support/linux/ and tests/support/windows/ define. Each first asks fault() whether to fail,
 * and otherwise makes the real call. */
#ifndef MAPRING_TESTS_FAULTS_H
#define MAPRING_TESTS_FAULTS_H

#include <stdbool.h>
#include <stddef.h>

enum { FAULT_CALL_LIMIT = 4096 }; /* calls that an operation can make */

struct fault_call {
    const char *name;
    /* each error that it can plausibly fail with; 0: the call is done in part */
    const long *errors;
    size_t error_count;
};

/* ---- For the test: in the calling thread, until faults_stop() ---- */

/* Counts all calls and lets none fail. */
void faults_count(void);

/* Makes the call with that number fail once, with that error. */
void faults_fail(unsigned number, long error);

/* Makes the next call of that name fail, in whichever thread makes it, with the last one of its
 * errors. False if this system has no such call. */
bool faults_fail_next(const char *name);
bool faults_failed_next(void); /* that call has been made */

struct faults {
    unsigned count;
    const struct fault_call *const *calls; /* valid until the next start */
    bool failed;                           /* the call that was to fail has been made */
};
struct faults faults_stop(void);

/* Whether the error says only that a signal interrupted the call. */
bool fault_is_interruption(long error);

/* ---- For the operating system's part ---- */

/* Whether this call is to fail. If so, the system's last error has been set. */
bool fault(const char *name);

/* For FAULT_CALLS(): the errors of each call, and then the call with its errors. */
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
