/* SPDX-License-Identifier: MIT */
/* The event that other files in this directory wait for. */
#ifndef TOOLS_WINDOWS_INTERRUPT_H
#define TOOLS_WINDOWS_INTERRUPT_H

#include <windows.h>

/* Stays set once a signal has come. */
HANDLE interrupt_event(void);

#endif
