/* SPDX-License-Identifier: MIT */
/*
 * What logs keep in their rings. All numbers have the byte order of the ring; nothing is aligned.
 * docs/layout.md specifies the same in prose.
 *
 * A record is the line:
 *
 *     u32 site      number of an entry of kind ENTRY_SITE; 0: the site itself follows the thread
 *     u32 thread    number of an entry of kind ENTRY_THREAD; 0: unknown
 *     [u32 bytes, and the payload of an entry of kind ENTRY_SITE, if site is 0]
 *     the values, one after another, by the types of the site (enum mapring1_log_type):
 *         INT32, UINT32                   4 bytes
 *         INT64, UINT64, DOUBLE, POINTER  8 bytes
 *         LONG_DOUBLE                     16 bytes, as LONG_DOUBLE_X87 and so on say
 *         TEXT                            u32 length, MAPRING1_CUT if it was cut; the bytes.
 *                                         MAPRING1_NULL: a null pointer, and no bytes
 *
 * The number of an entry is 1 + its offset in the dictionary / 8.
 *
 * The payload of a site:
 *
 *     u8 level, u8 count of values, u8 kind of long double, u8 0, u32 line
 *     u8 type of each value
 *     format, file, function, each terminated by a 0
 *
 * The payload of a thread:
 *
 *     u64 process, u64 thread, both as the system numbers them
 *     program, name of the thread, each terminated by a 0
 */
#ifndef MAPRING_LOG_PACKED_H
#define MAPRING_LOG_PACKED_H

#include <stdint.h>

enum log_entry_kind {
    ENTRY_SITE = 0x45544953,  /* "SITE" in a little-endian file */
    ENTRY_THREAD = 0x44524854 /* "THRD" */
};

enum long_double_kind {
    LONG_DOUBLE_IS_DOUBLE = 0,
    LONG_DOUBLE_X87 = 1,    /* 10 bytes, then zeros */
    LONG_DOUBLE_BINARY128 = 2
};

enum {
    SITE_FIXED_BYTES = 8,
    THREAD_FIXED_BYTES = 16,
    LINE_BYTES = 8 /* of the two numbers */
};

static inline uint32_t entry_number(uint64_t offset)
{
    return (uint32_t)(offset / 8 + 1);
}

static inline uint64_t entry_offset(uint32_t number)
{
    return (uint64_t)(number - 1) * 8;
}

#endif
