/* SPDX-License-Identifier: MIT */
/* The loops of hot_wrapped.cpp in C: check_cost.py compares what the compilers make of them. A handle
 * lies in its owner, as there. Nothing waits: how often it looked would depend on time. */
#include <mapring/mapring.h>
#include <string.h>

struct sample {
    uint64_t time;
    double value;
};

#ifdef __cplusplus
extern "C" {
#endif

int send_loop(mapring_producer *const *producer, const struct sample *samples, size_t count);
int send_loop(mapring_producer *const *producer, const struct sample *samples, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        void *place = NULL;
        int result = mapring_producer_reserve(*producer, sizeof *samples, &place, MAPRING_FOREVER);
        if (result != MAPRING_OK)
            return result;
        memcpy(place, &samples[i], sizeof *samples);
        result = mapring_producer_commit(*producer, sizeof *samples);
        if (result != MAPRING_OK)
            return result;
    }
    return MAPRING_OK;
}

int receive_loop(mapring_consumer *const *owner, double *sum);
int receive_loop(mapring_consumer *const *owner, double *sum)
{
    mapring_consumer *consumer = *owner;
    int result = MAPRING_OK;
    while (result == MAPRING_OK) {
        struct mapring_record record;
        result = mapring_consumer_next(consumer, &record, 0);
        if (result != MAPRING_OK)
            break;
        if (record.bytes == sizeof(struct sample)) {
            const struct sample *sample = MAPRING_CAST(const struct sample *, record.payload);
            *sum += sample->value;
        }
        result = mapring_consumer_release(consumer);
    }
    return result;
}

#ifdef __cplusplus
}
#endif
