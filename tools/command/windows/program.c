/* SPDX-License-Identifier: MIT */
/* A program that this command starts, with pipes from its output. */
#include "command/program.h"

#include <windows.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command_line.h"
#include "shared/message.h"
#include "shared/os.h"

enum { PIPE_BYTES = 1 << 16, SLICE_MS = 100, LAST_WAIT_MS = 5000 };

/* A read is always under way until the pipe ends; what it got is kept here until it is wanted. */
static struct pipe {
    HANDLE file; /* NULL: closed */
    OVERLAPPED read;
    DWORD got, taken;
    bool is_reading;
    char data[PIPE_BYTES];
} pipes[PROGRAM_PIPES];

static HANDLE process, job;
static volatile LONG is_told, is_told_finally;
static int64_t told_ns;

/* ---- Signals ---- */

/* The console sends them to all of its processes, and so to the program as well. Runs in a thread
 * of its own; if the console closes, this process ends when the function returns. */
static BOOL WINAPI note(DWORD kind)
{
    InterlockedExchange(&is_told, 1);
    if (kind != CTRL_C_EVENT)
        InterlockedExchange(&is_told_finally, 1);
    if (kind != CTRL_C_EVENT && kind != CTRL_BREAK_EVENT)
        Sleep(LAST_WAIT_MS);
    return TRUE;
}

int64_t program_told_ns(bool *is_final)
{
    *is_final = InterlockedCompareExchange(&is_told_finally, 0, 0) != 0;
    if (told_ns == 0 && InterlockedCompareExchange(&is_told, 0, 0) != 0)
        told_ns = os_now_ns();
    return told_ns;
}

/* ---- Pipes ---- */

/* Only pipes with names can be read without waiting. */
static bool make_pipe(int number, HANDLE *writer)
{
    wchar_t name[64];
    SECURITY_ATTRIBUTES inherited = {sizeof inherited, NULL, TRUE};
    struct pipe *pipe = &pipes[number];
    swprintf(name, 64, L"\\\\.\\pipe\\mapring.%lu.%d", GetCurrentProcessId(), number);
    pipe->file = CreateNamedPipeW(
        name, PIPE_ACCESS_INBOUND | FILE_FLAG_OVERLAPPED | FILE_FLAG_FIRST_PIPE_INSTANCE,
        PIPE_TYPE_BYTE | PIPE_WAIT | PIPE_REJECT_REMOTE_CLIENTS, 1, PIPE_BYTES, PIPE_BYTES, 0,
        NULL);
    *writer = CreateFileW(name, GENERIC_WRITE | FILE_READ_ATTRIBUTES, 0, &inherited, OPEN_EXISTING,
                          FILE_ATTRIBUTE_NORMAL, NULL);
    pipe->read.hEvent = CreateEventW(NULL, TRUE, FALSE, NULL);
    if (pipe->file != INVALID_HANDLE_VALUE && *writer != INVALID_HANDLE_VALUE && pipe->read.hEvent)
        return true;
    complain("cannot make a pipe: %s", os_error());
    return false;
}

static ptrdiff_t take(struct pipe *pipe, void *buffer, size_t bytes)
{
    size_t there = pipe->got - pipe->taken, taken = there < bytes ? there : bytes;
    memcpy(buffer, pipe->data + pipe->taken, taken);
    pipe->taken += (DWORD)taken;
    return (ptrdiff_t)taken;
}

static ptrdiff_t end_reading(struct pipe *pipe, DWORD problem)
{
    pipe->is_reading = false;
    SetLastError(problem);
    return problem == ERROR_BROKEN_PIPE ? FEED_END : FEED_FAILED;
}

static bool begin_reading(struct pipe *pipe)
{
    pipe->taken = pipe->got = 0;
    pipe->is_reading = ReadFile(pipe->file, pipe->data, PIPE_BYTES, NULL, &pipe->read) ||
                       GetLastError() == ERROR_IO_PENDING;
    return pipe->is_reading;
}

/* A write of no bytes is read as well. */
ptrdiff_t program_read(int number, void *buffer, size_t bytes)
{
    struct pipe *pipe = &pipes[number];
    while (pipe->taken == pipe->got) {
        if (!pipe->is_reading && !begin_reading(pipe))
            return end_reading(pipe, GetLastError());
        if (!GetOverlappedResult(pipe->file, &pipe->read, &pipe->got, FALSE)) {
            DWORD problem = GetLastError();
            pipe->got = 0;
            return problem == ERROR_IO_INCOMPLETE ? FEED_NOTHING_YET : end_reading(pipe, problem);
        }
        pipe->is_reading = false;
    }
    return take(pipe, buffer, bytes);
}

size_t program_held(int number)
{
    struct pipe *pipe = &pipes[number];
    DWORD in_pipe = 0, got = 0;
    PeekNamedPipe(pipe->file, NULL, 0, NULL, &in_pipe, NULL);
    if (pipe->is_reading)
        GetOverlappedResult(pipe->file, &pipe->read, &got, FALSE);
    return in_pipe + got + (pipe->got - pipe->taken);
}

void program_close(int number)
{
    struct pipe *pipe = &pipes[number];
    if (!pipe->file || pipe->file == INVALID_HANDLE_VALUE)
        return;
    if (pipe->is_reading && CancelIo(pipe->file))
        GetOverlappedResult(pipe->file, &pipe->read, &pipe->got, TRUE);
    CloseHandle(pipe->file);
    CloseHandle(pipe->read.hEvent);
    pipe->file = NULL;
}

/* ---- Starting ---- */

/* cmd.exe splits the arguments of batch files in ways that no quoting is safe from. */
static bool is_batch_file(const char *name)
{
    size_t length = strlen(name);
    const char *end = length >= 4 ? name + length - 4 : name;
    return _stricmp(end, ".bat") == 0 || _stricmp(end, ".cmd") == 0;
}

static HANDLE inherited(DWORD standard)
{
    HANDLE self = GetCurrentProcess(), own = GetStdHandle(standard), copy = NULL;
    if (own && own != INVALID_HANDLE_VALUE)
        DuplicateHandle(self, own, self, &copy, 0, TRUE, DUPLICATE_SAME_ACCESS);
    return copy;
}

static HANDLE end_for(int pipe, const HANDLE *ends, DWORD standard)
{
    return pipe == PROGRAM_INHERITS ? inherited(standard) : ends[pipe];
}

/* The job ends with its last handle, which is this process's. */
static bool bind_to_us(HANDLE program)
{
    JOBOBJECT_EXTENDED_LIMIT_INFORMATION limits = {.BasicLimitInformation.LimitFlags =
                                                       JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE};
    job = CreateJobObjectW(NULL, NULL);
    return job &&
           SetInformationJobObject(job, JobObjectExtendedLimitInformation, &limits,
                                   sizeof limits) &&
           AssignProcessToJobObject(job, program);
}

static int tell_not_started(const char *name)
{
    DWORD problem = GetLastError();
    bool is_missing = problem == ERROR_FILE_NOT_FOUND || problem == ERROR_PATH_NOT_FOUND;
    complain("cannot run '%s': %s", name, os_error());
    return is_missing ? PROGRAM_NOT_FOUND : PROGRAM_NOT_EXECUTABLE;
}

static int create(const struct program_options *options, STARTUPINFOW *start)
{
    PROCESS_INFORMATION created;
    wchar_t *line = command_line_of(options->command);
    if (!line) {
        complain("not enough memory for the command line");
        return PROGRAM_FAILED;
    }
    BOOL done =
        CreateProcessW(NULL, line, NULL, NULL, TRUE, CREATE_SUSPENDED, NULL, NULL, start, &created);
    free(line);
    if (!done)
        return tell_not_started(options->command[0]);
    process = created.hProcess;
    if (options->dies_with_us && !bind_to_us(process))
        complain("--kill-child has no effect: %s", os_error());
    ResumeThread(created.hThread);
    CloseHandle(created.hThread);
    return 0;
}

static int start_with(const struct program_options *options, const HANDLE *ends)
{
    STARTUPINFOW start = {.cb = sizeof start, .dwFlags = STARTF_USESTDHANDLES};
    start.hStdInput = inherited(STD_INPUT_HANDLE);
    start.hStdOutput = end_for(options->output, ends, STD_OUTPUT_HANDLE);
    start.hStdError = end_for(options->errors, ends, STD_ERROR_HANDLE);
    int status = create(options, &start);
    CloseHandle(start.hStdInput);
    CloseHandle(start.hStdOutput);
    if (start.hStdError != start.hStdOutput)
        CloseHandle(start.hStdError);
    return status;
}

int program_start(const struct program_options *options)
{
    HANDLE ends[PROGRAM_PIPES];
    if (is_batch_file(options->command[0])) {
        complain("cannot run '%s': it is a batch file; use -- cmd /c %s", options->command[0],
                 options->command[0]);
        return PROGRAM_NOT_EXECUTABLE;
    }
    int most = options->output > options->errors ? options->output : options->errors;
    for (int i = 0; i <= most; i++)
        if (!make_pipe(i, &ends[i]))
            return PROGRAM_FAILED;
    SetConsoleCtrlHandler(note, TRUE);
    int status = os_interrupted() != 0 ? os_interrupted() : start_with(options, ends);
    if (status != 0)
        SetConsoleCtrlHandler(note, FALSE);
    return status;
}

/* ---- Running ---- */

void program_wait(void)
{
    HANDLE wanted[PROGRAM_PIPES + 1];
    DWORD count = 0;
    for (int i = 0; i < PROGRAM_PIPES; i++)
        if (pipes[i].file && pipes[i].is_reading)
            wanted[count++] = pipes[i].read.hEvent;
    if (process)
        wanted[count++] = process;
    if (count > 0)
        WaitForMultipleObjects(count, wanted, FALSE, SLICE_MS);
    else
        Sleep(SLICE_MS);
}

bool program_has_ended(int *status)
{
    DWORD code;
    if (process && WaitForSingleObject(process, 0) == WAIT_OBJECT_0) {
        GetExitCodeProcess(process, &code);
        *status = (int)code;
        CloseHandle(process);
        process = NULL;
    }
    return process == NULL;
}

void program_forget(void)
{
    SetConsoleCtrlHandler(note, FALSE);
}
