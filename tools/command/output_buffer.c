/* SPDX-License-Identifier: MIT */
/* Collects whole records into large writes, and keeps each in one file. */
#include "output_buffer.h"

#include <stdlib.h>
#include <string.h>

#include "shared/message.h"
#include "sink.h"

static int file_of(const struct output *output)
{
    return archive_file(&output->archive);
}

static void write_preface(struct output *output)
{
    const unsigned char *data = NULL;
    size_t bytes =
        output->preface(output->preface_context, archive_is_empty(&output->archive), &data);
    output->state = os_write(file_of(output), data, bytes);
    if (output->state == OS_NOT_WRITTEN)
        sink_take_back(file_of(output), os_bytes_written());
    archive_wrote(&output->archive, bytes);
}

/* A command that was killed, or a disk that was full, may have left an incomplete line. */
static void begin(struct output *output)
{
    bool in_lines = output->json || output->framing.kind == FRAMING_LINE;
    output->has_begun = true;
    if (output->preface)
        write_preface(output);
    if (in_lines && sink_is_inside_line(file_of(output)))
        output->state = os_write(file_of(output), "\n", 1);
}

/* Between records it may be time to write to another file. */
static void tend(struct output *output, size_t bytes)
{
    if (output->is_inside)
        return;
    enum archive_change change = archive_tend(&output->archive, bytes);
    if (change == ARCHIVE_NEW)
        output->has_begun = false;
    if (change == ARCHIVE_FAILED)
        output->state = OS_NOT_WRITTEN;
}

/* Leaves whole records only in the file, even if the disk is full. `from`: where in the buffer the
 * failed write began. */
static void take_back(struct output *output, size_t from)
{
    size_t written = from + os_bytes_written(), kept = from;
    for (size_t i = 0; i < output->records && output->ends[i].bytes <= written; i++)
        kept = output->ends[i].bytes > from ? output->ends[i].bytes : kept;
    sink_take_back(file_of(output), written - kept);
}

static void write_piece(struct output *output, size_t from, size_t to)
{
    if (!output->has_begun)
        begin(output);
    if (output->state != OS_WRITTEN)
        return;
    output->state = os_write(file_of(output), output->buffer + from, to - from);
    if (output->state == OS_NOT_WRITTEN)
        take_back(output, from);
    else
        archive_wrote(&output->archive, to - from);
}

/* How much the record takes that begins at `from`, as far as it is in the buffer. */
static size_t record_bytes(const struct output *output, size_t from, size_t next)
{
    while (!output->ends[next].is_whole && next + 1 < output->records)
        next++;
    return output->ends[next].bytes - from;
}

/* Writes what the present file has room for, but at least up to ends[*next], and moves *next on.
 * Returns where that ends. */
static size_t write_some(struct output *output, size_t from, size_t *next)
{
    const struct output_end *ends = output->ends;
    tend(output, record_bytes(output, from, *next));
    uint64_t room = archive_room(&output->archive);
    do
        ++*next;
    while (*next < output->records && ends[*next].bytes - from <= room);
    size_t to = ends[*next - 1].bytes;
    if (output->state == OS_WRITTEN)
        write_piece(output, from, to);
    output->is_inside = !ends[*next - 1].is_whole;
    return to;
}

/* What was read from a ring whose consumer was let go may be anything. It is not written; releasing
 * it then fails. */
static bool is_good(const struct output *output)
{
    return !output->is_good || output->is_good(output->source);
}

/* Writes everything up to the last end. */
static void write_now(struct output *output)
{
    size_t next = is_good(output) ? 0 : output->records, from = 0;
    while (next < output->records && output->state == OS_WRITTEN)
        from = write_some(output, from, &next);
    size_t bytes = output->ends[output->records - 1].bytes;
    memmove(output->buffer, output->buffer + bytes, output->held - bytes);
    output->held -= bytes;
    output->records = 0;
}

void output_flush(struct output *output)
{
    if (output->records > 0)
        write_now(output);
}

static void put_end(struct output *output, bool is_whole)
{
    output->ends[output->records++] = (struct output_end){output->held, is_whole};
}

/* Makes room: writes whole records, then enlarges the buffer. If there is no memory, the record is
 * written in pieces. */
static void make_room(struct output *output, size_t bytes)
{
    if (output->held + bytes > OUTPUT_BYTES)
        output_flush(output);
    if (output->held + bytes <= output->space)
        return;
    size_t wanted = output->held + bytes < OUTPUT_BYTES ? OUTPUT_BYTES : 2 * (output->held + bytes);
    unsigned char *larger = realloc(output->buffer, wanted);
    if (larger) {
        output->buffer = larger;
        output->space = wanted;
    } else if (output->held > 0) {
        put_end(output, false);
        write_now(output);
    }
}

void output_bytes(struct output *output, const void *data, size_t bytes)
{
    const unsigned char *from = data;
    while (bytes > 0 && output->state == OS_WRITTEN) {
        make_room(output, bytes);
        size_t room = output->space - output->held, some = bytes < room ? bytes : room;
        if (output->space == 0) {
            complain("not enough memory to write records");
            exit(EXIT_FAILED);
        }
        memcpy(output->buffer + output->held, from, some);
        output->held += some;
        from += some;
        bytes -= some;
    }
}

/* Keeps as many records together as one write can. */
static void end(struct output *output, bool is_whole)
{
    if (output->limit == 0)
        output->limit = sink_whole_bytes(file_of(output));
    if (output->held > output->limit)
        output_flush(output);
    put_end(output, is_whole);
    if (output->held >= OUTPUT_BYTES || output->records == OUTPUT_RECORDS)
        output_flush(output);
}

void output_end_record(struct output *output)
{
    end(output, true);
}

void output_end_part(struct output *output)
{
    end(output, false);
}

void output_idle(struct output *output)
{
    if (output->archive.path)
        tend(output, 0);
    else if (sink_is_unread(STANDARD_OUTPUT))
        output->state = OS_READER_GONE;
}

int output_open(struct output *output)
{
    return archive_open(&output->archive);
}

void output_close(struct output *output)
{
    archive_close(&output->archive);
}
