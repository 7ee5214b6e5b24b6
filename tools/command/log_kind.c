/* SPDX-License-Identifier: MIT */
/* Whether a ring is a log. */
#include "log_kind.h"

#include <string.h>

#include "look.h"
#include "mapring/log.h"
#include "printable.h"
#include "shared/message.h"

bool stat_is_log(const struct mapring_stat *stat)
{
    return strcmp(stat->content, MAPRING_LOG_CONTENT) == 0;
}

static int not_a_log(const char *name, struct mapring_stat *stat)
{
    make_printable(stat->content);
    if (stat->content[0] == '\0')
        complain("the ring '%s' is not a log: nothing says what its records are", name);
    else
        complain("the ring '%s' is not a log: its records are %s", name, stat->content);
    return EXIT_FAILED;
}

int log_failure(int result, const char *name, enum mapring_scope scope)
{
    static struct mapring_stat stat;
    if (result == MAPRING_ERROR_WRONG_KIND && look(name, scope, &stat) == MAPRING_OK)
        return not_a_log(name, &stat);
    int status = ring_failure();
    if (result == MAPRING_ERROR_NOT_THERE)
        complain("start the program that logs first; 'mapring ls' lists the rings that are there");
    return status;
}
