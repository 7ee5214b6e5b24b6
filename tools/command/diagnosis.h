/* SPDX-License-Identifier: MIT */
/*
 * What mapring doctor has found.
 *
 *     diagnosis_check(&diagnosis, "storage", NULL);
 *     found(&diagnosis, LEVEL_ERROR, "/dev/shm is full: ...");
 *     advise(&diagnosis, "Remove what nobody uses: mapring prune");
 */
#ifndef TOOLS_DIAGNOSIS_H
#define TOOLS_DIAGNOSIS_H

#include <stdbool.h>
#include <stddef.h>

#include "shared/message.h"

enum level {
    LEVEL_NOTE,    /* worth knowing if something else is wrong */
    LEVEL_WARNING, /* something may go wrong */
    LEVEL_ERROR    /* something does not work */
};

enum { FINDING_BYTES = 1200, CHECKS_LIMIT = 32 };

struct finding {
    const char *check;
    const char *ring; /* NULL: it is about the system */
    enum level level;
    char text[FINDING_BYTES];   /* what is wrong, and why it matters */
    char advice[FINDING_BYTES]; /* what to do */
};

struct check {
    const char *name;
    const char *what;
};

struct diagnosis {
    struct finding *finding;
    size_t count;
    struct check check[CHECKS_LIMIT]; /* those that were made */
    size_t checks;
    const char *current_check, *current_ring;
    bool no_memory;
};

/* The findings that follow are those of this check, about this ring or, if it is NULL, about the
 * system. */
void diagnosis_check(struct diagnosis *diagnosis, const struct check *check, const char *ring);

__attribute__((format(__MINGW_PRINTF_FORMAT, 3, 4))) void
found(struct diagnosis *diagnosis, enum level level, const char *format, ...);

/* Says what to do about the last finding. */
__attribute__((format(__MINGW_PRINTF_FORMAT, 2, 3))) void advise(struct diagnosis *diagnosis,
                                                                 const char *format, ...);

/* The worst level that was found; LEVEL_NOTE also if nothing was. */
enum level diagnosis_level(const struct diagnosis *diagnosis);

/* For people: with `verbose`, also notes if nothing is wrong, and the checks that found nothing. */
void diagnosis_print(const struct diagnosis *diagnosis, bool verbose);
void diagnosis_json(const struct diagnosis *diagnosis);
void diagnosis_free(struct diagnosis *diagnosis);

#endif
