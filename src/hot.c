/* SPDX-License-Identifier: MIT */
/* The inlined hot path once more as functions, for callers that do not inline: debug builds, and
 * other languages. HOT_EXPORT: gcc wants dllexport here only, clang the visibility before. */
#include "mapring/mapring.h"

#ifndef HOT_EXPORT
#define HOT_EXPORT
#endif

extern inline HOT_EXPORT uint64_t mapring1_span(const struct mapring_hot *ring,
                                                uint64_t payload_bytes);
extern inline HOT_EXPORT void mapring1_fetch_ahead(struct mapring_producer_hot *hot, uint64_t next);
extern inline HOT_EXPORT mapring_word *mapring1_word(const struct mapring_hot *ring,
                                                     uint64_t position);
extern inline HOT_EXPORT int mapring_producer_reserve(mapring_producer *producer, size_t bytes,
                                                      void **payload, int64_t timeout_ns);
extern inline HOT_EXPORT int mapring_producer_commit(mapring_producer *producer, size_t bytes);
extern inline HOT_EXPORT int mapring_consumer_next(mapring_consumer *consumer,
                                                   struct mapring_record *record,
                                                   int64_t timeout_ns);
extern inline HOT_EXPORT int mapring_consumer_release(mapring_consumer *consumer);
