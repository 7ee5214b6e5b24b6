/* SPDX-License-Identifier: MIT */
/*
 * A value is written by a conversion that fits it, as the C library writes it; or all kinds of
 * values are, by a hostile format.
 *
 *     byte 0      which of both, and how the value is chosen
 *     others      the conversion and the value; or the format
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "log/conversion.h"
#include "log/format.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes);

enum { TEXT_MOST = 200, LINE_MOST = 20000 };

static void must(bool condition)
{
    if (!condition)
        abort();
}

struct input {
    const uint8_t *at;
    size_t bytes;
};

static uint64_t take(struct input *input, size_t bytes)
{
    uint64_t number = 0;
    for (size_t i = 0; i < bytes && input->bytes > 0; i++, input->bytes--)
        number |= (uint64_t)*input->at++ << 8 * i;
    return number;
}

static const char *rest_as_text(struct input *input)
{
    static char text[TEXT_MOST];
    size_t bytes = input->bytes < sizeof text - 1 ? input->bytes : sizeof text - 1;
    memcpy(text, input->at, bytes);
    text[bytes] = '\0';
    return text;
}

/* ---- A value that fits ---- */

/* Verbs that take the same flags, and a value of the same type. */
static const struct kind {
    const char *verbs, *flags, *lengths[6];
    unsigned char types[2]; /* without a length, or with a short one; with a longer one */
} kinds[] = {
    {"di", "-+ 0", {"", "hh", "h", "l", "ll", "j"}, {MAPRING1_INT32, MAPRING1_INT64}},
    {"u", "-0", {"", "hh", "h", "l", "ll", "z"}, {MAPRING1_UINT32, MAPRING1_UINT64}},
    {"oxX", "-#0", {"", "hh", "h", "l", "ll", "j"}, {MAPRING1_UINT32, MAPRING1_UINT64}},
    {"aAeEfFgG", "-+ #0", {"", "", "", "l", "L", "L"}, {MAPRING1_DOUBLE, MAPRING1_LONG_DOUBLE}},
    {"c", "-", {"", "", "", "", "", ""}, {MAPRING1_INT32, 0}},
    {"s", "-", {"", "", "", "", "", ""}, {MAPRING1_TEXT, 0}},
    {"p", "-", {"", "", "", "", "", ""}, {MAPRING1_POINTER, 0}},
};

struct chosen {
    char format[40];
    unsigned char type;
    bool is_char;
};

static struct chosen choose(struct input *input)
{
    struct chosen chosen = {.format = "x=%"};
    const struct kind *kind = &kinds[take(input, 1) % (sizeof kinds / sizeof *kinds)];
    unsigned flags = (unsigned)take(input, 1), length = (unsigned)take(input, 1) % 6;
    uint64_t width = take(input, 1), precision = take(input, 2);
    char *to = chosen.format + strlen(chosen.format);
    for (size_t i = 0; kind->flags[i]; i++)
        if (flags & 1u << i)
            *to++ = kind->flags[i];
    if (width)
        to += sprintf(to, "%u", (unsigned)width);
    if (!strchr("cp", *kind->verbs) && precision % 4 == 1)
        to += sprintf(to, ".%u", (unsigned)(precision / 4 % NUMBER_MOST));
    char verb = kind->verbs[take(input, 1) % strlen(kind->verbs)];
    sprintf(to, "%s%c|", kind->lengths[length], verb);
    bool is_long = kind->types[1] && (*kind->lengths[length] == 'L' ||
                                      (kind->types[0] != MAPRING1_DOUBLE && length > 2));
    chosen.type = kind->types[is_long];
    chosen.is_char = verb == 'c';
    return chosen;
}

static void set_value(struct values *values, size_t i, unsigned char type, uint64_t bits,
                      const char *text)
{
    struct mapring_log_value *value = &values->value[i];
    *value = (struct mapring_log_value){.type = values_type(type), .is.natural = bits};
    if (type == MAPRING1_INT32)
        value->is.integer = (int32_t)bits;
    if (type == MAPRING1_UINT32)
        value->is.natural = (uint32_t)bits;
    if (type == MAPRING1_TEXT) {
        value->is.text = text;
        value->bytes = strlen(text);
    }
    values->long_double[i] = 0;
    if (type == MAPRING1_LONG_DOUBLE) {
        values->long_double[i] = (long double)(int64_t)bits / ((bits & 0xff) + 1);
        value->is.real = (double)values->long_double[i];
    }
}

static int expected(char *line, const struct chosen *chosen, const struct values *values)
{
    const struct mapring_log_value *value = values->value;
    const char *format = chosen->format;
    switch (chosen->type) {
    case MAPRING1_INT32:
    case MAPRING1_UINT32: return snprintf(line, LINE_MOST, format, (int)value->is.integer);
    case MAPRING1_DOUBLE: return snprintf(line, LINE_MOST, format, value->is.real);
    case MAPRING1_LONG_DOUBLE: return snprintf(line, LINE_MOST, format, values->long_double[0]);
    case MAPRING1_TEXT: return snprintf(line, LINE_MOST, format, value->is.text);
    case MAPRING1_POINTER:
        return snprintf(line, LINE_MOST, format, (void *)(uintptr_t)value->is.natural);
    default: return snprintf(line, LINE_MOST, format, (long long)value->is.integer);
    }
}

static void write_one(struct text *text, struct values *values, struct input *input)
{
    static char line[LINE_MOST];
    const struct chosen chosen = choose(input);
    values->types = &chosen.type;
    values->count = 1;
    uint64_t bits = take(input, 8);
    set_value(values, 0, chosen.type, bits, rest_as_text(input));
    format_line(text, chosen.format, values);
    int bytes = expected(line, &chosen, values);
    must(bytes > 0 && bytes < LINE_MOST);
    must(text->bytes == (size_t)bytes && memcmp(text->space.at, line, text->bytes + 1) == 0);
    must(values->value->name_bytes == 1);
}

/* ---- Any format ---- */

static void write_many(struct text *text, struct values *values, struct input *input)
{
    static unsigned char types[8];
    uint64_t bits = take(input, 8), which = take(input, 3);
    const char *format = rest_as_text(input);
    for (size_t i = 0; i < sizeof types; i++) {
        types[i] = (unsigned char)(MAPRING1_INT32 + (which >> 3 * i & 7));
        set_value(values, i, types[i], bits, "some text");
    }
    values->types = types;
    values->count = bits % (sizeof types + 1);
    format_line(text, format, values);
    must(text->space.at[text->bytes] == '\0');
    must(text->bytes <= LINE_MOST + values->count * 2 * (NUMBER_MOST + 5000));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
    static struct values values;
    static struct text text;
    struct input input = {data, bytes};
    text.bytes = 0;
    if (take(&input, 1) & 1)
        write_many(&text, &values, &input);
    else
        write_one(&text, &values, &input);
    must(!text.failed);
    return 0;
}
