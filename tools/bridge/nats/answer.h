/* SPDX-License-Identifier: MIT */
/* What JetStream answers to a message that was published: JSON of a fixed form. */
#ifndef BRIDGE_NATS_ANSWER_H
#define BRIDGE_NATS_ANSWER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct answer {
    uint64_t number;       /* where the message was stored */
    unsigned code;         /* of the error; 0: none */
    char description[200]; /* of the error */
};

/* False: it is something else. */
bool answer_read(struct answer *answer, const char *text, size_t bytes);

#endif
