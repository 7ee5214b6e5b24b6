/* SPDX-License-Identifier: MIT */
/* Stands in for the HTTP server where the build has no library for it. */
#include "http_server.h"
#include "shared/message.h"

bool http_server_start(struct http_address *address, http_answer *answer)
{
    (void)address;
    (void)answer;
    complain("this mapring was built without an HTTP server, which needs libmicrohttpd (Debian: "
             "libmicrohttpd-dev); use --textfile with node_exporter, or build it again with "
             "-Dexporter=enabled");
    return false;
}

void http_server_stop(void)
{
}
