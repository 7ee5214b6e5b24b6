/* SPDX-License-Identifier: MIT */
/* The results as one self-contained page: charts, then tables. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "page.h"
#include "page_style.h"

static void write_text(FILE *file, const char *text)
{
    for (; *text != '\0'; text++) {
        if (*text == '<')
            fputs("&lt;", file);
        else if (*text == '&')
            fputs("&amp;", file);
        else
            fputc(*text, file);
    }
}

static void write_series_style(FILE *file)
{
    for (unsigned i = 0; i < COLORS; i++)
        fprintf(file, ".s%u{color:var(--s%u)}", i, i);
    for (unsigned i = COLORS; i < SERIES; i++)
        fprintf(file,
                ".s%u{color:var(--s%u)}.s%u .line{stroke-dasharray:5 3}"
                ".s%u::before{background:linear-gradient(90deg,currentColor 40%%,transparent 40%%,"
                "transparent 60%%,currentColor 60%%)}",
                i, i - HUES, i, i);
}

static void write_glossary(FILE *file, const struct bench_cases *cases)
{
    fputs("<h3>References, measured in turns with the rest</h3>\n<dl>\n", file);
    for (unsigned t = 0; cases->transports[t] != NULL; t++)
        if (cases->transports[t]->what)
            fprintf(file, "<dt>%s<dd>%s\n", cases->transports[t]->title,
                    cases->transports[t]->what);
    fputs("</dl>\n<h3>Words</h3>\n<dl>\n", file);
    for (size_t i = 0; i < bench_words_count; i++)
        fprintf(file, "<dt>%s<dd>%s\n", bench_words[i].word, bench_words[i].meaning);
    fputs("<dt>k, M, G<dd>thousand, million, billion\n</dl>\n", file);
}

static void begin(FILE *file, const struct bench_cases *cases, const struct machine *machine)
{
    fputs("<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\">\n"
          "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n"
          "<title>mapring: measurements</title>\n<style>\n",
          file);
    fputs(page_style, file);
    write_series_style(file);
    fputs("\n</style>\n<h1>mapring: measurements</h1>\n<p>", file);
    write_text(file, machine->processor);
    fprintf(file, ", %u CPUs, ", cases->cpus);
    write_text(file, machine->system);
    fprintf(file,
            ". Two processes bound to two CPUs; %u rounds of short slices in which all take turns. "
            "Medians of the slices; percentiles of all slices together. %zu slices were discarded "
            "because the CPUs had moved.</p>\n",
            cases->rounds, cases->discarded);
    write_glossary(file, cases);
}

static bool is_shown(const struct bench_cases *cases, unsigned transport, enum placement p)
{
    for (size_t i = 0; i < cases->count; i++)
        if (cases->list[i].transport == transport && cases->list[i].placed[p].count > 0)
            return true;
    return false;
}

static void write_legend(const struct page *page)
{
    fputs("<ul>", page->file);
    for (unsigned t = 0; page->cases->transports[t] != NULL; t++)
        if (is_shown(page->cases, t, page->placement))
            fprintf(page->file, "<li class=\"s%u\"><span>%s</span></li>", page_series(t),
                    page->cases->transports[t]->title);
    fputs("</ul>\n", page->file);
}

static void write_placement(const struct page *page)
{
    const struct bench_cases *cases = page->cases;
    enum placement p = page->placement;
    fprintf(page->file, "<h2>%s: %s</h2>\n<p>The probe takes %.0f ns one way. %zu slices.</p>\n",
            placement_names[p], placement_meanings[p], cases->probe_sum[p] / (double)cases->kept[p],
            cases->kept[p]);
    fputs("<div>\n", page->file);
    write_legend(page);
    fputs("<div class=\"charts\">\n", page->file);
    page_throughput_chart(page);
    page_percentile_charts(page, CASE_ROUND_TRIP, "Half round trip");
    page_percentile_charts(page, CASE_SLEEPY, "Half round trip, other side asleep");
    page_percentile_charts(page, CASE_SEND, "Cost of one send");
    page_percentile_charts(page, CASE_WAKE, "Waking a sleeping reader");
    fputs("</div>\n</div>\n", page->file);
    page_spread_tables(page);
    page_times_tables(page);
}

bool report_html(const struct bench_cases *cases, const struct machine *machine, const char *path)
{
    FILE *file = fopen(path, "wb");
    if (!file)
        return false;
    begin(file, cases, machine);
    enum placement order[PLACEMENT_COUNT];
    unsigned count = placements_seen(cases, order);
    for (unsigned i = 0; i < count; i++)
        write_placement(&(struct page){file, cases, order[i]});
    bool written = ferror(file) == 0;
    return fclose(file) == 0 && written;
}
