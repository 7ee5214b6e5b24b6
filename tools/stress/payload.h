/* SPDX-License-Identifier: MIT */
/* What each record of mapring stress contains, and how it is sent: its number decides both, so that
 * whoever sends or reads it knows what it must be. */
#ifndef STRESS_PAYLOAD_H
#define STRESS_PAYLOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mapring/mapring.h"
#include "plan.h"

/* Records come in groups; the first ones of a group are a batch. */
enum { GROUP = 8, BATCH = 3 };

enum payload_way { WAY_BATCH, WAY_PART, WAY_SEND, WAY_IN_PLACE, WAY_AFTER_ABORT };

enum payload_way payload_way(uint64_t sequence);

size_t payload_bytes(const struct plan *plan, uint64_t sequence);
void payload_fill(const struct plan *plan, uint64_t sequence, unsigned char *data, size_t bytes);
bool payload_is_right(const struct plan *plan, const struct mapring_record *record);

#endif
