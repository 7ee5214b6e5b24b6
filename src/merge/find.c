/* SPDX-License-Identifier: MIT */
/* Finding the rings of a merge by their names and patterns. */
#include "merge/find.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "error.h"
#include "merge/pattern.h"
#include "name.h"
#include "platform.h"
#include "ring/handle.h"

enum { RINGS_LIMIT = 256 };

static struct lane *lane_named(const mapring_merge *merge, const char *name)
{
    for (size_t i = 0; i < merge->order.count; i++)
        if (strcmp(merge_lane(merge, i)->name, name) == 0)
            return merge_lane(merge, i);
    return NULL;
}

static size_t rings(const mapring_merge *merge)
{
    size_t count = 0;
    for (size_t i = 0; i < merge->order.count; i++)
        count += !merge_lane(merge, i)->over;
    return count;
}

static int check_limit(const mapring_merge *merge, const char *name)
{
    uint32_t limit = merge->options.rings_limit ? merge->options.rings_limit : RINGS_LIMIT;
    if (rings(merge) < limit)
        return MAPRING_OK;
    return fail(MAPRING_ERROR_NO_MEMORY, name,
                "ring '%s' is left out: %" PRIu32 " rings are read already, which is "
                "options.rings_limit of the merge",
                name, limit);
}

static int take_in(mapring_merge *merge, struct lane *lane)
{
    if (order_join(&merge->order, &lane->order))
        return MAPRING_OK;
    fail_memory(lane->name, "a place in a merge");
    lane_free(lane);
    return MAPRING_ERROR_NO_MEMORY;
}

static int join(mapring_merge *merge, const char *name, bool later)
{
    int result = check_limit(merge, name);
    if (result != MAPRING_OK)
        return result;
    struct lane *lane = lane_new(name);
    if (!lane)
        return MAPRING_ERROR_NO_MEMORY;
    result = lane_open(lane, &merge->options, later);
    if (result == MAPRING_OK && merge->check_ring)
        result = merge->check_ring(&lane_reader(lane)->ring);
    if (result == MAPRING_OK)
        return take_in(merge, lane);
    lane_free(lane);
    return result;
}

static bool may_appear(int result)
{
    /* not covered: another process takes two seconds to create the ring, or, on Windows, still has
     * one of that name open that was removed */
    return result == MAPRING_ERROR_NOT_THERE || result == MAPRING_ERROR_BEING_CREATED ||
           result == MAPRING_ERROR_IN_USE;
}

/* Opens the ring to see when it was created: 0 if that fails. */
static int look_for(const mapring_merge *merge, const char *name, uint64_t *created_ns)
{
    const struct mapring_options attach = {.how = MAPRING_ATTACH, .scope = merge->options.scope};
    mapring_ring *ring;
    int result = mapring_open(&ring, name, &attach);
    *created_ns = result == MAPRING_OK ? ring->ring.header->identity.created_ns : 0;
    mapring_close(ring);
    return result;
}

/* The failure is the only item of its lane. Without memory for that, the ring is tried again. */
static void leave_out(mapring_merge *merge, const char *name, int failure)
{
    struct mapring_error error = *mapring_last_error();
    struct lane *lane = lane_new(name);
    /* not covered: there is no memory to say that there is no memory */
    if (!lane || take_in(merge, lane) != MAPRING_OK)
        return;
    look_for(merge, name, &lane->created_ns);
    error_restore(&error);
    lane_keep_failure(lane, failure);
    lane->over = true;
    order_saw_item(&merge->order, &lane->order, 0, merge->now_ns);
}

/* Returns whether the ring is read. */
static bool join_or_leave_out(mapring_merge *merge, const char *name, bool later)
{
    struct lane *lane = lane_named(merge, name);
    if (lane)
        return !lane->over;
    int result = join(merge, name, later);
    if (result < 0 && !may_appear(result))
        leave_out(merge, name, result);
    return result == MAPRING_OK;
}

/* A search of the names that exist. */
struct search {
    mapring_merge *merge;
    struct wanted *first; /* of the patterns that are searched for */
    size_t count;
    bool later;
};

static bool found_name(const char *name, void *context)
{
    const struct search *search = context;
    for (size_t i = 0; i < search->count; i++) {
        struct wanted *wanted = &search->first[i];
        if (wanted->is_pattern && mapring_name_matches(name, wanted->text) &&
            join_or_leave_out(search->merge, name, search->later))
            wanted->found = true;
    }
    return true;
}

static bool has_patterns(const mapring_merge *merge)
{
    for (size_t i = 0; i < merge->wanted_count; i++)
        if (merge->wanted[i].is_pattern)
            return true;
    return false;
}

/* Whether the name still leads to the ring that was left out. */
static bool is_still_there(const mapring_merge *merge, const struct lane *lane)
{
    uint64_t created_ns;
    int result = look_for(merge, lane->name, &created_ns);
    return !may_appear(result) && created_ns == lane->created_ns;
}

static void forget_those_gone(mapring_merge *merge)
{
    for (size_t i = merge->order.count; i-- > 0;) {
        struct lane *lane = merge_lane(merge, i);
        if (!lane->over || is_still_there(merge, lane))
            continue;
        order_leave(&merge->order, &lane->order);
        lane_free(lane);
    }
}

void merge_search(mapring_merge *merge)
{
    struct mapring_error before = *mapring_last_error();
    struct search search = {merge, merge->wanted, merge->wanted_count, true};
    forget_those_gone(merge);
    for (size_t i = 0; i < merge->wanted_count; i++) {
        struct wanted *wanted = &merge->wanted[i];
        if (!wanted->is_pattern && join_or_leave_out(merge, wanted->text, true))
            wanted->found = true;
    }
    if (has_patterns(merge))
        mapring_list(merge->options.scope, found_name, &search);
    error_restore(&before);
}

struct news {
    const mapring_merge *merge;
    bool has_appeared;
};

static bool is_news(const char *name, void *context)
{
    struct news *news = context;
    const mapring_merge *merge = news->merge;
    for (size_t i = 0; i < merge->wanted_count && !news->has_appeared; i++)
        news->has_appeared = merge->wanted[i].is_pattern &&
                             mapring_name_matches(name, merge->wanted[i].text) &&
                             !lane_named(merge, name);
    return !news->has_appeared;
}

bool merge_has_appeared(const mapring_merge *merge)
{
    struct news news = {merge, false};
    uint64_t created_ns;
    for (size_t i = 0; i < merge->wanted_count && !news.has_appeared; i++) {
        const struct wanted *wanted = &merge->wanted[i];
        news.has_appeared = !wanted->is_pattern && !lane_named(merge, wanted->text) &&
                            !may_appear(look_for(merge, wanted->text, &created_ns));
    }
    if (!news.has_appeared && has_patterns(merge))
        mapring_list(merge->options.scope, is_news, &news);
    return news.has_appeared;
}

static int want(mapring_merge *merge, const char *text, bool is_pattern)
{
    size_t bytes = strlen(text) + 1;
    struct wanted *larger =
        realloc(merge->wanted, (merge->wanted_count + 1) * sizeof *merge->wanted);
    if (larger)
        merge->wanted = larger;
    char *copy = larger ? malloc(bytes) : NULL;
    if (!copy)
        return fail_memory(text, "the name");
    memcpy(copy, text, bytes);
    merge->wanted[merge->wanted_count++] = (struct wanted){copy, is_pattern, false};
    return MAPRING_OK;
}

int merge_await(mapring_merge *merge, const char *name)
{
    merge->next_search_ns = 0;
    return want(merge, name, false);
}

/* Takes back what was wanted last. */
static void unwant(mapring_merge *merge)
{
    free(merge->wanted[--merge->wanted_count].text);
}

static int find_pattern(mapring_merge *merge, struct wanted *wanted)
{
    struct search search = {merge, wanted, 1, false};
    const struct mapring_error before = *mapring_last_error();
    int result = mapring_list(merge->options.scope, found_name, &search);
    if (result == MAPRING_OK)
        error_restore(&before);
    return result;
}

/* That a ring is not there is no failure. */
static int find_name(mapring_merge *merge, struct wanted *wanted)
{
    const struct lane *lane = lane_named(merge, wanted->text);
    int result = lane ? MAPRING_OK : join(merge, wanted->text, false);
    wanted->found = result == MAPRING_OK && !(lane && lane->over);
    return may_appear(result) ? MAPRING_OK : result;
}

static int check_text(const mapring_merge *merge, const char *text)
{
    struct ring_name parsed;
    return pattern_is_one(text) ? pattern_check(text)
                                : ring_name_parse(&parsed, text, merge->options.scope);
}

static int add(mapring_merge *merge, const char *text)
{
    int result = check_text(merge, text);
    if (result == MAPRING_OK)
        result = want(merge, text, pattern_is_one(text));
    if (result != MAPRING_OK)
        return result;
    struct wanted *wanted = &merge->wanted[merge->wanted_count - 1];
    result = wanted->is_pattern ? find_pattern(merge, wanted) : find_name(merge, wanted);
    bool found = wanted->found;
    if (result != MAPRING_OK)
        unwant(merge);
    return result == MAPRING_OK && !found ? MAPRING_NOTHING : result;
}

int mapring_merge_add(mapring_merge *merge, const char *name)
{
    if (!name)
        return fail(MAPRING_ERROR_ARGUMENT, NULL, "the name of the ring is a null pointer");
    int result = merge_check(merge, merge);
    if (result != MAPRING_OK)
        return result;
    bool armed = notifier_pause(merge->notifier);
    result = add(merge, name);
    if (armed) /* for other rings: arm again */
        platform_signal_set(merge->ready);
    return outcome(result);
}
