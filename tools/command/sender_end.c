/* SPDX-License-Identifier: MIT */
/* The end of a producer: waits for its consumers, writes to the disk, and tells what was lost. */
#include <inttypes.h>
#include <stddef.h>

#include "look.h"
#include "sender.h"
#include "shared/message.h"
#include "shared/os.h"
#include "shared/progress.h"
#include "wait.h"

/* Prints how many records the slowest consumer has not read, or that there is no consumer. */
static void tell_unread(const struct sender *sender)
{
    static struct mapring_stat stat;
    double seconds = (double)sender->settings->linger_ns / 1e9;
    if (look(sender->name, sender->settings->ring.scope, &stat) != MAPRING_OK)
        return;
    uint64_t most = 0;
    for (unsigned i = 0; i < stat.consumers; i++) {
        uint64_t pending = stat.consumer[i].pending_records;
        most = pending > most ? pending : most;
    }
    if (stat.consumers > 0)
        complain("%" PRIu64 " records of the ring '%s' were not read within %.9g s", most,
                 sender->name, seconds);
    else
        complain("no consumer attached to the ring '%s' within %.9g s: %" PRIu64
                 " records are unread",
                 sender->name, seconds, stat.unread_records);
}

static int linger(struct sender *sender, struct wait wait)
{
    int result;
    do {
        sender_show_progress(sender);
        result = mapring_producer_drain(sender->producer, wait_slice(&wait));
    } while (wait_again(&wait, result));
    if (result == MAPRING_REMOVED)
        return sender_removed(sender);
    if (result < 0 || os_interrupted() != 0)
        return result < 0 ? ring_failure() : os_interrupted();
    if (result == MAPRING_CONSUMER_GONE) {
        complain("a consumer of the ring '%s' went away before it had read everything",
                 sender->name);
        return EXIT_PEER_DIED;
    }
    if (result != MAPRING_OK) {
        tell_unread(sender);
        return EXIT_TIMED_OUT;
    }
    return EXIT_DONE;
}

int sender_finish(struct sender *sender, struct wait wait)
{
    int status = sender->settings->linger_ns >= 0 ? linger(sender, wait) : EXIT_DONE;
    return status == EXIT_DONE && !sender_goes_on(sender) ? sender_removed(sender) : status;
}

static void tell_dropped(const struct sender *sender)
{
    uint64_t dropped = sender->dropped.records, all = dropped + sender->sent.records;
    if (dropped > 0)
        complain("dropped %" PRIu64 " of %" PRIu64 " records (%" PRIu64
                 " bytes) because the ring '%s' was full",
                 dropped, all, sender->dropped.bytes, sender->name);
}

/* Closing writes to the disk as well, but cannot report a failure. */
static int sync_at_end(const struct sender *sender, int status)
{
    if (sender->settings->ring.sync == MAPRING_SYNC_NONE ||
        mapring_producer_sync(sender->producer) == MAPRING_OK)
        return status;
    int failed = ring_failure();
    return status == EXIT_DONE ? failed : status;
}

/* On Windows a ring without a file disappears with the last process that has it open. A consumer
 * would have it open, so records are lost only if there is none. */
static int close_ring(struct sender *sender, int status)
{
    static struct mapring_stat stat;
    enum mapring_scope scope = sender->settings->ring.scope;
    bool left = look(sender->name, scope, &stat) == MAPRING_OK && stat.consumers == 0 &&
                stat.unread_records > 0;
    mapring_producer_close(sender->producer);
    if (!left || os_names_outlive_processes() ||
        look(sender->name, scope, &stat) != MAPRING_ERROR_NOT_THERE)
        return status;
    complain("%" PRIu64 " unread records are lost: the ring '%s' disappeared with this command, "
             "because no other process had it open; use --linger, or a ring in a file",
             stat.unread_records, sender->name);
    return status == EXIT_DONE ? EXIT_PEER_DIED : status;
}

int sender_close(struct sender *sender, int status)
{
    progress_clear();
    tell_dropped(sender);
    return close_ring(sender, sync_at_end(sender, status));
}
