/* SPDX-License-Identifier: MIT */
#include "log/format.h"

#include <string.h>

#include "log/conversion.h"
#include "log/rendered.h"

/* What has been done of a line. */
struct progress {
    struct text *text;
    struct values *values;
    const char *format;
    size_t next; /* the value to come */
};

static bool is_in_name(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           strchr("_.-", c);
}

/* Of name=%d; `percent` points to the %. */
static void give_name(struct mapring_log_value *value, const char *format, const char *percent)
{
    if (percent == format || percent[-1] != '=')
        return;
    const char *end = percent - 1, *begin = end;
    while (begin > format && is_in_name(begin[-1]))
        begin--;
    value->name = begin < end ? begin : NULL;
    value->name_bytes = (size_t)(end - begin);
}

static void put_missing(struct text *text, char verb)
{
    text_printf(text, "%%!%c(MISSING)", verb);
}

/* Takes the value of a *. */
static int take_number(struct progress *line)
{
    const struct values *values = line->values;
    size_t i = line->next;
    if (i >= values->count) {
        put_missing(line->text, '*');
        return NUMBER_NONE;
    }
    line->next++;
    int64_t number = values->value[i].is.integer;
    if (values->types[i] == MAPRING1_INT32)
        return (int)(number > NUMBER_MOST ? NUMBER_MOST : number < -NUMBER_MOST ? -NUMBER_MOST : number);
    text_put(line->text, "%!*(", 4);
    render_plain(line->text, values, i);
    text_put(line->text, ")", 1);
    return NUMBER_NONE;
}

/* A negative width is a flag and a width, a negative precision is none. */
static void take_numbers(struct progress *line, struct conversion *conversion)
{
    if (conversion->width == NUMBER_STAR) {
        conversion->width = take_number(line);
        if (conversion->width < NUMBER_NONE && !strchr(conversion->flags, '-'))
            conversion->flags[strlen(conversion->flags)] = '-';
        if (conversion->width < NUMBER_NONE)
            conversion->width = -conversion->width;
    }
    if (conversion->precision == NUMBER_STAR)
        conversion->precision = take_number(line);
}

static void convert(struct progress *line, struct conversion *conversion, const char *percent)
{
    struct values *values = line->values;
    take_numbers(line, conversion);
    size_t i = line->next;
    bool takes = conversion_takes_value(conversion);
    line->next += takes && i < values->count;
    if (conversion->verb == '%')
        text_put(line->text, "%", 1);
    else if (!conversion->verb)
        text_put(line->text, "%!", 2);
    else if (!takes || conversion->verb == 'n')
        text_printf(line->text, "%%!%c", conversion->verb);
    else if (i >= values->count)
        put_missing(line->text, conversion->verb);
    else
        render(line->text, conversion, values, i);
    if (takes && i < values->count)
        give_name(&values->value[i], line->format, percent);
}

static void put_rest(struct progress *line)
{
    for (; line->next < line->values->count; line->next++) {
        text_put(line->text, "%!(EXTRA ", 9);
        render_plain(line->text, line->values, line->next);
        text_put(line->text, ")", 1);
    }
}

void format_line(struct text *text, const char *format, struct values *values)
{
    struct progress line = {text, values, format, 0};
    struct conversion conversion;
    const char *at = format, *percent;
    while ((percent = strchr(at, '%')) != NULL) {
        text_put(text, at, (size_t)(percent - at));
        at = conversion_read(percent + 1, &conversion);
        convert(&line, &conversion, percent);
    }
    text_put(text, at, strlen(at));
    put_rest(&line);
}
