/* SPDX-License-Identifier: MIT */
/* The state of other processes. */
#include "command/os.h"

/* Windows does not report this for a process, and for a thread only when it is suspended. */
bool os_process_is_stopped(uint64_t process)
{
    (void)process;
    return false;
}
