/* SPDX-License-Identifier: MIT */
/* Adding to the dictionary of a ring. */
#ifndef MAPRING_PRODUCER_DEFINE_H
#define MAPRING_PRODUCER_DEFINE_H

#include "producer/producer.h"

void definitions_free(struct definitions *definitions);

#endif
