/* SPDX-License-Identifier: MIT */
/* Tells the program that writes the input which of its records are in the ring. */
#include "confirm.h"

#include <string.h>

#include "shared/message.h"
#include "shared/os.h"

static const char ok[] = {'O', 'K', '\n'};

static int confirm(size_t count)
{
    char lines[BATCH_LIMIT * sizeof ok];
    for (size_t i = 0; i < count; i++)
        memcpy(lines + i * sizeof ok, ok, sizeof ok);
    enum os_written written = os_write(STANDARD_OUTPUT, lines, count * sizeof ok);
    if (written == OS_WRITTEN)
        return EXIT_DONE;
    if (os_interrupted() != 0)
        return os_interrupted();
    complain("cannot confirm on standard output: %s",
             written == OS_READER_GONE ? "nobody reads it any more" : os_error());
    return EXIT_FAILED;
}

int confirm_ready(void)
{
    return confirm(1);
}

int confirm_batch(const struct batch *batch)
{
    return batch->is_part ? EXIT_DONE : confirm(batch->count);
}
