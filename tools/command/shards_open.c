/* SPDX-License-Identifier: MIT */
/* Opens the rings of one input: all of them or, if one cannot be opened, none. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "shards.h"
#include "shared/idle.h"
#include "shared/message.h"
#include "shared/os.h"

enum { POLL_MS = 10, SUFFIX_BYTES = sizeof ".999" };

int shards_check(const struct shards_settings *settings, const char *name)
{
    bool has_key = settings->key.kind != SHARD_KEY_NONE;
    if (settings->count > 0 && !has_key)
        return usage_error("--shards needs --shard-by, which says what divides the records");
    if (settings->count == 0 && has_key)
        return usage_error("--shard-by needs --shards, the number of rings");
    return sender_check(&settings->sender, name);
}

static int give_each_a_name(struct shards *shards)
{
    size_t bytes = strlen(shards->name) + SUFFIX_BYTES;
    bool is_one = shards->settings->count == 0;
    for (unsigned i = 0; i < shards->count; i++) {
        char *name = malloc(bytes);
        if (!name) {
            complain("not enough memory for %u rings", shards->count);
            return EXIT_FAILED;
        }
        snprintf(name, bytes, is_one ? "%s" : "%s.%u", shards->name, i);
        shards->shard[i].name = name;
    }
    return EXIT_DONE;
}

static int create_or_attach(const struct shards *shards, struct shard *shard)
{
    struct mapring_options options = shards->settings->sender.ring;
    options.how = MAPRING_CREATE;
    int result = mapring_open(&shard->ring, shard->name, &options);
    shard->is_new = result == MAPRING_OK;
    options.how = MAPRING_CREATE_OR_ATTACH;
    if (result == MAPRING_ERROR_EXISTS)
        result = mapring_open(&shard->ring, shard->name, &options);
    return result == MAPRING_OK ? EXIT_DONE : ring_failure();
}

static int tell_taken(const struct shard *shard, const struct mapring_stat *stat,
                      const struct sender_settings *settings)
{
    if (os_interrupted() != 0)
        return os_interrupted();
    if (settings->wait) {
        complain("the producer of the ring '%s', process %" PRIu64 ", did not end within %.9g s",
                 shard->name, stat->producer_process, (double)settings->timeout_ns / 1e9);
        return EXIT_TIMED_OUT;
    }
    complain("ring '%s' already has a producer, process %" PRIu64, shard->name,
             stat->producer_process);
    complain("use --wait to wait until that producer has ended");
    return EXIT_FAILED;
}

static int await_last_producer(const struct shard *shard, const struct sender_settings *settings)
{
    static struct mapring_stat stat;
    struct wait wait = wait_begin(settings->timeout_ns);
    for (;;) {
        if (mapring_stat(shard->ring, &stat) != MAPRING_OK)
            return ring_failure();
        if (stat.producer_state != MAPRING_PRODUCER_IS_OPEN)
            return EXIT_DONE;
        if (!settings->wait || !wait_pause(&wait, POLL_MS))
            return tell_taken(shard, &stat, settings);
    }
}

/* A ring whose producer this command becomes tells its readers of that run, even if it is empty. So
 * all rings are looked at before it becomes the producer of the first. */
static int reach_all(struct shards *shards)
{
    int status = EXIT_DONE;
    for (unsigned i = 0; i < shards->count && status == EXIT_DONE; i++)
        status = create_or_attach(shards, &shards->shard[i]);
    for (unsigned i = 0; i < shards->count && status == EXIT_DONE; i++)
        status = await_last_producer(&shards->shard[i], &shards->settings->sender);
    return status;
}

static int become_producer_of_all(struct shards *shards)
{
    unsigned count = 0;
    int status = EXIT_DONE;
    for (; count < shards->count && status == EXIT_DONE; count++) {
        struct shard *shard = &shards->shard[count];
        status = sender_open(&shard->sender, &shards->settings->sender, shard->name);
    }
    for (unsigned i = 0; status != EXIT_DONE && i + 1 < count; i++)
        mapring_producer_close(shards->shard[i].sender.producer);
    return status;
}

static void let_go(struct shards *shards, bool removes)
{
    enum mapring_scope scope = shards->settings->sender.ring.scope;
    for (unsigned i = 0; i < shards->count; i++) {
        struct shard *shard = &shards->shard[i];
        mapring_close(shard->ring);
        shard->ring = NULL;
        if (removes && shard->is_new)
            mapring_remove(shard->name, scope, false);
    }
}

int shards_open(struct shards *shards, const struct shards_settings *settings, const char *name)
{
    *shards = (struct shards){
        .settings = settings, .name = name, .count = settings->count > 0 ? settings->count : 1};
    shards->shard = calloc(shards->count, sizeof *shards->shard);
    int status = shards->shard ? give_each_a_name(shards) : EXIT_FAILED;
    if (!shards->shard) {
        complain("not enough memory for %u rings", shards->count);
        return status;
    }
    if (status == EXIT_DONE && settings->count > 0)
        status = reach_all(shards);
    if (status == EXIT_DONE)
        status = become_producer_of_all(shards);
    let_go(shards, status != EXIT_DONE);
    if (status == EXIT_DONE)
        idle_ask(shards_go_on, shards);
    else
        shards_free(shards);
    return status;
}
