/* SPDX-License-Identifier: MIT */
/* What the keys and the columns are. */
#ifndef TOOLS_TOP_HELP_H
#define TOOLS_TOP_HELP_H

#include "command/canvas.h"

void help_draw(struct canvas *canvas);

#endif
