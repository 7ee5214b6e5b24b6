/* SPDX-License-Identifier: MIT */
/* A whole run: builds the cases, runs them, and reports. */
#include "report.h"

#include <errno.h>
#include <string.h>

#include "shared/message.h"

/* Checked before anything is measured. */
static bool can_write(const char *path)
{
    FILE *file = fopen(path, "ab");
    return file && fclose(file) == 0;
}

static int cannot_write(const char *path)
{
    complain("cannot write %s: %s", path, strerror(errno));
    return EXIT_FAILED;
}

static int report(const struct bench_cases *cases, const struct bench_settings *settings)
{
    struct machine machine = machine_here();
    if (settings->json)
        report_json(cases, &machine);
    else
        report_table(cases, &machine);
    if (!settings->html || report_html(cases, &machine, settings->html))
        return EXIT_DONE;
    return cannot_write(settings->html);
}

int bench_main(const struct transport *const *transports, const struct bench_settings *settings)
{
    struct bench_cases cases;
    if (settings->html && !can_write(settings->html))
        return cannot_write(settings->html);
    if (!cases_make(&cases, transports, settings)) {
        complain("not enough memory for the list of cases");
        return EXIT_FAILED;
    }
    bool done = cases_run(&cases, settings);
    int status = done ? report(&cases, settings) : EXIT_FAILED;
    if (os_interrupted() != 0)
        status = os_interrupted();
    cases_free(&cases);
    return status;
}
