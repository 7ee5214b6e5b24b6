/* SPDX-License-Identifier: MIT */
#include "checker.h"

#include <inttypes.h>
#include <stdio.h>
#include <time.h>

#include "content.h"
#include "ledger.h"

struct checker {
    struct mapring_consumer *consumer;
    struct mapring_dictionary *dictionary;
    struct control *control;
    uint64_t next;
    uint64_t time_ns; /* of the last record */
    uint64_t times;   /* a sum over the times of all records so far */
};

enum { RECORDS_PER_MARK = 500 };
static const int64_t WAIT_NS = 10 * 1000 * 1000;

static bool wrong(const struct mapring_record *record, const char *what)
{
    fprintf(stderr, "record %" PRIu64 ": %s\n", record->sequence, what);
    return false;
}

/* What a record refers to must be there before it. */
static bool check_entry(const struct checker *checker, const struct mapring_record *record,
                        uint64_t offset)
{
    struct mapring_entry entry;
    if (offset == CONTENT_NO_ENTRY)
        return true;
    if (mapring_dictionary_at(checker->dictionary, offset, &entry) != MAPRING_OK)
        return wrong(record, "the entry that it refers to is not in the dictionary");
    return content_entry_is_right(&entry, record->sequence) ||
           wrong(record, "the entry that it refers to is another one");
}

/* The time of a gap may be unknown. */
static bool check_time(struct checker *checker, const struct mapring_record *record)
{
    if (record->time_ns == 0 && record->lost_records > 0)
        return true;
    if (record->time_ns < checker->time_ns)
        return wrong(record, "its time is before that of the record before it");
    checker->time_ns = record->time_ns;
    checker->times = checker->times * 31 + record->time_ns;
    return true;
}

static bool check_next(struct checker *checker, const struct mapring_record *record,
                       uint64_t records)
{
    if (record->sequence != checker->next) {
        fprintf(stderr, "record %" PRIu64 " comes in place of record %" PRIu64 "\n",
                record->sequence, checker->next);
        return false;
    }
    if (!check_time(checker, record))
        return false;
    checker->next += records;
    atomic_store(&checker->control->at, checker->next);
    return true;
}

static bool wrong_content(const struct mapring_record *record)
{
    if (content_number(record) == record->sequence)
        return wrong(record, "it was changed");
    fprintf(stderr, "record %" PRIu64 ": it was sent as record %" PRIu64 "\n", record->sequence,
            content_number(record));
    return false;
}

static bool check_record(struct checker *checker, const struct mapring_record *record)
{
    uint64_t entry_offset;
    if (!content_is_right(record, &entry_offset))
        return wrong_content(record);
    if (!check_entry(checker, record, entry_offset) || !check_next(checker, record, 1))
        return false;
    if (record->sequence % RECORDS_PER_MARK == 0)
        ledger_mark(record->sequence, checker->times);
    return true;
}

static bool note_gap(struct checker *checker, const struct mapring_record *record)
{
    ledger_gap(record);
    return check_next(checker, record, record->lost_records);
}

/* The end of a bridge is not one of the ring that it repeats, and has no number. */
static void note_run_end(struct checker *checker, const struct mapring_record *record, bool died)
{
    if (record->run == 0)
        return;
    ledger_run_end(record->run, checker->next, died ? "died" : "closed");
    atomic_store(&checker->control->run, record->run);
}

static bool check(struct checker *checker, int result, const struct mapring_record *record)
{
    switch (result) {
    case MAPRING_OK: return check_record(checker, record);
    case MAPRING_LOST: return note_gap(checker, record);
    case MAPRING_PRODUCER_CLOSED:
    case MAPRING_PRODUCER_DIED:
        note_run_end(checker, record, result == MAPRING_PRODUCER_DIED);
        return true;
    case MAPRING_TIMED_OUT: return true;
    default: return wrong(record, mapring_last_error()->text);
    }
}

static int check_all(struct checker *checker)
{
    struct mapring_record record = {0};
    for (;;) {
        bool is_last = atomic_load(&checker->control->finish);
        int result = mapring_consumer_next(checker->consumer, &record, WAIT_NS);
        if (!check(checker, result, &record))
            return 1;
        if (result != MAPRING_TIMED_OUT)
            mapring_consumer_release(checker->consumer);
        else if (is_last)
            return 0;
    }
}

/* Whoever writes into the ring makes it. */
static int await_ring(struct checker *checker, const char *ring)
{
    const struct timespec pause = {.tv_nsec = 5 * 1000 * 1000};
    const struct mapring_consumer_options options = {.every_run = true};
    int result;
    while ((result = mapring_consumer_open(&checker->consumer, ring, &options)) ==
               MAPRING_ERROR_NOT_THERE &&
           !atomic_load(&checker->control->finish))
        nanosleep(&pause, NULL);
    return result;
}

int checker_run(const char *ring, struct control *control)
{
    struct checker checker = {.control = control};
    int status = 1;
    if (await_ring(&checker, ring) != MAPRING_OK ||
        mapring_dictionary_open(&checker.dictionary, ring, MAPRING_LOCAL) != MAPRING_OK)
        fprintf(stderr, "%s\n", mapring_last_error()->text);
    else
        status = check_all(&checker);
    mapring_dictionary_close(checker.dictionary);
    mapring_consumer_close(checker.consumer);
    return status;
}
