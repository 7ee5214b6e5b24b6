/* SPDX-License-Identifier: MIT */
/* How the records of one input are divided among its rings; waiting for their readers, and the end. */
#include "shards.h"

#include <inttypes.h>
#include <stdlib.h>

#include "shared/message.h"
#include "shared/os.h"

void shards_prepare(const struct shards *shards, struct input *input)
{
    sender_prepare(&shards->shard[0].sender, input);
    for (unsigned i = 1; i < shards->count; i++) {
        const mapring_producer *producer = shards->shard[i].sender.producer;
        size_t limit = mapring_producer_record_limit(producer);
        input->record_limit = limit < input->record_limit ? limit : input->record_limit;
    }
    input->batch_limit = shards->settings->count > 0 ? BATCH_LIMIT : input->batch_limit;
}

/* ---- Sending ---- */

static int send_to(struct shards *shards, struct shard *shard, const struct batch *batch)
{
    struct sender *sender = &shard->sender;
    struct sent before = sender->sent;
    sender->elsewhere.records = shards->sent.records - before.records;
    sender->elsewhere.bytes = shards->sent.bytes - before.bytes;
    int status = sender_send(sender, batch);
    shards->sent.records += sender->sent.records - before.records;
    shards->sent.bytes += sender->sent.bytes - before.bytes;
    return status;
}

static struct shard *shard_for(struct shards *shards, const struct mapring_buffer *record)
{
    struct mapring_buffer key;
    if (shards->settings->count == 0)
        return shards->shard;
    if (!shard_key_find(&shards->settings->key, record->data, record->bytes, &key))
        shards->without_key++;
    return &shards->shard[shard_of(&key, shards->count)];
}

static int send_part(struct shards *shards, const struct batch *batch)
{
    struct shard *shard =
        shards->continued ? shards->continued : shard_for(shards, &batch->records[0]);
    shards->continued = batch->is_part ? shard : NULL;
    return send_to(shards, shard, batch);
}

static int flush(struct shards *shards, struct shard *shard)
{
    int status = shard->batch.count > 0 ? send_to(shards, shard, &shard->batch) : EXIT_DONE;
    shard->batch.count = 0;
    shard->batch.bytes = 0;
    return status;
}

static int divide(struct shards *shards, const struct batch *batch)
{
    int status = EXIT_DONE;
    for (size_t i = 0; i < batch->count && status == EXIT_DONE; i++) {
        const struct mapring_buffer *record = &batch->records[i];
        struct shard *shard = shard_for(shards, record);
        shard->batch.records[shard->batch.count++] = *record;
        shard->batch.bytes += record->bytes;
        if (shard->batch.count == shard->sender.batch_limit)
            status = flush(shards, shard);
    }
    for (unsigned i = 0; i < shards->count && status == EXIT_DONE; i++)
        status = flush(shards, &shards->shard[i]);
    return status;
}

int shards_send(struct shards *shards, const struct batch *batch)
{
    if (batch->is_part || batch->is_last)
        return send_part(shards, batch);
    return shards->settings->count == 0 ? send_to(shards, shards->shard, batch)
                                        : divide(shards, batch);
}

/* ---- Waiting, and the end ---- */

int shards_wait_for_consumers(struct shards *shards)
{
    const struct sender_settings *settings = &shards->settings->sender;
    struct wait wait = wait_begin(settings->timeout_ns);
    int status = EXIT_DONE;
    for (unsigned i = 0; settings->wait_consumers > 0 && i < shards->count; i++)
        status = status == EXIT_DONE ? sender_wait_for_consumers(&shards->shard[i].sender, wait)
                                     : status;
    return status;
}

static const struct shard *removed_one(const struct shards *shards)
{
    for (unsigned i = 0; i < shards->count; i++)
        if (!sender_goes_on(&shards->shard[i].sender))
            return &shards->shard[i];
    return NULL;
}

bool shards_go_on(void *shards)
{
    return removed_one(shards) == NULL;
}

int shards_removed(const struct shards *shards)
{
    const struct shard *removed = removed_one(shards);
    return sender_removed(&(removed ? removed : shards->shard)->sender);
}

/* What is unread is told of each ring, within one time for all. */
int shards_finish(struct shards *shards)
{
    struct wait wait = wait_begin(shards->settings->sender.linger_ns);
    int status = EXIT_DONE;
    for (unsigned i = 0; i < shards->count && os_interrupted() == 0; i++) {
        int ended = sender_finish(&shards->shard[i].sender, wait);
        status = status == EXIT_DONE ? ended : status;
    }
    return os_interrupted() != 0 ? os_interrupted() : status;
}

static void tell_without_key(const struct shards *shards)
{
    if (shards->without_key > 0)
        complain("%" PRIu64
                 " records do not have the key of --shard-by; they belong to the ring '%s'",
                 shards->without_key, shards->shard[0].name);
}

void shards_free(struct shards *shards)
{
    for (unsigned i = 0; i < shards->count; i++)
        free(shards->shard[i].name);
    free(shards->shard);
    shards->shard = NULL;
}

int shards_close(struct shards *shards, int status)
{
    tell_without_key(shards);
    for (unsigned i = 0; i < shards->count; i++)
        status = sender_close(&shards->shard[i].sender, status);
    shards_free(shards);
    return status;
}
