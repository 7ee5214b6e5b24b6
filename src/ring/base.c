/* SPDX-License-Identifier: MIT */
#include "ring/base.h"

#include "platform.h"

int base_find(struct ring_name *name, const char *text, enum mapring_scope scope)
{
    char directory[PATH_LIMIT];
    int result = ring_name_parse(name, text, scope);
    if (result != MAPRING_OK || name->is_path)
        return result;
    result = platform_base(text, directory);
    if (result != MAPRING_OK || directory[0] == '\0')
        return result;
    return ring_name_move(name, directory);
}
