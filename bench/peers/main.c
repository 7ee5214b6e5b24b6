/* SPDX-License-Identifier: MIT */
/* The comparison with peers: "mapring bench" with more transports. */
#include <string.h>

#include "core/options.h"
#include "core/references.h"
#include "peers.h"
#include "shared/command.h"
#include "shared/message.h"
#include "shared/os.h"

static struct bench_settings settings;

static const struct option_row options[] = {
    BENCH_OPTIONS(settings),
    {NULL, NULL, NULL, NULL, NULL},
};

static const struct transport *const transports[] = {
    &transport_line,
    &transport_blocks,
    &transport_memcpy,
    &transport_baseline,
    &transport_baseline_batch,
    &transport_mapring,
    &transport_mapring_send,
    &transport_mapring_copy,
    &transport_mapring_batch,
    &transport_mapring_try,
#ifdef PEER_BOOST
    &transport_boost_spsc,
    &transport_boost_spsc_batch,
    &transport_boost_mq,
#endif
#ifdef PEER_CK
    &transport_ck_ring,
#endif
#ifdef PEER_ZEROMQ
    &transport_zeromq,
#endif
#ifdef PEER_NNG
    &transport_nng,
#endif
#ifdef PEER_LTTNG
    &transport_lttng,
#endif
    &transport_posix_mq,
    &transport_pipe,
    &transport_seqpacket,
    NULL,
};

static int run(int count, char **arguments)
{
    if (count > 0 && strcmp(arguments[0], "worker") == 0)
        return session_worker(count, arguments, transports);
    if (count > 0)
        return usage_error("unexpected argument '%s'", arguments[0]);
    return bench_main(transports, &settings);
}

static const struct command command = {
    .name = "bench",
    .full_name = "bench_peers",
    .arguments = "[OPTION...]",
    .help = "Does what 'mapring bench' does, and also measures other queues and the system's own "
            "ways to pass records. Takes a few minutes.",
    .options = options,
    .most = 4,
    .run = run,
};

/* A worker is started like one of the command, with the word "bench" before its arguments. */
int main(int argc, char **argv)
{
    bool is_worker = argc > 1 && strcmp(argv[1], "bench") == 0;
    os_catch_interrupts();
    return command_run(&command, argc - is_worker, argv + is_worker);
}
