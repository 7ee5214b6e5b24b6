/* SPDX-License-Identifier: MIT */
/*
 * Which of several rings a record belongs to: by a key in the record, whose CRC-32 (that of zlib),
 * modulo the number of rings, is the number of the ring. This never changes, so that whoever knows
 * the key knows the ring.
 */
#ifndef TOOLS_SHARD_KEY_H
#define TOOLS_SHARD_KEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mapring/mapring.h"

enum { SHARD_LIMIT = 1000, SHARD_KEY_BLANKS = -1 };

enum shard_key_kind { SHARD_KEY_NONE, SHARD_KEY_FIELD, SHARD_KEY_BYTES };

struct shard_key {
    enum shard_key_kind kind;
    uint64_t first, last; /* byte range, from 1; of a field, `first` is its number, from 1 */
    int separator;        /* the byte between fields, or SHARD_KEY_BLANKS: runs of blanks */
};

/* As the functions of shared/values.h, return NULL or what they accept. */
const char *value_shard_key(const char *text, void *value); /* struct shard_key */
const char *value_shards(const char *text, void *value);    /* unsigned, 1 to SHARD_LIMIT */

/* Finds the key in a record. False: the record has no such field, or ends before the range; the key
 * is then empty. */
bool shard_key_find(const struct shard_key *by, const void *record, size_t bytes,
                    struct mapring_buffer *key);

unsigned shard_of(const struct mapring_buffer *key, unsigned shards);

#endif
