/* SPDX-License-Identifier: MIT */
#include "holdings.h"

#include "helpers.h"

void check_holdings(struct holdings before)
{
    struct holdings after;
    check_soon((after = holdings_now()).threads <= before.threads);
    check_number(before.handles, after.handles);
    check_number(before.views, after.views);
}
