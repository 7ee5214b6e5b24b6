/* SPDX-License-Identifier: MIT */
/* The ledgers in the cells, read beside the consumers that write them: a cell keeps the last one when
 * its consumer is gone, and how far the furthest one before that was. */
#include "ring/ledger.h"

#include "ring/ring.h"

enum { LEDGER_TRIES = 1000 };

/* Its consumer writes the other one: with the same count before and after, all belongs together. */
bool ledger_read(const struct ring_cell *cell, struct standing *standing)
{
    for (int tries = LEDGER_TRIES; tries > 0; tries--) {
        uint64_t made = load_acquire(&cell->ledgers_made);
        const struct ring_ledger *ledger = &cell->ledger[made % 2];
        if (made == 0)
            return false;
        standing->position = load_acquire(&ledger->position);
        standing->sequence = load_acquire(&ledger->sequence);
        standing->next_sequence = load_acquire(&ledger->next_sequence);
        if (load_relaxed(&cell->ledgers_made) == made)
            return true;
    }
    return false;
}

/* What belongs to another count would be one that was true before. */
static bool carry_read(const struct ring_cell *cell, uint64_t *sequence)
{
    uint64_t made = load_acquire(&cell->carries_made);
    *sequence = load_acquire(&cell->carry[made % 2].sequence);
    return made > 0;
}

static bool is_further(bool found, uint64_t sequence, uint64_t than)
{
    return !found || ahead(sequence, than) > 0;
}

bool ledger_furthest(const struct ring *ring, uint64_t *sequence)
{
    bool found = false;
    for (unsigned i = 0; i < CELL_COUNT; i++) {
        const struct ring_cell *cell = &ring->cells->cell[i];
        struct standing standing;
        uint64_t carry;
        if (ledger_read(cell, &standing) && is_further(found, standing.sequence, *sequence)) {
            *sequence = standing.sequence;
            found = true;
        }
        if (carry_read(cell, &carry) && is_further(found, carry, *sequence)) {
            *sequence = carry;
            found = true;
        }
    }
    return found;
}

/* The other one of the two, and then the switch: its consumer may be killed in between. */
void ledger_carry(struct ring_cell *cell, uint64_t sequence)
{
    struct standing old;
    uint64_t carried, made = load_relaxed(&cell->carries_made) + 1;
    if (!ledger_read(cell, &old) || ahead(old.sequence, sequence) <= 0)
        return;
    if (carry_read(cell, &carried) && ahead(carried, old.sequence) >= 0)
        return;
    struct ring_point *carry = &cell->carry[made % 2];
    store_release(&carry->position, old.position);
    store_release(&carry->sequence, old.sequence);
    store_release(&cell->carries_made, made);
}
