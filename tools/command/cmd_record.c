/* SPDX-License-Identifier: MIT */
/* mapring record: writes the records of rings to a file from which mapring play can send them
 * again. */
#include <stddef.h>
#include <stdint.h>

#include "commands.h"
#include "recorder.h"
#include "recv_settings.h"
#include "recv_several.h"
#include "shared/message.h"
#include "shared/os.h"

static struct recv_settings settings = RECV_SETTINGS_DEFAULT;

static const struct option_row options[] = {
    OPTIONS_ARCHIVE(settings.archive),  OPTIONS_READER(settings),
    OPTIONS_FILTER(settings.filter),    OPTION_PREFAULT(&settings.ring.prefault),
    OPTION_SCOPE(&settings.ring.scope), OPTION_PROGRESS(&settings.progress),
    {NULL, NULL, NULL, NULL, NULL},
};

static int check_options(void)
{
    if (!settings.archive.path)
        return usage_error("a recording needs a file: use --output FILE");
    return archive_is_clear(&settings.archive) && reader_is_clear(&settings) ? EXIT_DONE
                                                                             : EXIT_USAGE;
}

static int record(struct output *output, int count, char **names)
{
    struct recorder *recorder = recorder_new(settings.ring.scope);
    int status = recorder_repair(&output->archive);
    if (status != EXIT_DONE)
        return status;
    if (!recorder) {
        complain("not enough memory to record");
        return EXIT_FAILED;
    }
    recorder_attach(recorder, output);
    return recv_several(&settings, "mapring record", output, count, names);
}

static int run(int count, char **arguments)
{
    static struct output output;
    int status = check_options();
    if (status != EXIT_DONE)
        return status;
    output.archive = settings.archive;
    status = output_open(&output);
    if (status != EXIT_DONE)
        return status;
    status = record(&output, count, arguments);
    output_close(&output);
    return status;
}

const struct command command_record = {
    .name = "record",
    .full_name = "mapring record",
    .arguments = "NAME [NAME...] --output FILE [OPTION...]",
    .summary = "record rings into a file, with times, to be played again",
    .help = "Reads rings as 'mapring recv' does, and appends their records to FILE, with their "
            "times, their sequence numbers, what is missing, what the rings are and what is "
            "defined in them. 'mapring play' sends them again, or prints them. After a crash or "
            "on a full disk, FILE can be read up to its last whole record, and the next command "
            "continues there. NAME may be a pattern such as 'app.*' (in quotes).",
    .options = options,
    .example = "mapring record 'app.*' --wait --output app.recording",
    .end = "Exit status: 0 all producers closed and everything is recorded, or --count or --until "
           "was reached; 1 failed; 2 wrong usage; 3 a producer died or a ring was removed "
           "(everything in it is recorded); 4 timed out; 128+N ended by signal N.",
    .least = 1,
    .most = INT16_MAX,
    .run = run,
};
