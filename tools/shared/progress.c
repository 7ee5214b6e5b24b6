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

void progress_show(uint64_t records, uint64_t bytes)
{
    if (!active)
        return;
    int64_t now = os_now_ns(), passed = now - shown_ns;
    if (passed < STEP_NS)
        return;
    char line[128];
    double rate = (double)(bytes - shown_bytes) / MEBIBYTE / ((double)passed / 1e9);
    snprintf(line, sizeof line, "%" PRIu64 " records, %.1f MiB, %.1f MiB/s", records,
             (double)bytes / MEBIBYTE, rate);
    fprintf(stderr, "\r%-78s", line);
    fflush(stderr);
    visible = true;
    shown_ns = now;
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
