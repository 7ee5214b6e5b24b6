/* SPDX-License-Identifier: MIT */
/* The table of readers. */
#ifndef TOOLS_TOP_READER_TABLE_H
#define TOOLS_TOP_READER_TABLE_H

#include "sample.h"
#include "table.h"

struct reader_row {
    const struct sampled_ring *ring;
    const struct sampled_reader *reader;
};

/* Rows are struct reader_row. `with_ring`: of several rings, which are named. */
void reader_table_fit(struct table *table, int begin, int end, bool with_ring);

#endif
