/* SPDX-License-Identifier: MIT */
/* Which rings are shown, and in which order. */
#ifndef TOOLS_TOP_ORDER_H
#define TOOLS_TOP_ORDER_H

#include "sample.h"

enum order {
    ORDER_NAME,
    ORDER_STATE,
    ORDER_FULL,
    ORDER_IN,
    ORDER_IN_BYTES,
    ORDER_OUT,
    ORDER_DROPPED,
    ORDER_BLOCKED, /* for how long the producer has been waiting */
    ORDER_COUNT
};

struct rows {
    const struct sampled_ring **ring;
    size_t count;
};

/* Names come from A to Z, numbers begin with the largest; rings that are the same come in the order
 * of their names. The filter is part of a name or a pattern; empty: all rings. False: no memory. */
bool rows_select(struct rows *rows, const struct sample *sample, const char *filter,
                 enum order order, bool reverse);
void rows_free(struct rows *rows);

/* Whether the order, not reversed, begins with what is largest. */
bool order_is_falling(enum order order);

/* Reads the name of an order, such as "full", into an enum order. */
const char *value_order(const char *text, void *value);

#endif
