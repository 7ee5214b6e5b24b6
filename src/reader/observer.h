/* SPDX-License-Identifier: MIT */
/* Observers. */
#ifndef MAPRING_OBSERVER_H
#define MAPRING_OBSERVER_H

#include "reader/reader.h"

/* Its ring, and its place there. */
const struct reader *observer_reader(const mapring_observer *observer);

#endif
