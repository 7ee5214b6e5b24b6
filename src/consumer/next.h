/* SPDX-License-Identifier: MIT */
/* Taking the next record. */
#ifndef MAPRING_CONSUMER_NEXT_H
#define MAPRING_CONSUMER_NEXT_H

#include "consumer/consumer.h"

/* Returns the commit word at the cursor, after skipping run ends that are not to be reported. */
uint64_t consumer_look(mapring_consumer *consumer);

#endif
