/* SPDX-License-Identifier: MIT */
/* What 'mapring help TOPIC' says. */
#ifndef TOOLS_TOPICS_H
#define TOOLS_TOPICS_H

#include "shared/command.h"

extern const struct topic topics[];

#endif
