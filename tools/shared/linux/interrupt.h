/* SPDX-License-Identifier: MIT */
/* The signals that end the command. */
#ifndef TOOLS_LINUX_INTERRUPT_H
#define TOOLS_LINUX_INTERRUPT_H

/* Dies of the signal that was caught, so that the parent process sees which signal ended the
 * command. */
void interrupt_repeat(void);

/* Records a signal as if it had been caught. */
void interrupt_note(int signal);

/* Undoes os_catch_interrupts(), in a process that is about to become another program. */
void interrupt_give_back(void);

#endif
