/* SPDX-License-Identifier: MIT */
/* Reads the ledgers in the cells while their consumers may be writing them. A cell keeps the last
 * ledger after its consumer has gone, and in its carry how far the furthest consumer before that
 * had got. */
#include "ring/ledger.h"

#include "ring/ring.h"

enum { LEDGER_TRIES = 1000 };

/* The consumer writes the entry that is not in use: if the count is the same before and after, all
 * words belong together. */
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

/* Needs no second look at the count: a value of an earlier carry was true, too. */
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

/* Writes the entry that is not in use, then switches to it: the consumer may be killed in
 * between. */
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
