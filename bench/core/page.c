/* SPDX-License-Identifier: MIT */
/* What all parts of the page share. */
#include "page.h"

unsigned page_series(unsigned transport)
{
    return transport % SERIES;
}
