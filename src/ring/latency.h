/* SPDX-License-Identifier: MIT */
/* The histogram of a consumer's latencies: which bucket a time belongs to, and what the counts say
 * about all of them. */
#ifndef MAPRING_RING_LATENCY_H
#define MAPRING_RING_LATENCY_H

#include "layout.h"
#include "mapring/mapring.h"

unsigned latency_bucket(uint64_t ns);

/* The smallest time that no longer belongs to the bucket; for the last one, UINT64_MAX. */
uint64_t latency_bound(unsigned bucket);

/* Reads the histogram while its consumer may be writing it. */
void latency_read(const struct ring_latency *from, struct mapring_latency *latency);

/* The time that `thousandths` of the samples do not exceed, rounded up to a bucket's bound; 0 if
 * there are no samples. */
uint64_t latency_percentile(const struct mapring_latency *latency, unsigned thousandths);

#endif
