/* SPDX-License-Identifier: MIT */
/* Writes what several rings hold, in the order of their times. Everything is there, so that the
 * order is exact. Rings without times have the time 0, and come one after another. */
#include "dump_several.h"

#include <stdlib.h>
#include <string.h>

#include "names.h"
#include "output_failure.h"
#include "shared/message.h"
#include "shared/os.h"

struct part {
    const char *name;
    mapring_image *image;
    int result; /* of the next record; anything but MAPRING_OK and MAPRING_LOST ends it */
    struct mapring_record record;
    uint64_t time_ns; /* of the next record */
};

struct dump {
    struct names names;
    struct part *parts;
    size_t count;
    struct output *output;
    struct filter *filter;
    bool failed;
};

static bool has_record(const struct part *part)
{
    return part->result == MAPRING_OK || part->result == MAPRING_LOST;
}

/* The damage of one ring does not end the others. */
static void advance(struct dump *dump, struct part *part)
{
    part->result = mapring_image_next(part->image, &part->record);
    if (has_record(part) && part->record.time_ns > part->time_ns)
        part->time_ns = part->record.time_ns;
    if (part->result < 0) {
        filter_cut(dump->filter, dump->output);
        output_flush(dump->output);
        ring_failure();
        dump->failed = true;
    }
}

static bool is_known(const struct dump *dump, const char *name)
{
    for (size_t i = 0; i < dump->count; i++)
        if (strcmp(dump->parts[i].name, name) == 0)
            return true;
    return false;
}

static int open_part(struct dump *dump, const char *name, enum mapring_scope scope)
{
    struct part *part = &dump->parts[dump->count];
    if (is_known(dump, name))
        return EXIT_DONE;
    *part = (struct part){.name = name};
    if (mapring_image_open(&part->image, name, scope) != MAPRING_OK)
        return ring_failure();
    dump->count++;
    return EXIT_DONE;
}

static int add_names(struct dump *dump, const char *name, enum mapring_scope scope)
{
    size_t before = dump->names.count;
    if (!name_is_pattern(name)) {
        names_add(&dump->names, name);
        return EXIT_DONE;
    }
    if (names_find(&dump->names, scope, name) != MAPRING_OK)
        return ring_failure();
    if (dump->names.count > before)
        return EXIT_DONE;
    complain("no ring matches '%s'", name);
    return EXIT_FAILED;
}

static int open_parts(struct dump *dump, enum mapring_scope scope)
{
    int status = EXIT_DONE;
    dump->parts = calloc(dump->names.count, sizeof *dump->parts);
    if (!dump->parts || dump->names.no_memory) {
        complain("not enough memory for the list of rings");
        return EXIT_FAILED;
    }
    for (size_t i = 0; status == EXIT_DONE && i < dump->names.count; i++)
        status = open_part(dump, dump->names.name[i], scope);
    for (size_t i = 0; status == EXIT_DONE && i < dump->count; i++)
        advance(dump, &dump->parts[i]);
    return status;
}

static struct part *earliest(const struct dump *dump)
{
    struct part *first = NULL;
    for (size_t i = 0; i < dump->count; i++) {
        struct part *part = &dump->parts[i];
        if (has_record(part) && (!first || part->time_ns < first->time_ns))
            first = part;
    }
    return first;
}

/* A line is not torn: what it continues with comes next. */
static struct part *next_part(const struct dump *dump, struct part *last)
{
    bool goes_on = last && last->result == MAPRING_OK && last->record.continues;
    return goes_on ? last : earliest(dump);
}

static void write_parts(struct dump *dump)
{
    struct output *output = dump->output;
    struct part *part = NULL;
    while (output->state == OS_WRITTEN && os_interrupted() == 0 && !dump->filter->has_ended &&
           (part = next_part(dump, part)) != NULL) {
        if (output->ring && output->ring != part->name)
            filter_cut(dump->filter, output);
        output->ring = part->name;
        if (part->result == MAPRING_OK)
            filter_record(dump->filter, &part->record, output);
        else
            filter_lost(dump->filter, &part->record, output);
        advance(dump, part);
    }
    filter_cut(dump->filter, output);
    output_flush(output);
}

static int exit_status(const struct dump *dump)
{
    if (dump->output->state != OS_WRITTEN)
        return output_failure(dump->output, true);
    if (os_interrupted() != 0)
        return os_interrupted();
    return dump->failed ? EXIT_FAILED : EXIT_DONE;
}

int dump_several(char **names, int count, enum mapring_scope scope, struct output *output,
                 struct filter *filter)
{
    struct dump dump = {.output = output, .filter = filter};
    int status = EXIT_DONE;
    for (int i = 0; status == EXIT_DONE && i < count; i++)
        status = add_names(&dump, names[i], scope);
    if (status == EXIT_DONE)
        status = open_parts(&dump, scope);
    if (status == EXIT_DONE) {
        write_parts(&dump);
        status = exit_status(&dump);
    }
    for (size_t i = 0; i < dump.count; i++)
        mapring_image_close(dump.parts[i].image);
    free(dump.parts);
    names_free(&dump.names);
    return status;
}
