/* SPDX-License-Identifier: MIT */
/* A worker process: waits for jobs and does its side of them. */
#include <stdlib.h>
#include <string.h>

#include "session.h"
#include "shared/message.h"

/* A worker ends by itself if the process that controls it has died. */
enum { IDLE_LIMIT_MS = 60000, SPIN_NS = 300000, LAZY_MS = 10 };

/* Workers needed by few jobs poll lazily, because they share a CPU with the measured one. */
static bool await_order(const uint64_t *word, uint64_t old, bool lazy)
{
    int64_t begin = os_now_ns();
    for (int64_t waited = 0; waited < IDLE_LIMIT_MS * INT64_C(1000000);) {
        if (word_get(word) != old)
            return true;
        waited = os_now_ns() - begin;
        if (lazy || waited > SPIN_NS)
            os_pause_ms(lazy ? LAZY_MS : 1);
    }
    return false;
}

static bool is_for(const struct job *job, unsigned number)
{
    return number <= 1 + job->consumers + job->observers;
}

static void do_job(struct session *session, const struct job *job, unsigned number, uint64_t turn)
{
    struct meeting *meeting = session->meeting;
    uint64_t before = word_get(&meeting->go.value);
    struct side side;
    side_open(&side, session, job, number);
    word_set(&meeting->ready[number].value, turn);
    while (before / 2 != turn && await_order(&meeting->go.value, before, false))
        before = word_get(&meeting->go.value);
    if (before == 2 * turn + 1) {
        if (number == 1)
            probe_run(meeting, 1);
        side_run(&side);
        if (number == 1)
            probe_run(meeting, 1);
    }
    side_close(&side);
    word_set(&meeting->done[number].value, turn);
}

static void work(struct session *session, unsigned number)
{
    struct meeting *meeting = session->meeting;
    for (uint64_t turn = 0; await_order(&meeting->order.value, turn, number > 1);) {
        turn = word_get(&meeting->order.value);
        struct job job = meeting->job;
        if (job.kind == JOB_QUIT)
            return;
        if (is_for(&job, number))
            do_job(session, &job, number, turn);
    }
}

int session_worker(int count, char **arguments, const struct transport *const *transports)
{
    if (count != 4)
        return EXIT_USAGE;
    struct session session = {.transports = transports};
    unsigned number = (unsigned)strtoul(arguments[2], NULL, 10);
    bench_pin((unsigned)strtoul(arguments[3], NULL, 10));
    size_t bytes = sizeof *session.meeting + (size_t)AREA_COUNT * AREA_BYTES;
    if (number < 1 || number > WORKER_LIMIT ||
        !os_view_write(&session.view, arguments[1], bytes, 0))
        return EXIT_FAILED;
    session.meeting = (struct meeting *)(void *)session.view.data;
    if (session.view.created) /* the controlling process is gone */
        os_view_remove(&session.view);
    else
        work(&session, number);
    os_view_close(&session.view);
    return EXIT_DONE;
}
