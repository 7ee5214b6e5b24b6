/* SPDX-License-Identifier: MIT */
/* The system calls of src/ that can fail on Linux. Included ahead of each source file of the
 * library that the suite faults links. Calls that fail by misuse only are left out: clock_gettime,
 * close, closedir, dirfd, eventfd_write, fnmatch, free, geteuid, getpid, getrlimit, gettid, munmap,
 * prctl, pthread_join, pthread_key_delete, pthread_mutex_lock, pthread_mutex_unlock,
 * pthread_sigmask, secure_getenv, program_invocation_short_name.
 * tests/check_fault_calls.py makes sure that no call is forgotten. */
#ifndef MAPRING_TESTS_LINUX_FAULT_CALLS_H
#define MAPRING_TESTS_LINUX_FAULT_CALLS_H

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <time.h>
#include <unistd.h>

/* CALL(type, name, return value on failure, parameters, arguments, errors...) */
/* clang-format off */
#define FAULT_CALLS(CALL)                                                                         \
    CALL(void *, calloc, NULL, (size_t count, size_t bytes), (count, bytes), ENOMEM)              \
    CALL(int, eventfd, -1, (unsigned count, int flags), (count, flags), EMFILE, ENFILE, ENOMEM)   \
    CALL(int, eventfd_read, -1, (int file, eventfd_t *value), (file, value), EAGAIN, EINTR)       \
    CALL(int, fchmod, -1, (int file, mode_t mode), (file, mode), EPERM, EROFS, EIO)               \
    CALL(int, fchown, -1, (int file, uid_t user, gid_t group), (file, user, group), EPERM, EROFS, \
         EIO)                                                                                     \
    CALL(int, fdatasync, -1, (int file), (file), EINTR, EIO, ENOSPC, EDQUOT)                      \
    CALL(int, fstat, -1, (int file, struct stat *status), (file, status), EIO, ENOMEM)            \
    CALL(int, fstatat, -1, (int folder, const char *path, struct stat *status, int flags),        \
         (folder, path, status, flags), ENOENT, EIO)                                              \
    CALL(int, fstatvfs, -1, (int file, struct statvfs *space), (file, space), EINTR, EIO, ENOSYS) \
    CALL(int, getgrnam_r, errno,                                                                  \
         (const char *text, struct group *group, char *members, size_t bytes,                     \
          struct group **found), (text, group, members, bytes, found), EIO, EMFILE)               \
    CALL(int, ioctl, -1, (int file, unsigned long request, int *flags), (file, request, flags),   \
         ENOTTY, EOPNOTSUPP)                                                                      \
    CALL(int, lstat, -1, (const char *path, struct stat *status), (path, status), EACCES, ENOENT) \
    CALL(int, madvise, -1, (void *at, size_t bytes, int advice), (at, bytes, advice),             \
         EINVAL, ENOMEM, EAGAIN)                                                                  \
    CALL(void *, malloc, NULL, (size_t bytes), (bytes), ENOMEM)                                   \
    CALL(void *, mmap, MAP_FAILED,                                                                \
         (void *at, size_t bytes, int protection, int flags, int file, off_t offset),             \
         (at, bytes, protection, flags, file, offset), ENOMEM, EAGAIN, ENODEV)                    \
    CALL(int, clock_nanosleep, fault_interrupt(time, rest), (clockid_t clock, int flags, const struct timespec *time, struct timespec *rest), (clock, flags, time, rest), EINTR)               \
    CALL(DIR *, fdopendir, NULL, (int file), (file), ENOMEM)                                      \
    CALL(int, poll, -1, (struct pollfd *files, nfds_t count, int limit), (files, count, limit),   \
         EINTR, ENOMEM)                                                                           \
    CALL(int, posix_fallocate, errno, (int file, off_t offset, off_t bytes),                      \
         (file, offset, bytes), EINTR, ENOSPC, EFBIG, EIO, ENODEV)                                \
    CALL(ssize_t, pread, errno ? -1 : 0, (int file, void *to, size_t bytes, off_t offset),        \
         (file, to, bytes, offset), EINTR, EIO, 0)                                                \
    CALL(int, pthread_atfork, errno,                                                              \
         (void (*before)(void), void (*parent)(void), void (*child)(void)),                       \
         (before, parent, child), ENOMEM)                                                         \
    CALL(int, pthread_create, errno,                                                              \
         (pthread_t *thread, const pthread_attr_t *how, void *(*run)(void *), void *context),     \
         (thread, how, run, context), EAGAIN, EPERM)                                              \
    CALL(int, pthread_key_create, errno, (pthread_key_t *key, void (*ended)(void *)),             \
         (key, ended), EAGAIN, ENOMEM)                                                            \
    CALL(int, pthread_setspecific, errno, (pthread_key_t key, const void *value), (key, value),   \
         ENOMEM)                                                                                  \
    CALL(ssize_t, pwrite, errno ? -1 : 0, (int file, const void *data, size_t bytes, off_t at),   \
         (file, data, bytes, at), EINTR, EIO, ENOSPC, EDQUOT, 0)                                  \
    CALL(ssize_t, read, -1, (int file, void *to, size_t bytes), (file, to, bytes), EINTR, EIO)    \
    CALL(struct dirent *, readdir, NULL, (DIR *folder), (folder), EIO, EOVERFLOW)                 \
    CALL(void *, realloc, NULL, (void *old, size_t bytes), (old, bytes), ENOMEM)                  \
    CALL(char *, realpath, NULL, (const char *path, char *real), (path, real), EACCES, ENOENT,    \
         EIO)                                                                                     \
    CALL(int, stat, -1, (const char *path, struct stat *status), (path, status), EACCES, EIO)  \
    CALL(long, sysconf, -1, (int name), (name), EINVAL)                                           \
    CALL(int, unlink, -1, (const char *path), (path), EACCES, EBUSY, EIO, ENOENT, EROFS)
/* clang-format on */

#define FAULT_DECLARE(type, name, failure, parameters, arguments, ...) type fault_##name parameters;
FAULT_CALLS(FAULT_DECLARE)
int fault_open(const char *path, int flags, ...);
int fault_fcntl(int file, int command, ...);
long fault_syscall(long number, ...);

#ifndef FAULT_OWN_CALLS
#define calloc          fault_calloc
#define eventfd         fault_eventfd
#define eventfd_read    fault_eventfd_read
#define fchmod          fault_fchmod
#define fchown          fault_fchown
#define fcntl           fault_fcntl
#define fdatasync       fault_fdatasync
#define fdopendir       fault_fdopendir
#define fstat           fault_fstat
#define fstatat         fault_fstatat
#define fstatvfs        fault_fstatvfs
#define getgrnam_r      fault_getgrnam_r
#define ioctl           fault_ioctl
#define lstat           fault_lstat
#define madvise         fault_madvise
#define malloc          fault_malloc
#define mmap            fault_mmap
#define clock_nanosleep fault_clock_nanosleep
#define open            fault_open
#define poll            fault_poll
#define posix_fallocate fault_posix_fallocate
#define pread           fault_pread
#define pthread_atfork  fault_pthread_atfork
#define pthread_create  fault_pthread_create
#define pthread_key_create  fault_pthread_key_create
#define pthread_setspecific fault_pthread_setspecific
#define pwrite          fault_pwrite
#define read            fault_read
#define readdir         fault_readdir
#define realloc         fault_realloc
#define realpath        fault_realpath
#define stat(...)       fault_stat(__VA_ARGS__) /* only the function, not the struct */
#define sysconf         fault_sysconf
#define syscall         fault_syscall
#define unlink          fault_unlink
#endif

#endif
