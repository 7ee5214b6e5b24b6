/* SPDX-License-Identifier: MIT */
/* The entries of a log's dictionary that are known already: each is read once. */
#ifndef MAPRING_LOG_KNOWN_H
#define MAPRING_LOG_KNOWN_H

#include "log/described.h"

struct known_entry {
    uint32_t number; /* 0: none */
    uint32_t kind;   /* as in the dictionary; 0: no valid entry is there, or not one of a log */
    struct described_site site;
    struct described_thread thread;
    unsigned char payload[];
};

struct known {
    struct known_entry **entries; /* a hash table by number */
    size_t places;                /* a power of two, or 0 */
    size_t count;
    size_t bytes; /* that the entries take */
};

/* NULL: it is not known yet. */
const struct known_entry *known_find(const struct known *known, uint32_t number);

/* Adds a copy of an entry, which is not known yet. `kind` 0: there is no valid one. NULL: there is
 * no memory. */
const struct known_entry *known_add(struct known *known, uint32_t number, uint32_t kind,
                                    const void *payload, size_t bytes);

void known_forget(struct known *known);

#endif
