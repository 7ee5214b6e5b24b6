/* SPDX-License-Identifier: MIT */
#include "log_lines.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "log_text.h"

enum { TEXT_MOST = 60, RINGS_LOOKED_FOR = 32 };

static const char format_0[] = "line %u.%u says %s", format_1[] = "%u.%u: %s, at another place";

/* "", "b", "cd", ... */
static void make_text(char *text, uint32_t writer, uint32_t number)
{
    size_t bytes = (writer * 7 + number) % TEXT_MOST;
    for (size_t i = 0; i < bytes; i++)
        text[i] = (char)('a' + (writer + number + i) % 26);
    text[bytes] = '\0';
}

void line_write(mapring_log *log, uint32_t writer, uint32_t number, unsigned site)
{
    char text[TEXT_MOST];
    make_text(text, writer, number);
    if (site == 0)
        MAPRING_INFO(log, "line %u.%u says %s", writer, number, text);
    else
        MAPRING_INFO(log, "%u.%u: %s, at another place", writer, number, text);
}

/* Whether it is a line of that format, and which one. */
static bool is_line(struct line *line, const char *decoded, const char *format)
{
    char start[LINE_TEXT], text[TEXT_MOST];
    size_t bytes = (size_t)snprintf(start, sizeof start, "INFO %s|", format);
    if (strncmp(decoded, start, bytes) != 0 ||
        sscanf(decoded + bytes, "%" SCNu32 "u|%" SCNu32, &line->writer, &line->number) != 2)
        return false;
    make_text(text, line->writer, line->number);
    snprintf(start + bytes, sizeof start - bytes, "%" PRIu32 "u|%" PRIu32 "u|'%s'", line->writer,
             line->number, text);
    return strcmp(decoded, start) == 0;
}

static struct line line_decode(mapring_dictionary *dictionary, const struct mapring_record *record)
{
    struct log_text decoded;
    struct line line = {.wrong = log_text_decode(&decoded, dictionary, record)};
    if (!line.wrong && !is_line(&line, decoded.text, format_0) &&
        !is_line(&line, decoded.text, format_1))
        line.wrong = "a line has another format, other values or another level";
    return line;
}

/* ---- All rings of a log ---- */

void line_ring(char *path, size_t bytes, const char *log, unsigned index)
{
    static const char end[] = ".ring";
    int stem = (int)(strlen(log) - (sizeof end - 1));
    if (index == 0)
        snprintf(path, bytes, "%s", log);
    else
        snprintf(path, bytes, "%.*s.%u%s", stem, log, index, end);
}

static const char *read_records(mapring_observer *observer, mapring_dictionary *dictionary,
                                line_note *note, void *context)
{
    static unsigned char buffer[65536];
    for (;;) {
        struct mapring_record record;
        int result = mapring_observer_receive(observer, buffer, sizeof buffer, &record, 0);
        if (result == MAPRING_PRODUCER_CLOSED || result == MAPRING_PRODUCER_DIED ||
            result == MAPRING_LOST)
            continue;
        if (result != MAPRING_OK)
            return result < 0 ? mapring_last_error()->text : NULL;
        struct line line = line_decode(dictionary, &record);
        const char *wrong = line.wrong ? line.wrong : note(context, &line);
        if (wrong)
            return wrong;
    }
}

static int count_ring(struct line_totals *totals, const char *path)
{
    static const struct mapring_options attach = {.how = MAPRING_ATTACH};
    struct mapring_stat stat;
    mapring_ring *ring;
    int result = mapring_open(&ring, path, &attach);
    if (result == MAPRING_OK)
        result = mapring_stat(ring, &stat);
    if (result == MAPRING_OK) {
        totals->rings++;
        totals->records += stat.records;
    }
    mapring_close(ring);
    return result;
}

static const char *read_ring(const char *path, line_note *note, void *context)
{
    static const struct mapring_observer_options oldest = {.from = MAPRING_OLDEST};
    mapring_observer *observer = NULL;
    mapring_dictionary *dictionary = NULL;
    bool is_open = mapring_observer_open(&observer, path, &oldest) == MAPRING_OK &&
                   mapring_dictionary_open(&dictionary, path, MAPRING_LOCAL) == MAPRING_OK;
    const char *wrong = is_open ? read_records(observer, dictionary, note, context)
                                : mapring_last_error()->text;
    mapring_dictionary_close(dictionary);
    mapring_observer_close(observer);
    return wrong;
}

/* One that a killed process has not finished making is nobody's. */
const char *lines_each(const char *log, line_note *note, void *context, struct line_totals *totals)
{
    *totals = (struct line_totals){0};
    for (unsigned i = 0; i < RINGS_LOOKED_FOR; i++) {
        char path[256];
        line_ring(path, sizeof path, log, i);
        int result = count_ring(totals, path);
        if (result == MAPRING_ERROR_NOT_THERE || result == MAPRING_ERROR_BEING_CREATED)
            continue;
        const char *wrong = result == MAPRING_OK ? read_ring(path, note, context)
                                                 : mapring_last_error()->text;
        if (wrong)
            return wrong;
    }
    return NULL;
}

static const char *note_line(void *context, const struct line *line)
{
    struct lines *lines = context;
    if (line->writer != lines->writer)
        return NULL;
    if (line->number >= LINES_LIMIT)
        return "a line has a number that none has";
    if (lines->seen[line->number])
        return "a line is there twice";
    lines->seen[line->number] = true;
    lines->count++;
    return NULL;
}

const char *lines_read(struct lines *lines, const char *log)
{
    uint32_t writer = lines->writer;
    memset(lines, 0, sizeof *lines);
    lines->writer = writer;
    return lines_each(log, note_line, lines, &lines->totals);
}
