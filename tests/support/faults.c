/* SPDX-License-Identifier: MIT */
/* Decides which system call is to fail. */
#include "faults.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "atomic.h"
#include "moments.h"

enum { NEVER = -1 };

static _Thread_local struct {
    bool counts;
    bool failed;
    long number; /* of the call that fails, or NEVER */
    long error;
    unsigned calls;
    const struct fault_call *call[FAULT_CALL_LIMIT];
} plan;

static struct {
    const char *name;
    long error;
    shared_u32 waits;
} next;

static const struct fault_call *find(const char *name)
{
    for (size_t i = 0; i < fault_call_count; i++)
        if (strcmp(fault_calls[i].name, name) == 0)
            return &fault_calls[i];
    return NULL;
}

static void start(long number, long error)
{
    plan.counts = true;
    plan.failed = false;
    plan.number = number;
    plan.error = error;
    plan.calls = 0;
}

void faults_count(void)
{
    start(NEVER, 0);
}

void faults_fail(unsigned number, long error)
{
    start((long)number, error);
}

bool faults_fail_next(const char *name)
{
    const struct fault_call *call = find(name);
    if (!call)
        return false;
    next.name = name;
    next.error = call->errors[call->error_count - 1];
    store_release(&next.waits, 1);
    return true;
}

bool faults_failed_next(void)
{
    return !load_acquire(&next.waits);
}

struct faults faults_stop(void)
{
    plan.counts = false;
    store_release(&next.waits, 0);
    return (struct faults){plan.calls, plan.call, plan.failed};
}

static bool is_next(const char *name)
{
    if (!load_acquire(&next.waits) || strcmp(next.name, name) != 0 || !exchange32(&next.waits, 0))
        return false;
    fault_set_error(next.error);
    return true;
}

static bool is_planned(const char *name)
{
    if (plan.calls == FAULT_CALL_LIMIT)
        abort();
    if (!(plan.call[plan.calls] = find(name)))
        abort();
    if ((long)plan.calls++ != plan.number)
        return false;
    plan.failed = true;
    fault_set_error(plan.error);
    return true;
}

bool fault(const char *name)
{
    moment();
    return is_next(name) || (plan.counts && is_planned(name));
}
