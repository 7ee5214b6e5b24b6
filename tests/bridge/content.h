/* SPDX-License-Identifier: MIT */
/* What each record and each dictionary entry of the load contains: its number decides, so that a
 * reader knows what it must be, and can say of a gap how many bytes are missing. */
#ifndef BRIDGE_CONTENT_H
#define BRIDGE_CONTENT_H

#include "mapring/mapring.h"

enum {
    CONTENT_LARGEST = 70000,
    CONTENT_PER_ENTRY = 100 /* so many records refer to one entry of the dictionary */
};

/* The offset that a record of a ring without a dictionary refers to. */
#define CONTENT_NO_ENTRY UINT64_MAX

size_t content_bytes(uint64_t number);
bool content_is_continued(uint64_t number);
void content_fill(uint64_t number, uint64_t entry_offset, unsigned char *data);

/* Whether that is the record of its sequence number; if so, sets the offset it refers to. */
bool content_is_right(const struct mapring_record *record, uint64_t *entry_offset);

/* The number that a record says it has; its sequence number if it says none. */
uint64_t content_number(const struct mapring_record *record);

uint32_t content_entry_kind(uint64_t number);
size_t content_entry_bytes(uint64_t number);
void content_entry_fill(uint64_t number, unsigned char *data);
bool content_entry_is_right(const struct mapring_entry *entry, uint64_t number);

#endif
