/* SPDX-License-Identifier: MIT */
/* Getting a cell. */
#ifndef MAPRING_CONSUMER_ATTEND_H
#define MAPRING_CONSUMER_ATTEND_H

#include "consumer/consumer.h"

/* Gives a new consumer a cell and a place, or a durable one what it has left. */
int consumer_attend(mapring_consumer *consumer, const struct mapring_consumer_options *options);

#endif
