/* SPDX-License-Identifier: MIT */
/* The way of a process through an operation: it is stepped through once, and its boundaries are
 * found again by breakpoints, which takes far less time than to step there again. */
#include <signal.h>
#include <stddef.h>
#include <sys/ptrace.h>
#include <sys/user.h>
#include <sys/wait.h>

#include "step.h"

enum { WAY_LIMIT = 4000000, STEPS_FOR_A_VISIT = 6, BREAKPOINT = 0xCC, BYTE = 0xFF };

/* Where the process was after each step. */
static struct {
    unsigned long at[WAY_LIMIT];
    long steps;
} way;

/* False if it stops at the end of the operation, and not for this. */
static bool go_on(pid_t child, enum __ptrace_request how)
{
    int status;
    made_progress();
    if (ptrace(how, child, NULL, NULL) != 0 || waitpid(child, &status, 0) != child ||
        !WIFSTOPPED(status))
        end_badly("the stepped process is gone");
    return WSTOPSIG(status) == SIGTRAP;
}

static unsigned long place_of(pid_t child)
{
    return (unsigned long)ptrace(PTRACE_PEEKUSER, child, offsetof(struct user, regs.rip), NULL);
}

void way_begin(void)
{
    way.steps = 0;
}

bool step(pid_t child)
{
    bool more = go_on(child, PTRACE_SINGLESTEP);
    if (way.steps == WAY_LIMIT)
        end_badly("the operation has too many steps");
    way.at[way.steps++] = more ? place_of(child) : 0;
    return more;
}

static bool step_by(pid_t child, long steps)
{
    while (steps-- > 0)
        if (!go_on(child, PTRACE_SINGLESTEP))
            return false;
    return true;
}

static void poke(pid_t child, unsigned long place, long word)
{
    if (ptrace(PTRACE_POKETEXT, child, place, word) != 0)
        end_badly("a breakpoint cannot be set");
}

/* Lets it run until it is about to execute the instruction at `place`, once more if it is there. */
static bool run_to(pid_t child, unsigned long place)
{
    if (place_of(child) == place) {
        if (!go_on(child, PTRACE_SINGLESTEP))
            return false;
        if (place_of(child) == place)
            return true;
    }
    long word = ptrace(PTRACE_PEEKTEXT, child, place, NULL);
    poke(child, place, (word & ~(long)BYTE) | BREAKPOINT);
    bool more = go_on(child, PTRACE_CONT);
    poke(child, place, word);
    if (more)
        ptrace(PTRACE_POKEUSER, child, offsetof(struct user, regs.rip), place);
    return more;
}

bool step_to(pid_t child, long boundary)
{
    if (boundary == 0)
        return true;
    if (boundary >= way.steps)
        return go_on(child, PTRACE_CONT);
    unsigned long place = way.at[boundary - 1];
    long visits = 0;
    for (long i = 0; i < boundary; i++)
        visits += way.at[i] == place;
    if (visits * STEPS_FOR_A_VISIT > boundary)
        return step_by(child, boundary);
    while (visits-- > 0)
        if (!run_to(child, place))
            return false;
    return true;
}
