/* SPDX-License-Identifier: MIT */
/* The operating system part of the helpers, for Windows. */
#include "os.h"

#include <windows.h>

#include <fcntl.h>
#include <io.h>
#include <stdlib.h>
#include <string.h>
#include <winioctl.h>

#include "platform.h"

enum { KILLED_CODE = 0x4B494C4C, PATH_CHARACTERS = 4096, PIPE_BYTES = 65536 };

LONG WINAPI NtSuspendProcess(HANDLE process);
LONG WINAPI NtResumeProcess(HANDLE process);

struct os_process {
    HANDLE process;
    DWORD id;
    HANDLE input, output; /* the test's ends of the pipes; NULL: none */
    HANDLE readable;      /* event of an overlapped read */
};

static void report(const char *what)
{
    fprintf(stderr, "%s: Windows error %lu\n", what, GetLastError());
}

static wchar_t *wide(const char *text)
{
    int length = MultiByteToWideChar(CP_UTF8, 0, text, -1, NULL, 0);
    wchar_t *result = calloc((size_t)length + 1, sizeof *result);
    MultiByteToWideChar(CP_UTF8, 0, text, -1, result, length);
    return result;
}

static char *narrow(const wchar_t *text)
{
    int length = WideCharToMultiByte(CP_UTF8, 0, text, -1, NULL, 0, NULL, NULL);
    char *result = calloc((size_t)length + 1, 1);
    WideCharToMultiByte(CP_UTF8, 0, text, -1, result, length, NULL, NULL);
    return result;
}

static void close_handle(HANDLE *handle)
{
    if (*handle && *handle != INVALID_HANDLE_VALUE)
        CloseHandle(*handle);
    *handle = NULL;
}

/* ---- Processes ---- */

/* Quotes an argument by the rules that programs use to split their command line: a backslash is
 * special only before a quotation mark. */
static void append_quoted(char *line, const char *argument)
{
    char *at = line + strlen(line);
    *at++ = '"';
    size_t backslashes = 0;
    for (; *argument; argument++) {
        size_t more = *argument == '"' ? backslashes + 1 : 0;
        while (more-- > 0)
            *at++ = '\\';
        backslashes = *argument == '\\' ? backslashes + 1 : 0;
        *at++ = *argument;
    }
    while (backslashes-- > 0)
        *at++ = '\\';
    *at++ = '"';
    *at = '\0';
}

static wchar_t *command_line(const char *program, const char *const *arguments)
{
    size_t bytes = 2 * strlen(program) + 8;
    for (const char *const *argument = arguments; *argument; argument++)
        bytes += 2 * strlen(*argument) + 8;
    char *line = calloc(bytes, 1);
    append_quoted(line, program);
    for (const char *const *argument = arguments; *argument; argument++) {
        strcat(line, " ");
        append_quoted(line, *argument);
    }
    wchar_t *result = wide(line);
    free(line);
    return result;
}

static SECURITY_ATTRIBUTES inheritable = {sizeof inheritable, NULL, TRUE};

static bool open_redirection(const char *path, bool is_input, HANDLE *theirs)
{
    wchar_t *file = wide(path);
    *theirs = CreateFileW(file, is_input ? GENERIC_READ : GENERIC_WRITE,
                          FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, &inheritable,
                          is_input ? OPEN_EXISTING : CREATE_ALWAYS, FILE_ATTRIBUTE_NORMAL, NULL);
    free(file);
    return *theirs != INVALID_HANDLE_VALUE;
}

static bool open_input(const char *path, HANDLE *theirs, HANDLE *ours)
{
    if (path)
        return open_redirection(path, true, theirs);
    return CreatePipe(theirs, ours, &inheritable, PIPE_BYTES) &&
           SetHandleInformation(*ours, HANDLE_FLAG_INHERIT, 0);
}

/* Uses a named pipe, since anonymous pipes cannot be read with a time limit. */
static bool open_output(const char *path, HANDLE *theirs, HANDLE *ours)
{
    static unsigned counter;
    wchar_t name[80];
    if (path)
        return open_redirection(path, false, theirs);
    swprintf(name, 80, L"\\\\.\\pipe\\mapring-test-%lu-%u", GetCurrentProcessId(), counter++);
    *ours = CreateNamedPipeW(name, PIPE_ACCESS_INBOUND | FILE_FLAG_OVERLAPPED, PIPE_TYPE_BYTE, 1,
                             PIPE_BYTES, PIPE_BYTES, 0, NULL);
    *theirs = CreateFileW(name, GENERIC_WRITE, 0, &inheritable, OPEN_EXISTING, 0, NULL);
    return *ours != INVALID_HANDLE_VALUE && *theirs != INVALID_HANDLE_VALUE;
}

/* Opens a file as a shell's >> does. */
static bool open_appended(const char *path, HANDLE *theirs)
{
    wchar_t *file = wide(path);
    *theirs = CreateFileW(file, GENERIC_WRITE,
                          FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, &inheritable,
                          OPEN_ALWAYS, FILE_ATTRIBUTE_NORMAL, NULL);
    free(file);
    return *theirs != INVALID_HANDLE_VALUE &&
           SetFilePointer(*theirs, 0, NULL, FILE_END) != INVALID_SET_FILE_POINTER;
}

/* A job that makes children die with the test, however the test ends. */
static HANDLE job(void)
{
    static HANDLE handle;
    if (!handle) {
        JOBOBJECT_EXTENDED_LIMIT_INFORMATION limits = {0};
        limits.BasicLimitInformation.LimitFlags = JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE;
        handle = CreateJobObjectW(NULL, NULL);
        SetInformationJobObject(handle, JobObjectExtendedLimitInformation, &limits, sizeof limits);
    }
    return handle;
}

/* Under load, Wine occasionally fails with an internal error, so several attempts are made. */
static bool create_process(wchar_t *file, wchar_t *line, STARTUPINFOW *start,
                           PROCESS_INFORMATION *made)
{
    for (int tries = 5; tries > 0; tries--) {
        if (CreateProcessW(file, line, NULL, NULL, TRUE, CREATE_NEW_PROCESS_GROUP, NULL, NULL,
                           start, made))
            return true;
        if (GetLastError() != ERROR_INTERNAL_ERROR)
            break;
    }
    return false;
}

static bool create(struct os_process *process, const char *program, const char *const *arguments,
                   const HANDLE streams[3])
{
    STARTUPINFOW start = {.cb = sizeof start, .dwFlags = STARTF_USESTDHANDLES};
    PROCESS_INFORMATION made;
    start.hStdInput = streams[0];
    start.hStdOutput = streams[1];
    start.hStdError = streams[2] ? streams[2] : GetStdHandle(STD_ERROR_HANDLE);
    wchar_t *file = wide(program), *line = command_line(program, arguments);
    fflush(NULL);
    bool created = create_process(file, line, &start, &made);
    free(file);
    free(line);
    if (!created)
        return false;
    CloseHandle(made.hThread);
    process->process = made.hProcess;
    process->id = made.dwProcessId;
    AssignProcessToJobObject(job(), made.hProcess);
    return true;
}

struct os_process *os_process_start(const char *program, const char *const *arguments,
                                    const struct process_streams *streams)
{
    HANDLE theirs[3] = {NULL, NULL, NULL};
    struct os_process *process = calloc(1, sizeof *process);
    bool started = open_input(streams->input, &theirs[0], &process->input) &&
                   (streams->appended
                        ? open_appended(streams->appended, &theirs[1])
                        : open_output(streams->output, &theirs[1], &process->output)) &&
                   (!streams->errors || open_redirection(streams->errors, false, &theirs[2])) &&
                   create(process, program, arguments, theirs);
    if (!started)
        report("start of a process");
    for (int i = 0; i < 3; i++)
        close_handle(&theirs[i]);
    if (started) {
        process->readable = CreateEventW(NULL, TRUE, FALSE, NULL);
        return process;
    }
    os_process_free(process);
    return NULL;
}

static DWORD milliseconds_until(int64_t deadline)
{
    int64_t left = deadline - platform_now_ns();
    return left > 0 ? (DWORD)(left / 1000000) + 1 : 0;
}

long os_process_read(struct os_process *process, void *buffer, size_t bytes, int64_t deadline)
{
    OVERLAPPED overlapped = {.hEvent = process->readable};
    DWORD got = 0;
    bool late = false;
    if (!ReadFile(process->output, buffer, (DWORD)bytes, NULL, &overlapped)) {
        if (GetLastError() != ERROR_IO_PENDING)
            return 0;
        late = WaitForSingleObject(process->readable, milliseconds_until(deadline)) == WAIT_TIMEOUT;
        if (late)
            CancelIo(process->output);
    }
    bool done = GetOverlappedResult(process->output, &overlapped, &got, TRUE);
    if (late && !done)
        return -1;
    return done ? (long)got : 0;
}

bool os_process_write(struct os_process *process, const void *data, size_t bytes)
{
    const char *at = data;
    while (bytes > 0) {
        DWORD done, part = bytes < PIPE_BYTES ? (DWORD)bytes : PIPE_BYTES;
        if (!WriteFile(process->input, at, part, &done, NULL))
            return false;
        at += done;
        bytes -= done;
    }
    return true;
}

void os_process_close_input(struct os_process *process)
{
    close_handle(&process->input);
}

void os_process_close_output(struct os_process *process)
{
    close_handle(&process->output);
}

bool os_process_wait(struct os_process *process, int64_t deadline, struct process_end *end)
{
    DWORD code;
    if (WaitForSingleObject(process->process, milliseconds_until(deadline)) != WAIT_OBJECT_0 ||
        !GetExitCodeProcess(process->process, &code))
        return false;
    end->code = (int)code;
    end->fate = code == KILLED_CODE  ? PROCESS_KILLED
                : code >= 0xC0000000 ? PROCESS_CRASHED
                                     : PROCESS_EXITED;
    return true;
}

void os_process_kill(struct os_process *process)
{
    TerminateProcess(process->process, KILLED_CODE);
}

bool os_process_pause(struct os_process *process)
{
    return NtSuspendProcess(process->process) >= 0;
}

void os_process_resume(struct os_process *process)
{
    NtResumeProcess(process->process);
}

bool os_process_interrupt(struct os_process *process)
{
    /* Wine does not know Ctrl-Break, and Windows does not know Ctrl-C for a process group. */
    return GenerateConsoleCtrlEvent(CTRL_BREAK_EVENT, process->id) ||
           GenerateConsoleCtrlEvent(CTRL_C_EVENT, process->id);
}

/* Makes a console, once. Without a display, Wine's console has no window and answers nothing, but
 * it passes events on. A new console takes over the standard streams, so they are restored. */
void os_have_console(void)
{
    static const DWORD streams[] = {STD_INPUT_HANDLE, STD_OUTPUT_HANDLE, STD_ERROR_HANDLE};
    static bool done;
    HANDLE kept[3];
    if (done || GetConsoleCP() != 0)
        return;
    done = true;
    for (int i = 0; i < 3; i++)
        kept[i] = GetStdHandle(streams[i]);
    FreeConsole(); /* under Wine, it may be a mere Unix file */
    if (!AllocConsole())
        report("AllocConsole");
    for (int i = 0; i < 3; i++)
        SetStdHandle(streams[i], kept[i]);
}

uint64_t os_process_id(const struct os_process *process)
{
    return process->id;
}

void os_process_free(struct os_process *process)
{
    close_handle(&process->input);
    close_handle(&process->output);
    close_handle(&process->readable);
    close_handle(&process->process);
    free(process);
}

/* ---- This process ---- */

int _dowildcard = 0; /* the start of a program expands no patterns */
int main(int argc, char **argv);
int wmain(int argc, wchar_t **wide_arguments);

/* Gives a test UTF-8. */
int wmain(int argc, wchar_t **wide_arguments)
{
    char **argv = calloc((size_t)argc + 1, sizeof *argv);
    for (int i = 0; i < argc; i++)
        argv[i] = narrow(wide_arguments[i]);
    return main(argc, argv);
}

void os_prepare(void)
{
    SetErrorMode(SEM_FAILCRITICALERRORS | SEM_NOGPFAULTERRORBOX);
    _setmode(_fileno(stdin), _O_BINARY);
    _setmode(_fileno(stdout), _O_BINARY);
    _setmode(_fileno(stderr), _O_BINARY);
    setvbuf(stderr, NULL, _IONBF, 0);
}

static LONG WINAPI end_with_code(EXCEPTION_POINTERS *exception)
{
    TerminateProcess(GetCurrentProcess(), exception->ExceptionRecord->ExceptionCode);
    return EXCEPTION_EXECUTE_HANDLER;
}

void os_crash_plainly(void)
{
    SetUnhandledExceptionFilter(end_with_code);
}

const char *os_own_program(void)
{
    static char *path;
    wchar_t name[PATH_CHARACTERS];
    if (!path && GetModuleFileNameW(NULL, name, PATH_CHARACTERS))
        path = narrow(name);
    return path;
}

void os_set_environment(const char *name, const char *value)
{
    SetEnvironmentVariableA(name, value);
}

int64_t os_cpu_ns(void)
{
    FILETIME created, ended, kernel, user;
    GetProcessTimes(GetCurrentProcess(), &created, &ended, &kernel, &user);
    int64_t ticks = ((int64_t)kernel.dwHighDateTime << 32 | kernel.dwLowDateTime) +
                    ((int64_t)user.dwHighDateTime << 32 | user.dwLowDateTime);
    return ticks * 100;
}

bool os_drop_privileges(void)
{
    return false;
}

void os_yield(void)
{
    SwitchToThread();
}

/* ---- Files ---- */

/* Process ids are used again, and what an earlier process left may still be there. */
bool os_make_temporary_directory(char *path, size_t bytes)
{
    static unsigned counter;
    wchar_t base[MAX_PATH + 1], name[MAX_PATH + 64];
    if (!GetTempPathW(MAX_PATH + 1, base))
        return false;
    bool made;
    do {
        swprintf(name, MAX_PATH + 64, L"%lsmapring-test-%lu-%u\\", base, GetCurrentProcessId(),
                 counter++);
        made = CreateDirectoryW(name, NULL);
    } while (!made && GetLastError() == ERROR_ALREADY_EXISTS);
    char *text = narrow(name);
    snprintf(path, bytes, "%s", text);
    free(text);
    return made;
}

static void remove_entry(const char *directory, const WIN32_FIND_DATAW *found)
{
    char path[PATH_CHARACTERS];
    char *name = narrow(found->cFileName);
    snprintf(path, sizeof path, "%s%s", directory, name);
    wchar_t *file = wide(path);
    if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0) {
        /* not real entries */
    } else if (found->dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY) {
        strncat(path, "\\", sizeof path - strlen(path) - 1);
        os_remove_tree(path);
    } else {
        SetFileAttributesW(file, FILE_ATTRIBUTE_NORMAL);
        DeleteFileW(file);
    }
    free(file);
    free(name);
}

bool os_remove_tree(const char *path)
{
    char pattern[PATH_CHARACTERS];
    WIN32_FIND_DATAW found;
    snprintf(pattern, sizeof pattern, "%s*", path);
    wchar_t *search = wide(pattern), *directory = wide(path);
    HANDLE handle = FindFirstFileW(search, &found);
    if (handle != INVALID_HANDLE_VALUE) {
        do
            remove_entry(path, &found);
        while (FindNextFileW(handle, &found));
        FindClose(handle);
    }
    bool removed = RemoveDirectoryW(directory);
    free(search);
    free(directory);
    return removed;
}

bool os_make_directory(const char *path)
{
    wchar_t *name = wide(path);
    bool made = CreateDirectoryW(name, NULL);
    free(name);
    return made;
}

bool os_make_read_only(const char *path)
{
    wchar_t *name = wide(path);
    bool done = SetFileAttributesW(name, FILE_ATTRIBUTE_READONLY);
    free(name);
    return done;
}

FILE *os_file_open(const char *path, const char *mode)
{
    wchar_t *name = wide(path), *how = wide(mode);
    FILE *file = _wfopen(name, how);
    free(name);
    free(how);
    return file;
}

static HANDLE open_file(const char *path, DWORD access)
{
    wchar_t *name = wide(path);
    HANDLE file = CreateFileW(name, access, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
                              NULL, OPEN_EXISTING, FILE_ATTRIBUTE_NORMAL, NULL);
    free(name);
    return file == INVALID_HANDLE_VALUE ? NULL : file;
}

int64_t os_file_size(const char *path)
{
    LARGE_INTEGER size = {.QuadPart = -1};
    HANDLE file = open_file(path, GENERIC_READ);
    if (file && !GetFileSizeEx(file, &size))
        size.QuadPart = -1;
    close_handle(&file);
    return size.QuadPart;
}

bool os_file_resize(const char *path, int64_t bytes)
{
    DWORD ignored;
    HANDLE file = open_file(path, GENERIC_READ | GENERIC_WRITE);
    if (!file)
        return false;
    DeviceIoControl(file, FSCTL_SET_SPARSE, NULL, 0, NULL, 0, &ignored, NULL);
    bool done = SetFilePointerEx(file, (LARGE_INTEGER){.QuadPart = bytes}, NULL, FILE_BEGIN) &&
                SetEndOfFile(file);
    close_handle(&file);
    return done;
}

bool os_file_set_written(const char *path, int seconds)
{
    ULARGE_INTEGER time;
    FILETIME now;
    HANDLE file = open_file(path, GENERIC_READ | GENERIC_WRITE);
    if (!file)
        return false;
    GetSystemTimeAsFileTime(&now);
    time.LowPart = now.dwLowDateTime, time.HighPart = now.dwHighDateTime;
    time.QuadPart += (ULONGLONG)((int64_t)seconds * 10000000);
    now = (FILETIME){time.LowPart, time.HighPart};
    bool done = SetFileTime(file, NULL, NULL, &now);
    close_handle(&file);
    return done;
}

static OVERLAPPED at_offset(int64_t offset)
{
    return (OVERLAPPED){.Offset = (DWORD)offset, .OffsetHigh = (DWORD)(offset >> 32)};
}

bool os_file_write_at(const char *path, int64_t offset, const void *data, size_t bytes)
{
    OVERLAPPED place = at_offset(offset);
    DWORD done = 0;
    HANDLE file = open_file(path, GENERIC_WRITE);
    bool written = file && WriteFile(file, data, (DWORD)bytes, &done, &place) && done == bytes;
    close_handle(&file);
    return written;
}

bool os_file_read_at(const char *path, int64_t offset, void *data, size_t bytes)
{
    OVERLAPPED place = at_offset(offset);
    DWORD done = 0;
    HANDLE file = open_file(path, GENERIC_READ);
    bool got = file && ReadFile(file, data, (DWORD)bytes, &done, &place) && done == bytes;
    close_handle(&file);
    return got;
}

bool os_names_outlive_handles(void)
{
    return false;
}

bool os_is_root(void)
{
    return false;
}

bool os_is_sanitized(void)
{
    return false;
}

int os_wait_for_any(const intptr_t *handles, size_t count, int64_t timeout_ns)
{
    HANDLE all[8] = {NULL};
    for (size_t i = 0; i < count; i++)
        all[i] = (HANDLE)handles[i];
    DWORD result = WaitForMultipleObjects((DWORD)count, all, FALSE, (DWORD)(timeout_ns / 1000000));
    return result < WAIT_OBJECT_0 + count ? (int)(result - WAIT_OBJECT_0) : -1;
}

/* ---- Threads ---- */

struct os_thread {
    HANDLE handle;
    int (*run)(void *context);
    void *context;
    int result;
};

static DWORD WINAPI run_thread(void *argument)
{
    struct os_thread *thread = argument;
    thread->result = thread->run(thread->context);
    return 0;
}

struct os_thread *os_thread_start(int (*run)(void *context), void *context)
{
    struct os_thread *thread = calloc(1, sizeof *thread);
    thread->run = run;
    thread->context = context;
    thread->handle = CreateThread(NULL, 0, run_thread, thread, 0, NULL);
    if (!thread->handle)
        abort();
    return thread;
}

int os_thread_join(struct os_thread *thread)
{
    WaitForSingleObject(thread->handle, INFINITE);
    int result = thread->result;
    CloseHandle(thread->handle);
    free(thread);
    return result;
}

bool os_pin(unsigned processor)
{
    return SetThreadAffinityMask(GetCurrentThread(), (DWORD_PTR)1 << processor) != 0;
}

/* ---- Libraries: os_library is the handle of the module ---- */

struct os_library *os_library_load(const char *path)
{
    wchar_t *file = wide(path);
    HMODULE module = LoadLibraryW(file);
    if (!module)
        report(path);
    free(file);
    return (struct os_library *)(void *)module;
}

void *os_library_symbol(struct os_library *library, const char *name)
{
    union {
        FARPROC function;
        void *address;
    } is = {.function = GetProcAddress((HMODULE)(void *)library, name)};
    return is.address;
}

void os_library_unload(struct os_library *library)
{
    FreeLibrary((HMODULE)(void *)library);
}

bool os_library_is_loaded(const char *path)
{
    wchar_t *file = wide(path);
    bool is_loaded = GetModuleHandleW(file) != NULL;
    free(file);
    return is_loaded;
}
