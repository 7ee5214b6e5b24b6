/* SPDX-License-Identifier: MIT */
/* What mapring doctor has found. */
#include "diagnosis.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "printable.h"
#include "shared/json.h"
#include "shared/options.h"

static const char *const levels[] = {"note", "warning", "error"};

static bool is_made(const struct diagnosis *diagnosis, const char *check)
{
    for (size_t i = 0; i < diagnosis->checks; i++)
        if (strcmp(diagnosis->check[i].name, check) == 0)
            return true;
    return false;
}

void diagnosis_check(struct diagnosis *diagnosis, const struct check *check, const char *ring)
{
    if (!is_made(diagnosis, check->name) && diagnosis->checks < CHECKS_LIMIT)
        diagnosis->check[diagnosis->checks++] = *check;
    diagnosis->current_check = check->name;
    diagnosis->current_ring = ring;
}

void found(struct diagnosis *diagnosis, enum level level, const char *format, ...)
{
    va_list values;
    struct finding *larger =
        realloc(diagnosis->finding, (diagnosis->count + 1) * sizeof *diagnosis->finding);
    if (!larger) {
        diagnosis->no_memory = true;
        return;
    }
    diagnosis->finding = larger;
    struct finding *finding = &larger[diagnosis->count++];
    *finding = (struct finding){
        .check = diagnosis->current_check, .ring = diagnosis->current_ring, .level = level};
    va_start(values, format);
    vsnprintf(finding->text, sizeof finding->text, format, values);
    va_end(values);
    make_printable(finding->text);
}

void advise(struct diagnosis *diagnosis, const char *format, ...)
{
    va_list values;
    if (diagnosis->no_memory)
        return;
    struct finding *finding = &diagnosis->finding[diagnosis->count - 1];
    va_start(values, format);
    vsnprintf(finding->advice, sizeof finding->advice, format, values);
    va_end(values);
    make_printable(finding->advice);
}

enum level diagnosis_level(const struct diagnosis *diagnosis)
{
    enum level worst = LEVEL_NOTE;
    for (size_t i = 0; i < diagnosis->count; i++)
        if (diagnosis->finding[i].level > worst)
            worst = diagnosis->finding[i].level;
    return worst;
}

static void print(const struct finding *finding)
{
    char paragraph[2 * FINDING_BYTES + 32];
    snprintf(paragraph, sizeof paragraph, "%s: %s. %s.", levels[finding->level], finding->text,
             finding->advice);
    print_wrapped(paragraph, 0, 0);
}

static bool has_finding(const struct diagnosis *diagnosis, const char *check)
{
    for (size_t i = 0; i < diagnosis->count; i++)
        if (strcmp(diagnosis->finding[i].check, check) == 0)
            return true;
    return false;
}

static void print_checks(const struct diagnosis *diagnosis)
{
    if (diagnosis->count > 0)
        putchar('\n');
    puts("Checked, and nothing found:");
    for (size_t i = 0; i < diagnosis->checks; i++)
        if (!has_finding(diagnosis, diagnosis->check[i].name))
            printf("  %-14s %s\n", diagnosis->check[i].name, diagnosis->check[i].what);
}

void diagnosis_print(const struct diagnosis *diagnosis, bool verbose)
{
    bool all_is_well = diagnosis_level(diagnosis) == LEVEL_NOTE;
    bool first = true;
    for (int level = LEVEL_ERROR; level >= LEVEL_NOTE; level--)
        for (size_t i = 0; i < diagnosis->count; i++) {
            const struct finding *finding = &diagnosis->finding[i];
            if ((int)finding->level != level || (all_is_well && !verbose))
                continue;
            if (!first)
                putchar('\n');
            print(finding);
            first = false;
        }
    if (verbose)
        print_checks(diagnosis);
}

static void finding_json(const struct finding *finding)
{
    json_object_begin(NULL, JSON_IN_LINES);
    json_text("check", finding->check);
    json_text("level", levels[finding->level]);
    if (finding->ring)
        json_text("ring", finding->ring);
    else
        json_null("ring");
    json_text("text", finding->text);
    json_text("advice", finding->advice);
    json_end();
}

void diagnosis_json(const struct diagnosis *diagnosis)
{
    json_array_begin(NULL, JSON_IN_LINES);
    for (size_t i = 0; i < diagnosis->count; i++)
        finding_json(&diagnosis->finding[i]);
    json_end();
}

void diagnosis_free(struct diagnosis *diagnosis)
{
    free(diagnosis->finding);
}
