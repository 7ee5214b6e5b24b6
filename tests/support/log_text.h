/* SPDX-License-Identifier: MIT */
/* What a record of a log holds, as text, byte by byte as src/log/packed.h says, by a decoder that
 * knows nothing of the library's: "LEVEL FORMAT|value|value". */
#ifndef MAPRING_TESTS_LOG_TEXT_H
#define MAPRING_TESTS_LOG_TEXT_H

#include <stdint.h>

#include "mapring/mapring.h"

enum { LINE_TEXT = 4096 };

struct log_text {
    char text[LINE_TEXT];
    char thread_name[64];
    uint32_t site; /* its number in the dictionary; 0: the record says itself where it is from */
};

/* Decodes a record of a ring whose dictionary that is. Returns NULL, or what is wrong. */
const char *log_text_decode(struct log_text *decoded, mapring_dictionary *dictionary,
                            const struct mapring_record *record);

#endif
