/* SPDX-License-Identifier: MIT */
/* How to reach the servers, and as whom. */
#include "connection.h"

const char *value_url(const char *text, void *value)
{
    return value_text(text, value);
}

bool connection_check(struct connection *connection)
{
    (void)connection;
    return true;
}
