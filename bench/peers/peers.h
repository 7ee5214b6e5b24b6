/* SPDX-License-Identifier: MIT */
/* Other ways to pass records between processes, measured in the same way. */
#ifndef PEERS_H
#define PEERS_H

#ifdef __cplusplus
extern "C" {
#endif

#include "core/transport.h"

extern const struct transport transport_boost_spsc, transport_boost_spsc_batch, transport_boost_mq,
    transport_ck_ring, transport_zeromq, transport_nng, transport_posix_mq, transport_pipe,
    transport_seqpacket, transport_lttng;

/* The sizes that templates are instantiated for. */
#define PEER_SIZES(each) each(8) each(48) each(64) each(256) each(1024) each(16384)

#ifdef __cplusplus
}
#endif

#endif
