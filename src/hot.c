/* SPDX-License-Identifier: MIT */
/* External definitions of the inlined hot path, for callers that do not inline it: debug builds,
 * and other languages. HOT_EXPORT is dllexport, which gcc accepts only here; a visibility is set by
 * the inline definition instead, as clang requires. */
#include "mapring/mapring.h"

#ifndef HOT_EXPORT
#define HOT_EXPORT
#endif

extern inline HOT_EXPORT uint64_t mapring1_commit_word(unsigned kind, uint64_t bytes,
                                                       uint64_t sequence);
extern inline HOT_EXPORT unsigned mapring1_kind(uint64_t word);
extern inline HOT_EXPORT uint32_t mapring1_bytes(uint64_t word);
extern inline HOT_EXPORT uint32_t mapring1_sequence(uint64_t word);
extern inline HOT_EXPORT uint64_t mapring1_round(const struct mapring_hot *ring, uint64_t bytes);
extern inline HOT_EXPORT uint64_t mapring1_header(const struct mapring_hot *ring);
extern inline HOT_EXPORT uint64_t mapring1_span(const struct mapring_hot *ring,
                                                uint64_t payload_bytes);
extern inline HOT_EXPORT unsigned char *mapring1_at(const struct mapring_hot *ring,
                                                    uint64_t position);
extern inline HOT_EXPORT mapring_word *mapring1_word(const struct mapring_hot *ring,
                                                     uint64_t position);
extern inline HOT_EXPORT unsigned char *mapring1_payload(const struct mapring_hot *ring,
                                                         uint64_t position);
extern inline HOT_EXPORT bool mapring1_fits(const struct mapring_hot *ring, uint64_t word,
                                            uint64_t sequence);
extern inline HOT_EXPORT void mapring1_describe(struct mapring_record *record, const void *payload,
                                                uint64_t word, uint64_t sequence, bool continues);
extern inline HOT_EXPORT void mapring1_take(const struct mapring_hot *ring,
                                            struct mapring_cursor *cursor, uint64_t header,
                                            const void *payload, uint64_t word, bool continues,
                                            struct mapring_record *record);
extern inline HOT_EXPORT void mapring1_fetch_lone(const struct mapring_producer_hot *hot,
                                                  uint64_t next);
extern inline HOT_EXPORT void mapring1_fetch_ahead(struct mapring_producer_hot *hot, uint64_t next);
extern inline HOT_EXPORT bool mapring1_takes_span(const struct mapring_producer_hot *hot,
                                                  size_t bytes);
extern inline HOT_EXPORT bool mapring1_stamp(struct mapring_producer_hot *hot);
extern inline HOT_EXPORT int mapring_producer_reserve(mapring_producer *producer, size_t bytes,
                                                      void **payload, int64_t timeout_ns);
extern inline HOT_EXPORT int mapring_producer_commit(mapring_producer *producer, size_t bytes);
extern inline HOT_EXPORT int mapring_consumer_next(mapring_consumer *consumer,
                                                   struct mapring_record *record,
                                                   int64_t timeout_ns);
extern inline HOT_EXPORT int mapring_consumer_release(mapring_consumer *consumer);
