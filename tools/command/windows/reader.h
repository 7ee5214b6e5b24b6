/* SPDX-License-Identifier: MIT */
/* Reading from a pipe or a console in a thread of its own, because Ctrl-C does not end a read. */
#ifndef TOOLS_WINDOWS_READER_H
#define TOOLS_WINDOWS_READER_H

#include <windows.h>

/* Like ReadFile(), on one file only. ERROR_OPERATION_ABORTED: a signal came first. */
BOOL reader_read(HANDLE file, void *buffer, DWORD bytes, DWORD *got);

#endif
