/* SPDX-License-Identifier: MIT */
/* The next record. */
#ifndef MAPRING_CONSUMER_NEXT_H
#define MAPRING_CONSUMER_NEXT_H

#include "consumer/consumer.h"

/* The commit word at the cursor, behind ends of runs that are not to be told. */
uint64_t consumer_look(mapring_consumer *consumer);

#endif
