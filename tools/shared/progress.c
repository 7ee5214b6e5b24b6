/* SPDX-License-Identifier: MIT */
/* A progress line on the terminal, updated about five times a second. */
#include "progress.h"

#include <inttypes.h>
#include <stdio.h>

#include "os.h"

#define STEP_NS  INT64_C(200000000)
#define MEBIBYTE 1048576.0

static bool active, visible;
static int64_t shown_ns;
static uint64_t shown_bytes;

void progress_start(bool wanted)
{
    active = wanted && os_is_terminal(STANDARD_ERROR);
    shown_ns = os_now_ns();
}

/* The time since the last line, or 0 while it is too early for another one. */
static int64_t time_for_more_ns(void)
{
    int64_t passed = active ? os_now_ns() - shown_ns : 0;
    return passed < STEP_NS ? 0 : passed;
}

void progress_show_text(const char *text)
{
    if (time_for_more_ns() == 0)
        return;
    fprintf(stderr, "\r%-78s", text);
    fflush(stderr);
    visible = true;
    shown_ns = os_now_ns();
}

void progress_show(uint64_t records, uint64_t bytes)
{
    int64_t passed = time_for_more_ns();
    if (passed == 0)
        return;
    char line[128];
    double rate = (double)(bytes - shown_bytes) / MEBIBYTE / ((double)passed / 1e9);
    snprintf(line, sizeof line, "%" PRIu64 " records, %.1f MiB, %.1f MiB/s", records,
             (double)bytes / MEBIBYTE, rate);
    progress_show_text(line);
    shown_bytes = bytes;
}

void progress_clear(void)
{
    if (visible) {
        fprintf(stderr, "\r%78s\r", "");
        fflush(stderr);
    }
    visible = false;
}
