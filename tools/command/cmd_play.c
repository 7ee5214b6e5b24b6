/* SPDX-License-Identifier: MIT */
/* mapring play: sends what mapring record has recorded into rings, or prints it. */
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "disk.h"
#include "filter.h"
#include "log_level.h"
#include "lost.h"
#include "output.h"
#include "output_failure.h"
#include "pace.h"
#include "played_ring.h"
#include "recording_reader.h"
#include "ring_options.h"
#include "shared/message.h"
#include "shared/os.h"
#include "shared/progress.h"
#include "tracks.h"

static struct {
    struct mapring_options ring;
    struct pace pace;
    struct filter filter;
    struct framing framing;
    enum time_form time;
    unsigned wait_consumers;
    int64_t timeout_ns;
    int64_t linger_ns; /* negative: --linger was not given */
    bool json, prefix, progress;
    struct log_lines log;
    struct log_style style;
} settings = {
    .pace = {.speed = -1}, .filter = FILTER_ALL, .timeout_ns = MAPRING_FOREVER, .linger_ns = -1};

static struct tracks tracks;

static const struct option_row options[] = {
    {"speed", "X|max", value_speed, &settings.pace,
     "play X times as fast as recorded, or max: without pauses (default: 1; into -: max)"},
    {"ring", "RECORDED=NAME", value_choice, &tracks.choices,
     "play the ring that was recorded as RECORDED into NAME; may be given several times"},
    {"since", "TIME", value_bound, &settings.filter.since,
     "begin with the first record of that time or later, as for 'mapring recv'"},
    {"until", "TIME", value_bound, &settings.filter.until,
     "end before the first record that is later"},
    {"grep", "TEXT", value_grep, &settings.filter.grep.text, "only records that contain TEXT"},
    OPTION_LEAST_LEVEL(&settings.log.least),
    OPTIONS_LOG_STYLE(settings.style),
    {"wait-consumers", "N", value_consumers, &settings.wait_consumers,
     "play nothing until N consumers are attached to each ring"},
    {"linger", "SECONDS", value_seconds, &settings.linger_ns,
     "at the end, wait until the consumers have read everything, but no longer than that"},
    {"timeout", "SECONDS", value_seconds, &settings.timeout_ns,
     "give up if a ring has no room for that long, or has no consumers (default: wait for ever)"},
    OPTIONS_NEW_RING(settings.ring),
    OPTION_FRAMING(&settings.framing.kind),
    OPTION_JSON_RECORDS(&settings.json),
    OPTION_TIME(&settings.time),
    OPTION_PREFIX(&settings.prefix),
    OPTION_PROGRESS(&settings.progress),
    {NULL, NULL, NULL, NULL, NULL},
};

/* ---- Printing ---- */

static struct output output;

static void define_entry(const struct recording_frame *frame, const struct track *track)
{
    const struct mapring_entry entry = {.payload = frame->body,
                                        .bytes = frame->bytes,
                                        .kind = frame->head.detail,
                                        .offset = frame->head.sequence};
    if (settings.filter.log)
        log_lines_define(settings.filter.log, track->name, &entry);
}

static int print_frame(const struct recording_frame *frame, const struct track *track)
{
    struct mapring_record record = frame->record;
    output.ring = track->name;
    if (settings.filter.log)
        log_lines_of(settings.filter.log, track->name);
    switch (frame->head.kind) {
    case FRAME_ENTRY: define_entry(frame, track); break;
    case FRAME_RECORD: filter_record(&settings.filter, &record, &output); break;
    case FRAME_GAP: filter_lost(&settings.filter, &record, &output); break;
    default: filter_cut(&settings.filter, &output);
    }
    return output.state == OS_WRITTEN ? EXIT_DONE : output_failure(&output, false);
}

/* ---- Playing ---- */

static int open_ring(struct track *track, const struct recorded_ring *recorded)
{
    if (!track->target || track->is_open)
        return EXIT_DONE;
    track->ring.name = track->target;
    track->ring.timeout_ns = settings.timeout_ns;
    int status = played_open(&track->ring, &settings.ring, recorded);
    track->is_open = status == EXIT_DONE;
    if (status == EXIT_DONE && settings.wait_consumers > 0)
        status = played_wait_consumers(&track->ring, settings.wait_consumers);
    return status;
}

static int send_record(struct track *track, const struct mapring_record *record)
{
    if (!filter_passes(&settings.filter, record))
        return EXIT_DONE;
    progress_show(track->ring.records, track->ring.bytes);
    if (!pace_wait(&settings.pace, record->time_ns))
        return os_interrupted();
    return played_send(&track->ring, record);
}

static int tell_gap(const struct track *track, const struct mapring_record *lost)
{
    char before[RECORDED_NAME_BYTES + 16];
    snprintf(before, sizeof before, "ring '%s': ", track->name);
    progress_clear();
    lost_tell(before, lost, &(struct loss_bounds){0});
    return EXIT_DONE;
}

static int play_frame(const struct recording_frame *frame, struct track *track)
{
    if (!track->is_open)
        return EXIT_DONE;
    switch (frame->head.kind) {
    case FRAME_ENTRY: return played_define(&track->ring, frame);
    case FRAME_RECORD: return send_record(track, &frame->record);
    case FRAME_GAP: return tell_gap(track, &frame->record);
    default: return played_cut(&track->ring);
    }
}

/* ---- Reading ---- */

static struct recording_reader reader;

static ptrdiff_t read_file(void *context, void *buffer, size_t bytes)
{
    return os_read(*(const int *)context, buffer, bytes);
}

static bool is_text(void)
{
    return tracks.name && strcmp(tracks.name, "-") == 0;
}

/* What a durable consumer was delivered again was recorded twice. */
static bool is_new(struct track *track, const struct recording_frame *frame)
{
    bool counts = frame->head.kind == FRAME_RECORD || frame->head.kind == FRAME_GAP;
    if (counts && frame->head.sequence < track->next_sequence)
        return false;
    if (frame->head.kind == FRAME_RECORD)
        track->next_sequence = frame->head.sequence + 1;
    if (frame->head.kind == FRAME_GAP)
        track->next_sequence = frame->head.sequence + frame->record.lost_records;
    return true;
}

static int take_frame(const struct recording_frame *frame)
{
    if (frame->head.kind == FRAME_RING) {
        struct track *track = tracks_define(&tracks, frame);
        if (!track)
            return EXIT_FAILED;
        if (!is_text())
            return open_ring(track, &frame->ring);
        if (settings.filter.log)
            log_lines_begin_recorded(settings.filter.log, &frame->ring);
        return EXIT_DONE;
    }
    struct track *track = tracks_of(&tracks, frame);
    if (!is_new(track, frame))
        return EXIT_DONE;
    return is_text() ? print_frame(frame, track) : play_frame(frame, track);
}

static int play(const char *path)
{
    enum recording_result result = RECORDING_FRAME;
    int status = EXIT_DONE;
    while (status == EXIT_DONE && os_interrupted() == 0 && !settings.filter.has_ended &&
           output.state == OS_WRITTEN && (result = recording_next(&reader)) == RECORDING_FRAME)
        status = take_frame(&reader.frame);
    progress_clear();
    filter_cut(&settings.filter, &output);
    filter_tell_losses(&settings.filter, &output);
    output_flush(&output);
    if (status == EXIT_DONE && output.state == OS_NOT_WRITTEN)
        status = output_failure(&output, false);
    if (status == EXIT_DONE && os_interrupted() != 0)
        status = os_interrupted();
    return status != EXIT_DONE || result == RECORDING_FRAME ? status
                                                            : recording_tell(&reader, result, path);
}

/* Before anything is played into one ring, finds out whether the recording has others. */
static int survey(int file)
{
    enum recording_result result;
    bool fits = true;
    while (fits && os_interrupted() == 0 && (result = recording_next(&reader)) == RECORDING_FRAME)
        if (reader.frame.head.kind == FRAME_RING)
            fits = tracks_define(&tracks, &reader.frame) != NULL;
    recording_free(&reader);
    memset(&reader, 0, sizeof reader);
    if (!fits)
        return EXIT_FAILED;
    disk_rewind(file);
    return os_interrupted();
}

/* ---- The command ---- */

static int close_rings(int status)
{
    for (struct track *track = tracks.first; track; track = track->next_track) {
        if (!track->is_open)
            continue;
        if (status == EXIT_DONE && settings.linger_ns >= 0)
            status = played_linger(&track->ring, settings.linger_ns);
        played_close(&track->ring);
    }
    if (status == EXIT_DONE && !is_text() && !settings.filter.has_ended)
        status = tracks_have_choices(&tracks) ? EXIT_DONE : EXIT_FAILED;
    tracks_free(&tracks);
    return status;
}

static bool is_about_text(void)
{
    return settings.json || settings.prefix || settings.time != TIME_NONE ||
           settings.framing.kind != FRAMING_LINE || settings.filter.grep.text ||
           settings.log.least > 0 || settings.style.pattern || settings.style.color != COLOR_AUTO;
}

static int check_options(void)
{
    if (!output_is_clear(settings.json, settings.framing.kind, settings.time) ||
        !prefix_is_clear(settings.prefix, settings.framing.kind))
        return EXIT_USAGE;
    if (!tracks.name && tracks.choices.count == 0)
        return usage_error("say into which ring to play: give its NAME, - for standard output, or "
                           "--ring RECORDED=NAME");
    if (is_text() && tracks.choices.count > 0)
        return usage_error("--ring cannot be used with -, which prints all rings");
    if (is_about_text() && !is_text())
        return usage_error("--framing, --json, --time, --prefix, --grep, --level, --format and "
                           "--color are about text: use - as NAME");
    return filter_is_clear_for_several(&settings.filter) ? EXIT_DONE : EXIT_USAGE;
}

static void set_up(int *file)
{
    if (settings.pace.speed < 0)
        settings.pace.speed = is_text() ? 0 : 1;
    output.json = settings.json;
    output.prefix = settings.prefix;
    output.time = settings.time;
    output.framing = settings.framing;
    output.log_style = log_style_of(&settings.style, settings.time, NULL);
    if (is_text() && settings.framing.kind == FRAMING_LINE)
        output.log = settings.filter.log = &settings.log;
    reader.read = read_file;
    reader.context = file;
    progress_start(settings.progress);
}

static int run(int count, char **arguments)
{
    static int file;
    bool is_standard = strcmp(arguments[0], "-") == 0;
    tracks.file = is_standard ? "standard input" : arguments[0];
    tracks.name = count > 1 ? arguments[1] : NULL;
    int status = check_options();
    if (status != EXIT_DONE)
        return status;
    file = is_standard ? STANDARD_INPUT : os_open(arguments[0]);
    if (file < 0) {
        complain("cannot open '%s': %s", arguments[0], os_error());
        return EXIT_FAILED;
    }
    set_up(&file);
    if (tracks.name && !is_text() && !strchr(tracks.name, '*') && disk_rewind(file)) {
        status = survey(file);
        set_up(&file);
    }
    if (status == EXIT_DONE)
        status = play(tracks.file);
    return log_lines_end(&settings.log, close_rings(status));
}

const struct command command_play = {
    .name = "play",
    .full_name = "mapring play",
    .arguments = "FILE [NAME|-] [OPTION...]",
    .summary = "send a recording into rings again, or print it",
    .help = "Sends the records that 'mapring record' wrote to FILE into the ring NAME, as its "
            "producer, at the distances in time at which they were sent. A new ring gets the "
            "properties of the recorded one. If FILE holds several rings, a '*' in NAME stands "
            "for the recorded name, as in 'copy.*', or --ring says for each where to play it. "
            "With - as NAME, prints the records, and the lines of logs, as 'mapring recv' does. A "
            "FILE of - is standard input, as in 'zcat FILE.1.gz | mapring play - NAME'.",
    .options = options,
    .example = "mapring play app.recording app --speed 10",
    .end = "Exit status: 0 everything is played; 1 failed, or FILE is damaged or torn (what comes "
           "before is played); 2 wrong usage; 3 a ring was removed, or a consumer went away; 4 "
           "timed out; 128+N ended by signal N.",
    .least = 1,
    .most = 2,
    .run = run,
};
