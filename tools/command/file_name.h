/* SPDX-License-Identifier: MIT */
/* Names of rings that look like names of files, and are none. */
#ifndef TOOLS_FILE_NAME_H
#define TOOLS_FILE_NAME_H

#include <stdbool.h>

/* Whether the name ends as files do, as in "flight.ring", and has no folder. */
bool file_name_is_likely(const char *name);

/* A ring of that name was made: says that it is in no file. */
void file_name_tell(const char *name);

#endif
