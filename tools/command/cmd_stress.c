/* SPDX-License-Identifier: MIT */
/* mapring stress: sends, reads, kills and checks, round after round. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "ring_values.h"
#include "shared/json.h"
#include "shared/message.h"
#include "shared/os.h"
#include "shared/progress.h"
#include "shared/quantity.h"
#include "stress/player.h"
#include "stress/stage.h"

enum { LARGEST_BYTES = 1 << 20 };

static struct stress_settings settings = {.duration_ns = INT64_C(10000000000)};
static bool json, verbose, has_seed;

static const char *value_seed(const char *text, void *value)
{
    has_seed = read_number(text, 10, value);
    return has_seed ? NULL : "a number from 0 up";
}

static const char *value_round(const char *text, void *value)
{
    return read_number(text, 10, value) ? NULL : "a number from 0 up";
}

static const char *value_producers(const char *text, void *value)
{
    uint64_t count = 0;
    bool read = read_number(text, 10, &count) && count > 0 && count <= PRODUCERS_MOST;
    *(unsigned *)value = (unsigned)count;
    return read ? NULL : "a number from 1 to 8";
}

static const char *value_largest(const char *text, void *value)
{
    bool read = value_size(text, value) == NULL && *(uint64_t *)value <= LARGEST_BYTES;
    return read ? NULL : "a size from 1 to 1M";
}

static const char *value_place(const char *text, void *value)
{
    bool file = strcmp(text, "file") == 0;
    *(enum stress_place *)value = file ? PLACE_FILE : PLACE_MEMORY;
    return file || strcmp(text, "memory") == 0 ? NULL : "memory or file";
}

static const char *value_waiting(const char *text, void *value)
{
    bool spin = strcmp(text, "spin") == 0;
    *(enum stress_waiting *)value = spin ? WAITING_SPIN : WAITING_SLEEP;
    return spin || strcmp(text, "sleep") == 0 ? NULL : "sleep or spin";
}

static const struct option_row options[] = {
    {"duration", "TIME", value_duration, &settings.duration_ns,
     "go on for so long: seconds, or with a unit, such as 10m, 12h or 3d (default 10)"},
    {"seed", "N", value_seed, &settings.seed,
     "make the choices of an earlier run again (default: others each time)"},
    {"round", "N", value_round, &settings.first_round, "begin with that round (default 0)"},
    {"rounds", "N", value_count, &settings.rounds, "end after so many rounds"},
    {"producers", "N", value_producers, &settings.producers,
     "processes that want to send, of which one can and the others wait to take over (1 to 8)"},
    {"consumers", "N", value_consumers, &settings.consumers,
     "processes that read, every other one as a durable consumer (1 to 32); in a ring that "
     "overwrites, they observe"},
    {"largest", "SIZE", value_largest, &settings.largest_bytes, "largest record (1 to 1M)"},
    {"when-full", "block|drop|overwrite", value_when_full, &settings.when_full,
     "what a full ring does"},
    {"place", "memory|file", value_place, &settings.place, "where the ring is"},
    {"waiting", "sleep|spin", value_waiting, &settings.waiting,
     "how processes wait: in calls that may sleep, or in calls that return at once"},
    {"folder", "DIR", value_text, &settings.folder,
     "where rings in files are made (default: where the system keeps temporary files)"},
    {"no-kills", NULL, NULL, &settings.spares_all, "kill nobody"},
    {"verbose", NULL, NULL, &verbose, "tell what each round has chosen"},
    OPTION_JSON(&json),
    {NULL, NULL, NULL, NULL, NULL},
};

static void show(const struct stage_sums *sums)
{
    char text[128];
    snprintf(text, sizeof text, "round %" PRIu64 ", %" PRIu64 " kills, %" PRIu64 " records read",
             settings.first_round + sums->rounds, sums->kills, sums->read);
    progress_show_text(text);
}

static const char *temporary_folder(void)
{
    static const char *const variables[] = {"TMPDIR", "TEMP", "TMP"};
    for (unsigned i = 0; i < sizeof variables / sizeof *variables; i++)
        if (getenv(variables[i]))
            return getenv(variables[i]);
    return "/tmp";
}

static void print_json(const struct stage_sums *sums, int64_t took_ns, bool held)
{
    json_object_begin(NULL, JSON_IN_LINES);
    json_bool("held", held);
    json_number("seed", settings.seed);
    json_number("rounds", sums->rounds);
    json_fixed("seconds", (double)took_ns / 1e9, 3);
    json_number("kills", sums->kills);
    json_number("sent_records", sums->sent);
    json_number("dropped_records", sums->dropped);
    json_number("read_records", sums->read);
    json_number("lost_records", sums->lost);
    json_end();
}

static void print_lines(const struct stage_sums *sums, int64_t took_ns, bool held)
{
    printf("seed       %" PRIu64 "\n", settings.seed);
    printf("rounds     %" PRIu64 " in %s\n", sums->rounds,
           quantity_duration((uint64_t)took_ns).text);
    printf("kills      %" PRIu64 "\n", sums->kills);
    printf("sent       %" PRIu64 " records, and %" PRIu64 " dropped\n", sums->sent, sums->dropped);
    printf("read       %" PRIu64 " records, and %" PRIu64 " reported as lost\n", sums->read,
           sums->lost);
    if (held)
        puts("Each record was right and in its place.");
}

static void tell_plan(const struct plan *plan)
{
    char text[400];
    plan_describe(plan, text, sizeof text);
    complain("round %" PRIu64 ": %s", plan->round, text);
}

static void tell_problem(uint64_t round, const char *problem)
{
    complain("round %" PRIu64 ": %s", round, problem);
    complain("for the same choices again, use --seed %" PRIu64 " --round %" PRIu64
             " and the same other options",
             settings.seed, round);
}

/* `left_ns`: the time that is left for it. */
static enum stage_end run_round(uint64_t round, struct stage_sums *sums, int64_t left_ns)
{
    char problem[600];
    struct plan plan;
    plan_make(&plan, &settings, round);
    if (verbose)
        tell_plan(&plan);
    if (plan.duration_ns > left_ns)
        plan.duration_ns = left_ns;
    enum stage_end end = stage_run(&plan, settings.folder, sums, show, problem, sizeof problem);
    progress_clear();
    if (end == STAGE_FAILED)
        tell_problem(round, problem);
    return end;
}

static enum stage_end run_rounds(struct stage_sums *sums, int64_t begun_ns)
{
    enum stage_end end = STAGE_HELD;
    int64_t left_ns = settings.duration_ns;
    while (end == STAGE_HELD && left_ns > 0 &&
           (settings.rounds == 0 || sums->rounds < settings.rounds)) {
        end = run_round(settings.first_round + sums->rounds, sums, left_ns);
        left_ns = settings.duration_ns - (os_now_ns() - begun_ns);
    }
    return end;
}

static int run(int count, char **arguments)
{
    if (count == 4 && strcmp(arguments[0], "player") == 0)
        return player_run(arguments[1], arguments[2], arguments[3]);
    if (count > 0)
        return usage_error("unexpected argument '%s'", arguments[0]);
    struct stage_sums sums = {0};
    int64_t begun_ns = os_now_ns();
    if (!has_seed)
        settings.seed = (uint64_t)begun_ns;
    if (!settings.folder)
        settings.folder = temporary_folder();
    progress_start(true);
    enum stage_end end = run_rounds(&sums, begun_ns);
    (json ? print_json : print_lines)(&sums, os_now_ns() - begun_ns, end != STAGE_FAILED);
    return end == STAGE_FAILED ? EXIT_FAILED : os_interrupted();
}

const struct command command_stress = {
    .name = "stress",
    .full_name = "mapring stress",
    .arguments = "[OPTION...]",
    .summary = "test the rings on this machine",
    .help = "Lets processes send and read through rings, kills them at random and starts them "
            "again, and checks every record: its contents, its place, and that nothing is missing "
            "that was not reported. Each round makes a new ring. What is not settled by an option "
            "is chosen at random: policy, sizes, times, pauses, who reads, and who dies.",
    .options = options,
    .example = "mapring stress --duration 10m",
    .end = "Exit status: 0 all was right, 1 something was not, or a round could not be run; 2 "
           "wrong usage; 128+N ended by signal N, all was right until then.",
    .most = 4,
    .run = run,
};
