/* SPDX-License-Identifier: MIT */
/*
 * usage: jetstream_plain URL SUBJECT BYTES COUNT PENDING
 *
 * The baseline of the bridge: publishes COUNT records of BYTES bytes to a JetStream stream, each as
 * a message, as a program does that knows nothing of rings. It publishes asynchronously, with up to
 * PENDING messages unanswered; everything else is as the client's library has it. Prints how long
 * it took until all were acknowledged, and its own processor time, in seconds.
 */
#include <nats/nats.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

enum { PATIENCE_MS = 60000 };

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

static double processor_time(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1e-6;
}

static void check(natsStatus status, const char *what)
{
    if (status == NATS_OK)
        return;
    fprintf(stderr, "jetstream_plain: cannot %s: %s\n", what, natsStatus_GetText(status));
    exit(1);
}

static void refused(jsCtx *stream, jsPubAckErr *error, void *context)
{
    (void)stream;
    (void)context;
    fprintf(stderr, "jetstream_plain: not stored: %s\n", error->ErrText);
    exit(1);
}

int main(int argc, char **argv)
{
    if (argc != 6) {
        fprintf(stderr, "usage: jetstream_plain URL SUBJECT BYTES COUNT PENDING\n");
        return 2;
    }
    const char *subject = argv[2];
    int bytes = atoi(argv[3]);
    long count = atol(argv[4]);
    char *record = malloc((size_t)bytes);
    natsConnection *connection;
    jsCtx *stream;
    jsOptions options;
    if (!record)
        return 1;
    memset(record, 'x', (size_t)bytes);
    jsOptions_Init(&options);
    options.PublishAsync.MaxPending = atol(argv[5]);
    options.PublishAsync.ErrHandler = refused;
    options.PublishAsync.StallWait = PATIENCE_MS;
    check(natsConnection_ConnectTo(&connection, argv[1]), "connect");
    check(natsConnection_JetStream(&stream, connection, &options), "use JetStream");
    double began = now(), used = processor_time();
    for (long i = 0; i < count; i++)
        check(js_PublishAsync(stream, subject, record, bytes, NULL), "publish");
    jsPubOptions all;
    jsPubOptions_Init(&all);
    all.MaxWait = PATIENCE_MS;
    check(js_PublishAsyncComplete(stream, &all), "wait for the acknowledgements");
    printf("%.6f %.6f\n", now() - began, processor_time() - used);
    jsCtx_Destroy(stream);
    natsConnection_Destroy(connection);
    nats_Close();
    free(record);
    return 0;
}
