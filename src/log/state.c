/* SPDX-License-Identifier: MIT */
#include "log/state.h"

struct platform_lock log_lock;
mapring_log *log_first;
