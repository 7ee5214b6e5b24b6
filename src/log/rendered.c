/* SPDX-License-Identifier: MIT */
/* The C library writes numbers, by a conversion that is made here, of nothing but flags and numbers
 * that were checked, and of a type that was packed. */
#include "log/rendered.h"

#include <inttypes.h>
#include <string.h>

/* Which flags a verb can have: with others, the C library does what it likes. */
static const char *flags_of(int verb)
{
    if (strchr("di", verb))
        return "-+ 0";
    if (verb == 'u')
        return "-0";
    if (strchr("oxX", verb))
        return "-#0";
    return strchr("aAeEfFgG", verb) ? "-+ #0" : "-";
}

/* `length` and `verb` are those of the value that follows. */
static void put_number(struct text *text, const struct conversion *conversion, const char *length,
                       int verb, ...)
{
    char made[32] = "%";
    size_t bytes = 1;
    va_list value;
    for (const char *flag = conversion->flags; *flag; flag++)
        if (strchr(flags_of(verb), *flag))
            made[bytes++] = *flag;
    if (conversion->width > 0)
        bytes += (size_t)snprintf(made + bytes, sizeof made - bytes, "%d", conversion->width);
    if (conversion->precision >= 0 && verb != 'c')
        bytes += (size_t)snprintf(made + bytes, sizeof made - bytes, ".%d", conversion->precision);
    snprintf(made + bytes, sizeof made - bytes, "%s%c", length, verb);
    va_start(value, verb);
    text_vprintf(text, made, value);
    va_end(value);
}

static void put_padded(struct text *text, const struct conversion *conversion, const char *from,
                       size_t bytes)
{
    size_t width = conversion->width > 0 ? (size_t)conversion->width : 0;
    size_t padding = width > bytes ? width - bytes : 0;
    bool left = strchr(conversion->flags, '-') != NULL;
    if (!left)
        text_pad(text, padding);
    text_put(text, from, bytes);
    if (left)
        text_pad(text, padding);
}

/* ---- Strings and pointers ---- */

#define NULL_TEXT "(null)"
#define CUT_TEXT  "..."

static void put_plain_text(struct text *text, const struct mapring_log_value *value)
{
    if (value->is.text)
        text_put(text, value->is.text, value->bytes);
    else
        text_put(text, NULL_TEXT, strlen(NULL_TEXT));
    if (value->cut)
        text_put(text, CUT_TEXT, strlen(CUT_TEXT));
}

/* A null pointer is written whole, or not at all. */
static void put_text(struct text *text, const struct conversion *conversion,
                     const struct mapring_log_value *value)
{
    const char *from = value->is.text ? value->is.text : NULL_TEXT;
    size_t bytes = value->is.text ? value->bytes : strlen(NULL_TEXT);
    if (conversion->precision >= 0 && bytes > (size_t)conversion->precision)
        bytes = value->is.text ? (size_t)conversion->precision : 0;
    put_padded(text, conversion, from, bytes);
    if (value->cut && bytes == value->bytes)
        text_put(text, CUT_TEXT, strlen(CUT_TEXT));
}

/* As the C library of Linux does. */
static void put_pointer(struct text *text, const struct conversion *conversion, uint64_t pointer)
{
    char digits[24] = "(nil)";
    if (pointer)
        snprintf(digits, sizeof digits, "0x%" PRIx64, pointer);
    put_padded(text, conversion, digits, strlen(digits));
}

/* ---- Numbers ---- */

static bool fits_integer(enum conversion_length length, unsigned char type)
{
    bool is_small = type == MAPRING1_INT32 || type == MAPRING1_UINT32;
    bool is_large = type == MAPRING1_INT64 || type == MAPRING1_UINT64;
    if (length == LENGTH_LONG)
        return is_small || is_large;
    return length >= LENGTH_LONG_LONG ? is_large : is_small;
}

static long long as_signed(uint64_t bits, enum conversion_length length, bool is_small)
{
    if (length == LENGTH_CHAR)
        return (int8_t)bits;
    if (length == LENGTH_SHORT)
        return (int16_t)bits;
    return is_small ? (int32_t)bits : (int64_t)bits;
}

static unsigned long long as_unsigned(uint64_t bits, enum conversion_length length, bool is_small)
{
    if (length == LENGTH_CHAR)
        return (uint8_t)bits;
    if (length == LENGTH_SHORT)
        return (uint16_t)bits;
    return is_small ? (uint32_t)bits : bits;
}

static bool put_integer(struct text *text, const struct conversion *conversion,
                        const struct values *values, size_t i)
{
    unsigned char type = values->types[i];
    uint64_t bits = values->value[i].is.natural;
    bool is_small = type == MAPRING1_INT32 || type == MAPRING1_UINT32;
    if (!fits_integer(conversion->length, type))
        return false;
    if (strchr("di", conversion->verb))
        put_number(text, conversion, "ll", conversion->verb,
                   as_signed(bits, conversion->length, is_small));
    else
        put_number(text, conversion, "ll", conversion->verb,
                   as_unsigned(bits, conversion->length, is_small));
    return true;
}

static bool put_real(struct text *text, const struct conversion *conversion,
                     const struct values *values, size_t i)
{
    bool is_long = conversion->length == LENGTH_LONG_DOUBLE;
    if (conversion->length != LENGTH_NONE && conversion->length != LENGTH_LONG && !is_long)
        return false;
    if (values->types[i] != (is_long ? MAPRING1_LONG_DOUBLE : MAPRING1_DOUBLE))
        return false;
    if (is_long)
        put_number(text, conversion, "L", conversion->verb, values->long_double[i]);
    else
        put_number(text, conversion, "", conversion->verb, values->value[i].is.real);
    return true;
}

/* Returns whether the value fits. */
static bool put(struct text *text, const struct conversion *conversion, const struct values *values,
                size_t i)
{
    const struct mapring_log_value *value = &values->value[i];
    const char verb = conversion->verb;
    bool is_plain = conversion->length == LENGTH_NONE;
    if (strchr("diouxX", verb))
        return put_integer(text, conversion, values, i);
    if (strchr("aAeEfFgG", verb))
        return put_real(text, conversion, values, i);
    if (verb == 'c' && is_plain && fits_integer(LENGTH_NONE, values->types[i]))
        put_number(text, conversion, "", verb, (int)value->is.natural);
    else if (verb == 's' && is_plain && value->type == MAPRING_LOG_TEXT)
        put_text(text, conversion, value);
    else if (verb == 'p' && is_plain && value->type == MAPRING_LOG_POINTER)
        put_pointer(text, conversion, value->is.natural);
    else
        return false;
    return true;
}

void render(struct text *text, const struct conversion *conversion, const struct values *values,
            size_t i)
{
    if (put(text, conversion, values, i))
        return;
    text_printf(text, "%%!%c(", conversion->verb);
    render_plain(text, values, i);
    text_put(text, ")", 1);
}

void render_plain(struct text *text, const struct values *values, size_t i)
{
    const struct mapring_log_value *value = &values->value[i];
    if (value->type == MAPRING_LOG_INTEGER)
        text_printf(text, "%" PRId64, value->is.integer);
    else if (value->type == MAPRING_LOG_NATURAL)
        text_printf(text, "%" PRIu64, value->is.natural);
    else if (values->types[i] == MAPRING1_LONG_DOUBLE)
        text_printf(text, "%Lg", values->long_double[i]);
    else if (value->type == MAPRING_LOG_REAL)
        text_printf(text, "%g", value->is.real);
    else if (value->type == MAPRING_LOG_POINTER)
        text_printf(text, "0x%" PRIx64, value->is.natural);
    else
        put_plain_text(text, value);
}
