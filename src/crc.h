/* SPDX-License-Identifier: MIT */
/* CRC-32C, the checksum of iSCSI (RFC 3720) and of many file systems. */
#ifndef MAPRING_CRC_H
#define MAPRING_CRC_H

#include <stddef.h>
#include <stdint.h>

/* Continues a checksum; the first one is 0. */
uint32_t crc32c(uint32_t crc, const void *data, size_t bytes);

#endif
