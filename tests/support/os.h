/* SPDX-License-Identifier: MIT */
/* What the helpers need from the operating system. tests/support/linux/ and tests/support/windows/
 * implement it, and the build chooses one. Tests include helpers.h, which includes this. */
#ifndef MAPRING_TESTS_OS_H
#define MAPRING_TESTS_OS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum process_fate {
    PROCESS_EXITED,  /* with an exit code */
    PROCESS_CRASHED, /* bad memory access or abort */
    PROCESS_KILLED   /* by os_process_kill(), or by a signal */
};

struct process_end {
    enum process_fate fate;
    int code; /* exit code or, on Linux, signal number */
};

/* Where a process's streams lead: to the file with that path or, if NULL, to a pipe to the test. If
 * the path for standard error is NULL, it is the test's own. */
struct process_streams {
    const char *input;
    const char *output;
    const char *errors;
    const char *appended; /* output is appended to this file */
};

/* ---- Processes; all functions report trouble by printing it ---- */

struct os_process;

/* `arguments` follow the program's name and end with NULL. All strings are UTF-8. Returns NULL on
 * failure. */
struct os_process *os_process_start(const char *program, const char *const *arguments,
                                    const struct process_streams *streams);

/* Reads what the output pipe holds. Returns 0 at its end, and -1 if the deadline has passed. */
long os_process_read(struct os_process *process, void *buffer, size_t bytes, int64_t deadline_ns);

/* Writes everything to the input pipe; false if nobody reads it. */
bool os_process_write(struct os_process *process, const void *data, size_t bytes);
void os_process_close_input(struct os_process *process);
void os_process_close_output(struct os_process *process); /* nobody reads it any more */

/* Waits for the process to end; false if the deadline has passed. */
bool os_process_wait(struct os_process *process, int64_t deadline_ns, struct process_end *end);

void os_process_kill(struct os_process *process);  /* SIGKILL, TerminateProcess */
bool os_process_pause(struct os_process *process); /* returns once it has stopped */
void os_process_resume(struct os_process *process);

/* Sends SIGINT, Ctrl-Break or Ctrl-C; false if that is impossible here. Works only for processes
 * started while this one had a console, which os_have_console() sees to. */
bool os_process_interrupt(struct os_process *process);
void os_have_console(void);

uint64_t os_process_id(const struct os_process *process);
void os_process_free(
    struct os_process *process); /* closes the pipes; the process must have ended */

/* ---- This process ---- */

void os_prepare(void);       /* binary streams, no dialog on a crash */
void os_crash_plainly(void); /* no sanitizer handler, no core file */
const char *os_own_program(void);
void os_set_environment(const char *name, const char *value); /* of the processes it starts */
int64_t os_cpu_ns(void);       /* processor time of this process so far */
bool os_drop_privileges(void); /* becomes another user; false: impossible here */
void os_yield(void);           /* lets others run, while polling shared memory */

/* ---- Files; all paths UTF-8 ---- */

bool os_make_temporary_directory(char *path, size_t bytes); /* ends with a separator */
bool os_remove_tree(const char *path); /* false: somebody still has part of it open */
bool os_make_directory(const char *path);
bool os_make_read_only(const char *path); /* for everybody but root */
FILE *os_file_open(const char *path, const char *mode);
int64_t os_file_size(const char *path); /* -1: there is no such file */
bool os_file_resize(const char *path,
                    int64_t bytes); /* new bytes are a hole; false: no holes here */
bool os_file_set_written(const char *path, int seconds); /* last written to that long from now */
bool os_file_write_at(const char *path, int64_t offset, const void *data, size_t bytes);
bool os_file_read_at(const char *path, int64_t offset, void *data, size_t bytes);

/* ---- Differences between systems ---- */

bool os_names_outlive_handles(void); /* named rings stay when nobody has them open */
bool os_is_root(void);               /* may read and write every file */
bool os_is_sanitized(void);          /* runs under a sanitizer */

/* Waits for any of several handles as an event loop does, with poll() or WaitForMultipleObjects().
 * Returns the index of the first one that is ready, or -1 when the time limit has passed. */
int os_wait_for_any(const intptr_t *handles, size_t count, int64_t timeout_ns);

/* ---- Threads ---- */

struct os_thread;
struct os_thread *os_thread_start(int (*run)(void *context), void *context);
int os_thread_join(struct os_thread *thread); /* returns what run() returned */

/* Binds the calling thread to a processor, counted from 0. False if there is none of that number. */
bool os_pin(unsigned processor);

/* ---- Libraries ---- */

struct os_library;
struct os_library *os_library_load(const char *path); /* NULL on failure, which is printed */
void *os_library_symbol(struct os_library *library, const char *name); /* NULL: there is none */
void os_library_unload(struct os_library *library);
bool os_library_is_loaded(const char *path);

#endif
