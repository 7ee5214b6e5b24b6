/* SPDX-License-Identifier: MIT */
/* The decided messages. The file has a head and slots of 128 bytes, each of which is written at
 * once; one that is not whole does not count. */
#include "journal.h"

#include <string.h>

#include "beside.h"
#include "shared/checksum.h"

#define MAGIC "mapring journal1"

struct file_head {
    char magic[16];
    char id[BATCH_ID_BYTES];
};

enum { SLOT_BYTES = 128 };

_Static_assert(sizeof(struct file_head) <= SLOT_BYTES, "the head is a slot");
_Static_assert(sizeof(struct journal_entry) <= SLOT_BYTES, "an entry is a slot");

static uint64_t sum_of(const struct journal_entry *entry)
{
    return checksum(0, entry, offsetof(struct journal_entry, checksum));
}

static void pack(uint64_t words[5], const struct batch_position *position)
{
    words[0] = position->sequence;
    words[1] = position->run;
    words[2] = position->dictionary;
    words[3] = position->piece_bytes;
    words[4] = position->piece_bytes > 0 && position->piece_is_entry;
}

static void unpack(struct batch_position *position, const uint64_t words[5])
{
    *position = (struct batch_position){.sequence = words[0],
                                        .run = words[1],
                                        .dictionary = words[2],
                                        .piece_bytes = words[3],
                                        .piece_is_entry = words[4] != 0};
}

static uint64_t offset_of(uint64_t slot)
{
    return SLOT_BYTES * (1 + slot);
}

static void read_entries(struct journal *journal)
{
    for (uint64_t i = 0; i < JOURNAL_ENTRIES; i++) {
        struct journal_entry *entry = &journal->entry[i];
        if (!beside_read(journal->file, offset_of(i), entry, sizeof *entry) ||
            entry->checksum != sum_of(entry) || entry->number % JOURNAL_ENTRIES != i)
            *entry = (struct journal_entry){0};
    }
}

/* The head comes last: until then, the file is that of no ring. */
static bool begin(struct journal *journal, const struct file_head *head)
{
    static const unsigned char nothing[SLOT_BYTES * (1 + JOURNAL_ENTRIES)];
    journal->is_new = true;
    return beside_write(journal->file, 0, nothing, sizeof nothing) &&
           beside_write(journal->file, 0, head, sizeof *head);
}

enum journal_result journal_open(struct journal *journal, const char *ring,
                                 enum mapring_scope scope, const char *stream, const char *id)
{
    struct file_head wanted = {.magic = MAGIC}, found;
    *journal = (struct journal){.file = beside_open(ring, scope, stream)};
    if (journal->file == BESIDE_IS_TAKEN)
        return JOURNAL_IS_TAKEN;
    if (journal->file < 0)
        return JOURNAL_FAILED;
    memcpy(wanted.id, id, strlen(id));
    if (beside_read(journal->file, 0, &found, sizeof found) &&
        memcmp(&found, &wanted, sizeof found) == 0) {
        read_entries(journal);
        return JOURNAL_OPEN;
    }
    if (begin(journal, &wanted))
        return JOURNAL_OPEN;
    journal_close(journal);
    return JOURNAL_FAILED;
}

void journal_close(struct journal *journal)
{
    if (journal->file >= 0)
        beside_close(journal->file);
    journal->file = -1;
}

bool journal_ends(const struct journal *journal, uint64_t number, struct batch_position *to)
{
    const struct journal_entry *entry = &journal->entry[number % JOURNAL_ENTRIES];
    if (entry->number != number || number == 0)
        return false;
    unpack(to, entry->to);
    return true;
}

bool journal_find(const struct journal *journal, uint64_t number, const struct batch_position *from,
                  struct journal_cut *cut)
{
    const struct journal_entry *entry = &journal->entry[number % JOURNAL_ENTRIES];
    struct batch_position begins;
    if (!journal_ends(journal, number, &cut->to))
        return false;
    unpack(&begins, entry->from);
    cut->died = entry->died != 0;
    return batch_positions_equal(&begins, from);
}

bool journal_decide(struct journal *journal, uint64_t number, const struct batch_position *from,
                    const struct journal_cut *cut)
{
    uint64_t slot = number % JOURNAL_ENTRIES;
    struct journal_entry *entry = &journal->entry[slot];
    *entry = (struct journal_entry){.number = number, .died = cut->died};
    pack(entry->from, from);
    pack(entry->to, &cut->to);
    entry->checksum = sum_of(entry);
    return beside_write(journal->file, offset_of(slot), entry, sizeof *entry);
}
