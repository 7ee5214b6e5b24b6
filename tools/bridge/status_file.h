/* SPDX-License-Identifier: MIT */
/* The files beside a ring's own in which its bridges tell about themselves, numbered from 0 to
 * STATUS_LIMIT - 1. linux/ and windows/ implement it. */
#ifndef TOOLS_BRIDGE_STATUS_FILE_H
#define TOOLS_BRIDGE_STATUS_FILE_H

#include <stddef.h>
#include <stdint.h>

#include "mapring/mapring.h"

enum { STATUS_FILE_BYTES = 2048 };

struct status_file; /* one that this process has for itself until it is closed */

enum status_file_state { STATUS_FILE_MISSING, STATUS_FILE_LEFT, STATUS_FILE_KEPT };

void status_file_path(const char *ring, enum mapring_scope scope, unsigned number, char *path,
                      size_t bytes);

/* Takes a file that is missing or was left, and maps it. NULL: os_error() says why, or another
 * process has it. */
struct status_file *status_file_take(const char *ring, enum mapring_scope scope, unsigned number);

uint64_t status_file_process(void); /* this process's number */

_Atomic uint64_t *status_file_words(struct status_file *file); /* STATUS_FILE_BYTES */

/* Lets those read it who may read the ring. */
void status_file_permit(struct status_file *file, const char *ring, enum mapring_scope scope);

void status_file_leave(struct status_file *file);
void status_file_remove(struct status_file *file);

/* Copies a file, which may change meanwhile, and says whether a process keeps it or has left it. */
enum status_file_state status_file_read(const char *ring, enum mapring_scope scope, unsigned number,
                                        uint64_t words[STATUS_FILE_BYTES / sizeof(uint64_t)]);

/* Removes a file that was left. */
void status_file_forget(const char *ring, enum mapring_scope scope, unsigned number);

#endif
