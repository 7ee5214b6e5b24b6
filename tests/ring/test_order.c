/* SPDX-License-Identifier: MIT */
/* The rule by which records of several rings are merged, with made-up times. */
#include "helpers.h"
#include "merge/order.h"

enum { LANES = 5, GRACE = 100, START = 1000000 };

static struct order_lane lanes[LANES];
static struct order order;

/* Rings with times, none of which has been looked at. */
static void begin(size_t count)
{
    free(order.lanes);
    order = (struct order){.grace_ns = GRACE};
    for (size_t i = 0; i < count; i++) {
        lanes[i] = (struct order_lane){.has_times = true};
        check(order_join(&order, &lanes[i]));
    }
}

static void see(size_t lane, int64_t time_ns, int64_t now_ns)
{
    order_saw_item(&order, &lanes[lane], (uint64_t)time_ns, now_ns);
}

static void see_nothing(size_t lane, int64_t now_ns)
{
    order_saw_nothing(&lanes[lane], now_ns);
}

/* The next lane, or -1; its record is taken. */
static int next(void)
{
    int64_t due;
    struct order_lane *lane = order_choose(&order, &due);
    if (!lane)
        return -1;
    order_take(&order, lane, true, false);
    return (int)(lane - lanes);
}

static int64_t due(void)
{
    int64_t due_ns;
    check(!order_choose(&order, &due_ns));
    return due_ns;
}

static void the_earliest_comes_first(void **state)
{
    (void)state;
    begin(3);
    see(0, 30, START);
    see(1, 10, START);
    see(2, 20, START);
    check_number(1, next());
    check_number(-1, next());
    see(1, 40, START);
    check_number(2, next());
    see(2, 50, START);
    check_number(0, next());
    check_number(0, order.late);
}

static void an_empty_ring_holds_back_what_is_younger_than_the_grace(void **state)
{
    (void)state;
    begin(2);
    see(0, START, START);
    see_nothing(1, START + GRACE - 1);
    check_number(START + GRACE, due());
    see_nothing(1, START + GRACE);
    check_number(0, next());
}

static void what_comes_within_the_grace_is_in_order(void **state)
{
    (void)state;
    begin(2);
    see(0, START, START);
    see_nothing(1, START + GRACE - 1);
    check_number(-1, next());
    see(1, START - 5, START + GRACE);
    check_number(1, next());
    see_nothing(1, START + GRACE);
    check_number(0, next());
    check_number(0, order.late);
}

static void old_records_are_not_held_back(void **state)
{
    (void)state;
    begin(3);
    see_nothing(1, START);
    see_nothing(2, START);
    for (int i = 0; i < 10; i++) {
        see(0, i + 1, START);
        check_number(0, next());
    }
}

static void a_ring_that_was_never_looked_at_is_waited_for(void **state)
{
    (void)state;
    begin(2);
    see(0, 1, START);
    check_number(-1, next());
    see_nothing(1, START);
    check_number(0, next());
}

static void at_equal_times_the_first_ring_comes_first(void **state)
{
    (void)state;
    begin(3);
    for (size_t i = LANES - 2; i > 0; i--)
        see(i - 1, 7, START);
    check_number(0, next());
    see(0, 7, START);
    check_number(0, next());
    see_nothing(0, START);
    check_number(1, next());
    see_nothing(1, START);
    check_number(2, next());
    check_number(0, order.late);
}

static void what_is_too_late_is_counted_and_comes_at_once(void **state)
{
    (void)state;
    begin(2);
    see(0, START, START);
    see_nothing(1, START + GRACE);
    check_number(0, next());
    see_nothing(0, START + GRACE);
    see(1, START - 1, START + GRACE + 1);
    check_number(1, next());
    check_number(1, order.late);
    see(1, START, START + 2 * GRACE);
    see_nothing(0, START + 3 * GRACE + 1);
    check_number(1, next());
    check_number(1, order.late);
}

static void rings_without_times_take_turns_and_hold_nothing_back(void **state)
{
    (void)state;
    begin(4);
    lanes[1].has_times = lanes[2].has_times = lanes[3].has_times = false;
    see_nothing(3, START);
    see(2, 0, START);
    see(1, 0, START);
    see(0, 5, START);
    check_number(2, next());
    see(2, 0, START);
    check_number(1, next());
    see(1, 0, START);
    check_number(0, next());
    check_number(2, next());
    check_number(1, next());
    check_number(-1, next());
    check_number(0, order.late);
}

static void a_line_is_not_torn(void **state)
{
    (void)state;
    int64_t due_ns;
    begin(2);
    lanes[1].has_times = false;
    see(0, 10, START);
    check(order_choose(&order, &due_ns) == &lanes[0]);
    check(!order_take(&order, &lanes[0], true, true));
    see(1, 0, START);
    see_nothing(0, START);
    check_number(ORDER_NEVER, due());
    see(0, 20, START);
    check_number(0, next());
    check_number(1, next());
}

static void a_line_ends_with_its_ring(void **state)
{
    (void)state;
    begin(2);
    see(0, 10, START);
    see(1, 20, START);
    order_take(&order, &lanes[0], true, true);
    order_leave(&order, &lanes[0]);
    check_number(1, next());
    order_leave(&order, &lanes[0]); /* which changes nothing */
    check_number(1, order.count);
}

/* Only the first part of a line can be late. */
static void a_late_line_is_counted_once(void **state)
{
    (void)state;
    begin(1);
    see(0, 10, START);
    check_number(0, next());
    lanes[0].time_ns = 0; /* as if of another ring */
    see(0, 5, START);
    check(order_take(&order, &lanes[0], true, true));
    see(0, 6, START);
    check(!order_take(&order, &lanes[0], true, false));
    check_number(1, order.late);
}

static void what_is_no_record_is_never_late(void **state)
{
    (void)state;
    begin(2);
    see(0, 10, START);
    see(1, 5, START);
    order_take(&order, &lanes[0], true, false);
    check(!order_take(&order, &lanes[1], false, false));
    check_number(0, order.late);
}

static void an_unknown_time_is_that_of_the_record_before(void **state)
{
    (void)state;
    begin(2);
    see(0, 10, START);
    see(1, 11, START);
    check_number(0, next());
    see(0, 0, START);
    check_number(0, next());
    check_number(0, order.late);
}

/* The clock of its producer's system was set. */
static void a_clock_that_is_ahead_holds_nothing_back_for_longer(void **state)
{
    (void)state;
    const int64_t ahead = 3600 * SECONDS;
    begin(2);
    see(0, START + ahead, START);
    see_nothing(1, START + GRACE);
    check_number(0, next());
    see(0, START + ahead + 1, START + 1);
    see_nothing(1, START + GRACE + 1);
    check_number(0, next());
    see(0, INT64_MAX, START + 2 * GRACE);
    see_nothing(1, START + 3 * GRACE);
    check_number(0, next());
    order_saw_item(&order, &lanes[0], UINT64_MAX, START + 3 * GRACE);
    see_nothing(1, START + 4 * GRACE);
    check_number(0, next());
}

static void a_clock_that_is_behind_is_noticed_at_the_first_record_that_comes(void **state)
{
    (void)state;
    const int64_t now = 7200 * SECONDS, behind = 3600 * SECONDS;
    begin(2);
    see_nothing(0, now);
    see_nothing(1, now);
    see(0, now - behind + 10, now + 10);
    check_number(-1, next());
    check(due() <= now + 10 + GRACE && due() >= now + GRACE);
    see(1, now - behind + 5, now + 11);
    check_number(1, next());
}

static void a_grace_may_have_no_end(void **state)
{
    (void)state;
    begin(2);
    order.grace_ns = INT64_MAX;
    see(0, START, START);
    see_nothing(1, INT64_MAX - 2);
    check_number(INT64_MAX - 1, due());
    see(1, START + 1, START + 1);
    check_number(0, next());
}

/* Producers that read the clock and commit a little later, and a reader that looks now and then:
 * order, and how long a record was held back. */
struct sent {
    int64_t time, visible;
};

static void play(uint64_t seed, int64_t delay, uint64_t *late)
{
    enum { COUNT = 200 };
    static struct sent sent[LANES][COUNT];
    size_t taken[LANES] = {0}, total = 0;
    int64_t latest = 0, now = START, out_of_order = 0;
    begin(LANES);
    for (size_t i = 0; i < LANES; i++)
        for (int64_t j = 0, time = START, visible = 0; j < COUNT; j++) {
            time += (int64_t)(mix(seed ^ (i * COUNT + (uint64_t)j)) % 300);
            int64_t shown = time + (int64_t)(mix(seed + i + 7 * (uint64_t)j) % (uint64_t)delay);
            visible = shown > visible ? shown : visible;
            sent[i][j] = (struct sent){time, visible};
        }
    while (total < LANES * COUNT) {
        now += 1 + (int64_t)(mix(seed + total + (uint64_t)now) % 50);
        for (size_t i = 0; i < LANES; i++) {
            if (lanes[i].shows)
                continue;
            if (taken[i] < COUNT && sent[i][taken[i]].visible <= now)
                see(i, sent[i][taken[i]].time, now);
            else
                see_nothing(i, now);
        }
        for (int lane; (lane = next()) >= 0; total++) {
            const struct sent *record = &sent[lane][taken[lane]++];
            out_of_order += record->time < latest;
            latest = record->time > latest ? record->time : latest;
            if (taken[lane] < COUNT && sent[lane][taken[lane]].visible <= now)
                see((size_t)lane, sent[lane][taken[lane]].time, now);
            else
                see_nothing((size_t)lane, now);
        }
        for (size_t i = 0; i < LANES; i++) /* not held back for long */
            check(!lanes[i].shows || now <= sent[i][taken[i]].visible + delay + 2 * GRACE);
    }
    check_number(out_of_order, order.late);
    *late += order.late;
}

static void records_that_commit_within_the_grace_are_sorted(void **state)
{
    (void)state;
    uint64_t late = 0;
    for (uint64_t seed = 1; seed <= 50; seed++)
        play(seed, GRACE, &late);
    check_number(0, late);
}

static void records_that_commit_later_are_counted_and_none_is_lost(void **state)
{
    (void)state;
    uint64_t late = 0;
    for (uint64_t seed = 1; seed <= 50; seed++)
        play(seed, 5 * GRACE, &late);
    check(late > 0);
}

static const struct CMUnitTest tests[] = {
    TEST(the_earliest_comes_first),
    TEST(an_empty_ring_holds_back_what_is_younger_than_the_grace),
    TEST(what_comes_within_the_grace_is_in_order),
    TEST(old_records_are_not_held_back),
    TEST(a_ring_that_was_never_looked_at_is_waited_for),
    TEST(at_equal_times_the_first_ring_comes_first),
    TEST(what_is_too_late_is_counted_and_comes_at_once),
    TEST(rings_without_times_take_turns_and_hold_nothing_back),
    TEST(a_line_is_not_torn),
    TEST(a_line_ends_with_its_ring),
    TEST(a_late_line_is_counted_once),
    TEST(what_is_no_record_is_never_late),
    TEST(an_unknown_time_is_that_of_the_record_before),
    TEST(a_clock_that_is_ahead_holds_nothing_back_for_longer),
    TEST(a_clock_that_is_behind_is_noticed_at_the_first_record_that_comes),
    TEST(a_grace_may_have_no_end),
    TEST(records_that_commit_within_the_grace_are_sorted),
    TEST(records_that_commit_later_are_counted_and_none_is_lost),
};

static const struct role roles[] = {{NULL, NULL}};

TEST_MAIN(roles, tests)
