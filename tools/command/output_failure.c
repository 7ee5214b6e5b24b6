/* SPDX-License-Identifier: MIT */
/* Why writing records to standard output has ended. */
#include "output_failure.h"

#include "shared/message.h"

int output_failure(const struct output *output, bool comes_again)
{
    if (output->state == OS_READER_GONE)
        return EXIT_DONE;
    if (os_interrupted() != 0) {
        complain("standard output accepts no more; the last records %s",
                 comes_again ? "were not released and will be delivered again" : "are lost");
        return os_interrupted();
    }
    complain("cannot write to standard output: %s", os_error());
    return EXIT_FAILED;
}
