/* SPDX-License-Identifier: MIT */
/*
 * The load of the tests of the bridge: numbered records that check themselves, and lines of a log.
 *
 *     bridge_load send RING CONTROL LEDGER RECORDS [FAULT]
 *     bridge_load check RING CONTROL LEDGER
 *     bridge_load log LOG CONTROL LEDGER THREADS KIBIBYTES [block]
 *
 * `send` sends as far as CONTROL grants, in runs of that many RECORDS, each of them by a process of
 * its own that closes or dies. A FAULT is one that the checker must find: "missing", "doubled",
 * "reordered" or "changed". `check` reads until it is told to finish, and fails at the first record
 * that is not the next one. Both write what happened besides records to LEDGER. `log` writes lines
 * by so many THREADS, each as far as CONTROL grants, into rings of that size, which overwrite unless
 * they are to block.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "checker.h"
#include "control.h"
#include "ledger.h"
#include "log_writer.h"
#include "sender.h"

static int usage(void)
{
    fputs("usage: bridge_load send RING CONTROL LEDGER RECORDS [FAULT] | "
          "check RING CONTROL LEDGER | log LOG CONTROL LEDGER THREADS KIBIBYTES [block]\n",
          stderr);
    return 2;
}

static int write_log(int argc, char **argv)
{
    const struct mapring_log_options options = {
        .ring = {.capacity_bytes = strtoull(argv[6], NULL, 10) << 10,
                 .when_full = argc == 8 ? MAPRING_BLOCK : MAPRING_OVERWRITE},
        .level = MAPRING_LEVEL_TRACE};
    return log_writer_run(argv[2], control_map(argv[3]), (unsigned)strtoul(argv[5], NULL, 10),
                          &options);
}

int main(int argc, char **argv)
{
    const char *role = argc > 1 ? argv[1] : "";
    if ((argc == 7 || argc == 8) && strcmp(role, "log") == 0)
        return write_log(argc, argv);
    bool sends = (argc == 6 || argc == 7) && strcmp(role, "send") == 0;
    bool checks = argc == 5 && strcmp(role, "check") == 0;
    if (!sends && !checks)
        return usage();
    struct control *control = control_map(argv[3]);
    ledger_open(argv[4]);
    if (checks)
        return checker_run(argv[2], control);
    return sender_run(argv[2], control, strtoull(argv[5], NULL, 10), argc == 7 ? argv[6] : "");
}
