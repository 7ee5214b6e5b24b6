/* SPDX-License-Identifier: MIT */
/* What mapring recv was asked for. */
#include "recv_settings.h"

#include "shared/message.h"

bool reader_is_consumer(const struct recv_settings *settings)
{
    return settings->consumer || settings->ring.wake_bytes > 0;
}

bool reader_is_clear(const struct recv_settings *settings)
{
    const struct mapring_consumer_options *ring = &settings->ring;
    if (ring->max_lag_bytes > 0 && !settings->consumer)
        usage_error("--max-lag applies to durable consumers only: use it with --consumer");
    else if ((ring->wake_bytes > 0) != (ring->wake_delay_ns > 0))
        usage_error("--wake-bytes and a --wake-delay above 0 must be used together");
    else if (settings->observe && reader_is_consumer(settings))
        usage_error("--consumer, --wake-bytes and --wake-delay cannot be used with --observe: an "
                    "observer has no place in the ring and is not woken");
    else
        return true;
    return false;
}
