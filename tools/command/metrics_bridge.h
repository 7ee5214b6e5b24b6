/* SPDX-License-Identifier: MIT */
/* The metrics of bridges. */
#ifndef TOOLS_METRICS_BRIDGE_H
#define TOOLS_METRICS_BRIDGE_H

#include "prometheus.h"
#include "ring_samples.h"

void metrics_write_bridges(struct prometheus *page, const struct ring_samples *samples);

#endif
