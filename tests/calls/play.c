/* SPDX-License-Identifier: MIT */
/* Makes the calls of a script, each in its process, and has the model check each one. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "actor.h"
#include "calls.h"
#include "platform.h"
#include "world.h"

enum { LINE_BYTES = 2048, PATIENCE_S = 20 };

struct hand {
    struct os_process *process; /* NULL: not started */
    uint64_t id;
    bool told; /* it knows which ring to use */
    size_t used;
    char buffer[LINE_BYTES];
};

static struct hand hands[PROCESSES];
static struct world world;
static char ring_name[1000], directory[900], trouble[1200];
static mapring_ring *ring;
static unsigned rings;
static bool traces;

void play_trace(bool on)
{
    traces = on;
}

/* ---- Processes ---- */

static bool start(struct hand *hand)
{
    static const struct process_streams pipes;
    static const char *const arguments[] = {"--hands", NULL};
    *hand = (struct hand){.process = os_process_start(os_own_program(), arguments, &pipes)};
    return hand->process != NULL;
}

static void stop(struct hand *hand)
{
    struct process_end end;
    if (!hand->process)
        return;
    os_process_kill(hand->process);
    os_process_wait(hand->process, now_ns() + PATIENCE_S * SECONDS, &end);
    os_process_free(hand->process);
    *hand = (struct hand){0};
}

/* False if the process says nothing in time or has ended. */
static bool hear(struct hand *hand, char line[LINE_BYTES])
{
    int64_t deadline = now_ns() + PATIENCE_S * SECONDS;
    char *end;
    while (!(end = memchr(hand->buffer, '\n', hand->used))) {
        long got = hand->used == LINE_BYTES
                       ? 0
                       : os_process_read(hand->process, hand->buffer + hand->used,
                                         LINE_BYTES - hand->used, deadline);
        if (got <= 0)
            return false;
        hand->used += (size_t)got;
    }
    size_t length = (size_t)(end - hand->buffer);
    memcpy(line, hand->buffer, length);
    line[length] = '\0';
    line[strcspn(line, "\r\n")] = '\0';
    hand->used -= length + 1;
    memmove(hand->buffer, end + 1, hand->used);
    return true;
}

static bool ask(struct hand *hand, const char *question, char answer[LINE_BYTES])
{
    return os_process_write(hand->process, question, strlen(question)) && hear(hand, answer);
}

static bool introduce(struct hand *hand)
{
    char line[LINE_BYTES];
    if (!hand->process && !start(hand))
        return false;
    snprintf(line, sizeof line, "ring %s\n", ring_name);
    if (!ask(hand, line, line))
        return false;
    hand->id = strtoull(line, NULL, 10);
    hand->told = true;
    return true;
}

/* ---- A ring for each script ---- */

static bool make_ring(const struct script *script)
{
    bool in_file = script->position || script->sequence;
    struct mapring_options options = {.how = MAPRING_CREATE,
                                      .capacity_bytes = CAPACITY,
                                      .slot_bytes = script->slot_bytes,
                                      .when_full = script->when_full};
    if (in_file && !directory[0] && !os_make_temporary_directory(directory, sizeof directory))
        return false;
    snprintf(ring_name, sizeof ring_name, "%s%s%" PRIu64 "-%u", in_file ? directory : "",
             in_file ? "ring" : "test-calls-", platform_process(), rings++);
    if (mapring_open(&ring, ring_name, &options) != MAPRING_OK)
        return false;
    if (!in_file)
        return true;
    mapring_close(ring);
    header_begin_at(ring_name, script->position, script->sequence);
    options.how = MAPRING_ATTACH;
    return mapring_open(&ring, ring_name, &options) == MAPRING_OK;
}

static void close_ring(void)
{
    char line[LINE_BYTES];
    for (unsigned i = 0; i < PROCESSES; i++) {
        if (hands[i].told && !ask(&hands[i], "ring -\n", line))
            stop(&hands[i]);
        hands[i].told = false;
    }
    mapring_close(ring);
    ring = NULL;
    mapring_remove(ring_name, MAPRING_LOCAL, true);
}

/* A process that comes to its end writes its coverage data. */
void play_end(void)
{
    struct process_end end;
    for (unsigned i = 0; i < PROCESSES; i++) {
        if (hands[i].process && os_process_write(hands[i].process, "end\n", 4))
            os_process_wait(hands[i].process, now_ns() + PATIENCE_S * SECONDS, &end);
        stop(&hands[i]);
    }
    if (directory[0])
        os_remove_tree(directory);
}

/* ---- Calls ---- */

static bool read_outcome(const char *line, struct outcome *out)
{
    int used = 0;
    int fields = sscanf(line,
                        "%d %" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNu64
                        " %" SCNu64 " %d %d %" SCNd64 " %n",
                        &out->result, &out->count, &out->sequence, &out->hash, &out->last,
                        &out->bytes, &out->lost_records, &out->lost_bytes, &out->intact,
                        &out->ready, &out->took_ns, &used);
    snprintf(out->text, sizeof out->text, "%s", used ? line + used : "");
    return fields == 11;
}

static void trace(const struct call *call, const struct outcome *out,
                  const struct mapring_stat *stat)
{
    if (!traces)
        return;
    printf("    %d (%s) count %" PRIu64 " from %" PRIu64 ", record %" PRIu64 " of %" PRIu64
           " bytes, lost %" PRIu64 "; tail %" PRIu64 " horizon %" PRIu64 " sequence %" PRIu64 "\n",
           out->result, mapring_result_text(out->result), out->count, out->sequence, out->last,
           out->bytes, out->lost_records, stat->tail, stat->horizon, stat->sequence);
    for (unsigned i = 0; i < stat->consumers; i++)
        printf("        cell %u '%s' state %d process %" PRIu64 " head %" PRIu64
               " sequence %" PRIu64 " first %" PRIu64 " read %" PRIu64 " lost %" PRIu64 "\n",
               stat->consumer[i].cell, stat->consumer[i].name, stat->consumer[i].state,
               stat->consumer[i].process, stat->consumer[i].head, stat->consumer[i].sequence,
               stat->consumer[i].first_sequence, stat->consumer[i].read_records,
               stat->consumer[i].lost_records);
    (void)call;
}

static const char *make_call(struct call *call, struct outcome *out)
{
    struct hand *hand = &hands[call->process];
    char line[LINE_BYTES];
    if (call->verb == KILL) {
        stop(hand);
        return NULL;
    }
    if (!hand->told && !introduce(hand))
        return "a process does not start";
    world.process_id[call->process] = hand->id;
    int used = snprintf(line, sizeof line, "%d %" PRIu64, (int)call->verb,
                        world.sequence + world.dropped - world.told);
    for (size_t i = 0; i < ARGUMENTS; i++)
        used += snprintf(line + used, sizeof line - (size_t)used, " %" PRIu64, call->argument[i]);
    strcpy(line + used, "\n");
    if (!ask(hand, line, line)) {
        stop(hand);
        return "does not return, or crashes";
    }
    return read_outcome(line, out) ? NULL : "the answer makes no sense";
}

static const char *step(const struct call *original)
{
    struct call call = *original;
    struct outcome out = {.intact = 1};
    struct mapring_stat stat;
    if (!world_prepare(&world, &call))
        return NULL;
    if (traces)
        call_print(stdout, original);
    const char *wrong = make_call(&call, &out);
    if (wrong)
        return wrong;
    if (call.verb == KILL)
        world_kill(&world, call.process);
    int result = mapring_stat(ring, &stat);
    if (result != MAPRING_OK) {
        snprintf(trouble, sizeof trouble, "mapring_stat() answers %s", mapring_last_error()->text);
        return trouble;
    }
    trace(&call, &out, &stat);
    return world_follow(&world, &call, &out, &stat);
}

const char *play(const struct script *script, size_t *at)
{
    const char *wrong = NULL;
    *at = 0;
    world_begin(&world, script);
    if (!make_ring(script))
        return mapring_last_error()->text;
    for (; *at < script->count && !wrong; ++*at)
        wrong = step(&script->call[*at]);
    if (wrong && wrong != trouble)
        snprintf(trouble, sizeof trouble, "%s", wrong);
    if (wrong)
        --*at;
    world_end(&world);
    close_ring();
    return wrong ? trouble : NULL;
}
