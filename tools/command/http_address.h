/* SPDX-License-Identifier: MIT */
/* Where a server listens. */
#ifndef TOOLS_HTTP_ADDRESS_H
#define TOOLS_HTTP_ADDRESS_H

struct http_address {
    char host[254]; /* an address, or a name that means one; IPv6 without brackets */
    char port[6];   /* decimal */
};

/* As the functions of shared/values.h: struct http_address, from ADDR:PORT or [ADDR]:PORT. */
const char *value_address(const char *text, void *value);

#endif
