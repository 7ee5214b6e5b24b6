/* SPDX-License-Identifier: MIT */
/* One end of a mapring, for the transports that use one. */
#ifndef BENCH_RING_LANE_H
#define BENCH_RING_LANE_H

#include "mapring/mapring.h"
#include "transport.h"

struct ring_lane {
    mapring_producer *producer;
    mapring_consumer *consumer;
    mapring_observer *observer;
    struct mapring_record record;
    unsigned char *buffer; /* room for a batch */
    size_t batch;          /* records in a batch */
    size_t held, taken;
    struct mapring_buffer out[BATCH];
    struct mapring_record in[BATCH];
};

void *ring_lane_write(const struct channel *channel, struct result *result);
void *ring_lane_write_times(const struct channel *channel, struct result *result);
void *ring_lane_read(const struct channel *channel, struct result *result);
void ring_lane_close(void *lane);
void ring_lane_remove(const struct channel *channel);

#endif
