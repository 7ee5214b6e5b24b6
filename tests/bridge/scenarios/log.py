# SPDX-License-Identifier: MIT
"""A log overwrites its oldest lines. Bridges, server and writers are killed, and one ring of the log comes later: each
line comes to the other side once and in order, or is counted there as lost. Large rings lose none."""

from logs import Log
from processes import Fault

KILLS = 5
BURST = 2000  # lines of a thread, for which a small ring has no room,
CALM = 200  # and for which it has
THREADS = 2


def play(place):
    for _ in place.rounds(1):
        play_one(place, 4096, Log.check_complete)
        play_one(place, 64, check_losses)


def play_one(place, kibibytes, check):
    with place.server() as server, place.rings(server) as here, place.rings(server) as there:
        log = Log(place, here, there, kibibytes=kibibytes)
        log.start_writer(THREADS)
        log.await_rings(THREADS)
        log.start_out()
        log.start_in()
        for _ in range(KILLS):
            kill_some(place, log, server)
        log.writer.finish()
        write_last(log)
        check(log)
        log.check_last(CALM)


def kill_some(place, log, server):
    log.write_some(BURST)
    victims = place.some(log.out, server, log.writer.process, log.into)
    place.kill(*victims)
    if log.writer.process in victims:
        log.start_writer(THREADS)
    log.write_some(BURST)
    if server in victims:
        server.start()
    if log.out in victims:
        log.start_out()
    if log.into in victims:
        log.start_in()


def write_last(log):
    """Another thread more has a ring of its own. When its rings are calm, nothing is lost any more."""
    log.start_writer(THREADS + 1)
    log.write_some(BURST)
    log.await_rings(THREADS + 1)
    log.await_written()
    log.await_all()
    log.write_some(CALM)
    log.writer.finish()
    log.await_all()


def check_losses(log):
    if not log.check_counted():
        raise Fault('small rings have lost nothing')
