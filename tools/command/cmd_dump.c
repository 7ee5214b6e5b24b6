/* SPDX-License-Identifier: MIT */
/* mapring dump: writes the records that a ring holds to standard output, without attaching to
 * it. */
#include <inttypes.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "commands.h"
#include "ctf.h"
#include "dump_several.h"
#include "file_name.h"
#include "filter.h"
#include "last.h"
#include "log_level.h"
#include "log_rings.h"
#include "mapring/mapring.h"
#include "names.h"
#include "output.h"
#include "output_failure.h"
#include "recording.h"
#include "ring_options.h"
#include "shared/message.h"
#include "shared/os.h"

static struct {
    enum mapring_scope scope;
    struct framing framing;
    bool json, prefix;
    enum time_form time;
    struct filter filter;
    uint64_t last;
    const char *ctf;
    struct log_lines log;
    struct log_style style;
} settings = {.filter = FILTER_ALL};

static const struct option_row options[] = {
    OPTION_FRAMING(&settings.framing.kind),
    OPTION_JSON_RECORDS(&settings.json),
    OPTION_TIME(&settings.time),
    OPTIONS_FILTER(settings.filter),
    OPTION_LEAST_LEVEL(&settings.log.least),
    OPTIONS_LOG_STYLE(settings.style),
    {"last", "N", value_count, &settings.last, "only the last N of these records"},
    OPTION_PREFIX(&settings.prefix),
    {"ctf", "DIR", value_text, &settings.ctf,
     "write a trace in the Common Trace Format 1.8 into the new or empty folder DIR, for "
     "babeltrace2 and Trace Compass, instead of writing to standard output"},
    OPTION_SCOPE(&settings.scope),
    {NULL, NULL, NULL, NULL, NULL},
};

/* Returns the result that ended the dump. */
static int dump(mapring_image *image, struct output *output)
{
    struct filter *filter = &settings.filter;
    int result = MAPRING_OK;
    while (output->state == OS_WRITTEN && os_interrupted() == 0 && !filter->has_ended) {
        struct mapring_record record;
        result = mapring_image_next(image, &record);
        if (result == MAPRING_OK)
            filter_record(filter, &record, output);
        else if (result == MAPRING_LOST)
            filter_lost(filter, &record, output);
        else
            break;
    }
    filter_cut(filter, output);
    filter_tell_losses(filter, output);
    output_flush(output);
    return result;
}

static int exit_status(const struct output *output, int result)
{
    if (output->state == OS_READER_GONE)
        return EXIT_DONE;
    if (os_interrupted() != 0)
        return os_interrupted();
    if (output->state == OS_NOT_WRITTEN)
        return output_failure(output, true);
    return result < 0 ? ring_failure() : EXIT_DONE;
}

/* Hints at ./NAME if there is a file of that name in the current directory. */
static void tell_path(const char *name)
{
    int file = file_name_is_path(name) ? -1 : os_open(name);
    if (file >= 0) {
        os_close(file);
        complain("to read the file of that name, use ./%s", name);
    }
}

static void tell_recording(const char *path)
{
    char magic[MAGIC_BYTES];
    int file = os_open(path);
    if (file < 0)
        return;
    ptrdiff_t bytes = os_read(file, magic, sizeof magic);
    os_close(file);
    if (bytes == sizeof magic && memcmp(magic, RECORDING_MAGIC, sizeof magic) == 0)
        complain("it is a recording: use mapring play %s -", path);
}

static int open_image(mapring_image **image, const char *name)
{
    int result = mapring_image_open(image, name, settings.scope);
    if (result == MAPRING_OK)
        return EXIT_DONE;
    int status = ring_failure();
    if (result == MAPRING_ERROR_NOT_THERE)
        tell_path(name);
    if (result == MAPRING_ERROR_WRONG_KIND)
        tell_recording(name);
    return status;
}

/* Whether the first record has none; if there is no record, times are not needed either. */
static bool lacks_times(mapring_image *image)
{
    struct mapring_record record;
    int result;
    do
        result = mapring_image_next(image, &record);
    while (result == MAPRING_LOST);
    return result == MAPRING_OK && record.time_ns == 0;
}

static int check_times(const char *name)
{
    mapring_image *image;
    int status = open_image(&image, name);
    if (status == EXIT_DONE && lacks_times(image))
        status = output_lacks_times(name);
    mapring_image_close(image);
    return status;
}

static int find_last(const char *name)
{
    mapring_image *image;
    int status = open_image(&image, name);
    log_lines_of(&settings.log, name);
    if (status == EXIT_DONE && !last_narrow(image, settings.last, &settings.filter)) {
        /* not covered: memory for the sequence numbers is missing */
        complain("not enough memory for --last %" PRIu64, settings.last);
        status = EXIT_FAILED;
    }
    mapring_image_close(image);
    log_lines_again(&settings.log);
    return status;
}

/* What has to be known before the first record is written. */
static int look_ahead(const char *name)
{
    int status = EXIT_DONE;
    if (settings.time != TIME_NONE || filter_needs_times(&settings.filter))
        status = check_times(name);
    return status == EXIT_DONE && settings.last > 0 ? find_last(name) : status;
}

static void set_up(struct output *output, const char *name)
{
    output->json = settings.json;
    output->framing = settings.framing;
    output->time = settings.time;
    output->prefix = settings.prefix;
    output->ring = settings.prefix || settings.ctf ? name : NULL;
    output->log_style = log_style_of(&settings.style, settings.time, NULL);
    settings.log.scope = settings.scope;
    if (settings.framing.kind == FRAMING_LINE)
        output->log = settings.filter.log = &settings.log;
}

/* All rings of the logs among the names, except where the numbers of one ring matter. */
static bool list_rings(struct names *rings, char **names, int count)
{
    bool one_ring =
        settings.filter.since.sequence > 0 || settings.filter.until.sequence != UINT64_MAX;
    for (int i = 0; i < count; i++) {
        names_add(rings, names[i]);
        if (settings.filter.log && !one_ring && !name_is_pattern(names[i]) &&
            log_lines_of(&settings.log, names[i]))
            log_rings_find(rings, &settings.log, names[i]);
    }
    if (rings->no_memory)
        complain("not enough memory for the list of rings");
    return !rings->no_memory;
}

static bool ctf_is_clear(void)
{
    if (!settings.ctf || (!settings.json && !settings.prefix && settings.time == TIME_NONE &&
                          settings.framing.kind == FRAMING_LINE))
        return true;
    usage_error(
        "--ctf cannot be used with --json, --time, --prefix or --framing: a trace has its own "
        "format");
    return false;
}

static int dump_one(const char *name, struct output *output)
{
    mapring_image *image = NULL;
    int status = look_ahead(name);
    if (status == EXIT_DONE)
        status = open_image(&image, name);
    if (status != EXIT_DONE)
        return status;
    log_lines_of(&settings.log, name);
    status = exit_status(output, dump(image, output));
    mapring_image_close(image);
    return status;
}

static int dump_all(const struct names *rings, struct output *output)
{
    if (rings->count > 1 || name_is_pattern(rings->name[0]))
        return dump_several(rings, settings.scope, settings.last, output, &settings.filter);
    return dump_one(rings->name[0], output);
}

static int trace_all(const struct names *rings, struct output *output)
{
    struct ctf ctf;
    int status = ctf_begin(&ctf, settings.ctf);
    if (status != EXIT_DONE)
        return status;
    output->ctf = &ctf;
    return ctf_end(&ctf, dump_all(rings, output));
}

static int run(int count, char **arguments)
{
    static struct output output;
    bool several = count > 1 || name_is_pattern(arguments[0]);
    if (!ctf_is_clear() || !output_is_clear(settings.json, settings.framing.kind, settings.time) ||
        !prefix_is_clear(settings.prefix, settings.framing.kind) ||
        (several && !filter_is_clear_for_several(&settings.filter)))
        return EXIT_USAGE;
    set_up(&output, arguments[0]);
    struct names rings = {0};
    int status = EXIT_FAILED;
    if (list_rings(&rings, arguments, count))
        status = (settings.ctf ? trace_all : dump_all)(&rings, &output);
    names_free(&rings);
    return log_lines_end(&settings.log, status);
}

const struct command command_dump = {
    .name = "dump",
    .full_name = "mapring dump",
    .arguments = "NAME|FILE [NAME|FILE...] [OPTION...]",
    .summary = "write what rings still hold, even if no process uses them",
    .help =
        "Writes the records that a ring holds to standard output. It reads the ring NAME, the FILE "
        "of a ring or a copy of it (even one from the other operating system), or a raw image of a "
        "ring's mapping. It modifies nothing, and no other process needs to use the ring. Where a "
        "ring is truncated or damaged, the dump ends, and a message gives the offset.\n\n"
        "Of several rings, or of all that match a pattern such as 'app.*' (in quotes, so that the "
        "shell does not expand it), the records are written in the order of their times; rings "
        "without times come first, one after another.",
    .options = options,
    .example = "mapring dump ./flight.ring --last 100",
    .end = "Exit status: 0 everything was written, or the reader of standard output is gone; 1 "
           "failed, or the ring is damaged (everything before that place is written); 2 wrong "
           "usage; 128+N ended by signal N.",
    .least = 1,
    .most = INT16_MAX,
    .run = run,
};
