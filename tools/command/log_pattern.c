/* SPDX-License-Identifier: MIT */
/* Writes lines of logs for people, by a pattern such as "{time} {level:5} {text}". */
#include "log_pattern.h"

#include <inttypes.h>
#include <string.h>

#include "log_level.h"
#include "log_value.h"
#include "mapring/log.h"
#include "shared/os.h"
#include "shared/plain.h"
#include "shared/text.h"

#define COLOR_END "\x1b[0m"
#define FAINT     "\x1b[2m"

struct pen {
    struct growing_text *text;
    const struct log_style *style;
    const struct mapring_log_line *line;
    uint64_t first_ns;
};

/* ---- Text that may contain anything ---- */

static void put_escaped(struct pen *pen, const unsigned char *bytes, size_t count)
{
    if (*bytes == '\n' || *bytes == '\r') {
        growing_text_add(pen->text, *bytes == '\n' ? "\\n" : "\\r", 2);
        return;
    }
    for (size_t i = 0; i < count; i++)
        growing_text_print(pen->text, "\\x%02x", bytes[i]);
}

/* A line stays one line. What else a file may contain, a terminal would obey. */
static bool is_escaped(const struct pen *pen, uint32_t character, size_t length)
{
    if (character == '\n' || character == '\r')
        return true;
    return pen->style->to_terminal &&
           (length == 0 || (plain_is_control(character) && character != '\t'));
}

static void put_bytes(struct pen *pen, const char *text, size_t left)
{
    const unsigned char *bytes = (const unsigned char *)text;
    for (size_t used; left > 0; bytes += used, left -= used) {
        uint32_t character = 0;
        size_t length = text_decode(bytes, left, &character);
        used = length > 0 ? length : 1;
        if (is_escaped(pen, character, length))
            put_escaped(pen, bytes, used);
        else
            growing_text_add(pen->text, bytes, used);
    }
}

static void put(struct pen *pen, const char *text)
{
    put_bytes(pen, text, strlen(text));
}

static void put_or_dash(struct pen *pen, const char *text)
{
    put(pen, *text != '\0' ? text : "-");
}

static void put_number(struct pen *pen, uint64_t number)
{
    if (number > 0)
        growing_text_print(pen->text, "%" PRIu64, number);
    else
        put(pen, "-");
}

/* ---- Fields ---- */

/* What --since and --until take for local time, too. */
static void put_time(struct pen *pen)
{
    enum { CLOCK_BYTES = sizeof "2026-11-27T23:13:09.123456789" - 1 };
    char text[TIMESTAMP_BYTES];
    enum time_form form = pen->style->time == TIME_NONE ? TIME_LOCAL : pen->style->time;
    size_t bytes = timestamp_print(text, form, pen->line->time_ns, pen->first_ns);
    if (pen->style->time == TIME_NONE && bytes > CLOCK_BYTES) {
        text[10] = ' ';
        text[CLOCK_BYTES] = '\0';
    }
    put(pen, text);
}

static void put_level(struct pen *pen)
{
    put(pen, log_level_text(pen->line->level));
}

static void put_text(struct pen *pen)
{
    put_bytes(pen, pen->line->text, pen->line->text_bytes);
}

static void put_file(struct pen *pen)
{
    put_or_dash(pen, pen->line->file);
}

static void put_line(struct pen *pen)
{
    put_number(pen, pen->line->line);
}

static void put_place(struct pen *pen)
{
    const char *name = pen->line->file;
    for (const char *at = name; *at != '\0'; at++)
        if (*at == '/' || *at == '\\')
            name = at + 1;
    put_or_dash(pen, name);
    if (pen->line->line > 0)
        growing_text_print(pen->text, ":%" PRIu32, pen->line->line);
}

static void put_function(struct pen *pen)
{
    put_or_dash(pen, pen->line->function);
}

static void put_thread(struct pen *pen)
{
    if (*pen->line->thread_name != '\0')
        put(pen, pen->line->thread_name);
    else
        put_number(pen, pen->line->thread);
}

static void put_process(struct pen *pen)
{
    put_number(pen, pen->line->process);
}

static void put_program(struct pen *pen)
{
    put_or_dash(pen, pen->line->program);
}

static void put_origin(struct pen *pen)
{
    put_program(pen);
    growing_text_print(pen->text, "[");
    put_process(pen);
    growing_text_print(pen->text, "] ");
    put_thread(pen);
}

static void put_ring(struct pen *pen)
{
    put(pen, pen->line->ring);
}

static void put_sequence(struct pen *pen)
{
    growing_text_print(pen->text, "%" PRIu64, pen->line->sequence);
}

/* Values that have names, as NAME=VALUE. */
static void put_fields(struct pen *pen)
{
    const char *before = "";
    for (size_t i = 0; i < pen->line->value_count; i++) {
        const struct mapring_log_value *value = &pen->line->values[i];
        char number[LOG_NUMBER_BYTES];
        if (!value->name)
            continue;
        put(pen, before);
        put_bytes(pen, value->name, value->name_bytes);
        put(pen, "=");
        if (value->type == MAPRING_LOG_TEXT)
            put_bytes(pen, value->is.text ? value->is.text : "(null)",
                      value->is.text ? value->bytes : strlen("(null)"));
        else
            put(pen, log_number_text(value, number));
        before = " ";
    }
}

static const char *level_color(uint32_t level)
{
    static const char *const colors[] = {
        [MAPRING_LEVEL_TRACE] = FAINT,        [MAPRING_LEVEL_DEBUG] = "\x1b[36m",
        [MAPRING_LEVEL_INFO] = "\x1b[32m",    [MAPRING_LEVEL_WARN] = "\x1b[33m",
        [MAPRING_LEVEL_ERROR] = "\x1b[1;31m", [MAPRING_LEVEL_FATAL] = "\x1b[1;37;41m",
    };
    bool known = level >= MAPRING_LEVEL_TRACE && level <= MAPRING_LEVEL_FATAL;
    return known ? colors[level] : "";
}

enum look { LOOK_PLAIN, LOOK_FAINT, LOOK_LEVEL };

static const struct field {
    const char *name;
    void (*put)(struct pen *pen);
    enum look look;
} fields[] = {
    {"time", put_time, LOOK_FAINT},         {"level", put_level, LOOK_LEVEL},
    {"text", put_text, LOOK_PLAIN},         {"file", put_file, LOOK_FAINT},
    {"line", put_line, LOOK_FAINT},         {"place", put_place, LOOK_FAINT},
    {"function", put_function, LOOK_PLAIN}, {"thread", put_thread, LOOK_PLAIN},
    {"process", put_process, LOOK_PLAIN},   {"program", put_program, LOOK_PLAIN},
    {"origin", put_origin, LOOK_PLAIN},     {"ring", put_ring, LOOK_PLAIN},
    {"sequence", put_sequence, LOOK_PLAIN}, {"fields", put_fields, LOOK_PLAIN},
};

/* ---- The pattern ---- */

/* A piece of a pattern: a field in at least `width` columns, or, if that is NULL, other text. */
struct piece {
    const struct field *field;
    size_t width;
    bool right; /* blanks come first */
    const char *text;
    size_t bytes;
};

static const struct field *find(const char *name, size_t bytes)
{
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (strlen(fields[i].name) == bytes && memcmp(fields[i].name, name, bytes) == 0)
            return &fields[i];
    return NULL;
}

/* "{level:5}" or "{line:>4}": what is between the braces. */
static bool take_field(struct piece *piece, const char *text, size_t bytes)
{
    const char *colon = memchr(text, ':', bytes), *end = text + bytes;
    piece->field = find(text, colon ? (size_t)(colon - text) : bytes);
    if (!piece->field || !colon)
        return piece->field != NULL;
    const char *at = colon + 1;
    piece->right = at < end && *at == '>';
    at += at < end && (*at == '>' || *at == '<');
    if (at == end || end - at > 3)
        return false;
    for (; at < end && *at >= '0' && *at <= '9'; at++)
        piece->width = 10 * piece->width + (size_t)(*at - '0');
    return at == end;
}

/* Takes the next piece of a pattern that has not ended. False: it is invalid. */
static bool take(const char **pattern, struct piece *piece)
{
    const char *text = *pattern;
    *piece = (struct piece){.text = text};
    if ((text[0] == '{' || text[0] == '}') && text[1] == text[0]) {
        piece->bytes = 1;
        *pattern += 2;
        return true;
    }
    piece->bytes = strcspn(text, "{}");
    *pattern += piece->bytes;
    if (piece->bytes > 0)
        return true;
    const char *end = *text == '{' ? strchr(text, '}') : NULL;
    if (!end)
        return false;
    *pattern = end + 1;
    return take_field(piece, text + 1, (size_t)(end - text - 1));
}

const char *value_log_pattern(const char *text, void *value)
{
    struct piece piece;
    bool valid = *text != '\0';
    *(const char **)value = text;
    while (valid && *text != '\0')
        valid = take(&text, &piece);
    return valid ? NULL
                 : "text with {time}, {level}, {text}, {file}, {line}, {place}, {function}, "
                   "{thread}, {process}, {program}, {origin}, {ring}, {sequence} and {fields}, "
                   "each also with a width as in {level:5} or {line:>4}; {{ and }} for braces";
}

struct log_style log_style_of(const struct log_style *wanted, enum time_form time, const char *path)
{
    struct log_style style = *wanted;
    style.time = time;
    style.has_colors = path ? wanted->color == COLOR_ALWAYS : color_is_wanted(wanted->color);
    style.to_terminal = !path && os_is_terminal(STANDARD_OUTPUT);
    return style;
}

/* ---- Printing ---- */

static size_t columns(const char *text, size_t bytes)
{
    size_t count = 0;
    for (size_t i = 0; i < bytes; i++)
        count += ((unsigned char)text[i] & 0xc0) != 0x80;
    return count;
}

static void pad(struct growing_text *text, size_t count)
{
    while (count-- > 0)
        growing_text_add(text, " ", 1);
}

/* How wide a field is that is not written yet. */
static size_t width_of(const struct pen *pen, const struct field *field)
{
    static struct growing_text probe;
    struct pen other = *pen;
    probe.bytes = 0;
    other.text = &probe;
    field->put(&other);
    return columns(probe.text, probe.bytes);
}

static const char *color_of(const struct pen *pen, enum look look)
{
    if (!pen->style->has_colors || look == LOOK_PLAIN)
        return "";
    return look == LOOK_FAINT ? FAINT : level_color(pen->line->level);
}

static void put_field(struct pen *pen, const struct piece *piece)
{
    const char *color = color_of(pen, piece->field->look);
    size_t width = piece->width > 0 ? width_of(pen, piece->field) : 0;
    size_t blanks = width < piece->width ? piece->width - width : 0;
    pad(pen->text, piece->right ? blanks : 0);
    growing_text_add(pen->text, color, strlen(color));
    piece->field->put(pen);
    if (*color != '\0')
        growing_text_add(pen->text, COLOR_END, strlen(COLOR_END));
    pad(pen->text, piece->right ? 0 : blanks);
}

void log_pattern_print(struct growing_text *text, const struct log_style *style,
                       const struct mapring_log_line *line, uint64_t first_ns)
{
    struct pen pen = {text, style, line, first_ns};
    const char *pattern = style->pattern ? style->pattern : LOG_PATTERN;
    struct piece piece;
    while (*pattern != '\0' && take(&pattern, &piece)) {
        if (piece.field)
            put_field(&pen, &piece);
        else
            growing_text_add(text, piece.text, piece.bytes);
    }
}
