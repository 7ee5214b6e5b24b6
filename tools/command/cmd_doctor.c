/* SPDX-License-Identifier: MIT */
/* mapring doctor: says what is wrong or risky, and what to do about it. */
#include <stdint.h>

#include "commands.h"
#include "diagnosis.h"
#include "doctor_places.h"
#include "doctor_rings.h"
#include "doctor_system.h"
#include "look.h"
#include "rings.h"
#include "shared/message.h"

static struct {
    bool json;
    bool verbose;
} settings;

static const struct option_row options[] = {
    {"verbose", NULL, NULL, &settings.verbose,
     "also write notes if nothing is wrong, and what was checked"},
    OPTION_JSON(&settings.json),
    {NULL, NULL, NULL, NULL, NULL},
};

static bool are_names(const struct rings *rings)
{
    static struct mapring_stat stat;
    for (size_t i = 0; i < rings->count; i++)
        if (rings->ring[i].named &&
            look(rings->ring[i].name, MAPRING_LOCAL, &stat) == MAPRING_ERROR_NAME) {
            ring_failure();
            return false;
        }
    return true;
}

static int report(const struct diagnosis *diagnosis)
{
    if (diagnosis->no_memory) {
        complain("not enough memory for what was found");
        return EXIT_FAILED;
    }
    if (settings.json)
        diagnosis_json(diagnosis);
    else
        diagnosis_print(diagnosis, settings.verbose);
    return diagnosis_level(diagnosis) == LEVEL_NOTE ? EXIT_DONE : EXIT_FAILED;
}

/* Without a place for rings, nothing is known of the rings. */
static int examine(struct diagnosis *diagnosis, struct rings *rings,
                   const struct rings_wanted *wanted)
{
    if (doctor_check_places(diagnosis)) {
        if (!rings_find(rings, wanted))
            return EXIT_FAILED;
        if (!are_names(rings))
            return EXIT_USAGE;
        doctor_check_rings(diagnosis, rings);
    }
    doctor_check_system(diagnosis, rings);
    return report(diagnosis);
}

static int run(int count, char **arguments)
{
    const struct rings_wanted wanted = {true, MAPRING_LOCAL, count, arguments};
    struct rings rings = {NULL, 0, false};
    struct diagnosis diagnosis = {.finding = NULL};
    int status = examine(&diagnosis, &rings, &wanted);
    diagnosis_free(&diagnosis);
    rings_free(&rings);
    return status;
}

const struct command command_doctor = {
    .name = "doctor",
    .full_name = "mapring doctor",
    .arguments = "[NAME|PATTERN...] [OPTION...]",
    .summary = "say what is wrong, and what to do",
    .help = "Examines the system and all rings, or those that are named or match a pattern such as "
            "'app.*', and writes a paragraph for each problem: what is wrong, why it matters, and "
            "what to do. Changes nothing. Writes nothing if all is well.",
    .options = options,
    .example = "mapring doctor",
    .end = "Exit status: 0 all is well; 1 something is wrong or risky; 2 wrong usage.",
    .most = INT16_MAX,
    .run = run,
};
