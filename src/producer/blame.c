/* SPDX-License-Identifier: MIT */
/* Blaming consumers for the producer's waits. A thread that is about to wait, or waits, calls this:
 * the producer's own or, while a wait handle is armed, the notifier's, never both at once. */
#include "producer/blame.h"

#include "platform.h"
#include "producer/cells.h"

static void add(shared_u64 *word, uint64_t value)
{
    store_relaxed(word, load_relaxed(word) + value);
}

static void charge(struct blame *blame, struct ring *ring, int64_t now)
{
    struct ring_blame *entry = &ring->header->blame[blame->entry];
    uint64_t took_ns = (uint64_t)(now - blame->since_ns) + 1; /* 0: it was not charged */
    if (blame->waited_ns == 0)
        add(&entry->waits, 1);
    blame->waited_ns += took_ns;
    add(&entry->wait_ns, took_ns);
    if (blame->waited_ns > load_relaxed(&entry->longest_ns))
        store_relaxed(&entry->longest_ns, blame->waited_ns);
}

void blame_count(struct blame *blame, struct ring *ring, uint64_t position)
{
    struct gate gate = gate_of_cells(ring);
    unsigned entry = gate.cell < 0 ? CELL_COUNT : (unsigned)gate.cell;
    bool is_same = entry == blame->entry && position == blame->position;
    /* not covered: room has just appeared */
    if (!gate.closed || (is_same && blame->since_ns != 0))
        return;
    int64_t now = platform_now_ns();
    if (blame->since_ns != 0)
        charge(blame, ring, now);
    blame->since_ns = now;
    if (is_same)
        return;
    blame->first_ns = now;
    blame->waited_ns = 0;
    blame->entry = entry;
    blame->position = position;
}

/* Whoever sees waits_for finds the time that belongs to it, or a later one. */
void blame_show(struct blame *blame, struct ring *ring, uint64_t position)
{
    blame_count(blame, ring, position);
    uint32_t waits_for = blame->entry + 1;
    /* not covered: room has just appeared */
    if (blame->since_ns == 0 || waits_for == blame->shown_for)
        return;
    uint64_t age_ns = (uint64_t)(platform_now_ns() - blame->first_ns);
    store_relaxed(&ring->header->waits_since_ns, platform_wall_clock_ns() - age_ns);
    store_release(&ring->header->waits_for, waits_for);
    blame->shown_for = waits_for;
}

static void clear(struct ring *ring)
{
    store_relaxed(&ring->header->waits_for, 0);
    store_relaxed(&ring->header->waits_since_ns, 0);
}

void blame_end(struct blame *blame, struct ring *ring)
{
    if (blame->since_ns == 0)
        return;
    charge(blame, ring, platform_now_ns());
    if (blame->shown_for != 0)
        clear(ring);
    blame->since_ns = 0;
    blame->shown_for = 0;
}

void blame_begin(struct blame *blame, struct ring *ring)
{
    *blame = (struct blame){.entry = BLAMED_NOBODY};
    clear(ring);
}
