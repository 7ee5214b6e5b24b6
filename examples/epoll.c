/* SPDX-License-Identifier: MIT */
/* Waits with epoll for the records of two rings and for datagrams to a socket, until both rings
 * have ended:
 *
 *     epoll RING RING PORT
 */
#include <arpa/inet.h>
#include <mapring/mapring.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>

/* Reads until nothing is there and the handle is armed, or to the end. Returns 1 at the end. */
static int read_ring(mapring_consumer **consumer, const char *name)
{
    struct mapring_record record;
    int result;
    do {
        while ((result = mapring_consumer_next(*consumer, &record, 0)) == MAPRING_OK) {
            printf("%s: %.*s\n", name, (int)record.bytes, (const char *)record.payload);
            mapring_consumer_release(*consumer);
        }
        if (result == MAPRING_NOTHING)
            result = mapring_consumer_arm(*consumer); /* MAPRING_OK: something came meanwhile */
    } while (result == MAPRING_OK || result == MAPRING_LOST);
    if (result == MAPRING_NOTHING)
        return 0;
    mapring_consumer_close(*consumer); /* and its handle with it */
    *consumer = NULL;
    return 1;
}

static void read_socket(int udp)
{
    char bytes[2048];
    ssize_t got = recv(udp, bytes, sizeof bytes, MSG_DONTWAIT);
    if (got >= 0)
        printf("socket: %.*s\n", (int)got, bytes);
}

static bool watch(int epoll, int descriptor, uint32_t number)
{
    struct epoll_event event = {EPOLLIN, {.u32 = number}};
    return epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event) == 0;
}

static bool open_ring(mapring_consumer **consumer, const char *name, int epoll, uint32_t number)
{
    mapring_handle handle;
    return mapring_consumer_open(consumer, name, NULL) == MAPRING_OK &&
           mapring_consumer_wait_handle(*consumer, &handle) == MAPRING_OK &&
           watch(epoll, (int)handle, number);
}

int main(int argc, char **argv)
{
    mapring_consumer *rings[2];
    int epoll = epoll_create1(EPOLL_CLOEXEC), udp = socket(AF_INET, SOCK_DGRAM, 0);
    struct sockaddr_in here = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    here.sin_port = htons((uint16_t)(argc == 4 ? atoi(argv[3]) : 0));
    if (argc != 4 || bind(udp, (struct sockaddr *)&here, sizeof here) != 0 ||
        !watch(epoll, udp, 2) || !open_ring(&rings[0], argv[1], epoll, 0) ||
        !open_ring(&rings[1], argv[2], epoll, 1)) {
        fprintf(stderr, "usage: epoll RING RING PORT. %s\n", mapring_last_error()->text);
        return 1;
    }
    int ended = read_ring(&rings[0], argv[1]) + read_ring(&rings[1], argv[2]);
    for (struct epoll_event event; ended < 2; fflush(stdout)) {
        if (epoll_wait(epoll, &event, 1, -1) != 1)
            continue;
        if (event.data.u32 == 2)
            read_socket(udp);
        else
            ended += read_ring(&rings[event.data.u32], argv[1 + event.data.u32]);
    }
    return 0;
}
