/* SPDX-License-Identifier: MIT */
/* Reads records from files, as many at a time as are available and may be sent together. */
#include "input.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "shared/idle.h"
#include "shared/message.h"
#include "shared/os.h"

enum { BUFFER_BYTES = 1 << 18 };
enum {
    SPACE_AROUND = 8 + 256
}; /* most that a record takes besides its payload, whatever the slot size */

enum cut { CUT_RECORD, CUT_INCOMPLETE, CUT_END, CUT_TOO_LARGE, CUT_TRUNCATED, CUT_LEFT_OUT };

void input_open(struct input *input, struct feed feed, const char *name)
{
    input->feed = feed;
    input->name = name;
    input->at_end = input->is_inside = false;
    input->offset = input->records = input->begun = 0;
    input->start = input->end = input->looked_at = 0;
}

void input_free(struct input *input)
{
    free(input->buffer);
    input->buffer = NULL;
}

/* Makes room after the buffered bytes: moves them to the front, or enlarges the buffer. */
static bool make_room(struct input *input)
{
    size_t held = input->end - input->start;
    if (input->start > 0)
        memmove(input->buffer, input->buffer + input->start, held);
    input->start = 0;
    input->end = held;
    if (held < input->buffer_bytes / 2)
        return true;
    size_t wanted = held > 0 ? 2 * input->buffer_bytes : BUFFER_BYTES;
    unsigned char *larger = realloc(input->buffer, wanted);
    if (!larger) {
        complain("not enough memory for a record of more than %zu bytes", held);
        return false;
    }
    input->buffer = larger;
    input->buffer_bytes = wanted;
    return true;
}

/* Returns what the feed returns. */
static ptrdiff_t fill(struct input *input)
{
    if (!make_room(input))
        return FEED_FAILED;
    size_t room = input->buffer_bytes - input->end;
    ptrdiff_t got = input->feed.read(input->feed.context, input->buffer + input->end, room);
    if (got == FEED_FAILED && os_interrupted() == 0 && idle_goes_on())
        complain("cannot read %s: %s", input->name, os_error());
    input->at_end = got == FEED_END;
    input->end += got > 0 ? (size_t)got : 0;
    return got;
}

static enum cut cut_last(const struct input *input, struct frame *frame, size_t *taken)
{
    size_t left = input->end - input->start;
    if (input->framing.kind == FRAMING_LENGTH)
        return CUT_TRUNCATED;
    *frame = (struct frame){input->buffer + input->start, left};
    *taken = left;
    return CUT_RECORD;
}

static enum cut cut(struct input *input, struct frame *frame, size_t *taken)
{
    size_t left = input->end - input->start;
    if (left == 0)
        return input->at_end ? CUT_END : CUT_INCOMPLETE;
    *taken =
        framing_cut(&input->framing, input->buffer + input->start, left, input->looked_at, frame);
    input->looked_at = *taken > 0 ? 0 : left;
    if (frame->bytes > input->record_limit)
        return CUT_TOO_LARGE;
    if (*taken > 0)
        return CUT_RECORD;
    return input->at_end ? cut_last(input, frame, taken) : CUT_INCOMPLETE;
}

/* Takes complete records, up to an eighth of the ring, so that readers can work in parallel with
 * the producer. */
static enum cut take_complete(struct input *input, struct batch *batch)
{
    size_t space = 0, space_limit = input->record_limit / 4;
    while (batch->count < input->batch_limit) {
        struct frame frame = {NULL, 0};
        size_t taken = 0;
        enum cut result = cut(input, &frame, &taken);
        space += frame.bytes + SPACE_AROUND;
        if (result != CUT_RECORD || (batch->count > 0 && space > space_limit))
            return result;
        batch->records[batch->count++] = (struct mapring_buffer){frame.payload, frame.bytes};
        batch->bytes += frame.bytes;
        input->start += taken;
        input->offset += taken;
        input->records++;
    }
    return CUT_RECORD;
}

/* ---- Units longer than a record ---- */

static void take(struct input *input, size_t bytes)
{
    input->start += bytes;
    input->offset += bytes;
    input->looked_at -= input->looked_at < bytes ? input->looked_at : bytes;
}

static void begin_long(struct input *input)
{
    struct frame frame = {NULL, 0};
    input->begun = input->offset;
    framing_cut(&input->framing, input->buffer + input->start, input->end - input->start, 0,
                &frame);
    input->is_inside = true;
    input->leaves_out = input->too_long == TOO_LONG_SKIP;
    input->to_come = input->framing.kind == FRAMING_LINE ? UINT64_MAX : frame.bytes;
    input->looked_at = 0;
    take(input, (size_t)(frame.payload - (input->buffer + input->start)));
}

/* How much of the unit is in the buffer; *ends: whether it ends there. */
static size_t measure(struct input *input, bool *ends)
{
    const unsigned char *data = input->buffer + input->start;
    size_t held = input->end - input->start;
    const unsigned char *newline = NULL;
    if (input->framing.kind == FRAMING_LINE)
        newline = memchr(data + input->looked_at, '\n', held - input->looked_at);
    size_t there = newline ? (size_t)(newline - data) : held;
    there = there < input->to_come ? there : (size_t)input->to_come;
    input->looked_at = there;
    *ends = newline || there == input->to_come || input->at_end;
    return there;
}

static void end_long(struct input *input)
{
    bool has_newline = input->framing.kind == FRAMING_LINE && input->start < input->end;
    take(input, has_newline ? 1 : 0);
    input->is_inside = false;
    input->records++;
}

static enum cut leave_out(struct input *input, size_t there, bool ends)
{
    input->left_out_bytes += there;
    input->to_come -= input->to_come == UINT64_MAX ? 0 : there;
    take(input, there);
    if (!ends)
        return CUT_INCOMPLETE;
    ++*(input->too_long == TOO_LONG_SKIP ? &input->skipped : &input->shortened);
    end_long(input);
    return CUT_LEFT_OUT;
}

/* Does not cut text inside a character. */
static size_t whole_characters(const struct input *input, size_t bytes)
{
    enum { CHARACTER_BYTES = 4 };
    const unsigned char *data = input->buffer + input->start;
    size_t whole = bytes;
    while (input->framing.kind == FRAMING_LINE && bytes - whole < CHARACTER_BYTES &&
           (data[whole] & 0xc0) == 0x80)
        whole--;
    return bytes - whole < CHARACTER_BYTES ? whole : bytes;
}

static enum cut take_piece(struct input *input, struct batch *batch, size_t bytes)
{
    batch->records[0] = (struct mapring_buffer){input->buffer + input->start, bytes};
    batch->count = 1;
    batch->bytes = bytes;
    input->to_come -= input->to_come == UINT64_MAX ? 0 : bytes;
    take(input, bytes);
    return CUT_RECORD;
}

/* Parts are small, so that readers can work in parallel with the producer. */
static enum cut take_long(struct input *input, struct batch *batch)
{
    bool ends, splits = input->too_long == TOO_LONG_SPLIT;
    size_t there = measure(input, &ends);
    size_t most = splits ? input->record_limit / 4 : input->record_limit;
    if (ends && input->at_end && input->framing.kind == FRAMING_LENGTH && there < input->to_come)
        return CUT_TRUNCATED;
    if (input->leaves_out)
        return leave_out(input, there, ends);
    if (there > most) {
        batch->is_part = splits;
        input->leaves_out = !splits;
        return take_piece(input, batch, whole_characters(input, most));
    }
    if (!ends)
        return CUT_INCOMPLETE;
    batch->is_last = splits;
    take_piece(input, batch, there);
    end_long(input);
    return CUT_RECORD;
}

static enum cut take_some(struct input *input, struct batch *batch)
{
    enum cut result = input->is_inside ? take_long(input, batch) : take_complete(input, batch);
    if (result != CUT_TOO_LARGE || batch->count > 0 || input->too_long == TOO_LONG_FAIL)
        return result;
    begin_long(input);
    return take_long(input, batch);
}

static void tell_problem(const struct input *input, enum cut problem)
{
    const char *unit = input->framing.kind == FRAMING_LINE ? "line" : "record";
    if (problem == CUT_TRUNCATED) {
        complain("%s: truncated: the input ends at byte %" PRIu64 ", inside record %" PRIu64
                 ", which begins at byte %" PRIu64,
                 input->name, input->offset + (input->end - input->start), input->records + 1,
                 input->is_inside ? input->begun : input->offset);
    } else {
        complain("%s: %s %" PRIu64 " at byte %" PRIu64
                 " is larger than the ring's record limit of %zu bytes; use a ring with a larger "
                 "--capacity",
                 input->name, unit, input->records + 1, input->offset, input->record_limit);
    }
}

int input_next_batch(struct input *input, struct batch *batch)
{
    batch->count = 0;
    batch->bytes = 0;
    batch->is_part = batch->is_last = false;
    for (;;) {
        enum cut result = take_some(input, batch);
        if (batch->count > 0 || result == CUT_END)
            return (int)batch->count;
        if (result == CUT_LEFT_OUT)
            continue;
        if (result != CUT_INCOMPLETE) {
            tell_problem(input, result);
            return INPUT_FAILED;
        }
        ptrdiff_t got = fill(input);
        if (got < 0)
            return got == FEED_NOTHING_YET ? INPUT_NOTHING_YET : INPUT_FAILED;
    }
}

bool input_is_in_parts(const struct input *input)
{
    return input->is_inside && input->too_long == TOO_LONG_SPLIT;
}

void input_end_parts(struct input *input, struct batch *batch)
{
    batch->is_part = false;
    batch->is_last = true;
    take_piece(input, batch, 0);
    input->is_inside = false;
    input->records++;
}

void input_tell_too_long(const struct input *input)
{
    uint64_t count = input->shortened + input->skipped;
    if (count > 0)
        complain("%s %" PRIu64 " %s longer than the ring's record limit of %zu bytes; %" PRIu64
                 " bytes were left out",
                 input->skipped > 0 ? "skipped" : "truncated", count,
                 input->framing.kind == FRAMING_LINE ? "lines" : "records", input->record_limit,
                 input->left_out_bytes);
}
