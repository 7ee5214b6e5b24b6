/* SPDX-License-Identifier: MIT */
/*
 * Writes lines of logs as JSON, one object each. Like output_json.c, it has to put them into a buffer
 * of whole lines, so only the escaping is that of shared/json.h.
 */
#include "log_json.h"

#include <float.h>
#include <inttypes.h>
#include <string.h>

#include "log_level.h"
#include "log_value.h"
#include "shared/json.h"
#include "shared/text.h"
#include "timestamp.h"

#define REPLACEMENT "\xef\xbf\xbd" /* U+FFFD, for what is not UTF-8 */

static void put(struct growing_text *text, const char *plain)
{
    growing_text_add(text, plain, strlen(plain));
}

static void put_string(struct growing_text *text, const char *string, size_t left)
{
    const unsigned char *bytes = (const unsigned char *)string;
    char escaped[JSON_CHARACTER_BYTES];
    uint32_t character;
    put(text, "\"");
    for (size_t used; left > 0; bytes += used, left -= used) {
        size_t length = text_decode(bytes, left, &character);
        used = length > 0 ? length : 1;
        if (length == 0)
            put(text, REPLACEMENT);
        else
            growing_text_add(text, escaped, json_escape(character, bytes, length, escaped));
    }
    put(text, "\"");
}

static void put_key(struct growing_text *text, const char *key)
{
    growing_text_print(text, ", \"%s\": ", key);
}

/* What is not known is null. */
static void put_text(struct growing_text *text, const char *key, const char *value)
{
    put_key(text, key);
    if (*value != '\0')
        put_string(text, value, strlen(value));
    else
        put(text, "null");
}

static void put_number(struct growing_text *text, const char *key, uint64_t value)
{
    put_key(text, key);
    if (value > 0)
        growing_text_print(text, "%" PRIu64, value);
    else
        put(text, "null");
}

static void put_time(struct growing_text *text, uint64_t time_ns)
{
    char time[TIMESTAMP_BYTES];
    if (time_ns == 0)
        return;
    timestamp_print(time, TIME_ISO, time_ns, 0);
    growing_text_print(text, ", \"time_ns\": %" PRIu64 ", \"time\": \"%s\"", time_ns, time);
}

/* ---- Values ---- */

static bool is_finite(double number)
{
    return number >= -DBL_MAX && number <= DBL_MAX;
}

/* JSON has neither pointers nor numbers that are not finite. */
static bool is_string(const struct mapring_log_value *value)
{
    return value->type == MAPRING_LOG_POINTER ||
           (value->type == MAPRING_LOG_REAL && !is_finite(value->is.real));
}

static void put_value(struct growing_text *text, const struct mapring_log_value *value)
{
    char number[LOG_NUMBER_BYTES];
    if (value->type == MAPRING_LOG_TEXT && value->is.text)
        put_string(text, value->is.text, value->bytes);
    else if (value->type == MAPRING_LOG_TEXT)
        put(text, "null");
    else if (is_string(value))
        growing_text_print(text, "\"%s\"", log_number_text(value, number));
    else
        put(text, log_number_text(value, number));
}

static void put_values(struct growing_text *text, const struct mapring_log_line *line)
{
    put_key(text, "values");
    put(text, "[");
    for (size_t i = 0; i < line->value_count; i++) {
        put(text, i > 0 ? ", " : "");
        put_value(text, &line->values[i]);
    }
    put(text, "]");
}

/* Whether a later value has the same name: the last one counts, as in most readers of JSON. */
static bool is_repeated(const struct mapring_log_line *line, size_t i)
{
    const struct mapring_log_value *value = &line->values[i], *other = value + 1;
    for (; other < line->values + line->value_count; other++)
        if (other->name && other->name_bytes == value->name_bytes &&
            memcmp(other->name, value->name, value->name_bytes) == 0)
            return true;
    return false;
}

static void put_fields(struct growing_text *text, const struct mapring_log_line *line)
{
    const char *before = "";
    put_key(text, "fields");
    put(text, "{");
    for (size_t i = 0; i < line->value_count; i++) {
        const struct mapring_log_value *value = &line->values[i];
        if (!value->name || is_repeated(line, i))
            continue;
        put(text, before);
        put_string(text, value->name, value->name_bytes);
        put(text, ": ");
        put_value(text, value);
        before = ", ";
    }
    put(text, "}");
}

void log_json_print(struct growing_text *text, const struct mapring_log_line *line)
{
    put(text, "{\"ring\": ");
    put_string(text, line->ring, strlen(line->ring));
    growing_text_print(text, ", \"sequence\": %" PRIu64, line->sequence);
    put_time(text, line->time_ns);
    put_text(text, "level", line->level > 0 ? log_level_text(line->level) : "");
    put_key(text, "text");
    put_string(text, line->text, line->text_bytes);
    put_fields(text, line);
    put_values(text, line);
    put_text(text, "format", line->format);
    put_text(text, "file", line->file);
    put_number(text, "line", line->line);
    put_text(text, "function", line->function);
    put_text(text, "program", line->program);
    put_number(text, "process", line->process);
    put_text(text, "thread_name", line->thread_name);
    put_number(text, "thread", line->thread);
    put(text, "}\n");
}
