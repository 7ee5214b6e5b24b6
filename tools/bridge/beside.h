/* SPDX-License-Identifier: MIT */
/* What a bridge keeps in files beside a ring's own, and which machine it is on. linux/ and windows/
 * implement it. Those that fail leave the reason for os_error(). */
#ifndef TOOLS_BRIDGE_BESIDE_H
#define TOOLS_BRIDGE_BESIDE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mapring/mapring.h"

enum { BESIDE_FAILED = -1, BESIDE_IS_TAKEN = -2, BESIDE_PATH_BYTES = 4096 + 512 };

/* Opens this user's file "RING+bridge-WHAT", after making it if there is none, and locks it until it
 * is closed; that of a process ends with it. */
int beside_open(const char *ring, enum mapring_scope scope, const char *what);

/* The path of another file of this user, "RING+bridge-WHATENDING", which is removed with these. */
void beside_path(const char *ring, enum mapring_scope scope, const char *what, const char *ending,
                 char path[BESIDE_PATH_BYTES]);

/* Both must do all of it. What a process has written stays if it is killed afterwards. */
bool beside_read(int file, uint64_t offset, void *data, size_t bytes);
bool beside_write(int file, uint64_t offset, const void *data, size_t bytes);

void beside_close(int file);

/* Removes these files of a ring that is gone, of any user, unless somebody has them open. */
void beside_forget(const char *ring, enum mapring_scope scope);

/* A number that no other machine has, except by an unlikely chance. */
uint64_t beside_machine(void);

#endif
