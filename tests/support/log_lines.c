/* SPDX-License-Identifier: MIT */
#include "log_lines.h"

#include <stdio.h>
#include <string.h>

#include "log/packed.h"

enum { TEXT_MOST = 60, VALUE_BYTES = 4 + 4 + 4, RINGS_LOOKED_FOR = 32 };

static const char format_0[] = "line %u.%u says %s", format_1[] = "%u.%u: %s, at another place";

/* "", "b", "cd", ... */
static size_t make_text(char *text, uint32_t writer, uint32_t number)
{
    size_t bytes = (writer * 7 + number) % TEXT_MOST;
    for (size_t i = 0; i < bytes; i++)
        text[i] = (char)('a' + (writer + number + i) % 26);
    text[bytes] = '\0';
    return bytes;
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

static uint32_t word_at(const unsigned char *at)
{
    uint32_t word;
    memcpy(&word, at, sizeof word);
    return word;
}

/* The payload of an entry, or the one that a record carries itself. */
static const char *check_site(const unsigned char *site, size_t bytes)
{
    static const unsigned char types[] = {MAPRING1_UINT32, MAPRING1_UINT32, MAPRING1_TEXT};
    size_t at = SITE_FIXED_BYTES + sizeof types;
    if (bytes < at || site[0] != MAPRING_LEVEL_INFO || site[1] != sizeof types)
        return "a site has another level or other values";
    if (memcmp(site + SITE_FIXED_BYTES, types, sizeof types) != 0)
        return "a site has values of other types";
    if ((bytes - at < sizeof format_0 || memcmp(site + at, format_0, sizeof format_0) != 0) &&
        (bytes - at < sizeof format_1 || memcmp(site + at, format_1, sizeof format_1) != 0))
        return "a site has another format";
    return site[bytes - 1] == '\0' ? NULL : "a site has no end";
}

static const char *check_entry(mapring_dictionary *dictionary, uint32_t number,
                               enum log_entry_kind kind)
{
    struct mapring_entry entry;
    if (mapring_dictionary_at(dictionary, entry_offset(number), &entry) != MAPRING_OK)
        return "a line refers to an entry that is not in the dictionary";
    if (entry.kind != (uint32_t)kind)
        return "a line refers to an entry of another kind";
    if (kind == ENTRY_SITE)
        return check_site(entry.payload, entry.bytes);
    return entry.bytes > THREAD_FIXED_BYTES ? NULL : "a thread has no end";
}

static const char *check_values(struct line *line, const unsigned char *at, size_t bytes)
{
    char text[TEXT_MOST];
    if (bytes < VALUE_BYTES)
        return "a line is too short";
    line->writer = word_at(at);
    line->number = word_at(at + 4);
    size_t length = make_text(text, line->writer, line->number);
    if (word_at(at + 8) != length || bytes != VALUE_BYTES + length ||
        memcmp(at + VALUE_BYTES, text, length) != 0)
        return "a line has another text";
    return NULL;
}

struct line line_decode(mapring_dictionary *dictionary, const struct mapring_record *record)
{
    struct line line = {0};
    const unsigned char *at = record->payload;
    size_t bytes = record->bytes;
    if (bytes < LINE_BYTES) {
        line.wrong = "a record is no line";
        return line;
    }
    uint32_t site = word_at(at), thread = word_at(at + 4);
    at += LINE_BYTES;
    bytes -= LINE_BYTES;
    if (site != 0) {
        line.wrong = check_entry(dictionary, site, ENTRY_SITE);
    } else if (bytes < 4 || word_at(at) > bytes - 4) {
        line.wrong = "a site in a record is too long";
    } else {
        uint32_t span = word_at(at);
        line.wrong = check_site(at + 4, span);
        at += 4 + span;
        bytes -= 4 + span;
    }
    if (!line.wrong && thread != 0)
        line.wrong = check_entry(dictionary, thread, ENTRY_THREAD);
    if (!line.wrong)
        line.wrong = check_values(&line, at, bytes);
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
