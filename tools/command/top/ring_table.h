/* SPDX-License-Identifier: MIT */
/* The table of rings. */
#ifndef TOOLS_TOP_RING_TABLE_H
#define TOOLS_TOP_RING_TABLE_H

#include "order.h"
#include "table.h"

/* Rows are struct sampled_ring. */
void ring_table_fit(struct table *table, int begin, int end);
void ring_table_row(const struct table *table, struct canvas *canvas, int line,
                    const struct sampled_ring *ring);

/* The column by which that order sorts. */
int ring_table_column(enum order order);

#endif
