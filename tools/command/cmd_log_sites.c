/* SPDX-License-Identifier: MIT */
/* mapring log sites: lists the places in programs that write to a log. */
#include <inttypes.h>
#include <stdio.h>

#include "commands.h"
#include "log_kind.h"
#include "log_level.h"
#include "log_rings.h"
#include "log_sites.h"
#include "ring_options.h"
#include "shared/json.h"
#include "shared/message.h"
#include "shared/os.h"
#include "shared/plain.h"

static struct {
    enum mapring_scope scope;
    bool json, count;
} settings;

static const struct option_row options[] = {
    {"count", NULL, NULL, &settings.count, "also count the lines of each that the rings hold now"},
    OPTION_SCOPE(&settings.scope),
    OPTION_JSON(&settings.json),
    {NULL, NULL, NULL, NULL, NULL},
};

static struct log_sites sites;

static struct log_site *add(uint32_t level, uint32_t line, const char *file, const char *function,
                            const char *format)
{
    const struct log_site wanted = {.level = level,
                                    .line = line,
                                    .file = (char *)file,
                                    .function = (char *)function,
                                    .format = (char *)format};
    struct log_site *site = log_sites_add(&sites, &wanted);
    if (!site)
        complain("not enough memory for the list of sites");
    return site;
}

/* ---- Reading ---- */

static int list_ring(mapring_log_decoder *decoder)
{
    struct mapring_log_site site;
    int result, status = EXIT_DONE;
    while ((result = mapring_log_next_site(decoder, &site)) == MAPRING_OK)
        if (!add(site.level, site.line, site.file, site.function, site.format))
            return EXIT_FAILED;
    if (result < 0)
        status = ring_failure();
    return status;
}

/* A line may have its site in itself, so that it is not in the dictionary. */
static bool count_line(mapring_log_decoder *decoder, const struct mapring_record *record)
{
    struct mapring_log_line line;
    if (mapring_log_decode(decoder, record, &line) != MAPRING_OK)
        return true;
    struct log_site *site = add(line.level, line.line, line.file, line.function, line.format);
    if (site)
        site->lines++;
    return site != NULL;
}

static int count_ring(mapring_log_decoder *decoder, const char *name)
{
    mapring_image *image;
    struct mapring_record record;
    int result = mapring_image_open(&image, name, settings.scope);
    bool counted = true;
    while (result == MAPRING_OK || result == MAPRING_LOST) {
        result =
            counted && os_interrupted() == 0 ? mapring_image_next(image, &record) : MAPRING_NOTHING;
        if (result == MAPRING_OK)
            counted = count_line(decoder, &record);
    }
    int status = result < 0 ? ring_failure() : EXIT_DONE;
    mapring_image_close(image);
    return counted ? status : EXIT_FAILED;
}

static int read_ring(const char *name)
{
    mapring_log_decoder *decoder;
    int result = mapring_log_decoder_open(&decoder, name, settings.scope);
    if (result != MAPRING_OK)
        return log_failure(result, name, settings.scope);
    int status = list_ring(decoder);
    if (settings.count && os_interrupted() == 0) {
        int counted = count_ring(decoder, name);
        status = status == EXIT_DONE ? counted : status;
    }
    mapring_log_decoder_close(decoder);
    return status;
}

/* A ring may be removed meanwhile; the others are read all the same. */
static int read_rings(const char *name)
{
    struct names rings = {0};
    struct log_lines lines = {.scope = settings.scope};
    int status = read_ring(name);
    log_rings_find(&rings, &lines, name);
    for (size_t i = 0; i < rings.count && os_interrupted() == 0; i++) {
        int each = read_ring(rings.name[i]);
        status = status == EXIT_DONE ? each : status;
    }
    names_free(&rings);
    return log_lines_end(&lines, status);
}

/* ---- Writing ---- */

static void print_line(const struct log_site *site)
{
    char place[24];
    if (settings.count)
        printf("%10" PRIu64 "  ", site->lines);
    printf("%-5s  ", log_level_text(site->level));
    plain_print(stdout, site->file);
    snprintf(place, sizeof place, ":%" PRIu32, site->line);
    printf("%s  ", place);
    plain_print(stdout, site->function);
    printf("  ");
    plain_print(stdout, site->format);
    putchar('\n');
}

static void print_json(const struct log_site *site)
{
    json_object_begin(NULL, JSON_ON_ONE_LINE);
    json_text("level", log_level_text(site->level));
    json_text("file", site->file);
    json_number("line", site->line);
    json_text("function", site->function);
    json_text("format", site->format);
    if (settings.count)
        json_number("lines", site->lines);
    json_end();
}

static int run(int count, char **arguments)
{
    (void)count;
    int status = read_rings(arguments[0]);
    for (size_t i = 0; i < sites.count; i++)
        (settings.json ? print_json : print_line)(&sites.site[i]);
    log_sites_free(&sites);
    return status == EXIT_DONE ? os_interrupted() : status;
}

const struct command command_log_sites = {
    .name = "sites",
    .full_name = "mapring log sites",
    .arguments = "NAME|FILE [OPTION...]",
    .summary = "list the places in programs that write to a log",
    .help = "Writes the level, file, line, function and format of each call that has written to "
            "the log NAME, sorted by file and line: what the dictionaries of all its rings say, "
            "also of programs that have ended. Reads what 'mapring dump' reads, and modifies "
            "nothing.",
    .options = options,
    .example = "mapring log sites app --count",
    .end = "Exit status: 0 done; 1 failed, the ring is not a log, or it is damaged; 2 wrong usage; "
           "128+N ended by signal N.",
    .least = 1,
    .most = 1,
    .run = run,
};
