/* SPDX-License-Identifier: MIT */
/* Runs the command under test as a shell would. */
#include "cli.h"

enum { KEPT_RUNS = 4 };

const struct ran *run_command(const char *const *arguments)
{
    static struct ran runs[KEPT_RUNS];
    static unsigned next;
    struct ran *ran = &runs[next++ % KEPT_RUNS];
    const char *errors = new_path(".errors");
    free(ran->output);
    free(ran->errors);
    *ran = (struct ran){0};
    struct process *process = start_tool(COMPLAINS_TO(errors), arguments);
    process_close_input(process);
    ran->output = process_read_all(process, &ran->bytes);
    ran->code = process_exit_code(process);
    ran->errors = read_file(errors, NULL);
    return ran;
}

char *complaint_of(struct process *process, int expected_code, const char *errors)
{
    int code = process_exit_code(process);
    char *text = read_file(errors, NULL);
    if (code != expected_code)
        check_failed(__FILE__, __LINE__, "the command ended with %d, not %d, and said: %s", code,
                     expected_code, text);
    return text;
}

bool on_windows(void)
{
    const char *system = getenv("MAPRING_SYSTEM");
    return system && strcmp(system, "windows") == 0;
}

const char *new_file(const void *data, size_t bytes)
{
    const char *path = new_path(".input");
    write_file(path, data, bytes);
    return path;
}

static const char *directory;

const char *use_directory(void)
{
    directory = new_path("-rings");
    check(os_make_directory(directory));
    os_set_environment("MAPRING_DIR", directory);
    return directory;
}

void use_no_directory(void)
{
    os_set_environment("MAPRING_DIR", "");
}

const char *file_of(const char *name)
{
    static char paths[2][1200];
    static unsigned next;
    char *path = paths[next++ % 2];
    snprintf(path, sizeof paths[0], "%s/%s.ring", directory, name);
    return path;
}

struct mapring_stat ring_stat(const char *name)
{
    const struct mapring_options attach = {.how = MAPRING_ATTACH};
    struct mapring_stat stat = {0};
    mapring_ring *ring;
    if (mapring_open(&ring, name, &attach) != MAPRING_OK)
        return stat;
    check_result(MAPRING_OK, mapring_stat(ring, &stat));
    mapring_close(ring);
    return stat;
}

void check_contains_at(const char *file, int line, const char *part, const char *text)
{
    if (!strstr(text, part))
        check_failed(file, line, "'%s' is not in '%s'", part, text);
}

void check_begins_at(const char *file, int line, const char *start, const char *text)
{
    if (strncmp(start, text, strlen(start)) != 0)
        check_failed(file, line, "'%s' does not begin with '%s'", text, start);
}

void check_file_at(const char *file, int line, const char *path, const void *data, size_t bytes)
{
    size_t got = 0, same = 0;
    char *there = read_file(path, &got);
    const char *expected = data;
    while (same < bytes && same < got && there[same] == expected[same])
        same++;
    free(there);
    if (same != bytes || same != got)
        check_failed(file, line, "%s has %zu bytes, not %zu, and is right up to byte %zu", path,
                     got, bytes, same);
}

void check_json(const char *text, size_t bytes)
{
    static const char python[] = "/usr/bin/python3";
    if (on_windows() || os_file_size(python) < 0)
        return;
    const char *result = new_path(".json");
    const struct process_streams streams = {.input = new_file(text, bytes), .output = result};
    process_finish(start_program(&streams, python, ARGUMENTS("-m", "json.tool")));
}

char *make_log(size_t least_bytes, size_t *bytes, size_t *lines)
{
    char *log = malloc(least_bytes + 512), *at = log;
    uint32_t random = 1;
    size_t count = 0;
    check(log != NULL);
    while ((size_t)(at - log) < least_bytes) {
        random = random * 1664525 + 1013904223;
        unsigned words = random >> 27;
        if (words > 0)
            at += sprintf(at, "2026-01-01T00:00:%02zu host app[%u]:", count % 60, random >> 16);
        while (words-- > 0)
            at += sprintf(at, " word%02u", words);
        *at++ = '\n';
        count++;
    }
    *bytes = (size_t)(at - log);
    *lines = count;
    return log;
}
