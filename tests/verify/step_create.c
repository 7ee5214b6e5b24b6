/* SPDX-License-Identifier: MIT */
/* Steps through the creation of a ring. Wherever the creator stops, others see a ring that is not
 * ready yet or one that is; if the creator dies there, the next one makes the ring anew. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "ring/create.h"
#include "step.h"

enum { SEEN_BYTES = 256 };

static const struct mapring_options attach = {.how = MAPRING_ATTACH};

/* The ring's mode. If others may only read the ring, it has a companion. */
static uint32_t mode;

static void nothing(struct actor *actor)
{
    (void)actor;
}

static void create(struct actor *actor)
{
    const struct mapring_options options = {
        .how = MAPRING_CREATE, .capacity_bytes = CAPACITY, .mode = mode};
    mapring_ring *ring;
    expect(actor, mapring_open(&ring, ring_name, &options) == MAPRING_OK);
}

/* Gets what others see of the ring; false if it is not ready. */
static bool look(unsigned char header[SEEN_BYTES])
{
    struct ring ring = {0};
    bool blank = true;
    memset(header, 0, SEEN_BYTES);
    if (ring_name_parse(&ring.name, ring_name, MAPRING_LOCAL) == MAPRING_OK &&
        platform_attach(&ring.object, &ring.name, false) == MAPRING_OK) {
        ring_is_blank(&ring, &blank);
        platform_read(ring.object, 0, header, SEEN_BYTES);
        platform_detach(ring.object);
    }
    return !blank;
}

static const char *open_ring(const char *name, const struct mapring_options *options)
{
    mapring_ring *ring;
    if (mapring_open(&ring, name, options) != MAPRING_OK)
        return mapring_last_error()->text;
    mapring_close(ring);
    return NULL;
}

/* Opens what a creator that dies now would leave, apart from its role. */
static const char *open_copy(void)
{
    static unsigned char bytes[FILE_BYTES];
    FILE *from = fopen(ring_name, "rb"), *to = fopen(copy_name, "wb");
    if (!from || !to)
        return "the ring cannot be copied";
    size_t size = fread(bytes, 1, sizeof bytes, from);
    bool copied = fwrite(bytes, 1, size, to) == size;
    fclose(from);
    copied &= fclose(to) == 0;
    return copied ? open_ring(copy_name, NULL) : "the ring cannot be copied";
}

static long stop_everywhere(const struct trial *trial)
{
    unlink(ring_name);
    pid_t child = spawn(trial);
    bool good = true, more = true, ready = false;
    unsigned char before[SEEN_BYTES] = {0}, now[SEEN_BYTES];
    long steps = 0;
    way_begin();
    for (; more; steps++) {
        more = step(child);
        ready = look(now);
        good &= judge(ready ? open_ring(ring_name, &attach) : NULL, steps);
        if (memcmp(before, now, SEEN_BYTES) != 0)
            good &= judge(open_copy(), steps);
        memcpy(before, now, SEEN_BYTES);
    }
    end_by_kill(child);
    count(good && ready);
    return steps;
}

static void kill_everywhere(const struct trial *trial, long steps, long stride)
{
    bool good = true;
    for (long at = 0; at <= steps; at += stride) {
        unlink(ring_name);
        pid_t child = spawn(trial);
        step_to(child, at);
        end_by_kill(child);
        good &= judge(open_ring(ring_name, NULL), at);
    }
    count(good);
}

static void try_mode(const struct trial *trial, uint32_t wanted, bool thorough)
{
    char companion[sizeof copy_name + 1];
    mode = wanted;
    begin(mode ? "stop the creator for readers" : "stop the creator");
    long steps = stop_everywhere(trial);
    begin(mode ? "kill the creator for readers" : "kill the creator");
    kill_everywhere(trial, steps, steps / (thorough ? 50 : 10) + 1);
    snprintf(companion, sizeof companion, "%s+", ring_name);
    unlink(companion);
    /* if the copy was empty when it was opened */
    snprintf(companion, sizeof companion, "%s+", copy_name);
    unlink(companion);
}

void try_creation(bool thorough)
{
    static const struct operation operation = {
        .name = "create", .prepare = nothing, .run = create, .finish = nothing};
    const struct trial trial = {.operation = &operation};
    try_mode(&trial, 0, thorough);
    try_mode(&trial, 0644, thorough);
}
