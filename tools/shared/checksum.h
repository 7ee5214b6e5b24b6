/* SPDX-License-Identifier: MIT */
/* The CRC-32 of Ethernet, gzip and zlib. */
#ifndef TOOLS_CHECKSUM_H
#define TOOLS_CHECKSUM_H

#include <stddef.h>
#include <stdint.h>

/* Continues the checksum of what came before; begins with 0. */
uint32_t checksum(uint32_t before, const void *data, size_t bytes);

#endif
