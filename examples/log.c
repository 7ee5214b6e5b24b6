/* SPDX-License-Identifier: MIT */
/*
 * A service with three threads that log. Kill it as hard as you like: each order that it has
 * confirmed on standard output is in the log.
 *
 *     example_log ./service.ring > confirmed & sleep 1; kill -9 $!
 *     tail -n 1 confirmed
 *     mapring dump ./service.ring | tail
 *
 * While it runs, "mapring recv ./service.ring" follows it, and "mapring level ./service.ring debug"
 * makes it say more. usage: example_log LOG [ORDERS]
 */
#include <mapring/log.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

static mapring_log *service_log; /* each thread writes into a ring of its own */
static atomic_long orders_left;
static atomic_int price = 100;

/* The first call of a place or a thread takes longer; naming the thread prepares it. */
static void begin(const char *name)
{
    if (mapring_log_name_thread(service_log, name) != MAPRING_OK)
        fprintf(stderr, "%s\n", mapring_last_error()->text);
}

static void *take_orders(void *unused)
{
    (void)unused;
    begin("orders");
    for (long id = 0; atomic_load(&orders_left) > 0; id++) {
        int now = atomic_load(&price);
        MAPRING_INFO(service_log, "order=%ld of %s at price=%d", id, "gears", now);
        printf("%ld\n", id); /* from here on, the customer relies on it */
        fflush(stdout);
        atomic_fetch_sub(&orders_left, 1);
    }
    return NULL;
}

static void *make_prices(void *unused)
{
    (void)unused;
    begin("prices");
    for (int i = 0; atomic_load(&orders_left) > 0; i++) {
        int now = 100 + i % 7;
        atomic_store(&price, now);
        MAPRING_DEBUG(service_log, "price=%d", now); /* not evaluated below the level */
        if (i % 1000 == 0)
            MAPRING_WARN(service_log, "the market is %s", i % 2000 ? "calm" : "wild");
    }
    return NULL;
}

static void *watch(void *unused)
{
    (void)unused;
    begin("heartbeat");
    for (long last = atomic_load(&orders_left), now; last > 0; last = now) {
        while ((now = atomic_load(&orders_left)) > 0 && last - now < 100)
            continue;
        MAPRING_INFO(service_log, "alive, left=%ld", now);
    }
    return NULL;
}

int main(int argc, char **argv)
{
    void *(*const jobs[])(void *) = {take_orders, make_prices, watch};
    pthread_t threads[3];
    if (argc < 2) {
        fprintf(stderr, "usage: example_log LOG [ORDERS]\n");
        return 2;
    }
    atomic_store(&orders_left, argc > 2 ? atol(argv[2]) : 1000000000);
    if (mapring_log_open(&service_log, argv[1], NULL) != MAPRING_OK) {
        fprintf(stderr, "%s\n", mapring_last_error()->text);
        return 1;
    }
    for (int i = 0; i < 3; i++)
        pthread_create(&threads[i], NULL, jobs[i], NULL);
    for (int i = 0; i < 3; i++)
        pthread_join(threads[i], NULL);
    MAPRING_INFO(service_log, "all orders are taken");
    mapring_log_close(service_log);
}
