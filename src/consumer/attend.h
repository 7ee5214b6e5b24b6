/* SPDX-License-Identifier: MIT */
/* How a consumer comes to attend a ring: it takes a cell, and the role that goes with it. */
#ifndef MAPRING_CONSUMER_ATTEND_H
#define MAPRING_CONSUMER_ATTEND_H

#include "consumer/consumer.h"

/* Gives a consumer a cell and a place in the ring or, if it is durable and exists already, its own
 * cell and place. */
int consumer_attend(mapring_consumer *consumer, const struct mapring_consumer_options *options);

#endif
