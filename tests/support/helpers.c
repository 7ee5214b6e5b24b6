/* SPDX-License-Identifier: MIT */
/* Runs suites and their roles, and cleans up after each test. */
#include "helpers.h"

#include <inttypes.h>

#include "platform.h"

enum { LINE_BYTES = 2048, NAME_COUNT = 256, REMOVE_TRIES = 200, REMOVE_PAUSE_NS = 25000000 };

struct process {
    struct os_process *os;
    struct process *next;
    size_t used; /* bytes of the buffer that were read and not handed out yet */
    char buffer[LINE_BYTES];
    char line[LINE_BYTES];
};

/* What has to be cleaned up after a test. */
static struct {
    struct process *processes;
    mapring_ring *kept[NAME_COUNT];
    char *names[NAME_COUNT];
    size_t kept_count, name_count;
    unsigned counter;
    char directory[1024];
} left;

static const char *own_role; /* NULL in the test itself */

int64_t now_ns(void)
{
    return platform_now_ns();
}

uint64_t mix(uint64_t value)
{
    value = (value ^ value >> 31) * UINT64_C(0x7FB5D329728EA185);
    value = (value ^ value >> 27) * UINT64_C(0x81DADEF4BC2DD44D);
    return value ^ value >> 33;
}

bool tries_all(void)
{
    return os_names_outlive_handles() || getenv("MAPRING_THOROUGH");
}

uint64_t rounds_here(uint64_t rounds)
{
    return tries_all() ? rounds : rounds / 3;
}

/* ---- Checks ---- */

void check_failed(const char *file, int line, const char *format, ...)
{
    char text[2048];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    const struct mapring_error *error = mapring_last_error();
    fprintf(stderr, "%s%s%s:%d: %s\n", own_role ? own_role : "", own_role ? ": " : "", file, line,
            text);
    if (error->code)
        fprintf(stderr, "    the last failure here was %d, system %ld, ring '%s': %s\n",
                error->code, error->system, error->name, error->text);
    fflush(stderr);
    if (own_role)
        exit(99);
    _fail(file, line);
    abort();
}

void check_results(const char *file, int line, const char *call, int expected, int actual)
{
    if (actual != expected)
        check_failed(file, line, "%s is %d (%s), not %d (%s)", call, actual,
                     mapring_result_text(actual), expected, mapring_result_text(expected));
}

void check_numbers(const char *file, int line, const char *what, int64_t expected, int64_t actual)
{
    if (actual != expected)
        check_failed(file, line, "%s is %" PRId64 ", not %" PRId64, what, actual, expected);
}

void check_texts(const char *file, int line, const char *what, const char *expected,
                 const char *actual)
{
    if (!actual || strcmp(expected, actual) != 0)
        check_failed(file, line, "%s is '%s', not '%s'", what, actual ? actual : "(nothing)",
                     expected);
}

/* ---- Processes ---- */

static struct process *start(const struct process_streams *streams, const char *program,
                             const char *const *arguments)
{
    static const struct process_streams pipes;
    struct process *process = calloc(1, sizeof *process);
    check(process != NULL);
    process->os = os_process_start(program, arguments, streams ? streams : &pipes);
    if (!process->os) {
        free(process);
        check_failed(__FILE__, __LINE__, "cannot start %s", program);
    }
    process->next = left.processes;
    left.processes = process;
    return process;
}

struct process *start_program(const struct process_streams *streams, const char *program,
                              const char *const *arguments)
{
    return start(streams, program, arguments);
}

struct process *start_tool(const struct process_streams *streams, const char *const *arguments)
{
    const char *tool = getenv("MAPRING_TOOL");
    if (!tool)
        check_failed(__FILE__, __LINE__, "MAPRING_TOOL is not set: run the suite with meson test");
    return start(streams, tool, arguments);
}

struct process *start_role(const char *role, ...)
{
    const char *arguments[32] = {"--role", role};
    size_t count = 2;
    va_list more;
    va_start(more, role);
    while (count < COUNT_OF(arguments) && (arguments[count] = va_arg(more, const char *)) != NULL)
        count++;
    va_end(more);
    check(count < COUNT_OF(arguments));
    return start(NULL, os_own_program(), arguments);
}

static void process_forget(struct process *process)
{
    struct process **link = &left.processes;
    while (*link != process)
        link = &(*link)->next;
    *link = process->next;
    os_process_free(process->os);
    free(process);
}

static struct process_end wait_or_kill(struct process *process, bool *in_time)
{
    struct process_end end;
    *in_time = os_process_wait(process->os, now_ns() + TIME_LIMIT, &end);
    if (!*in_time) {
        os_process_kill(process->os);
        if (!os_process_wait(process->os, now_ns() + TIME_LIMIT, &end))
            fprintf(stderr, "process %" PRIu64 " cannot be killed\n", process_id(process));
    }
    process_forget(process);
    return end;
}

struct process_end process_wait(struct process *process)
{
    bool in_time;
    struct process_end end = wait_or_kill(process, &in_time);
    if (!in_time)
        check_failed(__FILE__, __LINE__, "a process did not end, and was killed");
    return end;
}

int process_exit_code(struct process *process)
{
    struct process_end end = process_wait(process);
    if (end.fate != PROCESS_EXITED)
        check_failed(__FILE__, __LINE__, "a process %s (%d)",
                     end.fate == PROCESS_CRASHED ? "crashed" : "was killed", end.code);
    return end.code;
}

void process_finish(struct process *process)
{
    check_number(0, process_exit_code(process));
}

void process_kill(struct process *process)
{
    bool in_time;
    os_process_kill(process->os);
    wait_or_kill(process, &in_time);
}

void process_pause(struct process *process)
{
    check(os_process_pause(process->os));
}

void process_resume(struct process *process)
{
    os_process_resume(process->os);
}

bool process_interrupt(struct process *process)
{
    return os_process_interrupt(process->os);
}

void have_console(void)
{
    os_have_console();
}

uint64_t process_id(const struct process *process)
{
    return os_process_id(process->os);
}

void process_write(struct process *process, const void *data, size_t bytes)
{
    check(os_process_write(process->os, data, bytes));
}

void process_close_input(struct process *process)
{
    os_process_close_input(process->os);
}

void process_close_output(struct process *process)
{
    os_process_close_output(process->os);
}

void process_say(struct process *process, const char *format, ...)
{
    char text[LINE_BYTES];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(text, sizeof text - 1, format, arguments);
    va_end(arguments);
    check(length >= 0 && (size_t)length < sizeof text - 1);
    text[length] = '\n';
    process_write(process, text, (size_t)length + 1);
}

/* Moves a line of `bytes`, including its end, from the buffer to where the test may see it. */
static const char *hand_out(struct process *process, size_t bytes)
{
    size_t length = bytes;
    while (length > 0 && strchr("\r\n", process->buffer[length - 1]))
        length--;
    memcpy(process->line, process->buffer, length);
    process->line[length] = '\0';
    process->used -= bytes;
    memmove(process->buffer, process->buffer + bytes, process->used);
    return process->line;
}

const char *process_line(struct process *process)
{
    int64_t deadline = now_ns() + TIME_LIMIT;
    for (;;) {
        char *end = memchr(process->buffer, '\n', process->used);
        if (end)
            return hand_out(process, (size_t)(end - process->buffer) + 1);
        check(process->used < sizeof process->buffer);
        long got = os_process_read(process->os, process->buffer + process->used,
                                   sizeof process->buffer - process->used, deadline);
        if (got < 0)
            check_failed(__FILE__, __LINE__, "a process says nothing");
        if (got == 0)
            return process->used ? hand_out(process, process->used) : NULL;
        process->used += (size_t)got;
    }
}

void process_hear(struct process *process, const char *line)
{
    check_text(line, process_line(process));
}

char *process_read_all(struct process *process, size_t *bytes)
{
    int64_t deadline = now_ns() + TIME_LIMIT;
    size_t room = 65536 + process->used, used = process->used;
    char *all = malloc(room + 1);
    memcpy(all, process->buffer, used);
    process->used = 0;
    long got;
    while ((got = os_process_read(process->os, all + used, room - used, deadline)) > 0) {
        used += (size_t)got;
        if (used == room)
            all = realloc(all, (room *= 2) + 1);
    }
    check(got == 0);
    all[used] = '\0';
    if (bytes)
        *bytes = used;
    return all;
}

/* ---- The role's side ---- */

void role_say(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vprintf(format, arguments);
    va_end(arguments);
    putchar('\n');
    fflush(stdout);
}

const char *role_line(void)
{
    static char line[LINE_BYTES];
    if (!fgets(line, sizeof line, stdin))
        exit(98);
    line[strcspn(line, "\r\n")] = '\0';
    return line;
}

void role_hear(const char *line)
{
    check_text(line, role_line());
}

/* ---- Names and files ---- */

static char *keep_name(const char *text)
{
    check(left.name_count < NAME_COUNT);
    char *copy = malloc(strlen(text) + 1);
    check(copy != NULL);
    strcpy(copy, text);
    return left.names[left.name_count++] = copy;
}

const char *new_ring_name(void)
{
    char text[64];
    snprintf(text, sizeof text, "test-%" PRIu64 "-%u", platform_process(), left.counter++);
    return keep_name(text);
}

const char *new_name_below(const char *name, const char *suffix)
{
    char text[128];
    snprintf(text, sizeof text, "%s.%s", name, suffix);
    return keep_name(text);
}

const char *new_path(const char *suffix)
{
    char text[sizeof left.directory + 64];
    if (!left.directory[0])
        check(os_make_temporary_directory(left.directory, sizeof left.directory));
    snprintf(text, sizeof text, "%s%u%s", left.directory, left.counter++, suffix);
    return keep_name(text);
}

static const char *keep_ring(const char *name, const struct mapring_options *options)
{
    check(left.kept_count < NAME_COUNT);
    check_result(MAPRING_OK, mapring_open(&left.kept[left.kept_count], name, options));
    left.kept_count++;
    return name;
}

const char *new_ring(const struct mapring_options *options)
{
    return keep_ring(new_ring_name(), options);
}

const char *new_ring_file(const struct mapring_options *options)
{
    return keep_ring(new_path(".ring"), options);
}

void write_file(const char *path, const void *data, size_t bytes)
{
    FILE *file = os_file_open(path, "wb");
    check(file != NULL);
    check_number(bytes, fwrite(data, 1, bytes, file));
    check_number(0, fclose(file));
}

char *read_file(const char *path, size_t *bytes)
{
    int64_t size = os_file_size(path);
    check(size >= 0);
    char *data = malloc((size_t)size + 1);
    check(data != NULL && (size == 0 || os_file_read_at(path, 0, data, (size_t)size)));
    data[size] = '\0';
    if (bytes)
        *bytes = (size_t)size;
    return data;
}

/* ---- Suites ---- */

int test_setup(void **state)
{
    (void)state;
    os_set_environment("MAPRING_DIR", ""); /* the user's own */
    return 0;
}

/* A killed process writes no coverage data. Ends the processes that wait for input; the others are
 * killed. */
static void let_end(void)
{
#ifdef COVERAGE
    struct process *next;
    for (struct process *process = left.processes; process; process = next) {
        struct process_end end;
        next = process->next;
        os_process_close_input(process->os);
        if (os_process_wait(process->os, now_ns() + 100 * MILLISECONDS, &end))
            process_forget(process);
    }
#endif
}

/* Retries, since a killed process may not be gone yet. The pauses are long because Wine keeps
 * something in memory for each attempt. */
static void remove_directory(const char *path)
{
    for (int tries = 0; !os_remove_tree(path); tries++) {
        if (tries == REMOVE_TRIES)
            check_failed(__FILE__, __LINE__, "somebody still has a part of %s open", path);
        platform_pause_ns(REMOVE_PAUSE_NS);
    }
}

static bool remove_below(const char *ring, void *name)
{
    size_t length = strlen(name);
    if (strncmp(ring, name, length) == 0 && ring[length] == '.')
        mapring_remove(ring, MAPRING_LOCAL, true);
    return true;
}

/* Also NAME.1, NAME.2 and so on, which a test need not know of: each thread that logs makes one. */
static void remove_ring(char *name)
{
    mapring_remove(name, MAPRING_LOCAL, true);
    mapring_remove(name, MAPRING_GLOBAL, true);
    mapring_list(MAPRING_LOCAL, remove_below, name);
}

int test_teardown(void **state)
{
    (void)state;
    os_set_environment("MAPRING_DIR", "");
    let_end();
    for (struct process *process = left.processes; process; process = process->next)
        os_process_kill(process->os);
    bool in_time;
    while (left.processes)
        wait_or_kill(left.processes, &in_time);
    while (left.kept_count > 0)
        mapring_close(left.kept[--left.kept_count]);
    while (left.name_count > 0) {
        char *name = left.names[--left.name_count];
        if (!strpbrk(name, "/\\"))
            remove_ring(name);
        free(name);
    }
    if (left.directory[0])
        remove_directory(left.directory);
    left.directory[0] = '\0';
    return 0;
}

static int run_role(int argc, char **argv, const struct role *roles, size_t count)
{
    own_role = argv[2];
    for (size_t i = 0; i < count; i++)
        if (strcmp(roles[i].name, own_role) == 0)
            return roles[i].main(argc - 3, argv + 3);
    fprintf(stderr, "there is no role '%s'\n", own_role);
    return 97;
}

/* Whether MAPRING_LEAVE_OUT, a list of names separated by spaces, contains the test. It names the
 * tests that an emulator or a sanitizer cannot run. */
static bool is_left_out(const char *test)
{
    const char *names = getenv("MAPRING_LEAVE_OUT");
    size_t length = strlen(test);
    for (const char *at = names; at && (at = strstr(at, test)); at += length)
        if ((at == names || at[-1] == ' ') && (at[length] == ' ' || at[length] == '\0'))
            return true;
    return false;
}

static int run_kept(const struct CMUnitTest *tests, size_t count)
{
    struct CMUnitTest *kept = malloc(count * sizeof *kept);
    size_t kept_count = 0;
    for (size_t i = 0; i < count; i++)
        if (is_left_out(tests[i].name))
            print_message("left out: %s\n", tests[i].name);
        else
            kept[kept_count++] = tests[i];
    int failed = _cmocka_run_group_tests("tests", kept, kept_count, NULL, NULL);
    free(kept);
    return failed ? 1 : 0;
}

int test_main(int argc, char **argv, const struct role *roles, size_t role_count,
              const struct CMUnitTest *tests, size_t test_count)
{
    os_prepare();
    if (argc > 2 && strcmp(argv[1], "--role") == 0)
        return run_role(argc, argv, roles, role_count);
    if (argc > 1)
        cmocka_set_test_filter(argv[1]);
    return run_kept(tests, test_count);
}
