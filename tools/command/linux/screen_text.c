/* SPDX-License-Identifier: MIT */
/* What the user's locale says about text. */
#include <langinfo.h>
#include <locale.h>
#include <string.h>

#include "command/screen.h"

bool screen_has_unicode(void)
{
    setlocale(LC_CTYPE, "");
    bool unicode = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
    return unicode;
}
