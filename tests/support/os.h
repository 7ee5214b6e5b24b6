/* SPDX-License-Identifier: MIT */
/* What the helpers need of the operating system: tests/linux/ and tests/windows/ provide it, the
 * build chooses. Tests use helpers.h, which includes this. */
#ifndef MAPRING_TESTS_OS_H
#define MAPRING_TESTS_OS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum process_fate {
    PROCESS_EXITED,  /* with a code */
    PROCESS_CRASHED, /* a bad access, an abort */
    PROCESS_KILLED   /* by os_process_kill(), or a signal */
};

struct process_end {
    enum process_fate fate;
    int code; /* exit code or, on Linux, the signal */
};

/* Where a process's streams lead: a file's path, or NULL for a pipe to the test; standard error is
 * the test's own when NULL. */
struct process_streams {
    const char *input;
    const char *output;
    const char *errors;
    const char *appended; /* instead of output: a file that goes on behind what it has */
};

/* ---- Processes: all functions report trouble by printing it ---- */

struct os_process;

/* `arguments` is what follows the program's name, ending with NULL. All strings UTF-8. NULL:
 * failed. */
struct os_process *os_process_start(const char *program, const char *const *arguments,
                                    const struct process_streams *streams);

/* Reads what there is of the output pipe: 0 at its end, -1 when the deadline has passed. */
long os_process_read(struct os_process *process, void *buffer, size_t bytes, int64_t deadline_ns);

/* Writes all to the input pipe; false when nobody reads it. */
bool os_process_write(struct os_process *process, const void *data, size_t bytes);
void os_process_close_input(struct os_process *process);
void os_process_close_output(struct os_process *process); /* nobody reads it any more */

/* Waits for its end; false when the deadline has passed. */
bool os_process_wait(struct os_process *process, int64_t deadline_ns, struct process_end *end);

void os_process_kill(struct os_process *process);  /* SIGKILL, TerminateProcess */
bool os_process_pause(struct os_process *process); /* returns once it stands still */
void os_process_resume(struct os_process *process);

/* SIGINT, Ctrl-Break, or Ctrl-C; false: cannot be done here. Only for processes that were started
 * when this one had a console, which os_have_console() sees to. */
bool os_process_interrupt(struct os_process *process);
void os_have_console(void);

uint64_t os_process_id(const struct os_process *process);
void os_process_free(
    struct os_process *process); /* closes the pipes; the process must have ended */

/* ---- This process ---- */

void os_prepare(int *argc,
                char ***argv); /* binary streams, UTF-8 arguments, no dialog when crashing */
void os_crash_plainly(void);   /* no sanitizer's handler, no core file */
const char *os_own_program(void);
int64_t os_cpu_ns(void);       /* processor time of this process so far */
bool os_drop_privileges(void); /* becomes another user; false: cannot be done here */
void os_yield(void);           /* lets others run: for polls of the shared memory */

/* ---- Files; all paths UTF-8 ---- */

bool os_make_temporary_directory(char *path, size_t bytes); /* ends with a separator */
bool os_remove_tree(const char *path); /* false: somebody still has a part of it open */
bool os_make_directory(const char *path);
bool os_make_read_only(const char *path); /* for everybody, root excepted */
FILE *os_file_open(const char *path, const char *mode);
int64_t os_file_size(const char *path); /* -1: there is none */
bool os_file_resize(const char *path,
                    int64_t bytes); /* new bytes are a hole; false: no holes here */
bool os_file_write_at(const char *path, int64_t offset, const void *data, size_t bytes);
bool os_file_read_at(const char *path, int64_t offset, void *data, size_t bytes);

/* ---- What differs ---- */

bool os_names_outlive_handles(void); /* named rings stay when nobody has them open */
bool os_is_root(void);               /* may read and write every file */
bool os_is_sanitized(void);          /* runs under a sanitizer */

/* Waits for any of some handles as an event loop does: poll(), WaitForMultipleObjects(). Which one
 * is ready, the first if there are several; -1 when the time limit has passed. */
int os_wait_for_any(const intptr_t *handles, size_t count, int64_t timeout_ns);

/* ---- Threads ---- */

struct os_thread;
struct os_thread *os_thread_start(int (*run)(void *context), void *context);
int os_thread_join(struct os_thread *thread); /* what run() returned */

#endif
