/* SPDX-License-Identifier: MIT */
/* Reads a pipe or a console in a thread of its own, because Ctrl-C does not end a read. */
#ifndef TOOLS_WINDOWS_READER_H
#define TOOLS_WINDOWS_READER_H

#include <windows.h>

/* Like ReadFile(), but every call must be for the same file. Fails with ERROR_OPERATION_ABORTED if
 * a signal came or idle_goes_on() said no. */
BOOL reader_read(HANDLE file, void *buffer, DWORD bytes, DWORD *got);

#endif
