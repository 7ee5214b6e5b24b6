/* SPDX-License-Identifier: MIT */
/*
 * Runs the command under test as a shell would.
 *
 *     const struct ran *ran = RUN("stat", name, "--json");
 *     check_number(0, ran->code);
 *     struct process *receiver = START(TO(path), "recv", name, "--wait");
 */
#ifndef MAPRING_TESTS_CLI_H
#define MAPRING_TESTS_CLI_H

#include "helpers.h"

struct ran {
    int code;
    size_t bytes; /* of the output */
    char *output; /* with a terminating NUL */
    char *errors;
};

#define ARGUMENTS(...) ((const char *const[]){__VA_ARGS__, NULL})

/* Runs the command to its end, with empty standard input. The result is valid for three more
 * runs. */
#define RUN(...) run_command(ARGUMENTS(__VA_ARGS__))
const struct ran *run_command(const char *const *arguments);

/* Starts the command. If streams is NULL, they are pipes. */
#define START(streams, ...)       start_tool((streams), ARGUMENTS(__VA_ARGS__))
#define TO(path)                  (&(struct process_streams){.output = (path)})
#define APPENDED_TO(path)         (&(struct process_streams){.appended = (path)})
#define COMPLAINS_TO(path)        (&(struct process_streams){.errors = (path)})
#define TO_COMPLAINS_TO(out, err) (&(struct process_streams){.output = (out), .errors = (err)})

bool on_windows(void);

/* Makes a new file with these contents. */
const char *new_file(const void *data, size_t bytes);

/* Waits for the end of a command that was started, and returns what it wrote to the file `errors`;
 * free() it. */
char *complaint_of(struct process *process, int expected_code, const char *errors);

/* A new directory, in which names are found until the test ends or use_no_directory() is called. */
const char *use_directory(void);
void use_no_directory(void);

/* The file of the ring of that name there; valid for one more call. */
const char *file_of(const char *name);

/* The ring's statistics; all zero if there is no such ring. */
struct mapring_stat ring_stat(const char *name);
#define await_consumers(name, count) check_soon(ring_stat(name).consumers == (count))
#define await_records(name, count)   check_soon(ring_stat(name).records == (count))
#define await_producer(name, state)  check_soon(ring_stat(name).producer_state == (state))

#define check_contains(part, text)    check_contains_at(__FILE__, __LINE__, (part), (text))
#define check_begins(start, text)     check_begins_at(__FILE__, __LINE__, (start), (text))
#define check_file(path, data, bytes) check_file_at(__FILE__, __LINE__, (path), (data), (bytes))
void check_contains_at(const char *file, int line, const char *part, const char *text);
void check_begins_at(const char *file, int line, const char *start, const char *text);
void check_file_at(const char *file, int line, const char *path, const void *data, size_t bytes);

/* Checks the syntax of JSON, where Python is available. */
void check_json(const char *text, size_t bytes);

/* Lines as in a log, of 0 to some 300 bytes, the last one with its newline; free() it. */
char *make_log(size_t least_bytes, size_t *bytes, size_t *lines);

#endif
