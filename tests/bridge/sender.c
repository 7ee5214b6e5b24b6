/* SPDX-License-Identifier: MIT */
#include "sender.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "content.h"
#include "ledger.h"

/* The first record that is sent wrongly if a fault is asked for. */
enum { FAULTY = 503 };

struct sender {
    struct mapring_producer *producer;
    struct control *control;
    const char *fault;
    uint64_t entry_offset;
    bool has_sent;             /* in this run */
    struct mapring_record gap; /* what is being dropped */
};

/* The number of the record that is sent in place of that one. */
static uint64_t sent_as(const struct sender *sender, uint64_t number)
{
    if (strcmp(sender->fault, "missing") == 0)
        return number < FAULTY ? number : number + 1;
    if (strcmp(sender->fault, "doubled") == 0)
        return number < FAULTY ? number : number - 1;
    if (strcmp(sender->fault, "reordered") == 0 && (number == FAULTY || number == FAULTY + 1))
        return 2 * FAULTY + 1 - number;
    return number;
}

static bool end_gap(struct sender *sender)
{
    if (sender->gap.lost_records > 0)
        ledger_gap(&sender->gap);
    sender->gap.lost_records = sender->gap.lost_bytes = 0;
    return true;
}

static bool add_to_gap(struct sender *sender, uint64_t number)
{
    if (sender->gap.lost_records++ == 0)
        sender->gap.sequence = number;
    sender->gap.lost_bytes += content_bytes(number);
    return true;
}

static bool failed(const char *what)
{
    fprintf(stderr, "%s: %s\n", what, mapring_last_error()->text);
    return false;
}

/* In a ring with a dictionary, the records refer to what is defined here. */
static bool define(struct sender *sender, uint64_t number)
{
    unsigned char entry[CONTENT_PER_ENTRY];
    content_entry_fill(number, entry);
    int result = mapring_producer_define(sender->producer, content_entry_kind(number), entry,
                                         content_entry_bytes(number), &sender->entry_offset);
    if (result == MAPRING_NO_ROOM)
        sender->entry_offset = CONTENT_NO_ENTRY;
    return result == MAPRING_OK || result == MAPRING_NO_ROOM || failed("define");
}

static bool send_record(struct sender *sender, uint64_t number)
{
    static unsigned char data[CONTENT_LARGEST];
    uint64_t told = sent_as(sender, number);
    content_fill(told, sender->entry_offset, data);
    if (number == FAULTY && strcmp(sender->fault, "changed") == 0)
        data[content_bytes(number) - 1] ^= 1;
    int (*send)(struct mapring_producer *, const void *, size_t, int64_t) =
        content_is_continued(told) ? mapring_producer_send_part : mapring_producer_send;
    int result = send(sender->producer, data, content_bytes(told), MAPRING_FOREVER);
    atomic_store(&sender->control->dropped, result == MAPRING_DROPPED);
    if (result == MAPRING_DROPPED)
        return add_to_gap(sender, number);
    sender->has_sent = true;
    return result == MAPRING_OK ? end_gap(sender) : failed("send");
}

/* The last record of all is not dropped, so that readers learn of the gap before it. */
static bool is_finished(const struct control *control)
{
    return atomic_load(&control->finish) && !atomic_load(&control->dropped) &&
           atomic_load(&control->at) >= atomic_load(&control->granted);
}

/* Returns false when there is nothing more to send. */
static bool await_grant(const struct control *control, uint64_t number)
{
    const struct timespec pause = {.tv_nsec = 500 * 1000};
    while (number >= atomic_load(&control->granted)) {
        if (is_finished(control))
            return false;
        nanosleep(&pause, NULL);
        if (atomic_load(&control->finish) && atomic_load(&control->dropped))
            return true;
    }
    return true;
}

static bool send_run(struct sender *sender, uint64_t first, uint64_t end)
{
    for (uint64_t number = first; number < end && await_grant(sender->control, number); number++) {
        bool is_new = number == first || number % CONTENT_PER_ENTRY == 0;
        if ((is_new && !define(sender, number)) || !send_record(sender, number))
            return false;
        atomic_store(&sender->control->at, number + 1);
    }
    return end_gap(sender);
}

/* The process of a run. Every other one dies. */
static void play_run(struct sender *sender, const char *ring, uint64_t run, uint64_t run_records)
{
    uint64_t first = atomic_load(&sender->control->at);
    if (mapring_producer_open(&sender->producer, ring, NULL) != MAPRING_OK) {
        failed("open");
        exit(1);
    }
    if (!send_run(sender, first, first + run_records))
        exit(1);
    bool dies = run % 2 == 0;
    const char *how = dies ? "died" : "closed";
    ledger_run_end(run, atomic_load(&sender->control->at), sender->has_sent ? how : "empty");
    atomic_store(&sender->control->run, run);
    if (dies)
        raise(SIGKILL);
    mapring_producer_close(sender->producer);
    exit(0);
}

int sender_run(const char *ring, struct control *control, uint64_t run_records, const char *fault)
{
    struct sender sender = {.control = control, .fault = fault, .entry_offset = CONTENT_NO_ENTRY};
    for (uint64_t run = 1; await_grant(control, atomic_load(&control->at)); run++) {
        int status = 0;
        pid_t child = fork();
        if (child == 0)
            play_run(&sender, ring, run, run_records);
        if (child < 0 || waitpid(child, &status, 0) != child ||
            (WIFEXITED(status) && WEXITSTATUS(status))) {
            fprintf(stderr, "run %" PRIu64 " failed\n", run);
            return 1;
        }
    }
    return 0;
}
