/* SPDX-License-Identifier: MIT */
/* Standard output for records: large writes, and no bytes left behind while the command waits. */
#ifndef TOOLS_OUTPUT_H
#define TOOLS_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>

#include "framing.h"
#include "os.h"

enum { OUTPUT_BYTES = 1 << 18 };

struct output {
    struct framing framing;
    enum os_written state; /* after anything but OS_WRITTEN, what follows is dropped */
    size_t held;
    unsigned char buffer[OUTPUT_BYTES];
};

void output_record(struct output *output, const void *payload, size_t bytes);
void output_flush(struct output *output);

#endif
