/* SPDX-License-Identifier: MIT */
/* Opens a ring as its producer, and sends records. */
#include "sender.h"

#include <string.h>

#include "file_name.h"
#include "look.h"
#include "shared/idle.h"
#include "shared/message.h"
#include "shared/os.h"
#include "shared/progress.h"
#include "wait.h"

enum { POLL_MS = 10 };

/* ---- Opening ---- */

/* The producer does not know its observers, and so cannot wait for them. */
static int check_policy(const struct sender_settings *settings, const char *name,
                        enum mapring_when_full policy)
{
    bool waits = settings->wait_consumers > 0 || settings->linger_ns >= 0;
    if (policy == MAPRING_OVERWRITE && waits)
        return usage_error("--wait-consumers and --linger cannot be used with the ring '%s': a "
                           "ring that overwrites has no consumers to wait for",
                           name);
    return EXIT_DONE;
}

int sender_check(const struct sender_settings *settings, const char *name)
{
    if ((size_t)settings->block_bytes != settings->block_bytes)
        return usage_error("--block-bytes is larger than this program's address space");
    if (settings->ring.sync != MAPRING_SYNC_NONE && !file_name_is_one(name))
        return usage_error("--sync applies only to a ring in a file, and '%s' is not a path", name);
    return check_policy(settings, name, settings->ring.when_full);
}

static bool is_there(const char *name, enum mapring_scope scope)
{
    static struct mapring_stat stat;
    return look(name, scope, &stat) != MAPRING_ERROR_NOT_THERE;
}

static int not_opened(int result)
{
    int status = ring_failure();
    if (result == MAPRING_ERROR_PRODUCER_TAKEN)
        complain("use --wait to wait until that producer has ended");
    return status;
}

static int open_producer(struct sender *sender)
{
    const struct sender_settings *settings = sender->settings;
    struct wait wait = wait_begin(settings->timeout_ns);
    for (;;) {
        int result = mapring_producer_open(&sender->producer, sender->name, &settings->ring);
        if (result == MAPRING_OK)
            return EXIT_DONE;
        if (result != MAPRING_ERROR_PRODUCER_TAKEN || !settings->wait)
            return not_opened(result);
        if (wait_pause(&wait, POLL_MS))
            continue;
        if (os_interrupted() != 0)
            return os_interrupted();
        ring_failure();
        complain("that producer did not end within %.9g s", (double)settings->timeout_ns / 1e9);
        return EXIT_TIMED_OUT;
    }
}

/* The policy is read from the ring, because the options may not give it. In a ring that drops,
 * records are sent one by one, so that each is dropped or sent by itself. */
static int adopt_policy(struct sender *sender)
{
    static struct mapring_stat stat;
    enum mapring_scope scope = sender->settings->ring.scope;
    if (look(sender->name, scope, &stat) != MAPRING_OK)
        return ring_failure();
    sender->blocked = (struct blocked){.name = sender->name, .scope = scope};
    sender->batch_limit = stat.when_full == MAPRING_DROP ? 1 : BATCH_LIMIT;
    return check_policy(sender->settings, sender->name, stat.when_full);
}

int sender_open(struct sender *sender, const struct sender_settings *settings, const char *name)
{
    *sender = (struct sender){.settings = settings, .name = name};
    bool is_likely_new = file_name_is_likely(name) && !is_there(name, settings->ring.scope);
    int status = open_producer(sender);
    if (status != EXIT_DONE)
        return status;
    if (is_likely_new)
        file_name_tell(name);
    idle_ask(sender_goes_on, sender);
    status = adopt_policy(sender);
    if (status != EXIT_DONE)
        mapring_producer_close(sender->producer);
    return status;
}

void sender_prepare(const struct sender *sender, struct input *input)
{
    const struct sender_settings *settings = sender->settings;
    input->framing = (struct framing){settings->framing, (size_t)settings->block_bytes};
    input->too_long = settings->too_long;
    input->record_limit = mapring_producer_record_limit(sender->producer);
    input->batch_limit = sender->batch_limit;
}

/* ---- Whether the ring goes on ---- */

/* Waiting for 0 consumers returns at once, and says whether the ring still has its name. */
bool sender_goes_on(void *context)
{
    struct sender *sender = context;
    return mapring_producer_wait_consumers(sender->producer, 0, 0) != MAPRING_REMOVED;
}

int sender_removed(const struct sender *sender)
{
    complain(
        "the ring '%s' was removed: no process can find it any more, and unread records are lost",
        sender->name);
    return EXIT_PEER_DIED;
}

/* ---- Waiting for consumers ---- */

static int give_up_on_consumers(const struct sender *sender, int result)
{
    static struct mapring_stat stat;
    const struct sender_settings *settings = sender->settings;
    if (result == MAPRING_REMOVED)
        return sender_removed(sender);
    if (result < 0 || look(sender->name, settings->ring.scope, &stat) != MAPRING_OK)
        return ring_failure();
    if (os_interrupted() != 0)
        return os_interrupted();
    complain("%u of %u consumers attached to the ring '%s' within %.9g s", stat.consumers,
             settings->wait_consumers, sender->name, (double)settings->timeout_ns / 1e9);
    return EXIT_TIMED_OUT;
}

int sender_wait_for_consumers(struct sender *sender, struct wait wait)
{
    const struct sender_settings *settings = sender->settings;
    int result;
    do {
        result = mapring_producer_wait_consumers(sender->producer, settings->wait_consumers,
                                                 wait_slice(&wait));
    } while (wait_again(&wait, result));
    return result == MAPRING_OK ? EXIT_DONE : give_up_on_consumers(sender, result);
}

/* ---- Sending ---- */

static bool keeps_waiting(const struct sender *sender)
{
    return !sender->keeps_waiting || sender->keeps_waiting();
}

static int give_up_on_room(const struct sender *sender, int result)
{
    if (result == MAPRING_REMOVED)
        return sender_removed(sender);
    if (result < 0)
        return ring_failure();
    if (os_interrupted() != 0)
        return os_interrupted();
    if (keeps_waiting(sender))
        blocked_tell(&sender->blocked, sender->settings->timeout_ns);
    return EXIT_TIMED_OUT;
}

/* Parts and the record that ends them are sent one by one. */
static int try_to_send(struct sender *sender, const struct batch *batch, int64_t timeout_ns)
{
    const struct mapring_buffer *first = &batch->records[0];
    if (batch->is_part)
        return mapring_producer_send_part(sender->producer, first->data, first->bytes, timeout_ns);
    if (batch->is_last)
        return mapring_producer_send(sender->producer, first->data, first->bytes, timeout_ns);
    return mapring_producer_send_batch(sender->producer, batch->records, batch->count, timeout_ns);
}

void sender_show_progress(const struct sender *sender)
{
    progress_show(sender->sent.records + sender->elsewhere.records,
                  sender->sent.bytes + sender->elsewhere.bytes);
}

int sender_send(struct sender *sender, const struct batch *batch)
{
    struct wait wait = wait_begin(sender->settings->timeout_ns);
    int result;
    blocked_begin(&sender->blocked);
    do {
        sender_show_progress(sender);
        result = try_to_send(sender, batch, wait_slice(&wait));
        blocked_look(&sender->blocked, result);
    } while (wait_again(&wait, result) && keeps_waiting(sender));
    if (result != MAPRING_OK && result != MAPRING_DROPPED)
        return give_up_on_room(sender, result);
    struct sent *sum = result == MAPRING_OK ? &sender->sent : &sender->dropped;
    sum->records += batch->count;
    sum->bytes += batch->bytes;
    return EXIT_DONE;
}
