# SPDX-License-Identifier: MIT
"""A log that blocks is the same on the other side: all lines of all threads, with their levels, times, values and places
in the program, also when its rings are full while a bridge is killed."""

from logs import LOG, Log

THREADS = 3
LINES = 2000  # of each thread
KILLS = 4


def play(place):
    for _ in place.rounds(1):
        for kibibytes, stream, check in (1024, 'S', Log.check_same), (64, LOG, Log.check_complete):
            with place.server() as server, place.rings(server) as here, place.rings(server) as there:
                log = Log(place, here, there, kibibytes=kibibytes, when_full=('block',), stream=stream)
                carry(place, log)
                check(log)
                check_reading(log)


def carry(place, log):
    log.start_writer(THREADS)
    log.await_rings(THREADS)
    log.start_out()
    log.start_in()
    for _ in range(KILLS):
        log.write_some(LINES // KILLS)
        for victim, start in place.some((log.out, log.start_out), (log.into, log.start_in)):
            place.kill(victim)
            start()
    log.writer.finish()
    log.await_all()


def check_reading(log):
    """Commands find the rings there as those of one log."""
    times = log.there.mapring('dump', LOG, '--format', '{time}').splitlines()
    assert times == sorted(times) and len(times) == THREADS * LINES, len(times)
    sites = [rings.mapring('log', 'sites', LOG, '--json') for rings in (log.here, log.there)]
    assert sites[0] and sites[0] == sites[1], sites
