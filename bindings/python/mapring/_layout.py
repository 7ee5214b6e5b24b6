# SPDX-License-Identifier: MIT
"""The structures of the headers. tests/test_layout.py compares every field with what the
C compiler says, so a field that is added there has to be added here, in the place of `reserved`."""

from ctypes import POINTER, Structure, Union, c_bool, c_char, c_char_p, c_double, c_int, c_int16, \
    c_int64, c_long, c_size_t, c_uint, c_uint8, c_uint16, c_uint32, c_uint64, c_void_p

CONSUMER_LIMIT = 32
NAME_BYTES = 64
CONTENT_BYTES = 48
ORIGIN_BYTES = 64
LATENCY_BUCKETS = 240
LOG_VALUES = 16
FOREVER = -1


class Text(Union):
    """A string that takes 8 bytes on every system."""

    _fields_ = [("text", c_char_p), ("word", c_uint64)]


class ErrorStructure(Structure):
    _fields_ = [
        ("code", c_int),
        ("system", c_long),
        ("name", c_char * 160),
        ("text", c_char * 512),
        ("reserved", c_uint64 * 4),
    ]


class OptionsStructure(Structure):
    _fields_ = [
        ("how", c_int),
        ("scope", c_int),
        ("capacity_bytes", c_uint64),
        ("slot_bytes", c_uint32),
        ("mode", c_uint32),
        ("when_full", c_int),
        ("sync", c_int),
        ("sync_interval_ms", c_uint32),
        ("prefault", c_bool),
        ("huge", c_bool),
        ("on_numa_node", c_bool),
        ("numa_node", c_uint32),
        ("trust_owner", c_bool),
        ("dictionary_bytes", c_uint64),
        ("content", Text),
        ("times", c_bool),
        ("reserved_bytes", c_uint8 * 7),
        ("max_lag_attached_bytes", c_uint64),
        ("group", Text),
        ("origin", Text),
        ("first_sequence", c_uint64),
        ("reserved", c_uint64 * 1),
    ]


class ConsumerStatStructure(Structure):
    _fields_ = [
        ("cell", c_uint),
        ("name", c_char * NAME_BYTES),
        ("state", c_int),
        ("durable", c_bool),
        ("alive", c_bool),
        ("balanced", c_bool),
        ("asleep", c_bool),
        ("process", c_uint64),
        ("head", c_uint64),
        ("sequence", c_uint64),
        ("first_sequence", c_uint64),
        ("read_records", c_uint64),
        ("read_payload_bytes", c_uint64),
        ("lost_records", c_uint64),
        ("pending_records", c_uint64),
        ("pending_bytes", c_uint64),
        ("max_lag_bytes", c_uint64),
        ("lag_ns", c_uint64),
        ("latency_samples", c_uint64),
        ("latency_p50_ns", c_uint64),
        ("latency_p99_ns", c_uint64),
        ("latency_p999_ns", c_uint64),
        ("latency_max_ns", c_uint64),
        ("blocked_count", c_uint64),
        ("blocked_ns", c_uint64),
        ("blocked_longest_ns", c_uint64),
        ("reserved", c_uint64 * 7),
    ]


class StatStructure(Structure):
    _fields_ = [
        ("capacity_bytes", c_uint64),
        ("slot_bytes", c_uint32),
        ("layout_version", c_uint32),
        ("when_full", c_int),
        ("record_limit", c_uint64),
        ("tail", c_uint64),
        ("horizon", c_uint64),
        ("sequence", c_uint64),
        ("records", c_uint64),
        ("payload_bytes", c_uint64),
        ("dropped_records", c_uint64),
        ("dropped_payload_bytes", c_uint64),
        ("unread_records", c_uint64),
        ("balanced", c_bool),
        ("producer_state", c_int),
        ("producer_process", c_uint64),
        ("consumers_hidden", c_bool),
        ("consumers", c_uint),
        ("created_ns", c_uint64),
        ("dictionary_bytes", c_uint64),
        ("dictionary_used_bytes", c_uint64),
        ("content", c_char * CONTENT_BYTES),
        ("times", c_bool),
        ("producer_waits", c_bool),
        ("blocking_cell", c_int16),
        ("reserved_word", c_uint32),
        ("blocked_since_ns", c_uint64),
        ("blocked_count", c_uint64),
        ("blocked_ns", c_uint64),
        ("evicted_count", c_uint64),
        ("max_lag_attached_bytes", c_uint64),
        ("run", c_uint64),
        ("consumer", ConsumerStatStructure * CONSUMER_LIMIT),
    ]


class RepetitionStructure(Structure):
    _fields_ = [
        ("origin", c_char * ORIGIN_BYTES),
        ("first_sequence", c_uint64),
        ("sequence", c_uint64),
        ("run", c_uint64),
        ("reserved", c_uint64 * 8),
    ]


class LatencyStructure(Structure):
    _fields_ = [
        ("samples", c_uint64),
        ("longest_ns", c_uint64),
        ("bound_ns", c_uint64 * LATENCY_BUCKETS),
        ("count", c_uint64 * LATENCY_BUCKETS),
        ("reserved", c_uint64 * 6),
    ]


class BufferStructure(Structure):
    _fields_ = [("data", c_void_p), ("bytes", c_size_t)]


class ConsumerOptionsStructure(Structure):
    _fields_ = [
        ("scope", c_int),
        ("from", c_int),
        ("sequence", c_uint64),
        ("name", c_char_p),
        ("durable", c_bool),
        ("max_lag_bytes", c_uint64),
        ("wake_bytes", c_uint64),
        ("wake_delay_ns", c_int64),
        ("prefault", c_bool),
        ("wait_producer", c_bool),
        ("every_run", c_bool),
        ("reserved_bytes", c_uint8 * 7),
        ("reserved", c_uint64 * 7),
    ]


class RecordStructure(Structure):
    _fields_ = [
        ("payload", c_void_p),
        ("bytes", c_size_t),
        ("sequence", c_uint64),
        ("continued", c_bool),
        ("continues", c_bool),
        ("lost_records", c_uint64),
        ("lost_bytes", c_uint64),
        ("time_ns", c_uint64),
        ("time_uncertainty_ns", c_uint64),
        ("lost_until_ns", c_uint64),
        ("run", c_uint64),
    ]


class MarkStructure(Structure):
    _fields_ = [("sequence", c_uint64), ("reserved", c_uint64 * 7)]


class ObserverOptionsStructure(Structure):
    _fields_ = [
        ("scope", c_int),
        ("from", c_int),
        ("after_lap", c_int),
        ("prefault", c_bool),
        ("wait_producer", c_bool),
        ("reserved", c_uint64 * 8),
    ]


class EntryStructure(Structure):
    _fields_ = [
        ("payload", c_void_p),
        ("bytes", c_size_t),
        ("kind", c_uint32),
        ("offset", c_uint64),
        ("reserved", c_uint64 * 4),
    ]


class MergeOptionsStructure(Structure):
    _fields_ = [
        ("scope", c_int),
        ("from", c_int),
        ("after_lap", c_int),
        ("rings_limit", c_uint32),
        ("name", c_char_p),
        ("max_lag_bytes", c_uint64),
        ("grace_ns", c_int64),
        ("durable", c_bool),
        ("prefault", c_bool),
        ("wait_producer", c_bool),
        ("observe", c_bool),
        ("reserved_bytes", c_uint8 * 4),
        ("reserved", c_uint64 * 8),
    ]


class OriginStructure(Structure):
    _fields_ = [
        ("ring", c_char_p),
        ("late", c_bool),
        ("reserved_bytes", c_uint8 * 7),
        ("reserved", c_uint64 * 6),
    ]


class MergeStatStructure(Structure):
    _fields_ = [
        ("rings", c_uint32),
        ("ended", c_uint32),
        ("awaited", c_uint32),
        ("left_out", c_uint32),
        ("late_records", c_uint64),
        ("reserved", c_uint64 * 6),
    ]


class LogOptionsStructure(Structure):
    _fields_ = [
        ("ring", OptionsStructure),
        ("level", c_int),
        ("text_limit", c_uint32),
        ("timeout_ns", c_int64),
        ("shared", c_bool),
        ("reserved_bytes", c_uint8 * 7),
        ("reserved", c_uint64 * 8),
    ]


class LogStatStructure(Structure):
    _fields_ = [
        ("threads", c_uint32),
        ("reserved_word", c_uint32),
        ("interrupted_lines", c_uint64),
        ("unwritten_lines", c_uint64),
        ("error", ErrorStructure),
        ("reserved", c_uint64 * 8),
    ]


class LogValueUnion(Union):
    _fields_ = [
        ("integer", c_int64),
        ("natural", c_uint64),
        ("real", c_double),
        ("text", c_void_p),
    ]


class LogValueStructure(Structure):
    _fields_ = [
        ("type", c_int),
        ("cut", c_bool),
        ("reserved_bytes", c_uint8 * 3),
        ("name", c_void_p),
        ("name_bytes", c_size_t),
        ("is", LogValueUnion),
        ("bytes", c_size_t),
        ("reserved", c_uint64 * 2),
    ]


class LogLineStructure(Structure):
    _fields_ = [
        ("level", c_uint32),
        ("line", c_uint32),
        ("sequence", c_uint64),
        ("time_ns", c_uint64),
        ("time_uncertainty_ns", c_uint64),
        ("text", c_void_p),
        ("text_bytes", c_size_t),
        ("format", c_char_p),
        ("file", c_char_p),
        ("function", c_char_p),
        ("values", POINTER(LogValueStructure)),
        ("value_count", c_size_t),
        ("process", c_uint64),
        ("thread", c_uint64),
        ("program", c_char_p),
        ("thread_name", c_char_p),
        ("ring", c_char_p),
        ("lost_records", c_uint64),
        ("lost_until_ns", c_uint64),
        ("reserved", c_uint64 * 8),
    ]


class LogSiteStructure(Structure):
    _fields_ = [
        ("level", c_uint32),
        ("line", c_uint32),
        ("format", c_char_p),
        ("file", c_char_p),
        ("function", c_char_p),
        ("types", c_void_p),
        ("value_count", c_size_t),
        ("offset", c_uint64),
        ("reserved", c_uint64 * 4),
    ]


class LogReaderOptionsStructure(Structure):
    _fields_ = [
        ("scope", c_int),
        ("from", c_int),
        ("after_lap", c_int),
        ("level", c_uint32),
        ("name", c_char_p),
        ("grace_ns", c_int64),
        ("durable", c_bool),
        ("observe", c_bool),
        ("wait_producer", c_bool),
        ("reserved_bytes", c_uint8 * 5),
        ("reserved", c_uint64 * 8),
    ]


class CallSiteStructure(Structure):
    """What log_call.h says of a place that logs."""

    _fields_ = [
        ("format", c_char_p),
        ("file", c_char_p),
        ("function", c_char_p),
        ("types", c_char_p),
        ("line", c_uint32),
        ("level", c_uint32),
        ("index", c_uint32),
        ("limits", c_uint16 * LOG_VALUES),
    ]


class CallValueStructure(Structure):
    _fields_ = [("bits", c_uint64), ("more", c_uint64)]


# By their names in C.
STRUCTURES = {
    "mapring_error": ErrorStructure,
    "mapring_options": OptionsStructure,
    "mapring_consumer_stat": ConsumerStatStructure,
    "mapring_stat": StatStructure,
    "mapring_repetition": RepetitionStructure,
    "mapring_latency": LatencyStructure,
    "mapring_buffer": BufferStructure,
    "mapring_consumer_options": ConsumerOptionsStructure,
    "mapring_record": RecordStructure,
    "mapring_mark": MarkStructure,
    "mapring_observer_options": ObserverOptionsStructure,
    "mapring_entry": EntryStructure,
    "mapring_merge_options": MergeOptionsStructure,
    "mapring_origin": OriginStructure,
    "mapring_merge_stat": MergeStatStructure,
    "mapring_log_options": LogOptionsStructure,
    "mapring_log_stat": LogStatStructure,
    "mapring_log_value": LogValueStructure,
    "mapring_log_line": LogLineStructure,
    "mapring_log_site": LogSiteStructure,
    "mapring_log_reader_options": LogReaderOptionsStructure,
    "mapring1_log_site": CallSiteStructure,
    "mapring1_log_value": CallValueStructure,
}
