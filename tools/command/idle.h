/* SPDX-License-Identifier: MIT */
/* What is to be asked now and then while the command waits for input. */
#ifndef TOOLS_IDLE_H
#define TOOLS_IDLE_H

#include <stdbool.h>

/* From now on `goes_on` is asked each second. */
void idle_ask(bool (*goes_on)(void *context), void *context);

/* For who waits, each tenth of a second or so. False: the wait is to end, for good. */
bool idle_goes_on(void);

#endif
