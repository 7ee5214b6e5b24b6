/* SPDX-License-Identifier: MIT */
/* Describes rings, one per line: who owns them, who uses them, and why a ring cannot be opened. */
#include "ls_long.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "consumer_row.h"
#include "log_kind.h"
#include "log_level.h"
#include "look.h"
#include "shared/json.h"
#include "shared/message.h"
#include "shared/os.h"
#include "shared/plain.h"
#include "shared/quantity.h"
#include "stat_table.h"

enum { PROGRAM_BYTES = 64, CELL_BYTES = 160, COLUMNS = 7 };

/* ---- What is known of a ring ---- */

struct view {
    const struct os_ring *ring;
    struct mapring_stat stat;
    struct mapring_repetition repetition;
    uint32_t level;                                        /* of a log; 0: none */
    char program[PROGRAM_BYTES];                           /* of a live producer */
    char problem[sizeof((struct mapring_error *)0)->text]; /* why there is nothing else */
    int result;
};

static void see(struct view *view, const struct os_ring *ring)
{
    static const char remainder[] =
        "only the second file of a ring that is gone; 'mapring prune' removes it";
    *view = (struct view){.ring = ring};
    view->result = look(ring_path(ring), ring_scope(ring), &view->stat);
    if (view->result != MAPRING_OK)
        snprintf(view->problem, sizeof view->problem, "%s",
                 ring->remainder ? remainder : mapring_last_error()->text);
    else
        view->repetition = look_repetition(ring_path(ring), ring_scope(ring));
    if (view->result == MAPRING_OK && stat_is_log(&view->stat))
        view->level = look_level(ring_path(ring), ring_scope(ring));
    if (view->result == MAPRING_OK && view->stat.producer_state == MAPRING_PRODUCER_IS_OPEN)
        os_program(view->stat.producer_process, view->program, sizeof view->program);
}

static bool is_missing(const struct view *view)
{
    return view->result != MAPRING_OK && view->ring->named;
}

/* ---- For people ---- */

struct row {
    char cell[COLUMNS][CELL_BYTES];
    char rest[512]; /* the last column, or the problem */
    bool problem;
};

static void describe_producer(const struct view *view, char *text)
{
    const struct mapring_stat *stat = &view->stat;
    if (stat->producer_state == MAPRING_PRODUCER_NEVER)
        snprintf(text, CELL_BYTES, "none yet");
    else if (view->program[0] != '\0')
        snprintf(text, CELL_BYTES, "%s, %" PRIu64 " %s", stat_producer_state(stat),
                 stat->producer_process, view->program);
    else
        snprintf(text, CELL_BYTES, "%s, %" PRIu64, stat_producer_state(stat),
                 stat->producer_process);
}

static void describe(const struct view *view, struct row *row)
{
    const struct mapring_stat *stat = &view->stat;
    uint64_t now = os_time_ns(), age = now > stat->created_ns ? now - stat->created_ns : 0;
    snprintf(row->cell[0], CELL_BYTES, "%s", view->ring->name);
    snprintf(row->cell[1], CELL_BYTES, "%s", view->ring->owner[0] ? view->ring->owner : "-");
    snprintf(row->cell[2], CELL_BYTES, "%s", ring_place(view->ring));
    row->problem = view->result != MAPRING_OK;
    if (row->problem) {
        snprintf(row->rest, sizeof row->rest, "%s", view->problem);
        return;
    }
    snprintf(row->cell[3], CELL_BYTES, "%s", quantity_bytes(stat->capacity_bytes).text);
    describe_producer(view, row->cell[4]);
    if (stat->consumers_hidden)
        snprintf(row->cell[5], CELL_BYTES, "hidden");
    else
        snprintf(row->cell[5], CELL_BYTES, "%u", stat->consumers);
    snprintf(row->cell[6], CELL_BYTES, "%s", quantity_duration(age).text);
    bool repeats = view->repetition.origin[0] != '\0';
    snprintf(row->rest, sizeof row->rest, "%s%s%s%s%s", stat->content[0] ? stat->content : "-",
             view->level ? ", level " : "", view->level ? log_level_text(view->level) : "",
             repeats ? ", repeats " : "", view->repetition.origin);
}

/* Problems take the room of the columns behind them. */
static int used(const struct row *row)
{
    return row->problem ? 3 : COLUMNS;
}

static void widen(const struct row *row, int width[COLUMNS])
{
    for (int i = 0; i < used(row); i++)
        if ((int)strlen(row->cell[i]) > width[i])
            width[i] = (int)strlen(row->cell[i]);
}

static void print_row(const struct row *row, const int width[COLUMNS])
{
    for (int i = 0; i < used(row); i++) {
        plain_print(stdout, row->cell[i]);
        printf("%*s", width[i] - (int)strlen(row->cell[i]) + 2, "");
    }
    plain_print(stdout, row->rest);
    putchar('\n');
}

static void print_rows(const struct row *rows, size_t count)
{
    int width[COLUMNS] = {0};
    for (size_t i = 0; i < count; i++)
        widen(&rows[i], width);
    for (size_t i = 0; i < count; i++)
        print_row(&rows[i], width);
}

bool ls_print(const struct rings *rings)
{
    static const struct row header = {
        {"NAME", "OWNER", "SCOPE", "SIZE", "PRODUCER", "CONSUMERS", "AGE"}, "CONTENT", false};
    static struct view view;
    struct row *rows = calloc(rings->count + 1, sizeof *rows);
    size_t count = 1;
    bool all = true;
    if (!rows) {
        complain("not enough memory to list the rings");
        return false;
    }
    rows[0] = header;
    for (size_t i = 0; i < rings->count; i++) {
        see(&view, &rings->ring[i]);
        all = all && !is_missing(&view);
        describe(&view, &rows[count++]);
    }
    if (count > 1)
        print_rows(rows, count);
    free(rows);
    return all;
}

/* ---- For programs ---- */

static void producer_json(const struct view *view)
{
    const struct mapring_stat *stat = &view->stat;
    json_object_begin("producer", JSON_ON_ONE_LINE);
    json_text("state", stat_producer_state(stat));
    json_number("process", stat->producer_process);
    if (view->program[0] != '\0')
        json_text("program", view->program);
    else
        json_null("program");
    json_end();
}

static void stat_fields(const struct view *view)
{
    const struct mapring_stat *stat = &view->stat;
    json_number("capacity_bytes", stat->capacity_bytes);
    json_text("when_full", stat_when_full(stat));
    json_number("records", stat->records);
    json_number("unread_records", stat->unread_records);
    json_number("created_ns", stat->created_ns);
    json_text("content", stat->content);
    if (view->level != 0)
        json_text("level", log_level_text(view->level));
    else
        json_null("level");
    if (view->repetition.origin[0] != '\0')
        json_text("repeats", view->repetition.origin);
    else
        json_null("repeats");
    producer_json(view);
    consumers_json(stat);
    json_null("problem");
}

static void view_json(const struct view *view)
{
    const struct os_ring *ring = view->ring;
    json_object_begin(NULL, JSON_IN_LINES);
    json_text("name", ring->name);
    if (ring->path)
        json_text("path", ring->path);
    else
        json_null("path");
    if (ring->owner[0] != '\0')
        json_text("owner", ring->owner);
    else
        json_null("owner");
    json_text("scope", ring_place(ring));
    if (view->result == MAPRING_OK)
        stat_fields(view);
    else
        json_text("problem", view->problem);
    json_end();
}

bool ls_json(const struct rings *rings)
{
    static struct view view;
    bool all = true;
    json_array_begin(NULL, JSON_IN_LINES);
    for (size_t i = 0; i < rings->count; i++) {
        see(&view, &rings->ring[i]);
        all = all && !is_missing(&view);
        view_json(&view);
    }
    json_end();
    return all;
}
