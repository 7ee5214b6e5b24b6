/* SPDX-License-Identifier: MIT */
/* Rings that a bridge carries at once. */
#include "carriers.h"

#include <stdlib.h>
#include <string.h>

#include "shared/checksum.h"
#include "shared/message.h"
#include "shared/os.h"

void carriers_prepare(void)
{
    checksum(0, "", 0); /* makes its tables, before there are several threads */
}

struct carrier *carrier_new(const char *ring, char *stream, char *subject)
{
    struct carrier *carrier = calloc(1, sizeof *carrier);
    char *copy = strdup(ring);
    if (!carrier || !copy || !stream) {
        complain("cannot carry the ring '%s': not enough memory", ring);
        free(carrier);
        free(copy);
        free(stream);
        free(subject);
        return NULL;
    }
    carrier->ring = copy;
    carrier->stream = stream;
    carrier->subject = subject;
    carrier->status = CARRIER_RUNS;
    return carrier;
}

static void discard(struct carrier *carrier)
{
    free(carrier->ring);
    free(carrier->stream);
    free(carrier->subject);
    free(carrier);
}

static void carry(void *context)
{
    struct carrier *carrier = context;
    carrier->status = carrier->run(carrier);
}

void carriers_begin(struct carriers *carriers, struct carrier *carrier)
{
    if (carrier) {
        carrier->thread = (struct thread){.run = carry, .context = carrier};
        if (thread_start(&carrier->thread)) {
            carrier->next = carriers->first;
            carriers->first = carrier;
            return;
        }
        complain("cannot carry the ring '%s': %s", carrier->ring, os_error());
        discard(carrier);
    }
    carriers->failed = true;
}

const struct carrier *carriers_find(const struct carriers *carriers, const char *ring)
{
    const struct carrier *each = carriers->first;
    while (each && strcmp(each->ring, ring) != 0)
        each = each->next;
    return each;
}

bool carriers_have_ended(const struct carriers *carriers)
{
    const struct carrier *each = carriers->first;
    while (each && each->status != CARRIER_RUNS)
        each = each->next;
    return carriers->first && !each;
}

/* What is said of all: that one failed, or else a signal, or that one was removed. */
static int rank(int status)
{
    if (status == EXIT_DONE)
        return 0;
    if (status == EXIT_PEER_DIED)
        return 1;
    return status >= EXIT_HUNG_UP ? 2 : 3;
}

int carriers_join(struct carriers *carriers)
{
    int status = carriers->failed ? EXIT_FAILED : EXIT_DONE;
    while (carriers->first) {
        struct carrier *carrier = carriers->first;
        thread_join(&carrier->thread);
        status = rank(carrier->status) > rank(status) ? carrier->status : status;
        carriers->first = carrier->next;
        discard(carrier);
    }
    return status;
}
