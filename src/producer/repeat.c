/* SPDX-License-Identifier: MIT */
/* Repeating another ring. */
#include "error.h"
#include "producer/producer.h"

int mapring_producer_repeat(mapring_producer *producer, const struct mapring_record *record,
                            int64_t timeout_ns)
{
    (void)producer, (void)record, (void)timeout_ns;
    return fail(MAPRING_ERROR_SYSTEM, NULL, "not written yet");
}

int mapring_producer_end_run(mapring_producer *producer, uint64_t run, bool died,
                             int64_t timeout_ns)
{
    (void)producer, (void)run, (void)died, (void)timeout_ns;
    return fail(MAPRING_ERROR_SYSTEM, NULL, "not written yet");
}
