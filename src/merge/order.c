/* SPDX-License-Identifier: MIT */
/* The rule by which the records of several rings are merged. */
#include "merge/order.h"

#include <stdlib.h>

bool order_join(struct order *order, struct order_lane *lane)
{
    if (order->count == order->room) {
        size_t room = 2 * order->room + 8;
        struct order_lane **larger = realloc(order->lanes, room * sizeof(*larger));
        if (!larger)
            return false;
        order->lanes = larger;
        order->room = room;
    }
    order->lanes[order->count++] = lane;
    return true;
}

void order_leave(struct order *order, const struct order_lane *lane)
{
    size_t i = 0;
    while (i < order->count && order->lanes[i] != lane)
        i++;
    if (i == order->count)
        return;
    for (order->count--; i < order->count; i++)
        order->lanes[i] = order->lanes[i + 1];
    if (order->line == lane)
        order->line = NULL;
}

static int64_t within(int64_t value, int64_t least, int64_t most)
{
    return value < least ? least : value > most ? most : value;
}

/* The clock of a ring need not be the one of the reader: the system's may have been set in between.
 * An item was committed after its ring was last seen empty and before it was seen, and both are
 * bounds for the distance of the clocks. */
static void compare_clocks(struct order_lane *lane, int64_t now_ns)
{
    int64_t least = lane->time_ns - now_ns;
    int64_t most = lane->empty_ns > 0 ? lane->time_ns - lane->empty_ns : INT64_MAX;
    lane->offset_ns = within(lane->offset_ns, least, most < least ? least : most);
}

void order_saw_item(struct order *order, struct order_lane *lane, uint64_t time_ns, int64_t now_ns)
{
    int64_t time = time_ns > INT64_MAX ? INT64_MAX : (int64_t)time_ns;
    lane->shows = true;
    lane->look = ++order->looks;
    if (time > lane->time_ns)
        lane->time_ns = time;
    if (lane->has_times)
        compare_clocks(lane, now_ns);
}

void order_saw_nothing(struct order_lane *lane, int64_t now_ns)
{
    lane->shows = false;
    lane->empty_ns = now_ns;
}

static struct order_lane *first_seen(const struct order *order)
{
    struct order_lane *first = NULL;
    for (size_t i = 0; i < order->count; i++) {
        struct order_lane *lane = order->lanes[i];
        if (lane->shows && !lane->has_times && (!first || lane->look < first->look))
            first = lane;
    }
    return first;
}

static struct order_lane *earliest(const struct order *order)
{
    struct order_lane *first = NULL;
    for (size_t i = 0; i < order->count; i++) {
        struct order_lane *lane = order->lanes[i];
        if (lane->shows && lane->has_times && (!first || lane->time_ns < first->time_ns))
            first = lane;
    }
    return first;
}

/* When the item is older than the grace, by the reader's clock. It was committed before it was
 * seen, so this is never later than the grace after that. */
static int64_t due(const struct order *order, const struct order_lane *lane)
{
    int64_t committed_ns = lane->time_ns - lane->offset_ns;
    return committed_ns < INT64_MAX - order->grace_ns ? committed_ns + order->grace_ns
                                                      : INT64_MAX - 1;
}

/* What is late cannot become less late. */
static bool may_show_an_earlier_one(const struct order *order, const struct order_lane *than)
{
    if (than->time_ns < order->latest_ns)
        return false;
    for (size_t i = 0; i < order->count; i++) {
        const struct order_lane *lane = order->lanes[i];
        if (lane != than && lane->has_times && !lane->shows && lane->empty_ns < due(order, than))
            return true;
    }
    return false;
}

struct order_lane *order_choose(const struct order *order, int64_t *due_ns)
{
    *due_ns = ORDER_NEVER;
    if (order->line)
        return order->line->shows ? order->line : NULL;
    struct order_lane *timed = earliest(order), *plain = first_seen(order);
    if (timed && may_show_an_earlier_one(order, timed)) {
        *due_ns = due(order, timed);
        timed = NULL;
    }
    if (!timed || !plain)
        return timed ? timed : plain;
    return timed->look < plain->look ? timed : plain;
}

bool order_take(struct order *order, struct order_lane *lane, bool is_record, bool continued)
{
    bool continues = order->line == lane;
    bool late = is_record && !continues && lane->has_times && lane->time_ns < order->latest_ns;
    lane->shows = false;
    order->late += late;
    order->line = is_record && continued ? lane : NULL;
    if (lane->has_times && lane->time_ns > order->latest_ns)
        order->latest_ns = lane->time_ns;
    return late;
}
