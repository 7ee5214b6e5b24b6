/* SPDX-License-Identifier: MIT */
/*
 * What the command needs of the operating system. linux/ and windows/ provide it, in files of the
 * same names; the build chooses. Text is UTF-8. Files are numbers: 0, 1 and 2 are the standard
 * ones.
 */
#ifndef TOOLS_OS_H
#define TOOLS_OS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "text.h"

enum { STANDARD_INPUT = 0, STANDARD_OUTPUT = 1, STANDARD_ERROR = 2 };

/* ---- entry.c: calls the command with arguments in UTF-8 and binary standard files ---- */

int command_line(int argc, char **argv); /* in main.c */

/* ---- interrupt.c: signals and time ---- */

/* From now on the first signal to end is noted, and the second one ends the process. */
void os_catch_interrupts(void);

/* 0, or the exit status that tells of the signal that came: 128 and its number. On Linux a command that
 * returns it dies of that signal. */
int os_interrupted(void);

void os_pause_ms(unsigned milliseconds);
int64_t os_now_ns(void); /* only differences mean something */

/* ---- process.c ---- */

/* Whether a signal or a debugger has stopped it; false where the system does not say. */
bool os_process_is_stopped(uint64_t process);

/* ---- stream.c: reading and writing without a buffer ---- */

/* The last failure of a function of this header, in the system's words. */
const char *os_error(void);

int os_open(const char *path); /* for reading; -1: failed */
void os_close(int file);

/* What is there, but waits for the first byte. 0: the end; -1: failed, or os_interrupted(),
 * or idle_goes_on() no more. */
ptrdiff_t os_read(int file, void *buffer, size_t bytes);

enum os_written { OS_WRITTEN, OS_READER_GONE, OS_NOT_WRITTEN };

/* Writes everything. After a signal, gives up on a reader that takes nothing for a second. */
enum os_written os_write(int file, const void *data, size_t bytes);

/* How much of it the last os_write() has written; less than all when it failed. */
size_t os_bytes_written(void);

/* Whether stdio failed just now because nobody reads the other end of the pipe. */
bool os_reader_is_gone(void);

bool os_is_terminal(int file);

/* ---- view.c: named mappings, whoever made them ---- */

struct os_view {
    unsigned char *data; /* at the offset that was asked for */
    uint64_t bytes; /* from there on; when reading: to the end, rounded up to pages on Windows */
    bool created;   /* it was not there before */

    void *base; /* the rest is the system's own */
    size_t base_bytes;
    intptr_t handle;
    char name[512];
};

enum text_encoding os_view_encoding(void); /* what programs here usually have in mappings */
bool os_names_outlive_processes(void);     /* a named mapping stays when nobody has it open */

/* Creates a mapping of `size` bytes, or opens what is there and at least as large, and maps what
 * follows the offset. On failure says why and returns false. */
bool os_view_write(struct os_view *view, const char *name, uint64_t size, uint64_t offset);

/* Opens an existing mapping for reading only. On failure says why and returns false. */
bool os_view_read(struct os_view *view, const char *name, uint64_t offset);

void os_view_close(struct os_view *view);

/* Takes the name away where it would stay. */
void os_view_remove(struct os_view *view);

/* The same for a mapping that another program made. On failure, and where names go with the last
 * process that has them open, says why and returns false. */
bool os_view_remove_name(const char *name);

#endif
