/* SPDX-License-Identifier: MIT */
/*
 * mapring: reads several rings at once. What mapring.h says about results, waiting, threads and
 * forked children holds here, too.
 *
 * Order. Records of rings with times come in the order of their times: each is held back until
 * every other such ring has shown a later one, or has been seen empty after that time plus a grace.
 * A record that comes too late for its place, because its producer was interrupted between reading
 * the clock and committing, or because its ring has only just been found, is returned at once and
 * counted. Records of rings without times are not held back; they come in the order in which they
 * were seen. Parts that continue each other come together: as long as the rest is missing, and its
 * producer is alive, nothing else comes.
 *
 * Rings. Those of a name or a pattern are read from the moment they appear, also if one was removed
 * and made anew: the merge looks for them every 100 ms. A ring that overwrites is observed; others
 * get a consumer. A ring that is removed, or turns out to be damaged, ends alone, and is reported
 * once.
 */
#ifndef MAPRING_MERGE_H
#define MAPRING_MERGE_H

#include <mapring/mapring.h>

#ifdef __cplusplus
extern "C" {
#endif

struct mapring_merge;
typedef struct mapring_merge mapring_merge;

struct mapring_merge_options {
    enum mapring_scope scope;
    enum mapring_from from; /* any but MAPRING_AT_SEQUENCE. Rings that appear later are read from
                               the beginning or, with MAPRING_UNREAD, from there */
    enum mapring_from after_lap; /* as in struct mapring_observer_options */
    uint32_t rings_limit;        /* how many rings may be read at a time; 0: 256 */
    const char *name;            /* as in struct mapring_consumer_options, in each ring; copied */
    uint64_t max_lag_bytes;      /* as there */
    int64_t grace_ns;            /* how long other rings are waited for; 0: 10 ms */
    bool durable;                /* as in struct mapring_consumer_options */
    bool prefault;               /* as there */
    bool wait_producer;          /* as there; not for rings that appear later */
    bool observe;                /* observes all rings, without becoming a consumer */
    uint8_t reserved_bytes[4];
    uint64_t reserved[8];
};

/* Where a record comes from. */
struct mapring_origin {
    const char *ring; /* the ring's name, valid until the next call of mapring_merge_next() */
    bool late;        /* the record has an earlier time than one that came before it */
    uint8_t reserved_bytes[7];
    uint64_t reserved[6];
};

struct mapring_merge_stat {
    uint32_t rings;        /* that are being read */
    uint32_t ended;        /* of them, those that have shown nothing since the end of a run */
    uint32_t awaited;      /* names and patterns for which no ring has been found so far */
    uint32_t left_out;     /* rings that cannot be read: see mapring_merge_next() */
    uint64_t late_records; /* returned with an earlier time than one before */
    uint64_t reserved[6];
};

/* Makes a merge without rings. NULL options are all zero. On failure *merge is NULL. */
MAPRING_API int mapring_merge_open(mapring_merge **merge,
                                   const struct mapring_merge_options *options);

/* Frees everything. Records that were not released count as unread. NULL is accepted. */
MAPRING_API void mapring_merge_close(mapring_merge *merge);

/* Adds the ring of that name, or all rings whose names match a pattern: text with '*' or '?' and
 * without '/' and '\'; see mapring_name_matches(). Rings in files have no names for that.
 * MAPRING_NOTHING if there is no such ring yet: it will be read when it appears. A ring that cannot
 * be read is a failure if it was named, and nothing is added then; of a pattern,
 * mapring_merge_next() reports it. A ring that is added twice is read once. */
MAPRING_API int mapring_merge_add(mapring_merge *merge, const char *name);

/* Returns the next record of all rings, and in *origin which ring it is from. Both are valid until
 * the next call. MAPRING_NOTHING with a timeout of 0 and MAPRING_TIMED_OUT if there is none; then
 * origin->ring is NULL. All other results are about the ring origin->ring alone, and the next call
 * goes on with the others: MAPRING_LOST, MAPRING_PRODUCER_CLOSED and MAPRING_PRODUCER_DIED as for
 * mapring_consumer_next(); MAPRING_REMOVED, or a failure, if the ring is no longer read. A ring
 * with a failure is left out until it is removed. A failure with origin->ring NULL is one of the
 * call, such as MAPRING_ERROR_ARGUMENT. */
MAPRING_API int mapring_merge_next(mapring_merge *merge, struct mapring_record *record,
                                   struct mapring_origin *origin, int64_t timeout_ns);

/* Releases all records that were returned: they now count as read, and their producers have the
 * room again. Of observed rings nothing has to be released. If the merge's consumer in a ring was let
 * go, MAPRING_ERROR_EVICTED and nothing is released: what was read from that ring since the last
 * release cannot be relied on. mapring_merge_next() then says so, too, and leaves the ring out. Does
 * not block. */
MAPRING_API int mapring_merge_release(mapring_merge *merge);

/* Returns whether what was read since the last release is good, as mapring_consumer_is_valid(). */
MAPRING_API bool mapring_merge_is_valid(mapring_merge *merge);

MAPRING_API int mapring_merge_stat(const mapring_merge *merge, struct mapring_merge_stat *stat);

/* One handle for all rings, to be used like that of a consumer: see
 * mapring_consumer_wait_handle(). It belongs to the merge. A ring with a consumer takes a thread
 * that sleeps, once the merge has waited; observed rings are polled together. */
MAPRING_API int mapring_merge_wait_handle(mapring_merge *merge, mapring_handle *handle);
MAPRING_API int mapring_merge_arm(mapring_merge *merge);

/* Whether all of the name matches the pattern: '*' stands for any characters, also none, '?' for
 * one. Other characters stand for themselves. */
MAPRING_API bool mapring_name_matches(const char *name, const char *pattern);

#ifdef __cplusplus
}
#endif

#endif
