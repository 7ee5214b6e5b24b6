/* SPDX-License-Identifier: MIT */
/*
 * Writes metrics in the text format of Prometheus, family after family:
 *
 *     prometheus_family(&page, "mapring_sent_records_total", PROMETHEUS_COUNTER, "Records sent.");
 *     prometheus_sample(&page, "");
 *     prometheus_label(&page, "ring", name);
 *     prometheus_number(&page, records);
 *
 * A family without samples is not mentioned.
 */
#ifndef TOOLS_PROMETHEUS_H
#define TOOLS_PROMETHEUS_H

#include <stdint.h>

#include "growing_text.h"

#define PROMETHEUS_CONTENT_TYPE "text/plain; version=0.0.4; charset=utf-8"

enum prometheus_type { PROMETHEUS_GAUGE, PROMETHEUS_COUNTER, PROMETHEUS_HISTOGRAM };

struct prometheus {
    struct growing_text text;

    /* The rest is private to prometheus.c. */
    const char *family, *help;
    enum prometheus_type type;
    bool has_samples; /* the present family */
    unsigned labels;  /* of the present sample */
};

/* The strings must stay until the next family begins. */
void prometheus_family(struct prometheus *page, const char *name, enum prometheus_type type,
                       const char *help);

/* Begins a sample of the family; the suffix is "", or one of "_bucket", "_sum" and "_count". */
void prometheus_sample(struct prometheus *page, const char *suffix);

/* The value is any text: control characters and bytes that are not UTF-8 become \xNN. */
void prometheus_label(struct prometheus *page, const char *key, const char *value);

/* End the sample with its value. */
void prometheus_number(struct prometheus *page, uint64_t value);
void prometheus_real(struct prometheus *page, double value);
void prometheus_seconds(struct prometheus *page, uint64_t ns);

#endif
