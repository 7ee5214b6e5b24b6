/* SPDX-License-Identifier: MIT */
/* What a sending bridge remembers of the messages that it has decided: all that it wrote, unless it
 * is of another ring, or was not written as a whole. */
#include <unistd.h>

#include "bridge/journal.h"
#include "helpers.h"

#define ID "0123-4567"

enum { HEAD_BYTES = 128, SLOT_BYTES = 128 }; /* of the file */

static const struct batch_position beginning;

static struct batch_position place(uint64_t number)
{
    return (struct batch_position){.sequence = 10 * number,
                                   .run = number / 2,
                                   .dictionary = 16 * number,
                                   .piece_bytes = number % 2,
                                   .piece_is_entry = number % 2 != 0};
}

static void must_open(struct journal *journal, const char *ring, const char *id)
{
    check_number(JOURNAL_OPEN, journal_open(journal, ring, MAPRING_LOCAL, "S", id));
}

static void decide(struct journal *journal, uint64_t number)
{
    const struct batch_position from = place(number - 1);
    const struct journal_cut cut = {.to = place(number), .died = number % 2 != 0};
    check(journal_decide(journal, number, &from, &cut));
}

static bool is_known(const struct journal *journal, uint64_t number)
{
    const struct batch_position from = place(number - 1), to = place(number);
    struct journal_cut found;
    bool known = journal_find(journal, number, &from, &found);
    check(!known || (batch_positions_equal(&found.to, &to) && found.died == (number % 2 != 0)));
    return known;
}

/* A ring with the journal of three messages. */
static const char *ring_with_journal(void)
{
    struct journal journal;
    const char *ring = new_ring_file(NULL);
    must_open(&journal, ring, ID);
    check(journal.is_new);
    for (uint64_t number = 1; number <= 3; number++)
        decide(&journal, number);
    journal_close(&journal);
    return ring;
}

static const char *journal_of(const char *ring)
{
    static char path[4096];
    snprintf(path, sizeof path, "%s+bridge-S.%u", ring, (unsigned)geteuid());
    return path;
}

static void what_was_decided_is_known_to_the_next_bridge(void **state)
{
    (void)state;
    struct journal journal;
    struct batch_position found;
    struct journal_cut cut;
    must_open(&journal, ring_with_journal(), ID);
    check(!journal.is_new);
    for (uint64_t number = 1; number <= 3; number++)
        check(is_known(&journal, number));
    check(!is_known(&journal, 4));
    check(!journal_ends(&journal, 0, &found));
    check(!journal_find(&journal, 2, &beginning, &cut)); /* it begins elsewhere */
    journal_close(&journal);
}

static void only_the_latest_messages_are_known(void **state)
{
    (void)state;
    struct journal journal;
    const char *ring = ring_with_journal();
    must_open(&journal, ring, ID);
    decide(&journal, 1 + JOURNAL_ENTRIES);
    journal_close(&journal);
    must_open(&journal, ring, ID);
    check(!is_known(&journal, 1));
    check(is_known(&journal, 2));
    check(is_known(&journal, 1 + JOURNAL_ENTRIES));
    journal_close(&journal);
}

static void of_a_ring_that_was_replaced_nothing_is_known(void **state)
{
    (void)state;
    struct journal journal;
    const char *ring = ring_with_journal();
    must_open(&journal, ring, "4567-0123");
    check(journal.is_new);
    check(!is_known(&journal, 1));
    journal_close(&journal);
    must_open(&journal, ring, ID);
    check(journal.is_new);
    check(!is_known(&journal, 1));
    journal_close(&journal);
}

static void change(const char *path, size_t offset, size_t bytes)
{
    size_t size;
    char *content = read_file(path, &size);
    check(offset < size);
    content[offset] ^= 1;
    write_file(path, content, bytes < size ? bytes : size);
    free(content);
}

static void a_message_that_is_not_whole_does_not_count(void **state)
{
    (void)state;
    struct journal journal;
    const size_t second = HEAD_BYTES + 2 * SLOT_BYTES;
    for (size_t offset = 0; offset < 8 * 12; offset++) {
        const char *ring = ring_with_journal();
        change(journal_of(ring), second + offset, SIZE_MAX);
        must_open(&journal, ring, ID);
        check(is_known(&journal, 1));
        check(!is_known(&journal, 2));
        check(is_known(&journal, 3));
        journal_close(&journal);
    }
}

static void a_journal_that_was_cut_off_is_known_up_to_there(void **state)
{
    (void)state;
    struct journal journal;
    const char *ring = ring_with_journal();
    const size_t third = HEAD_BYTES + 3 * SLOT_BYTES;
    change(journal_of(ring), third, third + 50);
    must_open(&journal, ring, ID);
    check(is_known(&journal, 2));
    check(!is_known(&journal, 3));
    decide(&journal, 3);
    check(is_known(&journal, 3));
    journal_close(&journal);
}

static void a_journal_belongs_to_one_bridge_at_a_time(void **state)
{
    (void)state;
    struct journal first, second;
    const char *ring = ring_with_journal();
    must_open(&first, ring, ID);
    check_number(JOURNAL_IS_TAKEN, journal_open(&second, ring, MAPRING_LOCAL, "S", ID));
    check_number(JOURNAL_OPEN, journal_open(&second, ring, MAPRING_LOCAL, "T", ID));
    journal_close(&second);
    journal_close(&first);
    must_open(&second, ring, ID);
    check(is_known(&second, 3));
    journal_close(&second);
}

static const struct role roles[] = {{"none", NULL}};
static const struct CMUnitTest tests[] = {
    TEST(what_was_decided_is_known_to_the_next_bridge),
    TEST(only_the_latest_messages_are_known),
    TEST(of_a_ring_that_was_replaced_nothing_is_known),
    TEST(a_message_that_is_not_whole_does_not_count),
    TEST(a_journal_that_was_cut_off_is_known_up_to_there),
    TEST(a_journal_belongs_to_one_bridge_at_a_time),
};

TEST_MAIN(roles, tests)
