/* SPDX-License-Identifier: MIT */
/*
 * The load of the tests of the bridge: numbered records that check themselves.
 *
 *     bridge_load send RING CONTROL LEDGER RECORDS [FAULT]
 *     bridge_load check RING CONTROL LEDGER
 *
 * `send` sends as far as CONTROL grants, in runs of that many RECORDS, each of them by a process of
 * its own that closes or dies. A FAULT is one that the checker must find: "missing", "doubled",
 * "reordered" or "changed". `check` reads until it is told to finish, and fails at the first record
 * that is not the next one. Both write what happened besides records to LEDGER.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "checker.h"
#include "control.h"
#include "ledger.h"
#include "sender.h"

int main(int argc, char **argv)
{
    bool sends = (argc == 6 || argc == 7) && strcmp(argv[1], "send") == 0;
    bool checks = argc == 5 && strcmp(argv[1], "check") == 0;
    if (!sends && !checks) {
        fputs("usage: bridge_load send RING CONTROL LEDGER RECORDS [FAULT] | "
              "check RING CONTROL LEDGER\n",
              stderr);
        return 2;
    }
    struct control *control = control_map(argv[3]);
    ledger_open(argv[4]);
    if (checks)
        return checker_run(argv[2], control);
    return sender_run(argv[2], control, strtoull(argv[5], NULL, 10), argc == 7 ? argv[6] : "");
}
