/* SPDX-License-Identifier: MIT */
/* The event of the peer LTTng-UST. The headers of LTTng include this file several times. */
#undef LTTNG_UST_TRACEPOINT_PROVIDER
#define LTTNG_UST_TRACEPOINT_PROVIDER mapring_bench

#undef LTTNG_UST_TRACEPOINT_INCLUDE
#define LTTNG_UST_TRACEPOINT_INCLUDE "lttng_event.h"

#if !defined LTTNG_EVENT_H || defined LTTNG_UST_TRACEPOINT_HEADER_MULTI_READ
#define LTTNG_EVENT_H

#include <lttng/tracepoint.h>

LTTNG_UST_TRACEPOINT_EVENT(mapring_bench, record,
                           LTTNG_UST_TP_ARGS(const unsigned char *, payload, size_t, bytes),
                           LTTNG_UST_TP_FIELDS(lttng_ust_field_sequence(unsigned char, payload,
                                                                        payload, size_t, bytes)))

#endif

#include <lttng/tracepoint-event.h>
