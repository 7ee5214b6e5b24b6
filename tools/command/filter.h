/* SPDX-License-Identifier: MIT */
/* Passes those records on to the output that --since, --until and --grep ask for. The parts of one
 * are treated alike. */
#ifndef TOOLS_FILTER_H
#define TOOLS_FILTER_H

#include <stdbool.h>

#include "grep.h"
#include "log_lines.h"
#include "losses.h"
#include "mapring/mapring.h"
#include "output.h"
#include "time_value.h"

struct filter {
    struct bound since, until;
    struct grep grep;
    struct losses losses;
    struct log_lines *log; /* records of logs are judged by the lines that it makes of them, and by
                              their levels; NULL: by what they contain */
    uint64_t begun; /* sequence number of the last record or, if it is in parts, of the first one */
    bool is_whole;  /* no part is to come after the last record */
    bool has_ended; /* a record after the end has come, and was not passed on */

    /* Private to filter.c: what is done with further parts. */
    enum { FILTER_WRITES, FILTER_SEARCHES, FILTER_SKIPS } state;
};

#define FILTER_ALL          \
    {                       \
        .until = BOUND_NONE \
    }

/* Whether this record is to be written, after the parts that grep.h keeps of it. */
bool filter_passes(struct filter *filter, const struct mapring_record *record);

void filter_record(struct filter *filter, const struct mapring_record *record,
                   struct output *output);
/* The loss is told with the next record of its ring, whose time says until when it may have
 * happened, or when that is not waited for: */
void filter_lost(struct filter *filter, struct mapring_record *lost, struct output *output);
void filter_tell_losses(struct filter *filter, struct output *output);

/* The same for output->ring only. */
void filter_tell_loss(struct filter *filter, struct output *output);

/* No more parts come: ends the incomplete record. */
void filter_cut(struct filter *filter, struct output *output);

/* Whether records without times cannot be judged. */
bool filter_needs_times(const struct filter *filter);

/* False: it has a sequence number as a bound, and each of several rings has its own numbers; a
 * message has been printed. */
bool filter_is_clear_for_several(const struct filter *filter);

/* Whether it will come to an end. */
bool filter_ends(const struct filter *filter);

#endif
