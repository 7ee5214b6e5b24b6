/* SPDX-License-Identifier: MIT */
/*
 * A mapping as a fuzzer's input of some bytes describes it: one of the rings below with words
 * changed in it, before it is opened or between two of the library's loads.
 *
 *     byte 0   which ring, and HOSTILE_ALIVE
 *     byte 1   what is done with it: the choices of fuzz()
 *     then     changes, one after another, see script.c
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
    RECORDS_KNOWN = 256,
    HOSTILE_ALIVE = 0x80, /* the producer's role is held: it seems to live */
};
#define MAPPING_BYTES (2 * (size_t)REGION_BYTES + CAPACITY)
#define CONSUMER_NAME \
    "reader" /* a durable one that is away, in all rings but those that overwrite */

/* A ring that was used by the library itself, and where its records begin. */
struct hostile_ring {
    unsigned char *image;
    size_t records;
    uint64_t record[RECORDS_KNOWN]; /* offsets of commit words in the image */
};

enum { HOSTILE_RINGS = 5 };
extern struct hostile_ring hostile_rings[HOSTILE_RINGS];

/* Fills hostile_rings, each made at that path, whose file is mapped at `view`. */
void hostile_rings_make(const char *path, unsigned char *view);

/* Maps the file, once for all who open it. */
void views_make(const struct ring_name *name);

/* What is fuzzed: does with the mapping at that path what the choices say. */
void fuzz(const char *path, unsigned choices);

/* The changes that an input describes: script.c */
struct script {
    const uint8_t *rest, *end;
    const struct hostile_ring *ring;
    unsigned char *view;
    size_t file_bytes; /* MAPPING_BYTES, or less */
    unsigned looks;    /* of the library before the next change; 0: no more changes */
    unsigned next;
};
void script_go_on(struct script *script); /* the changes up to one that has to wait */

/* Ends the process as a crash does. */
#define must(condition) ((condition) ? (void)0 : must_have(__FILE__, __LINE__, #condition))
_Noreturn void must_have(const char *file, int line, const char *condition);

/* A result that the library may give; failures say what was wrong. Returns it. */
int checked(int result);

/* A record that was handed out as it should be: all of it can be read. */
void check_payload(const struct mapring_record *record);

#endif
