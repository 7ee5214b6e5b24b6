/* SPDX-License-Identifier: MIT */
/* The metrics of rings, as mapring-exporter(1) lists them. */
#ifndef TOOLS_METRICS_H
#define TOOLS_METRICS_H

#include "prometheus.h"
#include "ring_samples.h"

void metrics_write(struct prometheus *page, const struct ring_samples *samples);

#endif
