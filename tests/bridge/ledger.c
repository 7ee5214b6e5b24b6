/* SPDX-License-Identifier: MIT */
#include "ledger.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static int ledger;

void ledger_open(const char *path)
{
    ledger = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    if (ledger < 0) {
        perror(path);
        exit(1);
    }
}

void ledger_gap(const struct mapring_record *gap)
{
    dprintf(ledger, "gap %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 "\n",
            gap->sequence, gap->lost_records, gap->lost_bytes, gap->time_ns, gap->lost_until_ns);
}

void ledger_run_end(uint64_t run, uint64_t next, const char *how)
{
    dprintf(ledger, "end %" PRIu64 " %" PRIu64 " %s\n", run, next, how);
}

void ledger_mark(uint64_t number, uint64_t times)
{
    dprintf(ledger, "mark %" PRIu64 " %" PRIu64 "\n", number, times);
}
