/* SPDX-License-Identifier: MIT */
/* A process that plays a role in mapring stress. */
#include "player.h"

#include "reader.h"
#include "roles.h"
#include "sender.h"
#include "shared/os.h"
#include "shared/values.h"

static void play_role(struct play *play)
{
    enum role role = role_of(play->plan, play->number);
    if (role == ROLE_PRODUCER)
        sender_play(play);
    else
        reader_play(play, role);
    word_set(&play->player->ended, 1);
}

int player_run(const char *board, const char *number, const char *turn)
{
    struct os_view view;
    uint64_t index = 0, chance = 0;
    if (!read_number(number, 10, &index) || index >= PLAYERS_MOST ||
        !read_number(turn, 10, &chance) || !os_view_write(&view, board, sizeof(struct board), 0))
        return EXIT_FAILED;
    struct board *shared = (struct board *)(void *)view.data;
    if (view.created || index >= roles_count(&shared->plan)) { /* the conductor is gone */
        os_view_remove(&view);
    } else {
        const struct plan *plan = &shared->plan;
        struct play play = {.view = &view,
                            .board = shared,
                            .plan = plan,
                            .player = &shared->player[index],
                            .number = (unsigned)index};
        play.choices.state = choices_mix(plan->seed + plan->round) + (index << 32) + chance;
        play_role(&play);
    }
    os_view_close(&view);
    return EXIT_DONE;
}
