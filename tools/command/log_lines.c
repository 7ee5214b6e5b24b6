/* SPDX-License-Identifier: MIT */
/* Makes lines of the records of logs, each by the dictionary of its ring. */
#include "log_lines.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "mapring/log.h"
#include "shared/message.h"

struct log_ring {
    struct log_ring *next;
    char *name;
    mapring_log_decoder *decoder; /* NULL: the ring is no log, or */
    bool is_unknown;              /* could not be opened */
};

static void no_memory(void)
{
    complain("not enough memory to read lines");
    exit(EXIT_FAILED);
}

static struct log_ring *add(struct log_lines *lines, const char *name)
{
    struct log_ring *ring = calloc(1, sizeof *ring);
    if (!ring || !(ring->name = strdup(name)))
        no_memory();
    ring->is_unknown = true;
    ring->next = lines->rings;
    lines->rings = ring;
    return ring;
}

static bool is_called(const struct log_ring *ring, const char *name)
{
    return strcmp(ring->name, name) == 0;
}

static void find(struct log_lines *lines, const char *name)
{
    struct log_ring *ring = lines->rings;
    while (ring && !is_called(ring, name))
        ring = ring->next;
    lines->current = ring ? ring : add(lines, name);
    lines->ring = lines->current->name;
}

bool log_lines_of(struct log_lines *lines, const char *name)
{
    if (!lines->current || !is_called(lines->current, name))
        find(lines, name);
    struct log_ring *ring = lines->current;
    if (ring->is_unknown) {
        int result = mapring_log_decoder_open(&ring->decoder, name, lines->scope);
        ring->is_unknown = result != MAPRING_OK && result != MAPRING_ERROR_WRONG_KIND;
    }
    return ring->decoder != NULL;
}

/* ---- Of recordings ---- */

void log_lines_begin_recorded(struct log_lines *lines, const struct recorded_ring *recorded)
{
    log_lines_forget(lines, recorded->name);
    struct log_ring *ring = add(lines, recorded->name);
    ring->is_unknown = false;
    if (strcmp(recorded->content, MAPRING_LOG_CONTENT) == 0 &&
        mapring_log_decoder_new(&ring->decoder, recorded->name) != MAPRING_OK)
        no_memory();
}

/* Whatever else is wrong with an entry is told with the first line that needs it. */
void log_lines_define(struct log_lines *lines, const char *name, const struct mapring_entry *entry)
{
    if (log_lines_of(lines, name) &&
        mapring_log_decoder_define(lines->current->decoder, entry) == MAPRING_ERROR_NO_MEMORY)
        no_memory();
}

/* ---- Of all ---- */

static void discard(struct log_ring *ring)
{
    mapring_log_decoder_close(ring->decoder);
    free(ring->name);
    free(ring);
}

void log_lines_forget(struct log_lines *lines, const char *name)
{
    struct log_ring **link = &lines->rings;
    while (*link && !is_called(*link, name))
        link = &(*link)->next;
    struct log_ring *ring = *link;
    if (!ring)
        return;
    *link = ring->next;
    lines->current = lines->current == ring ? NULL : lines->current;
    discard(ring);
}

/* What is wrong with the first of them is told at once. */
static void count_damaged(struct log_lines *lines)
{
    lines->damaged++;
    if (!lines->told)
        ring_failure();
    lines->told = true;
}

void log_lines_again(struct log_lines *lines)
{
    lines->damaged = 0;
}

const struct mapring_record *log_lines_read(struct log_lines *lines,
                                            const struct mapring_record *record,
                                            struct mapring_record *text)
{
    struct mapring_log_line *line = &lines->line;
    lines->is_line = lines->current && lines->current->decoder;
    if (!lines->is_line)
        return record;
    if (mapring_log_decode(lines->current->decoder, record, line) != MAPRING_OK)
        count_damaged(lines);
    line->ring = lines->ring;
    *text = *record;
    text->payload = line->text;
    text->bytes = line->text_bytes;
    text->continued = text->continues = false;
    return text;
}

bool log_lines_wants(const struct log_lines *lines)
{
    return !lines->is_line || lines->line.level == 0 || lines->line.level >= lines->least;
}

int log_lines_end(struct log_lines *lines, int status)
{
    while (lines->rings)
        log_lines_forget(lines, lines->rings->name);
    if (lines->damaged == 0)
        return status;
    complain("%" PRIu64 " lines could not be read as they were written; what is known of them is "
             "shown",
             lines->damaged);
    return status == EXIT_DONE ? EXIT_FAILED : status;
}
