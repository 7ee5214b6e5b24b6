/* SPDX-License-Identifier: MIT */
/* Which of the rings NAME, NAME.1, NAME.2, ... this process may take. */
#ifndef MAPRING_LOG_PLACE_H
#define MAPRING_LOG_PLACE_H

#include "log/state.h"

struct place {
    bool taken;          /* by this process */
    int64_t not_until_ns; /* was somebody else's, or no log's: not worth a look before */
};

/* The name of that ring: "app", "app.1", "dir/app.1.ring". False if it is too long. */
bool place_name(const mapring_log *log, uint32_t place, char name[PATH_LIMIT]);

/* Takes the first one that may be free. MAPRING_ERROR_NO_MEMORY if there is none. */
int place_take(mapring_log *log, uint32_t *place);

/* Gives it back. `is_others`: it is not to be tried again soon. */
void place_leave(mapring_log *log, uint32_t place, bool is_others);

void place_forget_all(mapring_log *log);

#endif
