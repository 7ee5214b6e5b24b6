/* SPDX-License-Identifier: MIT */
/* One value as text. */
#ifndef MAPRING_LOG_RENDERED_H
#define MAPRING_LOG_RENDERED_H

#include "log/conversion.h"
#include "log/text.h"
#include "log/values.h"

/* Appends value number `i` as the conversion says, whose width and precision are numbers; as
 * %!d(its value) if it does not fit. */
void render(struct text *text, const struct conversion *conversion, const struct values *values,
            size_t i);

/* Appends it as it is. */
void render_plain(struct text *text, const struct values *values, size_t i);

#endif
