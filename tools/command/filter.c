/* SPDX-License-Identifier: MIT */
/* Passes those records on to the output that --since, --until and --grep ask for. */
#include "filter.h"

#include "shared/message.h"

/* Whatever has no known time is passed on: nothing disappears without a reason. */
static bool is_before(uint64_t sequence, uint64_t time_ns, const struct bound *bound)
{
    return sequence < bound->sequence || (time_ns != 0 && time_ns < bound->time_ns);
}

static bool is_after(const struct mapring_record *record, const struct bound *bound)
{
    return record->sequence > bound->sequence || record->time_ns > bound->time_ns;
}

/* A record that was asked for by its number is written even if it is a part of a longer one. */
static bool begins(const struct filter *filter, const struct mapring_record *record)
{
    return !record->continues || record->sequence == filter->since.sequence;
}

static void begin(struct filter *filter, const struct mapring_record *record)
{
    grep_forget(&filter->grep);
    filter->begun = record->sequence;
    filter->has_ended = is_after(record, &filter->until);
    if (filter->has_ended || is_before(record->sequence, record->time_ns, &filter->since) ||
        (filter->log && !log_lines_wants(filter->log)))
        filter->state = FILTER_SKIPS;
    else
        filter->state = filter->grep.text ? FILTER_SEARCHES : FILTER_WRITES;
}

bool filter_passes(struct filter *filter, const struct mapring_record *record)
{
    struct mapring_record text;
    if (filter->log)
        record = log_lines_read(filter->log, record, &text);
    filter->is_whole = !record->continued;
    if (begins(filter, record))
        begin(filter, record);
    if (filter->state == FILTER_SEARCHES && grep_finds(&filter->grep, record))
        filter->state = FILTER_WRITES;
    return filter->state == FILTER_WRITES;
}

static bool passes_all(const struct filter *filter)
{
    return !filter->log && !filter->grep.text && filter->since.sequence == 0 &&
           filter->since.time_ns == 0 && !filter_ends(filter);
}

/* ---- Losses ---- */

static void tell_loss(struct ring_losses *losses, struct output *output)
{
    if (losses->lost.lost_records > 0)
        output_lost(output, &losses->lost, &losses->bounds);
    losses->lost.lost_records = 0;
}

static void pass_losses(struct filter *filter, uint64_t time_ns, struct output *output)
{
    struct ring_losses *losses = losses_of(&filter->losses, output->ring);
    losses->bounds.before_ns = time_ns;
    tell_loss(losses, output);
    losses->bounds = (struct loss_bounds){.after_ns = time_ns};
}

void filter_tell_loss(struct filter *filter, struct output *output)
{
    tell_loss(losses_of(&filter->losses, output->ring), output);
}

void filter_tell_losses(struct filter *filter, struct output *output)
{
    const char *ring = output->ring;
    for (struct ring_losses *losses = filter->losses.first; losses; losses = losses->next) {
        output->ring = ring ? losses->ring : NULL;
        tell_loss(losses, output);
    }
    output->ring = ring;
}

static void take_loss(struct filter *filter, const struct mapring_record *lost,
                      struct output *output)
{
    struct ring_losses *losses = losses_of(&filter->losses, output->ring);
    tell_loss(losses, output);
    losses->lost = *lost;
    if (!lost_is_untimed(lost))
        tell_loss(losses, output);
}

/* ---- Records ---- */

void filter_record(struct filter *filter, const struct mapring_record *record,
                   struct output *output)
{
    pass_losses(filter, record->time_ns, output);
    if (passes_all(filter)) {
        output_record(output, record);
        return;
    }
    if (!filter_passes(filter, record))
        return;
    grep_write_kept(&filter->grep, output);
    output_record(output, record);
}

void filter_lost(struct filter *filter, struct mapring_record *lost, struct output *output)
{
    grep_forget(&filter->grep);
    filter->has_ended = is_after(lost, &filter->until);
    if (!filter->has_ended && record_since(MAPRING_LOST, lost, filter->since.sequence) &&
        !is_before(lost->sequence, lost->lost_until_ns, &filter->since))
        take_loss(filter, lost, output);
}

void filter_cut(struct filter *filter, struct output *output)
{
    grep_forget(&filter->grep);
    output_cut(output);
}

bool filter_needs_times(const struct filter *filter)
{
    return filter->since.time_ns > 0 || filter->until.time_ns != UINT64_MAX;
}

bool filter_is_clear_for_several(const struct filter *filter)
{
    if (filter->since.sequence == 0 && filter->until.sequence == UINT64_MAX)
        return true;
    usage_error("--since SEQUENCE and --until SEQUENCE apply to one ring only: each has its own "
                "numbers");
    return false;
}

bool filter_ends(const struct filter *filter)
{
    return filter->until.sequence != UINT64_MAX || filter->until.time_ns != UINT64_MAX;
}
