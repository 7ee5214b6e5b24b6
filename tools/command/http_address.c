/* SPDX-License-Identifier: MIT */
/* Where a server listens. */
#include "http_address.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "shared/values.h"

enum { LAST_PORT = 65535 };

static bool read_port(const char *text, struct http_address *address)
{
    uint64_t port = 0;
    if (strlen(text) >= sizeof address->port || !read_number(text, 10, &port) || port > LAST_PORT)
        return false;
    strcpy(address->port, text);
    return true;
}

/* Only an address in brackets contains a colon. */
static bool read_host(const char *text, size_t length, struct http_address *address)
{
    bool in_brackets = length >= 2 && text[0] == '[' && text[length - 1] == ']';
    text += in_brackets;
    length -= in_brackets ? 2 : 0;
    if (length == 0 || length >= sizeof address->host ||
        (!in_brackets && memchr(text, ':', length) != NULL))
        return false;
    memcpy(address->host, text, length);
    address->host[length] = '\0';
    return true;
}

const char *value_address(const char *text, void *value)
{
    const char *colon = strrchr(text, ':');
    bool read =
        colon && read_port(colon + 1, value) && read_host(text, (size_t)(colon - text), value);
    return read ? NULL : "ADDR:PORT, such as 127.0.0.1:19847, [::1]:19847 or 0.0.0.0:19847";
}
