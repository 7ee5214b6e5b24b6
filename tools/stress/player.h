/* SPDX-License-Identifier: MIT */
/* A process that plays a role in mapring stress. */
#ifndef STRESS_PLAYER_H
#define STRESS_PLAYER_H

/* Plays the role of a number on a board until the conductor ends it. Returns the exit status. */
int player_run(const char *board, const char *number, const char *turn);

#endif
