/* SPDX-License-Identifier: MIT */
/* Ctrl-C and other events that end a console program, and time. */
#include "interrupt.h"

#include "shared/os.h"

enum { INTERRUPT = 2, TERMINATE = 15, LAST_WAIT_MS = 5000 };

static volatile LONG caught;
static HANDLE event;

HANDLE interrupt_event(void)
{
    return event;
}

/* Runs in a thread of its own. Unless the event is Ctrl-C or Ctrl-Break, the process ends when this
 * function returns; sleeping gives the command time to finish. */
static BOOL WINAPI note(DWORD kind)
{
    LONG signal = kind == CTRL_C_EVENT ? INTERRUPT : TERMINATE;
    if (InterlockedCompareExchange(&caught, signal, 0) != 0)
        return FALSE;
    SetEvent(event);
    if (kind != CTRL_C_EVENT && kind != CTRL_BREAK_EVENT)
        Sleep(LAST_WAIT_MS);
    return TRUE;
}

void os_catch_interrupts(void)
{
    event = CreateEventW(NULL, TRUE, FALSE, NULL);
    /* A parent may have disabled Ctrl-C for its children. */
    SetConsoleCtrlHandler(NULL, FALSE);
    SetConsoleCtrlHandler(note, TRUE);
}

int os_interrupted(void)
{
    LONG signal = InterlockedCompareExchange(&caught, 0, 0);
    return signal != 0 ? 128 + (int)signal : 0;
}

void os_catch_hang_ups(void)
{
}

bool os_hung_up(void)
{
    return false;
}

void os_pause_ms(unsigned milliseconds)
{
    WaitForSingleObject(event, milliseconds);
}

int64_t os_now_ns(void)
{
    LARGE_INTEGER frequency, now;
    QueryPerformanceFrequency(&frequency);
    QueryPerformanceCounter(&now);
    return (int64_t)((double)now.QuadPart * 1e9 / (double)frequency.QuadPart);
}

/* A FILETIME counts in 100 ns since 1601. */
#define UNITS_TO_1970 UINT64_C(116444736000000000)

uint64_t os_time_ns(void)
{
    FILETIME now;
    GetSystemTimePreciseAsFileTime(&now);
    uint64_t units = (uint64_t)now.dwHighDateTime << 32 | now.dwLowDateTime;
    return (units - UNITS_TO_1970) * 100;
}
