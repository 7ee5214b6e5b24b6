/* SPDX-License-Identifier: MIT */
/* What Windows has and this Wine has not, played by what it has, for the library of the suites of
 * failing calls. */
#ifndef MAPRING_TESTS_WINDOWS_PLAY_H
#define MAPRING_TESTS_WINDOWS_PLAY_H

#include <stdbool.h>

/* VirtualAlloc2() and MapViewOfFile3() know placeholders from now on, or as far as the system. */
void play_placeholders(bool wanted);

#endif
