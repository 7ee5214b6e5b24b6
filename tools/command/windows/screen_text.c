/* SPDX-License-Identifier: MIT */
/* What the console shows; entry.c has set it to UTF-8 if there is one. */
#include <windows.h>

#include "command/screen.h"

bool screen_has_unicode(void)
{
    return GetConsoleOutputCP() == CP_UTF8;
}
