/* SPDX-License-Identifier: MIT */
/* Writes the metrics of rings to standard output. */
#include "stat_prometheus.h"

#include <stdio.h>

#include "metrics.h"
#include "shared/message.h"

static int complain_of(const struct ring_samples *samples)
{
    int status = EXIT_DONE;
    for (size_t i = 0; i < samples->count; i++) {
        if (samples->sample[i].result == MAPRING_OK)
            continue;
        complain("%s", samples->sample[i].problem);
        status = EXIT_FAILED;
    }
    return status;
}

int stat_prometheus(enum mapring_scope scope, int count, char **names)
{
    struct ring_samples samples;
    struct prometheus page = {0};
    int status = EXIT_FAILED;
    if (ring_samples_take(&samples, scope, (size_t)count, names) != MAPRING_OK) {
        ring_failure();
    } else {
        metrics_write(&page, &samples);
        if (samples.no_memory || page.text.no_memory)
            complain("not enough memory for the metrics of %zu rings", samples.names.count);
        else if (fwrite(page.text.text, 1, page.text.bytes, stdout) == page.text.bytes &&
                 fflush(stdout) == 0)
            status = complain_of(&samples);
    }
    growing_text_free(&page.text);
    ring_samples_free(&samples);
    return status;
}
