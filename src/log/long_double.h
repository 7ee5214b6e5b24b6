/* SPDX-License-Identifier: MIT */
/* Long doubles, as different machines have them. */
#ifndef MAPRING_LOG_LONG_DOUBLE_H
#define MAPRING_LOG_LONG_DOUBLE_H

#include "log/packed.h"

enum { LONG_DOUBLE_BYTES = 16 };

/* Reads one of that kind, as exactly as this machine's own long double can be. */
long double long_double_read(const unsigned char bytes[LONG_DOUBLE_BYTES],
                             enum long_double_kind kind);

#endif
