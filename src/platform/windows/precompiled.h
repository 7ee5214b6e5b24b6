/* SPDX-License-Identifier: MIT */
/* What takes longer to compile than most files that include it: see atomic.h. */
#include <windows.h>
