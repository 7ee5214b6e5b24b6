/* SPDX-License-Identifier: MIT */
/* Reads a pipe or a console in a thread of its own, because Ctrl-C does not end a read. */
#include "reader.h"

#include <stdbool.h>
#include <string.h>

#include "interrupt.h"
#include "shared/idle.h"

enum { MOST_BYTES = 1 << 16, SLICE_MS = 100 };

static HANDLE wanted, done; /* events: the thread may read; the thread has read */
static HANDLE from;
static DWORD wanted_bytes, got_bytes, problem;
static char data[MOST_BYTES]; /* own buffer: a read may outlive its caller */

static DWORD WINAPI read_on(void *unused)
{
    (void)unused;
    while (WaitForSingleObject(wanted, INFINITE) == WAIT_OBJECT_0) {
        SetLastError(ERROR_SUCCESS);
        BOOL read = ReadFile(from, data, wanted_bytes, &got_bytes, NULL);
        problem = GetLastError();
        /* A console reports this error even though ReadFile() returns success. */
        if (read && problem != ERROR_OPERATION_ABORTED)
            problem = ERROR_SUCCESS;
        SetEvent(done);
    }
    return 0;
}

static bool start(HANDLE file)
{
    from = file;
    wanted = CreateEventW(NULL, FALSE, FALSE, NULL);
    done = CreateEventW(NULL, FALSE, FALSE, NULL);
    HANDLE thread = CreateThread(NULL, 0, read_on, NULL, 0, NULL);
    return wanted && done && thread;
}

BOOL reader_read(HANDLE file, void *buffer, DWORD bytes, DWORD *got)
{
    if (!from && !start(file))
        return FALSE;
    wanted_bytes = bytes < MOST_BYTES ? bytes : MOST_BYTES;
    SetEvent(wanted);
    HANDLE either[] = {done, interrupt_event()};
    DWORD come;
    do
        come = WaitForMultipleObjects(2, either, FALSE, SLICE_MS);
    while (come == WAIT_TIMEOUT && idle_goes_on());
    if (come != WAIT_OBJECT_0) {
        SetLastError(ERROR_OPERATION_ABORTED);
        return FALSE;
    }
    if (problem == ERROR_OPERATION_ABORTED)
        WaitForSingleObject(interrupt_event(), 1000);
    memcpy(buffer, data, got_bytes);
    *got = got_bytes;
    SetLastError(problem);
    return problem == ERROR_SUCCESS;
}
