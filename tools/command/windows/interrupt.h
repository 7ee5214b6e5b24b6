/* SPDX-License-Identifier: MIT */
/* For those who wait in this folder. */
#ifndef TOOLS_WINDOWS_INTERRUPT_H
#define TOOLS_WINDOWS_INTERRUPT_H

#include <windows.h>

/* Set for good once a signal has come. */
HANDLE interrupt_event(void);

#endif
