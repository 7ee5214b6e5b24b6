/* SPDX-License-Identifier: MIT */
/* A service that logs from three threads, until Ctrl-C:
 *
 *     log NAME [--tell]
 *
 * Another process reads its lines while it runs, or after it has died, even by kill -9:
 *
 *     mapring recv NAME --wait --follow
 *     mapring dump NAME --last 10
 *
 * With --tell, each thread prints the number of each line that it has logged. The suite "log_example"
 * kills this program, and holds what it printed against the log.
 */
#include <mapring/log.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static mapring_log *service_log; /* one for all threads: each gets a ring of its own in it */
static atomic_bool is_stopping;
static bool tells;

struct worker {
    const char *name;
    void (*work)(int number);
    long pause_ms;
};

/* A call stores the values only: whoever reads the line formats it. `order=%d` also names the value,
 * for `mapring recv --json`. */
static void take_order(int number)
{
    MAPRING_INFO(service_log, "order=%d pieces=%d of %s", number, 10 + number % 90, "bolts");
    if (number % 50 == 0)
        MAPRING_WARN(service_log, "%d orders wait for delivery", number);
}

/* What MAPRING_DEBUG would write is not even computed until somebody runs `mapring level NAME debug`. */
static void set_price(int number)
{
    double price = 3.20 + number % 7 * 0.05;
    MAPRING_INFO(service_log, "change=%d price=%.2f", number, price);
    MAPRING_DEBUG(service_log, "%+.1f%% since the start", (price / 3.20 - 1) * 100);
}

static void beat(int number)
{
    MAPRING_INFO(service_log, "beat=%d", number);
}

static void *work(void *context)
{
    const struct worker *worker = context;
    const struct timespec pause = {.tv_nsec = worker->pause_ms * 1000000};
    mapring_log_name_thread(service_log, worker->name);
    for (int number = 1; !is_stopping; number++) {
        worker->work(number);
        if (tells) {
            printf("%s %d\n", worker->name, number);
            fflush(stdout);
        }
        nanosleep(&pause, NULL);
    }
    return NULL;
}

static void stop(int number)
{
    (void)number;
    is_stopping = true;
}

int main(int argc, char **argv)
{
    static struct worker workers[] = {
        {"orders", take_order, 1}, {"prices", set_price, 2}, {"heartbeat", beat, 10}};
    pthread_t threads[3];
    tells = argc == 3 && strcmp(argv[2], "--tell") == 0;
    if (argc != 2 && !tells) {
        fprintf(stderr, "usage: log NAME [--tell]\n");
        return 2;
    }
    if (mapring_log_open(&service_log, argv[1], NULL) != MAPRING_OK) {
        fprintf(stderr, "%s\n", mapring_last_error()->text);
        return 1;
    }
    signal(SIGINT, stop);
    signal(SIGTERM, stop);
    for (int i = 0; i < 3; i++)
        if (pthread_create(&threads[i], NULL, work, &workers[i]) != 0)
            return 1;
    for (int i = 0; i < 3; i++)
        pthread_join(threads[i], NULL);
    MAPRING_INFO(service_log, "stopped by a signal");
    mapring_log_close(service_log); /* after the last call of all threads */
    return 0;
}
