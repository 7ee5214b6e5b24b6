/* SPDX-License-Identifier: MIT */
/* Connects, in a thread of its own. */
#include "dial.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "session.h"
#include "shared/os.h"

enum { SLICE_NS = 100000000, NS_PER_S = 1000000000 };

/* The last of the two that let go of it frees it. */
struct attempt {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    natsOptions *options;
    natsConnection *connection;
    natsStatus status;
    char text[400];
    bool done, abandoned;
};

static void attempt_free(struct attempt *attempt)
{
    nats.natsOptions_Destroy(attempt->options);
    pthread_cond_destroy(&attempt->changed);
    pthread_mutex_destroy(&attempt->lock);
    free(attempt);
}

static void *attempt_run(void *context)
{
    struct attempt *attempt = context;
    natsConnection *connection = NULL;
    natsStatus status = nats.natsConnection_Connect(&connection, attempt->options);
    const char *text = status == NATS_OK ? "" : session_said(status);
    pthread_mutex_lock(&attempt->lock);
    attempt->connection = connection;
    attempt->status = status;
    snprintf(attempt->text, sizeof attempt->text, "%s", text);
    attempt->done = true;
    bool abandoned = attempt->abandoned;
    pthread_cond_signal(&attempt->changed);
    pthread_mutex_unlock(&attempt->lock);
    if (abandoned) {
        nats.natsConnection_Destroy(connection);
        attempt_free(attempt);
    }
    return NULL;
}

static struct attempt *attempt_make(natsOptions *options)
{
    struct attempt *attempt = calloc(1, sizeof *attempt);
    if (!attempt) {
        nats.natsOptions_Destroy(options);
        return NULL;
    }
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&attempt->changed, &monotonic);
    pthread_condattr_destroy(&monotonic);
    pthread_mutex_init(&attempt->lock, NULL);
    attempt->options = options;
    return attempt;
}

static bool attempt_start(struct attempt *attempt)
{
    sigset_t all, before;
    pthread_t thread;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    bool started = pthread_create(&thread, NULL, attempt_run, attempt) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (started)
        pthread_detach(thread);
    return started;
}

static void wait_a_slice(struct attempt *attempt)
{
    int64_t end_ns = os_now_ns() + SLICE_NS;
    struct timespec end = {end_ns / NS_PER_S, end_ns % NS_PER_S};
    pthread_cond_timedwait(&attempt->changed, &attempt->lock, &end);
}

natsStatus dial(natsOptions *options, int64_t timeout_ns, natsConnection **connection, char *text,
                size_t bytes)
{
    struct attempt *attempt = attempt_make(options);
    if (!attempt)
        return NATS_NO_MEMORY;
    if (!attempt_start(attempt)) {
        attempt_free(attempt);
        return NATS_NO_MEMORY;
    }
    int64_t end_ns = os_now_ns() + timeout_ns;
    pthread_mutex_lock(&attempt->lock);
    while (!attempt->done && os_interrupted() == 0 && os_now_ns() < end_ns)
        wait_a_slice(attempt);
    bool done = attempt->done;
    attempt->abandoned = !done;
    natsStatus status = done ? attempt->status : NATS_TIMEOUT;
    *connection = done ? attempt->connection : NULL;
    snprintf(text, bytes, "%s", attempt->text);
    pthread_mutex_unlock(&attempt->lock);
    if (done)
        attempt_free(attempt);
    return status;
}
