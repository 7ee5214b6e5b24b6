/* SPDX-License-Identifier: MIT */
/* The signal that ended the command. */
#ifndef TOOLS_LINUX_INTERRUPT_H
#define TOOLS_LINUX_INTERRUPT_H

/* Dies of the signal that was caught, as whoever started the command expects of one that it ended. */
void interrupt_repeat(void);

#endif
