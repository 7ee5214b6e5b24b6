/* SPDX-License-Identifier: MIT */
/* Writes what several rings hold, in the order of their times. Everything is there, so that the
 * order is exact. Rings without times have the time 0, and come one after another. */
#include "dump_several.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "output_failure.h"
#include "shared/message.h"
#include "shared/os.h"

enum { FIRST_SPACE = 1024 };

struct part {
    const char *name;
    mapring_image *image;
    uint64_t first, until; /* numbers of the first and the last record that may be written */
    int result; /* of the next record; anything but MAPRING_OK and MAPRING_LOST ends it */
    struct mapring_record record;
    uint64_t time_ns; /* of the next record */
};

/* One of the last records that are to be written; of one in parts, the first. */
struct place {
    struct part *part;
    uint64_t sequence;
};

struct dump {
    struct names names;
    struct part *parts;
    size_t count;
    struct place *last; /* from `limit` on, the oldest is overwritten */
    uint64_t limit, found;
    size_t space;
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
    *part = (struct part){.name = name, .until = UINT64_MAX};
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

static void switch_to(struct dump *dump, const struct part *part)
{
    if (dump->output->ring && dump->output->ring != part->name)
        filter_cut(dump->filter, dump->output);
    dump->output->ring = part->name;
    if (dump->filter->log)
        log_lines_of(dump->filter->log, part->name);
}

static void write_record(struct dump *dump, struct part *part)
{
    if (part->record.sequence < part->first || part->record.sequence > part->until)
        return;
    switch_to(dump, part);
    if (part->result == MAPRING_OK)
        filter_record(dump->filter, &part->record, dump->output);
    else
        filter_lost(dump->filter, &part->record, dump->output);
}

/* Calls `take` with everything, in order. */
static void go_through(struct dump *dump, void (*take)(struct dump *dump, struct part *part))
{
    struct part *part = NULL;
    while (dump->output->state == OS_WRITTEN && os_interrupted() == 0 && !dump->filter->has_ended &&
           (part = next_part(dump, part)) != NULL) {
        take(dump, part);
        advance(dump, part);
    }
}

static void write_parts(struct dump *dump)
{
    go_through(dump, write_record);
    filter_cut(dump->filter, dump->output);
    filter_tell_losses(dump->filter, dump->output);
    output_flush(dump->output);
}

/* ---- The last records ---- */

static bool make_room(struct dump *dump)
{
    if (dump->found < dump->space || dump->space >= dump->limit)
        return true;
    size_t space = dump->space == 0 ? FIRST_SPACE : 2 * dump->space;
    struct place *larger = realloc(dump->last, space * sizeof *larger);
    if (!larger)
        return false; /* not covered: no memory */
    dump->last = larger;
    dump->space = space;
    return true;
}

static void find_record(struct dump *dump, struct part *part)
{
    part->until = part->record.sequence;
    if (part->result != MAPRING_OK)
        return;
    switch_to(dump, part);
    if (!filter_passes(dump->filter, &part->record) || !dump->filter->is_whole)
        return;
    if (!make_room(dump)) {
        /* not covered: no memory */
        complain("not enough memory for --last %" PRIu64, dump->limit);
        exit(EXIT_FAILED);
    }
    dump->last[dump->found++ % dump->limit] = (struct place){part, dump->filter->begun};
}

/* The last ones of all are the last ones of each part, so that each has a first one. */
static void narrow(struct dump *dump)
{
    for (size_t i = 0; i < dump->count; i++)
        dump->parts[i].first = UINT64_MAX;
    for (uint64_t i = 0; i < dump->found && i < dump->limit; i++) {
        const struct place *place = &dump->last[i];
        if (place->sequence < place->part->first)
            place->part->first = place->sequence;
    }
    free(dump->last);
}

static int begin_again(struct dump *dump, enum mapring_scope scope)
{
    for (size_t i = 0; i < dump->count; i++) {
        struct part *part = &dump->parts[i];
        mapring_image_close(part->image);
        part->time_ns = 0;
        if (mapring_image_open(&part->image, part->name, scope) != MAPRING_OK)
            return ring_failure();
        advance(dump, part);
    }
    return EXIT_DONE;
}

static int find_last(struct dump *dump, enum mapring_scope scope)
{
    struct filter *filter = dump->filter, finder = *filter;
    const char *ring = dump->output->ring;
    dump->filter = &finder;
    go_through(dump, find_record);
    narrow(dump);
    grep_free(&finder.grep);
    dump->filter = filter;
    dump->output->ring = ring;
    if (filter->log)
        log_lines_again(filter->log);
    return begin_again(dump, scope);
}

static int exit_status(const struct dump *dump)
{
    if (dump->output->state != OS_WRITTEN)
        return output_failure(dump->output, true);
    if (os_interrupted() != 0)
        return os_interrupted();
    return dump->failed ? EXIT_FAILED : EXIT_DONE;
}

int dump_several(const struct names *names, enum mapring_scope scope, uint64_t last,
                 struct output *output, struct filter *filter)
{
    struct dump dump = {.output = output, .filter = filter, .limit = last};
    int status = EXIT_DONE;
    for (size_t i = 0; status == EXIT_DONE && i < names->count; i++)
        status = add_names(&dump, names->name[i], scope);
    if (status == EXIT_DONE)
        status = open_parts(&dump, scope);
    if (status == EXIT_DONE && last > 0)
        status = find_last(&dump, scope);
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
