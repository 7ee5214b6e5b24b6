/* SPDX-License-Identifier: MIT */
/* Sleeping and waking with futexes, and the membarrier() that saves the producer a barrier of its
 * own. */
#include <limits.h>
#include <linux/futex.h>
#include <linux/membarrier.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "platform/linux/object.h"

/* The call that takes a time_t of this size: 32-bit processors have two. */
#ifdef SYS_futex_time64
enum { FUTEX = sizeof(time_t) > sizeof(long) ? SYS_futex_time64 : SYS_futex };
#else
enum { FUTEX = SYS_futex };
#endif

static uint32_t channel_bits(uint64_t channels)
{
    return channels >> CHANNEL_ROOM ? FUTEX_BITSET_MATCH_ANY : (uint32_t)channels;
}

static struct timespec time_at(int64_t ns)
{
    return (struct timespec){.tv_sec = (time_t)(ns / 1000000000),
                             .tv_nsec = (long)(ns % 1000000000)};
}

void platform_sleep(struct platform_object *object, unsigned channel, shared_u32 *word,
                    uint32_t expected, int64_t limit_ns)
{
    (void)object;
    struct timespec until = time_at(platform_now_ns() + limit_ns);
    syscall(FUTEX, &word->value, FUTEX_WAIT_BITSET, expected, &until, NULL,
            channel_bits(UINT64_C(1) << channel));
}

void platform_wake(struct platform_object *object, uint64_t channels, shared_u32 *word)
{
    (void)object;
    syscall(FUTEX, &word->value, FUTEX_WAKE_BITSET, INT_MAX, NULL, NULL, channel_bits(channels));
}

int platform_channel_open(struct platform_object *object, unsigned channel)
{
    (void)object;
    (void)channel;
    return MAPRING_OK;
}

bool platform_membarrier_register(void)
{
    return syscall(SYS_membarrier, MEMBARRIER_CMD_REGISTER_GLOBAL_EXPEDITED, 0, 0) == 0;
}

void platform_membarrier(void)
{
    syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL_EXPEDITED, 0, 0);
}
