/* SPDX-License-Identifier: MIT */
/* The signal that ended the command. */
#ifndef TOOLS_LINUX_INTERRUPT_H
#define TOOLS_LINUX_INTERRUPT_H

/* Dies of the signal that was caught, so that the parent process sees which signal ended the
 * command. */
void interrupt_repeat(void);

#endif
