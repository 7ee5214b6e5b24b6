/* SPDX-License-Identifier: MIT */
/* Imitates what Windows has and the present Wine lacks, for the copy of the library that the suites
 * of failing calls use. */
#ifndef MAPRING_TESTS_WINDOWS_PLAY_H
#define MAPRING_TESTS_WINDOWS_PLAY_H

#include <stdbool.h>

/* If wanted, VirtualAlloc2() and MapViewOfFile3() know placeholders from now on, even if the system
 * does not. */
void play_placeholders(bool wanted);

#endif
