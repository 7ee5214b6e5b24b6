/* SPDX-License-Identifier: MIT */
/* The operating system part of the helpers, for Linux. */
#include "os.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "platform.h"

enum { NOBODY = 65534 };

struct os_process {
    pid_t id;
    int input, output; /* the test's ends of the pipes; -1: none */
    bool ended;
    struct process_end end;
};

/* ---- Processes ---- */

/* Opens both ends of a stream: `theirs` for the child and, if it is a pipe, `ours` for the test. */
static bool open_stream(const char *path, bool is_input, int *theirs, int *ours)
{
    *ours = -1;
    if (path) {
        *theirs = open(
            path, is_input ? O_RDONLY | O_CLOEXEC : O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
        return *theirs >= 0;
    }
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0)
        return false;
    *theirs = ends[is_input ? 0 : 1];
    *ours = ends[is_input ? 1 : 0];
    return true;
}

/* Runs a program for another machine under an emulator if the system cannot run it by itself.
 * argv[0] is free for the emulator. */
static void emulate(char **argv)
{
    const char *emulator = getenv("MAPRING_EMULATOR");
    if (errno != ENOEXEC || !emulator || !*emulator)
        return;
    argv[0] = (char *)emulator;
    execvp(emulator, argv);
}

static void become(const char *program, const char *const *arguments, const int streams[3])
{
    char *space[64] = {NULL, (char *)program}, **argv = space + 1;
    for (size_t i = 0; arguments[i] && i < 61; i++)
        argv[i + 1] = (char *)arguments[i];
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    signal(SIGPIPE, SIG_DFL);
    for (int i = 0; i < 3; i++)
        if (streams[i] >= 0)
            dup2(streams[i], i);
    execv(program, argv);
    emulate(space);
    perror(program);
    _exit(127);
}

static bool open_output(const struct process_streams *streams, int *theirs, int *ours)
{
    if (!streams->appended)
        return open_stream(streams->output, false, theirs, ours);
    *ours = -1;
    *theirs = open(streams->appended, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    return *theirs >= 0;
}

static void close_descriptor(int *descriptor)
{
    if (*descriptor >= 0)
        close(*descriptor);
    *descriptor = -1;
}

struct os_process *os_process_start(const char *program, const char *const *arguments,
                                    const struct process_streams *streams)
{
    int theirs[3] = {-1, -1, -1}, none;
    struct os_process *process = calloc(1, sizeof *process);
    bool ready = open_stream(streams->input, true, &theirs[0], &process->input) &&
                 open_output(streams, &theirs[1], &process->output) &&
                 (!streams->errors || open_stream(streams->errors, false, &theirs[2], &none));
    if (!ready)
        perror("streams of a process");
    fflush(NULL);
    process->id = ready ? fork() : -1;
    if (process->id == 0)
        become(program, arguments, theirs);
    for (int i = 0; i < 3; i++)
        close_descriptor(&theirs[i]);
    if (process->id > 0)
        return process;
    close_descriptor(&process->input);
    close_descriptor(&process->output);
    free(process);
    return NULL;
}

/* Waits until there is something to read or the output has ended; false if the deadline passes
 * first. */
static bool poll_until(int descriptor, int64_t deadline)
{
    struct pollfd event = {.fd = descriptor, .events = POLLIN};
    int64_t left;
    while ((left = deadline - platform_now_ns()) > 0) {
        int got = poll(&event, 1, (int)(left / 1000000) + 1);
        if (got > 0)
            return true;
        if (got < 0 && errno != EINTR)
            return false;
    }
    return false;
}

long os_process_read(struct os_process *process, void *buffer, size_t bytes, int64_t deadline)
{
    if (!poll_until(process->output, deadline))
        return -1;
    ssize_t got;
    do
        got = read(process->output, buffer, bytes);
    while (got < 0 && errno == EINTR);
    return got < 0 ? 0 : (long)got;
}

bool os_process_write(struct os_process *process, const void *data, size_t bytes)
{
    const char *at = data;
    while (bytes > 0) {
        ssize_t done = write(process->input, at, bytes);
        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            return false;
        at += done;
        bytes -= (size_t)done;
    }
    return true;
}

void os_process_close_input(struct os_process *process)
{
    close_descriptor(&process->input);
}

void os_process_close_output(struct os_process *process)
{
    close_descriptor(&process->output);
}

static bool is_crash(int number)
{
    return number == SIGSEGV || number == SIGBUS || number == SIGABRT || number == SIGILL ||
           number == SIGFPE || number == SIGTRAP;
}

static void note_end(struct os_process *process, int status)
{
    process->ended = true;
    if (WIFEXITED(status))
        process->end = (struct process_end){PROCESS_EXITED, WEXITSTATUS(status)};
    else
        process->end = (struct process_end){
            is_crash(WTERMSIG(status)) ? PROCESS_CRASHED : PROCESS_KILLED, WTERMSIG(status)};
}

bool os_process_wait(struct os_process *process, int64_t deadline, struct process_end *end)
{
    int status;
    if (!process->ended) {
        int descriptor = pidfd_open(process->id, 0);
        bool ended = descriptor < 0 || poll_until(descriptor, deadline);
        close_descriptor(&descriptor);
        if (!ended || waitpid(process->id, &status, 0) != process->id)
            return false;
        note_end(process, status);
    }
    *end = process->end;
    return true;
}

void os_process_kill(struct os_process *process)
{
    if (!process->ended)
        kill(process->id, SIGKILL);
}

bool os_process_pause(struct os_process *process)
{
    siginfo_t what;
    return kill(process->id, SIGSTOP) == 0 &&
           waitid(P_PID, (id_t)process->id, &what, WSTOPPED | WNOWAIT) == 0;
}

void os_process_resume(struct os_process *process)
{
    kill(process->id, SIGCONT);
}

bool os_process_interrupt(struct os_process *process)
{
    return kill(process->id, SIGINT) == 0;
}

void os_have_console(void)
{
}

uint64_t os_process_id(const struct os_process *process)
{
    return (uint64_t)process->id;
}

void os_process_free(struct os_process *process)
{
    close_descriptor(&process->input);
    close_descriptor(&process->output);
    free(process);
}

/* ---- This process ---- */

void os_prepare(void)
{
    signal(SIGPIPE, SIG_IGN);
}

void os_crash_plainly(void)
{
    struct rlimit none = {0, 0};
    setrlimit(RLIMIT_CORE, &none);
    signal(SIGSEGV, SIG_DFL);
    signal(SIGBUS, SIG_DFL);
}

const char *os_own_program(void)
{
    static char path[4096];
    ssize_t length = readlink("/proc/self/exe", path, sizeof path - 1);
    path[length > 0 ? length : 0] = '\0';
    return path;
}

void os_set_environment(const char *name, const char *value)
{
    setenv(name, value, 1);
}

int64_t os_cpu_ns(void)
{
    struct timespec used;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
    return (int64_t)used.tv_sec * 1000000000 + used.tv_nsec;
}

/* Coverage data is written at exit, and needs the permission to write it. */
static void take_privileges(void)
{
    if (seteuid(0) != 0 || setegid(0) != 0)
        abort();
}

bool os_drop_privileges(void)
{
    return setegid(NOBODY) == 0 && seteuid(NOBODY) == 0 && atexit(take_privileges) == 0;
}

void os_yield(void)
{
    sched_yield();
}

/* ---- Files ---- */

bool os_make_temporary_directory(char *path, size_t bytes)
{
    const char *base = getenv("TMPDIR");
    snprintf(path, bytes, "%s/mapring-test-XXXXXX", base ? base : "/tmp");
    if (!mkdtemp(path) || chmod(path, 0755) != 0)
        return false;
    strncat(path, "/", bytes - strlen(path) - 1);
    return true;
}

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *place)
{
    (void)status;
    (void)kind;
    (void)place;
    return remove(path);
}

bool os_remove_tree(const char *path)
{
    return nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS) == 0;
}

bool os_make_directory(const char *path)
{
    return mkdir(path, 0755) == 0;
}

bool os_make_read_only(const char *path)
{
    return chmod(path, 0444) == 0;
}

FILE *os_file_open(const char *path, const char *mode)
{
    return fopen(path, mode);
}

int64_t os_file_size(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 ? (int64_t)status.st_size : -1;
}

bool os_file_resize(const char *path, int64_t bytes)
{
    return truncate(path, (off_t)bytes) == 0;
}

bool os_file_set_written(const char *path, int seconds)
{
    struct timespec times[2] = {{.tv_nsec = UTIME_OMIT}};
    clock_gettime(CLOCK_REALTIME, &times[1]);
    times[1].tv_sec += seconds;
    return utimensat(AT_FDCWD, path, times, 0) == 0;
}

bool os_file_write_at(const char *path, int64_t offset, const void *data, size_t bytes)
{
    int descriptor = open(path, O_WRONLY | O_CLOEXEC);
    ssize_t done = descriptor < 0 ? -1 : pwrite(descriptor, data, bytes, (off_t)offset);
    close_descriptor(&descriptor);
    return done == (ssize_t)bytes;
}

bool os_file_read_at(const char *path, int64_t offset, void *data, size_t bytes)
{
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    size_t used = 0;
    ssize_t got = descriptor < 0 ? -1 : 1;
    while (used < bytes && got > 0) {
        got = pread(descriptor, (char *)data + used, bytes - used, (off_t)offset + (off_t)used);
        used += got > 0 ? (size_t)got : 0;
    }
    close_descriptor(&descriptor);
    return used == bytes;
}

bool os_names_outlive_handles(void)
{
    return true;
}

bool os_is_root(void)
{
    return geteuid() == 0;
}

/* gcc defines a macro for each sanitizer; clang has __has_feature. */
#ifndef __has_feature
#define __has_feature(feature) 0
#endif
#if defined __SANITIZE_ADDRESS__ || defined __SANITIZE_THREAD__ || \
    __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
enum { SANITIZED = true };
#else
enum { SANITIZED = false };
#endif

bool os_is_sanitized(void)
{
    return SANITIZED;
}

int os_wait_for_any(const intptr_t *handles, size_t count, int64_t timeout_ns)
{
    struct pollfd events[8];
    for (size_t i = 0; i < count; i++)
        events[i] = (struct pollfd){.fd = (int)handles[i], .events = POLLIN};
    if (poll(events, count, (int)(timeout_ns / 1000000)) <= 0)
        return -1;
    int ready = 0;
    while (!(events[ready].revents & POLLIN))
        ready++;
    return ready;
}

/* ---- Threads ---- */

struct os_thread {
    pthread_t thread;
    int (*run)(void *context);
    void *context;
    int result;
};

static void *run_thread(void *argument)
{
    struct os_thread *thread = argument;
    thread->result = thread->run(thread->context);
    return NULL;
}

struct os_thread *os_thread_start(int (*run)(void *context), void *context)
{
    struct os_thread *thread = calloc(1, sizeof *thread);
    thread->run = run;
    thread->context = context;
    if (pthread_create(&thread->thread, NULL, run_thread, thread) != 0)
        abort();
    return thread;
}

int os_thread_join(struct os_thread *thread)
{
    pthread_join(thread->thread, NULL);
    int result = thread->result;
    free(thread);
    return result;
}

bool os_pin(unsigned processor)
{
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(processor, &set);
    return sched_setaffinity(0, sizeof set, &set) == 0;
}

/* ---- Libraries: os_library is the handle of dlopen() ---- */

struct os_library *os_library_load(const char *path)
{
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (!library)
        fprintf(stderr, "%s\n", dlerror());
    return library;
}

void *os_library_symbol(struct os_library *library, const char *name)
{
    return dlsym(library, name);
}

void os_library_unload(struct os_library *library)
{
    dlclose(library);
}

bool os_library_is_loaded(const char *path)
{
    void *library = dlopen(path, RTLD_NOW | RTLD_NOLOAD);
    if (library)
        dlclose(library);
    return library != NULL;
}
