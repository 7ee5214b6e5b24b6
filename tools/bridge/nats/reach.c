/* SPDX-License-Identifier: MIT */
/* Reaches a server, or says why none can be reached. */
#include "reach.h"

#include <stdlib.h>
#include <string.h>

#include "dial.h"
#include "login.h"

static const int64_t dial_ns = INT64_C(10000000000);

static const char *urls(const struct engine *engine)
{
    return engine->settings->url ? engine->settings->url : CONNECTION_DEFAULT_URL;
}

/* OpenSSL's numbers, with which the library begins what it says about a certificate. */
static enum engine_result distrusted(struct engine *engine, int problem, const char *text)
{
    switch (problem) {
    case 9:
        return session_refuse(engine, "the certificate of %s is not valid yet; is the clock right?",
                              urls(engine));
    case 10: return session_refuse(engine, "the certificate of %s has expired", urls(engine));
    case 18:
    case 19:
    case 20:
    case 21:
        return session_refuse(engine,
                              "the certificate of %s comes from an authority that is not trusted; "
                              "name the right one with --tls-ca",
                              urls(engine));
    case 62:
    case 64:
        return session_refuse(engine,
                              "the certificate of %s is for another host; use the name in --url "
                              "that the certificate has",
                              urls(engine));
    default: return session_refuse(engine, "no TLS with %s: %s", urls(engine), text);
    }
}

static enum engine_result no_handshake(struct engine *engine, const char *text)
{
    static const char start[] = "SSL handshake error: ";
    const char *what = strncmp(text, start, strlen(start)) == 0 ? text + strlen(start) : text;
    return distrusted(engine, atoi(what), what);
}

/* A server that does not accept a client's certificate, or the lack of one, says so by an alert
 * after the handshake; the library does not tell more than that there was no answer. */
static enum engine_result no_answer(struct engine *engine, const char *text)
{
    const struct connection *settings = engine->settings;
    bool secure = settings->tls_ca || settings->tls_cert || strstr(urls(engine), "tls://");
    if (!secure || !strstr(text, "Expected 'PONG', got ''"))
        return session_fail(engine, ENGINE_RETRY, "cannot connect to %s: %s", urls(engine), text);
    return session_refuse(engine, "%s ended the connection at once: %s", urls(engine),
                          settings->tls_cert
                              ? "does it trust the authority that has signed this client's "
                                "certificate?"
                              : "if it wants a certificate of this client, use --tls-cert and "
                                "--tls-key");
}

static enum engine_result explain_dial(struct engine *engine, natsStatus status, const char *text)
{
    const char *url = urls(engine), *credentials = engine->settings->credentials;
    if (credentials && strstr(text, credentials))
        return session_refuse(engine, "'%s' holds no credentials of a user", credentials);
    switch (status) {
    case NATS_TIMEOUT: return session_fail(engine, ENGINE_RETRY, "%s does not answer", url);
    case NATS_CONNECTION_AUTH_FAILED:
        return session_refuse(engine, "%s does not let this user in (%s)", url, text);
    case NATS_SECURE_CONNECTION_WANTED:
        return session_refuse(engine,
                              "%s does not use TLS, which the options ask for (tls:, --tls-ca or "
                              "--tls-cert)",
                              url);
    case NATS_SSL_ERROR: return no_handshake(engine, text);
    case NATS_NO_SERVER:
        return session_fail(engine, ENGINE_RETRY,
                            "no server listens at %s, or there is no such host", url);
    default: return no_answer(engine, text);
    }
}

enum engine_result reach(struct engine *engine)
{
    char text[400] = "";
    natsOptions *options;
    enum engine_result result = login_options(engine, &options);
    if (result != ENGINE_OK) {
        nats.natsOptions_Destroy(options);
        return result;
    }
    natsStatus status = dial(options, dial_ns, &engine->connection, text, sizeof text);
    return status == NATS_OK ? ENGINE_OK : explain_dial(engine, status, text);
}
