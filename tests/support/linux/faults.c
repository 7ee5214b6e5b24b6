/* SPDX-License-Identifier: MIT */
/* The Linux system calls that can be made to fail. */
#define FAULT_OWN_CALLS
#include "linux/fault_calls.h"

#include <stdarg.h>
#include <string.h>
#include <sys/syscall.h>

#include "../faults.h"

/* Reports that none of the time has passed. */
static int fault_interrupt(const struct timespec *time, struct timespec *rest)
{
    *rest = *time;
    return EINTR;
}

#define FAULT_DEFINE(type, name, failure, parameters, arguments, ...) \
    type fault_##name parameters                                      \
    {                                                                 \
        return fault(#name) ? (failure) : name arguments;             \
    }
FAULT_CALLS(FAULT_DEFINE)

int fault_open(const char *path, int flags, ...)
{
    va_list more;
    va_start(more, flags);
    mode_t mode = flags & O_CREAT ? va_arg(more, mode_t) : 0;
    va_end(more);
    if (flags & O_CREAT)
        return fault("open to create") ? -1 : open(path, flags, mode);
    return fault("open") ? -1 : open(path, flags);
}

int fault_fcntl(int file, int command, ...)
{
    va_list more;
    va_start(more, command);
    struct flock *lock = command == F_DUPFD_CLOEXEC ? NULL : va_arg(more, struct flock *);
    int least = lock ? 0 : va_arg(more, int);
    va_end(more);
    if (fault(lock ? "fcntl" : "fcntl to duplicate"))
        return -1;
    return lock ? fcntl(file, command, lock) : fcntl(file, command, least);
}

static const char *call_name(long number)
{
    switch (number) {
    case SYS_futex: return "futex";
    case SYS_mbind: return "mbind";
    case SYS_get_mempolicy: return "get_mempolicy";
    case SYS_membarrier: return "membarrier";
    default: abort();
    }
}

/* Passes as many arguments as the longest of these calls takes. */
long fault_syscall(long number, ...)
{
    long argument[6];
    va_list more;
    va_start(more, number);
    for (size_t i = 0; i < sizeof argument / sizeof *argument; i++)
        argument[i] = va_arg(more, long);
    va_end(more);
    if (fault(call_name(number)))
        return -1;
    return syscall(number, argument[0], argument[1], argument[2], argument[3], argument[4],
                   argument[5]);
}

static const long open_errors[] = {EINTR,  EACCES, EMFILE, ENFILE, ENOMEM,
                                   ENOENT, ELOOP,  EISDIR, ENXIO};
static const long create_errors[] = {EINTR,  EACCES, EMFILE, ENFILE, ENOMEM,
                                     ENOENT, EEXIST, ENOSPC, EROFS};
static const long fcntl_errors[] = {EINTR, ENOLCK, EIO};
static const long duplicate_errors[] = {EMFILE};
static const long futex_errors[] = {EINTR, EAGAIN, ETIMEDOUT};
static const long mbind_errors[] = {ENOSYS, EINVAL, ENOMEM, EPERM};
static const long get_mempolicy_errors[] = {ENOSYS, EINVAL, EPERM};
static const long membarrier_errors[] = {ENOSYS, EPERM};

FAULT_CALLS(FAULT_ERRORS)

const struct fault_call fault_calls[] = {{"open", FAULT_ERRORS_OF(open)},
                                         {"open to create", FAULT_ERRORS_OF(create)},
                                         {"fcntl", FAULT_ERRORS_OF(fcntl)},
                                         {"fcntl to duplicate", FAULT_ERRORS_OF(duplicate)},
                                         {"futex", FAULT_ERRORS_OF(futex)},
                                         {"mbind", FAULT_ERRORS_OF(mbind)},
                                         {"get_mempolicy", FAULT_ERRORS_OF(get_mempolicy)},
                                         {"membarrier", FAULT_ERRORS_OF(membarrier)},
                                         FAULT_CALLS(FAULT_CALL)};
const size_t fault_call_count = sizeof fault_calls / sizeof *fault_calls;

void fault_set_error(long error)
{
    errno = (int)error;
}

bool fault_is_interruption(long error)
{
    return error == EINTR;
}
