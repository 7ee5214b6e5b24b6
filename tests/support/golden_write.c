/* SPDX-License-Identifier: MIT */
/*
 * Writes a ring as text, with its words named. Only the values are compared; the names show whoever
 * changes the layout what has changed.
 */
#include "golden_write.h"

#include <ctype.h>
#include <inttypes.h>

#include "helpers.h"
#include "record.h"
#include "ring/entry.h"

enum { ROW_BYTES = 16, NAME_COLUMN = 34 };

struct field {
    size_t offset, width;
    bool any; /* differs from run to run */
    const char *name;
};

#define FIELD(type, member)                                                             \
    {                                                                                   \
        offsetof(struct type, member), sizeof((struct type *)0)->member, false, #member \
    }
#define ANY(type, member)                                                              \
    {                                                                                  \
        offsetof(struct type, member), sizeof((struct type *)0)->member, true, #member \
    }

static const struct field identity[] = {
    FIELD(ring_header, identity.magic),
    FIELD(ring_header, identity.layout_version),
    FIELD(ring_header, identity.header_bytes),
    FIELD(ring_header, identity.cells_bytes),
    FIELD(ring_header, identity.cell_bytes),
    FIELD(ring_header, identity.cell_count),
    FIELD(ring_header, identity.mark_count),
    FIELD(ring_header, identity.features_compatible),
    FIELD(ring_header, identity.features_read_only),
    FIELD(ring_header, identity.features_required),
    FIELD(ring_header, identity.slot_bytes),
    FIELD(ring_header, identity.capacity_bytes),
    FIELD(ring_header, identity.first_position),
    ANY(ring_header, identity.created_ns),
    FIELD(ring_header, identity.when_full),
    FIELD(ring_header, identity.dictionary_bytes),
};

static const struct field state[] = {
    FIELD(ring_header, state),
};

static const struct field origin_fields[] = {
    FIELD(ring_header, origin.first_sequence),
};

static const struct field producer[] = {
    FIELD(ring_header, producer_run),
    ANY(ring_header, producer_flags),
    ANY(ring_header, producer_system),
    ANY(ring_header, producer_process),
    ANY(ring_header, producer_started),
    FIELD(ring_header, run_sequence),
    FIELD(ring_header, origin_run),
    FIELD(ring_header, origin_run_position),
    FIELD(ring_header, producer_waits),
    FIELD(ring_header, waits_for),
    ANY(ring_header, waits_since_ns),
    FIELD(ring_header, tail),
    FIELD(ring_header, horizon),
    FIELD(ring_header, marks_made),
    FIELD(ring_header, drops_made),
    FIELD(ring_header, dropped[0].records),
    FIELD(ring_header, dropped[0].payload_bytes),
    FIELD(ring_header, dropped[1].records),
    FIELD(ring_header, dropped[1].payload_bytes),
    FIELD(ring_header, kept_made),
    FIELD(ring_header, kept[0].position),
    FIELD(ring_header, kept[0].sequence),
    FIELD(ring_header, kept[1].position),
    FIELD(ring_header, kept[1].sequence),
};

static const struct field clock_points[] = {
    FIELD(ring_header, clock_points_made),
};

static const struct field clock_point[] = {
    FIELD(ring_clock_point, sequence),
    ANY(ring_clock_point, counter),
    ANY(ring_clock_point, ns),
    ANY(ring_clock_point, rate),
    ANY(ring_clock_point, uncertainty_ns),
    ANY(ring_clock_point, clock),
};

static const struct field mark[] = {
    FIELD(ring_mark, position),
    FIELD(ring_mark, sequence),
    FIELD(ring_mark, payload_bytes),
    FIELD(ring_mark, dropped_records),
    FIELD(ring_mark, dropped_payload_bytes),
};

static const struct field blame[] = {
    FIELD(ring_blame, waits),
    ANY(ring_blame, wait_ns),
    ANY(ring_blame, longest_ns),
};

static const struct field cells[] = {
    FIELD(ring_cells, wait_set),
    FIELD(ring_cells, wakes),
    FIELD(ring_cells, room_wakes),
    FIELD(ring_cells, joined),
    FIELD(ring_cells, left_unread),
    FIELD(ring_cells, evicted),
};

static const struct field cell[] = {
    FIELD(ring_cell, head),
    FIELD(ring_cell, ledgers_made),
    FIELD(ring_cell, ledger[0].position),
    FIELD(ring_cell, ledger[0].sequence),
    FIELD(ring_cell, ledger[0].next_sequence),
    FIELD(ring_cell, ledger[0].first_sequence),
    FIELD(ring_cell, ledger[0].read_records),
    FIELD(ring_cell, ledger[0].read_payload_bytes),
    FIELD(ring_cell, ledger[0].lost_records),
    FIELD(ring_cell, ledger[1].position),
    FIELD(ring_cell, ledger[1].sequence),
    FIELD(ring_cell, ledger[1].next_sequence),
    FIELD(ring_cell, ledger[1].first_sequence),
    FIELD(ring_cell, ledger[1].read_records),
    FIELD(ring_cell, ledger[1].read_payload_bytes),
    FIELD(ring_cell, ledger[1].lost_records),
    FIELD(ring_cell, state),
    FIELD(ring_cell, flags),
    ANY(ring_cell, system),
    ANY(ring_cell, process),
    ANY(ring_cell, started),
    FIELD(ring_cell, max_lag),
    FIELD(ring_cell, wake_position),
    FIELD(ring_cell, carries_made),
    FIELD(ring_cell, carry[0].position),
    FIELD(ring_cell, carry[0].sequence),
    FIELD(ring_cell, carry[1].position),
    FIELD(ring_cell, carry[1].sequence),
    FIELD(ring_cell, eviction),
};

static const struct field dictionary[] = {
    FIELD(ring_header, dictionary_used),
};

static const struct field entry[] = {
    FIELD(ring_entry, bytes),
    FIELD(ring_entry, kind),
    FIELD(ring_entry, crc),
};

static const struct field loss[] = {
    FIELD(ring_loss, records),
    FIELD(ring_loss, payload_bytes),
};

static const struct field loss_times[] = {
    ANY(ring_loss_times, first),
    ANY(ring_loss_times, last),
};

static const struct field run_end[] = {
    FIELD(ring_run_end, run),
};

uint64_t golden_word(const char *at, size_t width)
{
    uint32_t half;
    uint64_t whole;
    if (width == 1)
        return (unsigned char)*at;
    memcpy(&half, at, sizeof half);
    memcpy(&whole, at, sizeof whole);
    return width == 4 ? half : whole;
}

static bool is_zero(const char *at, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++)
        if (at[i])
            return false;
    return true;
}

static void write_comment(FILE *file, int column, const char *name)
{
    fprintf(file, "%*s# %s", column < NAME_COLUMN ? NAME_COLUMN - column : 1, "", name);
}

static void write_word(FILE *file, const char *ring, size_t offset, const struct field *field)
{
    int digits = (int)(2 * field->width);
    int column = fprintf(file, "%06zx: ", offset);
    if (field->any)
        column += fprintf(file, "%.*s", digits, "xxxxxxxxxxxxxxxx");
    else
        column += fprintf(file, "%0*" PRIx64, digits, golden_word(ring + offset, field->width));
    write_comment(file, column, field->name);
}

/* Whether any of the words that differ from run to run is set; then all of them are written. */
static bool uses_any(const char *at, const struct field *fields, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (fields[i].any && !is_zero(at + fields[i].offset, fields[i].width))
            return true;
    return false;
}

/* `index` is that of the structure in its array, or -1 if there is only one. */
static void write_fields(FILE *file, const char *ring, size_t base, int index,
                         const struct field *fields, size_t count)
{
    bool in_use = uses_any(ring + base, fields, count);
    for (size_t i = 0; i < count; i++) {
        const struct field *field = &fields[i];
        if (is_zero(ring + base + field->offset, field->width) && !(field->any && in_use))
            continue;
        write_word(file, ring, base + field->offset, field);
        fprintf(file, index < 0 ? "\n" : " of %d\n", index);
    }
}
#define WRITE_FIELDS(file, ring, base, index, fields) \
    write_fields((file), (ring), (base), (index), (fields), COUNT_OF(fields))

static void write_row(FILE *file, const char *ring, size_t from, size_t to)
{
    char text[ROW_BYTES + 1] = "";
    if (is_zero(ring + from, to - from))
        return;
    int column = fprintf(file, "%06zx:", from);
    for (size_t i = from; i < to; i++) {
        column += fprintf(file, " %02x", (unsigned char)ring[i]);
        text[i - from] = isprint((unsigned char)ring[i]) ? ring[i] : '.';
    }
    write_comment(file, column, text);
    fputc('\n', file);
}

/* Words that differ from run to run, and are not worth a name each. */
static void write_unknown(FILE *file, const char *ring, size_t from, size_t to, const char *name,
                          int index)
{
    if (is_zero(ring + from, to - from))
        return;
    for (size_t at = from; at < to; at += ROW_BYTES) {
        int column = fprintf(file, "%06zx:", at);
        for (size_t i = 0; i < ROW_BYTES; i += sizeof(uint32_t))
            column += fprintf(file, " xxxxxxxx");
        write_comment(file, column, name);
        fprintf(file, " of %d\n", index);
    }
}

static void write_bytes(FILE *file, const char *ring, size_t from, size_t to)
{
    for (size_t at = from; at < to; at += ROW_BYTES)
        write_row(file, ring, at, at + ROW_BYTES < to ? at + ROW_BYTES : to);
}

/* Finds old commit words as well, which no mark leads to. Payloads are zeros or letters, so no part
 * of a payload looks like a commit word. */
static bool is_commit_word(uint64_t word, size_t capacity)
{
    return commit_kind(word) != RECORD_NONE && commit_bytes(word) < capacity;
}

static size_t header_bytes(const char *ring)
{
    uint64_t features =
        golden_word(ring + offsetof(struct ring_header, identity.features_required), 4);
    return COMMIT_WORD_BYTES + (features & FEATURE_TIMES ? sizeof(uint64_t) : 0);
}

static void write_note(FILE *file, const char *ring, size_t at, bool is_run_end)
{
    size_t payload = at + header_bytes(ring);
    if (is_run_end) {
        WRITE_FIELDS(file, ring, payload, -1, run_end);
        return;
    }
    WRITE_FIELDS(file, ring, payload, -1, loss);
    if (header_bytes(ring) > COMMIT_WORD_BYTES)
        WRITE_FIELDS(file, ring, payload + sizeof(struct ring_loss), -1, loss_times);
}

static size_t write_record(FILE *file, const char *ring, size_t at)
{
    static const struct field word = {0, COMMIT_WORD_BYTES, false, "commit word: "};
    static const struct field counter[] = {{0, sizeof(uint64_t), true, "counter"}};
    uint64_t value = golden_word(ring + at, COMMIT_WORD_BYTES);
    bool is_note = commit_kind(value) == RECORD_GAP;
    bool is_run_end = is_note && commit_bytes(value) == sizeof(struct ring_run_end);
    write_word(file, ring, at, &word);
    fprintf(file, "%s %" PRIu32 ", %" PRIu64 " bytes\n",
            is_run_end                               ? "run end before"
            : is_note                                ? "gap from"
            : commit_kind(value) == RECORD_CONTINUED ? "part"
                                                     : "record",
            commit_sequence(value), commit_bytes(value));
    if (header_bytes(ring) > COMMIT_WORD_BYTES)
        WRITE_FIELDS(file, ring, at + COMMIT_WORD_BYTES, -1, counter);
    if (!is_note)
        return header_bytes(ring);
    write_note(file, ring, at, is_run_end);
    return header_bytes(ring) + (size_t)commit_bytes(value);
}

/* Writes the slots, up to that offset. */
static void write_slots(FILE *file, const char *ring, size_t bytes)
{
    size_t first = 2 * REGION_BYTES;
    size_t slot = (size_t)golden_word(ring + offsetof(struct ring_header, identity.slot_bytes), 4);
    for (size_t begin = first, next; begin < bytes; begin = next) {
        size_t at = begin;
        if (is_commit_word(golden_word(ring + at, COMMIT_WORD_BYTES), bytes - first))
            at += write_record(file, ring, at);
        next = begin + slot;
        while (next < at)
            next += slot;
        write_bytes(file, ring, at, next);
    }
}

static void write_dictionary(FILE *file, const char *ring, size_t begin)
{
    size_t used = (size_t)golden_word(ring + offsetof(struct ring_header, dictionary_used), 8);
    for (size_t at = begin; at < begin + used;) {
        size_t payload = at + sizeof(struct ring_entry);
        size_t bytes = (size_t)golden_word(ring + at, 4);
        WRITE_FIELDS(file, ring, at, -1, entry);
        write_bytes(file, ring, payload, payload + bytes);
        at += (size_t)entry_span(bytes);
    }
}

static void write_ring(FILE *file, const char *ring, size_t bytes)
{
    size_t content = offsetof(struct ring_header, identity.content);
    size_t origin = offsetof(struct ring_header, origin.text);
    size_t capacity =
        (size_t)golden_word(ring + offsetof(struct ring_header, identity.capacity_bytes), 8);
    WRITE_FIELDS(file, ring, 0, -1, identity);
    write_bytes(file, ring, content, content + CONTENT_BYTES);
    WRITE_FIELDS(file, ring, 0, -1, state);
    write_bytes(file, ring, origin, origin + ORIGIN_BYTES);
    WRITE_FIELDS(file, ring, 0, -1, origin_fields);
    WRITE_FIELDS(file, ring, 0, -1, producer);
    for (int i = 0; i < MARK_COUNT; i++)
        WRITE_FIELDS(file, ring, offsetof(struct ring_header, marks[i]), i, mark);
    WRITE_FIELDS(file, ring, 0, -1, dictionary);
    WRITE_FIELDS(file, ring, 0, -1, clock_points);
    for (int i = 0; i < CLOCK_POINT_COUNT; i++)
        WRITE_FIELDS(file, ring, offsetof(struct ring_header, clock_points[i]), i, clock_point);
    for (int i = 0; i <= CELL_COUNT; i++)
        WRITE_FIELDS(file, ring, offsetof(struct ring_header, blame[i]), i, blame);
    WRITE_FIELDS(file, ring, REGION_BYTES, -1, cells);
    for (int i = 0; i < CELL_COUNT; i++) {
        size_t at = REGION_BYTES + offsetof(struct ring_cells, cell[i]);
        size_t name = at + offsetof(struct ring_cell, name);
        WRITE_FIELDS(file, ring, at, i, cell);
        write_bytes(file, ring, name, name + CELL_NAME_BYTES);
    }
    for (int i = 0; i < CELL_COUNT; i++) {
        size_t at = REGION_BYTES + offsetof(struct ring_cells, latency[i]);
        write_unknown(file, ring, at, at + sizeof(struct ring_latency), "latency", i);
    }
    write_slots(file, ring, 2 * REGION_BYTES + capacity);
    write_dictionary(file, ring, 2 * REGION_BYTES + capacity);
    fprintf(file, "%06zx:\n", bytes);
}

void golden_write(const char *path, const char *ring, size_t bytes)
{
    FILE *file = os_file_open(path, "wb");
    if (!file)
        check_failed(__FILE__, __LINE__, "cannot write %s", path);
    fprintf(file,
            "# Written by test_golden with MAPRING_GOLDEN_WRITE=1: see tests/support/golden.h.\n");
    write_ring(file, ring, bytes);
    check_number(0, fclose(file));
}
