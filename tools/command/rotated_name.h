/* SPDX-License-Identifier: MIT */
/* Recognizes the names that rotation gives to the older files of one. */
#ifndef TOOLS_ROTATED_NAME_H
#define TOOLS_ROTATED_NAME_H

#include <stdbool.h>

/* Whether `name` is that of an older file of `file`, both without a folder: ".old", a number or a
 * time was added, as in app.log.old, app.log.1 and app.log-20261129; or at least a day before the
 * suffix, as in app-2026-11-29.log. So not app-2.log, which may be another program's; and not what
 * was compressed. */
bool rotated_name_is_of(const char *name, const char *file);

#endif
