/* SPDX-License-Identifier: MIT */
/* mapring dump: writes the records that a ring holds to standard output, without attaching to
 * it. */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "commands.h"
#include "dump_several.h"
#include "lost.h"
#include "mapring/mapring.h"
#include "names.h"
#include "output.h"
#include "ring_options.h"
#include "shared/message.h"
#include "shared/os.h"

static struct {
    enum mapring_scope scope;
    struct framing framing;
    bool json, prefix;
    uint64_t since;
} settings;

static const struct option_row options[] = {
    OPTION_FRAMING(&settings.framing.kind),
    OPTION_JSON_RECORDS(&settings.json),
    OPTION_PREFIX(&settings.prefix),
    {"since", "SEQUENCE", value_sequence, &settings.since,
     "begin with the record of that number (default: the oldest)"},
    OPTION_SCOPE(&settings.scope),
    {NULL, NULL, NULL, NULL, NULL},
};

static bool is_wanted(int result, struct mapring_record *record)
{
    return record_since(result, record, settings.since);
}

/* Returns the result that ended the dump. */
static int dump(mapring_image *image, struct output *output)
{
    int result = MAPRING_OK;
    while (output->state == OS_WRITTEN && os_interrupted() == 0) {
        struct mapring_record record;
        result = mapring_image_next(image, &record);
        if (result != MAPRING_OK && result != MAPRING_LOST)
            break;
        if (is_wanted(result, &record))
            (result == MAPRING_OK ? output_record : output_lost)(output, &record);
    }
    output_cut(output);
    output_flush(output);
    return result;
}

static int exit_status(const struct output *output, int result)
{
    if (output->state == OS_READER_GONE)
        return EXIT_DONE;
    if (os_interrupted() != 0)
        return os_interrupted();
    if (output->state == OS_NOT_WRITTEN) {
        complain("cannot write to standard output: %s", os_error());
        return EXIT_FAILED;
    }
    return result < 0 ? ring_failure() : EXIT_DONE;
}

/* Hints at ./NAME if there is a file of that name in the current directory. */
static void tell_path(const char *name)
{
    int file = strpbrk(name, "/\\") == NULL ? os_open(name) : -1;
    if (file >= 0) {
        os_close(file);
        complain("to read the file of that name, use ./%s", name);
    }
}

static int run(int count, char **arguments)
{
    static struct output output;
    mapring_image *image = NULL;
    if (!output_is_clear(settings.json, settings.framing.kind) ||
        !prefix_is_clear(settings.prefix, settings.framing.kind))
        return EXIT_USAGE;
    output.json = settings.json;
    output.framing = settings.framing;
    output.prefix = settings.prefix;
    output.ring = settings.prefix ? arguments[0] : NULL;
    if (count > 1 || name_is_pattern(arguments[0]))
        return dump_several(arguments, count, settings.scope, &output, is_wanted);
    int result = mapring_image_open(&image, arguments[0], settings.scope);
    if (result != MAPRING_OK) {
        int status = ring_failure();
        if (result == MAPRING_ERROR_NOT_THERE)
            tell_path(arguments[0]);
        return status;
    }
    result = dump(image, &output);
    int status = exit_status(&output, result);
    mapring_image_close(image);
    return status;
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
    .end = "Exit status: 0 everything was written, or the reader of standard output is gone; 1 "
           "failed, or the ring is damaged (everything before that place is written); 2 wrong "
           "usage; 128+N ended by signal N.",
    .least = 1,
    .most = INT16_MAX,
    .run = run,
};
