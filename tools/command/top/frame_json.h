/* SPDX-License-Identifier: MIT */
/* What mapring top --json writes: one object on one line for each look. */
#ifndef TOOLS_TOP_FRAME_JSON_H
#define TOOLS_TOP_FRAME_JSON_H

#include "order.h"
#include "sample.h"

void frame_json(const struct sample *sample, const struct rows *rows);

#endif
