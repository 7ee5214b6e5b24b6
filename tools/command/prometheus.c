/* SPDX-License-Identifier: MIT */
/* Writes metrics in the text format of Prometheus. */
#include "prometheus.h"

#include <inttypes.h>
#include <string.h>

#include "shared/plain.h"
#include "shared/text.h"

void prometheus_family(struct prometheus *page, const char *name, enum prometheus_type type,
                       const char *help)
{
    page->family = name;
    page->type = type;
    page->help = help;
    page->has_samples = false;
}

void prometheus_sample(struct prometheus *page, const char *suffix)
{
    static const char *const types[] = {"gauge", "counter", "histogram"};
    if (!page->has_samples)
        growing_text_print(&page->text, "# HELP %s %s\n# TYPE %s %s\n", page->family, page->help,
                           page->family, types[page->type]);
    growing_text_print(&page->text, "%s%s", page->family, suffix);
    page->has_samples = true;
    page->labels = 0;
}

static void escape(struct growing_text *text, const unsigned char *bytes, size_t length)
{
    uint32_t character = 0;
    if (*bytes == '\n')
        growing_text_print(text, "\\n");
    else if (*bytes == '"' || *bytes == '\\')
        growing_text_print(text, "\\%c", *bytes);
    else if (text_decode(bytes, length, &character) == 0 || plain_is_control(character))
        for (size_t i = 0; i < length; i++)
            growing_text_print(text, "\\\\x%02x", bytes[i]);
    else
        growing_text_add(text, bytes, length);
}

void prometheus_label(struct prometheus *page, const char *key, const char *value)
{
    const unsigned char *bytes = (const unsigned char *)value;
    growing_text_print(&page->text, "%s%s=\"", page->labels++ == 0 ? "{" : ",", key);
    for (size_t left = strlen(value); left > 0;) {
        uint32_t character = 0;
        size_t length = text_decode(bytes, left, &character);
        length = length > 0 ? length : 1;
        escape(&page->text, bytes, length);
        bytes += length;
        left -= length;
    }
    growing_text_print(&page->text, "\"");
}

static void end_labels(struct prometheus *page)
{
    growing_text_print(&page->text, page->labels > 0 ? "} " : " ");
}

void prometheus_number(struct prometheus *page, uint64_t value)
{
    end_labels(page);
    growing_text_print(&page->text, "%" PRIu64 "\n", value);
}

void prometheus_real(struct prometheus *page, double value)
{
    end_labels(page);
    growing_text_print(&page->text, "%.9f\n", value);
}

void prometheus_seconds(struct prometheus *page, uint64_t ns)
{
    end_labels(page);
    growing_text_print(&page->text, "%" PRIu64 ".%09u\n", ns / 1000000000,
                       (unsigned)(ns % 1000000000));
}
