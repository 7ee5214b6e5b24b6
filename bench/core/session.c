/* SPDX-License-Identifier: MIT */
/* The controlling side of a session: starts the workers, gives them jobs, and ends them. */
#include "session.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "clock.h"
#include "shared/message.h"

enum { CLEARED_BYTES = 65536, PATIENCE_MS = 20000, SPIN_NS = 200000 };

/* All workers keep off the sender's CPU if there is another one. */
static unsigned worker_cpu(const struct session *session, unsigned number)
{
    if (session->cpus == 1)
        return session->cpu[0];
    return session->cpu[1 + (number - 1) % (session->cpus - 1)];
}

static bool start_worker(struct session *session, unsigned number)
{
    char text[2][32];
    snprintf(text[0], sizeof text[0], "%u", number);
    snprintf(text[1], sizeof text[1], "%u", worker_cpu(session, number));
    const char *arguments[] = {"bench", "worker", session->name, text[0], text[1], NULL};
    if (bench_spawn(&session->process[number - 1], arguments))
        return true;
    complain("cannot start a worker: %s", os_error());
    return false;
}

bool session_open(struct session *session, const struct transport *const *transports,
                  unsigned workers)
{
    *session = (struct session){.transports = transports};
    session->cpus = bench_cpus(session->cpu, SESSION_CPUS);
    snprintf(session->name, sizeof session->name, "mapring-bench-%" PRIu64, bench_process_id());
    size_t bytes = sizeof *session->meeting + (size_t)AREA_COUNT * AREA_BYTES;
    if (!os_view_write(&session->view, session->name, bytes, 0))
        return false;
    session->meeting = (struct meeting *)(void *)session->view.data;
    bench_pin(session->cpu[0]);
    for (; session->workers < workers; session->workers++) {
        if (!start_worker(session, session->workers + 1)) {
            session_close(session);
            return false;
        }
    }
    return true;
}

void session_close(struct session *session)
{
    if (!session->meeting)
        return;
    session->meeting->job = (struct job){.kind = JOB_QUIT};
    word_set(&session->meeting->order.value, session->meeting->order.value + 1);
    for (unsigned i = 0; i < session->workers; i++)
        bench_wait(&session->process[i]);
    os_view_remove(&session->view);
    os_view_close(&session->view);
    session->meeting = NULL;
}

const struct result *session_result(const struct session *session, unsigned side)
{
    return &session->meeting->result[side];
}

/* False: a worker has died or does not answer. */
static bool await_workers(struct session *session, const struct lonely_word *words,
                          unsigned workers, uint64_t turn)
{
    int64_t begin = os_now_ns();
    for (unsigned i = 1; i <= workers;) {
        int64_t waited = os_now_ns() - begin;
        if (word_get(&words[i].value) == turn)
            i++;
        else if (!bench_is_alive(&session->process[i - 1]) ||
                 waited > PATIENCE_MS * INT64_C(1000000))
            return false;
        else if (waited > SPIN_NS)
            os_pause_ms(1);
    }
    return true;
}

static unsigned workers_of(const struct job *job)
{
    return 1 + job->consumers + job->observers;
}

static void give_order(struct session *session, const struct job *job, uint64_t turn)
{
    struct meeting *meeting = session->meeting;
    for (unsigned i = 0; i < AREA_COUNT; i++)
        memset((unsigned char *)(meeting + 1) + (size_t)i * AREA_BYTES, 0, CLEARED_BYTES);
    memset(meeting->result, 0, (workers_of(job) + 1) * sizeof *meeting->result);
    meeting->job = *job;
    snprintf(meeting->job.name, sizeof meeting->job.name, "%.40s-%" PRIu64, session->name, turn);
    word_set(&meeting->order.value, turn);
}

static void note_failures(const struct session *session, unsigned workers, struct outcome *outcome)
{
    for (unsigned i = 0; i <= workers && !outcome->failed; i++) {
        const struct result *result = session_result(session, i);
        outcome->failed = result->failed;
        snprintf(outcome->error, sizeof outcome->error, "%s",
                 result->error[0] != '\0' ? result->error : "the other side went away");
    }
}

static struct outcome gone(struct session *session)
{
    for (unsigned i = 0; i < session->workers; i++)
        bench_kill(&session->process[i]);
    return (struct outcome){
        .failed = true, .is_over = true, .error = "a worker process died or hangs"};
}

struct outcome session_run(struct session *session, const struct job *job)
{
    struct meeting *meeting = session->meeting;
    unsigned workers = workers_of(job);
    uint64_t turn = meeting->order.value + 1;
    give_order(session, job, turn);
    struct side side;
    bool opened = side_open(&side, session, &meeting->job, 0);
    bool alive = await_workers(session, meeting->ready, workers, turn);
    struct outcome outcome = {.failed = !alive};
    for (unsigned i = 0; i <= workers; i++)
        opened = opened && meeting->result[i].failed == 0;
    word_set(&meeting->go.value, 2 * turn + opened);
    if (opened && alive) {
        outcome.probe_ns[0] = probe_run(meeting, 0);
        side_run(&side);
        outcome.probe_ns[1] = probe_run(meeting, 0);
    }
    alive = alive && await_workers(session, meeting->done, workers, turn);
    side_close(&side);
    if (!alive)
        return gone(session);
    note_failures(session, workers, &outcome);
    return outcome;
}
