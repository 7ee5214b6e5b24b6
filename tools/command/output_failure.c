/* SPDX-License-Identifier: MIT */
/* Why writing records has ended. */
#include "output_failure.h"

#include "shared/message.h"

int output_failure(const struct output *output, bool comes_again)
{
    if (output->state == OS_READER_GONE)
        return EXIT_DONE;
    if (output->ctf)
        return EXIT_FAILED;
    if (output->archive.path) {
        complain("cannot write to '%s': %s", output->archive.path, os_error());
        return EXIT_FAILED;
    }
    if (os_interrupted() != 0) {
        complain("standard output accepts no more; the last records %s",
                 comes_again ? "were not released and will be delivered again" : "are lost");
        return os_interrupted();
    }
    complain("cannot write to standard output: %s", os_error());
    return EXIT_FAILED;
}
