/* SPDX-License-Identifier: MIT */
/* A check that is repeated while the command waits for input. */
#ifndef TOOLS_IDLE_H
#define TOOLS_IDLE_H

#include <stdbool.h>

/* From now on `goes_on` is called once a second. */
void idle_ask(bool (*goes_on)(void *context), void *context);

/* Call about ten times a second while waiting. False: stop waiting, for good. */
bool idle_goes_on(void);

#endif
