/* SPDX-License-Identifier: MIT */
/* The transports of every benchmark: the limits of the machine, a plain ring, and mapring. */
#ifndef BENCH_REFERENCES_H
#define BENCH_REFERENCES_H

#include "transport.h"

extern const struct transport transport_line, transport_blocks, transport_memcpy,
    transport_baseline, transport_baseline_batch;
extern const struct transport transport_mapring, transport_mapring_send, transport_mapring_copy,
    transport_mapring_batch, transport_mapring_try, transport_mapring_times;

#endif
