/* SPDX-License-Identifier: MIT */
/* The mapping that is fuzzed, which is a file in memory, and the hostile peer that changes it. */
#include "hostile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "hostile_atomic.h"
#include "platform.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *input, size_t bytes);

static int file;
static char path[32];
static struct script script;
static struct platform_object *producer; /* holds the role if the producer is to seem alive */

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    file = memfd_create("hostile", MFD_CLOEXEC);
    must(file >= 0 && ftruncate(file, (off_t)MAPPING_BYTES) == 0);
    void *view = mmap(NULL, MAPPING_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    must(view != MAP_FAILED);
    script.view = view;
    struct ring_name name = {.is_path = true};
    snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    memcpy(name.text, path, sizeof path);
    views_make(&name);
    hostile_rings_make(path, view);
    must(platform_attach(&producer, &name, true) == MAPRING_OK);
    return 0;
}

static void resize(size_t bytes)
{
    struct stat status;
    must(fstat(file, &status) == 0);
    must((size_t)status.st_size == bytes || ftruncate(file, (off_t)bytes) == 0);
}

static void place(const struct hostile_ring *ring)
{
    const size_t slots = 2 * REGION_BYTES;
    memcpy(script.view, ring->image, sizeof(struct ring_header));
    memcpy(script.view + REGION_BYTES, ring->image + REGION_BYTES, sizeof(struct ring_cells));
    memcpy(script.view + slots, ring->image + slots, CAPACITY + DICTIONARY);
}

static const struct hostile_ring *choose_ring(uint8_t byte)
{
    unsigned number = byte & ~(HOSTILE_ALIVE | HOSTILE_TIMES | HOSTILE_REPEATS);
    if (byte & HOSTILE_REPEATS)
        return &hostile_rings[PLAIN_RINGS + TIMED_RINGS + (byte & HOSTILE_TIMES ? 1 : 0)];
    return &hostile_rings[byte & HOSTILE_TIMES ? PLAIN_RINGS + number % TIMED_RINGS
                                               : number % PLAIN_RINGS];
}

static void begin(const uint8_t *input, size_t bytes)
{
    script.ring = choose_ring(input[0]);
    script.rest = input + 2;
    script.end = input + bytes;
    script.file_bytes = MAPPING_BYTES;
    resize(MAPPING_BYTES);
    place(script.ring);
    if (input[0] & HOSTILE_ALIVE)
        platform_role_take(producer, ROLE_PRODUCER);
    else
        platform_role_drop(producer, ROLE_PRODUCER);
    script_go_on(&script);
    resize(script.file_bytes);
}

/* Makes no changes once the file is shorter, since writing beyond its end would crash the fuzzer
 * itself. */
void hostile_look(void)
{
    if (script.looks > 1)
        script.looks--;
    else if (script.looks == 1 && script.file_bytes == MAPPING_BYTES)
        script_go_on(&script);
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t bytes)
{
    if (bytes < 2)
        return -1; /* not worth keeping */
    begin(input, bytes);
    fuzz(path, input[1]);
    script.looks = 0;
    return 0;
}
