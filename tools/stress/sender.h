/* SPDX-License-Identifier: MIT */
/* The producers of mapring stress: one sends, the others wait to take over. */
#ifndef STRESS_SENDER_H
#define STRESS_SENDER_H

#include "play.h"

void sender_play(struct play *play);

#endif
