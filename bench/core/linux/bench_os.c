/* SPDX-License-Identifier: MIT */
/* Processes and CPUs, and what this process has used. */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "core/os.h"

enum { ARGUMENT_LIMIT = 16, NS_PER_SECOND = 1000000000 };

extern char **environ;

unsigned bench_cpus(unsigned *cpus, unsigned limit)
{
    cpu_set_t set;
    unsigned count = 0;
    if (sched_getaffinity(0, sizeof set, &set) != 0)
        CPU_ZERO(&set);
    for (unsigned i = 0; i < CPU_SETSIZE && count < limit; i++)
        if (CPU_ISSET(i, &set))
            cpus[count++] = i;
    if (count == 0)
        cpus[count++] = 0;
    return count;
}

bool bench_pin(unsigned cpu)
{
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(cpu, &set);
    return sched_setaffinity(0, sizeof set, &set) == 0;
}

bool bench_spawn(struct bench_process *process, const char *const *arguments)
{
    char *argv[ARGUMENT_LIMIT] = {(char *)"mapring"};
    for (int i = 0; arguments[i] && i < ARGUMENT_LIMIT - 2; i++)
        argv[i + 1] = (char *)arguments[i];
    pid_t id;
    errno = posix_spawn(&id, "/proc/self/exe", NULL, NULL, argv, environ);
    process->handle = errno == 0 ? id : -1;
    return errno == 0;
}

bool bench_is_alive(struct bench_process *process)
{
    if (process->handle > 0 && waitpid((pid_t)process->handle, NULL, WNOHANG) == process->handle)
        process->handle = -1;
    return process->handle > 0;
}

void bench_wait(struct bench_process *process)
{
    while (process->handle > 0 && waitpid((pid_t)process->handle, NULL, 0) < 0 && errno == EINTR)
        continue;
    process->handle = -1;
}

void bench_kill(struct bench_process *process)
{
    if (!bench_is_alive(process))
        return;
    kill((pid_t)process->handle, SIGKILL);
    bench_wait(process);
}

bool bench_parent_runs(uint64_t id)
{
    return (uint64_t)getppid() == id;
}

int64_t bench_cpu_ns(void)
{
    struct timespec used;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
    return (int64_t)used.tv_sec * NS_PER_SECOND + used.tv_nsec;
}

uint64_t bench_switches(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (uint64_t)usage.ru_nvcsw;
}

uint64_t bench_process_id(void)
{
    return (uint64_t)getpid();
}

void bench_system(char *text, size_t bytes)
{
    struct utsname name;
    uname(&name);
    snprintf(text, bytes, "%s %s", name.sysname, name.release);
}
