/* SPDX-License-Identifier: MIT */
/* mapring exporter: makes the metrics of rings available to Prometheus, by HTTP or in a file. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "http_server.h"
#include "metrics.h"
#include "names.h"
#include "replace_file.h"
#include "ring_options.h"
#include "shared/message.h"
#include "shared/os.h"
#include "wait.h"

enum { DEFAULT_INTERVAL_S = 15, PAUSE_MS = 1000 };

static const struct http_address default_address = {"127.0.0.1", "19847"};

static struct {
    struct http_address listen;
    const char *textfile;
    int64_t interval_ns;
    bool once;
    enum mapring_scope scope;
    struct names names;
} settings = {.interval_ns = -1};

static const char *value_pattern(const char *text, void *value)
{
    names_add(value, text);
    return NULL;
}

static const struct option_row options[] = {
    {"listen", "ADDR:PORT", value_address, &settings.listen,
     "where to answer HTTP requests for /metrics (default 127.0.0.1:19847); [ADDR]:PORT for IPv6"},
    {"textfile", "FILE", value_text, &settings.textfile,
     "write to FILE instead, for node_exporter: it has the old metrics or the new ones, whole"},
    {"interval", "SECONDS", value_seconds, &settings.interval_ns,
     "how often to write FILE (default 15)"},
    {"once", NULL, NULL, &settings.once, "write FILE once, and end"},
    {"name", "NAME", value_pattern, &settings.names,
     "a ring, or a pattern such as 'app.*'; may be given several times (default: all rings)"},
    OPTION_SCOPE(&settings.scope),
    {NULL, NULL, NULL, NULL, NULL},
};

/* Writes the metrics of all rings. Returns NULL, or why it cannot. */
static const char *write_page(struct prometheus *page)
{
    struct ring_samples samples;
    int result =
        ring_samples_take(&samples, settings.scope, settings.names.count, settings.names.name);
    if (result == MAPRING_OK)
        metrics_write(page, &samples);
    bool no_memory = samples.no_memory || page->text.no_memory;
    ring_samples_free(&samples);
    if (result != MAPRING_OK)
        return mapring_last_error()->text;
    return no_memory ? "not enough memory" : NULL;
}

/* ---- By HTTP ---- */

static struct http_reply text_reply(enum http_status status, const char *type, const char *text)
{
    struct growing_text body = {0};
    growing_text_add(&body, text, strlen(text));
    return (struct http_reply){status, type, body.text, body.bytes};
}

static struct http_reply metrics_reply(void)
{
    struct prometheus page = {0};
    const char *problem = write_page(&page);
    if (!problem)
        return (struct http_reply){HTTP_OK, PROMETHEUS_CONTENT_TYPE, page.text.text,
                                   page.text.bytes};
    growing_text_free(&page.text);
    return text_reply(HTTP_FAILED, "text/plain; charset=utf-8", problem);
}

static struct http_reply reply_to(const char *path)
{
    if (strcmp(path, "/metrics") == 0)
        return metrics_reply();
    if (strcmp(path, "/") == 0)
        return text_reply(HTTP_OK, "text/html; charset=utf-8",
                          "<!DOCTYPE html>\n<title>mapring exporter</title>\n<h1>mapring "
                          "exporter</h1>\n<p><a href=\"/metrics\">Metrics</a>\n");
    return text_reply(HTTP_NOT_FOUND, "text/plain; charset=utf-8",
                      "not found; the metrics are at /metrics\n");
}

static void tell_address(void)
{
    bool is_6 = strchr(settings.listen.host, ':') != NULL;
    complain("listening on http://%s%s%s:%s/metrics", is_6 ? "[" : "", settings.listen.host,
             is_6 ? "]" : "", settings.listen.port);
}

static int serve(void)
{
    if (settings.listen.host[0] == '\0')
        settings.listen = default_address;
    if (!http_server_start(&settings.listen, reply_to))
        return EXIT_FAILED;
    tell_address();
    while (os_interrupted() == 0)
        os_pause_ms(PAUSE_MS);
    http_server_stop();
    return os_interrupted();
}

/* ---- In a file ---- */

static bool write_textfile(bool *complained)
{
    struct prometheus page = {0};
    const char *problem = write_page(&page);
    if (!problem)
        problem = replace_file(settings.textfile, page.text.text, page.text.bytes);
    if (problem && !*complained)
        complain("cannot write '%s': %s", settings.textfile, problem);
    *complained = problem != NULL;
    growing_text_free(&page.text);
    return problem == NULL;
}

/* If the first attempt fails, something is wrong with the options; later, a disk may be full for a
 * while. */
static int write_textfiles(void)
{
    bool complained = false;
    if (!write_textfile(&complained))
        return EXIT_FAILED;
    while (!settings.once && os_interrupted() == 0) {
        struct wait wait = wait_begin(settings.interval_ns);
        while (wait_pause(&wait, (unsigned)(wait_slice(&wait) / 1000000 + 1)))
            continue;
        if (os_interrupted() == 0)
            write_textfile(&complained);
    }
    return os_interrupted();
}

static int run(int count, char **arguments)
{
    (void)count;
    (void)arguments;
    if (settings.names.no_memory) {
        complain("not enough memory for the names");
        return EXIT_FAILED;
    }
    if (!settings.textfile && (settings.once || settings.interval_ns >= 0))
        return usage_error("--once and --interval need --textfile");
    if (settings.textfile && settings.listen.host[0] != '\0')
        return usage_error("--listen and --textfile exclude each other");
    if (settings.interval_ns == 0)
        return usage_error("invalid --interval 0: it must be above 0");
    if (settings.interval_ns < 0)
        settings.interval_ns = DEFAULT_INTERVAL_S * INT64_C(1000000000);
    int status = settings.textfile ? write_textfiles() : serve();
    names_free(&settings.names);
    return status;
}

const struct command command_exporter = {
    .name = "exporter",
    .full_name = "mapring exporter",
    .arguments = "[OPTION...]",
    .summary = "make the metrics of rings available to Prometheus",
    .help = "Answers HTTP requests for /metrics with the state of all rings, or of some, until it "
            "is interrupted; or writes it to a file for node_exporter. It does not disturb the "
            "rings. 'mapring stat --prometheus' writes the same metrics once.",
    .options = options,
    .example = "mapring exporter --listen 127.0.0.1:9464",
    .end = "Exit status: 0 done (--once), 1 failed, 2 wrong usage, 128+N ended by signal N.",
    .run = run,
};
