/* SPDX-License-Identifier: MIT */
/* The consumers and observers of mapring stress: they check every record. */
#ifndef STRESS_READER_H
#define STRESS_READER_H

#include "play.h"
#include "roles.h"

void reader_play(struct play *play, enum role role);

#endif
