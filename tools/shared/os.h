/* SPDX-License-Identifier: MIT */
/*
 * What the command and the benchmarks need of the operating system. linux/ and windows/ implement it in files of
 * the same names; the build chooses one of them. Text is UTF-8. Files are descriptors; 0, 1 and 2
 * are the standard ones.
 */
#ifndef TOOLS_SHARED_OS_H
#define TOOLS_SHARED_OS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "text.h"

enum { STANDARD_INPUT = 0, STANDARD_OUTPUT = 1, STANDARD_ERROR = 2 };

/* ---- interrupt.c: signals and time ---- */

/* From now on the first signal that would end the process is recorded, and the second one ends
 * it. */
void os_catch_interrupts(void);

/* 0, or the exit status for the signal that came: 128 plus its number. On Linux a command that
 * returns it dies of that signal. */
int os_interrupted(void);

/* From now on SIGHUP does not end the process, unless it was ignored anyway; os_hung_up() says
 * whether one came since it was last called. Windows has no such signal. */
void os_catch_hang_ups(void);
bool os_hung_up(void);

void os_pause_ms(unsigned milliseconds);
int64_t os_now_ns(void);   /* only differences are meaningful */
uint64_t os_time_ns(void); /* nanoseconds since 1970 */

/* ---- stream.c: unbuffered reading and writing ---- */

/* The error of the last function of this header that failed, as the system words it. */
const char *os_error(void);

int os_open(const char *path); /* for reading; -1: failed */
void os_close(int file);

/* Reads what is available, waiting for the first byte. 0: end of file; -1: failed, or a signal
 * came, or idle_goes_on() said no. */
ptrdiff_t os_read(int file, void *buffer, size_t bytes);

enum os_written { OS_WRITTEN, OS_READER_GONE, OS_NOT_WRITTEN };

/* Writes everything. After a signal, gives up if the reader accepts nothing for a second. */
enum os_written os_write(int file, const void *data, size_t bytes);

/* How many bytes the last os_write() wrote; fewer than requested if it failed. */
size_t os_bytes_written(void);

/* Whether stdio has just failed because the reader of the pipe is gone. */
bool os_reader_is_gone(void);

bool os_is_terminal(int file);

/* ---- base.c ---- */

/* The directory of MAPRING_DIR, by the library's rule; NULL: it is not set. */
const char *os_base(void);

/* ---- view.c: named mappings, whichever program created them ---- */

struct os_view {
    unsigned char *data; /* at the requested offset */
    uint64_t bytes;      /* from there on; when reading: up to the end, in whole pages on Windows */
    bool created;        /* it did not exist before */

    void *base; /* the rest is private to view.c */
    size_t base_bytes;
    intptr_t handle;
    char name[512];
};

enum text_encoding os_view_encoding(void); /* what programs on this system usually use */
bool os_names_outlive_processes(void);     /* whether a mapping stays when no process has it open */

/* Creates a mapping of `size` bytes, or opens an existing one that is at least as large, and maps
 * it from the offset on. On failure prints why and returns false. */
bool os_view_write(struct os_view *view, const char *name, uint64_t size, uint64_t offset);

/* Opens an existing mapping for reading only. On failure prints why and returns false. */
bool os_view_read(struct os_view *view, const char *name, uint64_t offset);

void os_view_close(struct os_view *view);

/* Removes the name on systems where it would stay. */
void os_view_remove(struct os_view *view);

/* Removes the name of a mapping that another program created. On failure, and on systems where a
 * name disappears with the last process that has it open, prints why and returns false. */
bool os_view_remove_name(const char *name);

#endif
