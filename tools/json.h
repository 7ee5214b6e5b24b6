/* SPDX-License-Identifier: MIT */
/* Text that comes from elsewhere, made fit for JSON and for a terminal. */
#ifndef TOOLS_JSON_H
#define TOOLS_JSON_H

/* Writes the text in quotes to stdout. What is not UTF-8 becomes U+FFFD. */
void json_print_text(const char *text);

#endif
