/* SPDX-License-Identifier: MIT */
/*
 * A mapping as the bytes of a fuzzer's input describe it: one of the rings below, in which words
 * are changed before it is opened or between two of the library's loads.
 *
 *     byte 0   the ring, HOSTILE_REPEATS, HOSTILE_TIMES and HOSTILE_ALIVE
 *     byte 1   what is done with it: the choices of fuzz()
 *     others   changes, one after another; see script.c
 */
#ifndef FUZZ_HOSTILE_H
#define FUZZ_HOSTILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "layout.h"
#include "mapring/mapring.h"
#include "name.h"

enum {
    CAPACITY = 65536,
    DICTIONARY = 65536,
    RECORDS_KNOWN = 256,
    HOSTILE_REPEATS = 0x20, /* the ring is one that repeats another one */
    HOSTILE_TIMES = 0x40,   /* the ring is one with times */
    HOSTILE_ALIVE = 0x80,   /* the producer's role is held, so that it seems alive */
};
#define DICTIONARY_OFFSET (2 * (size_t)REGION_BYTES + CAPACITY)
#define MAPPING_BYTES     (DICTIONARY_OFFSET + DICTIONARY)
#define CONSUMER_NAME \
    "reader" /* a durable one that is away, in all rings but those that overwrite */

/* A ring that the library itself has used, and where its records begin. */
struct hostile_ring {
    unsigned char *image;
    size_t records;
    uint64_t record[RECORDS_KNOWN]; /* offsets of commit words in the image */
    bool repeats;
};

enum {
    PLAIN_RINGS = 5,
    TIMED_RINGS = 3,
    REPEATING_RINGS = 2, /* without times, and with times */
    HOSTILE_RINGS = PLAIN_RINGS + TIMED_RINGS + REPEATING_RINGS,
};
extern struct hostile_ring hostile_rings[HOSTILE_RINGS]; /* in this order */

/* What the rings that repeat another one are made with, and a producer of them asks for. */
extern const struct mapring_options hostile_repetition;

/* Fills hostile_rings. Each ring is made at that path, whose file is mapped at `view`. */
void hostile_rings_make(const char *path, unsigned char *view);

/* Maps the file, once for everybody who opens it. */
void views_make(const struct ring_name *name);

/* The function that is fuzzed: does with the mapping at that path what the choices say. */
void fuzz(const char *path, unsigned choices);

/* The changes that an input describes; see script.c. */
struct script {
    const uint8_t *rest, *end;
    const struct hostile_ring *ring;
    unsigned char *view;
    size_t file_bytes; /* MAPPING_BYTES or less */
    unsigned looks;    /* by the library before the next change; 0: no more changes */
    unsigned next;
};
void script_go_on(struct script *script); /* makes changes up to one that has to wait */

/* Ends the process like a crash. */
#define must(condition) ((condition) ? (void)0 : must_have(__FILE__, __LINE__, #condition))
_Noreturn void must_have(const char *file, int line, const char *condition);

/* Checks that the library may return this result, and that a failure says what was wrong. Returns
 * the result. */
int checked(int result);

/* Checks that a record that was handed out can be read completely. */
void check_payload(const struct mapring_record *record);

#endif
