/* SPDX-License-Identifier: MIT */
#include "ring/feature.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "layout.h"
#include "platform.h"

static bool on_every_system(void)
{
    return true;
}

/* All features that this version knows. */
static const struct feature {
    enum feature_set set;
    uint32_t bit;
    const char *name;
    bool (*is_supported)(void); /* by this system */
} features[] = {
    {FEATURES_REQUIRED, FEATURE_TIMES, "times", on_every_system},
    {FEATURES_REQUIRED, FEATURE_ORIGIN, "origin", on_every_system},
    {FEATURES_READ_ONLY, FEATURE_COMPANION, "companion", platform_supports_companions},
};
enum { FEATURE_COUNT = sizeof features / sizeof features[0] };

uint32_t features_missing(enum feature_set set, uint32_t bits)
{
    for (int i = 0; i < FEATURE_COUNT; i++)
        /* not covered: Linux supports all features */
        if (features[i].set == set && features[i].is_supported())
            bits &= ~features[i].bit;
    return bits;
}

static void append(char text[FEATURES_TEXT_BYTES], const char *name)
{
    size_t length = strlen(text);
    snprintf(text + length, FEATURES_TEXT_BYTES - length, "%s%s", length ? ", " : "", name);
}

void features_describe(enum feature_set set, uint32_t bits, char text[FEATURES_TEXT_BYTES])
{
    char number[16];
    text[0] = '\0';
    for (int i = 0; i < FEATURE_COUNT; i++) {
        if (features[i].set != set || !(features[i].bit & bits))
            continue;
        append(text, features[i].name);
        bits &= ~features[i].bit;
    }
    snprintf(number, sizeof number, "0x%" PRIx32, bits);
    if (bits)
        append(text, number);
}
