/* SPDX-License-Identifier: MIT */
/* How to reach the servers, and as whom. */
#include "connection.h"

#include <string.h>

static bool begins(const char *text, const char *start)
{
    return strncmp(text, start, strlen(start)) == 0;
}

/* One of the list, up to a comma or the end. */
static bool is_url(const char *text)
{
    if (!begins(text, "nats://") && !begins(text, "tls://"))
        return false;
    const char *host = strstr(text, "://") + 3;
    return strcspn(host, ", /") > 0 && host[strcspn(host, ", /")] != ' ' &&
           host[strcspn(host, ", /")] != '/';
}

static bool are_urls(const char *text)
{
    while (is_url(text)) {
        text += strcspn(text, ",");
        if (*text++ == '\0')
            return true;
    }
    return false;
}

const char *connection_problem(const struct connection *connection)
{
    const char *url = connection->url ? connection->url : CONNECTION_DEFAULT_URL;
    if (strchr(url, '@'))
        return "--url must not contain a user, a password or a token, because every user of this "
               "machine can read command lines; put them into a file for --user-file or "
               "--token-file, or into the environment (MAPRING_NATS_USER and "
               "MAPRING_NATS_PASSWORD, or MAPRING_NATS_TOKEN)";
    if (!are_urls(url))
        return "invalid --url: it must be nats://HOST:PORT or tls://HOST:PORT, or several of them "
               "with commas and no spaces between them";
    if (!connection->tls_cert != !connection->tls_key)
        return "--tls-cert and --tls-key need each other";
    if (!!connection->credentials + !!connection->nkey + !!connection->user_file +
            !!connection->token_file >
        1)
        return "--credentials, --nkey, --user-file and --token-file exclude each other";
    return NULL;
}

bool connection_names_stream(const char *name)
{
    size_t length = strcspn(name, " \t\r\n.*>/\\");
    return length > 0 && name[length] == '\0';
}
