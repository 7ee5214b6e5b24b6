/* SPDX-License-Identifier: MIT */
/* Writes and reads clock points. Readers check nothing but the number of points: what a hostile
 * producer writes leads to wrong times, and to nothing else. */
#include "ring/clock.h"

#include "layout.h"

/* P: the point comes before the record that it applies to. Whoever sees a part of it also sees that
 * the entry is in use again. */
void clock_write(struct ring *ring, const struct clock_point *point)
{
    uint64_t made = load_relaxed(&ring->header->clock_points_made);
    struct ring_clock_point *entry = &ring->header->clock_points[made % CLOCK_POINT_COUNT];
    store_release(&entry->sequence, point->sequence);
    store_release(&entry->counter, point->counter);
    store_release(&entry->ns, point->ns);
    store_release(&entry->rate, point->rate);
    store_release(&entry->uncertainty_ns, point->uncertainty_ns);
    store_release(&entry->clock, point->clock);
    store_release(&ring->header->clock_points_made, made + 1);
}

/* The oldest entry may be being rewritten, and does not count. */
static bool read_numbered(const struct ring *ring, uint64_t number, struct clock_point *point)
{
    const struct ring_clock_point *entry = &ring->header->clock_points[number % CLOCK_POINT_COUNT];
    point->sequence = load_acquire(&entry->sequence);
    point->counter = load_acquire(&entry->counter);
    point->ns = load_acquire(&entry->ns);
    point->rate = load_acquire(&entry->rate);
    point->uncertainty_ns = load_acquire(&entry->uncertainty_ns);
    point->clock = load_acquire(&entry->clock);
    return load_relaxed(&ring->header->clock_points_made) - number < CLOCK_POINT_COUNT;
}

bool clock_newest(const struct ring *ring, struct clock_point *point)
{
    uint64_t made = load_acquire(&ring->header->clock_points_made);
    /* not covered: the first producer has died before its first point, or all are replaced just then */
    return made > 0 && read_numbered(ring, made - 1, point);
}

unsigned clock_points_since(const struct ring *ring, uint64_t sequence)
{
    uint64_t made = load_acquire(&ring->header->clock_points_made);
    struct clock_point point;
    unsigned count = 0;
    /* not covered: called by the producer, so that no point is replaced just then */
    while (count < CLOCK_POINT_COUNT - 1 && count < made &&
           read_numbered(ring, made - 1 - count, &point)) {
        count++;
        if (ahead(sequence, point.sequence) >= 0)
            break;
    }
    return count;
}

uint64_t clock_ns(uint64_t counts, uint64_t rate)
{
    uint64_t high = counts >> 32, low = (uint32_t)counts;
    uint64_t from_low = low * (rate >> 32) + (low * (uint32_t)rate >> 32);
    uint64_t ns;
    /* not covered: the sum overflows, but not the product */
    if (__builtin_mul_overflow(high, rate, &ns) || __builtin_add_overflow(ns, from_low, &ns))
        return UINT64_MAX;
    return ns;
}

uint64_t clock_time(const struct clock_point *point, uint64_t counter)
{
    uint64_t ns;
    if (ahead(counter, point->counter) < 0) {
        uint64_t before = clock_ns(point->counter - counter, point->rate);
        return before < point->ns ? point->ns - before : 0;
    }
    ns = clock_ns(counter - point->counter, point->rate);
    return __builtin_add_overflow(ns, point->ns, &ns) ? UINT64_MAX : ns;
}

/* Leaves `made` 0 if all points are replaced just then. */
static void look_up(const struct ring *ring, struct clock_view *view, uint64_t sequence,
                    uint64_t made)
{
    struct clock_point point;
    view->made = 0;
    view->until = sequence + (UINT64_C(1) << 62);
    /* not covered: points are replaced just then, or all are after the record */
    for (uint64_t back = 1; back < CLOCK_POINT_COUNT && back <= made; back++) {
        /* not covered: see above */
        if (!read_numbered(ring, made - back, &point))
            break;
        view->made = made;
        view->point = point;
        view->from = point.sequence;
        view->is_before = ahead(sequence, point.sequence) < 0;
        if (!view->is_before)
            return;
        view->until = point.sequence;
    }
    view->from = sequence;
}

static bool is_current(const struct clock_view *view, uint64_t made, uint64_t sequence)
{
    return view->made == made && ahead(sequence, view->from) >= 0 &&
           ahead(view->until, sequence) > 0;
}

/* P: called after the commit word was loaded. */
uint64_t clock_view_time(const struct ring *ring, struct clock_view *view, uint64_t sequence,
                         uint64_t counter)
{
    uint64_t made = load_acquire(&ring->header->clock_points_made);
    if (!is_current(view, made, sequence))
        look_up(ring, view, sequence, made);
    if (view->made == 0 || counter == 0)
        return 0;
    uint64_t ns = clock_time(&view->point, counter);
    if (view->is_before && ns > view->point.ns)
        ns = view->point.ns;
    if (ns > view->latest_ns)
        view->latest_ns = ns;
    return view->latest_ns;
}
