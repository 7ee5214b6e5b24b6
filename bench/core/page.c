/* SPDX-License-Identifier: MIT */
/* Shared by all parts of the page. */
#include "page.h"

unsigned page_series(unsigned transport)
{
    return transport % SERIES;
}
