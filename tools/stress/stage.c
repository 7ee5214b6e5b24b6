/* SPDX-License-Identifier: MIT */
/* A round of mapring stress: starts the players, kills some of them again and again, and checks at
 * the end that nothing is missing. */
#include "stage.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "board.h"
#include "choices.h"
#include "core/os.h"
#include "roles.h"
#include "shared/message.h"
#include "shared/os.h"

#define SECOND_NS INT64_C(1000000000)

enum { PATIENCE_S = 60, LOOK_MS = 2, OPENS_FIRST = 4, AIM_NS = 3000000, AIM_RECORDS = 2 };

struct stage {
    const struct plan *plan;
    struct os_view view;
    struct board *board;
    struct bench_process process[PLAYERS_MOST];
    uint64_t opened[PLAYERS_MOST]; /* as its present process found it */
    uint64_t started;
    struct choices choices;
    struct stage_sums *sums, before;
    void (*show)(const struct stage_sums *sums);
    uint64_t turns[PLAYERS_MOST];   /* when it last moved ... */
    int64_t moved_ns[PLAYERS_MOST]; /* ... and when that was */
    char *problem;
    size_t problem_bytes;
};

__attribute__((format(__MINGW_PRINTF_FORMAT, 2, 3))) static bool
find_problem(struct stage *stage, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    if (stage->problem[0] == '\0')
        vsnprintf(stage->problem, stage->problem_bytes, format, arguments);
    va_end(arguments);
    return false;
}

static const char *role_at(const struct stage *stage, unsigned number)
{
    return role_name(role_of(stage->plan, number));
}

/* ---- Players come and go ---- */

static bool start(struct stage *stage, unsigned number)
{
    char text[2][32];
    snprintf(text[0], sizeof text[0], "%u", number);
    snprintf(text[1], sizeof text[1], "%" PRIu64, stage->started++);
    const char *arguments[] = {"stress", "player", stage->view.name, text[0], text[1], NULL};
    stage->opened[number] = word_get(&stage->board->player[number].opened);
    stage->moved_ns[number] = os_now_ns();
    return bench_spawn(&stage->process[number], arguments) ||
           find_problem(stage, "cannot start a process: %s", os_error());
}

/* A player may end by itself only after it has done all. */
static bool check_player(struct stage *stage, unsigned number)
{
    const struct player *player = &stage->board->player[number];
    if (word_get(&player->failed))
        return find_problem(stage, "%s %u: %s", role_at(stage, number), number, player->problem);
    if (bench_is_alive(&stage->process[number]) || word_get(&player->ended) ||
        word_get(&player->failed))
        return true;
    return find_problem(stage,
                        "%s %u has ended by itself: it crashed, or somebody else has killed it",
                        role_at(stage, number), number);
}

static void count(struct stage *stage)
{
    struct stage_sums *sums = stage->sums;
    uint64_t kills = sums->kills;
    *sums = stage->before;
    sums->kills = kills;
    for (unsigned i = 0; i < roles_count(stage->plan); i++) {
        const struct player *player = &stage->board->player[i];
        bool sends = role_of(stage->plan, i) == ROLE_PRODUCER;
        *(sends ? &sums->sent : &sums->read) += word_get(&player->records);
        *(sends ? &sums->dropped : &sums->lost) += word_get(&player->lost);
    }
}

static bool check_moves(struct stage *stage, unsigned number)
{
    const struct player *player = &stage->board->player[number];
    uint64_t turns = word_get(&player->turns);
    if (turns != stage->turns[number] || word_get(&player->ended))
        stage->moved_ns[number] = os_now_ns();
    stage->turns[number] = turns;
    return os_now_ns() - stage->moved_ns[number] < PATIENCE_S * SECOND_NS ||
           find_problem(stage, "%s %u has not moved for %d s", role_at(stage, number), number,
                        PATIENCE_S);
}

static bool check_players(struct stage *stage)
{
    for (unsigned i = 0; i < roles_count(stage->plan); i++)
        if (!check_player(stage, i) || !check_moves(stage, i))
            return false;
    count(stage);
    stage->show(stage->sums);
    return true;
}

static bool pause_until(struct stage *stage, int64_t end_ns)
{
    while (os_now_ns() < end_ns && os_interrupted() == 0) {
        if (!check_players(stage))
            return false;
        os_pause_ms(LOOK_MS);
    }
    return true;
}

/* Three times in four, victims have opened the ring before they die. */
static bool await_opened(struct stage *stage)
{
    int64_t end_ns = os_now_ns() + PATIENCE_S * SECOND_NS;
    if (choose_one_in(&stage->choices, OPENS_FIRST))
        return true;
    for (unsigned i = stage->plan->producers; i < roles_count(stage->plan); i++)
        while (word_get(&stage->board->player[i].opened) == stage->opened[i] &&
               os_now_ns() < end_ns && os_interrupted() == 0)
            if (!pause_until(stage, os_now_ns() + LOOK_MS * SECOND_NS / 1000))
                return false;
    return true;
}

/* Who waits without sleeping dies while it releases, and not while it finds nothing. */
static void aim(struct stage *stage, unsigned number)
{
    const struct player *player = &stage->board->player[number];
    uint64_t released = word_get(&player->released);
    int64_t end_ns = os_now_ns() + AIM_NS;
    if (stage->plan->sleeps || role_of(stage->plan, number) != ROLE_DURABLE)
        return;
    while (word_get(&player->released) - released < AIM_RECORDS && os_now_ns() < end_ns)
        continue;
}

/* Kills one, several or all at once, and starts them again. */
static bool kill_some(struct stage *stage)
{
    unsigned players = roles_count(stage->plan), victims[PLAYERS_MOST], chosen = 0;
    uint64_t share = 1 + choose_below(&stage->choices, players);
    for (unsigned i = 0; i < players; i++)
        if (choose_below(&stage->choices, players) < share)
            victims[chosen++] = i;
    for (unsigned i = 0; i < chosen; i++) {
        if (!check_player(stage, victims[i]))
            return false;
        aim(stage, victims[i]);
        bench_kill(&stage->process[victims[i]]);
    }
    stage->sums->kills += chosen;
    for (unsigned i = 0; i < chosen; i++)
        if (!start(stage, victims[i]))
            return false;
    return true;
}

static bool play(struct stage *stage)
{
    const struct plan *plan = stage->plan;
    int64_t end_ns = os_now_ns() + plan->duration_ns;
    for (unsigned i = 0; i < roles_count(plan); i++)
        if (!start(stage, i))
            return false;
    while (os_now_ns() < end_ns && os_interrupted() == 0) {
        int64_t life_ns = plan->life_ns > 0
                              ? (int64_t)choose_below(&stage->choices, (uint64_t)plan->life_ns)
                              : plan->duration_ns;
        if (!await_opened(stage) || !pause_until(stage, os_now_ns() + life_ns) ||
            !check_players(stage))
            return false;
        if (plan->life_ns > 0 && os_now_ns() < end_ns && !kill_some(stage))
            return false;
    }
    return true;
}

/* ---- The end ---- */

static bool await_end(struct stage *stage, unsigned first, unsigned last)
{
    for (unsigned i = first; i < last; i++) {
        while (!word_get(&stage->board->player[i].ended))
            if (os_interrupted() != 0 || !pause_until(stage, os_now_ns() + 1))
                return false;
        bench_wait(&stage->process[i]);
    }
    return true;
}

static bool check_reader(struct stage *stage, unsigned number, const struct mapring_stat *stat)
{
    const struct player *player = &stage->board->player[number];
    bool drops = stage->plan->when_full == MAPRING_DROP;
    bool is_durable = role_of(stage->plan, number) == ROLE_DURABLE;
    if (player->next > stat->sequence ||
        (player->next > 0 && player->next < stat->sequence && !drops))
        return find_problem(stage, "%s %u ended before record %" PRIu64 ", the ring with %" PRIu64,
                            role_at(stage, number), number, player->next, stat->sequence);
    if (is_durable && !drops && player->released != stat->sequence)
        return find_problem(stage, "%s %u released those before %" PRIu64 " of %" PRIu64 " records",
                            role_at(stage, number), number, player->released, stat->sequence);
    return true;
}

static bool check_ring(struct stage *stage)
{
    static struct mapring_stat stat;
    const struct mapring_options attach = {.how = MAPRING_ATTACH};
    mapring_ring *ring;
    if (mapring_open(&ring, stage->board->ring, &attach) != MAPRING_OK)
        return find_problem(stage, "%s", mapring_last_error()->text);
    int result = mapring_stat(ring, &stat);
    mapring_close(ring);
    if (result != MAPRING_OK)
        return find_problem(stage, "%s", mapring_last_error()->text);
    if (!stat.balanced)
        return find_problem(stage, "the ring's numbers do not add up: see 'mapring stat'");
    if (stat.records + stat.dropped_records < stage->board->sent)
        return find_problem(stage,
                            "the ring has had %" PRIu64 " records, and %" PRIu64 " were sent",
                            stat.records + stat.dropped_records, stage->board->sent);
    bool good = true;
    for (unsigned i = stage->plan->producers; i < roles_count(stage->plan); i++)
        good = good && check_reader(stage, i, &stat);
    return good;
}

static bool send_the_last(struct stage *stage)
{
    word_set(&stage->board->phase, PHASE_SEND_THE_LAST);
    word_set(&stage->board->player[0].ended, 0);
    return start(stage, 0) && await_end(stage, 0, 1);
}

static bool finish(struct stage *stage)
{
    word_set(&stage->board->phase, PHASE_SEND_NO_MORE);
    if (!await_end(stage, 0, stage->plan->producers) || !send_the_last(stage))
        return false;
    word_set(&stage->board->phase, PHASE_READ_TO_THE_END);
    return await_end(stage, stage->plan->producers, roles_count(stage->plan)) &&
           check_players(stage) && check_ring(stage);
}

/* ---- The ring and the board ---- */

/* A durable consumer that has its place from the beginning misses nothing. */
static bool place_durable(struct stage *stage)
{
    for (unsigned i = 0; i < roles_count(stage->plan); i++) {
        char name[MAPRING_NAME_BYTES];
        snprintf(name, sizeof name, "player-%u", i);
        const struct mapring_consumer_options options = {
            .name = name, .durable = true, .from = MAPRING_OLDEST};
        mapring_consumer *consumer;
        if (role_of(stage->plan, i) != ROLE_DURABLE)
            continue;
        if (mapring_consumer_open(&consumer, stage->board->ring, &options) != MAPRING_OK)
            return find_problem(stage, "%s", mapring_last_error()->text);
        mapring_consumer_close(consumer);
    }
    return true;
}

static mapring_ring *make_ring(struct stage *stage)
{
    const struct plan *plan = stage->plan;
    const struct mapring_options options = {
        .how = MAPRING_CREATE,
        .capacity_bytes = plan->capacity_bytes,
        .slot_bytes = plan->slot_bytes,
        .when_full = plan->when_full,
        .times = plan->times,
    };
    mapring_ring *ring;
    if (mapring_open(&ring, stage->board->ring, &options) == MAPRING_OK)
        return ring;
    find_problem(stage, "%s", mapring_last_error()->text);
    return NULL;
}

static bool open_board(struct stage *stage, const char *folder)
{
    char name[64];
    snprintf(name, sizeof name, "mapring-stress-%" PRIu64, bench_process_id());
    if (!os_view_write(&stage->view, name, sizeof *stage->board, 0))
        return find_problem(stage, "cannot share memory");
    stage->board = (struct board *)(void *)stage->view.data;
    memset(stage->board, 0, sizeof *stage->board);
    stage->board->plan = *stage->plan;
    stage->board->conductor = bench_process_id();
    snprintf(stage->board->ring, sizeof stage->board->ring, "%s%sstress-%" PRIu64 "-%" PRIu64,
             stage->plan->in_file ? folder : "", stage->plan->in_file ? "/" : "",
             bench_process_id(), stage->plan->round);
    return true;
}

static void clear(struct stage *stage, mapring_ring *ring)
{
    for (unsigned i = 0; i < roles_count(stage->plan); i++)
        bench_kill(&stage->process[i]);
    if (ring) {
        mapring_close(ring);
        mapring_remove(stage->board->ring, MAPRING_LOCAL, true);
    }
    os_view_remove(&stage->view);
    os_view_close(&stage->view);
}

enum stage_end stage_run(const struct plan *plan, const char *folder, struct stage_sums *sums,
                         void (*show)(const struct stage_sums *sums), char *problem, size_t bytes)
{
    static struct stage stage;
    stage = (struct stage){.plan = plan,
                           .sums = sums,
                           .before = *sums,
                           .show = show,
                           .problem = problem,
                           .problem_bytes = bytes};
    stage.choices.state = choices_mix(~plan->seed) + plan->round;
    problem[0] = '\0';
    if (!open_board(&stage, folder))
        return STAGE_FAILED;
    mapring_ring *ring = make_ring(&stage);
    bool good = ring && place_durable(&stage) && play(&stage) && finish(&stage);
    clear(&stage, ring);
    sums->rounds++;
    if (problem[0] != '\0')
        return STAGE_FAILED;
    return good && os_interrupted() == 0 ? STAGE_HELD : STAGE_INTERRUPTED;
}
