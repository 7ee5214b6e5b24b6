/* SPDX-License-Identifier: MIT */
/* Turns the options of a connection into those of the library. */
#include "login.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "nkey.h"
#include "secret.h"

enum { SERVERS_MOST = 64, CONNECT_MS = 3000 };

static enum engine_result no_memory(struct engine *engine)
{
    return session_fail(engine, ENGINE_RETRY, "not enough memory to connect");
}

static enum engine_result unreadable(struct engine *engine, const char *path)
{
    return session_refuse(engine, "cannot read '%s': %s", path, strerror(errno));
}

/* ---- Servers ---- */

static enum engine_result set_servers(struct engine *engine, natsOptions *options)
{
    const char *servers[SERVERS_MOST], *url = engine->settings->url;
    char *list = strdup(url ? url : CONNECTION_DEFAULT_URL), *place = NULL;
    int count = 0;
    bool secure = false;
    for (char *one = list ? strtok_r(list, ",", &place) : NULL; one && count < SERVERS_MOST;
         one = strtok_r(NULL, ",", &place)) {
        servers[count++] = one;
        secure = secure || strncmp(one, "tls:", 4) == 0;
    }
    bool set = list && nats.natsOptions_SetServers(options, servers, count) == NATS_OK &&
               (!secure || nats.natsOptions_SetSecure(options, true) == NATS_OK);
    free(list);
    return set ? ENGINE_OK : no_memory(engine);
}

/* No reconnecting: what the library holds back for it would be sent late, and refused. */
static bool set_manners(natsOptions *options)
{
    return nats.natsOptions_SetName(options, "mapring bridge") == NATS_OK &&
           nats.natsOptions_SetTimeout(options, CONNECT_MS) == NATS_OK &&
           nats.natsOptions_SetAllowReconnect(options, false) == NATS_OK &&
           nats.natsOptions_SetWriteDeadline(options, WRITE_MS) == NATS_OK &&
           nats.natsOptions_SetPingInterval(options, PING_MS) == NATS_OK &&
           nats.natsOptions_SetMaxPingsOut(options, PINGS_UNANSWERED) == NATS_OK &&
           nats.natsOptions_SetSendAsap(options, true) == NATS_OK;
}

/* ---- TLS ---- */

static enum engine_result set_authority(struct engine *engine, natsOptions *options)
{
    const char *file = engine->settings->tls_ca;
    if (access(file, R_OK) != 0)
        return unreadable(engine, file);
    if (nats.natsOptions_LoadCATrustedCertificates(options, file) != NATS_OK)
        return session_refuse(engine, "'%s' is no certificate of an authority in PEM form", file);
    return nats.natsOptions_SetSecure(options, true) == NATS_OK ? ENGINE_OK : no_memory(engine);
}

static enum engine_result set_certificate(struct engine *engine, natsOptions *options)
{
    const char *certificate = engine->settings->tls_cert, *key = engine->settings->tls_key;
    if (access(certificate, R_OK) != 0)
        return unreadable(engine, certificate);
    if (access(key, R_OK) != 0)
        return unreadable(engine, key);
    if (nats.natsOptions_LoadCertificatesChain(options, certificate, key) != NATS_OK)
        return session_refuse(engine,
                              "'%s' and '%s' are no certificate and its private key in PEM form",
                              certificate, key);
    return nats.natsOptions_SetSecure(options, true) == NATS_OK ? ENGINE_OK : no_memory(engine);
}

static enum engine_result set_tls(struct engine *engine, natsOptions *options)
{
    enum engine_result result = ENGINE_OK;
    if (engine->settings->tls_ca)
        result = set_authority(engine, options);
    if (result == ENGINE_OK && engine->settings->tls_cert)
        result = set_certificate(engine, options);
    return result;
}

/* ---- Who logs in ---- */

static enum engine_result set_credentials(struct engine *engine, natsOptions *options)
{
    const char *file = engine->settings->credentials;
    if (access(file, R_OK) != 0)
        return unreadable(engine, file);
    return nats.natsOptions_SetUserCredentialsFromFiles(options, file, NULL) == NATS_OK
               ? ENGINE_OK
               : no_memory(engine);
}

static enum engine_result set_nkey(struct engine *engine, natsOptions *options)
{
    const char *file = engine->settings->nkey;
    struct secret_lines lines;
    if (!secret_read(&lines, file))
        return unreadable(engine, file);
    char key[NKEY_PUBLIC_LENGTH + 1];
    bool valid = nkey_public(lines.first, key);
    secret_forget(&lines);
    if (!valid)
        return session_refuse(engine, "'%s' does not begin with the seed of a user's NKey (SU...)",
                              file);
    return nats.natsOptions_SetNKeyFromSeed(options, key, file) == NATS_OK ? ENGINE_OK
                                                                           : no_memory(engine);
}

static enum engine_result set_user_of_file(struct engine *engine, natsOptions *options)
{
    const char *file = engine->settings->user_file;
    struct secret_lines lines;
    if (!secret_read(&lines, file))
        return unreadable(engine, file);
    enum engine_result result = ENGINE_OK;
    if (!*lines.first || !*lines.second)
        result = session_refuse(engine,
                                "'%s' must have the user's name in its first line and the password "
                                "in its second",
                                file);
    else if (nats.natsOptions_SetUserInfo(options, lines.first, lines.second) != NATS_OK)
        result = no_memory(engine);
    secret_forget(&lines);
    return result;
}

static enum engine_result set_token_of_file(struct engine *engine, natsOptions *options)
{
    const char *file = engine->settings->token_file;
    struct secret_lines lines;
    if (!secret_read(&lines, file))
        return unreadable(engine, file);
    enum engine_result result = ENGINE_OK;
    if (!*lines.first)
        result = session_refuse(engine, "'%s' must have a token in its first line", file);
    else if (nats.natsOptions_SetToken(options, lines.first) != NATS_OK)
        result = no_memory(engine);
    secret_forget(&lines);
    return result;
}

static enum engine_result set_from_environment(struct engine *engine, natsOptions *options)
{
    const struct secrets *secrets = secrets_of_environment();
    if (!secrets->user != !secrets->password)
        return session_refuse(engine,
                              "MAPRING_NATS_USER and MAPRING_NATS_PASSWORD need each other");
    if (secrets->user && secrets->token)
        return session_refuse(engine,
                              "MAPRING_NATS_USER and MAPRING_NATS_TOKEN exclude each other");
    natsStatus status = NATS_OK;
    if (secrets->user)
        status = nats.natsOptions_SetUserInfo(options, secrets->user, secrets->password);
    else if (secrets->token)
        status = nats.natsOptions_SetToken(options, secrets->token);
    return status == NATS_OK ? ENGINE_OK : no_memory(engine);
}

static enum engine_result set_user(struct engine *engine, natsOptions *options)
{
    const struct connection *settings = engine->settings;
    if (settings->credentials)
        return set_credentials(engine, options);
    if (settings->nkey)
        return set_nkey(engine, options);
    if (settings->user_file)
        return set_user_of_file(engine, options);
    if (settings->token_file)
        return set_token_of_file(engine, options);
    return set_from_environment(engine, options);
}

enum engine_result login_options(struct engine *engine, natsOptions **options)
{
    *options = NULL;
    if (nats.natsOptions_Create(options) != NATS_OK || !set_manners(*options))
        return no_memory(engine);
    enum engine_result result = set_servers(engine, *options);
    if (result == ENGINE_OK)
        result = set_tls(engine, *options);
    if (result == ENGINE_OK)
        result = set_user(engine, *options);
    return result;
}
