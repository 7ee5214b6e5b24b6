/* SPDX-License-Identifier: MIT */
/*
 * The changes of an input. Each begins with a byte that says
 *
 *     bits 0, 1   which word: a named one, any word of the header or cells, a record's commit word,
 *                 or any word of the slots
 *     bits 2, 3   what it becomes: any value, a little more or less, a nasty value, or the value of
 *                 another word
 *     bit 4       the change is made only after the library has looked at some more shared words
 *     bit 5       only half of it changes, for words of 32 bits
 *     bit 6       instead of all that, the file ends earlier
 *     bit 7       whatever bits 0 and 1 say, the word is one that says what is in the dictionary, or
 *                 what a ring that repeats another one repeats
 *
 * and continues with the numbers that this needs. What is missing at the end of the input is 0.
 */
#include <string.h>

#include "hostile.h"

enum { LATER = 0x10, HALF = 0x20, CUT = 0x40, SPECIAL = 0x80 };

#define HEADER(member) (offsetof(struct ring_header, member))
#define CELL(member) \
    (REGION_BYTES + offsetof(struct ring_cells, cell) + offsetof(struct ring_cell, member))

static const size_t named[] = {
    HEADER(tail),
    HEADER(horizon),
    HEADER(marks_made),
    HEADER(drops_made),
    HEADER(dropped[0].records),
    HEADER(dropped[1].records),
    HEADER(marks[0].position),
    HEADER(marks[0].sequence),
    HEADER(producer_run),
    HEADER(producer_system),
    HEADER(producer_waits),
    HEADER(state),
    HEADER(identity.layout_version),
    HEADER(identity.cells_bytes),
    HEADER(identity.features_required),
    HEADER(identity.capacity_bytes),
    HEADER(identity.first_position),
    HEADER(identity.when_full),
    REGION_BYTES + offsetof(struct ring_cells, wait_set),
    REGION_BYTES + offsetof(struct ring_cells, wakes),
    REGION_BYTES + offsetof(struct ring_cells, room_wakes),
    CELL(head),
    CELL(ledgers_made),
    CELL(ledger[0].position),
    CELL(ledger[0].next_sequence),
    CELL(ledger[1].position),
    CELL(ledger[1].next_sequence),
    CELL(state),
    CELL(max_lag),
    CELL(name),
    sizeof(struct ring_cell) + CELL(head),
    sizeof(struct ring_cell) + CELL(state),
};

static const uint64_t nasty[] = {
    0,
    1,
    7,
    8,
    16,
    CAPACITY - 16,
    CAPACITY,
    CAPACITY + 16,
    2 * CAPACITY,
    UINT32_MAX,
    INT64_MAX,
    UINT64_MAX,
    -UINT64_C(16),
    -(uint64_t)CAPACITY,
    UINT64_C(1) << 46,
    UINT64_C(1) << 62,
    UINT64_C(1) << 63,
    (uint64_t)RECORD_DATA << 62 | (CAPACITY / 2 - 8ull) << 32,
    (uint64_t)RECORD_DATA << 62 | (CAPACITY / 2 - 7ull) << 32,
    (uint64_t)RECORD_DATA << 62 | PAYLOAD_MAX << 32,
    (uint64_t)RECORD_CONTINUED << 62 | UINT64_C(16) << 32,
    (uint64_t)RECORD_CONTINUED << 62 | PAYLOAD_MAX << 32,
    (uint64_t)RECORD_GAP << 62 | UINT64_C(16) << 32,
    (uint64_t)RECORD_GAP << 62 | PAYLOAD_MAX << 32,
};

static uint64_t take(struct script *script, size_t bytes)
{
    uint64_t number = 0;
    for (size_t i = 0; i < bytes && script->rest < script->end; i++)
        number |= (uint64_t)*script->rest++ << 8 * i;
    return number;
}

static size_t any_of_regions(struct script *script)
{
    size_t offset = take(script, 2) * 4;
    if (offset < sizeof(struct ring_header))
        return offset;
    return REGION_BYTES + (offset - sizeof(struct ring_header)) % sizeof(struct ring_cells);
}

/* The last words are in the first entries. */
static size_t choose_of_dictionary(struct script *script)
{
    static const size_t named_words[] = {HEADER(dictionary_used), HEADER(identity.dictionary_bytes),
                                         HEADER(identity.content)};
    const size_t count = sizeof named_words / sizeof *named_words;
    size_t which = take(script, 1);
    return which < count ? named_words[which] : DICTIONARY_OFFSET + (which - count) * 4;
}

static size_t choose_of_repetition(struct script *script)
{
    static const size_t named_words[] = {
        HEADER(origin.text[0]),          HEADER(origin.text[ORIGIN_BYTES - 8]),
        HEADER(origin.first_sequence),   HEADER(identity.features_required),
        HEADER(identity.first_position), HEADER(origin_run),
        HEADER(origin_run_position),     HEADER(run_sequence),
    };
    return named_words[take(script, 1) % (sizeof named_words / sizeof *named_words)];
}

static size_t choose_word(struct script *script, unsigned which)
{
    const struct hostile_ring *ring = script->ring;
    if (which & SPECIAL)
        return ring->repeats ? choose_of_repetition(script) : choose_of_dictionary(script);
    switch (which & 3) {
    case 0: return named[take(script, 1) % (sizeof named / sizeof *named)];
    case 1: return any_of_regions(script);
    case 2: return ring->record[take(script, 1) % ring->records];
    default: return 2 * REGION_BYTES + take(script, 2) * 8 % CAPACITY;
    }
}

static uint64_t load(const struct script *script, size_t offset)
{
    uint64_t value;
    memcpy(&value, script->view + offset, sizeof value);
    return value;
}

static uint64_t changed_a_little(uint64_t value, uint64_t more)
{
    static const unsigned shifts[] = {0, 4, 32, 62}; /* sequence, position, length, kind */
    int64_t difference = (int16_t)more >> 2;
    return value + ((uint64_t)difference << shifts[more & 3]);
}

static uint64_t choose_value(struct script *script, unsigned how, uint64_t value)
{
    switch (how & 3) {
    case 0: return take(script, 8);
    case 1: return changed_a_little(value, take(script, 2));
    case 2: return nasty[take(script, 1) % (sizeof nasty / sizeof *nasty)];
    default: return load(script, choose_word(script, (unsigned)take(script, 1)) & ~(size_t)7);
    }
}

static void change_word(struct script *script, unsigned what)
{
    size_t offset = choose_word(script, what), word = offset & ~(size_t)7;
    uint64_t value = choose_value(script, what >> 2, load(script, word));
    if (what & HALF)
        memcpy(script->view + offset, &value, 4);
    else
        memcpy(script->view + word, &value, 8);
}

static void change(struct script *script, unsigned what)
{
    if (what & CUT)
        script->file_bytes = take(script, 2) * 4 % MAPPING_BYTES;
    else
        change_word(script, what);
}

static unsigned few_or_many(unsigned number)
{
    return number < 192 ? number + 1 : (number - 190) * 64;
}

void script_go_on(struct script *script)
{
    if (script->looks)
        change(script, script->next);
    while (script->rest < script->end) {
        script->next = (unsigned)take(script, 1);
        if (script->next & LATER) {
            script->looks = few_or_many((unsigned)take(script, 1));
            return;
        }
        change(script, script->next);
    }
    script->looks = 0;
}
