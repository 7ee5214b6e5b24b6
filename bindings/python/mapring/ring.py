# SPDX-License-Identifier: MIT
"""Rings themselves: what they hold, who uses them, and their removal."""

from ctypes import byref
from typing import Any, Dict, List, Optional

from ._handle import Handle, open_named
from ._layout import LatencyStructure, OptionsStructure, RepetitionStructure, StatStructure
from ._library import FOUND, patient, quick
from ._plain import plain
from .constants import ConsumerState, ProducerState, Prune, Scope, WhenFull
from .errors import must
from .options import RingOptions, encoded, structure_of


class Ring(Handle):
    """Creates or attaches a ring without becoming its producer or a consumer."""

    _close_name = "mapring_close"

    def __init__(self, name: str, options: Optional[RingOptions] = None) -> None:
        structure = structure_of(OptionsStructure, options or RingOptions())
        super().__init__(name, open_named("mapring_open", name, structure))

    def stat(self) -> Dict[str, Any]:
        """What the ring holds and who uses it: the fields of struct mapring_stat by their names,
        where `consumer` is a list of the consumers."""
        stat = StatStructure()
        self._must(quick.mapring_stat(self._pointer, byref(stat)))
        consumers = [plain(one) for one in stat.consumer[:stat.consumers]]
        for one in consumers:
            one["state"] = ConsumerState(one["state"])
        return {**plain(stat), "when_full": WhenFull(stat.when_full),
                "producer_state": ProducerState(stat.producer_state), "consumer": consumers}

    def repetition(self) -> Dict[str, Any]:
        """Which ring it repeats, and how far: the fields of struct mapring_repetition."""
        repetition = RepetitionStructure()
        self._must(quick.mapring_repetition(self._pointer, byref(repetition)))
        return plain(repetition)

    def latency(self, cell: int) -> Dict[str, Any]:
        """How long it took the consumer in a cell to get a record: `bound_ns` and `count` are
        lists."""
        latency = LatencyStructure()
        self._must(quick.mapring_latency(self._pointer, cell, byref(latency)))
        return {**plain(latency), "bound_ns": list(latency.bound_ns), "count": list(latency.count)}


def list_rings(scope: Scope = Scope.LOCAL) -> List[str]:
    """The names of the rings in a scope."""
    names: List[str] = []

    def found(name: bytes, _context: Any) -> bool:
        names.append(name.decode(errors="surrogateescape"))
        return True

    must(quick.mapring_list(scope, FOUND(found), None))
    return names


def remove(name: str, scope: Scope = Scope.LOCAL, *, force: bool = False) -> None:
    """Removes a ring; with `force`, also one that is in use."""
    must(patient.mapring_remove(encoded(name), scope, force))


def prune(name: str, scope: Scope = Scope.LOCAL, flags: Prune = Prune(0)) -> None:
    """Removes a ring if it is left over; InUse if it is not."""
    must(patient.mapring_prune(encoded(name), scope, flags))


def remove_consumer(name: str, consumer: str, scope: Scope = Scope.LOCAL) -> None:
    """Removes a durable consumer that is away."""
    must(patient.mapring_consumer_remove(encoded(name), scope, encoded(consumer)))


def evict(name: str, cell: int, scope: Scope = Scope.LOCAL) -> None:
    """Lets the consumer in a cell go: the producer no longer waits for it."""
    must(patient.mapring_consumer_evict(encoded(name), scope, cell))


def name_matches(name: str, pattern: str) -> bool:
    """Whether all of a name matches a pattern with * and ?."""
    return bool(quick.mapring_name_matches(encoded(name), encoded(pattern)))
