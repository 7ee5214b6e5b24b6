/* SPDX-License-Identifier: MIT */
#include "log_lines.hpp"

void log_in_other_unit(mapring_log *log)
{
    log_inline(log, 2);
    log_static(log, 2);
    log_template(log, 2);
}
