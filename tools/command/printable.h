/* SPDX-License-Identifier: MIT */
/* Makes untrusted text safe to print. */
#ifndef TOOLS_PRINTABLE_H
#define TOOLS_PRINTABLE_H

/* Replaces each byte of control characters, and of what is not UTF-8, by a question mark. */
void make_printable(char *text);

#endif
