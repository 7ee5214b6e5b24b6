/* SPDX-License-Identifier: MIT */
#include "log_text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "log/packed.h"
#include "mapring/log.h"

/* What is left of a record or an entry. */
struct rest {
    const unsigned char *at, *end;
    const char *wrong; /* NULL: nothing so far */
};

/* NULL: there is not so much left. */
static const void *take(struct rest *rest, size_t bytes)
{
    const unsigned char *at = rest->at;
    if ((size_t)(rest->end - at) < bytes) {
        rest->wrong = "a line, or what it refers to, is too short";
        return NULL;
    }
    rest->at += bytes;
    return at;
}

static uint64_t take_number(struct rest *rest, size_t bytes)
{
    uint64_t number = 0;
    const void *at = take(rest, bytes);
    if (at)
        memcpy(&number, at, bytes);
    return number;
}

static const char *take_text(struct rest *rest)
{
    size_t bytes = (size_t)(rest->end - rest->at);
    const unsigned char *end = bytes ? memchr(rest->at, '\0', bytes) : NULL;
    const char *text = take(rest, end ? (size_t)(end - rest->at) + 1 : bytes + 1);
    return text ? text : "";
}

static struct rest entry_of(mapring_dictionary *dictionary, uint32_t number,
                            enum log_entry_kind kind)
{
    struct mapring_entry entry;
    struct rest none = {NULL, NULL, "a line refers to an entry that is not in the dictionary"};
    if (mapring_dictionary_at(dictionary, entry_offset(number), &entry) != MAPRING_OK)
        return none;
    const unsigned char *payload = entry.payload;
    none.wrong = "a line refers to an entry of another kind";
    return entry.kind == (uint32_t)kind ? (struct rest){payload, payload + entry.bytes, NULL}
                                        : none;
}

static struct rest site_inside(struct rest *line)
{
    size_t bytes = (size_t)take_number(line, 4);
    const unsigned char *site = take(line, bytes);
    return site ? (struct rest){site, site + bytes, NULL} : (struct rest){NULL, NULL, NULL};
}

static void put_text(char *to, size_t room, struct rest *values)
{
    uint32_t length = (uint32_t)take_number(values, 4);
    if (length == MAPRING1_NULL) {
        snprintf(to, room, "|(null)");
        return;
    }
    uint32_t bytes = length & ~MAPRING1_CUT;
    const char *text = take(values, bytes);
    if (text)
        snprintf(to, room, "|'%.*s'%s", (int)bytes, text, length & MAPRING1_CUT ? "..." : "");
}

static void put_real(char *to, size_t room, struct rest *values)
{
    double real = 0;
    const void *at = take(values, sizeof real);
    if (at)
        memcpy(&real, at, sizeof real);
    snprintf(to, room, "|%.3f", real);
}

static void put_long_double(char *to, size_t room, struct rest *values)
{
    long double real = 0;
    const void *at = take(values, 16);
    if (at)
        memcpy(&real, at, sizeof real < 16 ? sizeof real : 16);
    snprintf(to, room, "|%.3fL", (double)real);
}

static void put_value(char *to, size_t room, unsigned type, struct rest *values)
{
    switch (type) {
    case MAPRING1_INT32:
        snprintf(to, room, "|%" PRId32, (int32_t)(uint32_t)take_number(values, 4));
        break;
    case MAPRING1_UINT32: snprintf(to, room, "|%" PRIu64 "u", take_number(values, 4)); break;
    case MAPRING1_INT64:
        snprintf(to, room, "|%" PRId64 "l", (int64_t)take_number(values, 8));
        break;
    case MAPRING1_UINT64: snprintf(to, room, "|%" PRIu64 "ul", take_number(values, 8)); break;
    case MAPRING1_DOUBLE: put_real(to, room, values); break;
    case MAPRING1_LONG_DOUBLE: put_long_double(to, room, values); break;
    case MAPRING1_POINTER: snprintf(to, room, "|p%" PRIx64, take_number(values, 8)); break;
    case MAPRING1_TEXT: put_text(to, room, values); break;
    default: values->wrong = "a value has an unknown type";
    }
}

static void put_line(char text[LINE_TEXT], struct rest *site, struct rest *values)
{
    const unsigned char *fixed = take(site, SITE_FIXED_BYTES);
    unsigned count = fixed ? fixed[1] : 0;
    const unsigned char *types = take(site, count);
    const char *level = fixed ? mapring_level_name((enum mapring_level)fixed[0]) : NULL;
    snprintf(text, LINE_TEXT, "%s %s", level ? level : "", take_text(site));
    for (unsigned i = 0; types && i < count; i++) {
        size_t used = strlen(text);
        put_value(text + used, LINE_TEXT - used, types[i], values);
    }
    take_text(site); /* the file */
    take_text(site); /* the function */
    if (values->at != values->end)
        values->wrong = "a line has more than its values";
}

static const char *decode_thread(struct log_text *decoded, mapring_dictionary *dictionary,
                                 uint32_t number)
{
    decoded->thread_name[0] = '\0';
    if (number == 0)
        return NULL;
    struct rest thread = entry_of(dictionary, number, ENTRY_THREAD);
    if (thread.wrong)
        return thread.wrong;
    take(&thread, THREAD_FIXED_BYTES);
    take_text(&thread); /* the program */
    snprintf(decoded->thread_name, sizeof decoded->thread_name, "%s", take_text(&thread));
    return thread.wrong;
}

const char *log_text_decode(struct log_text *decoded, mapring_dictionary *dictionary,
                            const struct mapring_record *record)
{
    const unsigned char *payload = record->payload;
    struct rest line = {payload, payload + record->bytes, NULL};
    decoded->site = (uint32_t)take_number(&line, 4);
    uint32_t thread = (uint32_t)take_number(&line, 4);
    struct rest site =
        decoded->site ? entry_of(dictionary, decoded->site, ENTRY_SITE) : site_inside(&line);
    if (line.wrong || site.wrong)
        return line.wrong ? line.wrong : site.wrong;
    put_line(decoded->text, &site, &line);
    if (line.wrong || site.wrong)
        return line.wrong ? line.wrong : site.wrong;
    return decode_thread(decoded, dictionary, thread);
}
