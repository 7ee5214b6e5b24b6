/* SPDX-License-Identifier: MIT */
/*
 * The rings of one input: the one that was named, or as many as --shards says, among which the
 * records are divided by a key. Their names end in .0, .1 and so on. Each is opened, waited for and
 * closed by the functions of sender.h of the same name.
 */
#ifndef TOOLS_SHARDS_H
#define TOOLS_SHARDS_H

#include <stdbool.h>
#include <stdint.h>

#include "input.h"
#include "sender.h"
#include "shard_key.h"

struct shards_settings {
    struct sender_settings sender;
    unsigned count; /* 0: the ring that was named */
    struct shard_key key;
};

struct shard {
    struct sender sender;
    char *name;
    struct mapring_ring *ring; /* while the rings are being opened */
    bool is_new;               /* this command has created it */
    struct batch batch;        /* to be sent */
};

struct shards {
    const struct shards_settings *settings;
    const char *name; /* without a number */
    unsigned count;
    struct shard *shard;
    struct shard *continued; /* has a part of a record that goes on; NULL: none has */
    struct sent sent;        /* into all of them */
    uint64_t without_key;
};

/* All return an exit status, after a message if it is not EXIT_DONE. */

int shards_check(const struct shards_settings *settings, const char *name);

/* Opens all of them. If one cannot be opened, none is changed, and those that were created are
 * removed. */
int shards_open(struct shards *shards, const struct shards_settings *settings, const char *name);

int shards_wait_for_consumers(struct shards *shards);

/* Tells the input what all of the rings take. */
void shards_prepare(const struct shards *shards, struct input *input);

int shards_send(struct shards *shards, const struct batch *batch);

/* Says which ring was removed. */
int shards_removed(const struct shards *shards);

int shards_finish(struct shards *shards);

int shards_close(struct shards *shards, int status);

/* For shards_open.c: whether all rings still have their names. */
bool shards_go_on(void *shards);

void shards_free(struct shards *shards);

#endif
